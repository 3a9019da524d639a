"""Bech32, Bech32m and CashAddr: three addresses with one set of signs and a checksum that finds a wrong one.

Sources: BIP173 (Bech32), BIP350 (Bech32m for witness versions from 1 on), the CashAddr specification of 2018-01-14.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
LONGEST = 90  # signs of a Bech32 text
WITNESS_SIGNS = 6  # of the checksum
CASH_SIGNS = 8
BECH32, BECH32M = 1, 0x2BC830A3
WITNESS_VERSIONS = 16
PROGRAM = range(2, 41)  # bytes
FIRST_PROGRAMS = {20, 32}  # bytes of version 0: of a key, of a script
CASH_SIZES = (20, 24, 28, 32, 40, 48, 56, 64)  # bytes, by the lowest three bits of the version
BYTE, FIVE = 8, 5  # bits

_WITNESS_ROOTS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CASH_ROOTS = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness program: `prefix` is bc, tb or bcrt."""

    prefix: str
    version: int
    program: bytes


@dataclass(frozen=True, slots=True)
class Cash:
    """A CashAddr: `kind` is 0 for a key, 1 for a script, 2 and 3 for the same with tokens."""

    prefix: str
    kind: int
    content: bytes


def witness(text: str) -> Witness | None:
    """Return the witness program of an address; None where it is none, by length, case, checksum or version."""
    prefix, _, rest = text.lower().rpartition("1")
    values = _values(rest)
    if (
        text not in {text.lower(), text.upper()}
        or len(text) > LONGEST
        or values is None
        or len(values) <= WITNESS_SIGNS
    ):
        return None
    spread = [*(ord(sign) >> FIVE for sign in prefix), 0, *(ord(sign) & 31 for sign in prefix)]
    version, program = values[0], _bytes(values[1:-WITNESS_SIGNS])
    is_whole = _remainder((*spread, *values), _WITNESS_ROOTS, 25) == (BECH32M if version else BECH32)
    if not is_whole or program is None or version > WITNESS_VERSIONS or len(program) not in PROGRAM:
        return None
    return Witness(prefix, version, program) if version or len(program) in FIRST_PROGRAMS else None


def cash(text: str, prefix: str) -> Cash | None:
    """Return the content of a CashAddr without its prefix; None where it is none, by length, case or checksum."""
    values = _values(text.lower())
    if text not in {text.lower(), text.upper()} or values is None or len(values) <= CASH_SIGNS:
        return None
    spread = [*(ord(sign) & 31 for sign in prefix), 0]
    whole = _bytes(values[:-CASH_SIGNS])
    if _remainder((*spread, *values), _CASH_ROOTS, 35) != 1 or not whole:
        return None
    version, content = whole[0], whole[1:]
    return Cash(prefix, version >> 3, content) if len(content) == CASH_SIZES[version & 7] and version < 128 else None  # noqa: PLR2004 - the highest bit is reserved


def _values(text: str) -> list[int] | None:
    values = [SIGNS.find(sign) for sign in text]
    return None if -1 in values else values


def _remainder(values: Iterable[int], roots: Sequence[int], bits: int) -> int:
    """Return the remainder of values, as coefficients, by the generator of a code with so many bits below the top."""
    rest = 1
    for value in values:
        top = rest >> bits
        rest = (rest & ((1 << bits) - 1)) << FIVE ^ value
        for place, root in enumerate(roots):
            rest ^= root if top >> place & 1 else 0
    return rest


def _bytes(values: Sequence[int]) -> bytes | None:
    """Return groups of five bits as bytes; None where what is left over is a group, or not zero."""
    number = 0
    for value in values:
        number = number << FIVE | value
    count, left = divmod(len(values) * FIVE, BYTE)
    if left >= FIVE or number & ((1 << left) - 1):
        return None
    return (number >> left).to_bytes(count, "big")
