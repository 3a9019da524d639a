"""A block's header of 80 bytes: when it was found, and how much work it proves.

Source: developer.bitcoin.org/reference/block_chain.html (block headers, target nBits); both chains share it.
"""

import hashlib
import struct
from dataclasses import dataclass
from datetime import timedelta

LENGTH = 80  # bytes
TAIL = struct.Struct("<II")  # time and bits, the last but the nonce
TAIL_AT = 68
AHEAD = timedelta(hours=2)  # by which a header may be ahead of the clock, by consensus
EASIEST = 0x1D00FFFF  # target of difficulty 1, the easiest on both main nets


@dataclass(frozen=True, slots=True)
class Header:
    """What is read of a header: its hash as a number, its time in seconds since 1970, its target in compact form."""

    hash: int
    time: int
    bits: int


def read_header(raw: bytes) -> Header:
    """Return what 80 bytes say; raises `ValueError` where there are more or fewer."""
    if len(raw) != LENGTH:
        raise ValueError("a header has 80 bytes")
    time, bits = TAIL.unpack_from(raw, TAIL_AT)
    digest = hashlib.sha256(hashlib.sha256(raw).digest()).digest()
    return Header(int.from_bytes(digest, "little"), time, bits)


def target(bits: int) -> int:
    """Return the number that a block's hash must not be above, from its compact form; 0 where that is none.

    Source: arith_uint256::SetCompact in Bitcoin Core; a mantissa with the sign bit set is no target.
    """
    size, mantissa = bits >> 24, bits & 0x007FFFFF
    if bits & 0x00800000:
        return 0
    number = mantissa >> 8 * (3 - size) if size <= 3 else mantissa << 8 * (size - 3)  # noqa: PLR2004 - mantissa's bytes
    return number if number < 1 << 256 else 0


def difficulty(bits: int) -> float:
    """Return how many times harder a target is than that of difficulty 1; raises `ValueError` where there is none."""
    aim = target(bits)
    if not aim:
        raise ValueError("no target")
    return target(EASIEST) / aim


def proves_work(header: Header, easiest: int) -> bool:
    """Tell whether a header's hash meets its target, and that is no easier than `easiest`, in compact form."""
    return header.hash <= target(header.bits) <= target(easiest) and target(header.bits) > 0
