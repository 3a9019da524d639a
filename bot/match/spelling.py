"""Spelling correction against the knowledge's own words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.match.english import STOPWORDS

SHORTEST = 4  # shorter words have too many neighbours
LONG = 8  # from here on two slips are forgiven


@dataclass(frozen=True, slots=True)
class Speller:
    """Knows the words of the knowledge and of the language; `by_length` narrows the search for a neighbour."""

    known: frozenset[str]
    language: frozenset[str]
    by_length: Mapping[int, tuple[str, ...]]

    def corrected(self, tokens: Sequence[str]) -> list[str]:
        """Return the tokens with unknown words replaced by their one nearest known word; splits joined words."""
        return [part for token in tokens for part in self._meant(token)]

    def _meant(self, token: str) -> tuple[str, ...]:
        if (
            token in self.known
            or token in self.language
            or token in STOPWORDS
            or len(token) < SHORTEST
            or not token.isalpha()
        ):
            return (token,)
        neighbour = self._neighbour(token)
        if neighbour:
            return (neighbour,)
        return self._split(token) or (token,)

    def _neighbour(self, token: str) -> str | None:
        allowed = 2 if len(token) >= LONG else 1
        best: tuple[int, int, str] | None = None
        for length in range(len(token) - allowed, len(token) + allowed + 1):
            for word in self.by_length.get(length, ()):
                distance = OSA.distance(token, word, score_cutoff=allowed)
                if distance <= allowed:
                    found = (distance, word[0] != token[0], word)
                    best = min(best, found) if best else found
        return best[2] if best else None

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
    for word in sorted(vocabulary):
        if word.isalpha() and len(word) >= SHORTEST - 1:
            by_length.setdefault(len(word), []).append(word)
    return Speller(
        frozenset(vocabulary), frozenset(language), {length: tuple(found) for length, found in by_length.items()}
    )
