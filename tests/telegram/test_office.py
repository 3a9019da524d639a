"""Owners edit the knowledge from a private chat: teach, add, change, upload, undo; nothing is live before Approve."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.faces.simulator import Message
from bot.faces.telegram.dialogue import KEPT
from tests.conftest import StandingClock
from tests.telegram.offices import FOOD, Office, opened, start, write_cats

QUESTION = "is tuna alright for Tom"


@pytest.fixture
async def office(tmp_path: Path, clock: StandingClock) -> AsyncIterator[Office]:
    telegram, people = start()
    home = write_cats(tmp_path / "knowledge")
    async with opened(telegram, home, clock, people, owners=[one.id for one in people]) as office:
        yield office


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]


async def proposed(office: Office, entry: str = "Do cats eat fish") -> Message:
    """Let Olga teach a question to an entry up to the proof, and return that."""
    olga = office.olga
    asked = olga.forward(olga.private, QUESTION)
    await office.settled()
    (choice,) = await office.after(lambda: olga.say(olga.private, "/teach", reply_to=asked), olga.private)
    await office.press(olga, choice, entry)
    return office.last(olga)


async def test_a_phrasing_is_taught_from_a_real_question(office: Office) -> None:
    """Reply to a forwarded question, pick the entry, see the answer and what it changes, approve: it is live."""
    before = office.holds()

    proof = await proposed(office)
    preview = office.telegram.sent_by_bot(office.olga.private)[-2]
    unchanged = office.holds()
    await office.press(office.olga, proof, "✓ Approve")

    assert f"“{QUESTION}” will be answered so:" in preview.text
    assert preview.text.removeprefix(f"“{QUESTION}” will be answered so:").strip() == await office.ask(QUESTION)
    assert f"+    - {QUESTION}" in proof.text or "Live now" in proof.text
    assert unchanged == before
    assert office.read("food") == FOOD.replace(
        "    - is fish good for my cat\n", f"    - is fish good for my cat\n    - {QUESTION}\n"
    )
    assert "Live now." in proof.text
    assert proof.buttons == []


async def test_the_proof_names_what_changes_owner_and_how_the_exam_goes(office: Office) -> None:
    """Before approval an owner reads which questions lead elsewhere, and the exam before and after."""
    proof = await proposed(office)

    assert f"won: “{QUESTION}”" in proof.text
    assert "→ fish (phrasing)" in proof.text
    assert "Exam: 5 of 5 right" in proof.text or "Exam: " in proof.text
    assert "before: " in proof.text


async def test_teaching_one_entry_what_another_is_asked_is_reported_as_theft(office: Office) -> None:
    """An exam question that would be lost to the taught entry is named with both owners."""
    olga = office.olga
    (choice,) = await office.say(olga, "/teach can kittens have milk")
    await office.press(olga, choice, "Do cats eat fish")

    assert "✗ taken: “can kittens have milk”, milk → fish (exam)" in office.last(olga).text


async def test_an_entry_is_added_step_by_step(office: Office) -> None:
    """Title, phrasings, verdict, detail, sources; a preview as users see it; live after Approve only."""
    olga = office.olga
    (pick,) = await office.say(olga, "/faq add")
    await office.press(olga, pick, "cats/night.yml")
    await office.say(olga, "Why cats purr")
    await office.say(olga, "why do cats purr\nwhat does purring mean")
    await office.say(olga, "They are content, or calm themselves.")
    (sources,) = await office.after(lambda: olga.press(office.last(olga), "Skip"), olga.private)
    preview, proof = await office.say(olga, "vet-guide", 2)
    unchanged = "purr" not in office.read("night")
    await office.press(olga, proof, "✓ Approve")
    answer = await office.ask("why do cats purr")

    assert "ids of sources" in sources.text
    assert unchanged
    assert preview.text == f"It will look so:\n\n{answer}"
    assert office.read("night").endswith(
        "why-cats-purr:\n  title: Why cats purr\n  ask:\n    - why do cats purr\n    - what does purring mean\n"
        "  verdict: They are content, or calm themselves.\n  sources: [vet-guide]\n  as_of: 2026-11-23\n"
    )


async def test_an_entry_shows_how_it_did(office: Office) -> None:
    """How many questions led to it, and how its answers were voted on."""
    await office.ask("do cats eat fish")
    (shown,) = await office.say(office.olga, "/faq fish")

    assert "1 question led here lately; 👍 0, 👎 0" in shown.text


async def test_a_field_that_does_not_fit_is_asked_again(office: Office) -> None:
    """A title that is too long, a source that is not there: the reason is said and the dialogue goes on."""
    olga = office.olga
    (pick,) = await office.say(olga, "/faq add")
    await office.press(olga, pick, "cats/night.yml")
    (long,) = await office.say(olga, "x" * 49)
    for text in ("Why cats purr", "why do cats purr", "They are content."):
        await office.say(olga, text)
    await office.press(olga, office.last(olga), "Skip")
    (unknown,) = await office.say(olga, "vet-gide")
    _, proof = await office.say(olga, "vet-guide", 2)

    assert "longer than 48 characters" in long.text
    assert "did you mean 'vet-guide'" in unknown.text
    assert "✓ Approve" in labels(proof)


CHANGES = {
    "a field": (["Edit a field", "Verdict"], "Yes, if it is cooked.", "verdict: Yes, if it is cooked.", 2),
    "a field to nothing": (["Edit a field", "As of"], "-", "sources: [vet-guide]\n\nmilk", 2),
    "a phrasing": (["Add a phrasing"], "can my cat have cod", "- can my cat have cod", 2),
}


@pytest.mark.parametrize(("buttons", "text", "after", "count"), CHANGES.values(), ids=CHANGES)
async def test_an_entry_is_changed(*, office: Office, buttons: list[str], text: str, after: str, count: int) -> None:
    """Open an entry, press what is to be changed, send the text, approve."""
    olga = office.olga
    (shown,) = await office.say(olga, "/faq fish")
    for button in buttons:
        await office.press(olga, shown, button)
        shown = office.last(olga)
    await office.say(olga, text, count)
    unchanged = office.read("food")
    await office.press(olga, office.last(olga), "✓ Approve")

    assert unchanged == FOOD
    assert after in office.read("food")
    assert office.read("food").startswith("# what cats eat  (kept as it is)\n")


@pytest.mark.parametrize(
    ("buttons", "gone"),
    [(["Remove a phrasing", "is fish good for my cat"], "is fish good for my cat"), (["Retire"], "naps:")],
    ids=["a phrasing", "the entry"],
)
async def test_something_is_taken_out(office: Office, buttons: list[str], gone: str) -> None:
    """A phrasing or a whole entry goes by buttons alone, after Approve."""
    olga = office.olga
    (shown,) = await office.say(olga, "/faq naps" if gone == "naps:" else "/faq fish")
    for button in buttons:
        await office.press(olga, shown, button)
        shown = office.last(olga)
    unchanged = office.holds()
    await office.press(olga, shown, "✓ Approve")

    assert gone in "".join(unchanged.values())
    assert gone not in "".join(office.holds().values())


async def test_what_is_discarded_or_cancelled_changes_nothing(office: Office) -> None:
    """Discard and /cancel say so; the next text is a question again."""
    olga, before = office.olga, office.holds()
    proof = await proposed(office)
    await office.press(olga, proof, "✗ Discard")
    (shown,) = await office.say(olga, "/faq fish")
    await office.press(olga, shown, "Add a phrasing")
    (given_up,) = await office.say(olga, "/cancel")
    (again,) = await office.say(olga, "/cancel")
    (answer,) = await office.say(olga, "do cats eat fish")

    assert "Discarded" in proof.text
    assert "Given up" in given_up.text
    assert "nothing to give up" in again.text
    assert "Yes, cooked" in answer.text
    assert office.holds() == before


async def test_the_knowledge_is_browsed(office: Office) -> None:
    """Files, what is in one, an entry with phrasings and sources; words search."""
    olga = office.olga
    (files,) = await office.say(olga, "/faq")
    await office.press(olga, files, "cats/food.yml (2)")
    await office.press(olga, files, "Do cats drink milk")
    shown = office.last(olga)
    (found,) = await office.say(olga, "/faq my dog needs a coat")

    assert "5 answers and refusals" in files.text or "page 1" in files.text
    assert "entry milk in cats/food.yml, line 11" in shown.text
    assert "1. do cats drink milk\n2. milk for a kitten" in shown.text
    assert labels(found)[0] == "Questions about dogs"


CREAM = "\ncream:\n  ask: cream for a cat\n  verdict: No.\n  sources: [vet-gide]\n"
BROKEN = (
    FOOD.replace("  title: Do cats eat fish\n", "  titel: Do cats eat fish\n").replace(
        '  verdict: "No: most of them do not digest it."\n', ""
    )
    + CREAM
)
ERRORS = [
    "cats/food.yml:3: 'titel' is not a field; did you mean 'title'?",
    "cats/food.yml:11: the field 'verdict' is missing; add 'verdict:' here",
    "cats/food.yml:18: 'vet-gide' is not a source in pack.yml; did you mean 'vet-guide'?",
]


async def test_an_upload_with_mistakes_names_each_and_the_mended_one_is_taken_back(office: Office) -> None:
    """Three mistakes, three sentences with lines; mended: diff, exam, live; undone: the same bytes as before."""
    olga, before = office.olga, office.holds()
    mended = FOOD.replace("Yes, cooked and now and then.", "Yes, a little.").encode()

    (refused,) = await office.after(lambda: olga.document(olga.private, "food.yml", BROKEN.encode()), olga.private)
    unchanged = office.holds()
    (proof,) = await office.after(lambda: olga.document(olga.private, "food.yml", mended), olga.private)
    shown = proof.text
    await office.press(olga, proof, "✓ Approve")
    live, answer = office.read("food").encode(), await office.ask("do cats eat fish")
    (last,) = await office.say(olga, "/undo")
    await office.press(olga, last, "Take it back")

    assert refused.text.split("\n\n")[1:-1] == ERRORS
    assert unchanged == before
    assert "fish: changed" in shown
    assert "-  verdict: Yes, cooked and now and then.\n+  verdict: Yes, a little." in shown
    assert "Exam: " in shown
    assert live == mended
    assert "Yes, a little." in answer
    assert office.holds() == before
    assert "Yes, cooked" in await office.ask("do cats eat fish")


UPLOADS = {
    "another name": ("../food.yml", FOOD.encode(), "may hold only a-z"),
    "a path": ("cats/food.yml", FOOD.encode(), "may hold only a-z"),
    "an unknown one": ("fodd.yml", FOOD.encode(), "did you mean 'food.yml'"),
    "another encoding": ("food.yml", FOOD.encode("utf-16"), "not UTF-8 text"),
    "too large": ("food.yml", b"#" * 1_000_001, "larger than 1,000,000 bytes"),
    "empty": ("food.yml", b" ", "empty"),
    "broken": ("food.yml", b"fish: [", "food.yml:2: not valid YAML"),
    "the same": ("food.yml", FOOD.encode(), "changes nothing"),
}


@pytest.mark.parametrize(("name", "content", "why"), UPLOADS.values(), ids=UPLOADS)
async def test_an_upload_that_cannot_be_taken_says_why(*, office: Office, name: str, content: bytes, why: str) -> None:
    """Name, size, encoding and YAML are looked at before anything else; nothing is written anywhere."""
    olga, before = office.olga, office.holds()
    there = sorted(path.name for path in office.home.parent.parent.rglob("*.yml"))

    (refused,) = await office.after(lambda: olga.document(olga.private, name, content), olga.private)

    assert why in refused.text
    assert refused.buttons == []
    assert office.holds() == before
    assert sorted(path.name for path in office.home.parent.parent.rglob("*.yml")) == there


async def test_the_files_are_sent_back(office: Office) -> None:
    """`/faq export` sends every file as it is, `/faq export food` one."""
    olga = office.olga
    sent = await office.say(olga, "/faq export", 5)
    (one,) = await office.say(olga, "/faq export food")
    (none,) = await office.say(olga, "/faq export ../food")

    assert {message.raw["document"]["file_name"]: message.upload.decode() for message in sent} == {
        f"{name}.yml": text for name, text in office.holds().items()
    }
    assert one.upload == FOOD.encode()
    assert "no such file" in none.text


async def test_any_version_is_restored_by_button(office: Office) -> None:
    """The history names who changed what when; a version shows what going back changes, and is gone back to."""
    olga = office.olga
    for text in ("one more way", "two more ways"):
        (shown,) = await office.say(olga, "/faq fish")
        await office.press(olga, shown, "Add a phrasing")
        await office.say(olga, text, 2)
        await office.press(olga, office.last(olga), "✓ Approve")

    (history,) = await office.say(olga, "/history")
    await office.press(olga, history, "Version 1")
    shown = office.last(olga)
    before = shown.text
    await office.press(olga, shown, "Restore this version")

    assert "3: 2026-11-23 12:00 UTC, Olga: fish: add the phrasing “two more ways”" in history.text
    assert "-    - two more ways" in before
    assert office.read("food") == FOOD
    assert "Live now." in shown.text


async def test_the_second_of_two_owners_is_told(office: Office) -> None:
    """An edit beside another's is made on top of it; one in the same place is refused, and says who was there."""
    olga, otto = office.olga, office.otto
    proofs = []
    for person, field, text in ((olga, "Verdict", "Yes."), (otto, "Title", "Fish"), (otto, "Verdict", "No.")):
        (shown,) = await office.say(person, "/faq fish")
        await office.press(person, shown, "Edit a field")
        await office.press(person, office.last(person), field)
        await office.say(person, text, 2)
        proofs.append((person, office.last(person)))
    for person, proof in proofs:
        await office.press(person, proof, "✓ Approve")

    first, beside, same = (proof.text for _, proof in proofs)
    assert "Live now." in first
    assert "made on top of that, nothing was lost" in beside
    assert "Nothing was changed." in same
    assert "Olga: fish: change verdict" in same
    assert "  verdict: Yes.\n" in office.read("food")
    assert "  title: Fish\n" in office.read("food")


async def test_an_undo_that_was_overtaken_takes_nothing_back(office: Office) -> None:
    """Two owners look at the same last change; the second press does not undo the first one's undo."""
    proof = await proposed(office)
    await office.press(office.olga, proof, "✓ Approve")
    (hers,) = await office.say(office.olga, "/undo")
    (his,) = await office.say(office.otto, "/undo")

    await office.press(office.olga, hers, "Take it back")
    await office.press(office.otto, his, "Take it back")

    assert "Live now." in hers.text
    assert "Nothing was changed." in his.text
    assert office.read("food") == FOOD


async def test_a_dialogue_is_forgotten_after_a_while(office: Office) -> None:
    """What is written half an hour later is a question, and an old choice leads nowhere."""
    olga = office.olga
    (choice,) = await office.say(olga, f"/teach {QUESTION}")
    office.clock.pass_by(KEPT)
    press = await office.press(olga, choice, "Do cats eat fish")

    assert press.answer
    assert "This dialogue is over" in press.answer["text"]
    assert office.read("food") == FOOD


async def test_an_older_choice_does_not_teach_the_newer_question(office: Office) -> None:
    """A button belongs to the question it was made for."""
    olga = office.olga
    (older,) = await office.say(olga, f"/teach {QUESTION}")
    await office.say(olga, "/teach does a cat sleep")

    press = await office.press(olga, older, "Do cats eat fish")

    assert press.answer
    assert "This dialogue is over" in press.answer["text"]


async def test_a_question_that_holds_a_key_is_not_taught(office: Office) -> None:
    """What looks like a secret never comes into a file."""
    key = "L1aW4aubDFB7yfras2S1mN3bqg9nwySY8nkoLmJebSLD5BWv3ENZ"

    (refused,) = await office.say(office.olga, f"/teach is {key} safe")

    assert "secret key" in refused.text
    assert refused.buttons == []


async def test_a_restart_loses_a_dialogue_and_no_proposal(tmp_path: Path, clock: StandingClock) -> None:
    """After a restart the next text is a question, and a proposal can still be approved."""
    telegram, (olga, otto) = start()
    home = write_cats(tmp_path / "knowledge")
    owners = (olga.id, otto.id)
    async with opened(telegram, home, clock, (olga, otto), owners=owners) as office:
        proof = await proposed(office)
        (shown,) = await office.say(olga, "/faq milk")
        await office.press(olga, shown, "Add a phrasing")
    async with opened(telegram, home, clock, (olga, otto), owners=owners) as office:
        (answer,) = await office.say(olga, "do cats eat fish")
        await office.press(olga, proof, "✓ Approve")

    assert "Yes, cooked" in answer.text
    assert QUESTION in office.read("food")
