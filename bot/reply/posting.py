"""Words around posts for channels: what is asked back, lists of plans, what changed since the last post."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model.post_buttons import (
    AskWhen,
    ChooseChannel,
    DropDraft,
    DropPlan,
    PausePlan,
    PostButton,
    Publish,
    ResumePlan,
)
from bot.model.quote import Quality, Quote, Snapshot
from bot.model.reply import AsOf, Headline, Note, Paragraph, Reply
from bot.model.schedule import Plan, State
from bot.reply.numbers import moment, number

MOST_CHANGES = 8
HOW = "/post fees, /post price, /post compare block size, /post card or /post chart fees 7d"
NO_SUCH = f"That I cannot post. Say what: {HOW}."
NO_CHANNEL = (
    "I know of no channel where both of us are administrators who may post. "
    "Make me an administrator of yours with the right to post messages, then ask again."
)
MAY_NOT = "You are no administrator who may post there now, so nothing is posted."
UNASKED = "I cannot find out now whether you may post there. Please try again later."
LOST_PLACE = "I am no administrator who may post there any more, so nothing is posted."
OLD_DRAFT = "This draft is gone: it was posted, forgotten, or is over an hour old. Ask for a new one."
OFF = "I cannot post to channels: nothing is kept here."
UNSAVED = "I cannot get at the database just now. Please try again later."
NOT_MADE = "That cannot be made now: there is no such topic or chart, or nothing to draw yet."
PUBLISHED = "Posted."
PERHAPS = "Telegram did not say whether it took the post; I take it for posted. Please look."
NOT_SENT = "Telegram did not take the post. Nothing is posted."
DROPPED = "Forgotten. Nothing is posted."
TOO_MANY = "You have as many planned posts as there may be. Delete one first: /posts."
NO_PLANS = f"You have no planned posts. Make one: {HOW}, then Schedule."
WHEN = (
    "Reply to this message with when, by the clock of a time zone: daily 09:00 Europe/Berlin, "
    "or weekly mon 18:30 UTC. Without a zone it is {zone}."
)


def said(text: str) -> Reply:
    """Return one sentence."""
    return Reply((Paragraph(text),))


def choose_reply(what: str, channels: Sequence[tuple[int, str]], draft: int) -> Reply:
    """Return the channels somebody may post to, by number and title."""
    rows = tuple((ChooseChannel(channel, draft, title or str(channel)),) for channel, title in channels)
    return Reply((Paragraph(f"Where shall “{what}” go?"),), (*rows, (DropDraft(draft, "Cancel"),)))


def control_reply(title: str, draft: int) -> Reply:
    """Return what can be done with the draft that is shown above."""
    rows: tuple[tuple[PostButton, ...], ...] = (
        (Publish(draft, "Publish"),),
        (AskWhen(draft, "Schedule"), DropDraft(draft, "Cancel")),
    )
    return Reply((Paragraph(f"Above is what “{title or 'the channel'}” gets, exactly so."),), rows)


def when_reply(draft: int, zone: str) -> Reply:
    """Return the question for times."""
    return Reply((Paragraph(WHEN.format(zone=zone)),), ((AskWhen(draft, "I wait for your reply"),),))


def planned_reply(plan: Plan, now: datetime) -> Reply:
    """Return that a plan is made, and when it begins."""
    first = plan.timing.next(now).at
    return Reply((Paragraph(f"Planned: {plan.what}, {plan.timing}. First at {moment(first)}. All of yours: /posts."),))


def plans_reply(plans: Sequence[tuple[Plan, str]], now: datetime) -> Reply:
    """Return somebody's plans, with the titles of their channels, and what can be done with each."""
    if not plans:
        return said(NO_PLANS)
    lines = [f"{place}. {_line(plan, title, now)}" for place, (plan, title) in enumerate(plans, 1)]
    rows = tuple(_row(plan, place) for place, (plan, _) in enumerate(plans, 1))
    return Reply((Headline("Your planned posts"), *map(Paragraph, lines)), rows)


def _line(plan: Plan, title: str, now: datetime) -> str:
    where = f"{plan.what} to “{title or plan.channel}”, {plan.timing}"
    match plan.state:
        case State.ACTIVE:
            return f"{where}; next {moment(plan.timing.next(now).at)}"
        case State.PAUSED:
            return f"{where}; paused"
        case State.LOST:
            return f"{where}; stopped: one of us may not post there any more"


def _row(plan: Plan, place: int) -> tuple[PostButton, ...]:
    stop = PausePlan(plan.id, f"Pause {place}")
    switch = stop if plan.state is State.ACTIVE else ResumePlan(plan.id, f"Go on with {place}")
    return switch, DropPlan(plan.id, f"Delete {place}")


def skipped_reply(plan: Plan, title: str, missed: int) -> Reply:
    """Return that posts never were, because nobody would want them by now."""
    posts = "one post" if missed == 1 else f"{missed} posts"
    return said(
        f"I left out {posts} of “{plan.what}” to “{title or plan.channel}” ({plan.timing}): "
        "I was not running then, or could not make it. I go on with the next."
    )


def lost_reply(title: str, channel: int, *, is_person: bool) -> Reply:
    """Return that somebody's plans for a channel are stopped, and how they go on."""
    who = "You are" if is_person else "I am"
    return said(
        f"I stopped your planned posts to “{title or channel}”: {who} no administrator who may post there any more. "
        "Once that is mended, /posts goes on with them."
    )


def with_changes(reply: Reply, snapshots: Sequence[Snapshot], before: Mapping[str, float], then: datetime) -> Reply:
    """Return a reply that says how its numbers differ from those of an earlier one; nothing where none was there."""
    moved = [*_changes(snapshots, before)]
    if not moved:
        return reply
    shown = [text for text in moved if text][:MOST_CHANGES]
    note = Note(f"Since {moment(then)}: {'; '.join(shown) or 'no change'}.")
    times = tuple(block for block in reply.blocks if isinstance(block, AsOf))
    rest = tuple(block for block in reply.blocks if not isinstance(block, AsOf))
    return replace(reply, blocks=(*rest, note, *times))


def _changes(snapshots: Sequence[Snapshot], before: Mapping[str, float]) -> Sequence[str]:
    """Return a text for each number that was there before as well, empty where it reads the same."""
    found = []
    for snapshot in snapshots:
        for coin, side in snapshot.sides.items():
            old = before.get(f"{snapshot.stat.key}:{coin}")
            if old is None or not isinstance(side, Quote) or side.quality in {Quality.LAST_KNOWN, Quality.DISPUTED}:
                continue
            was, is_now = (number(value, snapshot.stat.unit, coin) for value in (old, side.value))
            name = f"{snapshot.stat.title} {coin.upper()}"
            found.append("" if was == is_now else f"{name} {was} → {is_now}")
    return found
