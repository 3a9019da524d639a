"""Vectors of texts that were encoded before, kept on disk so that a start need not encode them again."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import structlog
from numpy.typing import NDArray

from bot.match.encoder import Encoder
from bot.match.features import Floats

KEY = 8  # bytes; among a million texts a clash has a chance of one in thirty million

_log = structlog.get_logger()


def encode(encoder: Encoder, texts: Sequence[str], cache: Path | None) -> Floats:
    """Return the vector of each text, from the cache where it is known, and keep the new ones.

    Vectors are rounded to half precision whether they were kept or not, so that both ways give the same verdicts.
    A cache that cannot be read or written costs time only.
    """
    keys = [blake2b(text.encode(), key=encoder.version.encode(), digest_size=KEY).digest() for text in texts]
    known = _read(cache)
    unknown = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if unknown:
        fresh = encoder.encode(list(unknown.values())).astype(np.float16)
        known |= dict(zip(unknown, fresh, strict=True))
        _write(cache, {key: known[key] for key in dict.fromkeys(keys)})
    return np.array([known[key] for key in keys], np.float32)


def _read(cache: Path | None) -> dict[bytes, NDArray[np.float16]]:
    if cache is None or not cache.is_file():
        return {}
    try:
        with np.load(cache) as kept:
            keys: Iterable[bytes] = (key.tobytes() for key in kept["keys"])
            return dict(zip(keys, kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        _log.warning("match.cache_unreadable", error=type(error).__name__)
        return {}


def _write(cache: Path | None, known: dict[bytes, NDArray[np.float16]]) -> None:
    if cache is None:
        return
    keys = np.frombuffer(b"".join(known), np.uint8).reshape(-1, KEY)
    beside = cache.with_suffix(".part.npz")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(beside, keys=keys, vectors=np.array(list(known.values()), np.float16))
        beside.replace(cache)
    except OSError as error:
        _log.warning("match.cache_not_kept", error=type(error).__name__)
