"""What `check` finds in a pack that loads."""

import json
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
    assert f"more.yml:2: 'Opening hours?' also stands in 'opening' ({tmp_path}/faq.yml:2); keep it in one" in out


def test_a_failed_exam_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Below its floors the pack fails, and `--verbose` names each question with file and line."""
    exam = "answer:\n  opening:\n    - where can i park\n    - will it rain\nrefuse:\n  weather:\n    - opening hours\n"

    code, out = checked(tmp_path, capsys, exam=exam)

    assert code == 1
    assert "exam.yml:3: wrong: 'where can i park' got parking" in out
    assert "exam.yml:4: declined: 'will it rain' got refusal weather" in out
    assert "exam.yml:7: wrong: 'opening hours' got opening" in out
    assert "pack.yml:2: 0.0% of the exam led where it should, the floor is 90.0%" in out
    assert "pack.yml:3: 66.7% of the exam was answered wrongly, at most 0.0% may be" in out
    assert "faq.yml:6: 'parking' takes 1 of 2 exam questions of 'opening', such as 'where can i park'" in out
    assert "faq.yml:3: 'opening' takes 1 of 1 exam questions of 'weather'" in out


def test_an_entry_of_another_pack_steals_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With two packs in use, one may answer what the other's exam asks."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "faq.yml").write_text(ENTRIES, "utf-8")
    (tmp_path / "two" / "faq.yml").write_text("gate:\n  ask: [the gate]\n  verdict: At the back.\n", "utf-8")
    (tmp_path / "two" / "exam.yml").write_text("answer: {gate: [where can i park]}\n", "utf-8")

    code = main(["check", "--knowledge", str(tmp_path)])

    assert code == 1
    assert "one/faq.yml:6: 'parking' takes 1 of 1 exam questions of 'gate'" in capsys.readouterr().out


def test_a_phrasing_that_leads_elsewhere_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its line is told; an entry that no phrasing finds is told once, for nobody can reach it."""
    more = """
gate:
  ask:
    - the gate
    - garage
    - '?!'
  verdict: At the back.
lot:
  ask: ['...']
  verdict: Large.
"""

    code, out = checked(tmp_path, capsys, more=more)

    assert code == 1
    assert "more.yml:5: 'garage' leads to 'parking', not to 'gate'; reword it" in out
    assert "more.yml:6: '?!' leads to nothing; reword it" in out
    assert "more.yml:8: nobody can reach 'lot': none of its phrasings finds it; reword them" in out


def test_warnings_count_only_if_they_should(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Texts without a source and a date are told, and fail with `--strict` alone."""
    code, out = checked(tmp_path, capsys)

    assert code == 0
    assert "faq.yml:2: warning: 'opening' rests on no source" in out
    assert main(["check", "--strict", "--knowledge", str(tmp_path)]) == 1


def test_findings_are_data_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` prints one object, with the exam's marks, also where the knowledge does not load."""
    checked(tmp_path, capsys, exam="answer: {parking: [a garage to park in]}\n")
    code = main(["check", "--json", "--knowledge", str(tmp_path)])
    found = json.loads(capsys.readouterr().out)
    (tmp_path / "faq.yml").write_text(f"{ENTRIES}a: {{ask: x}}\n", "utf-8")
    broken_code = main(["check", "--json", "--knowledge", str(tmp_path)])
    broken = json.loads(capsys.readouterr().out)

    assert code == 0
    marks = {"asked": 1, "right": 1, "offered": 0, "declined": 0, "wrong": 0}
    assert found["packs"] == {tmp_path.name: {"entries": 2, "refusals": 1, "exam": marks}}
    assert {finding["level"] for finding in found["findings"]} == {"warning"}
    assert broken_code == 1
    missing = {"what": "the field 'verdict' is missing", "cure": "add 'verdict:' here", "level": "error"}
    assert broken == {"findings": [{"file": str(tmp_path / "faq.yml"), "line": 8, **missing}], "packs": {}}


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
