"""Words and pieces of words as weighted features: tf-idf over words, word pairs and character runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from bot.match.english import STOPWORDS
from bot.match.numbering import Numbering, make_numbering

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


Part = str | tuple[str, str]  # a word, or two neighbours


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: text `n` has the features `ids[starts[n]:starts[n+1]]`, in ascending order."""

    starts: Ints
    ids: Ints
    weights: Floats

    def row(self, number: int) -> Row:
        """Return one of the rows; all its features are known."""
        own = slice(self.starts[number], self.starts[number + 1])
        return Row(self.ids[own], self.weights[own], 1.0)

    def of(self, numbers: Ints) -> "Rows":
        """Return some of the rows, in the order of their numbers."""
        places, counts = spans(self.starts, numbers)
        return Rows(np.cumsum([0, *counts]), self.ids[places], self.weights[places])


@dataclass(frozen=True, slots=True)
class Featuriser:
    """Turns words into a `Row`; `ids` numbers the features by name, `idf` weighs them by rarity.

    `parts` numbers the words and pairs of words of the corpus, these with a space between; `features` are theirs, with
    weights before rarity.
    """

    ids: Numbering
    idf: Floats
    unseen_idf: float
    parts: Numbering
    features: Rows

    def row(self, tokens: Sequence[str]) -> Row:
        """Return the features of the words; unknown features count for the length only."""
        parts = _parts(tokens)
        numbers = self.parts.find([_written(part) for part in parts])
        new = [
            feature for part, number in zip(parts, numbers, strict=True) if number < 0 for feature in _features(part)
        ]
        extra: dict[int, float] = {}
        unseen: dict[str, float] = {}
        for feature, (name, weight) in zip(self.ids.find([name for name, _ in new]).tolist(), new, strict=True):
            if feature < 0:
                unseen[name] = unseen.get(name, 0.0) + weight
            else:
                extra[feature] = extra.get(feature, 0.0) + weight
        places = spans(self.features.starts, numbers[numbers >= 0])[0]
        found = np.concatenate((self.features.ids[places], np.fromiter(extra.keys(), np.int64, len(extra))))
        each = np.concatenate((self.features.weights[places], np.fromiter(extra.values(), np.float32, len(extra))))
        ids, place = np.unique(found, return_inverse=True)
        weights = _summed(place, each, self.idf[ids])
        seen = float(np.dot(weights, weights))
        missing = sum((weight * self.unseen_idf) ** 2 for weight in unseen.values())
        length = (seen + missing) ** 0.5 or 1.0
        return Row(ids, weights / np.float32(length), (seen / (seen + missing)) if seen else 0.0)


def featurise(texts: Sequence[Sequence[str]]) -> tuple[Featuriser, Rows]:
    """Weigh and number the features of a corpus of token lists; return the featuriser and the row of each text."""
    parts: dict[Part, int] = {}
    held = [[parts.setdefault(part, len(parts)) for part in _parts(tokens)] for tokens in texts]
    of_parts = [_features(part) for part in parts]
    ids = {name: number for number, name in enumerate(dict.fromkeys(name for found in of_parts for name, _ in found))}
    pairs = [(ids[name], weight) for found in of_parts for name, weight in found]
    features = Rows(
        np.cumsum([0, *map(len, of_parts)]),
        np.array([number for number, _ in pairs], np.int64),
        np.array([weight for _, weight in pairs], np.float32),
    )
    places, counts = spans(features.starts, np.fromiter(chain.from_iterable(held), np.int64))
    owner = np.repeat(np.repeat(np.arange(len(held)), list(map(len, held))), counts)
    width = max(len(ids), 1)
    cells, place = np.unique(owner * width + features.ids[places], return_inverse=True)
    owners, numbers = np.divmod(cells, width)
    often = np.bincount(numbers, minlength=len(ids))
    idf = (np.log((1 + len(held)) / (1 + often)) + 1).astype(np.float32)
    weights = _summed(place, features.weights[places], idf[numbers])
    lengths = np.bincount(owners, weights * weights, len(held)) ** 0.5
    starts = np.searchsorted(owners, np.arange(len(held) + 1))
    rows = Rows(starts, numbers, (weights / lengths[owners]).astype(np.float32))
    named, written = make_numbering(ids), make_numbering(map(_written, parts))
    return Featuriser(named, idf, log(1 + len(held)) + 1, written, features), rows


def _parts(tokens: Sequence[str]) -> tuple[Part, ...]:
    """Return the words and the pairs of neighbours."""
    return (*tokens, *pairwise(tokens))


def _written(part: Part) -> str:
    """Return a word, or a pair with a space between, which no word has."""
    return part if isinstance(part, str) else " ".join(part)


def spans(starts: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Return where the elements of the chosen rows lie, one row after the other, and how many each row has."""
    first = starts[chosen]
    counts = starts[chosen + 1] - first
    return np.arange(counts.sum()) + np.repeat(first - np.cumsum(counts) + counts, counts), counts


def _summed(place: Ints, weights: Floats, idf: Floats) -> Floats:
    """Return the sum of the weights of each feature, times its rarity."""
    found: Floats = np.bincount(place, weights, len(idf)).astype(np.float32) * idf
    return found


def _features(part: Part) -> tuple[tuple[str, float], ...]:
    """Return the features of a word (itself and its runs of characters), or of a pair, and their weights."""
    if not isinstance(part, str):
        left, right = part
        return ((f"p {left} {right}", PAIR * (STOPWORD if left in STOPWORDS and right in STOPWORDS else 1.0)),)
    whole = WORD * (STOPWORD if part in STOPWORDS else 1.0)
    return (f"w {part}", whole), *((f"c {run}", RUN * whole / len(part) ** 0.5) for run in _runs(part))


def _runs(token: str) -> Iterator[str]:
    padded = f" {token} "
    for length in RUNS:
        yield from (padded[start : start + length] for start in range(len(padded) - length + 1))
