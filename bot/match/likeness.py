"""How like a question is to every phrasing."""

from dataclasses import dataclass

from bot.match.features import Floats


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a question is to every phrasing.

    Cosines of letters, shape (phrasings,); and, where there is an encoder, of the meaning of each view of the question,
    shape (views, phrasings).
    """

    letters: Floats
    meaning: Floats | None

    def without(self, phrase: int) -> "Likeness":
        """Return the same, as if one phrasing were not there."""
        letters = self.letters.copy()
        letters[phrase] = 0
        if self.meaning is None:
            return Likeness(letters, None)
        meaning = self.meaning.copy()
        meaning[:, phrase] = 0
        return Likeness(letters, meaning)

    def nearest(self, first: int, last: int) -> int:
        """Return the phrasing that comes nearest by the sum of both, between `first` and before `last`."""
        letters = self.letters[first:last]
        nearness = letters if self.meaning is None else letters + self.meaning[:, first:last].max(axis=0)
        return first + int(nearness.argmax())
