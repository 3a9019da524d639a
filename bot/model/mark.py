"""Buttons that change what is kept, not what is shown: under answers, on the owners' pages."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.record import Settled
from bot.model.reply import Reply


@dataclass(frozen=True, slots=True)
class Vote:
    """A button under an answer: it was good, or it was not."""

    is_up: bool
    title: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """A button under an answer that asks why it was given."""

    title: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """A button of an explanation: the question answered by `message` meant this entry; no entry is something else."""

    message: int
    entry: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Forget:
    """A button that confirms: everything of this person is to be deleted."""

    person: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A button that shows a page of the gaps."""

    page: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Settle:
    """A button that settles the gap a question belongs to, as it stood up to question `last`.

    `entry` is the one that gets the phrasing.
    """

    how: Settled
    question: int
    last: int
    entry: str = ""
    title: str = ""


class AlertDeed(StrEnum):
    """What a button does to an alert."""

    CONFIRM = "y"
    CANCEL = "n"
    DELETE = "d"  # one that was told
    STRIKE = "l"  # one in the list
    AGAIN = "a"


@dataclass(frozen=True, slots=True)
class AlertButton:
    """A button that does something to an alert."""

    deed: AlertDeed
    alert: int
    title: str = ""


Feedback = Vote | Why | Meant | Forget
Work = Turn | Settle
Mark = Feedback | Work | AlertButton
Marks = tuple[tuple[Mark, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A reply with marks below its own buttons."""

    reply: Reply
    marks: Marks = ()
