"""What every edition shares, so that it need not travel with each: the encoder, and the words of its language."""

from dataclasses import replace

from bot.match.matcher import Matcher
from bot.match.reader import Reader
from bot.match.spelling import Vocabulary

NOTHING = Vocabulary({}, {}, {})


def without_shared(matcher: Matcher) -> Matcher:
    """Return a matcher that cannot answer until it is given what it shares."""
    speller = replace(matcher.reader.speller, common=NOTHING, language=frozenset())
    return replace(matcher, reader=replace(matcher.reader, encoder=None, speller=speller))


def with_shared(matcher: Matcher, reader: Reader) -> Matcher:
    """Return a matcher that shares with another, whose reader is given."""
    common, language = reader.speller.common, reader.speller.language
    speller = replace(matcher.reader.speller, common=common, language=language)
    return replace(matcher, reader=replace(matcher.reader, encoder=reader.encoder, speller=speller))
