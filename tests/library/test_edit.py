"""Edits of knowledge files: the lines concerned change, and what cannot be done safely is refused with a reason."""

import pytest

from bot.errors import EditError, KnowledgeError
from bot.library.difference import Change, changes
from bot.library.edit import edited
from bot.library.form import from_json, to_json
from bot.library.kinds import (
    AddEntry,
    AddPhrasing,
    Edit,
    RemovePhrasing,
    ReplaceFile,
    RetireEntry,
    SetField,
    described,
)

FILE = """\
# top
food:  # of cats
    ask:
    - what do cats eat  # plain
    # said often
    - 'cat food'
    title: Food  # short
    verdict: >-  # one sentence
          Both eat
          meat.
    see: [milk, "bone"]

milk:
    ask: milk
    verdict: "No."
    # the end of it
bone: {ask: [a bone, b bone], verdict: 'Yes', see: [milk]}
"""
LONG = " ".join(["word"] * 40)

EDITS: dict[str, tuple[Edit, str, str]] = {
    "phrasing": (AddPhrasing("food", " fish? "), "    - 'cat food'\n", "    - 'cat food'\n    - fish?\n"),
    "phrasing that needs quotes": (
        AddPhrasing("food", "say: 'x' #1"),
        "    - 'cat food'\n",
        "    - 'cat food'\n    - \"say: 'x' #1\"\n",
    ),
    "phrasing with quotes": (AddPhrasing("food", '"x" y'), "'cat food'\n", "'cat food'\n    - '\"x\" y'\n"),
    "phrasing with both": (AddPhrasing("food", '"it\'s" y'), "'cat food'\n", "'cat food'\n    - '\"it''s\" y'\n"),
    "phrasing beside one text": (AddPhrasing("milk", "cow, juice"), "ask: milk", 'ask: [milk, "cow, juice"]'),
    "phrasing in brackets": (AddPhrasing("bone", "c]"), "b bone]", 'b bone, "c]"]'),
    "phrasing gone": (RemovePhrasing("food", "what do cats eat"), "    - what do cats eat  # plain\n", ""),
    "first in brackets gone": (RemovePhrasing("bone", "a bone"), "[a bone, b bone]", "[b bone]"),
    "last in brackets gone": (RemovePhrasing("bone", "b bone"), "[a bone, b bone]", "[a bone]"),
    "title": (SetField("food", "title", "Meals: two"), "title: Food  #", 'title: "Meals: two"  #'),
    "title gone": (SetField("food", "title", ""), "    title: Food  # short\n", ""),
    "block": (
        SetField("food", "verdict", "Fish."),
        "          Both eat\n          meat.\n",
        "          Fish.\n",
    ),
    "block of lines": (
        SetField("food", "verdict", "Fish.\n\nMeat."),
        ">-  # one sentence\n          Both eat\n          meat.\n",
        "|-  # one sentence\n          Fish.\n\n          Meat.\n",
    ),
    "block with a curly quote": (
        SetField("food", "verdict", "“a” b"),
        ">-  # one sentence\n          Both eat\n          meat.\n",
        ">-  # one sentence\n          “a” b\n",
    ),
    "long text": (SetField("food", "title", LONG), "Food", LONG),
    "new long text": (
        SetField("food", "detail", LONG),
        "    see: [",
        f"    detail: >-\n      {LONG[:114]}\n      {LONG[115:]}\n    see: [",
    ),
    "new text before a comment": (
        SetField("milk", "detail", LONG),
        'verdict: "No."\n',
        f'verdict: "No."\n    detail: {LONG}\n',
    ),
    "new text in brackets": (
        SetField("bone", "title", "A, b"),
        ", verdict: 'Yes'",
        ", title: \"A, b\", verdict: 'Yes'",
    ),
    "text in brackets": (SetField("bone", "verdict", "A, b"), "verdict: 'Yes'", 'verdict: "A, b"'),
    "words": (SetField("food", "see", ("milk", "fish")), '[milk, "bone"]', "[milk, fish]"),
    "words in another order": (SetField("food", "see", ("bone", "milk")), '[milk, "bone"]', "[bone, milk]"),
    "other words": (SetField("food", "see", ("x", "y")), '[milk, "bone"]', "[x, y]"),
    "new words": (SetField("milk", "live", ("price",)), 'verdict: "No."\n', 'verdict: "No."\n    live: [price]\n'),
    "words gone": (SetField("food", "see", ()), '    see: [milk, "bone"]\n', ""),
    "words in brackets gone": (SetField("bone", "see", ()), ", see: [milk]", ""),
    "entry gone": (RetireEntry("milk"), '\nmilk:\n    ask: milk\n    verdict: "No."\n', "\n"),
    "entry in brackets gone": (RetireEntry("bone"), FILE[FILE.index("bone: {") :], ""),
    "entry": (
        AddEntry("x.yml", "fish", ("a", "b: c"), "Yes.", title="Fish", see=("milk", "food")),
        FILE[-3:],
        FILE[-3:]
        + '\nfish:\n    title: Fish\n    ask:\n      - a\n      - "b: c"\n    verdict: Yes.\n    see: [milk, food]\n',
    ),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
@pytest.mark.parametrize(("edit", "old", "new"), EDITS.values(), ids=EDITS.keys())
def test_only_the_lines_concerned_change(*, edit: Edit, old: str, new: str, mark: str, newline: str) -> None:
    """Comments, quotes, order, line ends and byte order mark stay."""
    before = mark + FILE
    after = before.replace(old, new, 1) if before.count(old) == 1 else ""

    found = edited(before.replace("\n", newline).encode(), edit).decode()

    assert found.replace(newline, "\n") == after
    assert found.count("\n") == found.count(newline)


SMALL = {
    "into empty brackets": ("a: {ask: [], verdict: c}\n", AddPhrasing("a", "b"), "a: {ask: [b], verdict: c}\n"),
    "last between brackets": ("a: {title: b}\n", SetField("a", "title", ""), "a: {}\n"),
    "empty text": ("a:\n  title:\n  ask: b\n", SetField("a", "title", "c"), "a:\n  title: c\n  ask: b\n"),
    "empty block": (
        "a:\n  title: >-\n\n  ask: b\n",
        SetField("a", "title", "c"),
        "a:\n  title: >-\n    c\n\n  ask: b\n",
    ),
    "block with its own indent": (
        "a:\n  title: |4\n       b\n  ask: b\n",
        SetField("a", "title", "c"),
        "a:\n  title: >-\n    c\n  ask: b\n",
    ),
    "block that keeps its end": (
        "a:\n  topic: |+\n    b\n\n  ask: b\n",
        SetField("a", "title", "c"),
        "a:\n  topic: |+\n    b\n  title: c\n\n  ask: b\n",
    ),
    "entry below text": (
        "a: b\nc: {d: e}",
        AddEntry("x", "f", ("g",), "h"),
        "a: b\nc: {d: e}\n\nf:\n  ask:\n    - g\n  verdict: h",
    ),
    "a word more beside one": ("a:\n  see: b\n", SetField("a", "see", ("b", "c")), "a:\n  see: [b, c]\n"),
    "words in lines": (
        "a:\n  see:\n  - b  # x\n  - c\n",
        SetField("a", "see", ("c", "d")),
        "a:\n  see:\n  - c\n  - d\n",
    ),
}


@pytest.mark.parametrize(("before", "edit", "after"), SMALL.values(), ids=SMALL.keys())
def test_the_corners_of_the_language(before: str, edit: Edit, after: str) -> None:
    """Empty, kept and unbroken ends: what comes out is what a careful person would write."""
    assert edited(before.encode(), edit).decode() == after


REFUSED: dict[str, tuple[str, Edit, str]] = {
    "no such entry": (FILE, AddPhrasing("fish", "x"), "no 'fish' in this file"),
    "empty phrasing": (FILE, AddPhrasing("food", " "), "is empty"),
    "known phrasing": (FILE, AddPhrasing("food", "cat food "), "has that phrasing already"),
    "unknown phrasing": (FILE, RemovePhrasing("food", "x"), "no such phrasing"),
    "only phrasing": (FILE, RemovePhrasing("milk", "milk"), "the only phrasing"),
    "field that is no text": (FILE, SetField("food", "ask", "x"), "'ask' cannot be set like that; topic, title"),
    "field that is no list": (
        FILE,
        SetField("food", "title", ("x",)),
        "'title' cannot be set like that; live, sources",
    ),
    "same text": (FILE, SetField("food", "title", "Food"), "that changes nothing"),
    "nothing to remove": (FILE, SetField("food", "detail", ""), "that changes nothing"),
    "no words to remove": (FILE, SetField("food", "live", ()), "that changes nothing"),
    "same file": (FILE, ReplaceFile("x.yml", FILE), "that changes nothing"),
    "known id": (FILE, AddEntry("x.yml", "food", ("a",), "b"), "an 'food' already"),
    "half a character": (FILE, AddPhrasing("food", "\ud83d"), "cannot be written"),
    "half a character in a file": (FILE, ReplaceFile("x.yml", "a: \ud83d"), "half a character"),
    "control character in a key": (FILE, AddEntry("x.yml", "a: b", ("a",), "b"), "cannot be changed"),
    "list": ("- a\n", AddPhrasing("a", "x"), "no mapping of 'id:' blocks"),
    "all in brackets": ("{a: {ask: [b, d], verdict: c}}\n", RetireEntry("a"), "cannot be changed"),
    "entry into brackets": ("{a: {ask: b, verdict: c}}\n", AddEntry("x", "b", ("c",), "d"), "cannot be changed"),
    "long keys": ("? a\n: ask: [b]\n  verdict: c\n", RetireEntry("a"), "not the first on its line"),
    "list as text": ("a:\n  ask: x\n  title: [y]\n", SetField("a", "title", "z"), "is a list or mapping here"),
    "mapping as phrasings": ("a:\n  ask: {b: c}\n", AddPhrasing("a", "d"), "cannot be changed|is a mapping"),
    "block as phrasings": ("a:\n  ask: >-\n    b\n", AddPhrasing("a", "d"), "make it a list by hand"),
    "comment in brackets": (
        "a:\n  ask: [b,  # first\n    c]\n",
        RemovePhrasing("a", "b"),
        "a comment stands between the brackets",
    ),
    "comment behind a dash": ("a:\n  ask:\n  - # x\n    b\n  - c\n", RemovePhrasing("a", "b"), "unusual way"),
    "order of lines": ("a:\n  see:\n  - b\n  - c\n", SetField("a", "see", ("c", "b")), "order of 'see'"),
    "end of document": ("a:\n  ask: b\n...\n", AddEntry("x", "b", ("c",), "d"), "cannot be changed"),
    "comment that would become text": (
        "a:\n  detail: |\n    x\n  title: t\n    # y\n",
        SetField("a", "title", ""),
        "cannot be changed",
    ),
    "mapping as words": ("a:\n  see: {b: c}\n", SetField("a", "see", ("b",)), "is a mapping here"),
    "entry without fields": ("a: {}\n", AddPhrasing("a", "b"), "has no 'ask'"),
    "field without fields": ("a: {}\n", SetField("a", "title", "b"), "cannot be changed"),
    "phrasing without fields": ("a: {title: b}\n", RemovePhrasing("a", "b"), "no such phrasing"),
    "text as entry": ("a: b\n", SetField("a", "title", "c"), "no 'a' in this file"),
    "words of a text": ("a:\n  see: b\n", SetField("a", "see", ("c",)), "order of 'see'"),
}


@pytest.mark.parametrize(("text", "edit", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_done_safely_is_refused(text: str, edit: Edit, why: str) -> None:
    """One sentence says why, and what would work."""
    with pytest.raises(EditError, match=why):
        edited(text.encode(), edit)


BROKEN = {
    "anchor": "food: &x\n  ask: a\n  verdict: b\n",
    "alias": "food:\n  ask: a\n  verdict: *x\n",
    "merge": "food:\n  <<: {ask: a}\n",
    "not UTF-8": "food: \xff",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_file_that_is_not_plain_yaml_is_left_alone(text: str) -> None:
    """The strict reader's sentence, with name and line, is what the editor is told."""
    content = text.encode("latin-1")

    with pytest.raises(KnowledgeError, match=r"^a\.yml:\d: "):
        edited(content, AddPhrasing("food", "x"), "a.yml")
    with pytest.raises(KnowledgeError, match=r"^a\.yml:\d: "):
        edited(b"", ReplaceFile("a.yml", "a: &x b"), "a.yml")


def test_an_empty_file_gets_its_first_entry() -> None:
    """A file without entries, or none but comments, takes an entry too."""
    entry = AddEntry("x.yml", "fish", ("a",), "Yes.")

    assert edited(b"", entry) == b"fish:\n  ask:\n    - a\n  verdict: Yes.\n"
    assert edited(b"# top\n\n", entry) == b"# top\n\nfish:\n  ask:\n    - a\n  verdict: Yes.\n"


@pytest.mark.parametrize("edit", [edit for edit, _, _ in EDITS.values()] + [ReplaceFile("x.yml", "\ufeffa: b\r\n")])
def test_an_edit_outlives_being_kept(edit: Edit) -> None:
    """As JSON and back, an edit is the same; its description is one line."""
    assert from_json(to_json(edit)) == edit
    assert "\n" not in described(edit)


@pytest.mark.parametrize("text", ['{"kind": "Shout", "fields": {}}', '{"kind": "AddPhrasing", "fields": {"a": 1}}'])
def test_an_edit_of_another_program_is_refused(text: str) -> None:
    with pytest.raises(EditError, match="propose it again"):
        from_json(text)


def test_what_differs_is_shown_entry_by_entry() -> None:
    """Each entry has its own diff; comments between entries are told apart."""
    new = FILE.replace("# top", "# up").replace("'cat food'", "'cat foods'").replace("milk:\n    ask", "cow:\n    ask")

    assert changes(FILE.encode(), new.encode()) == (
        Change("", "changed", "-# top\n+# up\n "),
        Change(
            "food", "changed", "     # said often\n-    - 'cat food'\n+    - 'cat foods'\n     title: Food  # short"
        ),
        Change("cow", "added", '+cow:\n+    ask: milk\n+    verdict: "No."\n+    # the end of it'),
        Change("milk", "removed", '-milk:\n-    ask: milk\n-    verdict: "No."\n-    # the end of it'),
    )
    assert changes(b"a: [", b"a: b")[0].entry == ""
