"""Understands what chart is asked for: `/chart fees 7d`, "graph of bch hashrate last month"."""

import re
from collections.abc import Mapping
from datetime import timedelta

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.match.amount_words import meant
from bot.model.chart import ChartRequest, NoSuchChart
from bot.text import clean, words

USUAL = timedelta(days=7)
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=3650)
MOST = 24  # words; a longer text asks for something else
PICTURES = {"chart", "charts", "graph", "graphs", "plot", "diagram", "curve"}
ASIDE = {
    *PICTURES, *("a", "an", "the", "me", "my", "of", "for", "in", "on", "over", "past", "last", "please", "pls", "plz"),
    *("show", "draw", "give", "send", "see", "can", "could", "you", "i", "want", "to", "and", "vs", "versus", "with"),
    *("btc", "bch", "bitcoin", "cash", "bcash", "both", "chains", "coins", "live", "current", "history", "recent"),
    *("is", "there", "what", "does", "look", "like", "how", "has", "developed", "live", "one", "hey", "hi", "bot"),
}  # fmt: skip
HOURS = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 1),
    **dict.fromkeys(("d", "day", "days", "today", "daily"), 24),
    **dict.fromkeys(("w", "wk", "week", "weeks", "weekly"), 7 * 24),
    **dict.fromkeys(("m", "mo", "month", "months", "monthly"), 30 * 24),
    **dict.fromkeys(("y", "yr", "year", "years", "yearly"), 365 * 24),
}
SHORTEST_SLIP = 4  # letters of a word that is read with a slip in it
_SPAN = re.compile(r"(\d{1,5})?([a-z]+)")


def read_chart(text: str, names: Mapping[str, str]) -> ChartRequest | NoSuchChart:
    """Read the arguments of a command.

    Args:
        text: such as `fees 7d`.
        names: what people call a statistic, in lower case, to its key.
    """
    tokens = words(clean(text))[:MOST]
    span, rest = _span(tokens)
    said = [token for token in rest if token not in ASIDE]
    key = _named(" ".join(said), names)
    return ChartRequest(key, span) if key else NoSuchChart(" ".join(said))


def find_chart(text: str, names: Mapping[str, str]) -> ChartRequest | None:
    """Return the chart that a free text asks for: it says so, and names a statistic and next to nothing else."""
    tokens = [_mended(token) for token in words(clean(text))]
    if len(tokens) > MOST or not PICTURES.intersection(tokens):
        return None
    found = read_chart(" ".join(tokens), names)
    return found if isinstance(found, ChartRequest) else None


def _mended(token: str) -> str:
    return token if token in PICTURES or len(token) < SHORTEST_SLIP else meant(token, ("chart", "graph", "diagram"))


def _span(tokens: list[str]) -> tuple[timedelta, list[str]]:
    """Return how far back, and the words that do not say it."""
    rest: list[str] = []
    span = USUAL
    for number, token in enumerate(tokens):
        found = _SPAN.fullmatch(token)
        before = tokens[number - 1] if number else ""
        count = (found and found[1]) or (before if before.isdecimal() and before.isascii() else "")
        if found and found[2] in HOURS and (count or len(found[2]) > 2):  # noqa: PLR2004 - a bare "d" says nothing
            span = timedelta(hours=HOURS[found[2]] * int(count[:5] or 1))
            if rest and rest[-1] == count:
                rest.pop()
        else:
            rest.append(token)
    return min(max(span, SHORTEST), LONGEST), rest


def _named(said: str, names: Mapping[str, str]) -> str | None:
    """Return the key of the statistic with that name, one slip forgiven."""
    if said in names:
        return names[said]
    near = process.extractOne(said, names.keys(), scorer=OSA.distance, score_cutoff=1) if len(said) > 3 else None  # noqa: PLR2004 - shorter words have too many neighbours
    return names[near[0]] if near else None
