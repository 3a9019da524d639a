"""What the text says beside what live numbers say, in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model.judgement import judged
from bot.model.knowledge import Claim, Entry, Figure, Measure, Origin, Relation
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.model.reply import Headline, Paragraph, Reply
from bot.reply.claims import contradictions, drift_reply, then_and_now
from bot.reply.terminal import plain
from bot.stats import STATS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Origin("mining.yml", 230)
GONE = Missing("offline")


def quote(value: float, quality: Quality = Quality.LIVE, other: Quote | None = None, source: str = "Kraken") -> Quote:
    return Quote(value, source, NOW - timedelta(seconds=12), NOW, quality, other)


def snapshot(key: str, btc: Quote | Missing, bch: Quote | Missing = GONE) -> Snapshot:
    return Snapshot(STATS[key], {Coin.BTC: btc, Coin.BCH: bch})


def claim(key: str, relation: Relation, low: float, *, high: float = 0, measure: Measure = Measure.BTC) -> Claim:
    return Claim(key, measure, relation, low, high or low, 0.0, date(2026, 5, 31), HERE)


def entry(*claims: Claim, past: tuple[Figure, ...] = ()) -> Entry:
    return Entry(
        "halving", "pack", "halving", "Halving", ("when",), "Every four years.", HERE, claims=claims, past=past
    )


DAY = datetime(2028, 4, 4, tzinfo=UTC).timestamp()
CONTRADICTED = {
    "equals": (
        claim("subsidy", Relation.EQUALS, 3.125),
        snapshot("subsidy", quote(1.5)),
        "The text says Block subsidy (BTC) is 3.125 BTC (2026-05-31); the chain says 1.5 BTC now (12 s ago, Kraken).",
    ),
    "at least": (
        claim("block-limit", Relation.AT_LEAST, 32e6, measure=Measure.BCH),
        snapshot("block-limit", GONE, quote(8e6)),
        "The text says Block limit (BCH) is at least 32 MB (2026-05-31); the chain says 8 MB now (12 s ago, Kraken).",
    ),
    "between": (
        claim("hashrate", Relation.BETWEEN, 100, high=1000, measure=Measure.TIMES),
        snapshot("hashrate", quote(9e20), quote(1e19)),
        (
            "The text says Mean hash rate (BTC over BCH) is between 100× and 1,000× (2026-05-31); "
            "the chain says 90× now (12 s ago, Kraken)."
        ),
    ),
    "day": (
        claim("halving", Relation.ABOUT, DAY),
        snapshot("halving", quote(DAY + 86_400)),
        (
            "The text says Next halving (BTC) is about 2028-04-04 (2026-05-31); "
            "the chain says 2028-04-05 now (12 s ago, Kraken)."
        ),
    ),
}


@pytest.mark.parametrize(("said", "found", "sentence"), CONTRADICTED.values(), ids=CONTRADICTED)
def test_a_contradiction_is_one_sentence(said: Claim, found: Snapshot, sentence: str) -> None:
    """It says what the text says and as of when, and what the chain says, how old and from whom."""
    assert contradictions(judged(entry(said), (found,)), NOW) == (sentence,)


@pytest.mark.parametrize(
    "side",
    [quote(3.125), GONE, quote(9, Quality.LAST_KNOWN), quote(9, Quality.DISPUTED, quote(8))],
    ids=["true", "missing", "old", "disputed"],
)
def test_nothing_is_said_of_a_claim_that_is_true_or_cannot_be_checked(side: Quote | Missing) -> None:
    """An answer is warned of by a number that can be trusted and by no other."""
    found = judged(entry(claim("subsidy", Relation.EQUALS, 3.125)), (snapshot("subsidy", side),))

    assert contradictions(found, NOW) == ()


THEN = {
    "day and event": (
        Figure("subsidy", Measure.BTC, 12.5, "2017-08-01", "The fork"),
        snapshot("subsidy", quote(3.125)),
        "The fork, 2017-08-01: Block subsidy (BTC) 12.5 BTC → now 3.125 BTC (12 s ago, Kraken)",
    ),
    "month": (
        Figure("fee", Measure.BCH, 1, "2023-08"),
        snapshot("fee", GONE, quote(2)),
        "Aug 2023: Next-block fee (BCH) 1 sat/B → now 2 sat/B (12 s ago, Kraken)",
    ),
    "year, old number": (
        Figure("price", Measure.BTC, 1000, "2017"),
        snapshot("price", quote(90_000, Quality.LAST_KNOWN)),
        "2017: Price (BTC) $1,000 → last known $90,000 (12 s ago, Kraken)",
    ),
    "disputed": (
        Figure("price", Measure.BTC, 1000, "2017"),
        snapshot("price", quote(90_000, Quality.DISPUTED, quote(80_000, source="Coinbase"))),
        "2017: Price (BTC) $1,000 → now, though sources differ, $90,000 ⚠ $80,000 (12 s ago, Kraken and Coinbase)",
    ),
    "one over the other": (
        Figure("hashrate", Measure.TIMES, 10, "2018"),
        snapshot("hashrate", quote(1e21), quote(5e18)),
        "2018: Mean hash rate (BTC over BCH) 10× → now 200× (12 s ago, Kraken)",
    ),
    "missing": (
        Figure("subsidy", Measure.BTC, 6.25, "2023-08"),
        snapshot("subsidy", GONE),
        "Aug 2023: Block subsidy (BTC) 6.25 BTC",
    ),
}


@pytest.mark.parametrize(("figure", "found", "line"), THEN.values(), ids=THEN)
def test_a_past_figure_stands_beside_that_of_today(figure: Figure, found: Snapshot, line: str) -> None:
    """With its date and today's number, its age and source; without a number of today it stands alone."""
    assert then_and_now(entry(past=(figure,)), (found,), NOW) == (line,)
    assert then_and_now(entry(past=(figure,)), (), NOW) == ()


def test_the_listing_starts_with_what_is_wrong() -> None:
    """Contradicted claims come first with their place, then those not checkable by reason, then those still true."""
    claims = (
        claim("subsidy", Relation.EQUALS, 3.125),
        claim("subsidy", Relation.EQUALS, 3.125, measure=Measure.BCH),
        claim("height", Relation.OVER, 840_000),
    )
    found = judged(entry(*claims), (snapshot("subsidy", quote(1.5625)), snapshot("height", quote(976_500))))

    reply = drift_reply(found, NOW)

    assert reply == Reply(
        (
            Headline("3 claims: 1 contradicted, 1 not checkable now, 1 still true"),
            Paragraph(
                "✗ halving (mining.yml:230)\nThe text says Block subsidy (BTC) is 3.125 BTC (2026-05-31); "
                "the chain says 1.5625 BTC now (12 s ago, Kraken)."
            ),
            Paragraph(
                "? Not checkable now: offline\nhalving: Block subsidy (BCH) is 3.125 BCH (2026-05-31)",
            ),
            Paragraph(
                "✓ halving\nBlock height (BTC) is over 840,000 (2026-05-31); now 976,500 (12 s ago, Kraken)",
            ),
        )
    )


def test_a_pack_without_claims_says_so() -> None:
    assert plain(drift_reply((), NOW)) == "No entry makes a claim that a number could check."
