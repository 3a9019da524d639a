"""Inline mode: what is offered to whoever types behind the bot's name, and what becomes of it."""

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pytest
from telegram.ext import InlineQueryHandler

from bot.edition import Edition
from bot.faces.simulator.inline import Query
from bot.faces.telegram.away import name_of
from bot.journal import Journal
from bot.match import Matcher
from bot.model.knowledge import Library
from bot.model.question import Place
from bot.offers import BEST, Offers
from bot.pipeline import Pipeline
from bot.reply.telegram_html import LIMIT, render
from bot.text import utf16_length
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage, open_stage
from tests.web import Web

SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"
TAG = re.compile(r"<[^>]*>")
FORK = "Why Bitcoin Cash split off"


@dataclass(frozen=True, slots=True)
class Case:
    """What is typed; how the first title begins; what its text holds; for how many seconds Telegram keeps it."""

    typed: str
    title: str
    text: str
    seconds: int | None = None
    is_all: bool = False


CASES = {
    "a question": Case("why did bch fork", FORK, "2017"),
    "typos": Case("y did bch frok", FORK, "2017"),
    "live numbers": Case("fees", "Fees", "sat/vB"),
    "live numbers with their time": Case("fees now", "Fees now", "As of 2026-11-23, 12:00 UTC"),
    "an id": Case("#fork-reason", FORK, "2017", 3600, is_all=True),
    "an id in capitals": Case("  #Fork-Reason ", FORK, "2017", 3600, is_all=True),
    "an id with live numbers": Case("#live-fee", "Fees now", "ago", 45, is_all=True),
    "part of an id": Case("#fork-re", FORK, "2017", 3600, is_all=True),
    "no such id": Case("#qwrtzxcv", "No checked answer to that", "I have no checked answer"),
    "the sign of an id alone": Case("#", "", ""),
    "a sum": Case("100 eur in bch", "€100 ≈ 0.2554 BCH", "1 BCH = €391.50", 30),
    "a cost": Case("what does it cost to send $25", "Sending $25 costs", "P2WPKH", 30),
    "a chart, which would be a picture": Case("chart of the bch price", "", ""),
    "a refusal by name": Case("will bch moon", "Price predictions", "I don't predict prices"),
    "nothing that is checked": Case("qwrt zxcv plkj", "No checked answer to that", "I have no checked answer"),
    "a secret": Case(SEED, "That looks like a secret", "Treat it as stolen", 0, is_all=True),
    "a secret behind an id": Case(f"#{SEED}", "That looks like a secret", "Treat it as stolen", 0, is_all=True),
    "markup": Case("<b>why</b> did <bch> & fork", FORK, "2017"),
    "no words": Case("🚀🚀", "The main differences", ""),
    "nothing": Case("", "The main differences", ""),
    "more than is read": Case("why did bch fork " + "x" * 400, "", ""),
}


async def offered(stage: Stage, typed: str, offset: str = "") -> Query:
    """Type something and wait for what is offered."""
    query = stage.person().inquire(typed, offset)
    await stage.telegram.wait_for(lambda: query.answer)
    return query


def told(query: Query) -> dict[str, Any]:
    assert query.answer
    return query.answer


def text_of(result: dict[str, Any]) -> str:
    return unescape(TAG.sub("", result["input_message_content"]["message_text"]))


def entries_of(query: Query) -> list[str]:
    return [result["id"].removeprefix("a_").partition("V")[0] for result in query.results]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_is_offered(stage: Stage, case: Case) -> None:
    """Three results at most, each with a title and a description; no picture stands beside them."""
    query = await offered(stage, case.typed)

    answer, results = told(query), query.results
    assert 1 <= len(results) <= BEST
    assert results[0]["title"].startswith(case.title)
    assert case.text in text_of(results[0])
    assert all(result["description"] and "thumbnail_url" not in result for result in results)
    assert case.seconds is None or answer["cache_time"] == case.seconds
    assert answer["is_personal"] is (case.seconds == 0)
    assert not case.is_all or (len(results), answer["next_offset"]) == (1, "")
    assert not [call for call in stage.telegram.calls if call.refused]


async def test_pages_hold_everything_once(stage: Stage, library: Library) -> None:
    """With nothing typed, every answer can be reached, three at a time, the overview first."""
    found: list[str] = []
    offset = ""
    for _ in range(4):
        query = await offered(stage, "", offset)
        found += entries_of(query)
        offset = told(query)["next_offset"]

    assert offset == "4"
    assert found[0] == library.packs["btc-vs-bch"].home
    assert len(set(found)) == 4 * BEST
    assert found[1:] == [key for key in library.packs["btc-vs-bch"].entries if key in found[1:]]


async def test_the_last_page_leads_nowhere(stage: Stage, library: Library) -> None:
    """Nor does an offset that is none of ours."""
    last = (len(library.entries) - 1) // BEST

    there, beyond, strange = [await offered(stage, "", offset) for offset in (str(last), str(last + 1), "[]")]

    assert there.results
    assert beyond.results == strange.results == []
    assert {told(query)["next_offset"] for query in (there, beyond, strange)} == {""}


async def test_what_is_asked_most_comes_first(kept: Stage) -> None:
    ann = kept.person()
    for _ in range(2):
        ann.say(ann.private, "when is the halving")
    ann.say(ann.private, "why did bch fork")
    await kept.said(ann.private, 3)

    query = await offered(kept, "")

    assert entries_of(query)[1] == "fork-reason"
    assert "halving" in entries_of(query)[0]


def offers_of(stage: Stage) -> Offers:
    """Return what remembers verdicts in the running bot."""
    (handler,) = (one for one in stage.app.handlers[0] if isinstance(one, InlineQueryHandler))
    offers: Offers = handler.callback.__self__.offers  # type: ignore[attr-defined]
    return offers


async def test_of_letters_typed_in_a_row_the_last_is_answered(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    typed = [ann.inquire("why did bch fork"[:letters]) for letters in (3, 9, 16)]
    other = bob.inquire("fees")

    await stage.telegram.wait_for(lambda: typed[-1].answer and other.answer)
    await stage.telegram.taken()

    assert [query.answer is None for query in typed] == [True, True, False]
    assert len(stage.telegram.calls_of("answerInlineQuery")) == 2
    assert {text for _, text in offers_of(stage).verdicts} == {"why did bch fork", "fees"}


async def test_a_text_is_read_once_for_each_edition(pipeline: Pipeline, library: Library, matcher: Matcher) -> None:
    offers = Offers(pipeline, Journal())

    for typed in ("fees", "FEES", " fees "):
        await offers.page(typed, 0)
    await offers.page("fees", 1)
    assert len(offers.verdicts) == 1

    pipeline.shelf.current = Edition(replace(library, version="another"), matcher, pipeline.clock())
    await offers.page("fees", 0)
    assert len(offers.verdicts) == 2


async def test_a_query_that_waited_too_long_harms_nobody(stage: Stage) -> None:
    ann = stage.person()
    late = ann.inquire("fees")
    late.expire()

    await stage.telegram.wait_for(lambda: stage.telegram.calls_of("answerInlineQuery"))
    query = await offered(stage, "fees")

    assert late.answer is None
    assert query.results


async def test_numbers_that_are_missing_are_said_to_be(stage: Stage, web: Web) -> None:
    """Never a zero, and soon asked for again."""
    web.fail("500")

    query = await offered(stage, "#live-fee")

    assert "No live number for" in text_of(query.results[0])
    assert "0 sat" not in text_of(query.results[0])
    assert told(query)["cache_time"] == 5


async def test_an_inserted_answer_is_short_and_leads_on(stage: Stage) -> None:
    """The verdict, three rows, the sources with their date; buttons open the whole of it and take it further."""
    ann = stage.person()
    far = stage.telegram.supergroup("Far", [ann])
    query = await offered(stage, "#fork-reason")

    shown = ann.choose(query, far)

    more, share = shown.buttons[0]
    assert shown.text.count("\nBTC: ") <= 3
    assert "As of 20" in shown.text
    assert "Token Metrics" in shown.text
    assert more.url == f"https://t.me/duel_bot?start={query.results[0]['id']}"
    assert share.query == "#fork-reason"
    assert await stage.is_silent(far)


async def test_the_numbers_of_an_inserted_answer_are_refreshed(stage: Stage, clock: StandingClock) -> None:
    """Anybody may press; other buttons under it, old or forged, say so."""
    ann, bob = stage.person("Ann"), stage.person("Bob")
    far = stage.telegram.supergroup("Far", [ann, bob])
    del far.members[stage.telegram.bot.id]
    shown = ann.choose(await offered(stage, "#live-fee"), far)
    label = shown.buttons[0][0].label

    clock.now = clock.now.replace(minute=5)
    newer = bob.press(shown, label)
    await stage.telegram.wait_for(lambda: newer.answer)
    same = bob.press(shown, label)
    await stage.telegram.wait_for(lambda: same.answer)
    stale = [bob.forge(shown, data) for data in ("1rno-such-entry", "1afork-reason", "1vu", "x", "1r")]
    await stage.telegram.wait_for(lambda: all(press.answer for press in stale))

    assert same.answer == {"text": "Nothing newer yet.", "show_alert": False, "url": ""}
    assert newer.answer
    assert newer.answer["text"] == "Numbers refreshed."
    assert "As of 2026-11-23, 12:05 UTC" in shown.text
    assert all(press.answer and "older answer" in press.answer["text"] for press in stale)


async def test_what_is_chosen_counts_and_what_is_typed_does_not(kept: Stage, journal: Journal) -> None:
    ann = kept.person()
    far = kept.telegram.supergroup("Far", [ann])
    query = await offered(kept, "y did bch frok")
    await offered(kept, "100 eur in bch")
    refused = await offered(kept, "will bch moon")

    ann.choose(query, far)
    ann.choose(query, far)
    ann.choose(refused, far)
    await kept.telegram.taken()
    await kept.is_silent(far)
    insight = await journal.told(lambda records: records.insight(30))

    assert insight
    assert [(one.entry, one.answers) for one in insight.entries] == [("fork-reason", 2)]
    assert [(one.name, one.count) for one in insight.places] == [(Place.INLINE, 2)]


async def test_a_sum_can_be_copied(stage: Stage) -> None:
    ann = stage.person()
    query = await offered(stage, "100 eur in bch")

    shown = ann.choose(query, stage.telegram.supergroup("Far", [ann]))

    assert re.fullmatch(r"0\.2554\d{4}", shown.buttons[0][0].copied)
    assert "ago" in shown.text


async def test_every_answer_can_be_offered(pipeline: Pipeline, library: Library) -> None:
    """Each is one message, named within 64 bytes, and says how old its numbers are."""
    offers = Offers(pipeline, Journal())

    for entry in library.entries:
        offer = await offers.entry(entry.id)
        assert offer
        (text,) = render(offer.reply)
        assert utf16_length(unescape(TAG.sub("", text))) <= LIMIT
        assert len(name_of(offer).encode()) <= 64
        assert not entry.live or "As of" in text


async def test_inline_mode_that_is_off_leaves_a_link_to_share(pipeline: Pipeline, web: Web) -> None:
    async with open_stage(pipeline, web) as stage:
        stage.telegram.abilities["supports_inline_queries"] = False
        await stage.app.bot.get_me()
        ann = stage.person()
        ann.say(ann.private, "why did bch fork")

        (answer,) = await stage.said(ann.private)

    assert (
        answer.button("Share").url == "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fduel_bot%3Fstart%3Da_fork-reason"
    )
