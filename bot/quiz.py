"""Makes quizzes from the comparisons of the knowledge: only where the wrong options are surely wrong."""

import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from bot.model.knowledge import Entry, Label, Library, Pack, Side, VersusRow
from bot.model.quiz import Quiz
from bot.text import shortened, utf16_length

QUESTION, OPTION, EXPLANATION = 300, 100, 200  # UTF-16 units, Bot API sendPoll
TURN = 10  # seconds after which a chat gets another quiz
BOTH, NEITHER = "Both", "None of these"

_FIGURE = re.compile(r"\d+(?:[.,:-]\d+)*")
_NOTHING = re.compile(r"(?:no|none|never|nothing|not)\b", re.IGNORECASE)
# A cell that points to another one, what is only about so or was so once, and a past that sides may share.
_VAGUE = re.compile(
    r"\b(?:same|shared|also|too|both|as on|either|sample|samples|estimate|expected|about|around|usual|usually|rough"
    r"|roughly|varies|typical|today|latest|newest|recent|this|that|before|history|incidents?|halts?)\b",
    re.IGNORECASE,
)


def make_quiz(library: Library, seed: str, now: datetime) -> Quiz | None:
    """Return the quiz that it is a chat's turn for; None where the knowledge has nothing to ask.

    Args:
        library: where it comes from.
        seed: what tells one chat from another; each has an order of its own, another one each day.
        now: the time; another quiz comes after `TURN` seconds, the same one only once all were there.
    """
    made = sorted(quizzes(library), key=lambda quiz: _lot(f"{seed} {now:%Y-%m-%d} {quiz.question}"))
    turn = (now.hour * 3600 + now.minute * 60 + now.second) // TURN
    return made[turn % len(made)] if made else None


def quizzes(library: Library) -> Iterator[Quiz]:
    """Yield every quiz that can be made; none from what is contested, or declines to answer."""
    for pack in library.packs.values():
        for entry in pack.entries.values():
            if entry.label is Label.CURATED and not entry.declines:
                for row in entry.versus:
                    yield from filter(_fits, _made(pack, entry, row))


def _made(pack: Pack, entry: Entry, row: VersusRow) -> Iterator[Quiz]:
    """Yield the quizzes of one row: to which side a cell belongs, and which cell belongs to a side."""
    if not is_sure(row) or any(_tells(cell, pack.sides) for cell in row.cells):
        return
    explanation = shortened(entry.verdict, EXPLANATION)
    names = tuple(f"{side.name} ({side.ticker})" for side in pack.sides)
    about = f"{entry.title}\n{row.what}"
    for place, (name, cell) in enumerate(zip(names, row.cells, strict=True)):
        yield _quiz(f"{about}: “{cell}”. Which one is that?", names, place, (BOTH, explanation, entry.id))
        yield _quiz(f"{about}: which is right for {name}?", row.cells, place, (NEITHER, explanation, entry.id))


def _quiz(question: str, options: tuple[str, ...], correct: int, rest: tuple[str, str, str]) -> Quiz:
    """Return a quiz whose options stand in an order of its own, the one that is never right last."""
    last, explanation, entry = rest
    order = sorted(range(len(options)), key=lambda place: _lot(f"{question} {options[place]}"))
    shown = (*(options[place] for place in order), last)
    return Quiz(question, shown, order.index(correct), explanation, entry)


def is_sure(row: VersusRow) -> bool:
    """Tell whether no cell of a row could be true of another side: their figures differ, or one alone is a no."""
    if _VAGUE.search(row.what) or any(_VAGUE.search(cell) for cell in row.cells):
        return False
    figures = [set(_FIGURE.findall(cell)) for cell in row.cells]
    if all(figures) and len(set().union(*figures)) == sum(map(len, figures)):
        return True
    return [bool(_NOTHING.match(cell)) for cell in row.cells].count(True) == len(row.cells) - 1


def _tells(cell: str, sides: tuple[Side, ...]) -> bool:
    """Tell whether a cell gives its side away by naming one."""
    names = {name.casefold() for side in sides for name in (side.name, side.ticker, *side.aliases)}
    return any(re.search(rf"(?<!\w){re.escape(name)}", cell.casefold()) for name in names)


def _fits(quiz: Quiz) -> bool:
    return (
        utf16_length(quiz.question) <= QUESTION
        and all(utf16_length(option) <= OPTION for option in quiz.options)
        and utf16_length(quiz.explanation) <= EXPLANATION
    )


def _lot(text: str) -> bytes:
    return sha256(text.encode()).digest()
