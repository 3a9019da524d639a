"""What is learned from phrasings: the equations, the chances, and how a text is read for it."""

import numpy as np
import pytest

from bot.match.calibration import TYPICAL, calibrate
from bot.match.features import Floats
from bot.match.learner import FEW, RIDGE, kernel, learn, shares
from bot.match.linear import BLOCK, factorised
from bot.match.normal import make_side_names
from bot.model.knowledge import Manners, Pack, Side

RANDOM = np.random.default_rng(5)


def likeness(count: int, classes: int) -> tuple[Floats, np.ndarray]:
    """Return a kernel of texts scattered about the centres of their classes, and the classes."""
    labels = np.arange(count) % classes
    centres = RANDOM.normal(size=(classes, 20))
    rows = centres[labels] + 0.8 * RANDOM.normal(size=(count, 20))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = (rows @ rows.T).astype(np.float32)
    return kernel(cosines[None], cosines), labels


@pytest.mark.parametrize("size", [1, BLOCK - 1, BLOCK, 2 * BLOCK + 7])
def test_equations_are_solved(size: int) -> None:
    """The blocked factorisation solves what numpy solves."""
    matrix, _ = likeness(size, 3)
    matrix[np.diag_indices(size)] += np.float32(0.5)
    sides = RANDOM.normal(size=(size, 4)).astype(np.float32)

    wanted = np.linalg.solve(matrix.astype(np.float64), sides.astype(np.float64))

    matrix[np.triu_indices(size, BLOCK)] = np.nan  # nobody reads it
    assert np.abs(factorised(matrix).solve(sides) - wanted).max() < 1e-3


@pytest.mark.parametrize("rows", [[0], [5, BLOCK - 1, BLOCK, BLOCK + 6], [2 * BLOCK + 6], []])
def test_the_diagonal_of_the_inverse_is_found(rows: list[int]) -> None:
    """Without inverting the matrix, in the rows that are wanted."""
    matrix, _ = likeness(2 * BLOCK + 7, 3)
    matrix[np.diag_indices(len(matrix))] += np.float32(0.5)
    chosen = np.array(rows, np.int64)

    wanted = np.linalg.inv(matrix.astype(np.float64)).diagonal()[chosen]

    assert np.allclose(factorised(matrix).inverse_diagonal(chosen), wanted, rtol=1e-3)


def test_a_phrasing_left_out_is_truly_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The closed form gives what learning again without the row gives."""
    monkeypatch.setattr("bot.match.learner.FEW", 0)
    matrix, labels = likeness(60, 3)
    learned = learn(matrix.copy(), labels, 3)
    others = np.arange(60) != learned.held_out[7]

    again = learn(matrix[np.ix_(others, others)].copy(), labels[others], 3)

    without = matrix[learned.held_out[7], others] @ again.duals
    assert np.allclose(learned.scores[7], without, atol=5e-3)


def test_more_steps_fit_better() -> None:
    """With few phrasings the shares of the right classes are maximised under the ridge, to within a little."""
    matrix, labels = likeness(90, 3)
    assert len(matrix) <= FEW

    learned = learn(matrix.copy(), labels, 3)

    targets = np.eye(3, dtype=np.float32)[labels]
    slope = 2 * (shares(matrix @ learned.duals) - targets) + RIDGE * learned.duals
    assert np.abs(slope).max() < 0.01


def test_chances_follow_what_was_seen() -> None:
    """With many cases the curve is theirs, with none the typical one, and it never leaves 0 to 1."""
    odds = RANDOM.normal(size=40_000).astype(np.float32) * 3
    near = RANDOM.uniform(size=40_000).astype(np.float32)
    is_right = RANDOM.uniform(size=40_000) < 1 / (1 + np.exp(-(2 * odds - 1)))

    found = calibrate(odds, near, is_right)
    nothing = calibrate(odds[:0], near[:0], is_right[:0])

    assert (found.constant, found.odds, found.nearness) == pytest.approx((-1, 2, 0), abs=0.4)
    assert nothing == TYPICAL
    extremes = found.chances(np.array([-14, 14], np.float32), np.zeros(2, np.float32))
    assert 0 <= extremes[0] < 1e-6
    assert extremes[1] == pytest.approx(1)


WRITTEN = {
    "names": ("Is $BCH better than bit  coin?", "is bitcoin cash better than bitcoin?"),
    "inside a word": ("bchd and btcs", "bchd and btcs"),
    "short forms": ("what's btc, isn't it", "what is bitcoin, is not it"),
    "unknown short form": ("o'clock", "o'clock"),
    "nothing": ("🙂", ""),
}


@pytest.mark.parametrize(("text", "wanted"), WRITTEN.values(), ids=WRITTEN)
def test_sides_are_written_out(text: str, wanted: str) -> None:
    """The encoder reads a text as typed, with full names and without short forms."""
    sides = (Side("btc", "Bitcoin", "BTC", ("bit coin",)), Side("bch", "Bitcoin Cash", "BCH"))
    pack = Pack("coins", "Coins", sides, {}, "", Manners(), {}, {}, ())

    assert make_side_names([pack]).written_out(text) == wanted


def test_without_sides_nothing_is_written_out() -> None:
    """A pack without sides leaves texts alone."""
    assert make_side_names([]).written_out("Any Text") == "any text"
