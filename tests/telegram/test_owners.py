"""What only owners get: the list of claims when they ask for it, a digest when something has drifted."""

import asyncio
from collections.abc import Mapping, MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from bot.faces.simulator import LocalTelegram
from bot.faces.simulator.server import serve as serve_telegram
from bot.faces.telegram import Digest, Hearing, Sender, Server, make_application, serve
from bot.faces.telegram.digest import EVERY
from bot.pipeline import Pipeline
from bot.store import Store, open_store
from tests.bases import Base
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage
from tests.web import Web

LISTED = "claims: 0 contradicted, 0 not checkable now"
PARTS = 3  # messages that the shipped claims fill
HOUR = timedelta(hours=1)


def digest(stage: Stage, pipeline: Pipeline, store: Store, *others: int) -> Digest:
    return Digest(pipeline, Sender(stage.app.bot), store, (stage.owner.id, *others))


def drift_apart(web: Web) -> None:
    """Let BCH's fee be no longer what the texts say."""
    web.answers["/bchexplorer/api/v1/fees/recommended"]["fastestFee"] = 40


def texts(stage: Stage) -> list[str]:
    return [message.text for message in stage.telegram.sent_by_bot(stage.owner.private)]


async def test_an_owner_lists_what_live_numbers_say(stage: Stage, pipeline: Pipeline, clock: StandingClock) -> None:
    """`/drift` in private names every claim, the contradicted ones first, with date, age and source."""
    olga = stage.owner
    await pipeline.drift()  # what is slow to come the first time is there the second

    olga.say(olga.private, "/drift")
    fine = await stage.said(olga.private, PARTS)
    assert LISTED in fine[0].text
    assert "Halving at block (BTC) is 1,050,000" in "".join(message.text for message in fine)

    drift_apart(stage.web)
    clock.pass_by(timedelta(minutes=2))  # so that fees are asked for anew
    olga.say(olga.private, "/drift")
    wrong = (await stage.said(olga.private, PARTS + 1))[PARTS]
    assert (
        "The text says Next-block fee (BCH) is between 1 sat/B and 2 sat/B (2026-11-23); the chain says 40"
        in wrong.text
    )
    assert wrong.text.index("✗ live-fee") < wrong.text.index("✓")


async def test_nobody_else_gets_the_list_and_no_group_does(stage: Stage) -> None:
    """To others `/drift` is a text like any other, and in a group not even an owner gets an answer to it."""
    ann, olga = stage.person(), stage.owner
    group = stage.telegram.group("Duel", [ann, olga])

    ann.say(ann.private, "/drift")
    (answer,) = await stage.said(ann.private)
    olga.say(group, "/drift")
    olga.say(group, "/drift@duel_bot")
    silent = await stage.is_silent(group)

    assert "claims" not in answer.text
    assert silent


async def test_no_menu_shows_what_is_for_owners(stage: Stage) -> None:
    """The commands told to Telegram are those that everybody may use."""
    shown = await stage.app.bot.get_my_commands()

    assert "drift" not in {command.command for command in shown}


async def test_a_digest_comes_once_a_week_at_most(
    stage: Stage, pipeline: Pipeline, clock: StandingClock, file: Path
) -> None:
    """Nothing while all is true; one once something is contradicted; after a restart none; after a week another."""
    url = f"sqlite+aiosqlite:///{file}"
    stage.owner.start()
    await stage.said(stage.owner.private)

    async with open_store(url, clock) as store:
        await digest(stage, pipeline, store).once()
        assert len(texts(stage)) == 1
        drift_apart(stage.web)
        clock.pass_by(HOUR)
        for _ in range(3):
            await digest(stage, pipeline, store).once()
        assert len(texts(stage)) == 2
    clock.pass_by(EVERY - HOUR)
    async with open_store(url, clock) as store:
        await digest(stage, pipeline, store).once()
        assert len(texts(stage)) == 2
        clock.pass_by(HOUR)
        for _ in range(2):
            await digest(stage, pipeline, store).once()

    told = texts(stage)[1:]
    assert len(told) == 2
    assert "claims in the knowledge are contradicted by live numbers" in told[0]
    assert "✗ live-fee" in told[0]
    assert "✓" not in told[0]
    assert "once a week at most" in told[0]


async def test_sources_that_fail_write_to_nobody(stage: Stage, pipeline: Pipeline, web: Web, store: Store) -> None:
    """What cannot be checked is no reason for a message, and leaves the owner due."""
    stage.owner.start()
    await stage.said(stage.owner.private)
    web.fail("500")

    await digest(stage, pipeline, store).once()

    assert len(texts(stage)) == 1
    assert await store.begin_digest(stage.owner.id, EVERY)


async def test_who_cannot_be_reached_stays_due_and_holds_nobody_up(
    stage: Stage, pipeline: Pipeline, web: Web, store: Store
) -> None:
    """An owner who never wrote to the bot, or blocked it, is tried again; the others get theirs once."""
    drift_apart(web)
    bob = stage.person("Bob")
    bob.start()
    await stage.said(bob.private)
    twice = digest(stage, pipeline, store, bob.id)

    await twice.once()
    await twice.once()
    unreached = texts(stage)
    stage.owner.start()
    await stage.said(stage.owner.private)
    await twice.once()

    assert unreached == []
    assert len(texts(stage)) == 2
    assert len(stage.telegram.sent_by_bot(bob.private)) == 2


async def test_a_message_that_may_have_arrived_is_not_sent_again(
    stage: Stage, pipeline: Pipeline, web: Web, store: Store
) -> None:
    """Where Telegram's answer is lost, one message is there and no second one follows."""
    drift_apart(web)
    stage.owner.start()
    await stage.said(stage.owner.private)
    stage.telegram.garble_next("sendMessage", b"<html>Bad Gateway</html>", 502, acts=True)

    await digest(stage, pipeline, store).once()
    await digest(stage, pipeline, store).once()

    assert len(texts(stage)) == 2


async def test_the_running_bot_sends_the_digest_and_ends(pipeline: Pipeline, web: Web, store: Store) -> None:
    """Served over HTTP, the bot tells its owner by itself, and stops when it is told to."""
    drift_apart(web)
    telegram, stop = LocalTelegram("duel_bot"), asyncio.Event()
    olga = telegram.person("Olga")
    olga.start()
    async with serve_telegram(telegram) as base_url:
        app = make_application(pipeline, telegram.token, server=Server(base_url, base_url), owners=(olga.id,))
        digest = Digest(pipeline, Sender(app.bot), store, (olga.id,))
        running = asyncio.create_task(serve(app, Hearing(store.inbox), stop, beside=digest.run))
        both = [message.text for message in await telegram.written(olga.private, 2)]
        stop.set()
        await running

    assert any("contradicted by live numbers" in text for text in both)


async def test_a_database_that_fails_is_no_end_of_it(
    stage: Stage, pipeline: Pipeline, store: Store, file: Path
) -> None:
    """The look is logged as failed and the next one is waited for; nobody is written to."""
    drift_apart(stage.web)
    await Base(f"sqlite+aiosqlite:///{file}").run("drop table digests")
    logged: asyncio.Queue[str] = asyncio.Queue()

    def keep(_logger: object, _level: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        logged.put_nowait(event["event"])
        raise structlog.DropEvent

    structlog.configure(processors=[keep])
    running = asyncio.create_task(digest(stage, pipeline, store).run())
    event = await logged.get()

    assert event == "digest.not_sent"
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert texts(stage) == []


async def test_without_owners_nothing_is_looked_up(stage: Stage, pipeline: Pipeline, web: Web, store: Store) -> None:
    """A bot that belongs to nobody does not watch."""
    await Digest(pipeline, Sender(stage.app.bot), store, ()).run()

    assert not web.asked
