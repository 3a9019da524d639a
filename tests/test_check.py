"""What `check` finds in a pack that loads."""

from pathlib import Path

import pytest

from bot.cli import main

PACK = "title: Shop\nexam_floor: 0.9\nexam_wrong: 0.0\n"
ENTRIES = """
opening:
  ask: [when do you open, opening hours, are you open on sunday, hours today]
  verdict: At nine.
parking:
  ask: [where can i park, is there a car park, parking nearby, garage]
  verdict: Behind the house.
"""
REFUSALS = (
    "weather:\n  title: Weather\n  ask: [will it rain, weather tomorrow, is it sunny]\n  say: I know no weather.\n"
)


def checked(folder: Path, capsys: pytest.CaptureFixture[str], **files: str) -> tuple[int, str]:
    for name, text in {"pack": PACK, "faq": ENTRIES, "refusals": REFUSALS, **files}.items():
        (folder / f"{name}.yml").write_text(text, "utf-8")
    code = main(["check", "--verbose", "--knowledge", str(folder)])
    return code, capsys.readouterr().out


def test_a_sound_pack_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to find means exit code 0 and the exam's result."""
    exam = "answer: {parking: [a garage to park in]}\nrefuse: {weather: [will it rain tomorrow]}\nsilence: [hm ok]\n"

    code, out = checked(tmp_path, capsys, exam=exam)

    assert code == 0
    assert "2 entries, 1 refusals; exam of 3: 3 right" in out


def test_twins_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One phrasing in two entries is found, with both places."""
    code, out = checked(
        tmp_path, capsys, more="closing:\n  ask: [Opening hours?, when do you close]\n  verdict: At six.\n"
    )

    assert code == 1
    assert "more.yml:1: 'Opening hours?' also stands in 'opening'" in out or "also stands in 'closing'" in out


def test_a_failed_exam_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Below its floors the pack fails, and `--verbose` names each question with file and line."""
    exam = "answer:\n  opening:\n    - where can i park\n    - will it rain\nrefuse:\n  weather:\n    - opening hours\n"

    code, out = checked(tmp_path, capsys, exam=exam)

    assert code == 1
    assert "exam.yml:3: wrong: 'where can i park' got parking" in out
    assert "exam.yml:4: declined: 'will it rain' got refusal weather" in out
    assert "exam.yml:7: wrong: 'opening hours' got opening" in out
    assert "the floor is 90.0%" in out
    assert "at most 0.0% may be" in out


def test_files_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`eval` tells a choice that offers the right topic from one that does not, and names a file that is not there."""
    checked(tmp_path, capsys)
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"text": "when can i leave my car", "accept": ["parking"]}\n'
        '{"text": "when can i leave my car", "accept": ["x"]}\n'
        '{"turns": ["hi", "zzzz"], "accept": ["parking"]}\n{"text": "will it rain"}\n',
        "utf-8",
    )

    code = main(["eval", str(questions), "--knowledge", str(tmp_path)])
    out = capsys.readouterr().out
    missing = main(["eval", str(tmp_path / "nowhere.jsonl"), "--knowledge", str(tmp_path)])

    assert code == 0
    assert "offered among the buttons: 1" in out
    assert "declined: 2" in out
    assert "rightly not answered: 1 (100.0%)" in out
    assert missing == 2
    assert "nowhere.jsonl: cannot be read" in capsys.readouterr().err
