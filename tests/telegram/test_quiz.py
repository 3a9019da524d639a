"""Quizzes: what they ask is sure, and they come as native polls."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.edition import Edition, Shelf
from bot.faces.simulator import Message
from bot.faces.simulator.parameters import Parameters
from bot.faces.telegram.quizzing import ANSWER, NONE, REFUSED
from bot.match import Matcher
from bot.model.knowledge import Label, Library, VersusRow
from bot.pipeline import Pipeline
from bot.quiz import BOTH, NEITHER, TURN, is_sure, make_quiz, quizzes
from bot.reply.terminal import plain
from bot.text import utf16_length
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage, open_stage
from tests.web import Web

ROWS = {
    "figures differ": (("Every 2,016 blocks", "Every block, 2-day half-life"), True),
    "one alone is a no": (("No", "Yes, by consensus"), True),
    "a figure in common": (("141 vB, 1 input", "226 B, 1 input"), False),
    "one without figures": (("1 MB", "larger"), False),
    "both a no": (("None", "None on the chain"), False),
    "the same": (("2009-01-03", "The same; own since 2017-08-01"), False),
    "about so": (("About 450", "About 15"), False),
    "a past in common": (("Bugs of 2010, before the fork", "A war in 2018"), False),
}


@pytest.mark.parametrize(("cells", "sure"), ROWS.values(), ids=ROWS)
def test_a_row_is_asked_only_where_one_cell_is_surely_wrong(cells: tuple[str, str], sure: bool) -> None:
    """What could be true of both sides makes no quiz."""
    assert is_sure(VersusRow("Limit", cells)) is sure


def test_every_quiz_of_the_knowledge_is_right_and_fits(library: Library) -> None:
    """The right option stands in the table of the side; nothing contested, all within Telegram's limits."""
    made = list(quizzes(library))

    assert len(made) > 60
    assert len({quiz.question for quiz in made}) == len(made)
    for quiz in made:
        entry = library.entry(quiz.entry)
        assert entry
        assert entry.label is Label.CURATED
        assert not entry.declines
        assert quiz.options[-1] in {BOTH, NEITHER}
        assert len({*quiz.options}) == len(quiz.options)
        right = quiz.options[quiz.correct]
        row = next(row for row in entry.versus if f"\n{row.what}:" in quiz.question)
        if quiz.options[-1] == BOTH:
            shown = quiz.question.split("“")[1].split("”")[0]
            assert right.endswith(f"({('BTC', 'BCH')[row.cells.index(shown)]})")
        else:
            assert row.cells.index(right) == ("(BTC)?" not in quiz.question)
        assert utf16_length(quiz.question) <= 300
        assert max(map(utf16_length, quiz.options)) <= 100
        assert 0 < utf16_length(quiz.explanation) <= 200


def test_the_right_option_stands_anywhere(library: Library) -> None:
    """Its place is no hint."""
    places = [quiz.correct for quiz in quizzes(library)]

    assert 0.3 < places.count(0) / len(places) < 0.7


def test_a_chat_gets_every_quiz_before_one_comes_twice(library: Library, clock: StandingClock) -> None:
    """The same moment and chat give the same quiz; another chat, another day and the next turn another order."""
    count = len(list(quizzes(library)))
    day = [make_quiz(library, "7", clock.now + timedelta(seconds=TURN * turn)) for turn in range(count)]

    assert len({quiz.question for quiz in day if quiz}) == count
    assert make_quiz(library, "7", clock.now) == day[0]
    orders = {
        tuple(make_quiz(library, seed, clock.now + timedelta(days=days, seconds=TURN * turn)) for turn in range(5))
        for seed, days in (("7", 0), ("8", 0), ("7", 1))
    }
    assert len(orders) == 3


def test_a_knowledge_without_comparisons_has_no_quiz(clock: StandingClock) -> None:
    """Nothing is made up."""
    assert make_quiz(Library({}, "x"), "7", clock.now) is None


async def posed(stage: Stage, text: str = "/quiz") -> Message:
    ann = stage.person()
    ann.say(ann.private, text)
    return (await stage.said(ann.private))[0]


async def test_a_quiz_is_a_native_poll(stage: Stage) -> None:
    """It has options of which one is right, the verdict as explanation, and a button to the answer."""
    poll = await posed(stage)
    (call,) = stage.telegram.calls_of("sendPoll")

    raw = poll.raw["poll"]
    assert (raw["type"], raw["is_anonymous"], len(raw["correct_option_ids"])) == ("quiz", True, 1)
    assert json.loads(call.parameters["correct_option_ids"]) == raw["correct_option_ids"]
    assert "correct_option_id" not in call.parameters
    assert raw["explanation"]
    assert not call.refused

    ann = stage.telegram.people[poll.chat.id]
    assert ann.vote(poll, raw["correct_option_ids"][0])
    with pytest.raises(LookupError):
        ann.vote(poll, 0)
    ann.press(poll, ANSWER)
    assert "Sources" in (await stage.said(poll.chat, 2))[1].text


async def test_a_quiz_stays_in_its_topic(stage: Stage) -> None:
    """In a forum it comes where it was asked for."""
    ann = stage.person()
    forum = stage.telegram.forum("Forum", [ann])
    topic = forum.topic("Games", ann)

    ann.say(forum, "/quiz@duel_bot", thread=topic)

    assert (await stage.said(forum))[0].thread == topic.id


async def test_where_polls_are_refused_that_is_said(stage: Stage) -> None:
    """A group may forbid polls."""
    stage.telegram.fail_next("sendPoll", 400, "Bad Request: not enough rights to send polls to the chat")

    assert (await posed(stage)).text == plain(REFUSED)


async def test_without_a_quiz_that_is_said(
    web: Web, pipeline: Pipeline, matcher: Matcher, clock: StandingClock
) -> None:
    """A knowledge that compares nothing has none."""
    bare = replace(pipeline, shelf=Shelf(Edition(Library({}, "x"), matcher, clock())))
    async with open_stage(bare, web) as stage:
        assert (await posed(stage)).text == plain(NONE)


WRONG = {
    "no question": ({"question": " "}, "poll questions must be non-empty"),
    "long question": ({"question": "x" * 301}, "poll questions length must not exceed 300"),
    "one option": ({"options": '[{"text": "a"}]'}, "poll must have at least 2 option"),
    "many options": ({"options": json.dumps([{"text": "a"}] * 13)}, "poll can't have so many options"),
    "bare texts": ({"options": '["a", "b"]'}, "can't parse options JSON object"),
    "long option": ({"options": json.dumps([{"text": "a" * 101}, {"text": "b"}])}, "poll options length"),
    "no right option": ({"correct_option_ids": ""}, "poll_quiz_no_correct_option"),
    "right beyond": ({"correct_option_ids": "[2]"}, "poll_quiz_correct_options_invalid"),
    "right twice": ({"correct_option_ids": "[1, 1]"}, "poll_quiz_correct_options_invalid"),
    "long explanation": ({"explanation": "x" * 201}, "poll explanation is too long"),
    "lines": ({"explanation": "a\nb\nc\nd"}, "poll explanation is too long"),
    "kind": ({"type": "survey"}, "unsupported poll type specified"),
    "no chat": ({"chat_id": "5"}, "chat not found"),
}


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
async def test_the_local_telegram_refuses_wrong_polls(changes: dict[str, str], words: str, stage: Stage) -> None:
    """It is as strict as the real one."""
    ann = stage.person()
    ann.start()
    await stage.said(ann.private)
    options = json.dumps([{"text": "a"}, {"text": "b"}])
    good = {"chat_id": f"{ann.id}", "question": "x?", "options": options, "type": "quiz", "correct_option_ids": "[1]"}

    status, body = await stage.telegram.answer(stage.telegram.token, "sendPoll", Parameters(good | changes))
    fine, _ = await stage.telegram.answer(stage.telegram.token, "sendPoll", Parameters(good))
    stage.telegram.misfits.clear()  # these were meant
    stage.telegram.calls.clear()

    assert (status, fine) == (400, 200)
    assert words in json.loads(body)["description"]
