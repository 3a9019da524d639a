"""A linear head over sparse rows: one weight a feature and class, trained by dual coordinate ascent."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.features import Floats, Row

PASSES = 6  # the dual gap is below what changes a ranking after five
RIDGE = 0.35  # chosen by cross-validation on the pack's phrasings
POSITIVE, NEGATIVE = 1.0, -0.08  # targets: a phrasing says much for its class and little against each other one


@dataclass(frozen=True, slots=True)
class Head:
    """`weights`: float32, shape (features, classes)."""

    weights: Floats

    def scores(self, row: Row) -> Floats:
        """Return a score for each class, about -0.1 (not it) to 1 (surely it); float32, shape (classes,)."""
        return row.weights @ self.weights[row.ids]


def train_head(rows: Sequence[Row], labels: NDArray[np.int64], features: int, classes: int) -> Head:
    """Fit ridge regression of the class targets on the rows.

    Every phrasing's dual variable is solved exactly in turn (Shalev-Shwartz & Zhang, Stochastic Dual Coordinate
    Ascent, JMLR 14, 2013, squared loss), in one fixed shuffled order, so the result is the same on every run.
    """
    weights = np.zeros((features, classes), np.float32)
    duals = np.zeros((len(rows), classes), np.float32)
    targets = np.full((classes, classes), NEGATIVE, np.float32)
    np.fill_diagonal(targets, POSITIVE)
    squares = [float(row.weights @ row.weights) for row in rows]
    for step in range(PASSES):
        for number in np.random.default_rng(step).permutation(len(rows)):
            row = rows[number]
            residual = targets[labels[number]] - row.weights @ weights[row.ids] - RIDGE * duals[number]
            change = residual / np.float32(RIDGE + squares[number])
            duals[number] += change
            weights[row.ids] += row.weights[:, None] * change
    return Head(weights)
