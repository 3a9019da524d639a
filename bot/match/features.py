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


@dataclass(frozen=True, slots=True)
class Featuriser:
    """Turns words into a `Row`; `ids` numbers the features, `idf` weighs them by rarity."""

    ids: Mapping[str, int]
    idf: Floats
    unseen_idf: float

    def row(self, tokens: Sequence[str]) -> Row:
        """Return the features of the words; unknown features count for the length only."""
        found: dict[int, float] = {}
        unseen = 0.0
        for name, weight in raw_features(tokens).items():
            number = self.ids.get(name)
            if number is None:
                unseen += (weight * self.unseen_idf) ** 2
            else:
                found[number] = weight * float(self.idf[number])
        ids = np.fromiter(found.keys(), np.int64, len(found))
        weights = np.fromiter(found.values(), np.float32, len(found))
        seen = float(np.dot(weights, weights))
        length = (seen + unseen) ** 0.5 or 1.0
        return Row(ids, weights / np.float32(length), (seen / (seen + unseen)) if seen else 0.0)


def raw_features(tokens: Sequence[str]) -> Counter[str]:
    """Return feature names with their weight before rarity."""
    found: Counter[str] = Counter()
    for name, weight in _named(tokens):
        found[name] += weight  # type: ignore[assignment]  # a Counter of floats is what is meant
    return found


def _named(tokens: Sequence[str]) -> Iterator[tuple[str, float]]:
    for token in tokens:
        weight = STOPWORD if token in STOPWORDS else 1.0
        yield f"w {token}", WORD * weight
        yield from ((f"c {run}", RUN * weight / len(token) ** 0.5) for run in _runs(token))
    for left, right in pairwise(tokens):
        yield f"p {left} {right}", PAIR * (STOPWORD if left in STOPWORDS and right in STOPWORDS else 1.0)


def _runs(token: str) -> Iterator[str]:
    padded = f" {token} "
    for length in RUNS:
        yield from (padded[start : start + length] for start in range(len(padded) - length + 1))


def make_featuriser(texts: Iterable[Sequence[str]]) -> Featuriser:
    """Weigh and number the features of a corpus of token lists."""
    seen: Counter[str] = Counter()
    count = 0
    for tokens in texts:
        count += 1
        seen.update(raw_features(tokens).keys())
    ids = {name: number for number, name in enumerate(seen)}
    idf = np.array([log((1 + count) / (1 + often)) + 1 for often in seen.values()], np.float32)
    return Featuriser(ids, idf, log(1 + count) + 1)
