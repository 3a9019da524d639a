"""Words and pieces of words as weighted features: tf-idf over words, word pairs and character runs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from bot.match.english import STOPWORDS

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

RUNS = (3, 4, 5)  # lengths of character runs: short enough for typos, long enough to mean something
WORD, PAIR, RUN = 1.0, 0.6, 0.45  # measured on the pack's own cross-validation
STOPWORD = 0.35  # "why" and "when" do tell questions apart, a little


@dataclass(frozen=True, slots=True)
class Row:
    """A text as a sparse row of length 1; `known` is the share of its length that lies in known features."""

    ids: Ints
    weights: Floats
    known: float


Pieces = tuple[tuple[str, float], ...]  # names of features and their weights before rarity


@dataclass(frozen=True, slots=True)
class Featuriser:
    """Turns words into a `Row`; `ids` numbers the features, `idf` weighs them by rarity.

    `pieces` are those of the corpus's words.
    """

    ids: Mapping[str, int]
    idf: Floats
    unseen_idf: float
    pieces: Mapping[str, Pieces]

    def row(self, tokens: Sequence[str]) -> Row:
        """Return the features of the words; unknown features count for the length only."""
        found: dict[int, float] = {}
        unseen = 0.0
        for name, weight in self._raw(tokens).items():
            number = self.ids.get(name)
            if number is None:
                unseen += (weight * self.unseen_idf) ** 2
            else:
                found[number] = weight
        ids = np.fromiter(found.keys(), np.int64, len(found))
        weights = np.fromiter(found.values(), np.float32, len(found)) * self.idf[ids]
        seen = float(np.dot(weights, weights))
        length = (seen + unseen) ** 0.5 or 1.0
        return Row(ids, weights / np.float32(length), (seen / (seen + unseen)) if seen else 0.0)

    def _raw(self, tokens: Sequence[str]) -> dict[str, float]:
        return _summed([*(self.pieces.get(token) or _pieces(token) for token in tokens), _pairs(tokens)])


def make_featuriser(texts: Iterable[Sequence[str]]) -> Featuriser:
    """Weigh and number the features of a corpus of token lists."""
    pieces: dict[str, Pieces] = {}
    seen: Counter[str] = Counter()
    count = 0
    for tokens in texts:
        count += 1
        for token in tokens:
            if token not in pieces:
                pieces[token] = _pieces(token)
        seen.update(_summed([*(pieces[token] for token in tokens), _pairs(tokens)]).keys())
    ids = {name: number for number, name in enumerate(seen)}
    idf = np.array([log((1 + count) / (1 + often)) + 1 for often in seen.values()], np.float32)
    return Featuriser(ids, idf, log(1 + count) + 1, pieces)


def _summed(parts: Iterable[Pieces]) -> dict[str, float]:
    """Return the features of all parts with the sum of their weights."""
    found: dict[str, float] = {}
    for part in parts:
        for name, weight in part:
            found[name] = found.get(name, 0.0) + weight
    return found


def _pieces(token: str) -> Pieces:
    """Return a word and its runs of characters."""
    whole = WORD * (STOPWORD if token in STOPWORDS else 1.0)
    return (f"w {token}", whole), *((f"c {run}", RUN * whole / len(token) ** 0.5) for run in _runs(token))


def _pairs(tokens: Sequence[str]) -> Pieces:
    """Return the pairs of neighbours."""
    return tuple(
        (f"p {left} {right}", PAIR * (STOPWORD if left in STOPWORDS and right in STOPWORDS else 1.0))
        for left, right in pairwise(tokens)
    )


def _runs(token: str) -> Iterator[str]:
    padded = f" {token} "
    for length in RUNS:
        yield from (padded[start : start + length] for start in range(len(padded) - length + 1))
