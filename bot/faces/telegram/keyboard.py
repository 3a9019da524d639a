"""Keyboards: rows of typed buttons as Telegram shows them, and the row of feedback under an answer."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.faces.telegram import owner_payload
from bot.faces.telegram.payload import decode, encode
from bot.model.mark import Mark, Marks, Vote, Why
from bot.model.owner_buttons import OwnerButton
from bot.model.record import Tally
from bot.model.reply import AnyButton, Link, Reply
from bot.reply.terminal import button_title

Rows = tuple[tuple[InlineKeyboardButton, ...], ...]

UP, DOWN, OWN = "👍", "👎", "✓"
UNVOTED = Tally(0, 0, None)


def rows_of(reply: Reply, marks: Marks = ()) -> Rows:
    """Return a reply's buttons with marks below them."""
    return tuple(tuple(map(_shown, row)) for row in (*reply.buttons, *marks))


def keyboard(rows: Sequence[Sequence[InlineKeyboardButton]]) -> InlineKeyboardMarkup | None:
    """Return rows as a keyboard; None where there are none."""
    return InlineKeyboardMarkup(rows) if rows else None


def feedback_marks(tally: Tally = UNVOTED, *, is_private: bool) -> Marks:
    """Return the row under an answer: in private it shows one's own vote, elsewhere the counts; no name is shown."""
    ups, downs = (f" {count}" if count else "" for count in (tally.ups, tally.downs))
    if is_private:
        ups, downs = (f" {OWN}" if tally.own is choice else "" for choice in (True, False))
    why = Why("Why this answer?" if is_private else "Why?")
    return ((Vote(is_up=True, title=UP + ups), Vote(is_up=False, title=DOWN + downs), why),)


def feedback_rows(shown: InlineKeyboardMarkup | None) -> Rows:
    """Return the rows of a keyboard that are there for feedback."""
    return tuple(row for row in (shown.inline_keyboard if shown else ()) if _is_feedback(row))


def other_rows(shown: InlineKeyboardMarkup | None) -> Rows:
    """Return the rows of a keyboard that are not."""
    return tuple(row for row in (shown.inline_keyboard if shown else ()) if not _is_feedback(row))


def _is_feedback(row: Sequence[InlineKeyboardButton]) -> bool:
    data = row[0].callback_data
    return isinstance(data, str) and isinstance(decode(data), Vote)


def _shown(button: AnyButton | Mark) -> InlineKeyboardButton:
    if isinstance(button, OwnerButton):
        return InlineKeyboardButton(button_title(button), callback_data=owner_payload.encode(button))
    if isinstance(button, Link):
        return InlineKeyboardButton(button.title, url=button.url)
    title = button.title if isinstance(button, Mark) else button_title(button)
    return InlineKeyboardButton(title, callback_data=encode(button))
