"""What the records add up to: the gaps in the knowledge, and how things went day by day."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.question import Place
from bot.model.record import Candidate, Count, Day, Insight, Kind, Missed, Reason, Settled, Standing, Vector
from bot.model.verdict import Rule
from bot.store.moment import UNIT, from_number, to_number
from bot.store.tables import CANDIDATES, QUESTIONS, REMARKS, SETTLED, VOTES

MOST_MISSED = 2_000  # of the newest; comparing all with all grows with their square
LISTED = 5
MARK = 4  # digits of a group's hash that are shown
A_DAY = timedelta(days=1)
WEIGHED = (Rule.ABOVE_THRESHOLD, Rule.OUT_OF_SCOPE)  # what is answered or refused by its chance
SHARED = (Place.GROUP_ADDRESSED.value, Place.CHANNEL.value)


async def missed(connection: AsyncConnection, barely: float, classes: Collection[str]) -> tuple[Missed, ...]:
    """Return the newest questions that are gaps, or were set aside as not ours, oldest first."""
    table = QUESTIONS.c
    is_unknown = or_(table.rule == Rule.NOTHING_NEAR, table.target.in_(classes))
    reasons: Mapping[Reason, ColumnElement[bool]] = {
        Reason.UNANSWERED: and_(table.kind == Kind.REFUSED, is_unknown),
        Reason.BARELY: or_(
            table.kind == Kind.ASKED_BACK,
            and_(table.rule.in_(WEIGHED), table.score < barely, ~is_unknown),
        ),
        Reason.DISLIKED: table.id.in_(select(VOTES.c.question).where(~VOTES.c.is_up)),
        Reason.MEANT: REMARKS.c.question.is_not(None),
    }
    is_foreign = SETTLED.c.how == Settled.NOT_OURS
    asked = (
        select(
            QUESTIONS,
            SETTLED.c.how,
            REMARKS.c.entry.label("meant"),
            REMARKS.c.text.label("words"),
            *(case((condition, 1), else_=0).label(reason.name) for reason, condition in reasons.items()),
        )
        .outerjoin(SETTLED, SETTLED.c.question == table.id)
        .outerjoin(REMARKS, REMARKS.c.question == table.id)
        .where(table.text != "", or_(is_foreign, SETTLED.c.how.is_(None) & or_(*reasons.values())))
        .order_by(table.id.desc())
        .limit(MOST_MISSED)
    )
    rows = (await connection.execute(asked)).all()[::-1]
    near = await _candidates(connection, rows[0].id if rows else 0)
    return tuple(_missed(row, near.get(row.id, ())) for row in rows)


def _missed(row: Row[tuple[object, ...]], candidates: tuple[Candidate, ...]) -> Missed:
    return Missed(
        row.id,
        row.text,
        row.asker,
        tuple(reason for reason in Reason if getattr(row, reason.name)),
        row.target,
        candidates,
        (row.meant,) if row.meant else (),
        (row.words,) if row.words else (),
        Vector(row.vector, row.encoder) if row.vector else None,
        row.how is not None,
    )


async def _candidates(connection: AsyncConnection, first: int) -> Mapping[int, tuple[Candidate, ...]]:
    found: dict[int, tuple[Candidate, ...]] = {}
    near = select(CANDIDATES).where(CANDIDATES.c.question >= first)
    for row in await connection.execute(near.order_by(CANDIDATES.c.question, CANDIDATES.c.place)):
        found[row.question] = (*found.get(row.question, ()), Candidate(row.target, row.score, row.phrase))
    return found


async def insight(connection: AsyncConnection, now: datetime, days: int) -> Insight:
    """Return what happened in the last `days` days (UTC) up to now."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [today - A_DAY * back for back in range(days)][::-1]
    is_new = QUESTIONS.c.at >= to_number(starts[0])
    is_shared = QUESTIONS.c.place.in_(SHARED)
    askers = await connection.scalar(select(func.count(QUESTIONS.c.asker.distinct())).where(is_new))
    return Insight(
        await _days(connection, starts),
        askers or 0,
        await standings(connection, and_(is_new, QUESTIONS.c.kind == Kind.ANSWERED)),
        await _counts(connection, QUESTIONS.c.language, is_new),
        await _counts(connection, QUESTIONS.c.place, is_new),
        await _counts(connection, func.substr(QUESTIONS.c.chat, 1, MARK), is_new & is_shared),
    )


async def _days(connection: AsyncConnection, starts: list[datetime]) -> tuple[Day, ...]:
    table = QUESTIONS.c
    start = (table.at - table.at % (A_DAY // UNIT)).label("start")
    asked = select(start, table.kind, func.count().label("many")).where(table.at >= to_number(starts[0]))
    rows = await connection.execute(asked.group_by("start", table.kind))
    counts = {(from_number(row.start), row.kind): row.many for row in rows}
    return tuple(Day(day, tuple(counts.get((day, kind.value), 0) for kind in Kind)) for day in starts)


async def _counts(
    connection: AsyncConnection, what: ColumnElement[str], condition: ColumnElement[bool]
) -> tuple[Count, ...]:
    count = func.count().label("many")
    asked = select(what.label("name"), count).where(condition).group_by("name").order_by(count.desc(), "name")
    return tuple(Count(row.name, row.many) for row in await connection.execute(asked.limit(LISTED)))


async def standing(connection: AsyncConnection, target: str) -> Standing:
    """Return how an entry or a refusal did in all that is kept."""
    found = await standings(connection, QUESTIONS.c.target == target)
    return found[0] if found else Standing(target, 0, 0, 0)


async def standings(connection: AsyncConnection, condition: ColumnElement[bool]) -> tuple[Standing, ...]:
    """Return what answered or declined the questions of a condition, the most asked first."""
    votes = (
        select(
            VOTES.c.question,
            func.sum(case((VOTES.c.is_up, 1), else_=0)).label("ups"),
            func.sum(case((VOTES.c.is_up, 0), else_=1)).label("downs"),
        )
        .group_by(VOTES.c.question)
        .subquery()
    )
    many = func.count().label("many")
    ups, downs = (func.coalesce(func.sum(column), 0).label(column.name) for column in (votes.c.ups, votes.c.downs))
    asked = (
        select(QUESTIONS.c.target, many, ups, downs)
        .outerjoin(votes, votes.c.question == QUESTIONS.c.id)
        .where(condition)
        .group_by(QUESTIONS.c.target)
        .order_by(many.desc(), QUESTIONS.c.target)
    )
    return tuple(Standing(row.target, row.many, row.ups, row.downs) for row in await connection.execute(asked))
