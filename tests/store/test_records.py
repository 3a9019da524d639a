"""Questions, votes and remarks on real databases: how they are hashed, how long they are kept, what they add up to."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreError
from bot.model.question import Place
from bot.model.record import Asked, Candidate, Count, Decision, Kept, Kind, Reason, Settled, Spot, Standing, Tally
from bot.model.schedule import Post, read_timing
from bot.model.verdict import Rule
from bot.store import Records, open_store
from tests.bases import Base
from tests.conftest import StandingClock

ANN, BOB, OLGA = 111_111_111, 222_222_222, 333_333_333
DAY = timedelta(days=1)


@pytest.fixture
async def records(url: str, clock: StandingClock) -> AsyncIterator[Records]:
    async with open_store(url, clock) as store:
        yield await store.records()


def content(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.glob("bot.db*"))


def asked(at: datetime, message: int = 1, asker: int = ANN, text: str = "what is a dust limit") -> Asked:
    return Asked(
        text=text,
        language="en",
        place=Place.PRIVATE,
        spot=Spot(asker, message),
        asker=asker,
        kind=Kind.REFUSED,
        target="",
        score=0.2,
        rule=Rule.NOTHING_NEAR,
        candidates=(Candidate("fees", 0.2, "how high are fees"), Candidate("beyond", 0.1, "what is a port")),
        vector=None,
        at=at,
    )


async def test_a_decision_comes_back_as_it_was(records: Records, clock: StandingClock) -> None:
    """What was found, the chances and the rule are there for whoever asks why; another spot knows nothing."""
    one = asked(clock.now)
    await records.note(one)

    assert await records.decision(one.spot) == Decision(one.kind, "", 0.2, one.rule, one.candidates)
    assert await records.decision(Spot(ANN, 2)) is None


VOTES = {
    "up": ([(ANN, True, False)], Tally(1, 0, True)),
    "changed": ([(ANN, True, False), (ANN, False, False)], Tally(0, 1, False)),
    "pressed twice": ([(ANN, True, True), (ANN, True, True)], Tally(0, 0, None)),
    "the other pressed": ([(ANN, True, True), (ANN, False, True)], Tally(0, 1, False)),
    "set twice": ([(ANN, True, False), (ANN, True, False)], Tally(1, 0, True)),
    "taken back": ([(ANN, True, False), (ANN, None, False)], Tally(0, 0, None)),
    "of two": ([(ANN, True, False), (BOB, False, False)], Tally(1, 1, False)),
}


@pytest.mark.parametrize(("steps", "tally"), VOTES.values(), ids=VOTES)
async def test_one_vote_a_person(
    records: Records, clock: StandingClock, steps: list[tuple[int, bool | None, bool]], tally: Tally
) -> None:
    """A vote can be changed and withdrawn, and nobody has two."""
    one = asked(clock.now)
    await records.note(one)

    seen = [await records.vote(one.spot, voter, choice, toggles=toggles) for voter, choice, toggles in steps]

    assert seen[-1] == tally


async def test_votes_at_once_are_all_counted(records: Records, clock: StandingClock) -> None:
    """Many people may press in the same moment."""
    one = asked(clock.now)
    await records.note(one)

    await asyncio.gather(*(records.vote(one.spot, 1_000 + number, choice=True) for number in range(20)))

    assert await records.vote(one.spot, ANN, choice=False) == Tally(20, 1, False)


async def test_what_is_not_kept_cannot_be_voted_on(records: Records, base: Base) -> None:
    """A vote on a message that answers nothing is turned down."""
    assert await records.vote(Spot(ANN, 9), ANN, choice=True) is None
    assert not await records.remark(Spot(ANN, 9), ANN, "fees")
    assert await base.rows("select * from votes") == []


async def test_ids_are_kept_as_salted_hashes(url: str, base: Base, clock: StandingClock) -> None:
    """The salt is made once, and another one from outside takes its place."""
    one = asked(clock.now)
    for salt in ("", "", "pepper"):
        async with open_store(url, clock) as store:
            records = await store.records(salt)
            await records.note(one)
            await records.vote(one.spot, ANN, choice=True)

    hashes = await base.rows("select asker, chat, answer from questions")
    assert len(hashes) == 2
    assert len({part for row in hashes for part in row}) == 6
    assert len(await base.rows("select salt from salts")) == 1


async def test_the_next_question_says_what_the_last_one_meant(records: Records, clock: StandingClock) -> None:
    """Of the same asker in the same chat within ten minutes, once."""
    await records.note(asked(clock.now))
    await records.remark(Spot(ANN, 1), ANN, "")
    await records.note(asked(clock.now, 2, BOB, "of bob"))
    await records.note(asked(clock.now, 3, text="in other words"))
    await records.note(asked(clock.now, 4, text="a third"))
    await records.remark(Spot(ANN, 4), ANN, "")
    await records.note(asked(clock.now + timedelta(minutes=11), 5, text="too late"))

    words = {one.text: one.words for one in await records.missed(0.7)}

    assert words["what is a dust limit"] == ("in other words",)
    assert words["a third"] == ()


async def test_only_the_asker_remarks(records: Records, clock: StandingClock) -> None:
    """What somebody else says was meant is not kept; a second word takes the place of the first."""
    one = asked(clock.now)
    await records.note(one)

    assert not await records.remark(one.spot, BOB, "fees")
    assert await records.remark(one.spot, ANN, "fees")
    assert await records.remark(one.spot, ANN, "halving")
    assert [missed.meant for missed in await records.missed(0.7)] == [("halving",)]


MISSED = {
    "unanswered": ({}, [Reason.UNANSWERED]),
    "of a class that is a gap": (
        {"rule": Rule.OUT_OF_SCOPE, "target": "beyond", "score": 0.9},
        [Reason.UNANSWERED],
    ),
    "refused by name": ({"rule": Rule.OUT_OF_SCOPE, "target": "price-prediction", "score": 0.9}, None),
    "hardly refused": ({"rule": Rule.OUT_OF_SCOPE, "target": "insult", "score": 0.3}, [Reason.BARELY]),
    "asked back": ({"kind": Kind.ASKED_BACK, "rule": Rule.CLOSE_CALL}, [Reason.BARELY]),
    "hardly answered": ({"kind": Kind.ANSWERED, "rule": Rule.ABOVE_THRESHOLD, "score": 0.69}, [Reason.BARELY]),
    "answered": ({"kind": Kind.ANSWERED, "rule": Rule.ABOVE_THRESHOLD, "score": 0.7}, None),
    "worked out": ({"kind": Kind.ANSWERED, "rule": Rule.WORKED_OUT}, None),
    "without words": ({"rule": Rule.EMPTY}, None),
    "a secret": ({"rule": Rule.SECRET}, None),
    "silent": ({"kind": Kind.SILENT, "rule": Rule.OUT_OF_SCOPE, "text": ""}, None),
}


@pytest.mark.parametrize(("changes", "reasons"), MISSED.values(), ids=MISSED)
async def test_what_is_a_gap(
    records: Records, clock: StandingClock, changes: dict[str, Any], reasons: list[Reason] | None
) -> None:
    """Unanswered or barely answered; what is refused by name surely is none."""
    await records.note(replace(asked(clock.now), **changes))

    found = [list(one.reasons) for one in await records.missed(0.7, ["beyond"])]

    assert found == ([reasons] if reasons else [])


async def test_a_disliked_answer_is_a_gap_while_it_is_disliked(records: Records, clock: StandingClock) -> None:
    """A 👎 makes one of the surest answer, and taken back it does not."""
    one = replace(asked(clock.now), kind=Kind.ANSWERED, rule=Rule.ABOVE_THRESHOLD, score=1.0)
    await records.note(one)
    await records.vote(one.spot, ANN, choice=True)

    before = await records.missed(0.7)
    await records.vote(one.spot, BOB, choice=False)
    disliked = await records.missed(0.7)
    await records.vote(one.spot, BOB, choice=None)

    assert (before, await records.missed(0.7)) == ((), ())
    assert [missed.reasons for missed in disliked] == [(Reason.DISLIKED,)]


async def test_what_owners_settled(records: Records, clock: StandingClock) -> None:
    """What is not ours stays as a landmark, what became knowledge is gone; questions that are not there pass."""
    for number in (1, 2, 3):
        await records.note(asked(clock.now, number))
    first, second, _ = (one.id for one in await records.missed(0.7))

    await records.settle([first, 999], Settled.NOT_OURS, OLGA)
    await records.settle([second], Settled.NOT_OURS, OLGA)
    await records.settle([second], Settled.DRAFT, OLGA)

    assert [one.is_foreign for one in await records.missed(0.7)] == [True, False]


async def test_questions_are_kept_for_their_time(records: Records, clock: StandingClock, base: Base) -> None:
    """After it they are deleted with all that hangs on them."""
    old = asked(clock.now, text="an old question about llamas")
    await records.note(old)
    await records.vote(old.spot, BOB, choice=False)
    await records.remark(old.spot, ANN, "fees")
    (missed,) = await records.missed(0.7)
    await records.settle([missed.id], Settled.NOT_OURS, OLGA)
    clock.pass_by(90 * DAY)
    await records.note(asked(clock.now, 2))

    await records.expire(90 * DAY)
    on_the_day = len(await base.rows("select 1 from questions"))
    clock.pass_by(timedelta(seconds=1))
    await records.expire(90 * DAY)

    assert on_the_day == 2
    assert len(await base.rows("select 1 from questions")) == 1
    assert await base.rows("select question from votes union select question from remarks") == []
    assert await base.rows("select * from settled") == []
    assert len(await base.rows("select 1 from candidates")) == 2


async def test_a_file_holds_no_ids_and_nothing_that_was_deleted(
    file: Path, file_url: str, clock: StandingClock
) -> None:
    """Neither who asked stands in a SQLite file, nor, once it is deleted, what."""
    async with open_store(file_url, clock) as store:
        records = await store.records()
        await records.note(asked(clock.now, text="an old question about llamas"))
        with sqlite3.connect(file) as database:
            database.execute("pragma wal_checkpoint(truncate)")
        before = content(file)
        clock.pass_by(timedelta(days=91))
        await records.expire(90 * DAY)
        with sqlite3.connect(file) as database:
            database.execute("pragma wal_checkpoint(truncate)")

        assert b"llamas" in before
        assert b"llamas" not in content(file)
        assert str(ANN).encode() not in before


async def test_forgetting_takes_everything_of_one_and_nothing_of_others(
    records: Records, clock: StandingClock, base: Base
) -> None:
    """Questions, votes, remarks and an owner's digest."""
    mine, theirs = asked(clock.now), asked(clock.now, 2, BOB)
    for one in (mine, theirs):
        await records.note(one)
        await records.remark(one.spot, one.asker, "fees")
        for voter in (ANN, BOB):
            await records.vote(one.spot, voter, choice=True)
        await records.subscribe(one.asker, is_on=True)
    assert await records.kept(ANN) == Kept(1, 2, 1)

    await records.forget(ANN)

    assert await records.kept(ANN) == Kept(0, 0, 0)
    assert await records.kept(BOB) == Kept(1, 1, 1)
    assert await base.rows("select owner from weekly") == [(BOB,)]


async def test_insight_counts_by_day_entry_language_and_place(records: Records, clock: StandingClock) -> None:
    """Every day is there, also one without questions; what is older is not counted."""
    answered = replace(asked(clock.now), kind=Kind.ANSWERED, rule=Rule.ABOVE_THRESHOLD, target="fees")
    await records.note(replace(answered, at=clock.now - 3 * DAY))
    await records.note(replace(answered, spot=Spot(BOB, 2), asker=BOB, language="de"))
    group = replace(answered, spot=Spot(-5, 3), place=Place.GROUP_ADDRESSED, at=clock.now - DAY)
    await records.note(replace(group, target="halving"))
    await records.note(replace(group, spot=Spot(-5, 4), kind=Kind.SILENT, text=""))
    await records.vote(Spot(BOB, 2), BOB, choice=True)
    await records.vote(Spot(BOB, 2), ANN, choice=False)
    await records.vote(Spot(-5, 3), ANN, choice=False)

    insight = await records.insight(3)

    assert [day.counts for day in insight.days] == [(0, 0, 0, 0), (1, 0, 0, 1), (1, 0, 0, 0)]
    assert insight.days[-1].start == clock.now.replace(hour=0)
    assert insight.askers == 2
    assert insight.entries == (Standing("fees", 1, 1, 1), Standing("halving", 1, 0, 1))
    assert insight.languages == (Count("en", 2), Count("de", 1))
    assert insight.places == (Count("group-addressed", 2), Count("private", 1))
    ((name, count),) = [(one.name, one.count) for one in insight.groups]
    assert (len(name), count) == (4, 2)


async def test_an_entry_knows_how_it_did(records: Records, clock: StandingClock) -> None:
    """Questions that led to it, answers praised and blamed; another one's do not count."""
    answered = replace(asked(clock.now), kind=Kind.ANSWERED, rule=Rule.ABOVE_THRESHOLD, target="fees")
    await records.note(answered)
    await records.note(replace(answered, spot=Spot(BOB, 2), asker=BOB))
    await records.note(replace(answered, spot=Spot(BOB, 3), asker=BOB, target="halving"))
    await records.vote(Spot(BOB, 2), BOB, choice=True)
    await records.vote(Spot(BOB, 3), BOB, choice=False)

    assert await records.standing("fees") == Standing("fees", 2, 1, 0)
    assert await records.standing("nobody") == Standing("nobody", 0, 0, 0)


async def test_who_wants_the_gaps_is_due_once_a_week(records: Records, clock: StandingClock) -> None:
    """The first time a week after they said so; one that did not arrive is due again."""
    week = 7 * DAY
    due = [await records.begin_weekly(OLGA, week)]
    await records.subscribe(OLGA, is_on=True)
    due.append(await records.begin_weekly(OLGA, week))
    clock.pass_by(week)
    await records.subscribe(OLGA, is_on=True)
    due += [await records.begin_weekly(OLGA, week) for _ in range(2)]
    await records.forget_weekly(OLGA)
    due.append(await records.begin_weekly(OLGA, week))
    await records.subscribe(OLGA, is_on=False)
    clock.pass_by(week)
    due.append(await records.begin_weekly(OLGA, week))

    assert due == [False, False, True, False, True, False]


async def test_a_database_that_fails_says_so(records: Records, clock: StandingClock, base: Base) -> None:
    """What goes wrong is an error of the store."""
    await base.run("drop table votes")

    with pytest.raises(StoreError):
        await records.kept(ANN)


async def test_what_a_database_cannot_take_is_an_error_of_the_store(records: Records, clock: StandingClock) -> None:
    """Half a sign is refused by the driver, not by the database; whoever writes goes on all the same."""
    with pytest.raises(StoreError):
        await records.note(asked(clock.now, text="\ud800"))


async def test_planned_posts_are_deleted_as_well(base: Base, clock: StandingClock) -> None:
    """With their posts, drafts, and who let the bot into a channel; those of others stay."""
    async with open_store(base.url, clock) as store:
        records, timing = await store.records(), read_timing("daily 09:00", "UTC")
        plans = [await store.schedules.add(person, -5, "fees", timing) for person in (ANN, BOB)]
        for plan in plans:
            assert plan
            assert await store.schedules.claim(plan.id, timing.latest(clock.now))
            await store.drafts.keep(plan.person, -5, "fees", Post(("text",)))
        await store.drafts.may_post(-5, ANN)
        assert (await records.kept(ANN)).plans == 1

        await records.forget(ANN)

        assert await records.kept(ANN) == Kept(0, 0, 0)
        assert await store.drafts.channels(ANN) == (-5,)
    assert await base.rows("SELECT person FROM plans") == [(BOB,)]
    assert await base.rows("SELECT person FROM drafts_of_posts") == [(BOB,)]
    assert len(await base.rows("SELECT * FROM posts")) == 1
    assert await base.rows("SELECT added_by FROM channels") == [(0,)]
