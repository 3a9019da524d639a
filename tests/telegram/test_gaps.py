"""What owners get of what was asked: gaps with buttons that settle them, insight, a weekly digest for who wants it."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.faces.simulator import Message, Person
from bot.faces.telegram import Sender, Weekly
from bot.faces.telegram.digest import EVERY
from bot.faces.telegram.payload import decode, encode
from bot.faces.telegram.reports import GONE, NOT_AN_OWNER, SET_ASIDE, TAKEN_UP
from bot.gaps import Gaps
from bot.journal import Journal
from bot.model.mark import Settle
from bot.model.record import Settled
from bot.model.reply import Paragraph, Reply
from bot.model.version import Editor
from bot.pipeline import Pipeline
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage, open_stage
from tests.telegram.test_feedback import DOWN, answered, pressed
from tests.web import Web

UNKNOWN = ("what is a dust limit", "explain the dust limit", "is there a bch podcast")
SIX = (
    "what is a dust limit",
    "is there a bch podcast",
    "which programming language is bitcoin written in",
    "who maintains electron cash",
    "what does op_checksequenceverify do",
    "what port does a node listen on",
)
DISLIKED = "y did bch fork"


@dataclass(frozen=True, slots=True)
class Scribe:
    """Takes up everything but what names `refused`."""

    taken: list[tuple[str, str, int]] = field(default_factory=list)
    refused: str = ""

    async def propose_phrasing(self, text: str, entry: str, owner: Editor) -> Reply | None:
        self.taken.append((text, entry, owner.id))
        return Reply((Paragraph(f"phrasing of {entry}"),))

    async def draft_entry(self, text: str, owner: Editor) -> Reply | None:
        if text == self.refused:
            return None
        self.taken.append((text, "", owner.id))
        return Reply((Paragraph("drafted"),))


@pytest.fixture
def editor() -> Scribe:
    return Scribe(refused="is there a bch podcast")


@pytest.fixture
async def edited(pipeline: Pipeline, web: Web, journal: Journal, editor: Scribe) -> AsyncIterator[Stage]:
    """The stage where owners can edit."""
    async with open_stage(pipeline, web, journal, editing=editor) as stage:
        yield stage


async def ask_unknown(stage: Stage) -> list[Person]:
    """Let two people ask about dust and one about podcasts."""
    people = [stage.person(name) for name in ("Ann", "Bob", "Cid")]
    for person, text in zip(people, UNKNOWN, strict=True):
        await answered(stage, person, text=text)
    return people


async def gaps(stage: Stage) -> Message:
    return await answered(stage, stage.owner, text="/gaps")


def settled(file: Path) -> list[tuple[str, int]]:
    with sqlite3.connect(file) as database:
        return database.execute("select how, owner from settled order by question").fetchall()


async def test_gaps_are_together_by_meaning_with_counts_of_askers(kept: Stage) -> None:
    """Paraphrases are one gap, those of the most askers first; a disliked answer is one too."""
    ann, _, _ = await ask_unknown(kept)
    await answered(kept, ann, text=UNKNOWN[0])
    await pressed(kept, ann, await answered(kept, ann, text=DISLIKED), DOWN)

    page = await gaps(kept)

    first, second, third = page.text.split("\n\n")[1:4]
    assert page.text.startswith("3 gaps in the knowledge, page 1 of 1")
    assert first.startswith("1. “what is a dust limit”, “explain the dust limit”")
    assert "2 askers, 3 questions" in first
    assert {"1 asker, 1 question"} == {part.split("\n")[1].split(";")[0] for part in (second, third)}
    assert any("👎" in part and DISLIKED in part for part in (second, third))
    assert "Nothing changes until you press" in page.text


async def test_nothing_is_offered_that_nobody_takes_up(kept: Stage) -> None:
    """Without editing a gap can only be set aside."""
    await ask_unknown(kept)

    page = await gaps(kept)

    assert [button.label for row in page.buttons for button in row] == ["1 not ours", "2 not ours"]


async def test_what_is_not_ours_goes_with_its_paraphrases(kept: Stage, file: Path) -> None:
    """A tap sets a gap aside; what is asked later in other words does not come back, the rest stays."""
    ann, bob, _ = await ask_unknown(kept)
    page = await gaps(kept)
    assert settled(file) == []

    press = kept.owner.press(page, "1 not ours")
    await kept.telegram.wait_for(lambda: "1 gap in" in page.text)
    await answered(kept, bob, text="how small can an output be before it is dust")
    await answered(kept, ann, text="what does the dust limit mean")
    again = await gaps(kept)

    assert press.answer
    assert press.answer["text"] == SET_ASIDE
    assert settled(file) == [("not-ours", kept.owner.id)] * 2
    assert "dust" not in again.text
    assert "podcast" in again.text


async def test_a_gap_is_settled_as_it_was_shown(kept: Stage, file: Path) -> None:
    """Questions that came after the page are not settled with it; a second tap says that it is done."""
    _, bob, _ = await ask_unknown(kept)
    page = await gaps(kept)
    stale = page.button("2 not ours")
    await answered(kept, bob, text="good podcasts about bitcoin cash")

    first = await pressed(kept, kept.owner, page, stale.data)
    second = await pressed(kept, kept.owner, page, stale.data)

    assert (first["text"], second["text"]) == (SET_ASIDE, GONE)
    assert len(settled(file)) == 1


async def test_only_owners_get_gaps_and_insight(kept: Stage) -> None:
    """To others the commands are texts like any other, and in a group not even an owner gets an answer."""
    ann = kept.person()
    await ask_unknown(kept)
    group = kept.telegram.group("Duel", [ann, kept.owner])

    told = [(await answered(kept, ann, text=text)).text for text in ("/gaps", "/insight", "/gaps weekly on")]
    kept.owner.say(group, "/gaps")
    silent = await kept.is_silent(group)

    assert not any("gap" in text or "asker" in text for text in told)
    assert silent


async def test_rights_are_looked_at_again_at_every_press(kept: Stage, file: Path) -> None:
    """Who presses an owner's button, in private or in a group, is turned down; so is an owner in a group."""
    ann = kept.person()
    await ask_unknown(kept)
    page = await gaps(kept)
    group = kept.telegram.group("Duel", [ann, kept.owner])
    public = await answered(kept, ann, group, "/help")
    own = await answered(kept, ann, text="/help")
    works = [button.data for row in page.buttons for button in row] + ["1g0"]

    said = [
        (await pressed(kept, person, message, data))["text"]
        for person, message in ((ann, own), (ann, page), (ann, public), (kept.owner, public))
        for data in works
    ]

    assert set(said) == {NOT_AN_OWNER}
    assert settled(file) == []


@pytest.mark.parametrize(
    "data", ["1x", "1xn", "1xn1", "1xn1:2", "1xz1:2:", "1xn1:2:" + "a" * 33, "1xn١:2:", "1g", "1gx", "1g99999"]
)
async def test_forged_work_is_stale(kept: Stage, file: Path, data: str) -> None:
    """What no page ever offered changes nothing, not even for an owner."""
    await ask_unknown(kept)
    page = await gaps(kept)

    said = await pressed(kept, kept.owner, page, data)

    assert "older answer" in said["text"]
    assert settled(file) == []


async def test_a_gap_becomes_a_phrasing_or_a_draft(edited: Stage, editor: Scribe, file: Path) -> None:
    """The usual wording is handed over with the entry on the button; then the gap is gone."""
    await ask_unknown(edited)
    page = await gaps(edited)
    phrasing = page.buttons[0][0]
    mark = decode(phrasing.data)
    assert isinstance(mark, Settle)
    assert [row[-2].label for row in page.buttons] == ["1 new entry", "2 new entry"]

    refused = await pressed(edited, edited.owner, page, page.button("2 new entry").data)
    unknown = await pressed(edited, edited.owner, page, encode(replace(mark, entry="no-such-entry")))
    press = edited.owner.press(page, phrasing.label)
    await edited.telegram.wait_for(lambda: press.answer)

    assert "older answer" in refused["text"]
    assert "older answer" in unknown["text"]
    assert press.answer
    assert press.answer["text"] == TAKEN_UP
    assert editor.taken == [(UNKNOWN[0], mark.entry, edited.owner.id)]
    assert [how for how, _ in settled(file)] == [Settled.PHRASING] * 2
    assert "dust" not in (await gaps(edited)).text


async def test_many_gaps_are_turned_over(kept: Stage) -> None:
    """Five on a page; a page that is not there is the last one."""
    ann = kept.person()
    for text in SIX:
        await answered(kept, ann, text=text)
    page = await gaps(kept)

    kept.owner.press(page, "More ›")
    await kept.telegram.wait_for(lambda: "page 2 of 2" in page.text)
    await pressed(kept, kept.owner, page, "1g99")

    assert "page 2 of 2" in page.text
    assert page.button("‹ Back")


async def test_without_a_gap_there_is_nothing_to_press(kept: Stage) -> None:
    """An answer that was sure is no gap."""
    await answered(kept, kept.person(), text=DISLIKED)

    page = await gaps(kept)

    assert page.text.startswith("No gaps")
    assert page.buttons == []


async def test_insight_is_text_and_one_chart(kept: Stage) -> None:
    """Counts by kind and day, the most asked and the least liked, languages and places."""
    ann, *_ = await ask_unknown(kept)
    await pressed(kept, ann, await answered(kept, ann, text=DISLIKED), DOWN)
    group = kept.telegram.supergroup("Club", [ann])
    await answered(kept, ann, group, f"@duel_bot {DISLIKED}")

    told = await answered(kept, kept.owner, text="/insight")

    assert told.upload.startswith(b"\x89PNG")
    assert told.text.startswith("5 questions of 3 askers in 30 days")
    assert "today: 5" in told.text
    assert "Asked most:\n" in told.text
    assert ": 2, 👍 0 👎 1" in told.text
    assert "Liked least:\n" in told.text
    assert "Languages: en 5" in told.text
    assert "Where: private 4, group-addressed 1" in told.text
    assert "Club" not in told.text


async def test_insight_without_questions_is_said(kept: Stage) -> None:
    """There is nothing to draw then."""
    told = await answered(kept, kept.owner, text="/insight")

    assert "No chart: no questions in this time" in told.text
    assert not told.upload


@pytest.mark.parametrize("command", ["/gaps", "/insight", "/gaps weekly on"])
async def test_what_cannot_be_read_is_said(stage: Stage, command: str) -> None:
    """Without records an owner is told so."""
    assert "try again later" in (await answered(stage, stage.owner, text=command)).text


async def test_the_weekly_digest_comes_to_who_wants_it(
    kept: Stage, pipeline: Pipeline, journal: Journal, clock: StandingClock
) -> None:
    """From a week after they said so, once a week, with buttons, only while there are gaps, until they say stop."""
    olga = kept.owner
    gaps = Gaps(journal, lambda: pipeline.meanings, lambda: pipeline.library)
    weekly = Weekly(gaps, Sender(kept.app.bot), frozenset({olga.id, 7}), can_edit=True)
    told = []

    async def look(later: timedelta) -> None:
        clock.pass_by(later)
        await weekly.once()
        told.append(len([one for one in kept.telegram.sent_by_bot(olga.private) if "gap" in one.text and one.buttons]))

    await look(EVERY)
    await answered(kept, olga, text="/gaps weekly on")
    await look(EVERY - timedelta(hours=1))
    await look(timedelta(hours=1))
    await ask_unknown(kept)
    await look(timedelta(hours=1))
    await look(timedelta(hours=1))
    await look(EVERY)
    await answered(kept, olga, text="/gaps weekly off")
    await look(EVERY)

    assert told == [0, 0, 0, 1, 1, 2, 2]
    (page, *_) = [one for one in kept.telegram.sent_by_bot(olga.private) if "gap" in one.text and one.buttons][1:]
    assert [button for row in page.buttons for button in row if "new entry" in button.label]


async def test_an_owner_no_more_gets_no_digest(
    kept: Stage, pipeline: Pipeline, journal: Journal, clock: StandingClock
) -> None:
    """Who wanted it once and lost the rights is not written to; without owners nobody looks."""
    await ask_unknown(kept)
    await answered(kept, kept.owner, text="/gaps weekly on")
    clock.pass_by(EVERY)
    before = len(kept.telegram.sent_by_bot(kept.owner.private))

    gaps = Gaps(journal, lambda: pipeline.meanings, lambda: pipeline.library)
    await Weekly(gaps, Sender(kept.app.bot), frozenset()).run()

    assert len(kept.telegram.sent_by_bot(kept.owner.private)) == before
