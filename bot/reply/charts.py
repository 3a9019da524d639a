"""Composes replies with pictures: a chart of one statistic, the comparison card."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.model.chart import NoSuchChart
from bot.model.quote import Snapshot, Stat
from bot.model.reply import Draw, Headline, LiveTable, Note, Paragraph, Picture, Refresh, Reply
from bot.model.series import Series
from bot.reply.numbers import span_name
from bot.text import shortened

SPANS = tuple(timedelta(days=days) for days in (1, 7, 30, 365))
SHOWN = 30  # characters of what was asked that a sentence repeats
CARD = "card"  # what the refresh button of the card refers to


def chart_reply(series: Series, png: bytes) -> Reply:
    """Return a chart with what it shows, its sources, since when there are records, and other spans as buttons."""
    says = f"{series.stat.title}, BTC and BCH, {span_name(series.span)}"
    return Reply((Headline(says), Note(origin(series))), _spans(series), Picture(png, says))


def no_chart(series: Series, why: str) -> Reply:
    """Return why there is no chart."""
    return Reply((Paragraph(f"No chart of {series.stat.title}: {why}."),), _spans(series))


def unknown_chart(asked: NoSuchChart, stats: Iterable[Stat]) -> Reply:
    """Return what can be drawn."""
    names = ", ".join(stat.names[0] for stat in stats if stat.names)
    start = f"I cannot draw '{shortened(asked.named, SHOWN)}'." if asked.named else "Which chart?"
    return Reply((Paragraph(f"{start} There are: {names}. For example /chart fees 7d."),))


def card_reply(snapshots: tuple[Snapshot, ...], at: datetime, png: bytes) -> Reply:
    """Return the comparison card, with the sources of its numbers in words."""
    picture = Picture(png, "Bitcoin vs Bitcoin Cash in numbers")
    return Reply((LiveTable(snapshots, at),), ((Refresh(CARD),),), picture)


def origin(series: Series) -> str:
    """Say where the points come from, and since when they are recorded."""
    sources = ", ".join(series.sources) or "nothing yet"
    since = f" Recording since {series.since:%Y-%m-%d}." if series.since else ""
    return f"Sources: {sources}.{since}"


def _spans(series: Series) -> tuple[tuple[Draw, ...], ...]:
    others = (span for span in SPANS if span != series.span)
    return (tuple(Draw(series.stat.key, span // timedelta(hours=1)) for span in others),)
