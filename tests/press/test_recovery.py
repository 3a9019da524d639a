"""What a start finds after a program stopped between approval and file, or could not write."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from bot.errors import EditError, StoreError
from bot.library.kinds import AddPhrasing, Edit, SetField
from bot.model.version import BY_HAND, Editor, Version
from bot.press import Applied, Press
from bot.press.commit import commit_file
from bot.press.disk import alone, write_file
from bot.press.ledger import Replacement, fingerprint
from bot.store import Store
from tests.conftest import StandingClock
from tests.press.places import ADA, CATS, FOOD, open_again

FISH = AddPhrasing("food", "fish?")
WITH_FISH = CATS.replace("eat\n  verdict", "eat\n    - fish?\n  verdict")
VERDICT = SetField("food", "verdict", "Fish.")


@dataclass(frozen=True, slots=True)
class Start:
    """Starts the press anew over the same files, as a program does."""

    folder: Path
    store: Store
    clock: StandingClock

    def __call__(self, *, commit: bool = False) -> Press:
        return open_again(self.folder, self.store, self.clock, commit=commit)


@pytest.fixture
def start(folder: Path, store: Store, clock: StandingClock) -> Start:
    return Start(folder, store, clock)


async def stopped(press: Press, edit: Edit) -> Version:
    """Approve an edit as far as a program does that is killed before it writes the file."""
    proposal = await press.propose(edit, ADA)
    versions = press.ledger.versions
    base = await versions.last(FOOD)
    assert base
    new = Version(0, FOOD, fingerprint(proposal.content), ADA, proposal.what, press.ledger.clock(), base.id)
    kept = await versions.add(new, proposal.content, is_written=False, draft=await versions.draft(proposal.id))
    assert kept
    return kept


FOUND: dict[str, tuple[Edit, str | None, str, list[str]]] = {
    "not written": (FISH, CATS, WITH_FISH, ["Ada", "file"]),
    "written, not noted": (FISH, WITH_FISH, WITH_FISH, ["Ada", "file"]),
    "removed": (FISH, None, WITH_FISH, ["Ada", "file"]),
    "changed by hand elsewhere": (FISH, CATS + "# x\n", WITH_FISH + "# x\n", ["Ada", "file", "Ada", "file"]),
    "written and changed by hand": (FISH, WITH_FISH + "# x\n", WITH_FISH + "# x\n", ["file", "Ada", "file"]),
    "changed by hand to something bad": (
        FISH,
        CATS.replace("Meat.", ""),
        CATS.replace("Meat.", ""),
        ["file", "Ada", "file"],
    ),
    "changed by hand there": (
        VERDICT,
        CATS.replace("Meat.", "Mice."),
        CATS.replace("Meat.", "Mice."),
        ["file", "Ada", "file"],
    ),
}


@pytest.mark.parametrize(("edit", "found", "after", "editors"), FOUND.values(), ids=FOUND.keys())
async def test_what_was_approved_is_finished(
    *, edit: Edit, found: str | None, after: str, editors: list[str], start: Start
) -> None:
    """The file gets it; what somebody did by hand meanwhile stays, and the edit is made on top where it fits."""
    file = start.folder / FOOD
    version = await stopped(start(), edit)
    if found is None:
        file.unlink()
    else:
        file.write_text(found)
    (file.parent / f".food.yml.{version.id}.part").write_text("half of")

    press = start()
    await press.recover()

    assert file.read_text() == after
    history = await press.history(9)
    assert [one.editor.name for one in history] == editors
    assert history[0].fingerprint == fingerprint(after.encode())
    assert await start.store.versions.unwritten() == ()
    assert sorted(path.name for path in file.parent.iterdir()) == ["food.yml", "pack.yml", "refusals.yml"]


async def test_a_restored_version_is_not_repeated_over_a_hand(
    folder: Path, store: Store, press: Press, clock: StandingClock
) -> None:
    """A version that came of no proposal is in the history, but what was written by hand since stays."""
    await press.propose(FISH, ADA)
    base = await store.versions.last(FOOD)
    assert base
    new = Version(0, FOOD, fingerprint(b"x: y\n"), ADA, "restore", clock.now, base.id)
    await store.versions.add(new, b"x: y\n", is_written=False)
    (folder / FOOD).write_text(WITH_FISH)

    await press.recover()

    assert (folder / FOOD).read_text() == WITH_FISH
    assert [one.editor for one in await press.history(9)] == [BY_HAND, ADA, BY_HAND]


async def test_a_version_after_one_that_has_a_next_is_not_kept(store: Store, press: Press) -> None:
    """The versions of a file are one line, whoever else writes into the database."""
    version = await stopped(press, FISH)

    base = await store.versions.version(version.previous)
    assert base
    assert await store.versions.add(version, b"", is_written=True) is None
    with pytest.raises(EditError, match="changed by somebody else at this moment"):
        await press.ledger.publish(Replacement(base, b"", ADA, "x"))
    with pytest.raises(StoreError, match="no version 99"):
        await store.versions.content(99)


async def test_what_is_saved_while_an_edit_is_worked_out_stays(press: Press, folder: Path) -> None:
    """A file that is not what an edit was worked out for is not written over."""
    await press.propose(FISH, ADA)
    base, _ = await press.ledger.observed(FOOD)
    (folder / FOOD).write_text("saved: meanwhile\n")

    with pytest.raises(EditError, match="changed by somebody else at this moment"):
        await press.ledger.publish(Replacement(base, b"", ADA, "x"))

    assert (folder / FOOD).read_text() == "saved: meanwhile\n"


async def test_a_file_that_cannot_be_written_is_tried_again(press: Press, start: Start) -> None:
    """Whoever approved is told that it is kept; the next call writes it, and the file was never half of it."""
    proposal = await press.propose(FISH, ADA)
    expected = await start.store.versions.last(FOOD)
    assert expected
    blocked = start.folder / "cats" / f".food.yml.{expected.id + 1}.part"
    blocked.mkdir()

    with pytest.raises(EditError, match=r"cannot be written .*; the change is kept"):
        await press.approve(proposal.id, ADA)
    assert (start.folder / FOOD).read_text() == CATS
    blocked_again = start()
    await blocked_again.recover()
    assert (start.folder / FOOD).read_text() == CATS
    blocked.rmdir()

    assert [one.editor.name for one in await press.history(9)] == ["Ada", "file"]
    assert (start.folder / FOOD).read_text() == WITH_FISH


async def test_a_file_that_cannot_be_read_is_said(press: Press, folder: Path) -> None:
    await press.propose(FISH, ADA)
    (folder / FOOD).unlink()
    (folder / FOOD).mkdir()

    with pytest.raises(EditError, match=r"no entry 'food'"):
        await press.propose(FISH, ADA)
    with pytest.raises(EditError, match=r"cats/food\.yml cannot be read \(Is a directory\)"):
        await press.ledger.observed(FOOD)


async def test_another_program_is_waited_for(folder: Path) -> None:
    """One that does not let go, and a folder that is not there, are said."""
    async with alone(folder):
        with pytest.raises(EditError, match="another program is editing"):
            async with alone(folder, timedelta(milliseconds=30)):
                pass
    with pytest.raises(EditError, match=r"cannot be opened \(No such file"):
        async with alone(folder / "none"):
            pass


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What a link leads to is replaced, with its rights, not the link."""
    real, link = tmp_path / "real.yml", tmp_path / "link.yml"
    real.write_text("a: b\n")
    real.chmod(0o600)
    link.symlink_to(real)

    write_file(link, b"a: c\n", "1")
    write_file(tmp_path / "new.yml", b"", "1")

    assert link.is_symlink()
    assert (real.read_text(), real.stat().st_mode & 0o777) == ("a: c\n", 0o600)
    assert (tmp_path / "new.yml").stat().st_mode & 0o777 == 0o644


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """What stands in the way of a file stays, and no half of the file is left beside it."""
    (tmp_path / "a.yml").mkdir()

    with pytest.raises(OSError, match="directory"):
        write_file(tmp_path / "a.yml", b"a: b\n", "1")

    assert [path.name for path in tmp_path.iterdir()] == ["a.yml"]


def git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [shutil.which("git") or "git", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout


async def test_an_edit_is_committed_in_its_editors_name(start: Start) -> None:
    """Where the folder is in a work tree and the config says so, that one file is committed, nothing else staged."""
    folder = start.folder
    git(folder, "init", "--quiet")
    (folder / "other.txt").write_text("staged")
    git(folder, "add", "other.txt")
    press = start(commit=True)
    proposal = await press.propose(FISH, ADA)
    eve = Editor(666, "Eve <root@x>\n--amend")

    assert isinstance(await press.approve(proposal.id, eve), Applied)

    shown = git(folder, "log", "--format=%an|%ae|%cn|%s", "--name-only")
    assert shown == "Eve root@x--amend|666@telegram.invalid|Knowledge|food: add the phrasing “fish?”\n\ncats/food.yml\n"
    assert git(folder, "status", "--porcelain", "other.txt") == "A  other.txt\n"
    assert isinstance(await press.undo(Editor(1, "<>")), Applied)
    assert git(folder, "log", "-1", "--format=%an").strip() == "unknown"


async def test_what_cannot_be_committed_is_written_all_the_same(start: Start) -> None:
    """A folder that is in no work tree is no reason to stop: a line in the log says so."""
    committing = start(commit=True)
    proposal = await committing.propose(FISH, ADA)

    with structlog.testing.capture_logs() as logs:
        assert isinstance(await committing.approve(proposal.id, ADA), Applied)

    assert (start.folder / FOOD).read_text() == WITH_FISH
    assert [log["event"] for log in logs] == ["knowledge.not_committed"]


async def test_without_git_the_log_says_so(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(start.folder))
    committing = start(commit=True)
    proposal = await committing.propose(FISH, ADA)

    with structlog.testing.capture_logs() as logs:
        assert isinstance(await committing.approve(proposal.id, ADA), Applied)

    assert "git cannot be started" in logs[-1]["reason"]


async def test_a_git_that_hangs_is_not_waited_for(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that asks for something nobody can answer is ended, and the log says so."""
    program = start.folder / "git"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    version = await stopped(start(), FISH)
    monkeypatch.setenv("PATH", f"{start.folder}:{os.environ['PATH']}")

    with structlog.testing.capture_logs() as logs:
        assert not await commit_file(start.folder / FOOD, version, timedelta(milliseconds=50))

    assert logs[-1]["reason"] == "git took too long"
