"""Guest mode: called by name in a chat the bot is not in."""

import pytest

from bot.faces.simulator import Chat, Message, Person
from bot.faces.simulator.inline import Query
from bot.faces.telegram.face import NEWER, SAME
from bot.journal import Journal
from bot.match import Matcher, decide
from bot.model.clock import utc_now
from bot.model.knowledge import Library
from bot.model.question import Question
from bot.model.verdict import Choice
from tests.telegram.conftest import Stage

CASES = {
    "@duel_bot why did bch fork": "2017",
    "🤔 why did bch fork, @Duel_Bot?": "2017",
    "@duel_bot fees now": "As of 2026-11-23, 12:00 UTC",
    "@duel_bot 100 eur in bch": "€100 ≈ 0.2554 BCH",
    "@duel_bot will bch moon": "I don't predict prices",
    "@duel_bot qwrt zxcv plkj": "I have no checked answer",
    "@duel_bot": "I can only read words",
    "@duel_bot legal winner thank year wave sausage worth useful legal winner thank yellow": "Treat it as stolen",
}


def far_of(stage: Stage, *people: Person) -> Chat:
    """Return a group that the bot is not in."""
    far = stage.telegram.supergroup("Far", people)
    del far.members[stage.telegram.bot.id]
    return far


async def answered(stage: Stage, call: Query) -> Message:
    assert call.message
    await stage.telegram.wait_for(lambda: call.answer)
    return stage.telegram.sent_by_bot(call.message.chat)[-1]


@pytest.mark.parametrize(("text", "wanted"), CASES.items())
async def test_a_call_is_answered_where_it_stands(stage: Stage, text: str, wanted: str) -> None:
    """In the guest's own way, and by nothing else."""
    ann = stage.person()
    call = ann.summon(far_of(stage, ann), text)

    answer = await answered(stage, call)

    assert call.message
    assert wanted in answer.text
    assert answer.reply_to == call.message.id
    assert not [sent for sent in stage.telegram.calls if sent.method.startswith("send") or sent.refused]


async def test_a_bare_call_answers_what_it_replies_to(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    far = far_of(stage, ann, bob)
    claim = stage.telegram.write(far, bob.sender(far), {"text": "why did bch fork from bitcoin"})

    answer = await answered(stage, ann.summon(far, "@duel_bot", reply_to=claim))

    assert "2017" in answer.text


async def test_a_close_call_leads_to_each_answer_by_a_link(stage: Stage, library: Library, matcher: Matcher) -> None:
    """Whoever is not sure what is meant does not guess in somebody else's chat."""
    ann = stage.person()
    texts = (exam.text for exam in library.packs["btc-vs-bch"].exams)
    close_call = next(text for text in texts if isinstance(decide(matcher.rank(Question(text, utc_now()))), Choice))

    answer = await answered(stage, ann.summon(far_of(stage, ann), f"@duel_bot {close_call}"))
    links = [button.url for row in answer.buttons for button in row]

    assert "Did you mean" in answer.text
    assert 2 <= len(links) <= 3
    assert all(link.startswith("https://t.me/duel_bot?start=a_") for link in links)


async def test_machines_and_late_calls_get_nothing(stage: Stage) -> None:
    ann = stage.person()
    robot = stage.telegram.person("Robot")
    robot.is_bot = True
    far = far_of(stage, ann, robot)

    by_machine = robot.summon(far, "@duel_bot why did bch fork")
    late = ann.summon(far, "@duel_bot why did bch fork")
    late.expire()
    await stage.telegram.wait_for(lambda: stage.telegram.calls_of("answerGuestQuery"))

    assert await stage.is_silent(far)
    assert by_machine.answer is None
    assert late.answer is None


async def test_numbers_are_refreshed_in_a_guest_s_answer(stage: Stage) -> None:
    ann = stage.person()
    answer = await answered(stage, ann.summon(far_of(stage, ann), "@duel_bot fees now"))

    press = ann.press(answer, answer.buttons[0][0].label)
    await stage.telegram.wait_for(lambda: press.answer)

    assert press.answer
    assert press.answer["text"] in {NEWER, SAME}


async def test_nothing_of_a_call_is_kept(kept: Stage, journal: Journal) -> None:
    ann = kept.person()
    far = far_of(kept, ann)
    await answered(kept, ann.summon(far, "@duel_bot why did bch fork"))

    insight = await journal.told(lambda records: records.insight(30))

    assert insight
    assert insight.askers == 0
