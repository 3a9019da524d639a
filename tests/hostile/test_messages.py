"""Hostile messages at the real Application: an ordinary reply or silence, and everything as it was before."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.hostile.messages import CALL, ENTITIES, FAMILIES, NAMES, Texts
from tests.hostile.siege import Act, Attack, Siege

HELD = ("markup", "what nobody sees", "commands", "injection")  # families that are tried in groups and topics too


def privately(siege: Siege, text: str) -> Attack:
    ann = siege.stage.person()
    ann.say(ann.private, text)
    return Attack(ann.private, text, answered=True)


def in_a_topic(siege: Siege, text: str) -> Attack:
    ann = siege.stage.person()
    forum = siege.stage.telegram.forum("Club", [ann])
    topic = forum.topic("Coins", ann)
    ann.say(forum, f"@duel_bot {text}"[:4096], thread=topic)
    return Attack(forum, text, thread=topic.id)


def by_the_way(siege: Siege, text: str) -> Attack:
    """Say something in a group to nobody, where the bot hears everything."""
    ann = siege.stage.person()
    group = siege.stage.telegram.supergroup("Club", [ann])
    siege.stage.telegram.privacy = False
    ann.say(group, text)
    return Attack(group, text, answered=False)


def acts(siege: Siege, how: Callable[[Siege, str], Attack], texts: Texts) -> dict[str, Act]:
    return {name: partial(how, siege, text) for name, text in texts.items()}


@pytest.mark.parametrize("family", FAMILIES)
async def test_in_private_every_message_has_one_reply(siege: Siege, family: str) -> None:
    """Whatever is written: one reply, taken by Telegram as it is, with nothing in it of what was written."""
    assert await siege.broken(acts(siege, privately, FAMILIES[family])) == {}


@pytest.mark.parametrize("family", HELD)
async def test_in_a_topic_the_reply_stays_there(siege: Siege, family: str) -> None:
    """At most one reply, in the topic of the question."""
    assert await siege.broken(acts(siege, in_a_topic, FAMILIES[family])) == {}


@pytest.mark.parametrize("family", ["markup", "markdown and links", "emoji", "junk"])
async def test_what_is_said_to_nobody_gets_no_reply(siege: Siege, family: str) -> None:
    """In a group where the bot hears everything, it keeps silent unless it is meant."""
    texts = {name: text for name, text in FAMILIES[family].items() if not text.startswith("/") and "@duel" not in text}
    assert await siege.broken(acts(siege, by_the_way, texts)) == {}


def marked(siege: Siege, name: str, *, is_private: bool) -> Attack:
    text, entities, is_meant = ENTITIES[name]
    ann = siege.stage.person()
    chat = ann.private if is_private else siege.stage.telegram.supergroup("Club", [ann])
    siege.stage.telegram.privacy = False
    ann.say(chat, text, entities=entities)
    return Attack(chat, answered=True if is_private else is_meant)


@pytest.mark.parametrize("is_private", [True, False], ids=["in private", "in a group"])
async def test_entities_are_counted_in_utf_16_and_never_trusted(siege: Siege, *, is_private: bool) -> None:
    """Offsets that lie outside, inside a sign or over each other are passed over; a right one is understood."""
    assert await siege.broken({name: partial(marked, siege, name, is_private=is_private) for name in ENTITIES}) == {}


def named(siege: Siege, name: str, *, is_private: bool) -> Attack:
    telegram = siege.stage.telegram
    person = telegram.person(name, username=name, language_code=name)
    chat = person.private if is_private else telegram.supergroup(name, [person])
    person.say(chat, CALL)
    return Attack(chat, name, answered=True)


@pytest.mark.parametrize("is_private", [True, False], ids=["of people", "of groups"])
async def test_names_are_never_repeated(siege: Siege, *, is_private: bool) -> None:
    """A name may hold markup or half a sign: the answer is the ordinary one, and no log has the name."""
    assert await siege.broken({repr(name): partial(named, siege, name, is_private=is_private) for name in NAMES}) == {}


def test_there_are_many_of_them() -> None:
    assert sum(map(len, FAMILIES.values())) + len(ENTITIES) + len(NAMES) >= 300
