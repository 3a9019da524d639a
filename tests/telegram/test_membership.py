"""Added, removed, muted, moved: the bot introduces itself once, and makes no noise where it cannot speak."""

from datetime import timedelta

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.faces.simulator import Chat, Person, Status
from bot.faces.telegram.cooldown import Cooldowns
from bot.faces.telegram.delivery import Delivery
from bot.faces.telegram.face import Face
from bot.faces.telegram.manners_gate import Gate
from bot.faces.telegram.membership import Membership
from bot.faces.telegram.rights import Rights
from bot.faces.telegram.send import Sender
from bot.faces.telegram.settings import Panels
from bot.faces.telegram.visit import Repeats
from bot.house import House
from bot.model.manners import Mode
from bot.model.standing import Role, Trouble
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage


def chats(stage: Stage) -> House:
    assert stage.house
    return stage.house


async def standing(stage: Stage, chat: Chat) -> tuple[Role, Trouble]:
    found = await chats(stage).standing(chat.id)
    assert found
    return found.role, found.trouble


@pytest.mark.parametrize(
    ("privacy", "status", "words"),
    [
        (True, Status.MEMBER, "deaf"),
        (False, Status.MEMBER, "every message"),
        (True, Status.ADMINISTRATOR, "every message"),
    ],
    ids=["privacy mode", "no privacy mode", "admin"],
)
async def test_a_new_group_is_told_what_is_heard(homely: Stage, privacy: bool, status: Status, words: str) -> None:
    """One message, with a way to the settings; another role later is no reason for another."""
    ann = homely.person()
    homely.telegram.privacy = privacy
    club = homely.telegram.supergroup("Club", owner=ann, bot=Status.LEFT)

    ann.add_bot(club, status)
    (hello,) = await homely.said(club)
    ann.promote_bot(club)
    await homely.rested()

    assert words in hello.text
    assert hello.buttons[0][0].url == f"https://t.me/duel_bot?start=g_{club.id}"
    assert len(homely.telegram.sent_by_bot(club)) == 1
    assert await standing(homely, club) == (Role.ADMIN, Trouble.NONE)


async def test_a_channel_gets_no_post_for_a_welcome(homely: Stage) -> None:
    ann = homely.person()
    news = homely.telegram.channel("News", owner=ann, bot=Status.LEFT)

    ann.add_bot(news, Status.ADMINISTRATOR)

    assert await homely.is_silent(news)
    assert await standing(homely, news) == (Role.ADMIN, Trouble.NONE)


async def test_owners_see_where_the_bot_was_removed(homely: Stage) -> None:
    """A group that removed the bot is gone until it is added again; its settings outlast that. Others see nothing."""
    ann, olga = homely.person(), homely.owner
    club = homely.telegram.supergroup("Club", owner=ann)
    assert chats(homely).chats
    await chats(homely).told(lambda kept: kept.change(club.id, {"mode": "commands"}))

    ann.remove_bot(club)
    await homely.rested()
    assert await chats(homely).is_gone(club.id)
    olga.say(olga.private, "/status")
    ann.say(ann.private, "/status")
    _, troubles = await homely.said(olga.private, 2)
    await homely.rested()
    assert f"{club.id}: removed or blocked, 2026-11-23 12:00 UTC" in troubles.text
    assert len(homely.telegram.sent_by_bot(ann.private)) == 1

    ann.add_bot(club)
    await homely.said(club)
    await homely.rested()
    assert not await chats(homely).is_gone(club.id)
    assert (await chats(homely).manners(club.id, is_group=True)).mode is Mode.COMMANDS
    assert await chats(homely).in_trouble() == ()


async def test_of_somebody_who_blocks_nothing_is_kept(homely: Stage) -> None:
    """A block is noted only where there are settings that something might be sent by."""
    ann, bob = homely.person("Ann"), homely.person("Bob")
    ann.start()
    bob.start()
    await homely.said(bob.private)
    await chats(homely).told(lambda kept: kept.change(bob.id, {"currency": "eur"}))

    ann.block()
    bob.block()
    await homely.rested()

    assert await standing(homely, ann.private) == (Role.UNKNOWN, Trouble.NONE)
    assert await chats(homely).is_gone(bob.id)
    assert await chats(homely).in_trouble() == ()


async def test_a_group_that_may_not_be_written_in_is_left_alone(homely: Stage, clock: StandingClock) -> None:
    """One refusal is enough: for ten minutes nothing is tried, and once it works again that is noted."""
    ann = homely.person()
    club = homely.telegram.supergroup("Club", [ann])
    club.bot_may_write = False
    for _ in range(3):
        ann.say(club, "/fees")
        await homely.rested()
    refused = [call for call in homely.telegram.calls_of("sendMessage") if call.refused]
    assert len(refused) == 1
    assert await standing(homely, club) == (Role.UNKNOWN, Trouble.SILENCED)

    club.bot_may_write = True
    clock.pass_by(timedelta(minutes=10))
    ann.say(club, "/fees")
    await homely.said(club)
    await homely.rested()

    assert await standing(homely, club) == (Role.UNKNOWN, Trouble.NONE)


async def test_a_muted_bot_is_known_to_be(homely: Stage) -> None:
    """Restricted is a role; being allowed again ends it without a try."""
    ann = homely.person()
    club = homely.telegram.supergroup("Club", owner=ann)

    ann.promote_bot(club, Status.RESTRICTED)
    ann.say(club, "/fees")
    await homely.rested()
    assert await standing(homely, club) == (Role.RESTRICTED, Trouble.SILENCED)
    assert homely.telegram.calls_of("sendMessage")[0].parameters["chat_id"] != str(club.id)

    ann.promote_bot(club, Status.MEMBER)
    ann.say(club, "/fees")

    assert await homely.said(club)


async def test_pictures_and_closed_topics_are_noticed(homely: Stage) -> None:
    """What cannot be sent is noted with its reason, and text goes on."""
    ann = homely.person()
    forum = homely.telegram.forum("Forum", [ann])
    forum.bot_may_show = False
    ann.say(forum, "/card")
    await homely.rested()
    assert (await standing(homely, forum))[1] is Trouble.NO_MEDIA

    topic = forum.topic("Fees", by=ann)
    forum.close_topic(topic)
    ann.say(forum, "/fees", thread=topic)
    await homely.rested()
    assert (await standing(homely, forum))[1] is Trouble.TOPIC_CLOSED

    ann.say(forum, "/fees")
    assert await homely.said(forum)


def told(stage: Stage, old: Chat, new: Chat, ann: Person, *orders: str) -> None:
    """Let service messages about a move arrive in some order."""
    kinds = {
        "to": (old, {"migrate_to_chat_id": new.id}),
        "from": (new, {"migrate_from_chat_id": old.id}),
    }
    for order in orders:
        chat, content = kinds[order]
        stage.telegram.announce(chat, ann.sender(chat), content)


@pytest.mark.parametrize(
    "orders",
    [("to", "from"), ("from", "to"), ("to",), ("from",), ("to", "to", "from"), ()],
    ids=lambda orders: "+".join(orders) or "found out by writing",
)
async def test_settings_follow_a_group_to_its_supergroup(homely: Stage, orders: tuple[str, ...]) -> None:
    """Whichever message comes, in whichever order, or only the refusal of an answer: the state is the same."""
    ann = homely.person()
    club = homely.telegram.group("Club", owner=ann)
    for changes in ({"mode": "commands"}, {"currency": "eur"}):
        await chats(homely).told(lambda kept, changes=changes: kept.change(club.id, changes))  # type: ignore[misc]
    if not orders:
        ann.say(club, "/fees")
    new = club.upgrade(ann, is_told=False)
    told(homely, club, new, ann, *orders)
    await homely.rested()

    for chat in (club, new):
        found = await chats(homely).standing(chat.id)
        assert found
        assert found.chat == new.id
        assert found.settings == {"mode": "commands", "currency": "eur"}
        assert found.previous == {"mode": "commands"}


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (RetryAfter(7), Trouble.SLOW_MODE),
        (BadRequest("Not enough rights to send text messages to the chat"), Trouble.SILENCED),
        (BadRequest("Not enough rights to send photos to the chat"), Trouble.NO_MEDIA),
        (BadRequest("Topic_closed"), Trouble.TOPIC_CLOSED),
        (BadRequest("Message is too long"), Trouble.NONE),
        (TimedOut(), Trouble.NONE),
        (Forbidden("bot was kicked from the supergroup chat"), Trouble.KICKED),
    ],
    ids=str,
)
async def test_what_telegram_says_is_understood(homely: Stage, error: TelegramError, trouble: Trouble) -> None:
    """Each refusal is noted as what it is; what says nothing about the chat is not."""
    club = homely.telegram.supergroup("Club")

    await delivery_of(homely).failed("send", error, club.id)

    assert (await standing(homely, club))[1] is trouble


async def test_a_move_is_understood_from_an_error(homely: Stage) -> None:
    club = homely.telegram.group("Club")
    await chats(homely).told(lambda kept: kept.change(club.id, {"mode": "commands"}))

    await delivery_of(homely).failed("send", ChatMigrated(-1_001_234), club.id)

    assert await chats(homely).manners(-1_001_234, is_group=True) == await chats(homely).manners(club.id, is_group=True)


def delivery_of(stage: Stage) -> Delivery:
    """Return what meets Telegram's refusals, with who hears of them, as the application has it."""
    house = chats(stage)
    clock, sender = house.pipeline.clock, Sender(stage.app.bot, house)
    gate = Gate(Face(house.pipeline, sender), house, Cooldowns(clock), Repeats(clock))
    sender.delivery.noticed = Membership(Panels(gate, Rights(stage.app.bot, clock))).noticed
    return sender.delivery


async def test_without_a_database_manners_are_the_usual_ones(stage: Stage) -> None:
    """The bot answers as ever, and says that settings cannot be had."""
    ann = stage.person()
    club = stage.telegram.supergroup("Club", owner=ann)

    ann.say(ann.private, "/settings")
    ann.say(club, "/fees")

    assert "later" in (await stage.said(ann.private))[0].text
    assert "sat/vB" in (await stage.said(club))[0].text
