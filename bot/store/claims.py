"""What a program asks the database of the inbox: what waits, which lanes are free, and who is to be told."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, LargeBinary, Select, Text, cast, func, literal, select
from sqlalchemy.dialects import postgresql

from bot.model.incoming import Incoming
from bot.store.moment import to_number
from bot.store.tables import INBOX

KEPT = ("update_id", "lane", "body", "received_at")
CHANNEL = "btc_bch_bot_inbox"
FAR = 1_000  # lanes looked through for free ones


def keeping(batch: Sequence[Incoming]) -> Select[Any]:
    """Put updates into the inbox and tell those whose lanes they are; return the ids of those that were not there."""
    rows = sorted(batch, key=lambda one: one.update_id)  # in one order, so that programs wait in a line
    values = (
        numbers([one.update_id for one in rows]),
        numbers([one.lane for one in rows]),
        literal([one.body for one in rows], ARRAY(LargeBinary)),
        numbers([to_number(one.received_at) for one in rows]),
    )
    given = func.unnest(*values).table_valued(*KEPT, name="given").render_derived()
    put = postgresql.insert(INBOX).from_select([*KEPT, "why"], select(*given.c, literal("")))
    new = put.on_conflict_do_nothing().returning(INBOX.c.update_id, INBOX.c.lane).cte("new")
    return select(new.c.update_id, func.pg_notify(CHANNEL, cast(new.c.lane, Text)))


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
