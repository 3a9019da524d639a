"""The words of the phrasings, indexed: kept on disk, so that a start need not take every word to pieces again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.match import archive
from bot.match.features import Featuriser, Rows, featurise
from bot.match.nearest import Postings, make_postings
from bot.match.numbering import read_numbering


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
        featuriser = Featuriser(
            ids=read_numbering(kept["names"].tobytes()),
            idf=kept["idf"],
            unseen_idf=float(kept["unseen_idf"]),
            parts=read_numbering(kept["parts"].tobytes()),
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
        names=np.frombuffer(featuriser.ids.written, np.uint8),
        idf=featuriser.idf,
        unseen_idf=np.array(featuriser.unseen_idf),
        parts=np.frombuffer(featuriser.parts.written, np.uint8),
        part_starts=featuriser.features.starts,
        part_ids=featuriser.features.ids,
        part_weights=featuriser.features.weights,
        starts=postings.starts,
        rows=postings.rows,
        weights=postings.weights,
        count=np.array(postings.count),
    )
