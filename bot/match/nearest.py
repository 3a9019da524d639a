"""The nearest phrasing: cosine of a question to every phrasing, and of phrasings to each other, through postings."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.features import Floats, Ints, Row, Rows, spans

Numbers = NDArray[np.int32]  # of phrasings: the longest array of all, and half as long as in eight bytes

COMMON = 256  # features that so many texts have that a product of matrices is faster


@dataclass(frozen=True, slots=True)
class Postings:
    """The phrasings turned inside out: feature `f` occurs in rows `rows[starts[f]:starts[f+1]]`."""

    starts: Ints
    rows: Numbers
    weights: Floats
    count: int

    def cosines(self, row: Row) -> Floats:
        """Return the cosine of a row to every phrasing; float32, shape (phrasings,)."""
        at, counts = spans(self.starts, row.ids)
        parts = self.weights[at] * np.repeat(row.weights, counts)
        return np.bincount(self.rows[at], parts, self.count).astype(np.float32)

    def turned(self) -> Rows:
        """Return the phrasings as rows again."""
        features = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        order = np.argsort(self.rows, kind="stable")
        starts = np.searchsorted(self.rows[order], np.arange(self.count + 1))
        return Rows(starts, features[order], self.weights[order])


def make_postings(rows: Rows, features: int) -> Postings:
    """Index rows by feature."""
    numbers = np.repeat(np.arange(len(rows.starts) - 1, dtype=np.int32), np.diff(rows.starts))
    order = np.argsort(rows.ids, kind="stable")
    starts = np.searchsorted(rows.ids[order], np.arange(features + 1))
    return Postings(starts, numbers[order], rows.weights[order], len(rows.starts) - 1)


def cosines_downwards(rows: Rows, size: int) -> Iterator[Floats]:
    """Yield the cosines of rows to each other, `size` rows at a time, each to all rows up to the last of these.

    float32, shape (size, rows up to here).
    """
    count = len(rows.starts) - 1
    often = np.bincount(rows.ids)
    place = np.full(len(often), -1)
    common = np.argsort(-often, kind="stable")[:COMMON]
    place[common] = np.arange(len(common))
    owners, column = np.repeat(np.arange(count), np.diff(rows.starts)), place[rows.ids]
    dense = np.zeros((count, len(common)), np.float32)
    dense[owners[column >= 0], column[column >= 0]] = rows.weights[column >= 0]
    owners, ids, weights = owners[column < 0], rows.ids[column < 0], rows.weights[column < 0]
    rare = make_postings(Rows(np.searchsorted(owners, np.arange(count + 1)), ids, weights), len(often))
    so_far = np.zeros(len(often), np.int64)
    for start in range(0, count, size):
        end = min(start + size, count)
        part = slice(*np.searchsorted(owners, (start, end)))
        so_far += np.bincount(ids[part], minlength=len(often))
        counts = so_far[ids[part]]
        at = np.arange(counts.sum()) + np.repeat(rare.starts[ids[part]] - np.cumsum(counts) + counts, counts)
        cells = rare.rows[at] + np.repeat((owners[part] - start) * end, counts)
        products = rare.weights[at] * np.repeat(weights[part], counts)
        found = np.bincount(cells, products, (end - start) * end).astype(np.float32).reshape(-1, end)
        found += dense[start:end] @ dense[:end].T
        yield found
