"""The form of an answer: as text or with Telegram's own tables, for everybody or for one person alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, Message
from telegram.constants import ChatType

from bot.faces.telegram.delivery import Address, Content
from bot.faces.telegram.intake import thread_of
from bot.faces.telegram.keyboard import Rows, keyboard, rows_of
from bot.faces.telegram.links import Links
from bot.model.form_buttons import Plainly, Publish
from bot.model.mark import Marks
from bot.model.reply import Reply
from bot.reply.telegram_html import render
from bot.reply.telegram_rich import again, render_rich


@dataclass(frozen=True, slots=True)
class Form:
    """With `is_rich` tables are Telegram's own; `only` alone sees it, or else everybody `instead`."""

    is_rich: bool = False
    only: int | None = None
    instead: Reply | None = None


CLASSIC = Form()


def contents(
    reply: Reply, links: Links, feet: Sequence[Sequence[InlineKeyboardButton]] = (), *, is_rich: bool = False
) -> list[Content]:
    """Return the messages of a reply; a picture goes with the first, the buttons stand under the last one.

    `feet` are rows below its own. A rich message takes the place of one of text, and has a button that says it cannot
    be seen.
    """
    rows = rows_of(reply, links)
    texts = render(reply)
    png = reply.picture.png if reply.picture else b""
    classic = [
        Content(text, keyboard((*rows, *feet)) if number == len(texts) else None, b"" if number > 1 else png)
        for number, text in enumerate(texts, 1)
    ]
    rich, entry = render_rich(reply) if is_rich and len(classic) == 1 else "", again(reply)
    if not rich or entry is None:
        return classic
    blank = rows_of(Reply((), ((Plainly(entry),),)), links)
    return [Content("", keyboard((*rows, *blank, *feet)), mode=None, rich=rich, classic=classic[0])]


def share_rows(reply: Reply, links: Links) -> Rows:
    """Return the row that shows a private answer to everybody, if it can be had anew."""
    entry = again(reply)
    return () if entry is None else rows_of(Reply((), ((Publish(entry),),)), links)


def feet_of(marks: Marks, links: Links) -> Rows:
    """Return marks as rows."""
    return rows_of(Reply(()), links, marks)


def near_to(near: Message) -> Address:
    """Return where an answer to a message goes; it quotes it in groups."""
    quoted = near.message_id if near.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP} else None
    return Address(near.chat.id, thread_of(near), quoted)
