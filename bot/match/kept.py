"""What was learned from a library, kept on disk so that a start need not learn it again."""

from collections.abc import Mapping
from dataclasses import astuple
from hashlib import blake2b
from pathlib import Path

import numpy as np

from bot.match import archive
from bot.match.calibration import Calibration
from bot.match.encoder import FOLDER
from bot.match.features import Floats

SHIPPED = FOLDER / "learned.npz"  # from the shipped pack, as it was when the file was made


def fingerprint(*causes: object) -> str:
    """Return a name for everything that was learned from, by what it prints."""
    return blake2b(repr(causes).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def read(path: Path, name: str) -> tuple[Floats, Calibration] | None:
    """Return duals and calibration if the file is there and was made from the very same things."""

    def parse(kept: Mapping[str, archive.Array]) -> tuple[Floats, Calibration] | None:
        if str(kept["name"]) != name:
            return None
        return kept["duals"], Calibration(*(float(value) for value in kept["calibration"]))

    return archive.read(path, parse)


def write(path: Path, name: str, duals: Floats, calibration: Calibration) -> None:
    """Write what was learned."""
    archive.write(path, name=np.array(name), duals=duals, calibration=np.array(astuple(calibration)))
