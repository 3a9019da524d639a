"""What is found by reading: the warnings; the errors are rows in `tests/library/test_broken.py`."""

from datetime import date
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.library import load_library
from bot.lint import CROWD, lint
from bot.model.finding import Finding, Level, read_finding
from bot.model.knowledge import Origin
from bot.stats import STATS
from bot.wiring import open_library
from tests.conftest import ROOT

TODAY = date(2026, 11, 23)
PACK = "title: Pets\nsources:\n  book: {title: A book, url: 'https://example.org/book'}\n"
SOUND = "  sources: [book]\n  as_of: 2026-05-15\n"


def linted(folder: Path, entries: str, today: date = TODAY) -> list[Finding]:
    (folder / "pack.yml").write_text(PACK, "utf-8")
    (folder / "faq.yml").write_text(entries, "utf-8")
    return list(lint(load_library(folder, [], STATS), today))


def entry(key: str, rest: str = SOUND) -> str:
    return f"{key}:\n  ask: [{key}]\n  verdict: Yes.\n{rest}"


WARNED = {
    "no source": (entry("a", "  as_of: 2026-05-15\n"), 1, "'a' rests on no source", "name one of those in pack.yml"),
    "no date": (entry("a", "  sources: [book]\n"), 1, "'a' says not when it was last true", "add the day"),
    "over a year": (
        entry("a", SOUND.replace("2026-05-15", "2025-11-22")),
        5,
        "on 2025-11-22, over a year",
        "read it again",
    ),
    "no way there": (
        entry("a") + "  see: [b]\n" + entry("b") + "  see: [a]\n" + entry("c"),
        13,
        "no button leads to 'c'",
        "name related",
    ),
    "not among the first three": (
        "".join(entry(key) for key in "abcd") + entry("e") + "  see: [a, b, c, d]\n" + entry("f") + "  see: [e]\n",
        16,
        "no button leads to 'd'",
        "name related",
    ),
    "a crowd": ("".join(entry(f"a{number}") for number in range(CROWD + 1)), CROWD * 5 + 1, "26 answers", "move some"),
}


@pytest.mark.parametrize(("entries", "line", "what", "cure"), WARNED.values(), ids=WARNED)
def test_what_may_be_wrong_is_a_warning(  # noqa: PLR0917 - the columns of the table
    entries: str, line: int, what: str, cure: str, tmp_path: Path
) -> None:
    """A doubt has its line and its cure, and is the only one."""
    (found,) = linted(tmp_path, entries)

    assert found.level is Level.WARNING
    assert found.origin == Origin(str(tmp_path / "faq.yml"), line)
    assert what in found.what
    assert cure in found.cure
    assert f"faq.yml:{line}: warning: {found.what}; {found.cure}" in str(found)


FINE = {
    "a year to the day": entry("a", SOUND.replace("2026-05-15", "2025-11-23")),
    "tomorrow somewhere": entry("a", SOUND.replace("2026-05-15", "2026-11-24")),
    "its own source": entry("a") + "  detail: See (https://example.org/book/).\n",
    "brackets and quotes": entry("a") + '  detail: He said “it (or [that]) is "so"”, 5 < 6 > 4.\n',
    "data about data": entry("a") + "  detail: 'The data: none. A tag: none.'\n",
    "unrelated entries": entry("a") + entry("b"),
    "declined kindly": entry("a", "  as_of: 2026-05-15\n  declines: advice\n"),
    "no numbers on one side": entry("a")
    + "  claims:\n    - {metric: retarget, coin: btc, relation: over, value: -75, as_of: 2026-01-01}\n",
    "markup that people type": "a:\n  ask: ['what is <b>this (', 'http://x.org?']\n  verdict: Yes.\n" + SOUND,
}


@pytest.mark.parametrize("entries", FINE.values(), ids=FINE)
def test_what_is_fine_is_let_pass(entries: str, tmp_path: Path) -> None:
    """What looks like a defect and is none is not told."""
    assert linted(tmp_path, entries) == []


@pytest.mark.parametrize("packs", ["btc-vs-bch", "fastapi", "btc-vs-bch,fastapi"])
def test_the_shipped_packs_are_clean(packs: str) -> None:
    """Neither error nor warning, on the day the youngest answer was reviewed."""
    library = open_library(load_settings(ROOT / "config.yml", {"BOT__KNOWLEDGE__PACKS": packs}))

    reviewed = max(entry.as_of for entry in library.entries if entry.as_of)

    assert [str(found) for found in lint(library, reviewed)] == []


def test_a_field_has_its_line(tmp_path: Path) -> None:
    """The library knows where a phrasing stands, and for what it does not know, where its block does."""
    (tmp_path / "faq.yml").write_text("a:\n  verdict: Yes.\n  ask:\n    - one\n    - two\n", "utf-8")
    pack = load_library(tmp_path, [], []).packs[tmp_path.name]
    found = pack.entries["a"]

    assert [found.at("ask", 1).line, found.at("ask", 7).line, found.at("detail").line] == [5, 3, 1]
    assert pack.at("exam_floor") == found.origin


def test_a_problem_of_the_loader_is_a_finding() -> None:
    """`file:line: what; cure` is taken apart, and what is not like that is kept whole."""
    assert read_finding("C:/x.yml:12: 'a': b; mend it; now") == Finding(
        Origin("C:/x.yml", 12), "'a': b", "mend it; now"
    )
    assert read_finding("all is lost") == Finding(Origin("", 1), "all is lost", "")
