"""Names as arrays: found by their hashes, and the same in every process."""

import pickle

import numpy as np
import pytest

from bot.match.numbering import LAST, UNKNOWN, make_numbering


@pytest.mark.parametrize(
    "names", [[], ["fee"], ["fee", "é b", "\ud800", "a" * 1_000, "b"]], ids=["none", "one", "five"]
)
def test_names_are_numbered_in_their_order(names: list[str]) -> None:
    """Each has its place as its number, what is not there has none, and all come back as they were."""
    numbering = make_numbering(names)

    assert len(numbering) == len(names)
    assert numbering.names() == names
    assert numbering.find([*names, "fees", ""]).tolist() == [*range(len(names)), UNKNOWN, UNKNOWN]
    assert numbering.find([]).tolist() == []


def test_a_numbering_travels_as_its_names() -> None:
    """What arrives was numbered anew where it arrived, for hashes are of a process."""
    numbering = make_numbering(["fee", "speed"])

    sent = pickle.dumps(numbering)

    assert numbering.hashes.tobytes() not in sent
    assert pickle.loads(sent).find(["speed", "fee"]).tolist() == [1, 0]  # noqa: S301 - made here


def test_the_largest_hash_of_all_is_no_end() -> None:
    """A word whose hash stands at the end of the list is not taken for a name."""
    numbering = make_numbering(["fee"])

    assert numbering.hashes[-1] == LAST
    assert numbering.numbers[np.searchsorted(numbering.hashes, LAST)] == UNKNOWN
