"""Shows prices in other money as well."""

from dataclasses import replace

from bot.model.quote import Snapshot
from bot.model.reply import Block, LiveTable, Reply


def has_row(reply: Reply, key: str) -> bool:
    """Tell whether a reply shows a statistic."""
    tables = (block for block in reply.blocks if isinstance(block, LiveTable))
    return any(snapshot.stat.key == key for table in tables for snapshot in table.snapshots)


def with_row(reply: Reply, after: str, added: Snapshot) -> Reply:
    """Return a reply with a row more in each live table, below that of another statistic."""
    return replace(reply, blocks=tuple(_longer(block, after, added) for block in reply.blocks))


def _longer(block: Block, after: str, added: Snapshot) -> Block:
    if not isinstance(block, LiveTable):
        return block
    pairs = ((one, added) if one.stat.key == after else (one,) for one in block.snapshots)
    return replace(block, snapshots=tuple(snapshot for pair in pairs for snapshot in pair))
