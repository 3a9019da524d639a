"""From scores to chances: how often a candidate with this score and this lead is the right one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.features import Floats

STEPS = 200
SHRINK = 10.0  # left-out phrasings are harder than people's questions, so they may only bend the typical curve


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve over the score and the lead on the best other topic (negative for all but the best)."""

    constant: float
    score: float
    lead: float

    def chances(self, scores: Floats, leads: Floats) -> Floats:
        """Return the chance of each candidate to be right, between 0 and 1."""
        height: Floats = (self.constant + self.score * scores + self.lead * leads).astype(np.float32)
        return np.float32(1) / (np.float32(1) + np.exp(-height))


TYPICAL = Calibration(-1.0, 0.5, 1.1)  # between those of quite different FAQs


def calibrate(scores: Floats, leads: Floats, is_right: NDArray[np.bool_]) -> Calibration:
    """Fit the curve to left-out cases by penalised maximum likelihood (Böhning's bound: it cannot overshoot)."""
    rows = np.column_stack((np.ones(len(scores)), scores, leads)).astype(np.float64)
    prior = np.array([TYPICAL.constant, TYPICAL.score, TYPICAL.lead])
    curve = prior.copy()
    bend = rows.T @ rows / 4 + SHRINK * np.eye(3)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-rows @ curve))
        slope = rows.T @ (is_right - chance) - SHRINK * (curve - prior)
        curve += np.linalg.solve(bend, slope)
    constant, score, lead = (float(value) for value in curve)
    return Calibration(constant, score, lead)
