"""Saving a knowledge file: live without a restart, however an editor writes it; a mistake changes no answer."""

import asyncio
import pickle
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from typing import cast

import pytest

from bot.bindery import parcel
from bot.bindery.bindery import open_bindery
from bot.bindery.worker import Bound, Examined, Order, Spoiled, serve
from bot.config import Settings
from bot.edition import Edition, Shelf
from bot.gallery import Gallery, NoHistory
from bot.library import read_version
from bot.model.news import Broken, Mended, News, Passed, Short
from bot.model.question import Question
from bot.model.verdict import Answer
from bot.pipeline import Pipeline
from bot.reply.picture.painter import Painter
from bot.stats import open_desk
from bot.watch import ENDED, Pace, Watcher
from bot.wiring import index, open_library, order
from tests.conftest import StandingClock

PACE = Pace(quiet=timedelta(milliseconds=50), patience=timedelta(milliseconds=300), look=timedelta(milliseconds=200))
ENOUGH = 30  # seconds that any change is waited for
FEES = "fees:\n  ask: [what are the fees, how much is a transfer]\n  verdict: Fees are {}.\n"
SPEED = "speed:\n  ask: [how fast is it, how long does a transfer take]\n  verdict: It is {}.\n"
EXAM = "answer:\n  fees: [what are the fees]\n  speed: [how fast is it]\n"


@dataclass(slots=True)
class Bench:
    """A folder that is watched, what is answered from it, and what was told."""

    settings: Settings
    pipeline: Pipeline
    watcher: Watcher | None = None
    told: list[News] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.settings.knowledge.path

    @property
    def verdicts(self) -> list[str]:
        return [entry.verdict for entry in self.pipeline.shelf.current.library.entries]

    async def tell(self, news: News) -> None:
        self.told.append(news)

    def save(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    async def until(self, holds: Callable[[], bool]) -> None:
        """Let other things happen until something holds."""
        async with asyncio.timeout(ENOUGH):
            while not holds():  # noqa: ASYNC110 - what is waited for is any change of the shelf
                await asyncio.sleep(0.005)

    def is_idle(self) -> bool:
        """Tell whether all that was saved has been dealt with."""
        assert self.watcher
        assert self.watcher._work
        version = read_version(self.folder, self.settings.knowledge.packs)
        return self.watcher._seen == version and self.watcher._work.done()

    async def says(self, *verdicts: str) -> None:
        """Wait until these are the verdicts."""
        await self.until(lambda: self.verdicts == list(verdicts))


@pytest.fixture
def home(tmp_path: Path, settings: Settings) -> Settings:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    for name, text in {"fees.yml": FEES.format("low"), "speed.yml": SPEED.format("fast"), "exam.yml": EXAM}.items():
        (folder / name).write_text(text, "utf-8")
    knowledge = settings.knowledge.model_copy(update={"path": folder, "cache": tmp_path / "cache"})
    return settings.model_copy(update={"knowledge": knowledge})


@asynccontextmanager
async def watched(settings: Settings, clock: StandingClock, made: Order | None = None) -> AsyncIterator[Bench]:
    """Watch a folder for a pipeline; `made` is another order than the one that the settings give."""
    library = open_library(settings)
    desk = open_desk({}, clock, offline=True)
    shelf = Shelf(Edition(library, index(library, settings), clock()))
    pipeline = Pipeline(shelf, desk, clock, Gallery(desk, clock, Painter(), NoHistory(clock)))
    bench = Bench(settings, pipeline)
    bench.watcher = Watcher(shelf, made or order(settings), clock, bench.tell, pace=PACE)
    task = asyncio.create_task(bench.watcher.run())
    yield bench
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await desk.aclose()


@pytest.fixture
async def bench(home: Settings, clock: StandingClock) -> AsyncIterator[Bench]:
    async with watched(home, clock) as bench:
        yield bench


async def test_a_file_saved_in_place_is_live(bench: Bench, clock: StandingClock) -> None:
    """The next question gets the new text, the new edition knows when it was read, and nobody is bothered."""
    before = bench.pipeline.shelf.current
    clock.pass_by(timedelta(hours=1))

    bench.save("fees.yml", FEES.format("tiny"))
    await bench.says("Fees are tiny.", "It is fast.")

    now = bench.pipeline.shelf.current
    outcome = await bench.pipeline.answer(Question("what are the fees", clock()))
    assert isinstance(outcome.verdict, Answer)
    assert outcome.verdict.entry.verdict == "Fees are tiny."
    assert now.version != before.version
    assert now.read_at - before.read_at == timedelta(hours=1)
    assert now.matcher.reader.encoder is before.matcher.reader.encoder
    assert now.matcher.reader.speller.language is before.matcher.reader.speller.language
    assert now.matcher.reader.speller.common is before.matcher.reader.speller.common
    assert bench.told == []


async def test_a_file_written_beside_and_renamed_is_live(bench: Bench) -> None:
    """Many editors write another file and give it the name, with a backup of the old one beside."""
    (bench.folder / "fees.yml").rename(bench.folder / "fees.yml~")
    bench.save(".fees.yml.swp", FEES.format("renamed"))
    (bench.folder / ".fees.yml.swp").replace(bench.folder / "fees.yml")

    await bench.says("Fees are renamed.", "It is fast.")
    assert bench.told == []


async def test_a_half_written_file_is_waited_for(bench: Bench) -> None:
    """What is broken for a moment only is told to nobody, and never answered from."""
    text = FEES.format("whole")
    seen = {tuple(bench.verdicts)}
    with (bench.folder / "fees.yml").open("w", encoding="utf-8") as file:
        for cut in (0, 20, 60):
            file.write(text[cut : {0: 20, 20: 60}.get(cut)])
            file.flush()
            seen.add(tuple(bench.verdicts))
            await asyncio.sleep(0)

    def is_done() -> bool:
        seen.add(tuple(bench.verdicts))
        return "Fees are whole." in bench.verdicts

    await bench.until(is_done)
    assert seen == {("Fees are low.", "It is fast."), ("Fees are whole.", "It is fast.")}
    assert bench.told == []


async def test_many_files_saved_at_once_are_live_together(bench: Bench) -> None:
    """However many files change at a time, there is one new edition of them all."""
    seen: list[Edition] = [bench.pipeline.shelf.current]
    for number in range(30):
        text = FEES.replace("fees", f"fees-{number}").replace("transfer", f"transfer{number}")
        bench.save(f"fees-{number}.yml", text.format(number))
    bench.save("speed.yml", SPEED.format("faster"))

    def is_done() -> bool:
        if bench.pipeline.shelf.current is not seen[-1]:
            seen.append(bench.pipeline.shelf.current)
        return len(bench.verdicts) == 32 and "It is faster." in bench.verdicts

    await bench.until(is_done)
    assert len(seen) == 2
    assert bench.told == []


async def test_a_broken_file_changes_nothing_and_is_told_once(bench: Bench) -> None:
    """Owners get one message with every problem's place and cure, another when the problems change, one at the end."""
    broken = FEES.format("odd").replace("verdict", "verdikt")
    bench.save("fees.yml", broken)
    bench.save("speed.yml", "speed:\n\tverdict: It is odd.\n")
    await bench.until(lambda: len(bench.told) == 1)
    first = bench.told[0]
    assert isinstance(first, Broken)
    assert any("'verdikt' is not a field; did you mean 'verdict'?" in one for one in first.problems)
    assert any(one.startswith(f"{bench.folder / 'speed.yml'}:2: ") and "spaces" in one for one in first.problems)

    bench.save("fees.yml", f"{broken}# the same problems\n")
    await bench.until(bench.is_idle)
    assert bench.told == [first]

    bench.save("speed.yml", SPEED.format("mended"))
    await bench.until(lambda: len(bench.told) == 2)
    assert isinstance(bench.told[1], Broken)
    assert len(bench.told[1].problems) < len(first.problems)
    assert bench.verdicts == ["Fees are low.", "It is fast."]

    bench.save("fees.yml", FEES.format("mended"))
    await bench.until(lambda: len(bench.told) == 3)
    assert bench.told[2] == Mended(bench.pipeline.shelf.current.version)
    assert bench.verdicts == ["Fees are mended.", "It is mended."]


async def test_an_edit_taken_back_is_mended_too(bench: Bench) -> None:
    """Where the files again hold what is in use, that is told, and nothing is read anew."""
    before = bench.pipeline.shelf.current
    bench.save("fees.yml", "fees: [")
    await bench.until(lambda: len(bench.told) == 1)

    bench.save("fees.yml", FEES.format("low"))
    await bench.until(lambda: len(bench.told) == 2)

    assert bench.told[1] == Mended(before.version)
    assert bench.pipeline.shelf.current is before


async def test_a_deleted_file_takes_its_answers_along(bench: Bench) -> None:
    """Without the exam's questions for it, the edition goes without; with them, their lines are named."""
    (bench.folder / "speed.yml").unlink()
    await bench.until(lambda: len(bench.told) == 1)
    (problem,) = bench.told[0].problems if isinstance(bench.told[0], Broken) else ()
    assert problem.startswith(f"{bench.folder / 'exam.yml'}:3: 'speed' is not a topic of this pack")
    assert bench.verdicts == ["Fees are low.", "It is fast."]

    bench.save("exam.yml", "answer: {fees: [what are the fees]}\n")
    await bench.says("Fees are low.")


async def test_a_folder_that_another_takes_the_place_of_is_still_watched(bench: Bench) -> None:
    """A checkout beside, moved into place: what is in it is live, and so is the next edit."""
    beside, aside = bench.folder.with_name("new"), bench.folder.with_name("old")
    beside.mkdir()
    (beside / "fees.yml").write_text(FEES.format("moved"), "utf-8")
    bench.folder.rename(aside)
    rmtree(aside)
    await asyncio.sleep(0)
    beside.rename(bench.folder)
    await bench.says("Fees are moved.")

    bench.save("fees.yml", FEES.format("edited"))
    await bench.says("Fees are edited.")


async def test_a_folder_that_is_away_may_come_back(home: Settings, clock: StandingClock) -> None:
    """Where there is nothing to watch, it is waited for."""
    library, folder = open_library(home), home.knowledge.path
    shelf, told = Shelf(Edition(library, index(library, home), clock())), list[News]()
    rmtree(folder)

    async def tell(news: News) -> None:
        told.append(news)

    task = asyncio.create_task(Watcher(shelf, order(home), clock, tell, pace=PACE).run())
    await asyncio.wait((task,), timeout=3 * PACE.quiet.total_seconds())
    beside = folder.with_name("beside")
    beside.mkdir()
    (beside / "fees.yml").write_text(FEES.format("back"), "utf-8")
    beside.rename(folder)
    async with asyncio.timeout(ENOUGH):
        while shelf.current.library.version == library.version:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.005)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert [entry.verdict for entry in shelf.current.library.entries] == ["Fees are back."]
    assert told == []


async def test_a_process_that_dies_leaves_the_old_answers_and_is_told(home: Settings, clock: StandingClock) -> None:
    """Whatever goes wrong beside, the bot answers on."""
    fatal = replace(order(home), phrasings=cast("dict[str, tuple[str, ...]]", None))
    async with watched(home, clock, fatal) as bench:
        bench.save("fees.yml", FEES.format("lost"))
        await bench.until(lambda: len(bench.told) == 1)

        assert bench.told == [Broken((ENDED,))]
        assert bench.verdicts == ["Fees are low.", "It is fast."]


async def test_where_no_process_can_be_started_that_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is the system's own."""
    monkeypatch.setenv("TOO_LONG", "x" * 200_000)
    bench.save("fees.yml", FEES.format("lost"))
    await bench.until(lambda: len(bench.told) == 1)

    (problem,) = bench.told[0].problems if isinstance(bench.told[0], Broken) else ()
    assert "could not be read: Argument list too long" in problem
    assert bench.verdicts == ["Fees are low.", "It is fast."]


async def test_a_bindery_that_is_gone_takes_no_order(home: Settings) -> None:
    """An order to a dead process is lost, and nothing comes back."""
    async with open_bindery() as bindery:
        bindery.process.kill()
        bindery.process.wait()
        await bindery.send(order(home))

        assert await bindery.receive() is None


def test_an_order_is_answered_with_sheets(home: Settings) -> None:
    """First the edition without what all editions share, then how its exam went; or the problems alone."""
    answers = BytesIO()

    serve(BytesIO(pickle.dumps(order(home))), answers)
    (home.knowledge.path / "fees.yml").unlink()
    serve(BytesIO(pickle.dumps(order(home))), answers)

    answers.seek(0)
    bound, examined, spoiled = (parcel.read(answers) for _ in range(3))
    with pytest.raises(EOFError):
        parcel.read(answers)
    assert isinstance(bound, Bound)
    assert bound.matcher.reader.encoder is None
    assert not bound.matcher.reader.speller.language
    assert examined == Examined({})
    assert isinstance(spoiled, Spoiled)


async def test_an_exam_below_its_floor_is_told_and_live(bench: Bench) -> None:
    """An exam is sat after the swap: what it finds is told once, and once when all is well again."""
    bench.save("exam.yml", "answer: {fees: [what are the fees], speed: [what are the fees]}\n")
    bench.save("pack.yml", "title: Fees\nexam_floor: 1.0\n")
    await bench.until(lambda: len(bench.told) == 1)
    assert isinstance(bench.told[0], Short)
    assert bench.told[0].findings == ("knowledge: 50.0% of the exam led where it should, the floor is 100.0%",)

    bench.save("fees.yml", FEES.format("live"))
    await bench.says("Fees are live.", "It is fast.")
    bench.save("exam.yml", EXAM)
    await bench.until(lambda: len(bench.told) == 2)
    assert bench.told[1] == Passed(bench.pipeline.shelf.current.version)


async def test_questions_asked_meanwhile_are_answered_from_one_edition(bench: Bench, clock: StandingClock) -> None:
    """Every answer is whole: the old text or the new one, and in that order."""
    got: list[str] = []
    bench.save("fees.yml", FEES.format("new"))
    while not got or got[-1] != "Fees are new.":
        outcome = await bench.pipeline.answer(Question("what are the fees", clock()))
        assert isinstance(outcome.verdict, Answer)
        assert outcome.reply
        assert outcome.verdict.entry.verdict in str(outcome.reply)
        got.append(outcome.verdict.entry.verdict)
        await asyncio.sleep(0)

    assert got == sorted(got, key=["Fees are low.", "Fees are new."].index)
    assert got[0] == "Fees are low."
