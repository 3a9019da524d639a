"""Linear equations in single precision: numpy's own solver works in double, at twice the time and memory.

A blocked Cholesky factorisation, so that nearly all work is done by matrix products, which processors share; what comes
out does not depend on how many there are.
"""

import os
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from bot.match.features import Floats, Ints

BLOCK = 256


@dataclass(frozen=True, slots=True)
class Factor:
    """A triangular matrix whose product with its own transpose is a matrix; `inverses` are those of its diagonal."""

    lower: Floats
    inverses: tuple[Floats, ...]

    def solve(self, sides: Floats) -> Floats:
        """Return X with `matrix @ X = sides`, which are used up; float32, shape (n, m)."""
        with ThreadPoolExecutor(processors()) as pool:
            list(pool.map(self._solve, (sides[:, at : at + BLOCK] for at in range(0, sides.shape[1], BLOCK))))
        return sides

    def inverse_diagonal(self, rows: Ints) -> Floats:
        """Return what stands on the diagonal of the matrix's inverse in some rows, which come in ascending order."""
        with ThreadPoolExecutor(processors()) as pool:
            found = list(pool.map(self._lengths, (rows[at : at + BLOCK] for at in range(0, len(rows), BLOCK))))
        return np.concatenate((np.empty(0, np.float32), *found))

    def _solve(self, sides: Floats) -> None:
        for start, inverse in self._blocks():
            part = slice(start, start + BLOCK)
            sides[part] = inverse @ (sides[part] - self.lower[part, :start] @ sides[:start])
        for start, inverse in reversed(self._blocks()):
            part, below = slice(start, start + BLOCK), slice(start + BLOCK, None)
            sides[part] = inverse.T @ (sides[part] - self.lower[below, part].T @ sides[below])

    def _lengths(self, rows: Ints) -> Floats:
        """Return the squared length of what `lower @ x = unit vector` gives for each row; x is zero above the row."""
        units = np.zeros((len(self.lower), len(rows)), np.float32)
        units[rows, np.arange(len(rows))] = 1
        for start, inverse in self._blocks():
            part, begun = slice(start, start + BLOCK), slice(np.searchsorted(rows, start + BLOCK))
            units[part, begun] = inverse @ (units[part, begun] - self.lower[part, :start] @ units[:start, begun])
        found: Floats = np.einsum("nm,nm->m", units, units)
        return found

    def _blocks(self) -> list[tuple[int, Floats]]:
        return list(zip(range(0, len(self.lower), BLOCK), self.inverses, strict=True))


def factorised(matrix: Floats) -> Factor:
    """Return the factor of a matrix, which is used up.

    Args:
        matrix: symmetric and positive definite; float32, shape (n, n). Only what is on and below the blocks of the
            diagonal is read.
    """
    with ThreadPoolExecutor(processors()) as pool:
        return Factor(matrix, tuple(_eliminated(matrix, start, pool) for start in range(0, len(matrix), BLOCK)))


def processors() -> int:
    """Return how many processors there are for this process."""
    return len(os.sched_getaffinity(0))


def _eliminated(matrix: Floats, start: int, pool: Executor) -> Floats:
    """Turn a block of columns into its part of the factor; return the inverse of the factor's block on the diagonal."""
    part, below = slice(start, start + BLOCK), slice(start + BLOCK, None)
    inverse: Floats = np.linalg.inv(np.linalg.cholesky(matrix[part, part].astype(np.float64))).astype(np.float32)
    matrix[below, part] = matrix[below, part] @ inverse.T

    def update(right: int) -> None:
        columns = slice(right, right + BLOCK)
        matrix[right:, columns] -= matrix[right:, part] @ matrix[columns, part].T

    list(pool.map(update, range(start + BLOCK, len(matrix), BLOCK)))
    return inverse
