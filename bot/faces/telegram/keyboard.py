"""Keyboards: rows of typed buttons as Telegram shows them, and the row of feedback under an answer."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import assert_never

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.faces.telegram import form_payload, owner_payload, panel_payload, post_payload
from bot.faces.telegram.links import Links, write_answer
from bot.faces.telegram.payload import decode, encode
from bot.model.chat_buttons import ChatButton, OpenLink
from bot.model.form_buttons import FormButton
from bot.model.mark import Forget, Mark, Marks, Vote, Why
from bot.model.owner_buttons import Approve, OwnerButton, RetireAll
from bot.model.post_buttons import DropPlan, PostButton, Publish
from bot.model.record import Tally
from bot.model.reply import AnyButton, Aside, Button, Copy, More, Reply, Share
from bot.reply.terminal import button_title

Rows = tuple[tuple[InlineKeyboardButton, ...], ...]
Lasting = Button | OwnerButton | ChatButton | FormButton | PostButton | Aside | Mark  # all but links

STYLES: Mapping[type, str] = {
    Approve: KeyboardButtonStyle.SUCCESS,
    RetireAll: KeyboardButtonStyle.DANGER,
    Forget: KeyboardButtonStyle.DANGER,
    Publish: KeyboardButtonStyle.SUCCESS,
    DropPlan: KeyboardButtonStyle.DANGER,
}
UP, DOWN, OWN = "👍", "👎", "✓"
UNVOTED = Tally(0, 0, None)


def rows_of(reply: Reply, links: Links, marks: Marks = ()) -> Rows:
    """Return a reply's buttons with marks below them."""
    return tuple(tuple(_shown(button, links) for button in row) for row in (*reply.buttons, *marks))


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


def _shown(button: AnyButton | Mark, links: Links) -> InlineKeyboardButton:
    """Show a button; where a link leads is new nearly every time, and may be somebody's address, so it is not kept."""
    if isinstance(button, OpenLink):
        return InlineKeyboardButton(button.title, url=button.url)
    return _kept(button, links)


@lru_cache(2_048)
def _kept(button: Lasting, links: Links) -> InlineKeyboardButton:
    if isinstance(button, ChatButton):
        return InlineKeyboardButton(button.title, callback_data=panel_payload.encode(button))
    if isinstance(button, PostButton):
        return InlineKeyboardButton(
            button.title, callback_data=post_payload.encode(button), style=STYLES.get(type(button))
        )
    if isinstance(button, FormButton):
        return InlineKeyboardButton(button.title, callback_data=form_payload.encode(button))
    title = button.title if isinstance(button, Mark) else button_title(button)
    if isinstance(button, Aside):
        return _aside(button, title, links)
    data = owner_payload.encode(button) if isinstance(button, OwnerButton) else encode(button)
    return InlineKeyboardButton(title, callback_data=data, style=STYLES.get(type(button)))


def _aside(button: Aside, title: str, links: Links) -> InlineKeyboardButton:
    match button:
        case Copy(text=text):
            return InlineKeyboardButton(title, copy_text=CopyTextButton(text))
        case More(entry=entry, print=print_):
            return InlineKeyboardButton(title, url=links.start(write_answer(entry, print_)))
        case Share(entry=entry) if links.is_inline:
            return InlineKeyboardButton(title, switch_inline_query=f"#{entry}")
        case Share(entry=entry):
            return InlineKeyboardButton(title, url=links.forward(entry))
    assert_never(button)
