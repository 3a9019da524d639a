"""Addresses: the vectors of their specifications, and every single slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.match import base58, bech32
from bot.match.addresses import find_addresses
from bot.model.address import AddressKind, Sighting

LEGACY, SEGWIT, CASHADDR = AddressKind.LEGACY, AddressKind.SEGWIT, AddressKind.CASHADDR
TESTNET, BROKEN, HASH = AddressKind.TESTNET, AddressKind.BROKEN, AddressKind.HASH

# The CashAddr specification, "Examples of Address Translation".
TRANSLATED = {
    "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu": "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
    "1KXrWXciRDZUpQwQmuM1DbwsKDLYAYsVLR": "bitcoincash:qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy",
    "16w1D5WRVKJuZUsSRzdLp9w3YGcgoxDXb": "bitcoincash:qqq3728yw0y47sqn6l2na30mcw6zm78dzqre909m2r",
    "3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC": "bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq",
    "3LDsS579y7sruadqu11beEJoTjdFiFCdX4": "bitcoincash:pr95sy3j9xwd2ap32xkykttr4cvcu7as4yc93ky28e",
    "31nwvkZwyPdgzjBJZXfDmSWsC4ZLKpYyUw": "bitcoincash:pqq3728yw0y47sqn6l2na30mcw6zm78dzq5ucqzc37",
}

# The same, "Larger Test Vectors": size in bytes, type, prefix.
LARGER = {
    "qr6m7j9njldwwzlg9v7v53unlr4jkmx6eylep8ekg2": (20, 0, "bitcoincash"),
    "pr6m7j9njldwwzlg9v7v53unlr4jkmx6eyvwc0uz5t": (20, 1, "bchtest"),
    "q9adhakpwzztepkpwp5z0dq62m6u5v5xtyj7j3h2ws4mr9g0": (24, 0, "bitcoincash"),
    "qvch8mmxy0rtfrlarg7ucrxxfzds5pamg73h7370aa87d80gyhqxq5nlegake": (32, 0, "bitcoincash"),
}

# BIP173 and BIP350, valid addresses: prefix, witness version, bytes of the program.
WITNESSES = {
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": ("bc", 0, 20),
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7": ("tb", 0, 32),
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y": ("bc", 1, 40),
    "BC1SW50QGDZ25J": ("bc", 16, 2),
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs": ("bc", 2, 16),
    "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy": ("tb", 0, 32),
    "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c": ("tb", 1, 32),
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": ("bc", 1, 32),
}

# BIP350, invalid addresses, with the reason.
INVALID = {
    "wrong checksum": "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    "Bech32 instead of Bech32m": "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
    "the same in upper case": "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
    "Bech32m instead of Bech32": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
    "a sign that is none": "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
    "version 17": "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
    "one byte": "bc1pw5dgrnzv",
    "41 bytes": "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
    "16 bytes of version 0": "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
    "mixed case": "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq",
    "too much padding": "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
    "padding not zero": "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j",
    "nothing": "bc1gmk9yu",
    "too long": "bc1" + "q" * 88,
}

# Bitcoin Core, base58_keys_valid.json.
BASE58 = {
    "1AGNa15ZQXAZUgFiqJ2i7Z2DPU2J6hW62i": "0065a16059864a2fdbc7c99a4723a8395bc6f188eb",
    "3CMNFxN1oHBc4R1EpboAL5yzHGgE611Xou": "0574f209f6ea907e2ea48f74fae05782ae8a665257",
    "mo9ncXisMeAoXwqcV5EWuyncbmCcQN4rVs": "6f53c0307d6851aa0ce7825ba883c6bd9ad242b486",
    "2N2JD6wb56AfK4tfmM6PwdVmoYk2dCKf4Br": "c46349a418fc4578d10a372b54b45c280cc8c4382f",
}

GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
TXID = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"


@pytest.mark.parametrize(("old", "new"), TRANSLATED.items())
def test_an_old_address_and_its_cashaddr_hold_the_same(old: str, new: str) -> None:
    """The specification's pairs decode to one hash."""
    prefix, _, rest = new.partition(":")
    content, address = base58.decoded(old), bech32.cash(rest, prefix)

    assert content
    assert address
    assert (content[1:], address.kind) == (address.content, {0: 0, 5: 1}[content[0]])


@pytest.mark.parametrize(("text", "expected"), LARGER.items())
def test_longer_cashaddrs_are_read(text: str, expected: tuple[int, int, str]) -> None:
    """Every size has its place in the version."""
    size, kind, prefix = expected
    address = bech32.cash(text, prefix)

    assert address
    assert (len(address.content), address.kind) == (size, kind)


@pytest.mark.parametrize(("text", "expected"), WITNESSES.items())
def test_witness_addresses_are_read(text: str, expected: tuple[str, int, int]) -> None:
    """Version 0 has Bech32, later ones Bech32m."""
    address = bech32.witness(text)

    assert address
    assert (address.prefix, address.version, len(address.program)) == expected


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_what_bip350_calls_invalid_is(text: str) -> None:
    """None of them is read."""
    assert bech32.witness(text) is None


@pytest.mark.parametrize(("text", "content"), BASE58.items())
def test_base58_is_read(text: str, content: str) -> None:
    """Version and hash come back; zeros at the start are ones."""
    found = base58.decoded(text)

    assert found
    assert found.hex() == content


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "11111111111111111111111111111111111",
        "qqqqqqqqqqqq",
        "b",
        "prefix",
        "Qr6m7j9njldwwzlg9v7v53unlr4jkmx6eylep8ekg2",
    ],
)
def test_what_is_no_address_is_none(text: str) -> None:
    """Short, empty and mixed texts are read as nothing."""
    assert (base58.decoded(text), bech32.witness(text), bech32.cash(text, "bitcoincash")) == (None, None, None)


SEEN = {
    GENESIS: [(LEGACY, GENESIS)],
    f"is {GENESIS} bitcoin or bitcoin cash?": [(LEGACY, GENESIS)],
    f"https://mempool.space/address/{GENESIS}?x=1": [(LEGACY, GENESIS)],
    f"({GENESIS}), {GENESIS}!": [(LEGACY, GENESIS)],
    "3CMNFxN1oHBc4R1EpboAL5yzHGgE611Xou": [(LEGACY, "3CMNFxN1oHBc4R1EpboAL5yzHGgE611Xou")],
    "mo9ncXisMeAoXwqcV5EWuyncbmCcQN4rVs": [(TESTNET, "mo9ncXisMeAoXwqcV5EWuyncbmCcQN4rVs")],
    "2N2JD6wb56AfK4tfmM6PwdVmoYk2dCKf4Br": [(TESTNET, "2N2JD6wb56AfK4tfmM6PwdVmoYk2dCKf4Br")],
    "CTH8H8Zj6DSnXFBKQeDG28ogAS92iS16Bp": [(CASHADDR, "CTH8H8Zj6DSnXFBKQeDG28ogAS92iS16Bp")],
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": [(SEGWIT, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")],
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7": [
        (TESTNET, "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7")
    ],
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5": [(BROKEN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5")],
    "bc1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": [(BROKEN, "bc1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")],
    "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a": [
        (CASHADDR, "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a")
    ],
    "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a": [
        (CASHADDR, "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a")
    ],
    "BITCOINCASH:QPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A": [
        (CASHADDR, "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a")
    ],
    "QPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A": [
        (CASHADDR, "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a")
    ],
    "bitcoincash:QPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A": [
        (BROKEN, "bitcoincash:QPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A")
    ],
    "bchtest:pr6m7j9njldwwzlg9v7v53unlr4jkmx6eyvwc0uz5t": [
        (TESTNET, "bchtest:pr6m7j9njldwwzlg9v7v53unlr4jkmx6eyvwc0uz5t")
    ],
    "pr6m7j9njldwwzlg9v7v53unlr4jkmx6eyvwc0uz5t": [(TESTNET, "pr6m7j9njldwwzlg9v7v53unlr4jkmx6eyvwc0uz5t")],
    "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6c": [(BROKEN, "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6c")],
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb": [(BROKEN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb")],
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0": [(BROKEN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0")],
    f"txid {TXID.upper()}": [(HASH, TXID)],
    f"{GENESIS} or bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4": [
        (LEGACY, GENESIS),
        (SEGWIT, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ],
    "what does a bc1 address look like": [],
    "bitcoincash:q... or p...": [],
    "why do bch addresses start with bitcoincash:": [],
    "3f786850e387550fdab836ed7e6dc881": [],
    "d41d8cd98f00b204e9800998ecf8427e": [],
    "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq": [],
    "pneumonoultramicroscopicsilicovolcanokonios": [],
    "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1": [],
    "": [],
}


@pytest.mark.parametrize(("text", "seen"), SEEN.items(), ids=lambda value: str(value)[:30])
def test_what_a_text_holds(text: str, seen: list[tuple[AddressKind, str]]) -> None:
    """Alone, in a sentence, in a link, in capitals."""
    assert list(find_addresses(text)) == [Sighting(kind, found) for kind, found in seen]


ALL = [*TRANSLATED, *TRANSLATED.values(), *WITNESSES, *BASE58]
GOOD = {address: {one.kind for one in find_addresses(address)} for address in ALL}


@given(st.sampled_from([one for one in ALL if len(one) > 30]), st.data())
def test_one_wrong_sign_is_always_seen(address: str, data: st.DataObject) -> None:
    """No address with one sign changed for another of its alphabet passes as good."""
    signs = base58.DIGITS if address in {*TRANSLATED, *BASE58} else bech32.SIGNS
    start = address.find(":") + 1 or (0 if address in {*TRANSLATED, *BASE58} else 4)
    place = data.draw(st.integers(start, len(address) - 1))
    wrong = data.draw(st.sampled_from([sign for sign in signs if sign.lower() != address[place].lower()]))
    wrong = wrong.upper() if address.isupper() else wrong

    found = find_addresses(address[:place] + wrong + address[place + 1 :])

    assert GOOD[address] <= {LEGACY, SEGWIT, CASHADDR, TESTNET}
    assert {one.kind for one in found} <= {BROKEN}


@given(st.text(max_size=200))
def test_anything_may_be_pasted(text: str) -> None:
    """No text breaks the search."""
    assert len(find_addresses(text)) <= 3
