"""Headers and targets, against blocks that everybody knows."""

import pytest

from bot.stats.header import EASIEST, difficulty, proves_work, read_header, target

GENESIS = bytes.fromhex(
    "01000000" + "00" * 32 + "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"
)
REGTEST = 0x207FFFFF


def test_the_genesis_block_is_read() -> None:
    """Its time, target and hash are those in every textbook."""
    header = read_header(GENESIS)

    assert (header.time, header.bits) == (1_231_006_505, EASIEST)
    assert f"{header.hash:064x}" == "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"


@pytest.mark.parametrize("raw", [GENESIS[:-1], GENESIS + b"\0", b""], ids=["short", "long", "empty"])
def test_a_header_of_another_length_is_none(raw: bytes) -> None:
    """A header has 80 bytes."""
    with pytest.raises(ValueError, match="80 bytes"):
        read_header(raw)


@pytest.mark.parametrize(
    ("raw", "easiest", "proves"),
    [
        (GENESIS, EASIEST, True),
        (GENESIS, REGTEST, True),
        (GENESIS, 0x1C00FFFF, False),
        (GENESIS[:-1] + b"\0", EASIEST, False),
        (GENESIS[:72] + b"\xff\xff\x7f\x20" + GENESIS[76:], EASIEST, False),
        (GENESIS[:72] + b"\x00\x00\x00\x00" + GENESIS[76:], REGTEST, False),
    ],
    ids=["real", "harder than need be", "too easy", "another nonce", "claims an easier target", "claims none"],
)
def test_only_work_that_is_hard_enough_counts(*, raw: bytes, easiest: int, proves: bool) -> None:
    """A hash must meet the header's own target, and that must be hard enough."""
    assert proves_work(read_header(raw), easiest) is proves


@pytest.mark.parametrize(
    ("bits", "number"),
    [
        (0x1D00FFFF, 0xFFFF << 208),
        (REGTEST, 0x7FFFFF << 232),
        (0x01120000, 0x12),
        (0x02123400, 0x1234),
        (0x05009234, 0x92340000),
        (0x04923456, 0),
        (0xFF123456, 0),
        (0x00123456, 0),
        (0, 0),
    ],
)
def test_targets_are_as_core_reads_them(bits: int, number: int) -> None:
    """The rows are those of Bitcoin Core's own test of its compact form; what is negative or too large is none."""
    assert target(bits) == number


@pytest.mark.parametrize(
    ("bits", "times"),
    [
        (0x1D00FFFF, 1),
        (0x1B0404CB, 16307.420938523983),
        (0x1705E0B2, 47_887_764_338_536.25),
        (REGTEST, 4.6565423739e-10),
    ],
    ids=["genesis", "block 100,000's epoch", "block 784,665", "a test network"],
)
def test_difficulty_follows_from_the_target(bits: int, times: float) -> None:
    """It says how many times harder a target is than the first one."""
    assert difficulty(bits) == pytest.approx(times, rel=1e-9)


def test_without_a_target_there_is_no_difficulty() -> None:
    """A compact form that is no number has none."""
    with pytest.raises(ValueError, match="no target"):
        difficulty(0)
