"""Spelling correction against the knowledge's own words."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.match.english import STOPWORDS

SHORTEST = 4  # shorter words have too many neighbours
MOST = 24  # words of a message that are mended; with more it is no message
LONG = 8  # from here on two slips are forgiven
_VOWELS = re.compile(r"(?<=.)[aeiou]")


@dataclass(frozen=True, slots=True)
class Speller:
    """Knows the words of the knowledge and of the language; `by_length` has the words of about that length.

    `by_consonants` has words by what is left without vowels, as in `wllt`.
    """

    known: frozenset[str]
    language: frozenset[str]
    by_length: Mapping[int, tuple[str, ...]]
    by_consonants: Mapping[str, str]

    def corrected(self, tokens: Sequence[str]) -> list[str]:
        """Return the tokens with unknown words replaced by their one nearest known word; splits joined words."""
        unknown = [token for token in tokens if not self._is_right(token)][:MOST]
        meant = {token: self._meant(token) for token in unknown}
        return [part for token in tokens for part in meant.get(token, (token,))]

    def _is_right(self, token: str) -> bool:
        return len(token) < SHORTEST or token in STOPWORDS or not token.isalpha() or self._is_word(token)

    def _meant(self, token: str) -> tuple[str, ...]:
        neighbour = self.by_consonants.get(token) or self._neighbour(token)
        if neighbour:
            return (neighbour,)
        return self._split(token) or (token,)

    def _neighbour(self, token: str) -> str | None:
        """Return the nearest known word: by slips, then by the first letter, then by the alphabet."""
        allowed = 2 if len(token) >= LONG else 1
        alike = self.by_length.get(len(token), ())
        found = process.extract(token, alike, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        return min(((slips, word[0] != token[0], word) for word, slips, _ in found), default=(0, False, None))[2]

    def _split(self, token: str) -> tuple[str, ...]:
        for cut in range(SHORTEST - 1, len(token) - SHORTEST + 2):
            left, right = token[:cut], token[cut:]
            if self._is_word(left) and self._is_word(right):
                return (left, right)
        return ()

    def _is_word(self, part: str) -> bool:
        return part in self.known or part in self.language


def make_speller(vocabulary: Collection[str], language: Collection[str] = ()) -> Speller:
    """Return a speller that corrects towards `vocabulary` and leaves the words of `language` as they are."""
    by_length: dict[int, list[str]] = {}
    by_consonants: dict[str, str] = {}
    for word in sorted(vocabulary):
        by_consonants.setdefault(_VOWELS.sub("", word), word)
        if word.isalpha() and len(word) >= SHORTEST - 1:
            for length in range(len(word) - 2, len(word) + 3):
                by_length.setdefault(length, []).append(word)
    return Speller(
        frozenset(vocabulary),
        frozenset(language),
        {length: tuple(words) for length, words in by_length.items()},
        by_consonants,
    )
