"""The press on real files and a real database: proposals, approvals, history, undo, and what happens in between."""

import asyncio
import sqlite3
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.errors import EditError, KnowledgeError
from bot.library.kinds import AddEntry, AddPhrasing, Edit, RemovePhrasing, ReplaceFile, RetireEntry, SetField
from bot.model.version import BY_HAND
from bot.press import AlreadyApplied, Applied, Conflict, Expired, Gone, Press, Rejected
from bot.press.press import KEPT, PATIENCE
from bot.store import Store
from tests.conftest import StandingClock
from tests.press.places import ADA, BOB, CATS, FOOD, open_again

FISH = AddPhrasing("food", "fish?")
WITH_FISH = CATS.replace("eat\n  verdict", "eat\n    - fish?\n  verdict")


def text(folder: Path, file: str = FOOD) -> str:
    return (folder / file).read_bytes().decode()


async def test_an_edit_is_proposed_then_applied(press: Press, folder: Path, clock: StandingClock) -> None:
    """Nothing is written before somebody approves; then the file is what was shown, and the version tells who."""
    proposal = await press.propose(FISH, ADA)
    before = text(folder)
    clock.pass_by(timedelta(minutes=1))
    outcome = await press.approve(proposal.id, BOB)

    assert before == CATS
    assert proposal.base == sha256(CATS.encode()).hexdigest()
    assert proposal.content.decode() == text(folder) == WITH_FISH
    assert [(change.entry, change.kind) for change in proposal.changes] == [("food", "changed")]
    assert "+    - fish?" in proposal.changes[0].diff
    assert isinstance(outcome, Applied)
    assert not outcome.is_rebased
    assert outcome.changes == proposal.changes
    assert [(one.editor, one.file, one.what) for one in await press.history(9)] == [
        (BOB, FOOD, "food: add the phrasing “fish?”"),
        (BY_HAND, FOOD, "cats/food.yml: as it was found"),
    ]
    assert outcome.version.at == clock.now


async def test_a_proposal_is_approved_once(press: Press, folder: Path) -> None:
    """Of two who approve at the same moment one does it, the other is told which version it became."""
    proposal = await press.propose(FISH, ADA)

    outcomes = await asyncio.gather(press.approve(proposal.id, ADA), press.approve(proposal.id, BOB))

    applied = next(one for one in outcomes if isinstance(one, Applied))
    assert AlreadyApplied(applied.version) in outcomes
    assert text(folder) == WITH_FISH
    assert len(await press.history(9)) == 2


async def test_a_proposal_does_not_wait_for_ever(press: Press, clock: StandingClock, folder: Path) -> None:
    """After its time, when it was discarded, or when it never was, a proposal changes nothing."""
    late, given_up = await press.propose(FISH, ADA), await press.propose(FISH, ADA)
    assert [await press.discard(given_up.id) for _ in range(2)] == [True, False]
    clock.pass_by(PATIENCE)

    assert await press.approve(late.id, ADA) == Expired(late.expires_at)
    assert await press.approve(given_up.id, ADA) == Gone()
    assert await press.approve(99, ADA) == Gone()
    clock.pass_by(KEPT + timedelta(seconds=1))
    await press.recover()
    assert await press.approve(late.id, ADA) == Gone()
    assert (await press.propose(FISH, ADA)).id > given_up.id
    assert text(folder) == CATS


@pytest.mark.parametrize("is_other_program", [False, True], ids=["one program", "two programs"])
async def test_two_at_once_lose_nothing(
    *, is_other_program: bool, press: Press, store: Store, folder: Path, clock: StandingClock
) -> None:
    """Edits of different places are both there, however they interleave; the later one says it was rebased."""
    other = open_again(folder, store, clock) if is_other_program else press
    hands = [(press, ADA), (other, BOB)]
    edits = [AddPhrasing("food", f"phrase {number}") for number in range(10)]
    proposals = await asyncio.gather(*(hands[n % 2][0].propose(edit, ADA) for n, edit in enumerate(edits)))

    outcomes = await asyncio.gather(
        *(hands[n % 2][0].approve(proposal.id, hands[n % 2][1]) for n, proposal in enumerate(proposals))
    )

    assert all(isinstance(one, Applied) for one in outcomes)
    assert [isinstance(one, Applied) and one.is_rebased for one in outcomes].count(True) == 9
    assert all(f"    - phrase {number}\n" in text(folder) for number in range(10))
    assert len(await press.history(99)) == 11


CLASHES: dict[str, tuple[Edit, Edit, str]] = {
    "same field": (SetField("food", "verdict", "A"), SetField("food", "verdict", "B"), "the same place was changed"),
    "same phrasing": (FISH, FISH, "has that phrasing already"),
    "gone phrasing": (
        RemovePhrasing("food", "what do cats eat"),
        RemovePhrasing("food", "what do cats eat"),
        "no such phrasing",
    ),
    "retired and edited": (AddPhrasing("toy", "ball"), RetireEntry("toy"), "the same place was changed"),
    "edited and retired": (RetireEntry("toy"), AddPhrasing("toy", "ball"), "no 'toy' in this file"),
    "replaced": (FISH, ReplaceFile(FOOD, CATS + "# x\n"), "the same place was changed"),
    "same new entry": (AddEntry(FOOD, "x", ("a",), "b"), AddEntry(FOOD, "x", ("c",), "d"), "already"),
}


@pytest.mark.parametrize(("first", "second", "why"), CLASHES.values(), ids=CLASHES.keys())
async def test_the_second_of_two_at_one_place_is_told(
    *, first: Edit, second: Edit, why: str, press: Press, folder: Path
) -> None:
    """What somebody else changed in the meantime is not written over: who it was, and in which version, is said."""
    (folder / FOOD).write_text(CATS + "toy:\n  ask:\n    - toy\n    - mouse\n  verdict: Yes.\n")
    if isinstance(first, RemovePhrasing):
        await approve(press, FISH)
    one, two = await press.propose(first, ADA), await press.propose(second, BOB)
    earlier = await approve(press, SetField("milk", "title", "Cow"))
    applied = await press.approve(one.id, ADA)
    await approve(press, SetField("milk", "title", "Milk"))
    assert isinstance(applied, Applied)
    before = text(folder)

    outcome = await press.approve(two.id, BOB)

    assert isinstance(outcome, Conflict)
    assert outcome.by == (earlier if isinstance(second, ReplaceFile) else applied).version
    assert why in outcome.why
    assert text(folder) == before


async def approve(press: Press, edit: Edit) -> Applied:
    outcome = await press.approve((await press.propose(edit, ADA)).id, ADA)
    assert isinstance(outcome, Applied), outcome
    return outcome


async def test_any_version_comes_back_to_the_byte(press: Press, folder: Path) -> None:
    """Undo takes the last change back, and itself; restore gives any version, each as a new one."""
    first, second = await approve(press, FISH), await approve(press, SetField("milk", "verdict", "Молоко: no"))
    kept = {one.version.id: one.version.fingerprint for one in (first, second)}
    original = (await press.history(9))[-1]

    undone = await press.undo(BOB)
    assert isinstance(undone, Applied)
    assert text(folder) == WITH_FISH
    assert undone.version.what == f"undo {second.version.id}: milk: change verdict"
    assert isinstance(await press.undo(BOB), Applied)
    assert sha256(text(folder).encode()).hexdigest() == kept[second.version.id]
    assert isinstance(await press.restore(original.id, ADA), Applied)
    assert text(folder) == CATS
    assert isinstance(await press.restore(second.version.id, ADA), Applied)
    assert sha256(text(folder).encode()).hexdigest() == kept[second.version.id]
    history = await press.history(99)
    assert [one.previous for one in history] == [*(one.id for one in history[1:]), 0]
    assert [one.editor.name for one in history] == ["Ada", "Ada", "Bob", "Bob", "Ada", "Ada", "file"]


async def test_what_cannot_be_undone_or_restored_is_said(press: Press, folder: Path) -> None:
    """Nothing to undo, no such version, already so, a later change, or knowledge that would not be good."""
    assert await press.undo(ADA) == Rejected(("nothing has been changed yet",))
    assert await press.restore(1, ADA) == Rejected(("there is no version 1",))
    added = await approve(press, AddEntry(FOOD, "toy", ("toy",), "Yes."))
    linked = await approve(press, SetField("milk", "see", ("toy",)))

    assert await press.restore(linked.version.id, ADA) == Rejected(
        (f"cats/food.yml is already what it was in version {linked.version.id}",)
    )
    assert await press.undo(ADA, seen=added.version.id) == Conflict(linked.version, "there is a later change")
    assert await press.restore(1, ADA, seen=added.version.id) == Conflict(linked.version, "there is a later change")
    (folder / "cats" / "more.yml").write_text("more:\n  ask: x\n  verdict: y\n  see: [toy]\n")
    assert await press.restore(1, ADA, seen=linked.version.id) == Rejected(
        ("cats/more.yml:4: 'toy' is not an entry of this pack; known are food, milk, more",)
    )


async def test_what_is_changed_by_hand_is_kept_too(press: Press, folder: Path) -> None:
    """A file that is not as it was left becomes a version of its own, and an edit is made on top of it."""
    proposal = await press.propose(FISH, ADA)
    by_hand = CATS.replace("Meat.", "Only meat.")
    (folder / FOOD).write_text(by_hand)

    outcome = await press.approve(proposal.id, ADA)

    assert isinstance(outcome, Applied)
    assert outcome.is_rebased
    assert text(folder) == by_hand.replace("eat\n  verdict", "eat\n    - fish?\n  verdict")
    history = await press.history(9)
    assert [one.editor.name for one in history] == ["Ada", "file", "file"]
    (folder / FOOD).write_text(CATS)
    assert [one.what for one in await press.history(1)] == ["cats/food.yml: changed by hand"]
    assert isinstance(await press.restore(history[1].id, ADA), Applied)
    assert text(folder) == by_hand


async def test_a_file_that_was_removed_comes_back(press: Press, folder: Path) -> None:
    """History outlives the file; an edit of it is refused until a version is restored."""
    proposal = await press.propose(FISH, ADA)
    (folder / FOOD).unlink()

    with pytest.raises(EditError, match="is not there any more; restore a version"):
        await press.approve(proposal.id, ADA)
    (version,) = await press.history(9)
    assert isinstance(await press.restore(version.id, ADA), Applied)

    assert text(folder) == CATS
    assert isinstance(await press.approve(proposal.id, ADA), Applied)


REFUSED: dict[str, tuple[Edit, type[Exception], str]] = {
    "unknown entry": (AddPhrasing("foot", "x"), EditError, "there is no entry 'foot'; did you mean 'food'?"),
    "unknown file": (AddEntry("cats/../pack.yml", "x", ("a",), "b"), EditError, "is not a file of the knowledge"),
    "linked entry": (RetireEntry("milk"), KnowledgeError, r"^cats/food\.yml:6: 'milk' is not an entry of this pack"),
    "unknown statistic": (SetField("food", "live", ("x",)), KnowledgeError, "'x' is not a statistic"),
    "long title": (SetField("food", "title", "x" * 49), KnowledgeError, r"cats/food\.yml:5: 'title' is longer than 48"),
    "bad date": (SetField("food", "as_of", "2026-02-30"), KnowledgeError, "is not a date for 'as_of'"),
    "schema": (ReplaceFile(FOOD, "food:\n  ask: a\n"), KnowledgeError, r"cats/food\.yml:1: the field 'verdict'"),
}


@pytest.mark.parametrize(("edit", "kind", "why"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_would_not_be_good_is_not_proposed(
    *, edit: Edit, kind: type[Exception], why: str, press: Press, folder: Path
) -> None:
    """The whole knowledge is read as it would be; every sentence has file and line."""
    with pytest.raises(kind, match=why):
        await press.propose(edit, ADA)

    assert text(folder) == CATS


async def test_what_became_bad_since_is_rejected(press: Press, folder: Path) -> None:
    """An edit that was good when it was proposed is not applied if another file no longer allows it."""
    (folder / "cats" / "toys.yml").write_text("toy:\n  ask: toy\n  verdict: Yes.\n")
    linked, retired = (
        await press.propose(SetField("food", "see", ("milk", "toy")), ADA),
        await press.propose(RetireEntry("toy"), BOB),
    )
    assert isinstance(await press.approve(retired.id, BOB), Applied)

    outcome = await press.approve(linked.id, ADA)

    assert isinstance(outcome, Rejected)
    assert "cats/food.yml:6: 'toy' is not an entry" in outcome.problems[0]
    assert text(folder) == CATS


async def test_only_what_was_shown_is_applied(press: Press, folder: Path, tmp_path: Path) -> None:
    """A program that would write an edit differently than it was shown asks for another proposal."""
    proposal = await press.propose(FISH, ADA)
    with sqlite3.connect(tmp_path / "bot.db") as opened:
        opened.execute("update drafts set fingerprint = 'x'")

    assert isinstance(await press.approve(proposal.id, ADA), Rejected)

    assert text(folder) == CATS


async def test_a_refusal_is_edited_too(press: Press, folder: Path) -> None:
    outcome = await approve(press, AddPhrasing("dogs", "puppy food"))

    assert outcome.version.file == "cats/refusals.yml"
    assert "    - puppy food\n" in text(folder, "cats/refusals.yml")


async def test_a_sent_file_is_proposed(press: Press, folder: Path) -> None:
    """A document takes the place of the file of its name, its bytes as they are; the diff goes entry by entry."""
    sent = "\ufeff" + CATS.replace("No.", "Нет.").replace("\n", "\r\n")

    proposal = await press.receive("food.yml", sent.encode(), ADA)
    outcome = await press.approve(proposal.id, ADA)

    assert [(change.entry, change.kind) for change in proposal.changes] == [("milk", "changed")]
    assert isinstance(outcome, Applied)
    assert text(folder) == sent


async def test_a_broken_file_can_be_mended_by_sending_it(press: Press, folder: Path) -> None:
    """Where somebody broke a file by hand, edits of its entries are refused, a whole good file is not."""
    (folder / FOOD).write_text("food: [\n")
    with pytest.raises(EditError, match="no entry 'food'"):
        await press.propose(FISH, ADA)
    with pytest.raises(KnowledgeError, match=r"cats/food\.yml:2"):
        await press.propose(AddPhrasing("dogs", "x"), ADA)

    proposal = await press.receive("food.yml", CATS.encode(), ADA)
    assert isinstance(await press.approve(proposal.id, ADA), Applied)

    assert text(folder) == CATS
