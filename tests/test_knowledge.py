"""The shipped knowledge: whole, sourced, in our own words, and it passes its own exam."""

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from bot.check import Mark, grade, shortfalls, strays
from bot.lint import twins
from bot.match import Matcher
from bot.model.knowledge import Entry, Library, Pack
from bot.recall import judging
from bot.reply.compose import Composer
from bot.reply.telegram_html import render
from bot.text import clean, words
from tests.conftest import StandingClock

PHRASINGS = 15
EXAM = 400
RUN = 8  # words in a row that count as copied
REFUSED = {
    "price-prediction",
    "other-coins",
    "exchange-support",
    "programming",
    "general-knowledge",
    "small-talk",
    "insult",
    "spam",
    "rule-override",
    "leaked-secret",
}


@pytest.fixture(scope="module")
def pack(library: Library) -> Pack:
    return library.packs["btc-vs-bch"]


def spoken(entry: Entry) -> str:
    """Return every word of an entry that somebody reads."""
    cells = [cell for row in entry.versus for cell in (row.what, *row.cells)]
    return "\n".join((entry.title, entry.verdict, entry.detail, *cells))


def runs(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}


def test_every_topic_has_an_answer(pack: Pack, shared: Path) -> None:
    """The topics that belong to the comparison are all there, each under an entry of its own name."""
    topics = json.loads((shared / "questions" / "topics.json").read_text("utf-8"))
    wanted = {topic["topic"] for topic in topics if topic["group"] in {"core", "live"}}

    assert len(wanted) == 57
    assert wanted - set(pack.entries) == set()
    assert {entry.topic for entry in pack.entries.values()} >= wanted


def test_every_entry_is_whole(pack: Pack) -> None:
    """An entry has phrasings, sources, a date that has come, and related entries."""
    poor = [
        entry.id
        for entry in pack.entries.values()
        if len(entry.ask) < PHRASINGS
        or not (entry.detail and entry.citations and entry.see)
        or entry.as_of is None
        or entry.as_of > date(2026, 11, 23)
    ]

    assert poor == []


def test_an_entry_sets_both_sides_beside_each_other(pack: Pack) -> None:
    """Nearly every entry has rows for BTC and BCH."""
    bare = [entry.id for entry in pack.entries.values() if not entry.versus]

    assert len(bare) <= 3


def test_nothing_is_copied_from_the_article(pack: Pack, shared: Path) -> None:
    """No eight words in a row are shared with the article the pack began with."""
    article = runs((shared / "article.txt").read_text("utf-8"))
    said = {refusal.id: refusal.say for refusal in pack.refusals.values()}
    said |= {entry.id: spoken(entry) for entry in pack.entries.values()}

    assert {key: found for key, text in said.items() if (found := runs(text) & article)} == {}


def test_every_answer_fits_one_message(library: Library, clock: StandingClock) -> None:
    """No curated answer needs to be split, and its markup is what the renderer made."""
    composer = Composer(library)

    long = [entry.id for entry in library.entries if len(render(composer.entry(entry, (), clock()))) > 1]

    assert long == []


def test_refusals_have_names_and_lead_somewhere(pack: Pack) -> None:
    """Every class that must be refused by name is there, with its own wording and a pointer where one makes sense."""
    assert set(pack.refusals) >= REFUSED
    assert len({refusal.say for refusal in pack.refusals.values()}) == len(pack.refusals)
    assert [key for key in ("price-prediction", "other-coins") if not pack.refusals[key].see] == []


def test_no_phrasing_stands_twice_and_each_finds_its_entry(library: Library, matcher: Matcher) -> None:
    """`check` has nothing to say about the phrasings."""
    assert list(twins(library)) == []
    assert list(strays(library, matcher)) == []


def test_the_exam_is_passed(pack: Pack, matcher: Matcher) -> None:
    """The exam is large, independent of the phrasings, and lies above the pack's floors."""
    graded = grade(pack, judging(matcher))
    known = {" ".join(words(clean(phrase))) for entry in pack.entries.values() for phrase in entry.ask}

    assert len(graded) >= EXAM
    assert [one.exam.text for one in graded if " ".join(words(clean(one.exam.text))) in known] == []
    assert list(shortfalls(pack, graded)) == []
    assert sum(one.mark is Mark.RIGHT for one in graded) > len(graded) / 2


def test_the_exam_names_every_topic(pack: Pack) -> None:
    """Each topic is examined."""
    examined = {topic for exam in pack.exams for topic in exam.topics}

    assert {entry.topic for entry in pack.entries.values()} - examined == set()


def test_no_exam_question_is_copied(pack: Pack, shared: Path) -> None:
    """The exam shares no question with the public question files."""
    files = sorted((shared / "questions").glob("*.jsonl"))
    items = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    turns = [words(clean(turn)) for item in items for turn in item.get("turns", [item.get("text", "")])]
    public = {" ".join(turn) for turn in turns if len(turn) > 3}  # a word or three coincide by nature

    assert [exam.text for exam in pack.exams if " ".join(words(clean(exam.text))) in public] == []


def test_related_entries_do_not_point_back_at_themselves(pack: Pack) -> None:
    """`see` leads on."""
    assert [entry.id for entry in pack.entries.values() if entry.id in entry.see] == []


def test_titles_tell_entries_apart(pack: Pack) -> None:
    """No two buttons read the same."""
    titles = sorted(entry.title.casefold() for entry in pack.entries.values())

    assert [one for one, other in pairwise(titles) if one == other] == []
