"""Questions that need the one before: "and bch?", "why?", "how much is that in dollars"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.match.english import STOPWORDS

Words = Sequence[str]

# Words that point at what was said, and words with which a question goes on from another.
POINTERS = frozenset({"it", "its", "that", "this", "they", "them", "those", "these", "one", "ones", "other", "there"})
PRONOUNS = frozenset({"it", "they", "them"})
STARTS = frozenset({"and", "so", "but", "or", "then", "what", "also", "for", "in", "because"})
QUESTIONS = frozenset({"why", "how", "when", "where", "who"})
ASKING = STARTS | QUESTIONS | {"which"}
# Words that say nothing of a subject when they stand beside a coin's name alone.
FILLERS = STOPWORDS | frozenset(
    {"same", "question", "other", "way", "round", "around", "again", "meant", "mean", "sorry", "both", "versus"}
    | {"instead", "exactly", "sure", "yes", "please", "right", "ones"}
)
UNIT = "in"  # "in btc": the side named after it is a unit, not the subject
UNITS = frozenset(
    {"dollar", "dollars", "usd", "bucks", "cents", "euro", "euros", "eur", "pounds", "gbp", "yen", "fiat"}
)
CORRECTING = frozenset({"no", "not", "sorry", "meant", "mean", "actually", "rather", "wait"})
SHORT = 2  # words of content up to which a question that points back leans on the one before
HALF = 0.65  # of a reading that shares with another; over a half, for two that agree are surer than one
FEW = 5  # words at most that stand for one word
MOST_WAYS = 8  # words of a question that may have been the wrong one; each is a reading of its own, which costs
LONGEST = 16  # words of a question that can be corrected, or leaned on; the rest is not looked at
LONG = 12  # words from which a question stands alone, whatever it points at


@dataclass(frozen=True, slots=True)
class Reading:
    """What counts for a question, and how much.

    Where there are several `ways` to read it, the one that fits the knowledge best is meant.
    """

    ways: tuple[Words, ...]
    weight: float = 1.0


def readings(turns: Sequence[Words], sides: Collection[str], common: Collection[str] = ()) -> tuple[Reading, ...]:
    """Return how the last of several turns may be read.

    Args:
        turns: the words of each turn, oldest first, at least one.
        sides: the words that name a side of the comparison.
        common: words of the language, which are hardly names.
    """
    last = turns[-1]
    before = _resolved([turn[:LONGEST] for turn in turns[:-1]], sides)[:LONGEST]
    if not before or not any(word.isalpha() for word in last):
        return (Reading((last,)),)
    if _corrects(last):
        return (Reading(_corrected(before, last, sides, common)),)
    if not _content(last, sides):
        asks = any(word in sides or word in ASKING or word in UNITS for word in last)
        return (Reading((_switched(_asked(before, last), last, sides) if asks else last,)),)
    if _leans(last, sides):
        return (Reading((_named(before, last, sides),), HALF), Reading(((*before, *last),), HALF))
    return (Reading((last,)),)


def says_enough(words: Words, sides: Collection[str]) -> bool:
    """Tell whether a question has a subject of its own, whatever it points at: it names a side, or has much to say."""
    return any(word in sides for word in words) or len(_content(words, sides)) > SHORT


def _corrects(last: Words) -> bool:
    """Tell whether a turn takes back a word of the one before: "no sorry i meant …"."""
    return "meant" in last or (last[0] in CORRECTING and sum(word in CORRECTING for word in last) > 1)


def _corrected(before: Words, last: Words, sides: Collection[str], common: Collection[str]) -> tuple[Words, ...]:
    """Return the question before, with what is meant in the place of each word that may have been wrong."""
    meant = [word for word in last if word not in CORRECTING and word not in {*before, "i", "you", "it"}]
    if not meant or len(meant) > FEW:
        return (meant or last,)
    places = [number for number, word in enumerate(before) if word in sides or word not in FILLERS]
    if named := [number for number in places if before[number] in last]:  # "not the price, the fee"
        places = named
    elif any(word in sides for word in meant):  # a name stands for a name
        names = [number for number in places if before[number] in sides or before[number] not in common]
        places = names or places
    if len(places) > MOST_WAYS:
        return (meant,)
    return tuple([*before[:number], *meant, *before[number + 1 :]] for number in places) or (meant,)


def _resolved(turns: Sequence[Words], sides: Collection[str]) -> Words:
    """Return what the turns before were about: the last one that stands alone, with what was asked of it since."""
    found: Words = ()
    for turn in turns:
        if not _content(turn, sides):
            found = _switched(_asked(found, turn), turn, sides) if found else turn
        elif found and _leans(turn, sides):
            found = (*found, *turn)
        else:
            found = turn
    return found


def _content(words: Words, sides: Collection[str]) -> list[str]:
    return [word for word in words if word not in FILLERS and word not in sides and word not in UNITS]


def _leans(words: Words, sides: Collection[str]) -> bool:
    if len(words) >= LONG:
        return False
    points_back = words[0] in STARTS or any(word in POINTERS for word in words)
    return points_back or not says_enough(words, sides)


def _named(before: Words, last: Words, sides: Collection[str]) -> Words:
    """Return the question with the side that `it` stands for, where only one was named before and none now."""
    asked = {word for word in before if word in sides}
    if len(asked) != 1 or any(word in sides for word in last):
        return last
    (side,) = asked
    return [side if word in PRONOUNS else word for word in last]


def _asked(before: Words, last: Words) -> Words:
    """Return the question before with the word that asks now: "why did it fork", "and when?"."""
    asking = next((word for word in last if word in QUESTIONS), None)
    place = next((number for number, word in enumerate(before) if word in QUESTIONS), None)
    if asking is None or (place is None and asking == "why"):
        return before
    if place is None:
        return [asking, *before]
    return [*before[:place], asking, *before[place + 1 :]]


def _switched(before: Words, last: Words, sides: Collection[str]) -> Words:
    """Return the question before, asked of the side that is named now."""
    named = [word for word in last if word in sides]
    asked = {word for word in before if word in sides}
    if len(named) == 1 and len(asked) == 1 and UNIT not in last:
        return [named[0] if word in sides else word for word in before]
    return [*before, *(word for word in last if word in sides or word == UNIT or word in UNITS)]
