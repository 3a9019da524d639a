"""Strict YAML: text stays text, and what is ambiguous is refused with its line and a cure."""

from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.library.strict import MAX_BYTES, parse_document, read_document

DEEP = "a:\n" + "\n".join(" " * depth + "b:" for depth in range(1, 20)) + " x\n"

REFUSED = {
    "duplicate key": ("a: 1\nb: 2\na: 3\n", "x.yml:3: 'a' stands here a second time (first in line 1)"),
    "nested duplicate": ("a:\n  ask: x\n  ask: y\n", "x.yml:3: 'ask' stands here a second time (first in line 2)"),
    "alias": ("a: &x 1\nb: *x\n", "x.yml:1: '&x' is an anchor"),
    "merge": ("a:\n  <<: {b: 1}\n", "x.yml:2: '<<' merges mappings"),
    "tag": ("a: !!python/object/apply:os.system [ls]\n", "x.yml:1: 'tag:yaml.org,2002:python/object/apply:os.system'"),
    "list as key": ("? [a, b]\n: c\n", "x.yml:1: a key must be plain text"),
    "two documents": ("a: 1\n---\nb: 2\n", "x.yml:2: a second document starts here"),
    "tab": ("a:\n\tb: 1\n", "x.yml:2: not valid YAML"),
    "colon in text": ("a:\n  - what: is: this\n", "x.yml:2: not valid YAML: mapping values are not allowed"),
    "open quote": ('a: "b\n', "x.yml:1: not valid YAML: found unexpected end of stream; close the quote"),
    "bad indent": ("a:\n  b: 1\n c: 2\n", "x.yml:3: not valid YAML"),
    "too deep": (DEEP, "nested deeper than"),
    "control character": ("a: b\x07\n", "x.yml:1: an invisible character (U+0007)"),
}


@pytest.mark.parametrize(("text", "problem"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_ambiguous_is_refused(text: str, problem: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse_document(text.encode(), "x.yml")

    assert problem in str(caught.value)
    assert len(caught.value.problems) == 1


PLAIN = {
    "no": ("a: no", {"a": "no"}),
    "time": ("a: 12:30", {"a": "12:30"}),
    "version": ("a: 1.10", {"a": "1.10"}),
    "octal": ("a: 010", {"a": "010"}),
    "date": ("a: 2024-02-30", {"a": "2024-02-30"}),
    "null": ("a:", {"a": ""}),
    "list": ("- a\n- ~", ["a", "~"]),
    "byte order mark": ("\ufeffa: b", {"a": "b"}),
    "carriage returns": ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
    "nothing": ("", {}),
    "comments": ("# only\n", {}),
}


@pytest.mark.parametrize(("text", "tree"), PLAIN.values(), ids=PLAIN.keys())
def test_every_scalar_stays_text(text: str, tree: object) -> None:
    assert parse_document(text.encode(), "x.yml").tree == tree


def test_a_place_in_the_tree_has_a_line() -> None:
    document = parse_document(b"a:\n  ask:\n    - x\n    - y\nb: z\n", "x.yml")

    assert document.at(("a", "ask", 1)) == "x.yml:4"
    assert document.at(("b",)) == "x.yml:5"
    assert document.at(("a", "missing")) == "x.yml:1"


def test_bytes_that_are_no_text_are_named_by_line() -> None:
    with pytest.raises(KnowledgeError, match=r"x\.yml:2: not UTF-8 text; save the file as UTF-8"):
        parse_document(b"a: b\nc: \xff\n", "x.yml")


def test_an_oversize_file_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="split it by topic"):
        parse_document(b"#" * (MAX_BYTES + 1), "x.yml")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read"):
        read_document(tmp_path / "none.yml", "none.yml")
