"""Renders a reply as Telegram's rich message: headings, native tables, a part that unfolds, sources as footnotes.

What is made here is `InputRichMessage` as JSON, core.telegram.org/bots/api#inputrichmessage. A rich text is a text, a
list of rich texts, or an object.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, assert_never

from bot.model.knowledge import Citation
from bot.model.reply import AsOf, Block, Headline, LiveTable, Note, Paragraph, Refresh, Reply, Sources, VersusTable
from bot.reply.live import LiveNote, lay_out
from bot.reply.numbers import moment
from bot.reply.terminal import source_name, sources_start

CHARACTERS = 32_768  # of all texts together, core.telegram.org/bots/api#rich-message-formatting-options
BLOCKS = 500  # those inside of others and the rows of tables too
COLUMNS = 20
HEADING = 3  # of six sizes, 1 is the largest
UNFOLD = "In detail"
SINCE, CLOCK = "r", "Dt"  # how a reader's program writes a moment: how long ago; day and time where they are

JSON = dict[str, Any]
Text = Any  # a rich text


def again(reply: Reply) -> str | None:
    """Return the entry by which a reply can be had anew, empty for all statistics; None where there is no way."""
    if reply.entry:
        return reply.entry
    return next(("" for row in reply.buttons for button in row if button == Refresh("")), None)


def render_rich(reply: Reply) -> str:
    """Return a rich message as JSON; empty where it has nothing that text does not have, or passes a limit."""
    is_wide = any(isinstance(block, VersusTable) and len(block.columns) >= COLUMNS for block in reply.blocks)
    if reply.picture or is_wide or not any(isinstance(block, VersusTable | LiveTable) for block in reply.blocks):
        return ""
    blocks = list(_blocks(reply.blocks))
    if _size(blocks) > BLOCKS or _length(blocks) > CHARACTERS:
        return ""
    return json.dumps({"blocks": blocks, "skip_entity_detection": True}, ensure_ascii=False)


def _blocks(blocks: Sequence[Block]) -> Iterator[JSON]:
    """Yield the blocks of a message; paragraphs below a table unfold, with marks of the sources at their end."""
    citations = [found for block in blocks if isinstance(block, Sources) for found in block.citations]
    is_below = False
    for is_text, run in groupby(blocks, lambda block: isinstance(block, Paragraph)):
        shown = list(run)
        if is_text and is_below:
            yield _details(shown, citations)
        else:
            yield from (made for block in shown for made in _block(block))
        is_below = is_below or any(isinstance(block, VersusTable | LiveTable) for block in shown)


def _details(paragraphs: Iterable[Block], citations: Sequence[Citation]) -> JSON:
    texts = [block.text for block in paragraphs if isinstance(block, Paragraph)]
    shown: list[Text] = [*texts[:-1], [texts[-1], *_marks(citations)] if citations else texts[-1]]
    return {"type": "details", "summary": UNFOLD, "blocks": [_paragraph(text) for text in shown]}


def _block(block: Block) -> Iterator[JSON]:
    match block:
        case Headline(text=text):
            yield {"type": "heading", "size": HEADING, "text": text}
        case Paragraph(text=text):
            yield _paragraph(text)
        case Note(text=text):
            yield _paragraph(_italic(text))
        case VersusTable(columns=columns, rows=rows):
            yield _table(columns, [(row.what, row.cells) for row in rows], "left")
        case LiveTable():
            yield from _live(block)
        case Sources():
            yield from _sources(block)
        case AsOf(at=at):
            yield _footer(["As of ", _moment(at, moment(at), CLOCK)])
        case _:
            assert_never(block)


def _live(block: LiveTable) -> Iterator[JSON]:
    layout = lay_out(block)
    if layout.rows:
        has_ratio = any(row.ratio for row in layout.rows)
        columns = ("BTC", "BCH", "Ratio") if has_ratio else ("BTC", "BCH")
        rows = [(row.title, (*row.cells, row.ratio) if has_ratio else row.cells) for row in layout.rows]
        yield _table(columns, rows, "right")
    yield from (_footer(_noted(note)) for note in layout.notes)
    yield from (_paragraph(_italic(text)) for text in layout.missing)


def _noted(note: LiveNote) -> Text:
    return [note.text, _moment(note.at, note.age, SINCE)] if note.at else note.text


def _sources(block: Sources) -> Iterator[JSON]:
    """Yield the day of the text, which is no moment anywhere, and what it rests on."""
    yield _footer(sources_start(block))
    for number, found in enumerate(block.citations, 1):
        link = {"type": "url", "url": found.url, "text": source_name(found)}
        yield _footer({"type": "reference", "name": _name(number), "text": [f"{number}. ", link]})


def _marks(citations: Sequence[Citation]) -> Iterator[Text]:
    for number, _ in enumerate(citations, 1):
        link = {"type": "reference_link", "reference_name": _name(number), "text": f"[{number}]"}
        yield {"type": "superscript", "text": link}


def _name(number: int) -> str:
    return f"source-{number}"


def _table(columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], align: str) -> JSON:
    head = [_cell("", "left", is_header=True), *(_cell(name, align, is_header=True) for name in columns)]
    body = [[_cell(what, "left", is_header=True), *(_cell(text, align) for text in cells)] for what, cells in rows]
    return {"type": "table", "is_bordered": True, "is_striped": True, "cells": [head, *body]}


def _cell(text: str, align: str, *, is_header: bool = False) -> JSON:
    """Return a cell; one without text is not drawn."""
    cell: JSON = {"align": align, "valign": "middle"}
    return cell | ({"text": text} if text else {}) | ({"is_header": True} if is_header else {})


def _paragraph(text: Text) -> JSON:
    return {"type": "paragraph", "text": text}


def _footer(text: Text) -> JSON:
    return {"type": "footer", "text": text}


def _italic(text: str) -> JSON:
    return {"type": "italic", "text": text}


def _moment(at: datetime, text: str, how: str) -> JSON:
    return {"type": "date_time", "unix_time": int(at.timestamp()), "date_time_format": how, "text": text}


def _size(blocks: Iterable[JSON]) -> int:
    return sum(1 + _size(block.get("blocks", ())) + len(block.get("cells", ())) for block in blocks)


def _length(part: Any) -> int:
    """Return the characters of everything a reader sees in a part of a message."""
    if isinstance(part, str):
        return len(part)
    if isinstance(part, list):
        return sum(map(_length, part))
    return sum(_length(part[name]) for name in ("text", "summary", "blocks", "cells") if name in part)
