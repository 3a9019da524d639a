"""From files to a library: what must hold inside a pack, and how each mistake is told."""

from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.library import load_library, read_version
from bot.model.knowledge import Label, Library

PACK = """
title: Cats and dogs
sides:
  cat: {name: Cat, ticker: CAT, aliases: [kitty]}
  dog: {name: Dog, ticker: DOG}
sources:
  book: {title: A book, url: "https://example.org/book", published: "2020"}
"""
FULL = """
food:
  topic: eating
  title: What they eat
  ask: [what do cats eat]
  verdict: Both eat meat.
  versus:
    - what: Breakfast
      cat: fish
      dog: bone
  live: [price]
  sources: [book]
  as_of: 2024-05-15
  label: opinion
  see: [food]
"""


def load(folder: Path, files: dict[str, str]) -> Library:
    home = folder / "pets"
    home.mkdir()
    for name, text in files.items():
        (home / name).write_text(text, "utf-8")
    return load_library(folder, ["pets"], ["price", "fee"])


def problems(folder: Path, files: dict[str, str]) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load(folder, files)
    return [problem.removeprefix(f"{folder}/pets/") for problem in caught.value.problems]


def test_an_entry_keeps_every_field(tmp_path: Path) -> None:
    entry = load(tmp_path, {"pack.yml": PACK, "a.yml": FULL}).entries[0]

    assert (entry.id, entry.topic, entry.pack) == ("food", "eating", "pets")
    assert entry.versus[0].cells == ("fish", "bone")
    assert entry.citations[0].url == "https://example.org/book"
    assert str(entry.as_of) == "2024-05-15"
    assert entry.label is Label.OPINION
    assert entry.origin.line == 2


def test_a_question_and_a_verdict_are_enough(tmp_path: Path) -> None:
    (tmp_path / "any.yaml").write_text("opening-hours: {ask: when are you open, verdict: At nine.}", "utf-8")

    entry = load_library(tmp_path, ["btc-vs-bch"], []).entries[0]

    assert (entry.topic, entry.title, entry.ask) == ("opening-hours", "Opening hours", ("when are you open",))


WRONG = {
    "unknown field": ("a: {ask: x, verdict: y, detial: z}", "a.yml:1: 'detial' is not a field; did you mean 'detail'?"),
    "missing field": ("a:\n  ask: x\n", "a.yml:1: the field 'verdict' is missing; add 'verdict:' here"),
    "empty ask": ("a: {ask: [], verdict: y}", "a.yml:1: 'ask' is empty; give at least one"),
    "empty phrasing": (
        'a:\n  ask:\n    - x\n    - ""\n  verdict: y',
        "a.yml:4: 'ask' is empty; write something or rem",
    ),
    "text for a mapping": ("a: hello", "a.yml:1: 'a' must be a mapping; write 'field: value' lines"),
    "list for a text": ("a: {ask: x, verdict: [y]}", "a.yml:1: 'verdict' must be text, not a list or mapping"),
    "no such day": ("a: {ask: x, verdict: y, as_of: 2024-02-30}", "a.yml:1: '2024-02-30' is not a date for 'as_of'"),
    "label": ("a: {ask: x, verdict: y, label: fact}", "a.yml:1: 'label' must be 'curated' or 'opinion'"),
    "statistic": (
        "a: {ask: x, verdict: y, live: [pirce]}",
        "a.yml:1: 'pirce' is not a statistic; did you mean 'price'?",
    ),
    "source": (
        "a: {ask: x, verdict: y, sources: [bok]}",
        "a.yml:1: 'bok' is not a source in pack.yml; did you mean 'b",
    ),
    "see": (
        "food: {ask: x, verdict: y, see: [foood]}",
        "a.yml:1: 'foood' is not an entry of this pack; did you mean 'f",
    ),
    "side": (
        "a:\n  ask: x\n  verdict: y\n  versus:\n    - {what: w, cat: c}",
        "a.yml:5: a row of 'versus' needs exactly",
    ),
    "long id": ("a" * 33 + ": {ask: x, verdict: y}", "a.yml:1: the id 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is longer"),
    "list file": ("- a\n- b", "a.yml:1: must be a mapping of 'id:' blocks, not a list or text"),
}


@pytest.mark.parametrize(("text", "problem"), WRONG.values(), ids=WRONG.keys())
def test_each_mistake_is_told_with_its_line_and_cure(text: str, problem: str, tmp_path: Path) -> None:
    found = problems(tmp_path, {"pack.yml": PACK, "a.yml": text})

    assert len(found) == 1
    assert problem in found[0]


def test_an_id_in_two_files_is_told_once(tmp_path: Path) -> None:
    same = "food: {ask: x, verdict: y}"

    found = problems(tmp_path, {"a.yml": same, "b.yml": same})

    assert found == [f"b.yml:1: the id 'food' is taken by {tmp_path}/pets/a.yml:1; choose another"]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, {"a.yml": "a: {ask: x}", "b.yml": "b: [", "c.yml": "c: {verdict: x}"})

    assert [problem.split(":")[0] for problem in found] == ["b.yml", "a.yml", "c.yml"]


PACK_WRONG = {
    "http source": (
        "sources: {a: {title: b, url: 'http://x.org'}}",
        "'http://x.org' does not fit 'url'; it must start",
    ),
    "user in url": ("sources: {a: {title: b, url: 'https://a@x.org'}}", "'url' holds a user name"),
    "floor": ("exam_floor: 2", "'2' does not fit 'exam_floor'"),
    "manners": ("manners: {helo: x}", "pack.yml:2: 'helo' is not a field"),
    "home": ("home: nowhere", "pack.yml:2: 'nowhere' is not an entry"),
}


@pytest.mark.parametrize(("text", "problem"), PACK_WRONG.values(), ids=PACK_WRONG.keys())
def test_mistakes_in_the_pack_file(text: str, problem: str, tmp_path: Path) -> None:
    found = problems(tmp_path, {"pack.yml": f"title: x\n{text}\n", "a.yml": "a: {ask: x, verdict: y}"})

    assert len(found) == 1
    assert problem in found[0]


def test_refusals_and_exams_are_read(tmp_path: Path) -> None:
    files = {
        "pack.yml": PACK,
        "a.yml": FULL,
        "refusals.yml": "birds: {title: Birds, ask: [parrot], say: No birds., see: [food], quiet: true}",
        "exam.yml": "answer:\n  eating:\n    - dinner\nrefuse:\n  birds: [owl]\nsilence: [lol]",
    }

    pack = load(tmp_path, files).packs["pets"]

    assert pack.refusals["birds"].quiet
    assert [(exam.text, exam.topics, exam.refusal) for exam in pack.exams] == [
        ("dinner", ("eating",), ""),
        ("owl", (), "birds"),
        ("lol", (), ""),
    ]


def test_an_exam_names_what_exists(tmp_path: Path) -> None:
    files = {"a.yml": "a: {ask: x, verdict: y}", "exam.yml": "answer:\n  b: [q]\nrefuse:\n  c: [q]\n"}

    found = problems(tmp_path, files)

    assert found == [
        "exam.yml:2: 'b' is not a topic of this pack; known are a",
        "exam.yml:4: 'c' is not a refusal; known are ",
    ]


def test_what_follows_from_another_mistake_is_not_told(tmp_path: Path) -> None:
    """An entry that is there but wrong still has its id and its topic; who names them makes no mistake."""
    files = {
        "a.yml": "a: {ask: x, topic: t, verdct: y}\nb: {ask: z, verdict: y, see: [a]}",
        "refusals.yml": "r: {title: R, ask: [w], sya: No.}",
        "exam.yml": "answer: {t: [q], a: [p]}\nrefuse: {r: [o]}",
    }

    found = problems(tmp_path, files)

    assert [problem.partition(";")[0] for problem in found] == [
        "a.yml:1: 'verdct' is not a field",
        "refusals.yml:1: 'sya' is not a field",
    ]


def test_a_pack_without_an_answer_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path, {"a.yml": "# soon\n"}) == [
        "a.yml:1: this pack holds no answer; add one with 'ask' and 'verdict'"
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A link to nowhere is no reason to answer from half a pack."""
    (tmp_path / "gone.yml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "A.YML").write_text("a: {ask: x, verdict: y}", "utf-8")

    with pytest.raises(KnowledgeError, match=r"gone\.yml:1: cannot be read"):
        load_library(tmp_path, [], [])


def test_only_the_wanted_packs_are_loaded(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.yml").write_text(f"{name}: {{ask: x, verdict: y}}", "utf-8")

    assert list(load_library(tmp_path, ["two"], []).packs) == ["two"]
    assert list(load_library(tmp_path, ["three"], []).packs) == ["one", "two"]


def two_packs(folder: Path, about: str) -> Path:
    for name, text in {"cats": "title: Cats\nhome: a\n", "dogs": about}.items():
        (folder / name).mkdir()
        (folder / name / "pack.yml").write_text(text, "utf-8")
        (folder / name / "x.yml").write_text("a: {ask: x, verdict: y}", "utf-8")
    return folder


def test_an_id_in_two_packs_is_told(tmp_path: Path) -> None:
    """A button holds an id and no pack, so that one id may not lead to two answers."""
    with pytest.raises(KnowledgeError, match=r"dogs/x\.yml:1: the id 'a' is taken by .*cats/x\.yml:1"):
        load_library(two_packs(tmp_path, "title: Dogs"), ["cats", "dogs"], [])


def test_a_pack_that_is_off_is_known_by_its_names(tmp_path: Path) -> None:
    """The pack in use says where a question belongs, and leads to its own overview."""
    found = load_library(two_packs(tmp_path, "title: Dogs\nnames: [dog, puppy]\n"), ["cats"], []).off

    assert [(refusal.pack, refusal.ask, refusal.see) for refusal in found] == [("cats", ("dog", "puppy"), ("a",))]
    assert found[0].say == "That belongs to Dogs, which is not switched on here."


@pytest.mark.parametrize("about", ["title: Dogs", "title: [", "titel: Dogs\nnames: [dog]"])
def test_a_pack_that_is_off_and_nameless_or_broken_is_passed_over(about: str, tmp_path: Path) -> None:
    """Whoever switches it on is told what is wrong with it."""
    assert load_library(two_packs(tmp_path, about), ["cats"], []).off == ()


def test_a_pack_that_is_off_needs_no_pack_file(tmp_path: Path) -> None:
    (two_packs(tmp_path, "title: Dogs") / "dogs" / "pack.yml").unlink()

    assert load_library(tmp_path, ["cats"], []).off == ()


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"no YAML files here; set knowledge\.path"):
        load_library(tmp_path, [], [])


def test_the_version_follows_every_byte(tmp_path: Path) -> None:
    file = tmp_path / "x.yml"
    file.write_text("a: {ask: x, verdict: y}", "utf-8")
    before = load_library(tmp_path, [], []).version
    file.write_text("a: {ask: x, verdict: y} # comment", "utf-8")

    assert load_library(tmp_path, [], []).version != before


def test_a_broken_pack_file_hides_what_follows_from_it(tmp_path: Path) -> None:
    """With sides and sources unknown, only pack.yml's own problem is told."""
    broken = PACK.replace("title: Cats and dogs", "titel: Cats and dogs")

    found = problems(tmp_path, {"pack.yml": broken, "a.yml": FULL})

    assert [problem.split(":")[0] for problem in found] == ["pack.yml"] * len(found)
    assert any("'titel' is not a field; did you mean 'title'?" in problem for problem in found)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """What the system will not give is a problem with its place, like any other."""
    (tmp_path / "a.yml").symlink_to("/proc/self/mem")  # a file that is there, and fails when it is read

    with pytest.raises(KnowledgeError, match=r"a\.yml:1: cannot be read"):
        load_library(tmp_path, [], [])


def test_the_version_follows_what_the_files_hold(tmp_path: Path) -> None:
    """Every byte and every name counts, a pack that is off too; a touch does not."""
    for pack in ("one", "two"):
        (tmp_path / pack).mkdir()
        (tmp_path / pack / "a.yml").write_text("a-" + pack + ": {ask: x, verdict: y}", "utf-8")
    first = read_version(tmp_path, ["one"])
    (tmp_path / "one" / "a.yml").touch()
    (tmp_path / "one" / "a.txt").write_text("no knowledge", "utf-8")
    touched = read_version(tmp_path, ["one"])
    (tmp_path / "two" / "a.yml").rename(tmp_path / "two" / "b.yml")
    renamed = read_version(tmp_path, ["one"])
    (tmp_path / "one" / "a.yml").write_text("a-one: {ask: x, verdict: z}", "utf-8")

    assert first == touched
    assert len({first, renamed, read_version(tmp_path, ["one"])}) == 3
    assert read_version(tmp_path / "away", ["one"]) == read_version(tmp_path / "nowhere", [])
