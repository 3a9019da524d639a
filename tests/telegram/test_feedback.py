"""What people say of answers, and what they may do about what is kept of them."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.faces.simulator import Chat, Message, Person, Status
from bot.faces.telegram.feedback import NOT_YOURS, THANKS, UNKEPT, WITHDRAWN
from bot.faces.telegram.payload import decode, encode
from bot.match import Matcher, decide
from bot.model.clock import utc_now
from bot.model.knowledge import Library
from bot.model.mark import Forget, Mark, Meant, Settle, Turn, Vote, Why
from bot.model.question import Question
from bot.model.record import Settled
from bot.model.verdict import Choice
from bot.reply.privacy import FORGOTTEN, NOTHING
from bot.reply.why import ANEW
from bot.store import Store
from tests.bases import Base
from tests.telegram.conftest import Stage

ASKED = "y did bch fork"
UP, DOWN, WHY = "1vu", "1vd", "1w"


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(file) as database:
        return database.execute(sql).fetchall()


def votes(file: Path) -> list[bool]:
    return [bool(one) for (one,) in rows(file, "select is_up from votes order by at")]


async def answered(stage: Stage, asker: Person, chat: Chat | None = None, text: str = ASKED) -> Message:
    chat = chat or asker.private
    before = len(stage.telegram.sent_by_bot(chat))
    asker.say(chat, text)
    return (await stage.said(chat, before + 1))[-1]


async def pressed(stage: Stage, person: Person, message: Message, data: str) -> dict[str, Any]:
    press = person.forge(message, data)
    await stage.telegram.wait_for(lambda: press.answer)
    assert press.answer
    return press.answer


def labels(message: Message) -> list[str]:
    return [button.label for button in message.buttons[-1]]


async def test_a_vote_is_changed_and_withdrawn(kept: Stage, file: Path) -> None:
    """One vote a person: the other button changes it, the same one takes it back; the answer stays as it is."""
    ann = kept.person()
    answer = await answered(kept, ann)
    text, others = answer.text, answer.buttons[:-1]

    seen = []
    for data in (UP, DOWN, DOWN):
        said = await pressed(kept, ann, answer, data)
        seen.append((said["text"], labels(answer)[:2], votes(file)))

    assert seen == [
        (THANKS, ["👍 ✓", "👎"], [True]),
        (THANKS, ["👍", "👎 ✓"], [False]),
        (WITHDRAWN, ["👍", "👎"], []),
    ]
    assert (answer.text, answer.buttons[:-1]) == (text, others)
    assert not [call for call in kept.telegram.calls if call.refused]


async def test_a_group_counts_votes(kept: Stage, file: Path) -> None:
    """Everybody in a group has a vote, and the counts stand on the buttons."""
    ann, bob, eve = (kept.person(name) for name in ("Ann", "Bob", "Eve"))
    group = kept.telegram.supergroup("Club", [ann, bob, eve])
    answer = await answered(kept, ann, group, f"@duel_bot {ASKED}")

    for person, data in ((ann, UP), (bob, UP), (eve, DOWN)):
        await pressed(kept, person, answer, data)

    assert labels(answer) == ["👍 2", "👎 1", "Why?"]
    assert len(votes(file)) == 3


REACTIONS = {
    "good": ([("👍",)], [True]),
    "a heart of another client": ([("❤️",)], [True]),
    "bad": ([("💩",)], [False]),
    "of no opinion": ([("🤔",)], []),
    "changed": ([("👍",), ("👎",)], [False]),
    "taken back": ([("👍",), ()], []),
    "the same with another": ([("👍",), ("🔥",)], [True]),
}


@pytest.mark.parametrize(("steps", "left"), REACTIONS.values(), ids=REACTIONS)
async def test_a_reaction_is_a_vote(kept: Stage, file: Path, steps: list[tuple[str, ...]], left: list[bool]) -> None:
    """What is clearly good or bad counts; what is taken back does not."""
    ann = kept.person()
    answer = await answered(kept, ann)

    for emoji in steps:
        ann.react(answer, *emoji)
    await answered(kept, ann, text="/help")  # comes after what was said before it here

    assert votes(file) == left


async def test_reactions_in_groups_count_where_the_bot_may_see_them(kept: Stage, file: Path) -> None:
    """Telegram tells administrators only."""
    ann = kept.person()
    group = kept.telegram.supergroup("Club", [ann])
    answer = await answered(kept, ann, group, f"@duel_bot {ASKED}")

    ann.react(answer, "👍")
    await answered(kept, ann, group, "/help")
    unseen = votes(file)
    ann.promote_bot(group, Status.ADMINISTRATOR)
    ann.react(answer, "👎")
    await answered(kept, ann, group, "/help")

    assert unseen == []
    assert votes(file) == [False]


async def test_why_names_phrasing_score_runner_up_and_rule(kept: Stage, library: Library, file: Path) -> None:
    """In private a message explains, and a button says what was meant and gives that answer."""
    ann = kept.person()
    answer = await answered(kept, ann)

    ann.press(answer, "Why this answer?")
    why = (await kept.said(ann.private, 2))[-1]
    assert "Matched: “" in why.text
    assert "% likely" in why.text
    assert "Next: “" in why.text
    assert "Rule: The best match was likely enough" in why.text

    meant = why.buttons[0][0]
    assert meant.label.startswith("I meant: ")
    ann.press(why, meant.label)
    mark = decode(meant.data)
    assert isinstance(mark, Meant)
    entry = library.entry(mark.entry)
    assert entry
    await kept.telegram.wait_for(lambda: why.edited)
    assert entry.verdict[:40] in why.text
    assert rows(file, "select entry, text from remarks") == [(mark.entry, "")]


async def test_something_else_is_told_by_the_next_question(kept: Stage, file: Path) -> None:
    """The next question is answered as usual, and kept as what the one before meant."""
    ann = kept.person()
    answer = await answered(kept, ann)
    ann.press(answer, "Why this answer?")
    why = (await kept.said(ann.private, 2))[-1]

    ann.press(why, "Something else")
    await kept.telegram.wait_for(lambda: why.text == ANEW)
    again = await answered(kept, ann, text="which one has the bigger blocks")
    await pressed(kept, ann, again, UP)  # everything before it is written now

    assert "32 MB" in again.text
    assert rows(file, "select entry, text from remarks") == [("", "which one has the bigger blocks")]


async def test_in_a_group_why_is_told_to_the_one_who_asks(kept: Stage) -> None:
    """No message fills the group, and what Telegram shows is short enough."""
    ann = kept.person()
    group = kept.telegram.supergroup("Club", [ann])
    answer = await answered(kept, ann, group, f"@duel_bot {ASKED}")

    said = await pressed(kept, ann, answer, WHY)

    assert said["text"].startswith("Matched: “")
    assert said["show_alert"]
    assert await kept.is_silent(group, 1)


async def test_a_settled_close_call_keeps_its_votes(
    kept: Stage, file: Path, library: Library, matcher: Matcher
) -> None:
    """The chosen entry is what was meant, and the answer in its place can be voted on."""
    ann = kept.person()
    texts = (exam.text for exam in library.packs["btc-vs-bch"].exams)
    text = next(text for text in texts if isinstance(decide(matcher.rank(Question(text, utc_now()))), Choice))
    choice = await answered(kept, ann, text=text)
    ann.press(choice, choice.buttons[0][0].label)
    await kept.telegram.wait_for(lambda: choice.edited)

    await pressed(kept, ann, choice, UP)

    assert labels(choice) == ["👍 ✓", "👎", "Why this answer?"]
    ((entry, kind),) = rows(file, "select entry, kind from remarks join questions on id = question")
    assert library.entry(entry)
    assert kind == "asked back"


@pytest.mark.parametrize("data", [UP, DOWN, WHY])
async def test_what_is_not_kept_cannot_be_judged(kept: Stage, file: Path, data: str) -> None:
    """A button forged under another message is turned down, and nothing is written."""
    ann = kept.person()
    helped = await answered(kept, ann, text="/help")

    said = await pressed(kept, ann, helped, data)

    assert said == {"text": UNKEPT, "show_alert": True, "url": ""}
    assert votes(file) == []


FORGED = ["1v", "1vx", "1wx", "1m", "1mx:fees", "1m1:no-such-entry", "1m999:fork-date", "1m1:" + "a" * 40, "1f", "1fx"]


@pytest.mark.parametrize("data", FORGED)
async def test_forged_marks_are_stale(kept: Stage, file: Path, data: str) -> None:
    """Whatever a button carries, the press is answered, and nothing is written."""
    ann = kept.person()
    answer = await answered(kept, ann)

    said = await pressed(kept, ann, answer, data)

    assert "older answer" in said["text"]
    assert (votes(file), rows(file, "select * from remarks")) == ([], [])


async def test_only_the_asker_says_what_was_meant(kept: Stage, file: Path, library: Library) -> None:
    """Somebody else's word is not taken, wherever it comes from."""
    ann, bob = kept.person("Ann"), kept.person("Bob")
    group = kept.telegram.supergroup("Club", [ann, bob])
    answer = await answered(kept, ann, group, f"@duel_bot {ASKED}")
    data = encode(Meant(answer.id, library.entries[0].id))

    said = await pressed(kept, bob, answer, data)

    assert "older answer" in said["text"]
    assert rows(file, "select * from remarks") == []


async def test_what_is_kept_of_whom(kept: Stage, file: Path) -> None:
    """Questions are kept redacted with hashes; chatter in a group, commands and secrets are not."""
    kept.telegram.privacy = False
    ann = kept.telegram.person("Ann", "ann_b", "de-AT")
    group = kept.telegram.supergroup("Club", [ann])

    ann.say(group, "ann@mail.example, why did bch fork")
    await answered(kept, ann, group, "@duel_bot why did bch fork @ann_b")
    await answered(kept, ann, text="help " + "abandon " * 11 + "about")
    await answered(kept, ann, text="/fees")
    last = await answered(kept, ann, text="/ask is bch faster")
    await pressed(kept, ann, last, UP)

    assert rows(file, "select text, language, place, kind from questions order by id") == [
        ("why did bch fork [name]", "de", "group-addressed", "answered"),
        ("[secret]", "de", "private", "refused"),
        ("is bch faster", "de", "private", "answered"),
    ]
    everything = b"".join(path.read_bytes() for path in file.parent.glob("bot.db*"))
    for told in (b"ann@mail", b"abandon", b"ann_b", str(ann.id).encode(), str(group.id).encode()):
        assert told not in everything


async def test_an_edited_question_takes_the_place_of_what_it_was(kept: Stage, file: Path) -> None:
    """One question is one row, and the votes on the answer that is gone are gone too."""
    ann = kept.person()
    asked = ann.say(ann.private, ASKED)
    (answer,) = await kept.said(ann.private)
    await pressed(kept, ann, answer, UP)

    ann.edit(asked, "which one has the bigger blocks")
    await kept.telegram.wait_for(lambda: "32 MB" in answer.text)
    assert await kept.is_silent(ann.private, 1)
    await pressed(kept, ann, answer, DOWN)

    assert rows(file, "select text from questions where text != ''") == [("which one has the bigger blocks",)]
    assert votes(file) == [False]
    assert labels(answer)[:2] == ["👍", "👎 ✓"]


async def test_silence_keeps_no_text(kept: Stage, file: Path) -> None:
    """What gets no reply is counted, not kept."""
    ann = kept.person()
    group = kept.telegram.supergroup("Club", [ann])
    ann.say(group, "@duel_bot 🙂")
    assert await kept.is_silent(group)
    await answered(kept, ann, text="/privacy")
    answer = await answered(kept, ann)
    await pressed(kept, ann, answer, UP)

    assert rows(file, "select text, kind from questions order by id") == [("", "silent"), (ASKED, "answered")]


async def test_privacy_says_what_is_kept_and_how_long(kept: Stage) -> None:
    """The days are those of the configuration."""
    ann = kept.person()

    said = await answered(kept, ann, text="/privacy")

    assert "For 90 days" in said.text
    assert "/forgetme" in said.text


async def test_forgetme_deletes_what_there_is_after_a_yes(kept: Stage, file: Path, library: Library) -> None:
    """Questions, votes and remarks of the asker go; those of others stay."""
    ann, bob = kept.person("Ann"), kept.person("Bob")
    group = kept.telegram.supergroup("Club", [ann, bob])
    own = await answered(kept, ann)
    shared = await answered(kept, bob, group, f"@duel_bot {ASKED}")
    for person, message in ((ann, own), (ann, shared), (bob, shared)):
        await pressed(kept, person, message, UP)
    await pressed(kept, ann, own, encode(Meant(own.id, library.entries[0].id)))

    question = await answered(kept, ann, text="/forgetme")
    assert "1 questions, 2 votes, 1 remarks" in question.text
    assert len(rows(file, "select 1 from questions")) == 2
    ann.press(question, "Delete everything of mine")
    await kept.telegram.wait_for(lambda: question.text == FORGOTTEN)

    assert len(rows(file, "select 1 from questions")) == len(votes(file)) == 1
    assert rows(file, "select * from remarks") == []
    assert (await answered(kept, ann, text="/forgetme")).text == NOTHING


async def test_forgetme_deletes_one_s_settings(kept: Stage, store: Store) -> None:
    """What somebody chose for themselves goes with the rest, and is said to be there before."""
    ann = kept.person("Ann")
    await store.chats.change(ann.id, {"currency": "eur"})

    question = await answered(kept, ann, text="/forgetme")
    assert "your settings" in question.text
    ann.press(question, "Delete everything of mine")
    await kept.telegram.wait_for(lambda: question.text == FORGOTTEN)

    assert (await store.chats.standing(ann.id)).settings == {}


async def test_nobody_deletes_what_is_somebody_else_s(kept: Stage, file: Path) -> None:
    """A yes of another is turned down, also with a button that names that other in a chat of two."""
    ann, bob = kept.person("Ann"), kept.person("Bob")
    group = kept.telegram.supergroup("Club", [ann, bob])
    await answered(kept, ann)
    question = await answered(kept, ann, group, "/forgetme")

    said = await pressed(kept, bob, question, encode(Forget(ann.id)))

    assert said["text"] == NOT_YOURS
    assert len(rows(file, "select 1 from questions")) == 1


async def test_a_store_that_fails_harms_no_answer(kept: Stage, file: Path) -> None:
    """Questions are answered as ever; what needs the store says that it cannot."""
    tables = ("candidates", "votes", "remarks", "settled", "questions")
    await Base(f"sqlite+aiosqlite:///{file}").run(*(f"drop table {one}" for one in tables))
    ann = kept.person()

    answer = await answered(kept, ann)
    said = await pressed(kept, ann, answer, UP)
    asked = await answered(kept, ann, text="/forgetme")

    assert "2017" in answer.text
    assert said["text"] == UNKEPT
    assert "try again later" in asked.text


async def test_without_a_journal_no_vote_is_asked_for(stage: Stage) -> None:
    """Where nothing is kept there is nothing to press, and `/privacy` says so."""
    ann = stage.person()

    answer = await answered(stage, ann)
    said = await answered(stage, ann, text="/privacy")

    assert "👍" not in labels(answer)
    assert "nothing is written down" in said.text


MARKS = (
    Vote(is_up=True),
    Vote(is_up=False),
    Why(),
    Meant(2_147_483_647, "a" * 32),
    Meant(1, ""),
    Forget(9_007_199_254_740_991),
    Turn(9_999),
    *(Settle(how, 10**12 - 1, 10**12 - 1, "a" * 32) for how in Settled),
)


@pytest.mark.parametrize("mark", MARKS, ids=str)
def test_marks_fit_and_come_back(mark: Mark) -> None:
    """Callback data has at most 64 bytes and means what was meant."""
    data = encode(mark)

    assert len(data.encode()) <= 64
    assert decode(data) == mark
