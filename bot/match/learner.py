"""Kernel softmax regression: which phrasings a question is like, in meaning and in letters, weighed all at once.

The kernel is a weighted sum of two, over the cosine of meaning and over the cosine of letters. Each alone knows half:
meaning survives other words, letters survive typos. Fitted by steps of ridge regression (Böhning, Multinomial logistic
regression algorithm, 1992; with Nesterov's momentum); the first step alone is kernel ridge regression, which is as good
where there are many phrasings and all there is time for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.features import Floats, Ints
from bot.match.linear import factorised

MEANING_SHARE = 0.75  # of the kernel, where there is an encoder; docs/matching.md has the figures
RIDGE = 0.02
FEW = 2_000  # rows up to which there is time for all steps
STEPS = 60
FIRST_STEP = np.float32(2.5)  # what brings the scores of the first step to the size of those after all
SAMPLE = 600  # phrasings left out, one at a time, to learn how sure a score is: the first, for they are the usual ones


def kernel(meaning: Floats | None, letters: Floats, share: float = MEANING_SHARE) -> Floats:
    """Return likenesses from cosines: float32 between 0 and 1.

    Args:
        meaning: cosines of each view of a text, shape (views, …), or None.
        letters: cosines, shape (…).
        share: of the meaning in the sum.
    """
    by_letters: Floats = np.exp(letters - np.float32(1), dtype=np.float32)
    if meaning is None:
        return by_letters
    by_meaning: Floats = np.exp(meaning - np.float32(1), dtype=np.float32).mean(axis=0, dtype=np.float32)
    by_meaning *= np.float32(share)
    by_letters *= np.float32(1 - share)
    by_meaning += by_letters
    return by_meaning


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
    """Fit the regression and the left-out scores of a sample.

    Args:
        likeness: kernel between all rows; float32, shape (rows, rows). It is used up, and above the blocks of its
            diagonal (`linear.BLOCK`) never read.
        labels: the class of each row.
        classes: how many there are.

    A row is left out of the last step in closed form (Rasmussen & Williams, Gaussian Processes for Machine Learning,
    2006, section 5.4.2).
    """
    count = len(labels)
    targets = np.zeros((count, classes), np.float32)
    targets[np.arange(count), labels] = 1
    sample = first_of_each(labels, SAMPLE)
    likeness[np.diag_indices(count)] += np.float32(RIDGE)
    factor = factorised(likeness)
    response = 2 * (targets - np.float32(1 / classes))
    duals = factor.solve(response.copy())
    if count <= FEW:
        inverse = factor.solve(np.eye(count, dtype=np.float32))
        scores = response - np.float32(RIDGE) * duals
        before = np.zeros_like(scores)
        for step in range(STEPS):
            ahead = scores + np.float32(step / (step + 3)) * (scores - before)
            response = ahead + 2 * (targets - shares(ahead))
            duals = inverse @ response
            before, scores = scores, response - np.float32(RIDGE) * duals
    else:
        response, duals = response * FIRST_STEP, duals * FIRST_STEP
    diagonal = factor.inverse_diagonal(sample)
    return Learned(duals, sample, response[sample] - duals[sample] / diagonal[:, None])


def first_of_each(owners: Ints, most: int) -> Ints:
    """Return the rows of all, or the first few rows of each owner where that would be too many."""
    if len(owners) <= most:
        return np.arange(len(owners))
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], owners[order])
    turn = np.arange(len(owners)) - starts  # the first of each owner, then the second of each, and so on
    return np.sort(order[np.argsort(turn, kind="stable")[:most]])


def shares(scores: Floats) -> Floats:
    """Return the softmax of each row."""
    raised: Floats = np.exp(scores - scores.max(axis=1, keepdims=True), dtype=np.float32)
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares
