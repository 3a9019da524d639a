"""Renders a reply as plain text for a terminal, a file or a JSON line."""

from datetime import timedelta
from typing import assert_never

from bot.model.chat_buttons import ChatButton, OpenLink
from bot.model.form_buttons import FormButton
from bot.model.knowledge import Citation, Label
from bot.model.owner_buttons import OwnerButton
from bot.model.post_buttons import PostButton
from bot.model.reply import (
    AnyButton,
    Aside,
    Ask,
    AsOf,
    Block,
    Browse,
    Button,
    Choose,
    Copy,
    Cost,
    Draw,
    Headline,
    LiveTable,
    More,
    Note,
    Paragraph,
    Refresh,
    Reply,
    Share,
    Sources,
    VersusTable,
)
from bot.reply.live import LiveLayout, lay_out
from bot.reply.numbers import moment, span_name

OPINION = "contested, both sides"
ELSEWHERE = OwnerButton | ChatButton | FormButton | PostButton | OpenLink
PLACED = ELSEWHERE | Aside  # buttons that make sense in Telegram only


def plain(reply: Reply) -> str:
    """Return a reply's blocks as plain text, without its buttons."""
    picture = f"[picture: {reply.picture.says}]" if reply.picture else ""
    return "\n\n".join(text for text in (picture, *(_block(block) for block in reply.blocks)) if text)


def button_titles(reply: Reply) -> list[tuple[str, Button]]:
    """Return the buttons of a reply that can be pressed here, from top to bottom, each with its title."""
    buttons = (button for row in reply.buttons for button in row if not isinstance(button, PLACED))
    return [(button_title(button), button) for button in buttons]


def button_title(button: AnyButton) -> str:
    """Return what stands on a button."""
    if isinstance(button, ELSEWHERE):
        return button.title
    match button:
        case Ask(title=title) | Choose(title=title) | Browse(title=title) | Cost(title=title):
            return title
        case Copy(title=title) | More(title=title):
            return title
        case Share():
            return "Share"
        case Refresh():
            return "↻ Refresh numbers"
        case Draw(hours=hours):
            return span_name(timedelta(hours=hours))
    assert_never(button)


def _block(block: Block) -> str:
    match block:
        case Headline(text=text) | Paragraph(text=text) | Note(text=text):
            return text
        case VersusTable():
            return _versus(block)
        case LiveTable():
            return _live(lay_out(block))
        case Sources():
            return sources_line(block)
        case AsOf(at=at):
            return f"As of {moment(at)}"
    assert_never(block)


def _versus(table: VersusTable) -> str:
    return "\n".join(
        "\n".join((row.what, *(f"  {name}  {cell}" for name, cell in zip(table.columns, row.cells, strict=True))))
        for row in table.rows
    )


def _live(layout: LiveLayout) -> str:
    return "\n".join((*live_lines(layout), *map(str, layout.notes), *layout.missing))


def live_lines(layout: LiveLayout) -> list[str]:
    """Return the live rows as aligned columns with a heading; no lines where there is no number."""
    if not layout.rows:
        return []
    cells = [("", "BTC", "BCH", ""), *((row.title, *row.cells, row.ratio) for row in layout.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    return [
        "  ".join(
            text.ljust(width) if not column else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def sources_line(block: Sources) -> str:
    """Return where the text comes from and when it was last true, in one line."""
    names = "; ".join(source_name(found) for found in block.citations)
    return ". Sources: ".join(text for text in (sources_start(block), names) if text)


def sources_start(block: Sources) -> str:
    """Return the date of the text, and that it is contested where it is."""
    date = f"As of {block.as_of}" if block.as_of else "Undated"
    return f"{date}, {OPINION}" if block.label is Label.OPINION else date


def source_name(citation: Citation) -> str:
    """Return a source's title with its date."""
    return f"{citation.title} ({citation.published})" if citation.published else citation.title
