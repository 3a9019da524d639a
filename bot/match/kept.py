"""What was learned from a library, kept on disk so that a start need not learn it again."""

from dataclasses import astuple
from hashlib import blake2b
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import structlog

from bot.match.calibration import Calibration
from bot.match.encoder import FOLDER
from bot.match.features import Floats

SHIPPED = FOLDER / "learned.npz"  # from the shipped pack, as it was when the file was made

_log = structlog.get_logger()


def fingerprint(*causes: object) -> str:
    """Return a name for everything that was learned from, by what it prints."""
    return blake2b(repr(causes).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def read(path: Path, name: str) -> tuple[Floats, Calibration] | None:
    """Return duals and calibration if the file is there and was made from the very same things."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as body, np.load(body) as kept:
            if str(kept["name"]) != name:
                return None
            return kept["duals"], Calibration(*(float(value) for value in kept["calibration"]))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        _log.warning("match.cache_unreadable", error=type(error).__name__)
        return None


def write(path: Path, name: str, duals: Floats, calibration: Calibration) -> None:
    """Write what was learned, in one step."""
    beside = path.with_suffix(".part.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(beside, name=np.array(name), duals=duals, calibration=np.array(astuple(calibration)))
        beside.replace(path)
    except OSError as error:
        _log.warning("match.cache_not_kept", error=type(error).__name__)
