"""The nearest phrasing: cosine of a question to every phrasing, through postings."""

from dataclasses import dataclass

import numpy as np

from bot.match.features import Floats, Ints, Row, Rows, spans


@dataclass(frozen=True, slots=True)
class Postings:
    """The phrasings turned inside out: feature `f` occurs in rows `rows[starts[f]:starts[f+1]]`."""

    starts: Ints
    rows: Ints
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
    numbers = np.repeat(np.arange(len(rows.starts) - 1), np.diff(rows.starts))
    order = np.argsort(rows.ids, kind="stable")
    starts = np.searchsorted(rows.ids[order], np.arange(features + 1))
    return Postings(starts, numbers[order], rows.weights[order], len(rows.starts) - 1)
