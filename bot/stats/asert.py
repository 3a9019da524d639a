"""The difficulty of BCH's next block: ASERT, since 15 November 2020.

Source: the specification of 2020-11-15 (reference.cash, protocol/forks/2020-11-15-asert), and CalculateASERT in Bitcoin
Cash Node's pow.cpp, whose integer arithmetic this follows step by step.
"""

from dataclasses import dataclass

from bot.stats.header import EASIEST, target

HALF_LIFE = 172_800  # seconds behind or ahead of schedule that halve or double the difficulty
SPACING = 600  # seconds
RADIX = 65_536  # the exponent is a fixed-point number with 16 binary places
CUBIC = (195_766_423_245_049, 971_821_376, 5_127)  # approximates 2^x for 0 <= x < 1, times 2^48


@dataclass(frozen=True, slots=True)
class Anchor:
    """The block from which the schedule counts: its height, its target in compact form, its parent's time."""

    height: int
    bits: int
    parent_time: int


MAIN = Anchor(661_647, 0x1804DAFE, 1_605_447_844)


def next_bits(height: int, time: int, anchor: Anchor = MAIN) -> int:
    """Return the target of the block after the one with that height and time, in compact form.

    Args:
        height: of the last block, not below the anchor's.
        time: of the last block, by its header, in seconds since 1970.
        anchor: another one on other networks.
    """
    ahead = time - anchor.parent_time - SPACING * (height - anchor.height + 1)
    exponent = _quotient(ahead * RADIX, HALF_LIFE)
    shifts, part = exponent >> 16, exponent & (RADIX - 1)
    linear, square, cube = CUBIC
    factor = RADIX + ((linear * part + square * part**2 + cube * part**3 + (1 << 47)) >> 48)
    grown = target(anchor.bits) * factor
    shifts -= 16
    aim = grown >> -shifts if shifts <= 0 else grown << shifts
    return compact(min(max(aim, 1), target(EASIEST)))


def compact(aim: int) -> int:
    """Return a target in compact form, as `nBits` in a header. Source: arith_uint256::GetCompact in Bitcoin Core."""
    size = (aim.bit_length() + 7) // 8
    mantissa = aim << 8 * (3 - size) if size <= 3 else aim >> 8 * (size - 3)  # noqa: PLR2004 - bytes of the mantissa
    if mantissa & 0x00800000:  # the highest bit is a sign
        mantissa, size = mantissa >> 8, size + 1
    return mantissa | size << 24


def _quotient(number: int, divisor: int) -> int:
    """Return a quotient cut towards zero, as in C++."""
    return number // divisor if number >= 0 else -(-number // divisor)
