"""The shipped claims against live numbers, in answers and as a whole."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.model.judgement import Contradicted, Holds, Judged, Unchecked
from bot.model.knowledge import Claim, Library, Measure
from bot.model.reply import LiveTable, Note, Paragraph, Reply
from bot.pipeline import Pipeline
from bot.reply.telegram_html import render
from bot.reply.terminal import plain
from tests.conftest import StandingClock
from tests.patiently import patience
from tests.web import Web

FACTS = {  # what the checked facts say that a statistic can tell
    ("block-limit", "btc", 4_000_000),
    ("block-limit", "bch", 32_000_000),
    ("height", "bch", 845_891),  # the adaptive limit
    ("block-size", "btc", 4_000_000),  # not 1 MB
    ("block-interval", "btc", 600),
    ("block-interval", "bch", 600),
    ("transactions", "btc", 577_190),
    ("transactions", "bch", 15_203),
    ("transactions", "btc/bch", 1),
    ("height", "bch", 972_125),
    ("fee", "bch", 1),
    ("fee-economy", "btc", 0.1),
    ("block-fullness", "bch", 50),
    ("payment-cost", "btc/bch", 1),
    ("subsidy", "btc", 3.125),
    ("subsidy", "bch", 3.125),
    ("supply", "btc", 20_999_999.9769),
    ("supply", "bch", 20_999_999.9769),
    ("supply", "btc", 20_039_321.875),
    ("height", "btc", 952_582),
    ("height", "btc", 840_000),
    ("height", "bch", 840_000),
    ("halving-height", "btc", 1_050_000),
    ("halving-height", "bch", 1_050_000),
    ("halving", "btc", 1_839_110_400),  # 2028-04-12
    ("halving", "bch", 1_838_419_200),  # 2028-04-04
    ("retarget", "btc", -75),  # a factor of four, down and up
    ("hashrate", "btc/bch", 100),
    ("mining-profit", "btc", 1),
    ("height", "bch", 478_559),  # the fork
    ("height", "btc", 481_824),  # SegWit
    ("height", "bch", 792_773),  # CashTokens
    ("dominance", "btc", 57.95),
    ("price", "btc", 75_818),
    ("ratio", "btc", 220.6),
}


@pytest.fixture
def claims(library: Library) -> list[Claim]:
    return [claim for entry in library.entries for claim in entry.claims]


async def kinds(pipeline: Pipeline) -> list[type]:
    return [type(one.judgement) for one in await pipeline.drift()]


async def contradicted(pipeline: Pipeline) -> set[tuple[str, Measure]]:
    return {(one.claim.metric, one.claim.measure) for one in wrong(await pipeline.drift())}


def wrong(found: tuple[Judged, ...]) -> Iterator[Judged]:
    return (one for one in found if isinstance(one.judgement, Contradicted))


def test_every_fact_that_a_number_can_check_is_claimed(claims: list[Claim]) -> None:
    """The pack claims at least 25 things, all the checked facts among them."""
    made = {(claim.metric, claim.measure.value, claim.low) for claim in claims}

    assert len(made) >= 25
    assert FACTS - made == set()


def test_past_figures_of_the_fork_and_of_august_2023_are_kept(library: Library) -> None:
    """Old figures stand in the pack with their time."""
    figures = [figure for entry in library.entries for figure in entry.past]
    times = {figure.as_of for figure in figures}

    assert len(figures) >= 5
    assert {"2017-08-01", "2023-08", "2026-05"} <= times


async def test_everything_claimed_is_true_of_numbers_as_they_should_be(pipeline: Pipeline, claims: list[Claim]) -> None:
    """Each claim can be checked, and none raises an alarm where nothing has changed."""
    await pipeline.drift()  # what is slow to come the first time is there the second
    assert await kinds(pipeline) == [Holds] * len(claims)


@pytest.mark.parametrize("fault", ["500", "nan", "null", "stale", "zero"])
async def test_sources_that_fail_raise_no_alarm(fault: str, pipeline: Pipeline, web: Web, claims: list[Claim]) -> None:
    """Without numbers of today nothing is contradicted."""
    web.fail(fault)

    found = await pipeline.drift()

    assert len(found) == len(claims)
    assert list(wrong(found)) == []
    assert Unchecked in {type(one.judgement) for one in found}


async def test_a_dispute_raises_no_alarm(pipeline: Pipeline, web: Web) -> None:
    """Where two sources differ and no third one settles it, neither contradicts the text."""
    web.answers["/coingecko/simple/price"]["bitcoin"]["usd"] = 200_000
    web.fail("500", *(set(web.providers()) - {"coingecko", "kraken"}))

    found = {(one.claim.metric, one.claim.measure): one.judgement for one in await pipeline.drift()}

    assert found["price", Measure.BTC] == Unchecked("sources differ")


async def test_what_has_changed_is_contradicted_and_nothing_else(pipeline: Pipeline, web: Web) -> None:
    """A dearer BCH fee turns exactly the claims about it and about what a payment costs."""
    fees = dict.fromkeys(("fastestFee", "halfHourFee", "hourFee", "economyFee"), 40)
    web.answers["/bchexplorer/api/v1/fees/recommended"] = fees

    assert await contradicted(pipeline) == {("fee", Measure.BCH), ("payment-cost", Measure.BCH)}


def parts(reply: Reply | None) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Return the notes, the paragraphs and the titles of the live numbers of a reply."""
    assert reply
    tables = [block for block in reply.blocks if isinstance(block, LiveTable)]
    return (
        [block.text for block in reply.blocks if isinstance(block, Note)],
        [block.text for block in reply.blocks if isinstance(block, Paragraph)],
        tuple(snapshot.stat.key for table in tables for snapshot in table.snapshots),
    )


async def test_an_answer_says_what_the_chain_contradicts(pipeline: Pipeline, web: Web, clock: StandingClock) -> None:
    """One short line under the verdict, with both figures, their date, age and source; else none."""
    quiet = await pipeline.entry("live-fee")
    web.answers["/bchexplorer/api/v1/fees/recommended"]["fastestFee"] = 40
    clock.pass_by(timedelta(minutes=10))

    loud = await pipeline.entry("live-fee")

    assert quiet
    assert loud
    assert parts(quiet.reply)[0] == []
    (line,) = parts(loud.reply)[0]
    said, _, found = line.partition("; ")
    assert said == "The text says Next-block fee (BCH) is between 1 sat/B and 2 sat/B (2026-11-23)"
    assert found == "the chain says 40 sat/B now (0 s ago, bchexplorer.cash)."


async def test_then_stands_beside_now(pipeline: Pipeline) -> None:
    """The halving shows what a block paid at the fork and in 2023 and pays now; without sources only what it paid."""
    answer = await pipeline.entry("halving")
    assert answer
    lines = parts(answer.reply)[1][0].splitlines()

    assert lines[0] == "The fork, 2017-08-01: Block subsidy (BTC) 12.5 BTC → now 3.125 BTC (0 s ago, mempool.space)"
    assert lines[3] == "Aug 2023: Block subsidy (BCH) 6.25 BCH → now 3.125 BCH (0 s ago, bchexplorer.cash)"
    assert parts(answer.reply)[2] == ("halving", "halving-blocks")


async def test_without_numbers_the_past_stands_alone(pipeline: Pipeline, web: Web) -> None:
    """No zero and no dash takes the place of today's number."""
    web.fail("500")

    answer = await pipeline.entry("halving")

    assert answer
    assert parts(answer.reply)[1][0].splitlines() == [
        "The fork, 2017-08-01: Block subsidy (BTC) 12.5 BTC",
        "The fork, 2017-08-01: Block subsidy (BCH) 12.5 BCH",
        "Aug 2023: Block subsidy (BTC) 6.25 BTC",
        "Aug 2023: Block subsidy (BCH) 6.25 BCH",
    ]


async def test_answers_with_live_numbers_fit_one_message(pipeline: Pipeline, library: Library) -> None:
    """Past figures and live numbers leave an answer in one piece."""
    answers = {entry.id: await pipeline.entry(entry.id) for entry in library.entries}

    long = [key for key, answer in answers.items() if answer and answer.reply and len(render(answer.reply)) > 1]

    assert long == []
    assert "→ now" in plain(answers["live-price"].reply)  # type: ignore[union-attr,arg-type]  # it is there


PACK = """
fees:
  ask: [what are the fees]
  verdict: Low.
  claims:
    - {metric: fee, coin: bch, relation: between, value: [1, 2], as_of: 2026-11-23}
    - {metric: median-fee, coin: btc, relation: over, value: 1, as_of: 2026-11-23}
"""


async def commanded(*arguments: str, folder: Path) -> int:
    """Run `drift` in a thread, so that the web of this one can answer it."""
    (folder / "faq.yml").write_text(PACK, "utf-8")
    with patience():
        return await asyncio.to_thread(main, ["drift", *arguments, "--knowledge", str(folder)])


@pytest.fixture
def environment(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in web.environment().items():
        monkeypatch.setenv(key, value)


@pytest.mark.usefixtures("environment")
async def test_the_command_fails_on_a_contradiction_only(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 0 while nothing is contradicted, also where nothing can be checked; 1 once something is."""
    web.fail("500", "blockchair")
    fine = await commanded(folder=tmp_path)
    listed = capsys.readouterr().out
    web.answers["/bchexplorer/api/v1/fees/recommended"]["fastestFee"] = 40
    wrong = await commanded(folder=tmp_path)
    named = capsys.readouterr().out
    offline = await commanded("--offline", folder=tmp_path)

    assert (fine, wrong, offline) == (0, 1, 0)
    assert listed.startswith("2 claims: 0 contradicted, 1 not checkable now, 1 still true")
    assert "? Not checkable now: Blockchair answered HTTP 500\nfees: Median fee" in listed
    assert f"✗ fees ({tmp_path}/faq.yml:6)\nThe text says Next-block fee (BCH) is between" in named
    assert "2 claims: 0 contradicted, 2 not checkable now, 0 still true" in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
async def test_the_command_speaks_json(web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object for each claim: what is claimed, where, what became of it, and today's number or why there is none."""
    web.fail("500", "blockchair")
    await commanded("--json", folder=tmp_path)
    fee, median = json.loads(capsys.readouterr().out)
    web.answers["/bchexplorer/api/v1/fees/recommended"]["fastestFee"] = 40
    await commanded("--json", folder=tmp_path)
    dear, _ = json.loads(capsys.readouterr().out)

    now = fee.pop("now")
    assert fee == {
        "entry": "fees",
        "at": f"{tmp_path}/faq.yml:6",
        "metric": "fee",
        "coin": "bch",
        "relation": "between",
        "value": [1, 2],
        "tolerance": 0,
        "as_of": "2026-11-23",
        "unit": "fee-rate",
        "outcome": "still true",
    }
    assert (now["value"], now["source"], now["quality"]) == (1, "bchexplorer.cash", "live")
    assert (median["value"], median["outcome"], median["now"]) == (1, "not checkable", None)
    assert median["reason"] == "Blockchair answered HTTP 500"
    assert (dear["outcome"], dear["now"]["value"]) == ("contradicted", 40)
