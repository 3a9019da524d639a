"""Asks the same more than once without reading it, or deciding it, more than once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from bot.match import Matcher, decide
from bot.match.encoder import Encoder
from bot.match.features import Floats
from bot.model.question import Question
from bot.model.verdict import Verdict

Known = dict[tuple[str, ...], Floats]
Judge = Callable[[Question], Verdict]


@dataclass(frozen=True, slots=True)
class Recalling(Encoder):
    """An encoder that keeps what it read, by the texts it was given together: what is near them moves a vector."""

    known: Known = field(default_factory=dict)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a vector for each text, as `Encoder` does."""
        key = tuple(texts)
        if key not in self.known:
            self.known[key] = Encoder.encode(self, texts)
        return self.known[key]


def read_before(matcher: Matcher) -> Matcher:
    """Return a matcher that need not read its own phrasings again."""
    if matcher.meaning is None:
        return matcher
    written = (matcher.reader.side_names.written_out(phrase) for phrase in matcher.phrases)
    return recalling(
        matcher,
        {(text,): row[None] for text, row in zip(written, matcher.meaning.vectors, strict=True)},
    )


def recalling(matcher: Matcher, known: Known) -> Matcher:
    """Return a matcher that looks a text up in `known` before it reads it, and keeps it there afterwards."""
    encoder = matcher.reader.encoder
    if encoder is None:
        return matcher
    kept = Recalling(encoder.session, encoder.pieces, encoder.version, known)
    return replace(matcher, reader=replace(matcher.reader, encoder=kept))


def judging(matcher: Matcher, known: Known | None = None) -> Judge:
    """Return what decides by a matcher, each question once; `known` are vectors of texts that were read before."""
    reading = recalling(matcher, {} if known is None else known)
    return cache(lambda question: decide(reading.rank(question)))
