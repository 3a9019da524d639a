"""The second pack: whole, off unless it is asked for, and no answer crosses from one pack into another."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.check import grade, shortfalls
from bot.config import Settings, load_settings
from bot.lint import twins
from bot.match import Matcher, decide
from bot.model.clock import Clock
from bot.model.knowledge import Library, Pack
from bot.model.question import Question
from bot.model.reply import Choose, Reply
from bot.model.verdict import Answer, Match, Refuse, Rule, Verdict
from bot.recall import judging
from bot.reply.compose import Composer
from bot.reply.telegram_html import render
from bot.reply.terminal import plain
from bot.text import clean, words
from bot.wiring import index, open_library
from tests.conftest import ROOT, StandingClock
from tests.test_knowledge import runs, spoken

PHRASINGS = 35
EXAM = 10  # questions for each topic
PART = 10  # every tenth question is asked where all would take long
SHARE = 3  # and every third where a part must stand for the whole


@dataclass(frozen=True, slots=True)
class Setting:
    """A library and its matcher, as some packs in use give them."""

    library: Library
    matcher: Matcher

    def reply(self, text: str, clock: Clock) -> Reply | None:
        """Return what is said to a question."""
        return Composer(self.library).reply(self.decide(text, clock), (), clock())

    def decide(self, text: str, clock: Clock) -> Verdict:
        """Return the verdict on a question."""
        return decide(self.matcher.rank(Question(text, clock())))


def opened(packs: str) -> Setting:
    """Open packs as the environment names them; what follows from them is kept apart from other tests'."""
    variables = {"BOT__KNOWLEDGE__PACKS": packs, "BOT__KNOWLEDGE__CACHE": str(ROOT / ".cache" / packs)}
    settings = load_settings(ROOT / "config.yml", variables)
    library = open_library(settings)
    return Setting(library, index(library, settings))


@pytest.fixture(scope="module")
def alone() -> Setting:
    return opened("fastapi")


@pytest.fixture(scope="module")
def both() -> Setting:
    return opened("btc-vs-bch,fastapi")


@pytest.fixture(scope="module")
def pack(alone: Setting) -> Pack:
    return alone.library.packs["fastapi"]


def test_the_second_pack_is_off_by_default(settings: Settings, library: Library) -> None:
    """Without a word in the configuration there is only one pack."""
    assert settings.knowledge.packs == ["btc-vs-bch"]
    assert list(library.packs) == ["btc-vs-bch"]


def test_every_topic_has_an_answer(pack: Pack, shared: Path) -> None:
    """The topics of the articles on FastAPI are all there, each under an entry of its own name."""
    topics = json.loads((shared / "questions" / "topics.json").read_text("utf-8"))

    assert set(pack.entries) == {topic["topic"] for topic in topics if topic["group"] == "fastapi"}


def test_every_entry_is_whole(pack: Pack) -> None:
    """An entry has phrasings, the pages of the documentation it rests on, a date and related entries."""
    poor = [
        entry.id
        for entry in pack.entries.values()
        if len(entry.ask) < PHRASINGS
        or not (entry.detail and entry.see and entry.as_of)
        or not any(citation.url.startswith("https://fastapi.tiangolo.com/") for citation in entry.citations)
    ]

    assert poor == []


def test_nothing_is_copied_from_the_articles(pack: Pack, shared: Path) -> None:
    """No eight words in a row are shared with the articles the pack answers."""
    article = runs((shared / "article.txt").read_text("utf-8"))

    assert {key: found for key, entry in pack.entries.items() if (found := runs(spoken(entry)) & article)} == {}


def test_every_answer_fits_one_message(alone: Setting, clock: StandingClock) -> None:
    """No answer needs to be split, though none has two sides."""
    composer = Composer(alone.library)

    long = [key.id for key in alone.library.entries if len(render(composer.entry(key, (), clock()))) > 1]

    assert long == []


def test_the_exam_is_passed_alone_and_beside_the_other_pack(pack: Pack, alone: Setting, both: Setting) -> None:
    """The floors hold with one pack in use and with both; of the other pack's exam, a part is sat."""
    other = both.library.packs["btc-vs-bch"]
    other = replace(other, exams=other.exams[::SHARE])

    assert list(shortfalls(pack, grade(pack, judging(alone.matcher)))) == []
    assert list(shortfalls(pack, grade(pack, judging(both.matcher)))) == []
    assert list(shortfalls(other, grade(other, judging(both.matcher)))) == []


def test_the_exam_is_independent_of_the_phrasings(pack: Pack, alone: Setting) -> None:
    """Every topic is examined, by questions that are no phrasings."""
    known = {" ".join(words(clean(phrase))) for entry in pack.entries.values() for phrase in entry.ask}
    asked = {key: [exam.text for exam in pack.exams if key in exam.topics] for key in pack.entries}

    assert list(twins(alone.library)) == []
    assert [key for key, texts in asked.items() if len(texts) < EXAM] == []
    assert [exam.text for exam in pack.exams if " ".join(words(clean(exam.text))) in known] == []


def test_no_question_is_copied(pack: Pack, shared: Path) -> None:
    """Neither the exam nor the phrasings share a question with the public question files."""
    files = sorted((shared / "questions").glob("*.jsonl"))
    items = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    turns = [words(clean(turn)) for item in items for turn in item.get("turns", [item.get("text", "")])]
    public = {" ".join(turn) for turn in turns if len(turn) > 3}  # a word or three coincide by nature
    ours = [phrase for entry in pack.entries.values() for phrase in entry.ask] + [exam.text for exam in pack.exams]

    assert [text for text in ours if " ".join(words(clean(text))) in public] == []


BOTH = {
    "should this endpoint be async or a normal def": "fastapi-async",
    "BackgroundTasks or rather celery?": "fastapi-background",
    "why do i keep getting a 422": "fastapi-pydantic",
    "y fastapi and not flask": "fastapi-vs-flask",
    "uvicorn workers in docker, how many": "fastapi-deploy",
    "why did bch fork": "fork-reason",
    "are bch fees lower than btc fees": "fees-compare",
    "what is the lightning network": "lightning",
    "who is satoshi": "satoshi",
}


@pytest.mark.parametrize(("text", "wanted"), BOTH.items())
def test_both_packs_answer_side_by_side(text: str, wanted: str, both: Setting, clock: StandingClock) -> None:
    """With both in use each subject finds its own entries."""
    verdict = both.decide(text, clock)

    assert isinstance(verdict, Answer)
    assert verdict.entry.id == wanted


def test_nothing_is_offered_across_packs(both: Setting, clock: StandingClock) -> None:
    """Whatever is asked, the buttons of one message lead into one pack."""
    packs = {entry.id: entry.pack for entry in both.library.entries}
    asked = [exam.text for pack in both.library.packs.values() for exam in pack.exams][::PART]
    replies = [both.reply(text, clock) for text in asked]
    rows = [reply.buttons for reply in replies if reply]
    owners = [{packs[one.entry] for row in found for one in row if isinstance(one, Choose)} for found in rows]

    assert [owner for owner in owners if len(owner) > 1] == []


@pytest.mark.parametrize("text", ["is bitcoin cash cheaper than btc?", "bch fees", "how secure is Bitcoin"])
def test_a_question_for_the_first_pack_is_sent_there(text: str, alone: Setting, clock: StandingClock) -> None:
    """With the first pack off, its questions are not answered, however near something there may be."""
    reply = alone.reply(text, clock)

    assert alone.decide(text, clock).rule is Rule.ELSEWHERE
    assert reply
    assert "Bitcoin vs Bitcoin Cash" in plain(reply)


@pytest.mark.parametrize("text", ["fastapi", "how do i deploy a FastAPI app", "fast api fees?"])
def test_a_question_for_the_second_pack_is_sent_there(
    text: str, library: Library, matcher: Matcher, clock: StandingClock
) -> None:
    """By default, whoever asks about the second pack is told that it is off."""
    setting = Setting(library, matcher)
    reply = setting.reply(text, clock)

    assert setting.decide(text, clock).rule is Rule.ELSEWHERE
    assert reply
    assert "belongs to FastAPI" in plain(reply)


def test_a_question_that_names_a_pack_in_use_is_not_sent_away(alone: Setting, clock: StandingClock) -> None:
    """A subject that is off may be mentioned beside one that is on."""
    verdict = alone.decide("serve bitcoin prices with fastapi, async or sync endpoints", clock)

    assert verdict.rule is not Rule.ELSEWHERE


@pytest.mark.parametrize(("key", "subject"), [("fastapi-ml", "FastAPI"), ("segwit", "Bitcoin versus Bitcoin Cash")])
def test_a_pack_speaks_for_itself(key: str, subject: str, both: Setting, clock: StandingClock) -> None:
    """Where nothing fits, the pack that comes nearest says what its subject is, and offers its own."""
    near = [entry for entry in both.library.entries if entry.id in {key, "fastapi-async", "fork-reason"}]
    near.sort(key=lambda entry: entry.id != key)
    packs = {entry.id: entry.pack for entry in both.library.entries}
    matches = tuple(Match(entry, 0.2, "") for entry in near)

    reply = Composer(both.library).reply(Refuse(None, 0.2, matches, Rule.NOTHING_NEAR), (), clock())

    assert reply
    assert f"My subject is {subject}." in plain(reply)
    offered = [one.entry for row in reply.buttons for one in row if isinstance(one, Choose)]
    assert len(offered) == 2
    assert {packs[entry] for entry in offered} == {packs[key]}
