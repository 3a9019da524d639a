"""Who may not, and what is outdated or forged: refused, logged without texts, and nothing changed."""

import json
from collections.abc import AsyncIterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import structlog
from telegram import BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.faces.telegram.app import publish_commands
from bot.faces.telegram.decisions import NOT_YOURS, OVER
from bot.faces.telegram.face import STALE
from bot.press.press import PATIENCE
from tests.conftest import StandingClock
from tests.telegram.offices import FOOD, Office, opened, start, write_cats
from tests.telegram.test_office import QUESTION, proposed

Log = list[Mapping[str, Any]]


@pytest.fixture
async def office(tmp_path: Path, clock: StandingClock) -> AsyncIterator[Office]:
    telegram, people = start()
    home = write_cats(tmp_path / "knowledge")
    async with opened(telegram, home, clock, people, owners=[one.id for one in people]) as office:
        yield office


@pytest.fixture
def log() -> Log:
    """Everything that is logged."""
    found: Log = []

    def keep(_logger: object, _level: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        found.append(dict(event))
        raise structlog.DropEvent

    structlog.configure(processors=[keep])
    return found


def noted(log: Log, event: str) -> list[Mapping[str, Any]]:
    assert QUESTION not in json.dumps(log, default=str)
    return [line for line in log if line["event"] == event]


async def test_somebody_else_pressing_an_owners_button_is_refused(office: Office, log: Log) -> None:
    """Whoever gets hold of the button's data is asked who they are: an alert, a line in the log, nothing changed."""
    ann = office.telegram.person("Ann")
    proof = await proposed(office)
    (hers,) = await office.say(ann, "do cats eat fish")

    presses = [await office.forge(ann, hers, button.data) for row in proof.buttons for button in row]

    assert [press.answer and press.answer["text"] for press in presses] == [NOT_YOURS, NOT_YOURS]
    assert [line["reason"] for line in noted(log, "owners.refused")] == ["not_an_owner"] * 2
    assert noted(log, "owners.refused")[0]["person"] == ann.id
    assert office.read("food") == FOOD
    await office.press(office.olga, proof, "✓ Approve")
    assert QUESTION in office.read("food")


async def test_an_owner_who_is_none_any_more_is_refused(tmp_path: Path, clock: StandingClock, log: Log) -> None:
    """Who may is asked at the press, not when the button was made; commands, texts and files are no way in either."""
    telegram, (olga, otto) = start()
    home = write_cats(tmp_path / "knowledge")
    async with opened(telegram, home, clock, (olga, otto), owners=(olga.id, otto.id)) as office:
        proof = await proposed(office)
    async with opened(telegram, home, clock, (olga, otto), owners=(otto.id,)) as office:
        press = await office.press(olga, proof, "✓ Approve")
        (undo,) = await office.say(olga, "/undo")
        (sent,) = await office.after(lambda: olga.document(olga.private, "food.yml", b"a: b"), olga.private)

        assert press.answer
        assert press.answer["text"] == NOT_YOURS
        assert noted(log, "owners.refused")[0]["reason"] == "not_an_owner"
        assert undo.buttons == [] or "Take it back" not in str(undo.buttons)
        assert "Approve" not in str(sent.buttons)
        assert office.read("food") == FOOD


async def test_in_a_group_nobody_is_an_owner(office: Office, log: Log) -> None:
    """Commands and buttons work in private chats only."""
    olga = office.olga
    proof = await proposed(office)
    group = office.telegram.group("Cats", [olga])
    (shown,) = await office.after(lambda: olga.say(group, "/help@cats_bot"), group)

    olga.say(group, "/faq@cats_bot")
    await office.settled()
    press = await office.forge(olga, shown, proof.buttons[0][0].data)

    assert len(office.telegram.sent_by_bot(group)) == 1
    assert press.answer
    assert press.answer["text"] == STALE
    assert office.read("food") == FOOD
    assert noted(log, "owners.refused")


FORGED = {
    "no such kind": ("1oz1", STALE),
    "nothing": ("1o", STALE),
    "no number": ("1oyx", STALE),
    "a negative one": ("1oy-1", STALE),
    "another script's digits": ("1oy٣", STALE),
    "a long one": ("1oy" + "9" * 40, STALE),
    "too many fields": ("1oy1:2", STALE),
    "an unknown entry": ("1oo../../food", STALE),
    "an unknown one to retire": ("1oxnobody", OVER),
    "an unknown field": ("1ocfish:ask", OVER),
    "an unknown phrasing": ("1odfish:00000000", OVER),
    "a file that is not there": ("1of99:0", OVER),
    "a version that is not there": ("1ov99", OVER),
    "no dialogue": ("1otfish:00000000", OVER),
    "nothing to pick": ("1ok0:00000000", OVER),
    "nothing to skip": ("1osdetail", OVER),
}


@pytest.mark.parametrize(("data", "said"), FORGED.values(), ids=FORGED)
async def test_a_forged_button_is_refused(*, office: Office, log: Log, data: str, said: str) -> None:
    """Callback data that no button of ours has, or that leads nowhere, changes nothing, also from an owner."""
    before = office.holds()
    (shown,) = await office.say(office.olga, "/faq")

    press = await office.forge(office.olga, shown, data)

    assert press.answer
    assert press.answer["text"] == said
    assert noted(log, "owners.refused")[0]["reason"] == "forged_or_stale"
    assert office.holds() == before


DECIDED = {
    "an unknown proposal": ("1oy99", "was discarded, or never was"),
    "an unknown one to discard": ("1on99", "not open any more"),
    "an unknown version": ("1or99:1", "no version 99"),
    "an unknown change": ("1ou99", "Nothing was changed"),
}


@pytest.mark.parametrize(("data", "said"), DECIDED.values(), ids=DECIDED)
async def test_a_forged_decision_is_declined(*, office: Office, log: Log, data: str, said: str) -> None:
    """A number that nothing has is said to be so, and logged."""
    before = office.holds()
    (shown,) = await office.say(office.olga, "/faq")

    await office.forge(office.olga, shown, data)

    assert said in shown.text
    assert noted(log, "owners.declined")
    assert office.holds() == before


async def test_an_expired_approval_is_declined(office: Office, log: Log) -> None:
    """A proposal that is too old says so and changes nothing."""
    proof = await proposed(office)
    office.clock.pass_by(PATIENCE)

    await office.press(office.olga, proof, "✓ Approve")

    assert "could be approved until 2026-11-23 13:00 UTC" in proof.text
    assert noted(log, "owners.declined")[0]["outcome"] == "Expired"
    assert office.read("food") == FOOD


async def test_a_replayed_approval_is_declined(office: Office, log: Log) -> None:
    """What was approved, and undone since, is not applied again by the same button."""
    proof = await proposed(office)
    data = proof.button("✓ Approve").data
    await office.press(office.olga, proof, "✓ Approve")
    (undo,) = await office.say(office.olga, "/undo")
    await office.press(office.olga, undo, "Take it back")

    await office.forge(office.otto, proof, data)

    assert "It was approved before" in proof.text
    assert noted(log, "owners.declined")[0]["outcome"] == "AlreadyApplied"
    assert office.read("food") == FOOD


async def test_two_presses_at_once_apply_once(office: Office, log: Log) -> None:
    """Two owners approve the same proposal at the same moment: one version, and one is told."""
    proof = await proposed(office)
    (his,) = await office.say(office.otto, "/faq")
    data = proof.button("✓ Approve").data

    presses = [office.olga.forge(proof, data), office.otto.forge(his, data)]
    for press in presses:
        await office.answered(press)

    assert sorted("Live now." in message.text for message in (proof, his)) == [False, True]
    assert office.read("food").count(QUESTION) == 1
    assert len(noted(log, "owners.applied")) == 1


async def test_owners_have_a_menu_of_their_own(office: Office) -> None:
    """The commands for owners stand in the menu of their private chats, and in no other."""
    await publish_commands(office.app, [office.olga.id])
    hers = await office.app.bot.get_my_commands(BotCommandScopeChat(office.olga.id))
    others = await office.app.bot.get_my_commands(BotCommandScopeAllPrivateChats())

    assert {"faq", "teach", "history", "undo", "cancel", "drift", "help"} <= {one.command for one in hers}
    assert {"faq", "teach", "undo"}.isdisjoint(one.command for one in others)
