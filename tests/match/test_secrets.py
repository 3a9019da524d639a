"""Leaked secrets are spotted; what only looks like one is not. All secrets here are public test vectors."""

import pytest

from bot.match.secrets import has_secret

SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"
WIF = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
HEX = "0C28FCA386C7A227600B2FE50B7CAE11EC86D3BF1FBE471BE89827E19D72AA1D"

LEAKS = {
    "seed": SEED,
    "seed in a sentence": f"hi, is this ok? {SEED} thanks",
    "numbered seed": " ".join(f"{number}. {word}" for number, word in enumerate(SEED.split(), 1)),
    "seed with commas and capitals": SEED.upper().replace(" ", ", "),
    "seed with a typo": SEED.replace("sausage", "sausagge"),
    "seed on lines": SEED.replace(" ", "\n"),
    "seed after a long text": "word " * 200 + SEED,
    "seed of 24": "abandon " * 23 + "art",
    "spanish seed": "ábaco abdomen abeja abierto abogado abono aborto abrazo abrir abuelo abuso acabar",
    "wif": WIF,
    "compressed wif": "KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617",
    "wif in a sentence": f"my key ({WIF})!",
    "hex": HEX,
    "hex with prefix": f"0x{HEX.lower()}",
    "hex called private": f"private key of this tx: {HEX}",
    "extended key": "xprv" + "9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNN",
    "encrypted key": "6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg",
}

HARMLESS = {
    "question": "why did bitcoin cash fork from bitcoin in 2017",
    "transaction id": f"is tx {HEX} confirmed yet",
    "block hash": "000000000000000000651ef99cb9fcbe0dadde1d424bd9f15ff20136191a5eec",
    "genesis by hash": "hash 000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
    "legacy address": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "cash address": "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
    "bech32 address": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "eleven words": " ".join(SEED.split()[:11]),
    "prose": "about the year that people first came to market with cash and good hope there was a wave of interest",
    "public extended key": "xpub" + "661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtG",
    "nothing": "",
}


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS.keys())
def test_a_leaked_secret_is_spotted(text: str) -> None:
    assert has_secret(text)


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_no_secret_passes(text: str) -> None:
    assert not has_secret(text)
