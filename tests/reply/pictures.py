"""Series and snapshots to draw, made up with a fixed seed; `python -m tests.reply.pictures` redraws those in docs/."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import exp
from pathlib import Path
from random import Random

from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot, Stat, Unit
from bot.model.series import Point, Series
from bot.stats import STATS

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = AT - timedelta(days=900)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOCS = Path(__file__).parent.parent.parent / "docs"


def stat(title: str, unit: Unit, *, has_ratio: bool = True) -> Stat:
    return Stat("key", "topic", title, unit, timedelta(minutes=1), HOUR, (), has_ratio)


PRICE = stat("Price", Unit.USD)
FEE = stat("Next-block fee", Unit.FEE_RATE)
HASHRATE = stat("Hash rate", Unit.HASHES_PER_SECOND)
CHANGE = stat("24 h change", Unit.PERCENT, has_ratio=False)
MEMPOOL = stat("Mempool", Unit.TRANSACTIONS)
HEIGHT = stat("Block height", Unit.HEIGHT, has_ratio=False)
MARKET_CAP = stat("Market cap", Unit.USD)


def points(values: Sequence[float], step: timedelta = HOUR) -> tuple[Point, ...]:
    """Return values a step apart, the last one at AT."""
    return tuple(Point(AT - step * back, value) for back, value in zip(range(len(values))[::-1], values, strict=True))


def walk(first: float, count: int, move: float, seed: int) -> list[float]:
    dice = Random(seed)  # noqa: S311 - sample data
    values = [first]
    while len(values) < count:
        values.append(values[-1] * exp(dice.gauss(0, move)))
    return values


def spiky(first: float, count: int, seed: int) -> list[float]:
    dice = Random(seed)  # noqa: S311 - sample data
    return [value * (dice.uniform(3, 9) if dice.random() < 0.02 else 1) for value in walk(first, count, 0.02, seed)]


def series(
    of: Stat, btc: Sequence[Point], bch: Sequence[Point], span: timedelta, *, since: datetime | None = LONG_AGO
) -> Series:
    return Series(of, {Coin.BTC: tuple(btc), Coin.BCH: tuple(bch)}, ("sample data",), since, AT, span)


def price_30_days() -> Series:
    return series(PRICE, points(walk(98_000, 720, 0.006, 1)), points(walk(520, 720, 0.009, 2)), 30 * DAY)


def fee_7_days() -> Series:
    step = timedelta(minutes=5)
    btc = [max(0.1, value - 1.5) for value in spiky(3, 2016, 5)]
    return series(FEE, points(btc, step), points([1.0] * 2016, step), 7 * DAY)


def with_gaps() -> Series:
    btc, bch = points(walk(98_000, 720, 0.006, 1)), points(walk(520, 720, 0.009, 2))
    return series(PRICE, btc[:500] + btc[580:], bch[:300] + bch[340:600] + bch[690:691], 30 * DAY)


SERIES = {
    "price": price_30_days(),
    "fee": fee_7_days(),
    "hash rate": series(
        HASHRATE, points(walk(1.05e21, 90, 0.03, 7), DAY), points(walk(5.2e18, 90, 0.05, 8), DAY), 90 * DAY
    ),
    "gaps": with_gaps(),
    "one side": series(PRICE, points(walk(98_000, 99, 0.006, 3)), (), 7 * DAY, since=AT - 99 * HOUR),
    "change": series(CHANGE, points([-1.5, 2.0, 0.3] * 9), points([3.0, -4.0, -4.2] * 9), DAY),
    "height": series(HEIGHT, points(range(920_000, 920_150, 6)), points(range(921_000, 921_150, 6)), DAY),
    "market cap": series(
        MARKET_CAP, points(walk(1.9e12, 365, 0.02, 9), DAY), points(walk(9.8e9, 365, 0.03, 10), DAY), 365 * DAY
    ),
    "block age": series(stat("Last block", Unit.SECONDS), points([30.0, 3_900.0, 800.0]), points([0, 50, 60]), DAY),
    "moment": series(PRICE, points([96_770.0]), points([448.63]), 7 * DAY, since=AT - HOUR),
}


def quote(value: float, seconds: float = 12, source: str = "sample data", quality: Quality = Quality.LIVE) -> Quote:
    return Quote(value, source, AT - timedelta(seconds=seconds), AT, quality)


def snapshot(of: Stat, btc: Quote | Missing, bch: Quote | Missing) -> Snapshot:
    return Snapshot(of, {Coin.BTC: btc, Coin.BCH: bch})


FIVE = (
    snapshot(PRICE, quote(98_123, 30), quote(512.34, 30)),
    snapshot(FEE, quote(3.2), quote(1, 40)),
    snapshot(HASHRATE, quote(9.46e20, 300), quote(5.2e18, 600)),
    snapshot(MEMPOOL, quote(41_234), Missing("all sources failed")),
    snapshot(HEIGHT, quote(923_456, 200), quote(924_567, 1_200, quality=Quality.LAST_KNOWN)),
)
CARD = tuple(
    snapshot(STATS[key], quote(btc, 40), quote(bch, 60))
    for key, btc, bch in (
        ("price", 98_123, 512.34),
        ("market-cap", 1.9573e12, 1.0251e10),
        ("fee", 3.2, 1),
        ("payment-cost", 0.4435, 0.001158),
        ("hashrate", 9.46e20, 5.2e18),
    )
)
"""What `/card` shows."""
LONG = snapshot(
    stat("The cost of a typical payment at this very moment", Unit.FEE_RATE),
    quote(123_456_789_123.0, 3e6, "a very long name of a source that nobody would choose.example.org"),
    Missing("the first source timed out, the second gave an implausible number, the third turned us away"),
)


def main(folder: Path) -> None:
    """Draw the pictures that the documentation shows."""
    from bot.reply.picture import card, card_drawing, chart, chart_drawing  # noqa: PLC0415 - needs matplotlib

    (folder / "chart.png").write_bytes(chart_drawing.draw(chart.lay_out(price_30_days())).png())
    (folder / "card.png").write_bytes(card_drawing.draw(card.lay_out(CARD, AT)).png())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
