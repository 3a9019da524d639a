"""The records: questions, votes and remarks, by hashes of who and where; and what owners did about gaps."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Update, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.model.clock import Clock
from bot.model.record import Asked, Candidate, Decision, Insight, Kept, Kind, Missed, Settled, Spot, Standing, Tally
from bot.model.verdict import Rule
from bot.store import reports
from bot.store.engine import begun, is_shared
from bot.store.hashing import Hasher
from bot.store.moment import to_number
from bot.store.tables import (
    ALERTS,
    CANDIDATES,
    CHANNELS,
    CHATS,
    DIGESTS,
    DRAFTS_OF_POSTS,
    PLANS,
    QUESTIONS,
    REMARKS,
    SETTLED,
    VOTES,
    WEEKLY,
)

ASKED_ANEW = timedelta(minutes=10)  # in which the next question of somebody says what the last one meant
SPOT = "spot"
# Statements that are the same however many rows there are: a database keeps each other one, with room for all of them.
FORGOTTEN = delete(QUESTIONS).where(QUESTIONS.c.answer == bindparam(SPOT))
_NEAR = ("place", "target", "score", "phrase")
NEAR = insert(CANDIDATES).from_select(
    ["question", *_NEAR],
    select(QUESTIONS.c.id, *(bindparam(name, type_=CANDIDATES.c[name].type) for name in _NEAR)).where(
        QUESTIONS.c.answer == bindparam(SPOT)
    ),
)
IS_OPEN = (REMARKS.c.entry == "") & (REMARKS.c.text == "")  # a remark that waits for that question


class Records:
    """Reads and writes; each call is one transaction, and raises `StoreError` where the database fails.

    Ids of people and chats come in as they are, and are hashed before they go anywhere.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock, hasher: Hasher) -> None:
        self._engine = engine
        self._clock = clock
        self._hasher = hasher
        self._insert = postgresql.insert if is_shared(engine) else sqlite.insert

    async def note(self, *asked: Asked) -> None:
        """Keep questions; one that was edited takes the place of what it was, votes and all."""
        latest = {str(row["answer"]): (row, one) for row, one in ((self._row(one), one) for one in asked)}
        near = [
            {SPOT: answer, "place": place, "target": one.target, "score": one.score, "phrase": one.phrase}
            for answer, (_, noted) in latest.items()
            for place, one in enumerate(noted.candidates)
        ]
        async with begun(self._engine) as connection:
            await connection.execute(FORGOTTEN, [{SPOT: answer} for answer in latest])
            await connection.execute(self._insert(QUESTIONS), [row for row, _ in latest.values()])
            if near:
                await connection.execute(NEAR, near)
            if await connection.scalar(select(REMARKS.c.question).where(IS_OPEN).limit(1)) is not None:
                for row, one in latest.values():
                    if one.text:
                        await connection.execute(_said_anew(row, to_number(one.at - ASKED_ANEW)))

    def _row(self, asked: Asked) -> dict[str, object]:
        return {
            "answer": self._hasher.spot(asked.spot),
            "asker": self._hasher.person(asked.asker),
            "chat": self._hasher.chat(asked.spot.chat),
            "place": asked.place.value,
            "language": asked.language,
            "text": asked.text,
            "kind": asked.kind.value,
            "target": asked.target,
            "score": asked.score,
            "rule": asked.rule.value,
            "at": to_number(asked.at),
            "vector": asked.vector.steps if asked.vector else None,
            "encoder": asked.vector.version if asked.vector else "",
        }

    async def decision(self, spot: Spot) -> Decision | None:
        """Return how the question was decided whose answer stands there; None if it is not kept."""
        async with begun(self._engine) as connection:
            row = (await connection.execute(select(QUESTIONS).where(self._is_at(spot)))).one_or_none()
            if row is None:
                return None
            near = select(CANDIDATES).where(CANDIDATES.c.question == row.id).order_by(CANDIDATES.c.place)
            candidates = tuple(Candidate(one.target, one.score, one.phrase) for one in await connection.execute(near))
        return Decision(Kind(row.kind), row.target, row.score, Rule(row.rule), candidates)

    async def vote(self, spot: Spot, voter: int, choice: bool | None, *, toggles: bool = False) -> Tally | None:
        """Set somebody's vote on an answer; with `toggles` the vote they have is withdrawn. None if it is not kept."""
        person = self._hasher.person(voter)
        async with begun(self._engine) as connection:
            key = await connection.scalar(select(QUESTIONS.c.id).where(self._is_at(spot)))
            if key is None:
                return None
            own = (VOTES.c.question == key) & (VOTES.c.asker == person)
            before = await connection.scalar(select(VOTES.c.is_up).where(own))
            after = None if toggles and before is choice else choice
            await connection.execute(delete(VOTES).where(own))
            if after is not None:
                values = {"question": key, "asker": person, "is_up": after, "at": to_number(self._clock())}
                await connection.execute(self._insert(VOTES).values(values))
            votes = (await connection.scalars(select(VOTES.c.is_up).where(VOTES.c.question == key))).all()
        return Tally(sum(votes), len(votes) - sum(votes), after)

    async def remark(self, spot: Spot, asker: int, entry: str) -> bool:
        """Keep which entry the asker of a question meant; no entry says that the next question tells.

        Return False where the question is not kept, or is somebody else's.
        """
        person = self._hasher.person(asker)
        own = select(QUESTIONS.c.id).where(self._is_at(spot), QUESTIONS.c.asker == person)
        async with begun(self._engine) as connection:
            key = await connection.scalar(own)
            if key is None:
                return False
            values = {"question": key, "asker": person, "entry": entry, "text": "", "at": to_number(self._clock())}
            put = self._insert(REMARKS).values(values)
            changes = {name: put.excluded[name] for name in ("entry", "text", "at")}
            await connection.execute(put.on_conflict_do_update(index_elements=["question"], set_=changes))
        return True

    async def missed(self, barely: float, classes: Collection[str] = ()) -> tuple[Missed, ...]:
        """Return the questions that are gaps, oldest first.

        Answers and refusals below a chance of `barely` are, and what was refused as one of `classes`.
        """
        async with begun(self._engine) as connection:
            return await reports.missed(connection, barely, classes)

    async def settle(self, questions: Sequence[int], how: Settled, owner: int) -> None:
        """Keep what an owner did about questions; those that are not kept any more are passed over."""
        now = to_number(self._clock())
        there = select(QUESTIONS.c.id, literal(how.value), literal(owner), literal(now))
        put = self._insert(SETTLED).from_select(
            ["question", "how", "owner", "at"], there.where(QUESTIONS.c.id.in_(questions))
        )
        changes = {name: put.excluded[name] for name in ("how", "owner", "at")}
        async with begun(self._engine) as connection:
            await connection.execute(put.on_conflict_do_update(index_elements=["question"], set_=changes))

    async def insight(self, days: int) -> Insight:
        """Return what happened in the last `days` days, today among them."""
        async with begun(self._engine) as connection:
            return await reports.insight(connection, self._clock(), days)

    async def standing(self, target: str) -> Standing:
        """Return how an entry or a refusal, by its id, did in all that is kept."""
        async with begun(self._engine) as connection:
            return await reports.standing(connection, target)

    async def kept(self, person: int) -> Kept:
        """Return how much there is of somebody."""
        own = self._hasher.person(person)
        async with begun(self._engine) as connection:
            counts = [
                await connection.scalar(select(func.count()).select_from(table).where(table.c.asker == own)) or 0
                for table in (QUESTIONS, VOTES, REMARKS)
            ]
            by_id = (
                CHATS.c.id == person,
                (ALERTS.c.asker == person) & ALERTS.c.is_confirmed,
                PLANS.c.person == person,
            )
            counts += [await connection.scalar(select(func.count()).where(one)) or 0 for one in by_id]
        return Kept(*counts)

    async def forget(self, person: int) -> None:
        """Delete everything of somebody: questions and what hangs on them, votes, remarks, settings, alerts, plans."""
        own = self._hasher.person(person)
        async with begun(self._engine) as connection:
            for table in (REMARKS, VOTES, QUESTIONS):
                await connection.execute(delete(table).where(table.c.asker == own))
            await connection.execute(delete(ALERTS).where(ALERTS.c.asker == person))
            for digests in (WEEKLY, DIGESTS):
                await connection.execute(delete(digests).where(digests.c.owner == person))
            await connection.execute(delete(CHATS).where(CHATS.c.id == person))
            for posts in (PLANS, DRAFTS_OF_POSTS):
                await connection.execute(delete(posts).where(posts.c.person == person))
            await connection.execute(update(CHANNELS).where(CHANNELS.c.added_by == person).values(added_by=0))

    async def expire(self, keep: timedelta) -> None:
        """Delete the questions that are older than that, with all that hangs on them."""
        async with begun(self._engine) as connection:
            await connection.execute(delete(QUESTIONS).where(QUESTIONS.c.at < to_number(self._clock() - keep)))

    async def subscribe(self, owner: int, *, is_on: bool) -> None:
        """Let an owner get the gaps once a week from now on, or no more."""
        put = self._insert(WEEKLY).values(owner=owner, sent_at=to_number(self._clock())).on_conflict_do_nothing()
        async with begun(self._engine) as connection:
            await connection.execute(put if is_on else delete(WEEKLY).where(WEEKLY.c.owner == owner))

    async def begin_weekly(self, owner: int, every: timedelta) -> bool:
        """Note that a subscriber is sent the gaps now; return False, noting nothing, if it is too early."""
        now = self._clock()
        is_due = (WEEKLY.c.owner == owner) & (WEEKLY.c.sent_at <= to_number(now - every))
        put = update(WEEKLY).where(is_due).values(sent_at=to_number(now)).returning(WEEKLY.c.owner)
        async with begun(self._engine) as connection:
            return (await connection.execute(put)).first() is not None

    async def forget_weekly(self, owner: int) -> None:
        """Note that a subscriber was not sent the gaps after all."""
        async with begun(self._engine) as connection:
            await connection.execute(update(WEEKLY).where(WEEKLY.c.owner == owner).values(sent_at=0))

    def _is_at(self, spot: Spot) -> ColumnElement[bool]:
        return QUESTIONS.c.answer == self._hasher.spot(spot)


def _said_anew(row: dict[str, object], since: int) -> Update:
    """Give the asker's open remark in this chat the words of a new question."""
    here = select(QUESTIONS.c.id).where(QUESTIONS.c.chat == row["chat"])
    is_own = (REMARKS.c.asker == row["asker"]) & REMARKS.c.question.in_(here)
    return update(REMARKS).where(is_own, IS_OPEN, REMARKS.c.at >= since).values(text=row["text"])
