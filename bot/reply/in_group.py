"""A short answer, for groups: the verdict and a few rows, and where to read on."""

from dataclasses import replace

from bot.model.chat_buttons import OpenLink
from bot.model.reply import Block, Headline, LiveTable, Note, Refresh, Reply, VersusTable

ROWS = 3
MORE = "More ›"


def for_group(reply: Reply, more: str) -> Reply:
    """Return an entry's answer cut to its verdict, what speaks against it and three rows; `more` leads to the rest.

    Numbers go before curated rows, for they are what is asked for anew. What is no entry's answer stays as it is.
    """
    if not reply.entry or reply.picture:
        return reply
    kept = [block for block in reply.blocks if isinstance(block, Headline)]
    notes = [block for block in _before_tables(reply.blocks) if isinstance(block, Note)]
    live = next((block for block in reply.blocks if isinstance(block, LiveTable)), None)
    versus = next((block for block in reply.blocks if isinstance(block, VersusTable)), None)
    tables: list[Block] = []
    if live:
        tables = [replace(live, snapshots=live.snapshots[:ROWS])]
    elif versus:
        tables = [replace(versus, rows=versus.rows[:ROWS])]
    blocks = (*kept, *notes, *tables)
    if blocks == reply.blocks:
        return reply
    fresh = tuple(row for row in reply.buttons if any(isinstance(button, Refresh) for button in row))
    return replace(reply, blocks=blocks, buttons=(*fresh, (OpenLink(more, MORE),)))


def _before_tables(blocks: tuple[Block, ...]) -> list[Block]:
    """Return the head of an answer: what stands right below the verdict says what contradicts it."""
    head: list[Block] = []
    for block in blocks:
        if not isinstance(block, Headline | Note):
            break
        head.append(block)
    return head
