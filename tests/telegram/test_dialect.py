"""Moments in a reader's own time, copy buttons and colours; and servers that know none of it."""

import pytest

from bot.faces.simulator import LocalTelegram
from bot.faces.telegram.keyboard import rows_of
from bot.faces.telegram.links import Links
from bot.model.mark import Forget
from bot.model.owner_buttons import Approve
from bot.model.reply import Reply
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage

REFUSED = 'Bad Request: can\'t parse entities: Unsupported start tag "tg-time" at byte offset 9'


def times(telegram: LocalTelegram, method: str) -> list[bool]:
    """Tell of each call whether it brought a moment as such."""
    return ["<tg-time" in str(call.parameters) for call in telegram.calls_of(method)]


async def test_the_age_of_a_number_is_a_moment(stage: Stage, clock: StandingClock) -> None:
    """A reader's program can say how old it is when it is read."""
    ann = stage.person()
    ann.say(ann.private, "/fees")

    (answer,) = await stage.said(ann.private)

    moments = [one for one in answer.entities if one["type"] == "date_time"]
    assert moments
    assert {one["date_time_format"] for one in moments} == {"r"}
    assert all(0 <= clock.now.timestamp() - one["unix_time"] < 3600 for one in moments)


async def test_a_server_without_moments_is_learned_once(stage: Stage) -> None:
    """Markup and buttons stay; the next message does without from the start."""
    ann = stage.person()
    stage.telegram.fail_next("sendMessage", 400, REFUSED)
    ann.say(ann.private, "/fees")
    ann.say(ann.private, "/price")

    first, _ = await stage.said(ann.private, 2)

    assert times(stage.telegram, "sendMessage") == [True, False, False]
    assert " ago" in first.text
    assert [one for one in first.entities if one["type"] == "bold"]
    assert first.buttons


async def test_an_edit_learns_it_too(stage: Stage) -> None:
    ann = stage.person()
    ann.say(ann.private, "/fees")
    (answer,) = await stage.said(ann.private)
    stage.telegram.fail_next("editMessageText", 400, REFUSED)

    press = ann.press(answer, "↻ Refresh numbers")
    await stage.telegram.wait_for(lambda: press.answer)

    assert times(stage.telegram, "editMessageText") == [True, False]
    assert answer.edited


@pytest.mark.parametrize("method", ["answerInlineQuery", "answerGuestQuery"])
async def test_answers_elsewhere_learn_it_too(stage: Stage, method: str) -> None:
    ann = stage.person()
    far = stage.telegram.supergroup("Far", [ann])
    del far.members[stage.telegram.bot.id]
    stage.telegram.fail_next(method, 400, REFUSED)

    query = ann.inquire("#live-fee") if method == "answerInlineQuery" else ann.summon(far, "@duel_bot fees now")
    await stage.telegram.wait_for(lambda: query.answer)

    assert times(stage.telegram, method) == [True, False]
    assert " ago" in str(query.results)


async def test_a_converted_sum_can_be_copied(stage: Stage) -> None:
    """As bare digits, which an amount field takes."""
    ann = stage.person()
    ann.say(ann.private, "/convert 0.5 BTC USD BCH")

    (answer,) = await stage.said(ann.private)

    dollars, coins = answer.buttons[0]
    assert dollars.label == f"Copy {dollars.copied} USD"
    assert dollars.copied.replace(".", "").isdecimal()
    assert coins.label == f"Copy {coins.copied} BCH"


def test_what_cannot_be_taken_back_is_red_and_what_goes_live_is_green() -> None:
    links = Links("duel_bot", is_inline=True)

    ((approve,), (forget,)) = rows_of(Reply((), ((Approve(1),),)), links, ((Forget(1, "Delete"),),))

    assert (approve.style, forget.style) == ("success", "danger")


async def test_an_answer_stays_in_the_topic_of_a_private_chat(stage: Stage) -> None:
    """So does what its buttons open."""
    ann = stage.person()
    ann.start()
    await stage.said(ann.private)
    fees = ann.private.topic("Fees", by=ann)

    ann.say(ann.private, "why did bch fork", thread=fees)
    _, answer = await stage.said(ann.private, 2)
    ann.press(answer, answer.buttons[0][0].label)
    *_, related = await stage.said(ann.private, 3)

    assert answer.thread == related.thread == fees.id
