"""What is left of an answer in a group."""

from datetime import UTC, datetime

from bot.model.chat_buttons import OpenLink
from bot.model.quote import Coin, Missing, Snapshot
from bot.model.reply import Ask, Headline, LiveTable, Note, Paragraph, Picture, Refresh, Reply, TableRow, VersusTable
from bot.reply.in_group import MORE, for_group
from bot.stats import STATS

LIVE = LiveTable(
    tuple(Snapshot(stat, dict.fromkeys(Coin, Missing("down"))) for stat in list(STATS.values())[:5]),
    datetime(2026, 11, 23, tzinfo=UTC),
)
VERSUS = VersusTable(("BTC", "BCH"), tuple(TableRow(str(number), ("a", "b")) for number in range(5)))
HEAD, WRONG, TEXT, LAST = Headline("Yes."), Note("The chain says no."), Paragraph("Because."), Note("No advice.")
LINK = "https://t.me/duel_bot?start=a_fees"


def test_the_verdict_what_contradicts_it_and_three_rows_are_left() -> None:
    """Numbers go before curated rows; the rest is behind the button, related questions too."""
    whole = Reply((HEAD, WRONG, LIVE, VERSUS, TEXT, LAST), ((Refresh("fees"),), (Ask("speed", "Speed"),)), entry="fees")

    short = for_group(whole, LINK)

    assert short.blocks == (HEAD, WRONG, LiveTable(LIVE.snapshots[:3], LIVE.at))
    assert short.buttons == ((Refresh("fees"),), (OpenLink(LINK, MORE),))


def test_without_numbers_curated_rows_are_left() -> None:
    short = for_group(Reply((HEAD, VERSUS, TEXT), entry="fees"), LINK)

    assert short.blocks == (HEAD, VersusTable(VERSUS.columns, VERSUS.rows[:3]))


def test_what_is_short_or_no_entry_stays_as_it_is() -> None:
    """A picture, a list of all numbers and a verdict alone lose nothing."""
    for reply in (
        Reply((HEAD,), entry="fees"),
        Reply((LIVE,)),
        Reply((HEAD, TEXT), picture=Picture(b"png", "a chart"), entry="fees"),
    ):
        assert for_group(reply, LINK) is reply
