"""Kernel ridge regression: which phrasings a question is like, in meaning and in letters, weighed all at once.

The kernel is a weighted sum of two radial ones, over the cosine of meaning and over the cosine of letters. Each alone
knows half: meaning survives other words, letters survive typos.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.features import Floats, Ints

MEANING_SHARE = 0.75  # of the kernel, where there is an encoder; docs/matching.md has the figures
MEANING_WIDTH, LETTERS_WIDTH = 4.0, 2.0  # how fast likeness falls off with the cosine
RIDGE = 0.1
SAMPLE = 400  # phrasings that are left out, one at a time, to learn how sure a score is


def kernel(meaning: Floats | None, letters: Floats) -> Floats:
    """Return likenesses from cosines: float32 between 0 and 1, of the shape that came in."""
    by_letters: Floats = np.exp(LETTERS_WIDTH * (letters - np.float32(1)))
    if meaning is None:
        return by_letters
    by_meaning: Floats = np.exp(MEANING_WIDTH * (meaning - np.float32(1)))
    return np.float32(MEANING_SHARE) * by_meaning + np.float32(1 - MEANING_SHARE) * by_letters


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned, and how well it does on rows it has not seen.

    `duals`: float32, shape (rows, classes). `held_out` are the rows in the sample, `scores` what they would have got
    had they not been learned from: float32, shape (sample, classes).
    """

    duals: Floats
    held_out: Ints
    scores: Floats


def learn(likeness: Floats, labels: NDArray[np.int64], classes: int) -> Learned:
    """Fit the ridge regression and the left-out scores of a sample, in closed form.

    Args:
        likeness: kernel between all rows; float32, shape (rows, rows). It is changed in place.
        labels: the class of each row, -1 for a row that belongs to none.
        classes: how many there are.

    Source of the closed form: Rasmussen & Williams, Gaussian Processes for Machine Learning, 2006, section 5.4.2.
    """
    count = len(labels)
    targets = np.zeros((count, classes), np.float32)
    owned = np.flatnonzero(labels >= 0)
    targets[owned, labels[owned]] = 1
    sample = _sample(labels)
    units = np.zeros((count, len(sample)), np.float32)
    units[sample, np.arange(len(sample))] = 1
    likeness[np.diag_indices(count)] += np.float32(RIDGE)
    solved = np.linalg.solve(likeness, np.hstack((targets, units)))
    duals = np.ascontiguousarray(solved[:, :classes])
    diagonal = solved[sample, classes + np.arange(len(sample))]
    return Learned(duals, sample, targets[sample] - duals[sample] / diagonal[:, None])


def _sample(labels: NDArray[np.int64]) -> Ints:
    """Return the rows to hold out: every background text, and phrasings from all over."""
    owned, nobodys = np.flatnonzero(labels >= 0), np.flatnonzero(labels < 0)
    spread = owned[np.unique(np.linspace(0, len(owned) - 1, min(SAMPLE, len(owned))).astype(np.int64))]
    sample: Ints = np.concatenate((spread, nobodys))
    return sample
