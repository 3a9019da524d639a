"""From scores to chances: how often a candidate with these odds and this near a phrasing is the right one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.features import Floats

STEPS = 200
DIGITS = 4  # sums differ in the seventh between processors, and verdicts should not
SHRINK = 30.0  # left-out phrasings are harder than people's questions, so they may only bend the typical curve


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve over what is known of each candidate.

    `odds` is the logarithm of the odds of its topic, `nearness` the cosine of its nearest phrasing.
    """

    constant: float
    odds: float
    nearness: float

    def chances(self, odds: Floats, nearness: Floats) -> Floats:
        """Return the chance of each candidate to be right, between 0 and 1."""
        height: Floats = (self.constant + self.odds * odds + self.nearness * nearness).astype(np.float32)
        chances: Floats = np.round(np.float32(1) / (np.float32(1) + np.exp(-height)), DIGITS)
        return chances


TYPICAL = Calibration(0.8, 0.8, 2.2)  # of people's questions to four quite different FAQs


def calibrate(odds: Floats, nearness: Floats, is_right: NDArray[np.bool_]) -> Calibration:
    """Fit the curve to left-out cases by penalised maximum likelihood (Böhning's bound: it cannot overshoot)."""
    rows = np.column_stack((np.ones(len(odds)), odds, nearness)).astype(np.float64)
    prior = np.array([TYPICAL.constant, TYPICAL.odds, TYPICAL.nearness])
    curve = prior.copy()
    bend = rows.T @ rows / 4 + SHRINK * np.eye(3)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-rows @ curve))
        slope = rows.T @ (is_right - chance) - SHRINK * (curve - prior)
        curve += np.linalg.solve(bend, slope)
    constant, *slopes = (float(value) for value in curve)
    return Calibration(constant, *slopes)
