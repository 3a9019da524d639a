"""Questions that lean on the one before."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.faces.recent import ASKERS, FORGOTTEN_AFTER, TURNS, Recent
from bot.match import Matcher, decide, thresholds
from bot.match.follow_up import HALF, LONGEST, MOST_WAYS, Reading, readings
from bot.model.knowledge import Entry
from bot.model.question import Place, Question
from bot.model.verdict import Answer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIDES = {"btc", "bch"}
COMMON = {"why", "did", "fork", "fee", "dead", "is", "price", "now"}

READ = {
    "alone": (["is bitcoin dead"], [("is bitcoin dead", 1.0)]),
    "another side": (["is btc dead", "and bch"], [("is bch dead", 1.0)]),
    "same for": (["btc fee now", "same for bch"], [("bch fee now", 1.0)]),
    "why": (["which chain is safer", "why"], [("which chain is safer", 1.0)]),
    "a unit": (["bch price", "in btc"], [("bch price in btc", 1.0)]),
    "a pointer": (["what is bch", "who made it"], [("who made bch", HALF), ("what is bch who made it", HALF)]),
    "another subject": (["is btc dead", "how do i mine bch at home"], [("how do i mine bch at home", 1.0)]),
    "another question word": (["why did bch fork", "and when"], [("when did bch fork", 1.0)]),
    "a question word": (["bch fork", "when"], [("when bch fork", 1.0)]),
    "a number": (["is btc dead", "99"], [("99", 1.0)]),
    "a remark": (["is btc dead", "lol same"], [("lol same", 1.0)]),
    "a currency": (["btc fee now", "in dollars"], [("btc fee now in dollars", 1.0)]),
    "a wrong side": (["is btc dead", "no i meant bch"], [("is bch dead", 1.0)]),
    "a wrong name": (["why did bsv fork", "sorry i mean bch"], [("why did bch fork", 1.0)]),
    "a wrong word": (["btc price now", "wait not price fee"], [("btc fee now", 1.0)]),
    "another question": (
        ["btc price", "no sorry i meant how do i mine bch at home"],
        [("how do mine bch at home", 1.0)],
    ),
    "three turns": (["btc price", "and bch", "why"], [("bch price", 1.0)]),
}


@pytest.mark.parametrize(("turns", "wanted"), READ.values(), ids=READ)
def test_readings(turns: list[str], wanted: list[tuple[str, float]]) -> None:
    """A question stands alone, takes over the one before, or counts half by itself and half with it."""
    found = readings([turn.split() for turn in turns], SIDES, COMMON)

    assert [(" / ".join(" ".join(way) for way in reading.ways), reading.weight) for reading in found] == wanted


def test_a_correction_is_tried_in_so_many_places_at_most() -> None:
    """Each place is a reading of its own, so a long question costs no more than a short one."""
    short, long = (["w" + "x" * number for number in range(count)] for count in (MOST_WAYS, MOST_WAYS + 1))

    assert len(readings([short, ["no", "i", "meant", "bch"]], SIDES)[0].ways) == MOST_WAYS
    assert readings([long, ["no", "i", "meant", "bch"]], SIDES) == (Reading((["bch"],)),)


def test_no_more_than_the_beginning_of_a_question_is_leaned_on() -> None:
    """Nobody asks on from the hundredth word, and each word costs."""
    (reading,) = readings([["is"] * 99 + ["price"], ["and", "btc"]], SIDES)

    assert len(reading.ways[0]) <= LONGEST + 2


def test_an_empty_turn_stays_empty() -> None:
    """Nothing is read into nothing."""
    assert readings([["is", "btc", "dead"], []], SIDES) == (Reading(([],)),)


TALKS = {
    "and bch?": (("is btc mining profitable", "what about bch?"), "mining-profitability"),
    "and when?": (("y did bch fork", "and when?"), "fork-when-how"),
    "the reason": (("what is bitcoin cash", "and why was it made?"), "fork-reason"),
    "now the fee": (("price of bch", "and what are the fees right now"), "live-fee"),
    "other way": (("how many bch for one btc", "and the other way round"), "live-ratio"),
    "out of scope": (("btc price", "and eth?"), "other-coins"),
    "unrelated": (("what are the fees", "who is satoshi nakamoto"), "satoshi"),
}


@pytest.mark.parametrize(("turns", "wanted"), TALKS.values(), ids=TALKS)
def test_a_conversation_is_followed(turns: tuple[str, ...], wanted: str, matcher: Matcher) -> None:
    """With the shipped knowledge, the last turn leads to the topic or refusal that was meant."""
    best = matcher.rank(Question(turns[-1], NOW, Place.PRIVATE, turns[:-1])).matches[0]

    topic = best.target.topic if isinstance(best.target, Entry) else best.target.id
    assert topic == wanted


@pytest.mark.parametrize(
    "text", ["what sets bitcoin cash apart from bitcoin", "is one seed phrase enough for both coins"]
)
def test_what_says_enough_stands_alone(text: str, matcher: Matcher) -> None:
    """A question with a subject of its own that has an answer is not read in another's light, though unsure of it."""
    alone = matcher.rank(Question(text, NOW))

    assert thresholds.ANSWER <= alone.matches[0].score < thresholds.SURE
    assert matcher.rank(Question(text, NOW, Place.PRIVATE, ("how do i mine bch at home",))).matches == alone.matches


def test_nothing_is_read_into_gibberish(matcher: Matcher) -> None:
    """What was asked before does not make sense of what has none."""
    alone = matcher.rank(Question("qzxv", NOW))

    assert not isinstance(decide(alone), Answer)
    assert matcher.rank(Question("qzxv", NOW, Place.PRIVATE, ("what are the fees",))).matches == alone.matches


def test_what_was_asked_is_forgotten_in_time() -> None:
    """Three questions are remembered, for ten minutes, of each asker by himself."""
    recent = Recent()
    for number in range(TURNS + 1):
        recent.note("ann", str(number), NOW)
    recent.note("bob", "x", NOW)

    soon, late = NOW + FORGOTTEN_AFTER - timedelta(seconds=1), NOW + FORGOTTEN_AFTER
    assert recent.earlier("ann", soon) == ("1", "2", "3")
    assert recent.earlier("ann", late) == ()
    assert recent.earlier("eve", soon) == ()


def test_only_so_many_askers_are_remembered() -> None:
    """Memory does not grow without end."""
    recent = Recent()
    for number in range(ASKERS + 5):
        recent.note(number, "x", NOW)

    assert len(recent.turns) == ASKERS
    assert recent.earlier(0, NOW) == ()


def test_who_is_silent_is_not_remembered() -> None:
    """What was asked is gone after ten minutes, not only unused, as soon as somebody else asks."""
    recent = Recent()
    recent.note("ann", "x", NOW)
    recent.note("bob", "y", NOW + timedelta(seconds=1))

    recent.note("eve", "z", NOW + FORGOTTEN_AFTER)

    assert list(recent.turns) == ["bob", "eve"]
