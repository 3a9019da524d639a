"""Composes what is said of alerts: the card, the list, the news."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from bot.model.alert import Alert, Crossing, Reading, Unclear, Unreadable, Wish
from bot.model.crossing import CHANGE_MARGIN, MARGIN, holds
from bot.model.mark import AlertButton, AlertDeed, Page
from bot.model.quote import Stat
from bot.model.reply import Headline, Note, Paragraph, Reply
from bot.reply.numbers import age, number, significant, span_name

NONE = "No alerts here. Set one: /alert btc fee < 5, or: tell me when bch hits 500."
USAGE = (
    "Which number shall I watch? Write for example:\n/alert btc fee < 5\n/alert ratio > 250\n"
    "/alert bch price ±10% 24h\nor in words: tell me when bch hits 500. /alerts lists what I watch."
)
FULL = "There are 20 alerts already, here or of yours elsewhere. Delete one first: /alerts"
EXPIRED = "This card is too old, or was answered already. Please set the alert again."
GONE = "That alert is not there any more."
CANCELLED = "Fine, I watch nothing."
DELETED = "Deleted."
REARMED = "I look again in an hour, and tell you if it is still so."
NOT_YOURS = "Only whoever set this alert, or an admin of the chat, can do that."
NOT_KEPT = "I cannot keep alerts just now. Please try again later."
DISPUTED = "The sources differ about this number just now, so I set no alert on it. Please try again in a few minutes."
NO_SIDE = "I cannot see on which side the number is now. Please write above or below, as in: /alert bch price > 500"
WORDS = {
    Crossing.BELOW: "below",
    Crossing.AT_MOST: "at most",
    Crossing.ABOVE: "above",
    Crossing.AT_LEAST: "at least",
    Crossing.RISES: "up",
    Crossing.FALLS: "down",
    Crossing.MOVES: "up or down",
}
SHORT = {
    Crossing.BELOW: "<",
    Crossing.AT_MOST: "≤",
    Crossing.ABOVE: ">",
    Crossing.AT_LEAST: "≥",
    Crossing.RISES: "+",
    Crossing.FALLS: "−",
    Crossing.MOVES: "±",
}


def usage() -> Reply:
    """Return how an alert is set."""
    return Reply((Paragraph(USAGE),))


def unclear_reply(unclear: Unclear) -> Reply:
    """Return what is wrong with a wish."""
    return Reply((Paragraph(unclear.sentence),))


def described(wish: Wish, stat: Stat) -> str:
    """Return what is watched, in words."""
    name = f"{stat.title}, {wish.coin.upper()}"
    word = WORDS.get(wish.crossing or Crossing.AT_LEAST, "")
    if wish.is_change:
        return f"{name}: {word} {_percent(wish.amount)} within {span_name(wish.span)}"
    return f"{name}: {word} {_line(wish, stat, wish.amount)}"


def card(wish: Wish, stat: Stat, found: Reading | Unreadable, now: datetime, *, alert: int) -> Page:
    """Return the question whether this is what shall be watched."""
    already = "It is so already: I tell you the next time." if isinstance(found, Reading) and holds(wish, found) else ""
    blocks = (Headline(f"Shall I watch this?\n{described(wish, stat)}"), Paragraph(_now(wish, stat, found, now)))
    notes = (Paragraph(already),) if already else ()
    yes = AlertButton(AlertDeed.CONFIRM, alert, "Yes, tell me")
    no = AlertButton(AlertDeed.CANCEL, alert, "Cancel")
    return Page(Reply((*blocks, *notes, Note(_manners(wish, stat)))), ((yes, no),))


def confirmed(alert: Alert, stat: Stat) -> Page:
    """Return that an alert is set."""
    says = Reply((Headline(f"I watch: {described(alert.wish, stat)}"), Note(_manners(alert.wish, stat))))
    return Page(says, ((AlertButton(AlertDeed.DELETE, alert.id, "Delete"),),))


def told(alert: Alert, stat: Stat, reading: Reading, now: datetime) -> Page:
    """Return the news that an alert was set for."""
    blocks = (
        Headline(f"🔔 {described(alert.wish, stat)}"),
        Paragraph(_now(alert.wish, stat, reading, now)),
        Note(_manners(alert.wish, stat)),
    )
    again = AlertButton(AlertDeed.AGAIN, alert.id, "Again in 1 h if still so")
    return Page(Reply(blocks), ((again, AlertButton(AlertDeed.DELETE, alert.id, "Delete")),))


def listed(alerts: Sequence[tuple[Alert, Stat]], most: int) -> Page:
    """Return the alerts of a chat, each with a button that deletes it."""
    if not alerts:
        return Page(Reply((Paragraph(NONE),)))
    lines = "\n".join(f"{place}. {described(one.wish, stat)}" for place, (one, stat) in enumerate(alerts, 1))
    rows = tuple(
        (AlertButton(AlertDeed.STRIKE, one.id, f"✕ {place}. {_short(one.wish, stat)}"),)
        for place, (one, stat) in enumerate(alerts, 1)
    )
    return Page(Reply((Headline(f"I watch here, {len(alerts)} of {most}:"), Paragraph(lines))), rows)


def _now(wish: Wish, stat: Stat, found: Reading | Unreadable, now: datetime) -> str:
    if isinstance(found, Unreadable):
        value = "" if found.value is None else f"{number(found.value, stat.unit, wish.coin)}, "
        return f"Now: {value}{found.reason}. I stay silent until that changes."
    seen = f"{found.source}, {age(found.observed_at, now)}, {found.observed_at.astimezone(UTC):%H:%M} UTC"
    shown = number(found.value, stat.unit, wish.coin)
    if found.start is None:
        return f"Now: {shown} ({seen})"
    before = number(found.start, stat.unit, wish.coin)
    return f"Now: {shown}, {found.change:+.1f} % from {before} {span_name(wish.span)} ago ({seen})"


def _manners(wish: Wish, stat: Stat) -> str:
    """Say when the next message comes."""
    if wish.is_change:
        back = f"the change was below {_percent(wish.amount * (1 - CHANGE_MARGIN))}"
    else:
        is_low = wish.crossing in {Crossing.BELOW, Crossing.AT_MOST}
        line = _line(wish, stat, wish.amount * (1 + MARGIN if is_low else 1 - MARGIN))
        back = f"it was {'above' if is_low else 'below'} {line}"
    return f"I tell you once, and again only after {back} in between, at most once an hour. /alerts lists and deletes."


def _short(wish: Wish, stat: Stat) -> str:
    sign = SHORT.get(wish.crossing or Crossing.AT_LEAST, "")
    line = f"{sign}{_percent(wish.amount)}" if wish.is_change else f"{sign} {_line(wish, stat, wish.amount)}"
    return f"{stat.title}, {wish.coin.upper()} {line}"


def _percent(value: float) -> str:
    return f"{significant(value)} %"


def _line(wish: Wish, stat: Stat, value: float) -> str:
    """Return a line with its unit: as exact as it was written where the usual form would round it to another one."""
    usual = number(value, stat.unit, wish.coin)
    if stat.unit.value != "usd" or not 1 <= value < 1e6:  # noqa: PLR2004 - beyond it dollars are shortened
        return usual
    return f"${Decimal(f'{value:.8g}'):,f}"
