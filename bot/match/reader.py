"""Reads a text: its words with their spelling mended, and the sentences the encoder gets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.match.encoder import Encoder
from bot.match.features import Featuriser
from bot.match.normal import Normaliser, SideNames
from bot.match.spelling import Speller
from bot.text import words

TWICE = 24  # words up to which a text is read twice


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns texts into what is compared: words, their features, and the sentences the encoder reads.

    `side_names` finds every name of a side in a text, `sides` are their full names by their ids.
    """

    normalise: Normaliser
    speller: Speller
    featuriser: Featuriser
    encoder: Encoder | None
    sides: Mapping[str, str]
    side_names: SideNames

    def words(self, text: str) -> list[str]:
        """Return the comparable words of a question, its spelling mended."""
        return self.speller.corrected(self.normalise(text))

    def sentence(self, words: Iterable[str]) -> str:
        """Return the words as the encoder knows them: the sides by their full names."""
        return " ".join(self.sides.get(word, word) for word in words)

    def views(self, text: str, tokens: Sequence[str]) -> list[str]:
        """Return the sentences to encode: the text as it was typed, and as it was meant where that differs.

        Mended spelling is mostly right; where it is not, the text itself still counts.
        """
        typed, meant = self.side_names.written_out(text), self.sentence(tokens)
        is_long = len(tokens) > TWICE  # and says enough without
        return [typed] if is_long or words(typed) == words(meant) else [typed, meant]
