"""Live rows: each number with its source and age, nothing missing without a word."""

from datetime import UTC, datetime, timedelta

from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot, Stat, Unit
from bot.model.reply import LiveTable
from bot.reply.live import lay_out

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def stat(key: str = "fee", title: str = "Next-block fee", unit: Unit = Unit.FEE_RATE) -> Stat:
    return Stat(key, "live-fee", title, unit, timedelta(minutes=1), timedelta(hours=1), (), has_ratio=True)


def quote(value: float, seconds: int = 12, source: str = "mempool.space", quality: Quality = Quality.LIVE) -> Quote:
    return Quote(value, source, NOW - timedelta(seconds=seconds), NOW, quality)


def snapshot(btc: Quote | Missing, bch: Quote | Missing, of: Stat | None = None) -> Snapshot:
    return Snapshot(of or stat(), {Coin.BTC: btc, Coin.BCH: bch})


def table(*snapshots: Snapshot) -> LiveTable:
    return LiveTable(snapshots, NOW)


def test_a_row_has_both_sides_their_ratio_and_their_sources() -> None:
    layout = lay_out(table(snapshot(quote(3.0), quote(1.0, 30, "bchexplorer.cash"))))

    assert layout.rows[0].cells == ("3 sat/vB¹", "1 sat/B²")
    assert layout.rows[0].ratio == "BTC 3×"
    assert tuple(map(str, layout.notes)) == ("¹ mempool.space, 12 s ago", "² bchexplorer.cash, 30 s ago")
    assert layout.missing == ()


def test_a_source_is_named_once_with_its_oldest_number() -> None:
    layout = lay_out(table(snapshot(quote(3.0, 10), quote(1.0, 90)), snapshot(quote(2.0, 40), quote(2.0, 5))))

    assert tuple(map(str, layout.notes)) == ("¹ mempool.space, 2 min ago",)


def test_a_last_known_number_is_marked() -> None:
    layout = lay_out(table(snapshot(quote(3.0, 600, quality=Quality.LAST_KNOWN), quote(1.0))))

    assert layout.rows[0].cells == ("3 sat/vB¹", "1 sat/B²")
    assert tuple(map(str, layout.notes)) == ("¹ mempool.space, ⚠ last known, 10 min ago", "² mempool.space, 12 s ago")


def test_one_missing_side_is_a_dash_and_a_sentence() -> None:
    layout = lay_out(table(snapshot(quote(3.0), Missing("all sources failed"))))

    assert layout.rows[0].cells == ("3 sat/vB¹", "–")
    assert layout.rows[0].ratio == ""
    assert layout.missing == ("No live number for Next-block fee (BCH): all sources failed.",)


def test_what_is_missing_for_one_reason_is_said_once() -> None:
    gone = Missing("offline")
    height = stat("height", "Block height", Unit.HEIGHT)

    layout = lay_out(table(snapshot(gone, gone), snapshot(gone, gone, height)))

    assert layout.rows == ()
    assert layout.missing == ("No live number for Next-block fee, Block height: offline.",)
