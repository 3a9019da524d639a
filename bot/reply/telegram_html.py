"""Renders a reply as Telegram's classic HTML: the only place that escapes, counts UTF-16 units and splits."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import assert_never

from bot.model.reply import AsOf, Block, Headline, LiveTable, Note, Paragraph, Reply, Sources, VersusTable
from bot.reply.live import LiveNote, LiveRow, lay_out
from bot.reply.numbers import moment
from bot.reply.terminal import source_name, sources_start
from bot.text import utf16_length

LIMIT = 4096  # UTF-16 units of a message's visible text, Bot API sendMessage
CAPTION = 1024  # the same of a picture's caption
BYTES = 32_768  # of a message with its markup, telegram-bot-api Client.cpp
GAP = "\n\n"
SINCE, CLOCK = "r", "Dt"  # how a reader's program writes a moment: how long ago; day and time where they are
LONGEST_SIGN = 64  # characters that are looked at for the end of one; real ones have a dozen
JOINER = "\u200d"
FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # two of them are a flag


@dataclass(frozen=True, slots=True)
class Piece:
    """Markup that is never cut, and the number of UTF-16 units a reader sees of it."""

    html: str
    length: int


def render(reply: Reply) -> tuple[str, ...]:
    """Return the messages that show a reply, each within Telegram's limits, cut only between pieces.

    With a picture the first is its caption, which may be empty.
    """
    parts: list[list[Piece]] = [[]]
    for block in reply.blocks:
        for piece in _pieces(block):
            limit = CAPTION if reply.picture and len(parts) == 1 else LIMIT
            if not _fits(parts[-1], piece, limit):
                parts.append([])
            parts[-1].append(piece)
    return tuple(GAP.join(piece.html for piece in part) for part in parts if part or reply.picture)


def _fits(part: list[Piece], piece: Piece, limit: int) -> bool:
    length = sum(found.length + len(GAP) for found in part) + piece.length
    size = sum(len(found.html.encode()) + len(GAP) for found in part) + len(piece.html.encode())
    return length <= limit and size <= BYTES


def _pieces(block: Block) -> Iterator[Piece]:
    match block:
        case Headline(text=text):
            yield from (_tagged("b", part) for part in _cut(text))
        case Paragraph(text=text):
            yield from (Piece(escape(part, quote=False), utf16_length(part)) for part in _cut(text))
        case Note(text=text):
            yield from (_tagged("i", part) for part in _cut(text))
        case VersusTable():
            yield from (_rows(row.what, zip(block.columns, row.cells, strict=True)) for row in block.rows)
        case LiveTable():
            yield from _live(block)
        case Sources():
            yield _sources(block)
        case AsOf(at=at):
            yield Piece(f"<i>As of {_time(at, moment(at), CLOCK)}</i>", utf16_length(f"As of {moment(at)}"))
        case _:
            assert_never(block)


def _tagged(tag: str, text: str) -> Piece:
    return Piece(f"<{tag}>{escape(text, quote=False)}</{tag}>", utf16_length(text))


def _cut(text: str) -> Iterator[str]:
    """Cut text that is too long for one message at its last space before the limit, never inside a character."""
    while utf16_length(text) > LIMIT:
        end = LIMIT // 2
        space = text.rfind(" ", 1, end)
        end = space if space > 0 else _apart(text, end)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def _apart(text: str, end: int) -> int:
    """Return the last place up to `end` where what a reader sees as one sign ends; `end` where there is none near."""
    near = range(end, max(end - LONGEST_SIGN, 1), -1)
    return next((place for place in near if not _goes_on(text, place)), end)


def _goes_on(text: str, place: int) -> bool:
    """Tell whether the sign before a place goes on there: accents, joined emoji, skin tones, both letters of a flag."""
    here, before = text[place], text[place - 1]
    if JOINER in {here, before} or unicodedata.category(here).startswith("M") or "\U0001f3fb" <= here <= "\U0001f3ff":
        return True
    flags = len(text[:place]) - len(text[:place].rstrip(FLAGS))
    return here in FLAGS and flags % 2 == 1


def _rows(what: str, cells: Iterable[tuple[str, str]]) -> Piece:
    shown = [f"{name}: {cell}" for name, cell in cells]
    html = "\n".join((f"<b>{escape(what, quote=False)}</b>", *(escape(line, quote=False) for line in shown)))
    return Piece(html, utf16_length("\n".join((what, *shown))))


def _live(block: LiveTable) -> Iterator[Piece]:
    layout = lay_out(block)
    if layout.rows:
        lines = [(row.title, _live_line(row)) for row in layout.rows]
        html = "\n".join(f"<b>{escape(title, quote=False)}</b>\n{escape(line, quote=False)}" for title, line in lines)
        yield Piece(html, sum(utf16_length(title) + utf16_length(line) + 2 for title, line in lines))
    if layout.notes:
        html = "\n".join(_note(note) for note in layout.notes)
        yield Piece(f"<i>{html}</i>", utf16_length("\n".join(map(str, layout.notes))))
    yield from (_tagged("i", part) for part in _cut("\n".join(layout.missing)))


def _note(note: LiveNote) -> str:
    age = _time(note.at, note.age, SINCE) if note.at else ""
    return f"{escape(note.text, quote=False)}{age}"


def _time(at: datetime, text: str, how: str) -> str:
    """Return a moment that a reader's program shows in its own words, and one that cannot as it stands."""
    return f'<tg-time unix="{int(at.timestamp())}" format="{how}">{escape(text, quote=False)}</tg-time>'


def _live_line(row: LiveRow) -> str:
    btc, bch = row.cells
    return " | ".join(text for text in (f"BTC {btc}", f"BCH {bch}", row.ratio) if text)


def _sources(block: Sources) -> Piece:
    start = sources_start(block)
    links = "; ".join(
        f'<a href="{escape(found.url)}">{escape(source_name(found), quote=False)}</a>' for found in block.citations
    )
    html = ". Sources: ".join(text for text in (escape(start, quote=False), links) if text)
    names = "; ".join(source_name(found) for found in block.citations)
    return Piece(f"<i>{html}</i>", utf16_length(f"{start}. Sources: {names}"))
