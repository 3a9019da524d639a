"""Which chart is asked for."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.match.charts import LONGEST, SHORTEST, USUAL, find_chart, read_chart
from bot.model.chart import ChartRequest, NoSuchChart

NAMES = {
    "fee": "fee",
    "fees": "fee",
    "price": "price",
    "hashrate": "hashrate",
    "hash rate": "hashrate",
    "mempool": "mempool",
}
WEEK, MONTH = timedelta(days=7), timedelta(days=30)

COMMANDS = {
    "fees 7d": ("fee", WEEK),
    "price 30d": ("price", MONTH),
    "price": ("price", USUAL),
    "Fees": ("fee", USUAL),
    "bch hash rate 24h": ("hashrate", timedelta(hours=24)),
    "hashrate 1 year": ("hashrate", timedelta(days=365)),
    "price for the last 3 months": ("price", timedelta(days=90)),
    "price last week": ("price", WEEK),
    "price today": ("price", timedelta(days=1)),
    "btc vs bch fees 2w": ("fee", timedelta(days=14)),
    "pirce 1m": ("price", MONTH),
    "fees 0h": ("fee", SHORTEST),
    "fees 99999y": ("fee", LONGEST),
    "fees 7 d": ("fee", WEEK),
}


@pytest.mark.parametrize(("text", "wanted"), COMMANDS.items())
def test_a_command_names_statistic_and_span(text: str, wanted: tuple[str, timedelta]) -> None:
    assert read_chart(text, NAMES) == ChartRequest(*wanted)


@pytest.mark.parametrize(
    ("text", "named"), [("", ""), ("7d", ""), ("weather 7d", "weather"), ("fees price", "fees price")]
)
def test_what_cannot_be_drawn_is_named(text: str, named: str) -> None:
    assert read_chart(text, NAMES) == NoSuchChart(named)


ASKED = {
    "chart of bch hashrate": ("hashrate", USUAL),
    "show me a graph of the fees": ("fee", USUAL),
    "hashrate chrt": ("hashrate", USUAL),
    "grpah of bch fees": ("fee", USUAL),
    "price chart 30d pls": ("price", MONTH),
    "can you plot the hash rate of both coins for the last month?": ("hashrate", MONTH),
}


@pytest.mark.parametrize(("text", "wanted"), ASKED.items())
def test_a_free_question_asks_for_a_chart(text: str, wanted: tuple[str, timedelta]) -> None:
    assert find_chart(text, NAMES) == ChartRequest(*wanted)


@pytest.mark.parametrize(
    "text",
    [
        "what are the fees", "price", "what do charities pay in fees",
        "who is in the chat about fees", "why does the chart look like a scam",
        "is the price chart manipulated by whales",
        "how do i read a candle chart", "plot twist: fees are low", "chart", "top 10 coins chart", "",
        "the lightning graph is broken", "which charting tool do you use",
    ],
)  # fmt: skip
def test_other_texts_do_not(text: str) -> None:
    assert find_chart(text, NAMES) is None


@given(some.text(max_size=300))
def test_nothing_raises(text: str) -> None:
    assert isinstance(read_chart(text, NAMES), ChartRequest | NoSuchChart)
    find_chart(text, NAMES)
