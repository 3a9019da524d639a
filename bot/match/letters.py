"""The words of the phrasings, indexed: kept on disk, so that a start need not take every word to pieces again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.match import archive
from bot.match.features import Featuriser, Part, Rows, featurise
from bot.match.nearest import Postings, make_postings

BETWEEN = "\n"  # no word has one


@dataclass(frozen=True, slots=True)
class Letters:
    """How words become features, and the phrasings by feature."""

    featuriser: Featuriser
    postings: Postings


def open_letters(path: Path | None, name: str, tokens: Callable[[], Sequence[Sequence[str]]]) -> Letters:
    """Return the index kept under a name for all that it follows from, else one made from the words of the phrasings.

    A file that cannot be read or written costs time only.
    """
    kept = _read(path, name) if path else None
    if kept is None:
        featuriser, rows = featurise(tokens())
        kept = Letters(featuriser, make_postings(rows, len(featuriser.ids)))
        if path:
            _write(path, name, kept)
    return kept


def _read(path: Path, name: str) -> Letters | None:
    def parse(kept: Mapping[str, archive.Array]) -> Letters | None:
        if str(kept["name"]) != name:
            return None
        names, parts = _split(kept["names"]), [_part(written) for written in _split(kept["parts"])]
        featuriser = Featuriser(
            ids={written: number for number, written in enumerate(names)},
            idf=kept["idf"],
            unseen_idf=float(kept["unseen_idf"]),
            parts={part: number for number, part in enumerate(parts)},
            features=Rows(kept["part_starts"], kept["part_ids"], kept["part_weights"]),
        )
        postings = Postings(kept["starts"], kept["rows"], kept["weights"], int(kept["count"]))
        return Letters(featuriser, postings)

    return archive.read(path, parse)


def _write(path: Path, name: str, letters: Letters) -> None:
    featuriser, postings = letters.featuriser, letters.postings
    archive.write(
        path,
        name=np.array(name),
        names=_joined(featuriser.ids),
        idf=featuriser.idf,
        unseen_idf=np.array(featuriser.unseen_idf),
        parts=_joined(part if isinstance(part, str) else " ".join(part) for part in featuriser.parts),
        part_starts=featuriser.features.starts,
        part_ids=featuriser.features.ids,
        part_weights=featuriser.features.weights,
        starts=postings.starts,
        rows=postings.rows,
        weights=postings.weights,
        count=np.array(postings.count),
    )


def _joined(names: Iterable[str]) -> archive.Array:
    return np.frombuffer(BETWEEN.join(names).encode("utf-8", "surrogatepass"), np.uint8)


def _split(names: archive.Array) -> list[str]:
    return names.tobytes().decode("utf-8", "surrogatepass").split(BETWEEN) if len(names) else []


def _part(written: str) -> Part:
    """Return the word or the pair that was written with a space between."""
    left, _, right = written.partition(" ")
    return (left, right) if right else left
