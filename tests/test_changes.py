"""What an edit does to answers: who answered before, who does now, and whether that is a loss."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bot.changes import Kind, Taken, compared, exams_and_phrasings, recorded
from bot.check import strays
from bot.cli import main
from bot.errors import ConfigError
from bot.library import load_library
from bot.library.revision import folder_of
from bot.match import Matcher, make_matcher
from bot.model.clock import utc_now
from bot.model.knowledge import Library
from bot.model.question import Question
from bot.recall import judging, read_before, recalling

OPENING = (
    "opening:\n  ask: [when do you open, opening hours, are you open on sunday, hours today]\n  verdict: At nine.\n"
)
PARKING = (
    "parking:\n  ask: [where can i park, is there a car park, parking nearby, garage]\n  verdict: Behind the house.\n"
)
WEATHER = (
    "weather:\n  title: Weather\n  ask: [will it rain, weather tomorrow, is it sunny]\n  say: I know no weather.\n"
)
EXAM = """
answer:
  opening: [opening hours on sunday]
  parking: [garage for cars]
refuse:
  weather: [will it rain now]
"""
SHOP = {"faq": OPENING + PARKING, "refusals": WEATHER, "exam": EXAM}


def written(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in {**SHOP, **files}.items():
        (folder / f"{name}.yml").write_text(text, "utf-8")
    return folder


Side = tuple[Library, Matcher]


def side(folder: Path, **files: str) -> Side:
    library = load_library(written(folder, **files), [], [])
    return library, make_matcher(library, {})


def changes(folder: Path, **files: str) -> list[tuple[Kind, str, str, str]]:
    """Return what changes between the shop and an edit of it."""
    old, new = side(folder / "old"), side(folder / "new", **files)
    found = compared(judging(old[1]), judging(new[1]), exams_and_phrasings(old[0], new[0]))
    return [(one.kind, one.asked.exam.text, one.before, one.after) for one in found]


def test_nothing_changes_without_an_edit(tmp_path: Path) -> None:
    """The same knowledge gives the same answers, and phrasings that stay need not even be asked."""
    old, new = side(tmp_path / "old"), side(tmp_path / "new")
    asked = exams_and_phrasings(old[0], new[0])

    assert [one.exam.text for one in asked] == ["opening hours on sunday", "garage for cars", "will it rain now"]
    assert compared(judging(old[1]), judging(new[1]), asked) == ()


def test_a_question_is_stolen(tmp_path: Path) -> None:
    """Another entry answers what was rightly answered before; what is worst comes first."""
    thief = "sunday:\n  ask: [opening hours on sunday]\n  verdict: Closed.\n"

    found = changes(tmp_path, more=thief)

    assert (Kind.STOLEN, "opening hours on sunday", "opening", "sunday") in found
    assert [kind for kind, *_ in found] == sorted((kind for kind, *_ in found), key=list(Kind).index)


def test_a_question_is_lost(tmp_path: Path) -> None:
    """With its entry gone, nobody answers; its exam question counts by what the old exam wanted."""
    exam = EXAM.replace("  parking: [garage for cars]\n", "")

    found = changes(tmp_path, faq=OPENING, exam=exam)

    assert {(kind, text, before) for kind, text, before, _ in found} >= {
        (Kind.LOST, "garage for cars", "parking"),
        (Kind.LOST, "where can i park", "parking"),
    }


def test_a_question_is_won(tmp_path: Path) -> None:
    """A new entry answers its own phrasings."""
    found = changes(tmp_path, more="dogs:\n  ask: [may my dog come in, puppies]\n  verdict: Yes.\n")

    assert {(kind, text, after) for kind, text, _, after in found} >= {
        (Kind.WON, "may my dog come in", "dogs"),
        (Kind.WON, "puppies", "dogs"),
    }


def test_a_question_moves_within_its_topic(tmp_path: Path) -> None:
    """Another entry of the same topic answers: nothing is lost."""
    twin = "garage:\n  topic: parking\n  ask: [garage for cars]\n  verdict: Yes.\n"

    assert (Kind.MOVED, "garage for cars", "parking", "garage") in changes(tmp_path, more=twin)


def test_recorded_questions_are_compared_too(tmp_path: Path) -> None:
    """A real question changes hands, or finds its first answer; with topics to accept, it may be stolen."""
    old, new = side(tmp_path / "old"), side(tmp_path / "new", more="dogs:\n  ask: [garage dogs]\n  verdict: Yes.\n")
    file = tmp_path / "real.jsonl"
    file.write_text(
        '{"text": "garage dogs"}\n{"turns": ["hi", "garage dogs"], "accept": ["parking"]}\n{"text": "hours today"}\n',
        "utf-8",
    )

    found = compared(judging(old[1]), judging(new[1]), recorded(file))

    assert [(one.kind, one.asked.exam.origin.line, one.before, one.after) for one in found] == [
        (Kind.STOLEN, 2, "parking", "dogs"),
        (Kind.MOVED, 1, "parking", "dogs"),
    ]
    assert {one.asked.taken_from for one in found} == {Taken.RECORDED}
    assert not any(one.is_loss for one in found)


def test_an_exam_question_that_is_no_longer_right_is_a_loss(tmp_path: Path) -> None:
    old, new = side(tmp_path / "old"), side(tmp_path / "new", faq=OPENING, exam="silence: [lol]\n")
    lost = compared(judging(old[1]), judging(new[1]), exams_and_phrasings(old[0], new[0]))

    assert {one.asked.taken_from for one in lost if one.is_loss} == {Taken.EXAM}
    assert {one.asked.taken_from for one in lost if not one.is_loss} == {Taken.PHRASING}


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    """Vectors are handed in and kept for the next comparison; without an encoder there are none."""
    old = side(tmp_path / "old")

    assert recalling(old[1], {}) is old[1]
    assert read_before(old[1]) is old[1]


def test_recalling_changes_no_verdict(library: Library, matcher: Matcher) -> None:
    """A matcher that recalls ranks as one that reads, the second time too."""
    questions = [Question(exam.text, utc_now()) for exam in library.packs["btc-vs-bch"].exams[::100]]
    kept = recalling(matcher, {})

    for _ in range(2):
        assert [kept.rank(question) for question in questions] == [matcher.rank(question) for question in questions]


def test_phrasings_that_were_indexed_are_not_read_again(library: Library, matcher: Matcher) -> None:
    """The vector of a phrasing is taken from the index, and it finds its entry."""
    pack = library.packs["btc-vs-bch"]
    few = replace(pack, entries={"segwit": pack.entries["segwit"]}, refusals={})

    assert list(strays(replace(library, packs={"btc-vs-bch": few}), matcher)) == []


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["diff", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_command_fails_when_an_exam_question_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines for people, an object for programs, exit code 1 for a loss."""
    old, new = written(tmp_path / "old"), written(tmp_path / "new", faq=OPENING, exam="silence: [lol]\n")

    same, calm = run(capsys, str(old), str(old))
    code, out = run(capsys, str(old), str(new))
    json_code, text = run(capsys, str(old), str(new), "--json")

    assert (same, calm) == (0, "0 of 3 questions change their owner\n")
    assert code == json_code == 1
    assert f"parking -> nobody: 'where can i park' (phrasing, {old}/faq.yml:5)" in out
    first = next(one for one in json.loads(text)["changes"] if one["question"] == "where can i park")
    assert first == {
        "kind": "lost",
        "question": "where can i park",
        "from": "parking",
        "to": None,
        "taken_from": "phrasing",
        "wanted": ["parking"],
        "at": f"{old}/faq.yml:5",
    }


def test_questions_of_a_file_are_asked_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "real.jsonl"
    file.write_text('{"text": "anything"}\n', "utf-8")
    old = str(written(tmp_path / "old"))

    assert run(capsys, old, old, "--questions", str(file)) == (0, "0 of 4 questions change their owner\n")
    assert run(capsys, old, old, "--questions", str(tmp_path / "none"))[0] == 2


def test_a_folder_is_compared_with_what_it_was_in_git(tmp_path: Path) -> None:
    """The copy holds what was committed, whatever stands there now, and is gone afterwards."""
    home = written(tmp_path / "shop")
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)  # noqa: S607 - whichever git is there
    (home / "faq.yml").write_text("changed", "utf-8")

    with folder_of("HEAD", home) as was:
        assert was.name == "shop"
        assert (was / "faq.yml").read_text("utf-8") == SHOP["faq"]
    assert not was.exists()


@pytest.mark.parametrize("state", ["--output=x", "nothing", "HEAD~99"])
def test_what_is_neither_folder_nor_revision_is_told(state: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"folder.*; give"), folder_of(state, written(tmp_path / "shop")):
        pass
