"""The nearest phrasing: cosine of a question to every phrasing, through postings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.match.features import Floats, Ints, Row


@dataclass(frozen=True, slots=True)
class Postings:
    """The phrasings turned inside out: feature `f` occurs in rows `rows[starts[f]:starts[f+1]]`."""

    starts: Ints
    rows: Ints
    weights: Floats
    count: int

    def cosines(self, row: Row) -> Floats:
        """Return the cosine of a row to every phrasing; float32, shape (phrasings,)."""
        starts = self.starts[row.ids]
        counts = self.starts[row.ids + 1] - starts
        before = np.cumsum(counts) - counts
        at = np.arange(counts.sum()) + np.repeat(starts - before, counts)
        parts = self.weights[at] * np.repeat(row.weights, counts)
        return np.bincount(self.rows[at], parts, self.count).astype(np.float32)


def make_postings(rows: Sequence[Row], features: int) -> Postings:
    """Index rows by feature."""
    ids = np.concatenate([row.ids for row in rows])
    weights = np.concatenate([row.weights for row in rows])
    numbers = np.repeat(np.arange(len(rows)), [len(row.ids) for row in rows])
    order = np.argsort(ids, kind="stable")
    starts = np.searchsorted(ids[order], np.arange(features + 1))
    return Postings(starts, numbers[order], weights[order], len(rows))
