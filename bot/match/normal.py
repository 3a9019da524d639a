"""From what was typed to the words that are compared: chat spelling undone, aliases and slang made one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.match.english import CHAT_SPELLING
from bot.model.knowledge import Pack
from bot.text import clean, words

Phrase = tuple[str, ...]

_SHORT_FORM = re.compile(r"\b[^\W\d_]+['’ʼ`´][^\W\d_]+\b")


@dataclass(frozen=True, slots=True)
class Normaliser:
    """Turns text into comparable words with the aliases and glossary of the packs in use.

    `rewrites` maps a run of words to the words that stand for it, `longest` is the longest run.
    """

    rewrites: Mapping[Phrase, Phrase]
    longest: int

    def __call__(self, text: str) -> list[str]:
        """Return the comparable words of a text."""
        return list(self._rewritten(list(_spelled_out(words(clean(text))))))

    def _rewritten(self, tokens: list[str]) -> Iterator[str]:
        here = 0
        while here < len(tokens):
            for length in range(min(self.longest, len(tokens) - here), 0, -1):
                instead = self.rewrites.get(tuple(tokens[here : here + length]))
                if instead is not None:
                    yield from instead
                    here += length
                    break
            else:
                yield tokens[here]
                here += 1


def make_normaliser(packs: Iterable[Pack]) -> Normaliser:
    """Return the normaliser of the packs: side aliases become the side's id, slang the glossary's word."""
    rewrites: dict[Phrase, Phrase] = {}
    for pack in packs:
        for written, meant in pack.glossary.items():
            rewrites[tuple(words(clean(written)))] = tuple(words(clean(meant)))
        for side in pack.sides:
            for written in (side.name, side.ticker, *side.aliases):
                rewrites[tuple(words(clean(written)))] = (side.id,)
    rewrites.pop((), None)
    return Normaliser(rewrites, max(map(len, rewrites), default=0))


def _spelled_out(tokens: list[str]) -> Iterator[str]:
    for token in tokens:
        meant = CHAT_SPELLING.get(token)
        if meant is None:
            yield token
        else:
            yield from meant.split()


@dataclass(frozen=True, slots=True)
class SideNames:
    """Finds the ways people write a side, and the full name of each."""

    pattern: re.Pattern[str]
    names: Mapping[str, str]

    def written_out(self, text: str) -> str:
        """Return a text cleaned, every side by its full name and all else as it was typed."""
        plain = _SHORT_FORM.sub(lambda found: CHAT_SPELLING.get(_joined(found[0]), found[0]), clean(text))
        return self.pattern.sub(lambda found: self.names[" ".join(found[1].split())], plain).strip()


def make_side_names(packs: Iterable[Pack]) -> SideNames:
    """Return the names of the packs' sides."""
    names = {
        " ".join(clean(written).split()): side.name.casefold()
        for pack in packs
        for side in pack.sides
        for written in (side.name, side.ticker, *side.aliases)
    }
    longest_first = sorted(names, key=len, reverse=True)
    written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first if name)
    return SideNames(re.compile(rf"[$#@]?(?<!\w)({written})(?!\w)" if written else r"(?!)"), names)


def _joined(short_form: str) -> str:
    """Return a short form as one word, as it is mostly typed: `what's` → `whats`."""
    return "".join(words(short_form))
