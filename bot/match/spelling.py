"""Spelling correction against the knowledge's own words, then against the words of the language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from bot.match.english import STOPWORDS

SHORTEST = 4  # shorter words have too many neighbours
MOST = 12  # words of a message that are mended; with more it is no message
KEPT = 1_000  # words whose correction is kept; a message of two questions is read three times
LONG = 8  # from here on two slips are forgiven
COMMON = 15_000  # words of the language that somebody may have meant
FIRST_LETTER = 0.5  # of a slip: few begin a word wrongly
STRANGE = 1.0  # of a slip: a letter for one that does not lie beside it
EXTRA = 0.7  # of a slip: a letter too many that does not stand beside its double
MISSING = 0.2  # of a slip: a letter too few
_VOWELS = re.compile(r"(?<=.)[aeiou]")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


Bits = NDArray[np.uint64]


def _beside() -> frozenset[tuple[str, str]]:
    """Return the pairs of keys that lie beside or below each other, both ways."""
    rows = {(left, right) for row in _KEYS for left, right in pairwise(row)}
    below = {
        (upper[place + step], letter)
        for upper, lower in pairwise(_KEYS)
        for place, letter in enumerate(lower)
        for step in (0, 1)
        if place + step < len(upper)
    }
    return frozenset({*rows, *below, *((right, left) for left, right in rows | below)})


NEIGHBOURS = _beside()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that may have been meant, numbered by `rank`, the most common first.

    `letters` are the letters of the words of each length, as bits: a slip takes away one at most and adds one at most,
    so that few words need a closer look.
    """

    rank: Mapping[str, int]
    by_length: Mapping[int, tuple[str, ...]]
    letters: Mapping[int, Bits]

    def nearest(self, typed: str, slips: int) -> str | None:
        """Return the word from which the fewest and likeliest slips lead to what was typed; of equals the commonest."""
        found = [
            (made + _strangeness(typed, word, made), self.rank[word], word)
            for length in range(len(typed) - slips, len(typed) + slips + 1)
            for word, made, _ in process.extract(
                typed, self._alike(typed, length, slips), scorer=OSA.distance, score_cutoff=slips, limit=None
            )
        ]
        return min(found, default=(0.0, 0, None))[2]

    def _alike(self, typed: str, length: int, slips: int) -> list[str]:
        """Return the words of a length whose letters are those of what was typed but for so many slips."""
        words = self.by_length.get(length)
        if words is None:
            return []
        near = np.bitwise_count(self.letters[length] ^ _bits(typed)) <= 2 * slips
        return [words[number] for number in np.flatnonzero(near)]


@dataclass(frozen=True, slots=True)
class Speller:
    """Knows the words of the knowledge (`known`) and of the language, of which `common` may be meant, too.

    `by_consonants` has words by what is left without vowels, as in `wllt`. `kept` are corrections that were made: one
    costs most of a millisecond.
    """

    known: Vocabulary
    common: Vocabulary
    language: frozenset[str]
    by_consonants: Mapping[str, str]
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def corrected(self, tokens: Sequence[str]) -> list[str]:
        """Return the tokens with unknown words replaced by the one that was most likely meant; splits joined words."""
        unknown = [token for token in tokens if not self._is_right(token)][:MOST]
        meant = {token: self._known(token) for token in unknown}
        return [part for token in tokens for part in meant.get(token, (token,))]

    def _is_right(self, token: str) -> bool:
        return len(token) < SHORTEST or token in STOPWORDS or not token.isalpha() or self._is_word(token)

    def _known(self, token: str) -> tuple[str, ...]:
        """Return what a word most likely means, worked out once."""
        found = self.kept.get(token)
        if found is None:
            if len(self.kept) >= KEPT:
                self.kept.clear()
            found = self.kept[token] = self._meant(token)
        return found

    def _meant(self, token: str) -> tuple[str, ...]:
        near = self.by_consonants.get(token) or self.known.nearest(token, 2 if len(token) >= LONG else 1)
        if near:
            return (near,)
        return self._split(token) or (self.common.nearest(token, 1) or token,)

    def _split(self, token: str) -> tuple[str, ...]:
        for cut in range(SHORTEST - 1, len(token) - SHORTEST + 2):
            left, right = token[:cut], token[cut:]
            if self._is_word(left) and self._is_word(right):
                return (left, right)
        return ()

    def _is_word(self, part: str) -> bool:
        return part in self.known.rank or part in self.language


def make_speller(vocabulary: Iterable[str], language: Sequence[str] = ()) -> Speller:
    """Return a speller that corrects towards `vocabulary` and leaves the words of `language` as they are.

    Both come with the most common words first.
    """
    known = _vocabulary(vocabulary)
    by_consonants: dict[str, str] = {}
    for word in sorted(known.rank):
        by_consonants.setdefault(_VOWELS.sub("", word), word)
    return Speller(known, _vocabulary(language[:COMMON]), frozenset(language), by_consonants)


def _vocabulary(words: Iterable[str]) -> Vocabulary:
    rank = {word: number for number, word in enumerate(dict.fromkeys(words))}
    by_length: dict[int, list[str]] = {}
    for word in rank:
        if word.isalpha() and len(word) >= SHORTEST - 1:
            by_length.setdefault(len(word), []).append(word)
    letters = {length: np.array([_bits(word) for word in alike], np.uint64) for length, alike in by_length.items()}
    return Vocabulary(rank, {length: tuple(alike) for length, alike in by_length.items()}, letters)


def _bits(word: str) -> np.uint64:
    """Return the letters of a word as bits; a few letters of other scripts share one, which costs a closer look."""
    found = 0
    for letter in word:
        found |= 1 << ord(letter) % 64
    return np.uint64(found)


def _strangeness(typed: str, word: str, slips: float) -> float:
    """Return how unlike slips of the keyboard the slips are."""
    strange = FIRST_LETTER if typed[0] != word[0] else 0.0
    edits = Levenshtein.editops(typed, word)
    if len(edits) > slips:  # letters that changed places are one slip, a likely one
        return strange
    for edit in edits:
        at = edit.src_pos
        if edit.tag == "replace":
            strange += 0.0 if (typed[at], word[edit.dest_pos]) in NEIGHBOURS else STRANGE
        elif edit.tag == "delete":
            strange += 0.0 if typed[at] in (typed[at - 1 : at], typed[at + 1 : at + 2]) else EXTRA
        else:
            strange += MISSING
    return strange
