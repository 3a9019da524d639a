"""Claims against live numbers: only a number that can be trusted contradicts one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model.judgement import Contradicted, Holds, Judgement, Unchecked, judge, judged, measured
from bot.model.knowledge import Claim, Entry, Measure, Origin, Relation
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.stats import STATS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Origin("faq.yml", 5)
GONE = Missing("Kraken timed out")


def quote(value: float, quality: Quality = Quality.LIVE, source: str = "Kraken", seconds: int = 10) -> Quote:
    return Quote(value, source, NOW - timedelta(seconds=seconds), NOW, quality)


def snapshot(btc: Quote | Missing, bch: Quote | Missing = GONE) -> Snapshot:
    return Snapshot(STATS["price"], {Coin.BTC: btc, Coin.BCH: bch})


def claim(relation: Relation, low: float, high: float | None = None, measure: Measure = Measure.BTC) -> Claim:
    margin = 5.0 if relation is Relation.ABOUT else 0.0
    return Claim("price", measure, relation, low, low if high is None else high, margin, date(2026, 5, 31), HERE)


@pytest.mark.parametrize(
    ("relation", "low", "high", "true", "false"),
    [
        (Relation.ABOUT, 100, 100, (95, 105), (94.9, 105.1)),
        (Relation.EQUALS, 3.125, 3.125, (3.125, 3.125 * (1 + 1e-12)), (3.126, 1.5625)),
        (Relation.UNDER, 1, 1, (0.99, -1), (1, 2)),
        (Relation.OVER, 1, 1, (1.01, 9), (1, 0)),
        (Relation.AT_LEAST, 32, 32, (32, 33), (31.9, 0)),
        (Relation.AT_MOST, 4, 4, (4, 0), (4.1, 5)),
        (Relation.BETWEEN, 1, 2, (1, 2), (0.9, 2.1)),
    ],
    ids=list(Relation),
)
def test_each_relation_has_its_edge(
    *, relation: Relation, low: float, high: float, true: tuple[float, ...], false: tuple[float, ...]
) -> None:
    """A number on one side of the edge bears the claim out, on the other it contradicts it."""
    said = claim(relation, low, high)

    assert [judge(said, snapshot(quote(value))) for value in true] == [Holds(quote(value)) for value in true]
    assert [judge(said, snapshot(quote(value))) for value in false] == [Contradicted(quote(value)) for value in false]


@pytest.mark.parametrize(
    ("side", "judgement"),
    [
        (GONE, Unchecked("Kraken timed out")),
        (quote(9, Quality.LAST_KNOWN), Unchecked("only an old number is known")),
        (quote(9, Quality.DISPUTED), Unchecked("sources differ")),
        (quote(9, Quality.CACHED), Contradicted(quote(9, Quality.CACHED))),
        (quote(9, Quality.DERIVED), Contradicted(quote(9, Quality.DERIVED))),
    ],
    ids=["missing", *(Quality.LAST_KNOWN, Quality.DISPUTED, Quality.CACHED, Quality.DERIVED)],
)
def test_a_number_that_cannot_be_trusted_decides_nothing(side: Quote | Missing, judgement: Judgement) -> None:
    """Missing, old and disputed numbers never raise an alarm, even where they would contradict."""
    assert judge(claim(Relation.EQUALS, 1), snapshot(side)) == judgement


def test_one_side_over_the_other_is_as_old_and_as_good_as_the_worse() -> None:
    """The quotient names both sources and is unusable if either number is."""
    times = claim(Relation.OVER, 100, measure=Measure.TIMES)
    both = snapshot(quote(900, seconds=30), quote(3, source="Coinbase", seconds=5))

    now = measured(both, Measure.TIMES)

    assert now == Quote(300, "Kraken + Coinbase", NOW - timedelta(seconds=30), NOW, Quality.DERIVED)
    assert judge(times, both) == Holds(now)
    assert judge(times, snapshot(GONE, quote(3))) == Unchecked(GONE.reason)
    assert judge(times, snapshot(quote(900), GONE)) == Unchecked(GONE.reason)
    assert judge(times, snapshot(quote(900), quote(3, Quality.LAST_KNOWN))) == Unchecked("only an old number is known")
    assert judge(times, snapshot(quote(900), quote(0))) == Unchecked("there is none on BCH to compare with")


def test_a_claim_whose_statistic_was_not_looked_up_is_left_out() -> None:
    """Only what was looked up is judged."""
    one = claim(Relation.OVER, 1)
    entry = Entry("a", "p", "a", "A", ("a",), "A.", HERE, claims=(one,))

    assert judged(entry, ()) == ()
    assert [found.claim for found in judged(entry, (snapshot(quote(2)),))] == [one]
