"""Claims and past figures in a knowledge file: every way to write them, and every way to get them wrong."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.library import load_library
from bot.model.knowledge import Entry, Figure, Measure, Relation

START = "food:\n  ask: [what do cats eat]\n  verdict: Fish.\n"
APRIL_2028 = 1_838_419_200.0  # 2028-04-04 00:00 UTC, by `date -ud 2028-04-04 +%s`


def entry(folder: Path, fields: str) -> Entry:
    (folder / "faq.yml").write_text(START + fields, "utf-8")
    return load_library(folder, [], ["price", "halving", "fee"]).entries[0]


def claim(rest: str) -> str:
    return f"  claims:\n    - metric: price\n      coin: btc\n      {rest}\n      as_of: 2026-05-31\n"


WRITTEN = {
    "equals": ("relation: equals\n      value: 3.125", (Relation.EQUALS, 3.125, 3.125, 0)),
    "thousands": ("relation: at least\n      value: 4,000,000", (Relation.AT_LEAST, 4e6, 4e6, 0)),
    "percent": ("relation: about\n      value: 220\n      tolerance: 5 %", (Relation.ABOUT, 220, 220, 11)),
    "in the unit": ("relation: about\n      value: -220.5\n      tolerance: 3", (Relation.ABOUT, -220.5, -220.5, 3)),
    "days": (
        "relation: about\n      value: 2028-04-04\n      tolerance: 2 days",
        (Relation.ABOUT, APRIL_2028, APRIL_2028, 172_800),
    ),
    "between": ("relation: between\n      value: [0.25, 1]", (Relation.BETWEEN, 0.25, 1, 0)),
}


@pytest.mark.parametrize(("text", "read"), WRITTEN.values(), ids=WRITTEN)
def test_a_claim_is_read(text: str, read: tuple[Relation, float, float, float], tmp_path: Path) -> None:
    """Numbers, days, tolerances and ranges are read as people write them, and the claim knows its line."""
    (found,) = entry(tmp_path, claim(text)).claims

    assert (found.relation, found.low, found.high, found.margin) == read
    assert (found.metric, found.measure, found.as_of) == ("price", Measure.BTC, date(2026, 5, 31))
    assert str(found.origin).endswith("faq.yml:5")


def test_a_past_figure_is_read(tmp_path: Path) -> None:
    """A figure has its time, to the day or less, and perhaps what happened then."""
    found = entry(
        tmp_path,
        "  past:\n"
        "    - {metric: fee, coin: btc/bch, value: 12, as_of: 2023-08}\n"
        "    - {metric: halving, coin: bch, value: 2028-04-04, as_of: 2017, label: The fork}\n",
    ).past

    assert found == (
        Figure("fee", Measure.TIMES, 12.0, "2023-08"),
        Figure("halving", Measure.BCH, APRIL_2028, "2017", "The fork"),
    )


def test_an_answer_needs_what_it_shows_first_and_each_statistic_once(tmp_path: Path) -> None:
    """The statistics of claims and past figures are looked up beside those shown."""
    found = entry(
        tmp_path,
        "  live: [fee]\n" + claim("relation: over\n      value: 1") + "  past:\n"
        "    - {metric: fee, coin: btc, value: 1, as_of: 2023}\n"
        "    - {metric: halving, coin: btc, value: 2028-04-04, as_of: 2023}\n",
    )

    assert found.needs == ("fee", "price", "halving")


WRONG = {
    "relation": ("relation: near\n      value: 1", "faq.yml:7: 'relation' must be 'about', 'equals', 'under'"),
    "word": ("relation: over\n      value: lots", "faq.yml:8: 'lots' is not a number; write 4,000,000 or 3.125, or a"),
    "no day": ("relation: over\n      value: 2028-02-30", "faq.yml:8: '2028-02-30' is not a number"),
    "one end": (
        "relation: between\n      value: 1",
        "faq.yml:5: 'between' needs two numbers; write 'value: [0.2, 1.5]'",
    ),
    "two ends": ("relation: over\n      value: [1, 2]", "faq.yml:5: 'over' needs one number; write 'value: 3.125'"),
    "turned round": ("relation: between\n      value: [2, 1]", "faq.yml:5: 'between' starts with the lower number"),
    "how near": ("relation: about\n      value: 1", "faq.yml:5: 'about' needs to know how near that is; add 'tolera"),
    "needless": (
        "relation: over\n      value: 1\n      tolerance: 1",
        "faq.yml:5: 'tolerance' says nothing beside 'over'",
    ),
    "tolerance": (
        "relation: about\n      value: 1\n      tolerance: little",
        "faq.yml:9: 'little' does not fit 'toleran",
    ),
    "field": ("relation: over\n      valeu: 1", "faq.yml:8: 'valeu' is not a field; did you mean 'value'?"),
}


@pytest.mark.parametrize(("text", "problem"), WRONG.values(), ids=WRONG)
def test_a_wrong_claim_is_told_with_its_line_and_cure(text: str, problem: str, tmp_path: Path) -> None:
    """Every mistake names file and line, and what to write instead."""
    with pytest.raises(KnowledgeError) as caught:
        entry(tmp_path, claim(text))

    assert problem in str(caught.value)


STRANGE = {
    "metric": (
        "  claims:\n    - {metric: pirce, coin: btc, relation: over, value: 1, as_of: 2026-01-01}\n",
        "'pirce' is not",
    ),
    "old metric": ("  past:\n    - {metric: pirce, coin: btc, value: 1, as_of: 2023}\n", "did you mean 'price'?"),
    "coin": (
        "  past:\n    - {metric: fee, coin: ltc, value: 1, as_of: 2023}\n",
        "'coin' must be 'btc', 'bch' or 'btc/bch'",
    ),
    "month": (
        "  past:\n    - {metric: fee, coin: btc, value: 1, as_of: 2023-13}\n",
        "there is no '2023-13'; write YYYY, YYYY-MM",
    ),
    "time": (
        "  past:\n    - {metric: fee, coin: btc, value: 1, as_of: Aug 2023}\n",
        "'Aug 2023' does not fit 'as_of'; write",
    ),
}


@pytest.mark.parametrize(("text", "problem"), STRANGE.values(), ids=STRANGE)
def test_what_is_not_known_is_told(text: str, problem: str, tmp_path: Path) -> None:
    """A statistic, coin or time that there is not is named on its line."""
    with pytest.raises(KnowledgeError) as caught:
        entry(tmp_path, text)

    assert "faq.yml:5: " in str(caught.value)
    assert problem in str(caught.value)
