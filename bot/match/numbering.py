"""Names and their numbers as a few arrays: a dictionary of as many is ten times as large, and an object for each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

BETWEEN = "\n"  # no name has one
UNKNOWN = -1
LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Numbering:
    """Names numbered from 0 in the order of `written`, which has one a line.

    They are told apart by hashes of 64 bits, kept in ascending order with the number of each and UNKNOWN at the end: a
    word that is here has the hash of another with a chance of one in 10**14.
    """

    written: bytes
    hashes: NDArray[np.int64] = field(repr=False, compare=False)
    numbers: NDArray[np.int64] = field(repr=False, compare=False)

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self.numbers) - 1

    def __reduce__(self) -> tuple[Callable[[bytes], "Numbering"], tuple[bytes]]:
        """Travel as names: another process has other hashes."""
        return read_numbering, (self.written,)

    def names(self) -> list[str]:
        """Return the names in their order."""
        return self.written.decode("utf-8", "surrogatepass").split(BETWEEN) if self.written else []

    def find(self, names: Sequence[str]) -> NDArray[np.int64]:
        """Return the number of each name, UNKNOWN for those that are not here."""
        asked = _hashes(names)
        at = np.searchsorted(self.hashes, asked)
        return np.where(self.hashes[at] == asked, self.numbers[at], UNKNOWN)


def make_numbering(names: Iterable[str]) -> Numbering:
    """Return the numbering of names, each given once."""
    return read_numbering(BETWEEN.join(names).encode("utf-8", "surrogatepass"))


def read_numbering(written: bytes) -> Numbering:
    """Return the numbering of names that were written."""
    names = written.decode("utf-8", "surrogatepass").split(BETWEEN) if written else []
    hashes = _hashes(names)
    order = np.argsort(hashes, kind="stable")
    return Numbering(written, np.append(hashes[order], LAST), np.append(order, UNKNOWN))


def _hashes(names: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, names), np.int64, len(names))
