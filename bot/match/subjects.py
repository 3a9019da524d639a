"""Which pack a question names: one in use, or one that is not."""

from dataclasses import dataclass

from bot.model.knowledge import Library, Refusal
from bot.text import clean, words


@dataclass(frozen=True, slots=True)
class Subjects:
    """The names of the packs in use, as runs of words, and what is said where a pack is named that is not."""

    here: tuple[str, ...]
    off: tuple[Refusal, ...]

    def elsewhere(self, text: str) -> Refusal | None:
        """Return what is said to a question that names a pack that is off and none that is on."""
        if not self.off:
            return None
        said = _run(text)
        if any(name in said for name in self.here):
            return None
        return next((refusal for refusal in self.off if any(_run(name) in said for name in refusal.ask)), None)


def make_subjects(library: Library) -> Subjects:
    """Return the subjects of a library."""
    return Subjects(tuple(_run(name) for pack in library.packs.values() for name in pack.names), library.off)


def _run(text: str) -> str:
    """Return the words of a text between spaces, so that one run of words is found whole in another."""
    return f" {' '.join(words(clean(text)))} "
