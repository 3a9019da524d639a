"""Finds addresses and hashes in a text and tells which chain they can belong to; checksums are verified."""

import re
from collections.abc import Callable

from bot.match import base58, bech32
from bot.model.address import AddressKind, Sighting

MOST = 3  # that are told apart in one text
READ = 1_000  # characters of it
HASH_SIGNS = 64

_LEGACY = {0x00: AddressKind.LEGACY, 0x05: AddressKind.LEGACY, 0x6F: AddressKind.TESTNET, 0xC4: AddressKind.TESTNET}
_BITPAY = {0x1C, 0x28}  # C… and H…, which BitPay's wallet once used for Bitcoin Cash
_CONTENT = 21  # bytes: the version and the hash of a key or a script
_CASH = "bitcoincash"
_CASH_TESTS = ("bchtest", "bchreg")

# What looks like an address of one form is read as that form only, so that one with a slip is not taken for nothing.
_WITNESS = re.compile(r"(?<![^\W_])(?:bc|tb|bcrt)1[a-z0-9]{8,87}(?![^\W_])", re.IGNORECASE)
_PREFIXED = re.compile(r"(?<![^\W_])(bitcoincash|bchtest|bchreg):([a-z0-9]{30,112})(?![^\W_])", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w:])(?:[qpzr][a-z0-9]{41}|[qpzr][a-z0-9]{60}|[QPZR][A-Z0-9]{41}|[QPZR][A-Z0-9]{60})(?![^\W_])"
)
_BASE58 = re.compile(r"(?<![\w:])[123mnCH][0-9A-Za-z]{24,34}(?![^\W_])")
_HASH = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{64}(?![0-9A-Za-z])")


def find_addresses(text: str) -> tuple[Sighting, ...]:
    """Return what a text holds of addresses and hashes, each once, in their order."""
    read = text[:READ]
    found = {
        match.start(): sighting
        for form, reader in _FORMS
        for match in form.finditer(read)
        if (sighting := reader(match))
    }
    return tuple(dict.fromkeys(found[place] for place in sorted(found)))[:MOST]


def _witness(found: re.Match[str]) -> Sighting:
    address = bech32.witness(found[0])
    if address is None:
        return Sighting(AddressKind.BROKEN, found[0])
    return Sighting(AddressKind.SEGWIT if address.prefix == "bc" else AddressKind.TESTNET, found[0].lower())


def _prefixed(found: re.Match[str]) -> Sighting:
    prefix = found[1].lower()
    # The whole text is in one case, or its sender mixed two.
    is_one_case = found[0] in {found[0].lower(), found[0].upper()}
    if not is_one_case or bech32.cash(found[2], prefix) is None:
        return Sighting(AddressKind.BROKEN, found[0])
    return Sighting(AddressKind.CASHADDR if prefix == _CASH else AddressKind.TESTNET, found[0].lower())


def _bare(found: re.Match[str]) -> Sighting | None:
    if bech32.cash(found[0], _CASH):
        return Sighting(AddressKind.CASHADDR, f"{_CASH}:{found[0].lower()}")
    if any(bech32.cash(found[0], prefix) for prefix in _CASH_TESTS):
        return Sighting(AddressKind.TESTNET, found[0].lower())
    return Sighting(AddressKind.BROKEN, found[0]) if any(sign.isdecimal() for sign in found[0]) else None


def _base58(found: re.Match[str]) -> Sighting | None:
    text = found[0]
    content = base58.decoded(text)
    if content and len(content) == _CONTENT:
        if content[0] in _BITPAY:
            return Sighting(AddressKind.CASHADDR, text)
        return Sighting(_LEGACY[content[0]], text) if content[0] in _LEGACY else None
    is_mixed = text.lower() != text != text.upper() and any(sign.isdecimal() for sign in text[1:])
    return Sighting(AddressKind.BROKEN, text) if is_mixed and text[0] in "13" else None


def _hash(found: re.Match[str]) -> Sighting:
    return Sighting(AddressKind.HASH, found[0].lower())


Reader = Callable[[re.Match[str]], Sighting | None]
_FORMS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_WITNESS, _witness),
    (_PREFIXED, _prefixed),
    (_BARE, _bare),
    (_BASE58, _base58),
    (_HASH, _hash),
)
