"""Linear equations in single precision: numpy's own solver works in double, at twice the time and memory.

A blocked Cholesky factorisation, so that nearly all work is done by matrix products.
"""

import numpy as np

from bot.match.features import Floats

BLOCK = 384


def solve(matrix: Floats, sides: Floats) -> Floats:
    """Return X with `matrix @ X = sides`; both are used up.

    Args:
        matrix: symmetric and positive definite; float32, shape (n, n).
        sides: float32, shape (n, m).
    """
    starts = range(0, len(matrix), BLOCK)
    inverses = [_eliminated(matrix, start) for start in starts]
    for start, inverse in zip(starts, inverses, strict=True):
        part = slice(start, start + BLOCK)
        sides[part] = inverse @ (sides[part] - matrix[part, :start] @ sides[:start])
    for start, inverse in zip(reversed(starts), reversed(inverses), strict=True):
        part, below = slice(start, start + BLOCK), slice(start + BLOCK, None)
        sides[part] = inverse.T @ (sides[part] - matrix[below, part].T @ sides[below])
    return sides


def _eliminated(matrix: Floats, start: int) -> Floats:
    """Turn a block of columns into its part of the factor; return the inverse of the factor's block on the diagonal."""
    part, below = slice(start, start + BLOCK), slice(start + BLOCK, None)
    inverse: Floats = np.linalg.inv(np.linalg.cholesky(matrix[part, part].astype(np.float64))).astype(np.float32)
    matrix[below, part] = matrix[below, part] @ inverse.T
    for right in range(start + BLOCK, len(matrix), BLOCK):
        columns = slice(right, right + BLOCK)
        matrix[right:, columns] -= matrix[right:, part] @ matrix[columns, part].T
    return inverse
