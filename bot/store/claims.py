"""What a program asks the database of the inbox: what waits, which lanes are free, and who is to be told."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, func, literal, select

from bot.store.tables import INBOX

CHANNEL = "btc_bch_bot_inbox"
FAR = 1_000  # lanes looked through for free ones


def announcement(lanes: Collection[int]) -> Select[Any]:
    """Return what tells those whose lanes these are, once it is committed, that there is something new."""
    return select(func.pg_notify(CHANNEL, " ".join(map(str, sorted(lanes)))))


def numbers(values: Sequence[int]) -> Any:
    """Return numbers as one parameter, so that there is one statement for however many."""
    return literal(list(values), ARRAY(BigInteger))


def free_lanes(held: Sequence[int], most: int) -> Select[Any]:
    """Lock lanes where something waits, those first that have waited longest, and return them."""
    table = INBOX.c
    found = (
        select(table.lane)
        .where(table.finished_at.is_(None), table.lane != func.all(numbers(held)))
        .group_by(table.lane)
        .order_by(func.min(table.update_id))
        .limit(FAR)
        .subquery()
    )
    return select(found.c.lane).where(func.pg_try_advisory_lock(found.c.lane)).limit(most)


def waiting(lanes: Sequence[int], known: Sequence[int], most: int) -> Select[Any]:
    """Return what waits in some lanes, oldest first, but for some updates."""
    table = INBOX.c
    return (
        select(table.update_id, table.lane, table.body, table.received_at)
        .where(table.finished_at.is_(None), table.lane == func.any(numbers(lanes)))
        .where(table.update_id != func.all(numbers(known)))
        .order_by(table.update_id)
        .limit(most)
    )
