"""Whatever people and Telegram send: a sensible reply or silence, never an exception, never broken markup."""

import pytest
import structlog

from tests.telegram.conftest import Stage

TEXTS = {
    "junk": "x" * 4096,
    "words without end": "why fork " * 455,
    "only emoji": "🚀🚀🌕💎🙌",
    "zero width": "\u200b\u200d\ufe0f",
    "control characters": "\x01\x02why\x03",
    "right to left": "\u202eمرحبا ما هو البيتكوين\u202c",
    "markup": "<b>why</b> did <a href='https://evil.example'>bch</a> & <script>fork</script>",
    "broken markup": "<b><i>bch </b> fees &lt; &amp &",
    "many lines": "\n" * 200 + "fees?",
    "combining marks": "w̷̢h̴̡y̵ d̷i̴d̵ b̷c̴h̵ f̷o̴r̵k̷",
    "lone surrogates as digits": "1" * 500,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_any_text_gets_a_well_formed_reply(stage: Stage, text: str) -> None:
    """Telegram takes every reply as it is: nothing is refused, nothing fails."""
    ann = stage.person()

    with structlog.testing.capture_logs() as logs:
        ann.say(ann.private, text)
        (answer, *_) = await stage.said(ann.private)

    assert answer.text
    assert [log for log in logs if "failed" in log["event"]] == []
    assert [call.refused for call in stage.telegram.calls if call.refused] == []


async def test_nothing_of_the_question_is_echoed(stage: Stage) -> None:
    """Links and markup of users never come back from the bot."""
    ann = stage.person()
    ann.say(ann.private, "<b>https://evil.example</b> @everyone qwertyuiop")

    (answer,) = await stage.said(ann.private)

    assert "evil" not in answer.text
    assert "everyone" not in answer.text


SECRETS = {
    "a seed phrase": "help my wallet " + "abandon " * 11 + "about",
    "a private key": "is this ok 5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
    "a private key in hex": "key: " + "1e99423a4ed27608a15a2616a2b0e9e52ced330ac530edcc32c8ffc6a526aedd",
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
async def test_a_leaked_secret_is_warned_of_and_goes_nowhere(
    stage: Stage, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The reply warns and repeats nothing, and no log has it."""
    ann = stage.person()
    ann.say(ann.private, text)

    (answer,) = await stage.said(ann.private)
    printed = capfd.readouterr()

    secret = text.rsplit(maxsplit=1)[-1]
    assert "move" in answer.text.lower()
    assert secret not in answer.text.split()
    assert secret not in printed.out + printed.err


async def test_pictures_and_stickers(stage: Stage) -> None:
    """Without words: a hint in private, silence in a group; with a caption: an answer."""
    ann = stage.person()
    group = stage.telegram.supergroup("Club", [ann])

    ann.sticker(ann.private)
    ann.photo(ann.private)
    ann.photo(ann.private, "why did bch fork")
    answers = await stage.said(ann.private, 3)
    ann.sticker(group)
    ann.photo(group, "why did bch fork")

    assert answers[0].text == answers[1].text
    assert any("2017" in answer.text for answer in answers)
    assert await stage.is_silent(group)


POLL = {
    "id": "1",
    "question": "?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": True,
    "members_only": False,
}
UNKNOWN = {
    "a kind nobody knows": {"quantum_message": {"qubits": 5}},
    "an empty update": {},
    "a poll": {"poll": POLL},
    "a message of a new kind": {
        "message": {"message_id": 9, "date": 1_795_000_000, "chat": {"id": 77, "type": "private"}, "hologram": {"a": 1}}
    },
    "an inline query": {
        "inline_query": {"id": "1", "from": {"id": 7, "is_bot": False, "first_name": "A"}, "query": "x", "offset": ""}
    },
}


@pytest.mark.parametrize("update", UNKNOWN.values(), ids=UNKNOWN)
async def test_unknown_updates_are_passed_over(stage: Stage, update: dict[str, object]) -> None:
    """An update we do not know is silence, and the next question is answered."""
    stage.telegram.push(update)
    ann = stage.person()
    ann.say(ann.private, "why did bch fork")

    (answer,) = await stage.said(ann.private)

    assert "2017" in answer.text


async def test_other_bots_are_not_answered(stage: Stage) -> None:
    """A bot's message, even one that mentions ours, is silence: two bots would talk for ever."""
    ann = stage.person()
    group = stage.telegram.supergroup("Club", [ann])
    machine = {"id": 555, "is_bot": True, "first_name": "Other", "username": "other_bot"}
    ann.say(group, "@duel_bot why did bch fork", **{"from": machine})

    assert await stage.is_silent(group)


async def test_a_flood_wait_is_waited_out(stage: Stage) -> None:
    """When Telegram says to wait, the answer comes after the wait."""
    ann = stage.person()
    stage.telegram.fail_next("sendMessage", 429, "Too Many Requests: retry after 1", 1)
    ann.say(ann.private, "why did bch fork")

    (answer,) = await stage.said(ann.private)

    assert "2017" in answer.text


async def test_an_answer_outlives_its_topic(stage: Stage) -> None:
    """When the topic is gone by the time of the answer, the answer goes to the chat, once, and to nobody in private."""
    ann = stage.person()
    forum = stage.telegram.forum("Club", [ann])
    topic = forum.topic("Fees", by=ann)
    stage.telegram.fail_next("sendMessage", 400, "Bad Request: message thread not found")
    ann.say(forum, "@duel_bot why did bch fork", thread=topic)

    (answer,) = await stage.said(forum)

    first, second = stage.telegram.calls_of("sendMessage")
    assert "2017" in answer.text
    assert first.parameters["message_thread_id"] == str(topic.id)
    assert "message_thread_id" not in second.parameters
    assert stage.telegram.sent_by_bot(ann.private) == []
