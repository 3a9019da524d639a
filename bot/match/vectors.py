"""Vectors of texts that were encoded before, kept on disk so that a start need not encode them again."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.match import archive
from bot.match.encoder import FOLDER, Encoder
from bot.match.features import Floats

KEY = 8  # bytes; among a million texts a clash has a chance of one in thirty million
STEP = np.float32(1 / 400)  # vectors are kept in these steps: the cosine of two moves by about 0.0001
SHIPPED = FOLDER / "vectors.npz"  # of the shipped pack, as it was when the file was made; others are computed

Bytes = NDArray[np.int8]
Known = dict[bytes, Bytes]


def encode(encoder: Encoder, texts: Sequence[str], cache: Path | None) -> Bytes:
    """Return the vector of each text in whole steps: int8, shape (texts, dimensions).

    What is known comes from the cache, else from the shipped file; the rest is computed, and the cache rewritten.
    Rounding is the same whether a vector was kept or not, so that all ways give the same verdicts. A file that cannot
    be read or written costs time only.
    """
    made_by = f"{encoder.version} in steps of {STEP}".encode()
    keys = [blake2b(text.encode(), key=made_by, digest_size=KEY).digest() for text in texts]
    known = read(cache) if cache else {}
    if not known.keys() >= set(keys):
        known |= read(SHIPPED)
    unknown = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if unknown:
        known |= dict(zip(unknown, rounded(encoder.encode(list(unknown.values()))), strict=True))
        if cache:
            write(cache, {key: known[key] for key in dict.fromkeys(keys)})
    return np.array([known[key] for key in keys])


def rounded(vectors: Floats) -> Bytes:
    """Return vectors in whole steps."""
    steps: Bytes = np.clip(np.rint(vectors / STEP), -127, 127).astype(np.int8)
    return steps


def widened(steps: Bytes) -> Floats:
    """Return the vectors that steps stand for, row after row however the steps lie: sums then come out the same."""
    return steps.astype(np.float32, order="C") * STEP


def read(path: Path) -> Known:
    """Return the vectors of a file by the keys of their texts; none where it cannot be read."""

    def parse(kept: Mapping[str, archive.Array]) -> Known:
        return dict(zip((key.tobytes() for key in kept["keys"]), kept["vectors"], strict=True))

    return archive.read(path, parse) or {}


def write(path: Path, known: Known) -> None:
    """Write vectors into a file."""
    keys = np.frombuffer(b"".join(known), np.uint8).reshape(-1, KEY)
    archive.write(path, keys=keys, vectors=np.array(list(known.values())))
