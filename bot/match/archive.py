"""Arrays on disk that can be made anew at any time: a file that cannot be read or written costs time only."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
import structlog
from numpy.typing import NDArray

Array = NDArray[Any]
T = TypeVar("T")

_log = structlog.get_logger()


def read(path: Path, parse: Callable[[Mapping[str, Array]], T]) -> T | None:
    """Return what `parse` makes of the arrays of a file; None where they cannot be read or are not what it expects."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as body, np.load(body) as kept:
            return parse(kept)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        _log.warning("match.cache_unreadable", error=type(error).__name__)
        return None


def write(path: Path, **arrays: Array) -> None:
    """Write arrays into a file, in one step."""
    beside = path.with_suffix(".part.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(beside, allow_pickle=False, **arrays)
        beside.replace(path)
    except OSError as error:
        _log.warning("match.cache_not_kept", error=type(error).__name__)
