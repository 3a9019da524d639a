"""The journal: writes after the reply, in order, and gives way where it cannot."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from bot.journal import WAITING, Asking, Journal, asked, open_journal
from bot.model.question import Place, Question
from bot.model.record import Spot
from bot.model.verdict import Refuse, Rule, Silence
from bot.pipeline import Pipeline
from bot.store import open_store
from tests.conftest import StandingClock

KEEP = timedelta(days=90)
UNKNOWN = Refuse(None, 0.1, (), Rule.NOTHING_NEAR)


def asking(message: int = 1, language: str = "en") -> Asking:
    return Asking(7, language, Spot(7, message))


async def test_what_was_noted_is_written_before_the_end(
    pipeline: Pipeline, clock: StandingClock, tmp_path: Path
) -> None:
    """Nothing is lost when the bot stops; what is too old is deleted when it starts."""
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    for keep in (KEEP, KEEP, timedelta(days=1)):
        async with open_store(url, clock) as store:
            async with open_journal(await store.records(), lambda: pipeline.meanings, keep) as journal:
                for number in range(3):
                    at = clock.now + timedelta(seconds=number)
                    journal.note(Question("what is a dust limit", at), UNKNOWN, asking(number))
            clock.pass_by(timedelta(days=2))

    with sqlite3.connect(tmp_path / "bot.db") as database:
        found = database.execute("select text, length(vector), length(encoder) from questions").fetchall()
    assert len(found) == 3
    assert set(found) == {("what is a dust limit", 448, 16)}


async def test_what_was_answered_well_has_no_vector(pipeline: Pipeline, clock: StandingClock, tmp_path: Path) -> None:
    """Reading takes time, and only what may be a gap is compared with others."""
    async with (
        open_store(f"sqlite+aiosqlite:///{tmp_path}/bot.db", clock) as store,
        open_journal(await store.records(), lambda: pipeline.meanings, KEEP) as journal,
    ):
        for number, text in enumerate(("who invented bch?", "does one person rule bitcoin cash")):
            question = Question(text, clock.now)
            journal.note(question, (await pipeline.answer(question)).verdict, asking(number))

    with sqlite3.connect(tmp_path / "bot.db") as database:
        found = database.execute("select kind, vector is not null from questions order by id").fetchall()
    assert found == [("answered", 0), ("asked back", 1)]


async def test_a_full_journal_drops_what_is_new(clock: StandingClock, pipeline: Pipeline, tmp_path: Path) -> None:
    """Nobody waits for the database, and memory does not grow without end."""
    async with open_store(f"sqlite+aiosqlite:///{tmp_path}/bot.db", clock) as store:
        journal = Journal(await store.records(), lambda: pipeline.meanings)

        with structlog.testing.capture_logs() as logs:
            for number in range(WAITING + 2):
                journal.note(Question("secret plans", clock.now), UNKNOWN, asking(number))

    assert journal.queue.qsize() == WAITING
    assert [log["event"] for log in logs] == ["journal.full"] * 2
    assert "plans" not in str(logs)


async def test_a_database_that_fails_ends_no_journal(pipeline: Pipeline, clock: StandingClock, tmp_path: Path) -> None:
    """What cannot be written is logged without its text, and the next is tried."""
    file = tmp_path / "bot.db"
    async with open_store(f"sqlite+aiosqlite:///{file}", clock) as store:
        records = await store.records()
        with sqlite3.connect(file) as database:
            database.execute("alter table questions rename to elsewhere")
        with structlog.testing.capture_logs() as logs:
            async with open_journal(records, lambda: pipeline.meanings, KEEP) as journal:
                for number in range(2):
                    journal.note(Question("secret plans", clock.now), UNKNOWN, asking(number))
                    await journal.queue.join()
                assert not await journal.remark(Spot(7, 1), 7, "fees")

    events = [log["event"] for log in logs]
    assert events == ["journal.not_told", "journal.not_written", "journal.not_written", "journal.not_told"]
    assert "plans" not in str(logs)


PLACES = {Place.GROUP: 0, Place.OVERHEARD: 0, Place.GROUP_ADDRESSED: 1, Place.PRIVATE: 1, Place.CHANNEL: 1}


@pytest.mark.parametrize(("place", "noted"), PLACES.items(), ids=PLACES)
async def test_what_was_not_addressed_is_not_noted(
    *, place: Place, noted: int, clock: StandingClock, tmp_path: Path
) -> None:
    """Whatever a face hands over, chatter of a group goes nowhere."""
    async with open_store(f"sqlite+aiosqlite:///{tmp_path}/bot.db", clock) as store:
        journal = Journal(await store.records())
        journal.note(Question("x", clock.now, place), UNKNOWN, asking())

    assert journal.queue.qsize() == noted


async def test_without_records_nothing_is_noted_or_told(clock: StandingClock) -> None:
    """A closed journal takes everything and knows nothing."""
    journal = Journal()
    journal.note(Question("x", clock.now), UNKNOWN, asking())

    assert journal.queue.qsize() == 0
    assert await journal.vote(Spot(1, 1), 1, choice=True) is None
    assert not await journal.forget(1)


LANGUAGES = {"en": "en", "pt-BR": "pt", "": "?", "EN-us": "en", "x" * 30: "x" * 8}


@pytest.mark.parametrize(("code", "kept"), LANGUAGES.items(), ids=list(LANGUAGES))
def test_languages_are_kept_without_their_region(code: str, kept: str, clock: StandingClock) -> None:
    """What a client calls its language is cut to what is counted."""
    assert asked(Question("x", clock.now), UNKNOWN, asking(1, code)).language == kept


def test_texts_are_redacted_before_they_wait(clock: StandingClock) -> None:
    """The queue holds no secret; what gets no reply holds no text at all."""
    text = "write to ann@mail.example"

    assert asked(Question(text, clock.now), UNKNOWN, asking()).text == "write to [email]"
    assert asked(Question(text, clock.now), Silence((), Rule.EMPTY), asking()).text == ""


@pytest.mark.parametrize(
    ("code", "kept"), [("pt-BR", "pt"), ("", "?"), ("\ud800x", "?"), ("<b>", "?"), ("x" * 99, "x" * 8)]
)
async def test_a_language_is_kept_only_if_it_can_be_one(code: str, kept: str, clock: StandingClock) -> None:
    """A client may send anything."""
    assert asked(Question("why", clock.now), UNKNOWN, asking(language=code)).language == kept


async def test_what_no_database_takes_ends_no_journal(pipeline: Pipeline, clock: StandingClock, tmp_path: Path) -> None:
    """Half a sign and a NUL byte are left out, and the next question is written."""
    async with (
        open_store(f"sqlite+aiosqlite:///{tmp_path}/bot.db", clock) as store,
        open_journal(await store.records(), lambda: pipeline.meanings, KEEP) as journal,
    ):
        for number, text in enumerate(("why \ud800", "is \x00 it", "what is a dust limit")):
            journal.note(Question(text, clock.now), UNKNOWN, asking(number, "\udfff"))
        kept = await journal.told(lambda records: records.kept(7))

    assert kept
    assert kept.questions == 3
