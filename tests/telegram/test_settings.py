"""The settings panel, walked through by those who may and those who may not."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.faces.simulator import Chat, Message, Person, Status
from bot.faces.telegram.codec import MOST_BYTES
from bot.faces.telegram.panel_payload import decode, encode
from bot.model.chat_buttons import (
    ChatButton,
    ExportSettings,
    ImportSettings,
    OpenPanel,
    OpenSetting,
    ProveIt,
    SetTo,
    UndoSettings,
)
from bot.model.manners import Manners, Mode
from bot.reply.panel import CHOICES
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage

ADMIN_ONLY = "Only administrators"


@dataclass(frozen=True, slots=True)
class Club:
    """A supergroup that Ann administers and Bob is in."""

    stage: Stage
    chat: Chat
    ann: Person
    bob: Person

    async def manners(self) -> Manners:
        assert self.stage.house
        return await self.stage.house.manners(self.chat.id, is_group=True)

    async def panel(self, person: Person, topic: str = "") -> Message:
        """Let somebody follow the link to the settings, and return what they get."""
        before = len(self.stage.telegram.sent_by_bot(person.private))
        person.say(person.private, f"/start g_{self.chat.id}{topic}")
        return (await self.stage.said(person.private, before + 1))[-1]

    async def press(self, person: Person, message: Message, start: str) -> str:
        """Press the button whose label starts so, and return the words the press is answered with."""
        label = next(
            one.label for row in message.buttons for one in row if one.label.removeprefix("✓ ").startswith(start)
        )
        return await self.answered(person, message, label)

    async def answered(self, person: Person, message: Message, label: str) -> str:
        press = person.press(message, label)
        await self.stage.telegram.wait_for(lambda: press.answer is not None)
        await self.stage.rested()
        assert press.answer
        return str(press.answer["text"])


@pytest.fixture
def club(homely: Stage) -> Club:
    ann, bob = homely.person("Ann"), homely.person("Bob")
    return Club(homely, homely.telegram.supergroup("Club", [bob], owner=ann), ann, bob)


def labels(message: Message) -> list[str]:
    return [one.label for row in message.buttons for one in row]


async def test_an_admin_sets_the_group_up(club: Club) -> None:
    """From /settings in the group by a link to the panel, which edits itself; the last change can be taken back."""
    ann, stage = club.ann, club.stage
    ann.say(club.chat, "/settings")
    (pointer,) = await stage.said(club.chat)
    assert pointer.buttons[0][0].url == f"https://t.me/duel_bot?start=g_{club.chat.id}"
    assert "addressed" not in pointer.text + str(labels(pointer))

    panel = await club.panel(ann)
    assert panel.text.startswith("Settings of “Club”")
    assert "I answer to: addressed" in labels(panel)

    await club.press(ann, panel, "I answer to")
    assert labels(panel) == ["commands", "✓ addressed", "listening", "‹ Back"]
    assert await club.press(ann, panel, "listening") == "Saved."
    assert "I answer to: listening" in labels(panel)
    assert "privacy mode" in panel.text
    assert (await club.manners()).mode is Mode.LISTENING

    await club.press(ann, panel, "Undo")
    assert (await club.manners()).mode is Mode.ADDRESSED
    assert len(stage.telegram.sent_by_bot(ann.private)) == 1
    assert len(stage.telegram.sent_by_bot(club.chat)) == 1


@pytest.mark.parametrize("name", CHOICES)
async def test_every_choice_of_the_panel_is_one(club: Club, name: str) -> None:
    """Whatever is offered can be set, and is marked afterwards."""
    panel = await club.panel(club.ann)

    for value in CHOICES[name]:
        press = club.ann.forge(panel, encode(SetTo(club.chat.id, 0, name, value)))
        await club.stage.telegram.wait_for(lambda press=press: press.answer)  # type: ignore[misc]
        assert press.answer
        assert press.answer["text"] == "Saved."
    await club.stage.rested()

    club.ann.forge(panel, encode(OpenSetting(club.chat.id, 0, name)))
    await club.stage.telegram.wait_for(lambda: "‹ Back" in labels(panel))
    assert [label for label in labels(panel) if label.startswith("✓ ")] == [labels(panel)[len(CHOICES[name]) - 1]]


async def test_an_anonymous_admin_proves_it(club: Club) -> None:
    """Who writes as the group gets a button; it opens the panel for an admin, and for nobody else."""
    club.ann.say(club.chat, "/settings", as_chat=club.chat)
    (pointer,) = await club.stage.said(club.chat)

    assert ADMIN_ONLY in await club.answered(club.bob, pointer, "I am an admin")
    press = club.ann.press(pointer, "I am an admin")
    await club.stage.telegram.wait_for(lambda: press.answer)

    assert press.answer
    assert press.answer["url"] == f"https://t.me/duel_bot?start=g_{club.chat.id}"


@pytest.mark.parametrize("bot", [Status.ADMINISTRATOR, Status.MEMBER], ids=["told of it", "a minute later"])
async def test_a_former_admin_may_do_nothing_more(club: Club, clock: StandingClock, bot: Status) -> None:
    """The open panel of somebody who is no admin any more does nothing, at once where the bot is told."""
    olga = club.stage.owner
    club.chat.members[club.stage.telegram.bot.id] = bot
    panel = await club.panel(club.ann)
    olga.promote(club.chat, club.ann, Status.MEMBER)
    await club.stage.rested()
    if bot is Status.MEMBER:
        clock.pass_by(timedelta(seconds=60))

    said = await club.press(club.ann, panel, "I answer to")

    assert ADMIN_ONLY in said
    assert "I answer to: addressed" in labels(panel)
    assert ADMIN_ONLY in (await club.panel(club.ann)).text


async def test_a_new_admin_may_at_once(club: Club) -> None:
    """Whoever was refused and is made an admin is let in as soon as the bot is told."""
    club.chat.members[club.stage.telegram.bot.id] = Status.ADMINISTRATOR
    assert ADMIN_ONLY in (await club.panel(club.bob)).text

    club.ann.promote(club.chat, club.bob)
    await club.stage.rested()

    assert (await club.panel(club.bob)).text.startswith("Settings of")


async def test_rights_are_asked_for_once_a_minute(club: Club, clock: StandingClock) -> None:
    """Pressing on costs no question to Telegram until the answer is a minute old."""
    panel = await club.panel(club.ann)
    asked = club.stage.telegram.calls_of("getChatMember")
    before = len([call for call in asked if call.parameters["user_id"] == str(club.ann.id)])

    await club.press(club.ann, panel, "I answer to")
    await club.press(club.ann, panel, "‹ Back")
    clock.pass_by(timedelta(seconds=60))
    await club.press(club.ann, panel, "Cooldown")

    asked = club.stage.telegram.calls_of("getChatMember")
    assert len([call for call in asked if call.parameters["user_id"] == str(club.ann.id)]) == before + 1 == 2


async def test_a_stranger_sees_and_changes_nothing(club: Club) -> None:
    """Neither by command, nor by link, nor by a button that somebody else was sent, in private or in the group."""
    eve = club.stage.person("Eve")
    club.bob.say(club.chat, "/settings")
    (refused,) = await club.stage.said(club.chat)
    assert ADMIN_ONLY in refused.text
    assert not refused.buttons

    page = await club.panel(eve)
    assert ADMIN_ONLY in page.text
    assert "Club" not in page.text

    for button in (
        SetTo(club.chat.id, 0, "mode", "listening"),
        ExportSettings(club.chat.id),
        OpenPanel(club.chat.id, 0),
    ):
        press = eve.forge(page, encode(button))
        await club.stage.telegram.wait_for(lambda press=press: press.answer)  # type: ignore[misc]
        assert press.answer
        assert ADMIN_ONLY in press.answer["text"]
    in_group = club.ann.forge(refused, encode(ExportSettings(club.chat.id)))
    await club.stage.telegram.wait_for(lambda: in_group.answer)
    assert len(club.stage.telegram.sent_by_bot(club.chat)) == 1
    assert (await club.manners()).mode is Mode.ADDRESSED


async def test_someone_on_behalf_of_a_channel_is_no_admin(club: Club) -> None:
    """An admin who writes as their channel has to write as themselves."""
    channel = club.stage.telegram.channel("Elsewhere", owner=club.ann)

    club.ann.say(club.chat, "/settings", as_chat=channel)

    (refused,) = await club.stage.said(club.chat)
    assert ADMIN_ONLY in refused.text


async def test_settings_go_out_and_come_in_as_text(club: Club) -> None:
    """Export gives what Import takes; a mistake changes nothing and is named with its line."""
    ann, stage = club.ann, club.stage
    panel, before = await club.panel(ann), await club.manners()
    await club.press(ann, panel, "Export")
    exported = (await stage.said(ann.private, 2))[-1].text
    assert exported.splitlines()[:2] == ["mode: addressed", "topics: []"]
    await club.press(ann, panel, "Import")
    prompt = (await stage.said(ann.private, 3))[-1]

    ann.say(ann.private, "mode: listenning\nmood: good\nquiet: [a]\npacks: [dogs]", reply_to=prompt)
    refused = (await stage.said(ann.private, 4))[-1].text
    assert "settings:1: mode: expected one of commands, addressed, listening" in refused
    assert "settings:2: 'mood' is not a setting here; did you mean 'mode'?" in refused
    assert "settings:3: quiet:" in refused
    assert "settings:4: packs: 'dogs' is not offered here" in refused
    assert await club.manners() == before

    text = exported.replace("mode: addressed", "mode: commands").replace("quiet: off", "quiet: 21:30-06:15")
    ann.say(ann.private, text.replace("zone: UTC", "zone: Europe/Berlin"), reply_to=prompt)
    await stage.said(ann.private, 5)

    now = await club.manners()
    assert (now.mode, str(now.quiet), now.zone) == (Mode.COMMANDS, "21:30-06:15", "Europe/Berlin")


@pytest.mark.parametrize(
    "text", ["", "hello there", "- mode: commands", "mode: commands\nmode: listening", "mode: &a x"]
)
async def test_what_is_no_settings_is_not_taken(club: Club, text: str) -> None:
    """Any text in reply to the question for settings gets a reason, and changes nothing."""
    panel = await club.panel(club.ann)
    await club.press(club.ann, panel, "Import")
    prompt = (await club.stage.said(club.ann.private, 2))[-1]

    club.ann.say(club.ann.private, text or " ", reply_to=prompt)

    assert "Nothing is changed." in (await club.stage.said(club.ann.private, 3))[-1].text
    assert (await club.manners()).mode is Mode.ADDRESSED


async def test_a_former_admin_cannot_import(club: Club, clock: StandingClock) -> None:
    """The question for settings is worth nothing to somebody who may not answer it any more."""
    panel = await club.panel(club.ann)
    await club.press(club.ann, panel, "Import")
    prompt = (await club.stage.said(club.ann.private, 2))[-1]
    club.chat.members[club.ann.id] = Status.MEMBER
    clock.pass_by(timedelta(minutes=2))

    club.ann.say(club.ann.private, "mode: listening", reply_to=prompt)

    assert ADMIN_ONLY in (await club.stage.said(club.ann.private, 3))[-1].text
    assert (await club.manners()).mode is Mode.ADDRESSED


async def test_topics_are_named_by_asking_in_them(homely: Stage) -> None:
    """/settings in a topic leads to a panel that can allow that topic, and again everywhere."""
    ann = homely.person("Ann")
    forum = homely.telegram.forum("Forum", owner=ann)
    fees = forum.topic("Fees", by=ann)
    club = Club(homely, forum, ann, ann)
    ann.say(forum, "/settings", thread=fees)
    (pointer,) = await homely.said(forum)
    assert pointer.thread == fees.id
    assert pointer.buttons[0][0].url == f"https://t.me/duel_bot?start=g_{forum.id}_{fees.id}"

    panel = await club.panel(ann, f"_{fees.id}")
    await club.press(ann, panel, "Topics")
    await club.press(ann, panel, "the one you came from")
    assert (await club.manners()).topics == (fees.id,)

    await club.press(ann, panel, "Topics")
    await club.press(ann, panel, "everywhere")
    assert (await club.manners()).topics == ()


async def test_people_have_settings_of_their_own(homely: Stage) -> None:
    """/settings in private is about oneself: prices come in one's own money, answers as long as one likes them."""
    ann = homely.person("Ann")
    ann.say(ann.private, "/settings")
    (panel,) = await homely.said(ann.private)
    assert labels(panel) == ["Currency: usd", "Answers: full", "Tables: classic", "Export", "Import"]
    for name, value in (("currency", "eur"), ("detail", "short")):
        ann.forge(panel, encode(SetTo(ann.id, 0, name, value)))
    await homely.rested()

    ann.say(ann.private, "/price")
    short = (await homely.said(ann.private, 2))[-1]

    assert "€78,300" in short.text
    assert "As of" not in short.text
    assert "More ›" in labels(short)


async def test_one_cannot_set_up_somebody_else(homely: Stage) -> None:
    """A private chat belongs to its person alone."""
    ann, eve = homely.person("Ann"), homely.person("Eve")
    eve.say(eve.private, "/settings")
    (panel,) = await homely.said(eve.private)

    press = eve.forge(panel, encode(SetTo(ann.id, 0, "currency", "eur")))
    await homely.telegram.wait_for(lambda: press.answer)
    eve.say(eve.private, f"/start g_{ann.id}")
    await homely.said(eve.private, 2)

    assert homely.house
    assert press.answer
    assert ADMIN_ONLY in press.answer["text"]
    assert await homely.house.manners(ann.id, is_group=False) == Manners()


BUTTONS: tuple[ChatButton, ...] = (
    OpenPanel(-1_002_999_999_999, 2_147_483_647),
    OpenSetting(-1_002_999_999_999, 2_147_483_647, "listen_every"),
    SetTo(-1_002_999_999_999, 2_147_483_647, "zone", "America/Los_Angeles"),
    SetTo(-1_002_999_999_999, 2_147_483_647, "quiet", "22:00-07:00"),
    UndoSettings(-1_002_999_999_999, 2_147_483_647),
    ExportSettings(-1_002_999_999_999),
    ImportSettings(7_000_000_000),
    ProveIt(2_147_483_647),
)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: type(button).__name__)
def test_a_button_survives_its_payload(button: ChatButton) -> None:
    """What is encoded is decoded to the same, and fits."""
    data = encode(button)

    assert len(data.encode()) <= MOST_BYTES
    assert decode(data) == button


@pytest.mark.parametrize(
    "data", ["1.", "1.z1", "1.p", "1.p1", "1.px:0", "1.p1:0:3", "1.s1:0:mode", "1.p" + "9" * 70, None]
)
async def test_a_forged_payload_is_none(data: str | None) -> None:
    """What was never a button is not taken for one."""
    assert decode(data) is None


@pytest.mark.parametrize("data", ["1.s{}:0:mode:shouting", "1.s{}:0:packs:9", "1.o{}:0:nonsense", "1.s{}:0:topics:x"])
async def test_a_forged_value_changes_nothing(club: Club, data: str) -> None:
    """An admin's client may send anything; only what the panel offers is done."""
    panel = await club.panel(club.ann)
    before = await club.manners()

    press = club.ann.forge(panel, data.format(club.chat.id))
    await club.stage.telegram.wait_for(lambda: press.answer)
    await club.stage.rested()

    assert press.answer
    assert press.answer["show_alert"]
    assert await club.manners() == before
    assert json.dumps(panel.raw).count("shouting") == 0
