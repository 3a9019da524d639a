"""Owners' editing where something is long, missing or fails: it is said, and nothing is lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.faces.telegram.office import NO_FILE, NOT_SAID
from tests.bases import Base
from tests.conftest import StandingClock
from tests.telegram.offices import FOOD, REFUSALS, Office, opened, start, write_cats
from tests.telegram.test_office import QUESTION, labels, proposed

MANY = "".join(f"cat-{number}:\n  ask: cat number {number}\n  verdict: Yes.\n" for number in range(10))
LONG = FOOD.replace("Yes, cooked and now and then.", "Yes, cooked and now and then. " * 40)


@pytest.fixture
async def office(tmp_path: Path, clock: StandingClock) -> AsyncIterator[Office]:
    telegram, people = start()
    home = write_cats(tmp_path / "knowledge")
    async with opened(telegram, home, clock, people, owners=[one.id for one in people]) as office:
        yield office


async def upload(office: Office, name: str, text: str) -> str:
    """Let Olga send a file and approve it; return what the proof said."""
    olga = office.olga
    (proof,) = await office.after(lambda: olga.document(olga.private, name, text.encode()), olga.private)
    said = proof.text
    await office.press(olga, proof, "✓ Approve")
    return said


async def test_many_entries_come_in_pages(office: Office) -> None:
    """A file of many entries is turned page by page in place; a search that finds nothing says so."""
    said = await upload(office, "night.yml", MANY + office.read("night"))
    (files,) = await office.say(office.olga, "/faq")
    await office.press(office.olga, files, "cats/night.yml (12)")
    first = labels(files)
    await office.press(office.olga, files, "More ›")

    assert "cat-0: added" in said
    assert (len(first), first[-1]) == (9, "More ›")
    assert labels(files)[-1] == "‹ Back"
    assert "page 2" in files.text


async def test_a_long_change_is_shown_in_part(office: Office) -> None:
    """What does not fit into one message is counted, and the entries that are not shown are named."""
    lines = "".join(f"    - way {number} to ask for fish\n" for number in range(60))
    text = FOOD.replace("    - do cats eat fish\n", "    - do cats eat fish\n" + lines)
    more = "".join(
        f"\nextra-{number}:\n  ask: extra {number}\n  detail: {'many words ' * 60}\n  verdict: Yes.\n"
        for number in range(5)
    )
    olga = office.olga

    (proof,) = await office.after(lambda: olga.document(olga.private, "food.yml", (text + more).encode()), olga.private)

    assert " more lines" in proof.text
    assert "extra-4 (added)" in proof.text
    assert "✓ Approve" in labels(proof)


async def test_a_refusal_is_changed_like_an_entry(office: Office) -> None:
    """What is said instead of an answer is edited and previewed the same way."""
    olga = office.olga
    (shown,) = await office.say(olga, "/faq dogs")
    await office.press(olga, shown, "Edit a field")
    await office.press(olga, office.last(olga), "What is said")
    preview, proof = await office.say(olga, "Ask a dog.", 2)
    await office.press(olga, proof, "✓ Approve")

    assert "refusal dogs" in shown.text
    assert preview.text.endswith("Ask a dog.")
    assert office.read("refusals") == REFUSALS.replace("I know cats only.", "Ask a dog.")


async def test_teach_asks_for_the_question_and_a_new_answer_begins_with_it(office: Office) -> None:
    """Without a question the next text is it; a new answer takes it as a phrasing and asks for no more."""
    olga = office.olga
    (asked,) = await office.say(olga, "/teach")
    (choice,) = await office.say(olga, "why do\u00a0cats knead")
    await office.press(olga, choice, "A new answer")
    await office.press(olga, office.last(olga), "cats/food.yml")
    (verdict,) = await office.say(olga, "Do cats eat fish")
    await office.say(olga, "A habit of kittens.")
    await office.press(olga, office.last(olga), "Skip")
    await office.press(olga, office.last(olga), "Skip")
    await office.press(olga, office.last(olga), "✓ Approve")

    assert NOT_SAID in asked.text
    assert verdict.text.startswith("Verdict")
    assert "\ndo-cats-eat-fish:\n  title: Do cats eat fish\n  ask:\n    - why do cats knead\n" in office.read("food")


async def test_an_id_that_is_taken_gets_a_number(office: Office) -> None:
    """Two answers of the same title have ids of their own."""
    olga = office.olga
    for number in range(2):
        (pick,) = await office.say(olga, "/faq add")
        await office.press(olga, pick, "cats/night.yml")
        for text in ("Naps", f"cats and naps {number}", "Half of the day."):
            await office.say(olga, text)
        await office.press(olga, office.last(olga), "Skip")
        await office.press(olga, office.last(olga), "Skip")
        await office.press(olga, office.last(olga), "✓ Approve")

    assert "\nnaps-2:\n" in office.read("night")
    assert "\nnaps-3:\n" in office.read("night")


async def test_a_file_that_telegram_does_not_give_is_asked_for_again(office: Office) -> None:
    """A failed fetch is said."""
    olga = office.olga
    office.telegram.fail_next("getFile", 400, "Bad Request: file is temporarily unavailable")

    (said,) = await office.after(lambda: olga.document(olga.private, "food.yml", FOOD.encode()), olga.private)

    assert said.text == NO_FILE


async def test_a_long_history_is_turned(office: Office) -> None:
    """Nine versions are two pages; before the first change there is nothing to show or take back."""
    olga = office.olga
    (nothing,) = await office.say(olga, "/history")
    (none,) = await office.say(olga, "/undo")
    for number in range(9):
        await upload(office, "food.yml", FOOD.replace("Yes, cooked", f"Yes {number}, cooked"))
    (history,) = await office.say(olga, "/history")
    first = labels(history)
    await office.press(olga, history, "Older ›")
    older = labels(history)
    await office.press(olga, history, "Version 1")
    await office.press(olga, history, "‹ Newer")
    await office.press(olga, history, "Version 10")

    assert "Nothing has been changed yet" in nothing.text
    assert "Nothing has been changed yet" in none.text
    assert first[0] == "Version 10"
    assert older == ["Version 2", "Version 1", "‹ Newer"]
    assert "is so now" in office.last(olga).text


async def test_a_floor_that_would_be_broken_is_named(office: Office) -> None:
    """An edit that makes the exam fall below its floor says so before it is approved."""
    olga = office.olga
    exam = "answer:\n  fish: [" + ", ".join(f"quantum engine {number}" for number in range(30)) + "]\n"

    (proof,) = await office.after(lambda: olga.document(olga.private, "exam.yml", exam.encode()), olga.private)

    assert "⚠ The exam would fall below its floor" in proof.text
    assert "✓ Approve" in labels(proof)


FAILING = {
    "propose": ("/faq fish", ["Retire"]),
    "approve": ("proof", ["✓ Approve"]),
    "discard": ("proof", ["✗ Discard"]),
    "history": ("/history", []),
    "undo": ("/undo", []),
}


@pytest.mark.parametrize(("begin", "buttons"), FAILING.values(), ids=FAILING)
async def test_a_database_that_fails_is_said(*, office: Office, begin: str, buttons: list[str]) -> None:
    """The owner is told, and nothing is changed."""
    olga, before = office.olga, office.holds()
    shown = await proposed(office) if begin == "proof" else None
    if begin == "/faq fish":
        (shown,) = await office.say(olga, begin)
    await Base(f"sqlite+aiosqlite:///{office.home.parent.parent}/bot.db").run(
        "drop table drafts", "drop table versions"
    )

    if shown is None:
        (shown,) = await office.say(olga, begin)
    for button in buttons:
        await office.press(olga, shown, button)

    assert "Nothing was changed." in office.last(olga).text
    assert "database" in office.last(olga).text
    assert office.holds() == before


async def test_a_file_broken_by_hand_meanwhile_is_said(office: Office) -> None:
    """Whoever approves is told what is wrong with the files; the answers stay those of before."""
    proof = await proposed(office)
    (office.home / "night.yml").write_text("nonsense: [")

    await office.press(office.olga, proof, "✓ Approve")

    assert "cats/night.yml" in proof.text
    assert "Live now." not in proof.text
    assert office.read("food") == FOOD
    assert "Yes, cooked" in await office.ask("do cats eat fish")
    assert QUESTION not in office.read("food")


async def test_a_file_that_cannot_be_read_is_left_out_of_the_export(office: Office) -> None:
    """The others are sent all the same."""
    (office.home / "night.yml").unlink()
    (office.home / "night.yml").symlink_to(office.home / "gone.yml")

    sent = await office.say(office.olga, "/faq export", 4)

    assert "night.yml" not in {message.raw["document"]["file_name"] for message in sent}
