"""Cuts a reply down to what fits into somebody else's conversation: the verdict, a few rows, where it comes from."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.model.reply import AsOf, Block, Headline, Note, Paragraph, Reply, Sources, VersusTable
from bot.reply.telegram_html import render

ROWS = 3  # of a comparison


def brief(reply: Reply, at: datetime | None = None) -> Reply:
    """Return the short form of a reply, one message long, without buttons; with `at`, numbers say when they were read.

    What has sources is an answer of the knowledge, whose detail can be read elsewhere; anything else stays whole.
    """
    is_answer = any(isinstance(block, Sources) for block in reply.blocks)
    kept = list(_shortened(reply.blocks) if is_answer else reply.blocks)
    times: tuple[Block, ...] = (AsOf(at),) if at else ()
    while len(kept) > 1 and len(render(Reply((*kept, *times)))) > 1:
        kept.remove(max(kept[1:], key=lambda block: len("".join(render(Reply((block,)))))))
    return Reply((*kept, *times))


def _shortened(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, VersusTable):
            yield replace(block, rows=block.rows[:ROWS])
        elif not isinstance(block, Paragraph):
            yield block


def texts_of(reply: Reply) -> list[str]:
    """Return what a reply says in sentences, block by block."""
    return [block.text for block in reply.blocks if isinstance(block, Headline | Paragraph | Note)]
