"""Spots leaked secrets: seed phrases, private keys and extended private keys, before anything else reads them."""

import re
from functools import lru_cache

from mnemonic import Mnemonic

from bot.text import clean, words

SHORTEST_SEED = 12  # words; BIP39 allows 12, 15, 18, 21 and 24
SLACK = 1  # words inside a phrase that are none of its words: a typo, an "and"
LONGEST = 4096  # a whole Telegram message

_WIF = re.compile(r"(?<![1-9A-HJ-NP-Za-km-z])(?:5[1-9A-HJ-NP-Za-km-z]{50}|[KLc9][1-9A-HJ-NP-Za-km-z]{50,51})"
                  r"(?![1-9A-HJ-NP-Za-km-z])")  # fmt: skip
_EXTENDED = re.compile(r"\b[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{50,}|\b6P[1-9A-HJ-NP-Za-km-z]{56}\b")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:0x)?([0-9a-fA-F]{64})(?![0-9a-fA-F])")
_PUBLIC = re.compile(
    r"\b(?:tx|txid|transaction|block|hash|blockhash|explorer|confirm\w*|merkle|checksum|sha256)\b", re.I
)
_PRIVATE = re.compile(r"\b(?:priv\w*|secret|seed|wif|key|sweep|import\w*)\b", re.I)


def has_secret(text: str) -> bool:
    """Return whether a text seems to hold a seed phrase or a private key.

    Sixty-four hexadecimal digits may be a transaction id as well: beside a word such as `txid`, or starting with
    zeros as block hashes do, they pass, unless a word such as `private` stands there too.
    """
    return bool(_WIF.search(text) or _EXTENDED.search(text) or _has_hex_key(text) or _has_seed(text))


def _has_hex_key(text: str) -> bool:
    for found in _HEX.finditer(text):
        is_public = bool(_PUBLIC.search(text)) or found[1].startswith("00000000")
        if not is_public or _PRIVATE.search(text):
            return True
    return False


@lru_cache(maxsize=1)
def seed_lists() -> tuple[frozenset[str], ...]:
    """Return the words of seed phrases, one set for each language; the first call takes a tenth of a second."""
    return tuple(
        frozenset(clean(word) for word in Mnemonic(language).wordlist) for language in Mnemonic.list_languages()
    )


def _has_seed(text: str) -> bool:
    tokens = [word for word in words(clean(text, LONGEST)) if not word.isdigit()]
    return len(tokens) >= SHORTEST_SEED and any(_has_run(tokens, known) for known in seed_lists())


def _has_run(tokens: list[str], known: frozenset[str]) -> bool:
    """Find enough seed words in a row, with a stranger or a typo forgiven; numbers were taken out before."""
    run = strangers = 0
    for word in tokens:
        if word in known:
            run += 1
        elif run and strangers < SLACK:
            strangers += 1
        else:
            run = strangers = 0
        if run + strangers >= SHORTEST_SEED:
            return True
    return False
