"""What owners are told when they save knowledge: one message, from the running bot."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import Settings
from bot.edition import Edition, Shelf
from bot.faces.simulator import LocalRequest, LocalTelegram
from bot.faces.telegram import Bulletin, Hearing, Sender, make_application, serve
from bot.gallery import Gallery, NoHistory
from bot.model.news import Broken, Mended, News, Passed, Short
from bot.pipeline import Pipeline
from bot.reply.news import news_reply
from bot.reply.picture.painter import Painter
from bot.reply.telegram_html import render
from bot.stats import open_desk
from bot.watch import Watcher
from bot.wiring import index, open_library, order, together
from tests.conftest import StandingClock
from tests.inboxes import open_inbox
from tests.telegram.conftest import Stage
from tests.test_watch import FEES, PACE

NEWS: dict[str, tuple[News, str]] = {
    "one problem": (
        Broken(("fees.yml:3: mend <it>",)),
        "not live: it has a problem.</b>\n\nfees.yml:3: mend &lt;it&gt;",
    ),
    "several": (Broken(("a.yml:1: one", "b.yml:2: two")), "2 problems.</b>\n\na.yml:1: one\n\nb.yml:2: two\n\n"),
    "mended": (Mended("0123456789ab"), "live again.</b>"),
    "short": (Short(("fees: 80.0% of the exam",)), "fell below its floor.</b>\n\nfees: 80.0% of the exam"),
    "passed": (Passed("0123456789ab"), "passed again.</b>"),
}


@pytest.mark.parametrize(("news", "words"), NEWS.values(), ids=NEWS)
def test_news_are_put_into_words(news: News, words: str) -> None:
    """Each kind of news is one message that says what it is."""
    (text,) = render(news_reply(news))

    assert words in text


def test_however_many_problems_there_are_the_message_is_one() -> None:
    """What does not fit is counted."""
    problems = tuple(
        f"knowledge/fees.yml:{number}: 'anwser' is not a field; did you mean 'answer'?" for number in range(500)
    )

    (text,) = render(news_reply(Broken(problems)))

    assert "500 problems" in text
    shown = text.count("anwser")
    assert f"and {500 - shown} more; python -m bot check names all." in text
    assert shown > 30


async def test_every_owner_gets_it_and_one_who_is_away_is_no_hindrance(stage: Stage) -> None:
    """Who never wrote to the bot cannot be written to; the others are."""
    away, bob = stage.person("Al"), stage.person("Bob")
    bob.start()
    await stage.said(bob.private)

    await Bulletin(Sender(stage.app.bot), (away.id, bob.id)).tell(Mended("0123456789ab"))

    assert "live again" in (await stage.said(bob.private, 2))[1].text
    assert stage.telegram.sent_by_bot(away.private) == []


@pytest.fixture
async def small(tmp_path: Path, settings: Settings, clock: StandingClock) -> AsyncIterator[tuple[Settings, Pipeline]]:
    """A pipeline over a folder of one file."""
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "fees.yml").write_text(FEES.format("low"), "utf-8")
    knowledge = settings.knowledge.model_copy(update={"path": folder, "cache": tmp_path / "cache"})
    settings = settings.model_copy(update={"knowledge": knowledge})
    library, desk = open_library(settings), open_desk({}, clock, offline=True)
    shelf = Shelf(Edition(library, index(library, settings), clock()))
    yield settings, Pipeline(shelf, desk, clock, Gallery(desk, clock, Painter(), NoHistory(clock)))
    await desk.aclose()


async def test_the_running_bot_answers_from_what_was_saved(small: tuple[Settings, Pipeline]) -> None:
    """A broken save is told to the owner and answered from by nobody; a good one is answered from at once."""
    settings, pipeline = small
    file = settings.knowledge.path / "fees.yml"
    telegram, stop = LocalTelegram("duel_bot"), asyncio.Event()
    olga, ann, bob = (telegram.person(name) for name in ("Olga", "Ann", "Bob"))
    olga.start()
    app = make_application(pipeline, telegram.token, owners=(olga.id,), request=lambda: LocalRequest(telegram))
    bulletin = Bulletin(Sender(app.bot), (olga.id,))
    watcher = Watcher(pipeline.shelf, order(settings), pipeline.clock, bulletin.tell, pace=PACE)
    async with open_inbox() as inbox:
        hears = Hearing(inbox, transport=lambda: LocalRequest(telegram))
        running = asyncio.create_task(serve(app, hears, stop, beside=lambda: together(watcher.run)))
        await telegram.written(olga.private)

        file.write_text("fees:\n  ask: [what are the fees]\n  verdikt: odd\n", "utf-8")
        broken = (await telegram.written(olga.private, 2))[1].text
        ann.say(ann.private, "what are the fees")
        before = (await telegram.written(ann.private))[0].text
        file.write_text(FEES.format("tiny"), "utf-8")
        mended = (await telegram.written(olga.private, 3))[2].text
        bob.say(bob.private, "what are the fees")
        after = (await telegram.written(bob.private))[0].text
        stop.set()
        await running

    assert f"{file}:3: 'verdikt' is not a field; did you mean 'verdict'?" in broken
    assert "Fees are low." in before
    assert "live again" in mended
    assert "Fees are tiny." in after
