"""Edits of thousands of made-up files: what is not concerned stays to the byte, and the file says what was meant."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.errors import KnowledgeError
from bot.library.edit import edited
from bot.library.kinds import AddEntry, AddPhrasing, RemovePhrasing, RetireEntry, SetField
from bot.library.strict import Tree, parse_document
from tests.library.packs import Piece, make_file

FIELDS = ("topic", "title", "verdict", "detail", "as_of")


def said(content: bytes) -> dict[str, dict[str, object]]:
    """Return what a file says, texts without the blanks around them."""

    def bare(tree: Tree) -> object:
        if isinstance(tree, dict):
            return {key: bare(one) for key, one in tree.items()}
        return [bare(one) for one in tree] if isinstance(tree, list) else tree.strip()

    found = bare(parse_document(content, "x.yml").tree)
    assert isinstance(found, dict)
    return found


def join(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def around(pieces: list[Piece], *spot: str) -> tuple[str, str]:
    """Return what stands before and behind all pieces of a spot."""
    places = [number for number, piece in enumerate(pieces) if piece.spot[: len(spot)] == spot]
    return join(pieces[: places[0]]), join(pieces[places[-1] + 1 :])


def without(pieces: list[Piece], start: int, end: int) -> str:
    """Return the text without some pieces; where it ended in no line break, it still does."""
    before, behind = join(pieces[:start]), join(pieces[end:])
    is_unbroken = not behind and not join(pieces).endswith("\n")
    return before.removesuffix("\n").removesuffix("\r") if is_unbroken else before + behind


def after_insertion(old: str, new: str) -> bool:
    """Tell whether one text is the other with nothing but something put in, at one place."""
    same = next((number for number, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), len(old))
    return any(new.endswith(old[place:]) for place in range(max(same - 1, 0), same + 1))


seeds = st.integers(0, 2**32)
often = settings(max_examples=400, deadline=None, derandomize=True, database=None)


@often
@given(seeds)
def test_a_field_is_set(seed: int) -> None:
    """Only the value of a field changes, whatever text it becomes."""
    pieces, maker = make_file(seed)
    old = join(pieces).encode()
    for name in FIELDS:
        text = maker.random.choice([maker.any_text, maker.words, maker.long_text])()
        new = edited(old, SetField("food", name, text)).decode()
        tree = said(old)

        tree["food"][name] = text.strip()
        assert said(new.encode()) == tree
        if any(piece.spot == ("food", name) for piece in pieces):
            before, behind = around(pieces, "food", name)
            assert new.startswith(before)
            assert new.endswith(behind)
        else:
            assert after_insertion(join(pieces), new)


@often
@given(seeds)
def test_a_field_is_removed(seed: int) -> None:
    """The lines of a field go, with the comment on them."""
    pieces, maker = make_file(seed)
    old = join(pieces).encode()
    there = [name for name in FIELDS if name in said(old)["food"]]
    tree = said(old)
    name = maker.random.choice(there)

    new = edited(old, SetField("food", name, ""))

    del tree["food"][name]
    place = next(number for number, piece in enumerate(pieces) if piece.spot == ("food", name))
    assert said(new) == tree
    assert new.decode() == without(pieces, place - 1, place + 2)


@often
@given(seeds)
def test_a_phrasing_is_added(seed: int) -> None:
    """A phrasing of any signs stands below the others or behind the last in brackets, nothing else moves."""
    pieces, maker = make_file(seed)
    old = join(pieces).encode()
    tree, phrase = said(old), "new " + maker.any_text()

    new = edited(old, AddPhrasing("food", phrase))

    asked = tree["food"]["ask"]
    assert isinstance(asked, list)
    asked.append(phrase.strip())
    assert said(new) == tree
    assert after_insertion(join(pieces), new.decode())


@often
@given(seeds)
def test_a_phrasing_is_removed(seed: int) -> None:
    """The lines of one phrasing go; in brackets, it and its comma."""
    pieces, maker = make_file(seed)
    old = join(pieces).encode()
    tree = said(old)
    asked = tree["food"]["ask"]
    assert isinstance(asked, list)
    assume(len(asked) > 1)
    phrase = maker.random.choice(asked)

    new = edited(old, RemovePhrasing("food", phrase)).decode()

    place = asked.index(phrase)
    asked.remove(phrase)
    assert said(new.encode()) == tree
    places = [number for number, piece in enumerate(pieces) if piece.spot == ("food", "ask", str(place))]
    if places:
        assert new == without(pieces, places[0], places[0] + 1)
    else:
        before, behind = around(pieces, "food", "ask")
        assert new.startswith(before)
        assert new.endswith(behind)


@often
@given(seeds)
def test_an_entry_is_retired(seed: int) -> None:
    """All lines of an entry go, and no more than empty lines besides."""
    pieces, maker = make_file(seed)
    old = join(pieces).encode()
    tree = said(old)
    key = maker.random.choice(list(tree))

    new = edited(old, RetireEntry(key)).decode()

    del tree[key]
    before, behind = around(pieces, key)
    assert said(new.encode()) == tree
    assert new.startswith(before.rstrip("\r\n"))
    assert new.endswith(behind.lstrip("\r\n"))
    assert not new[len(before.rstrip("\r\n")) : len(new) - len(behind.lstrip("\r\n"))].strip()


@often
@given(seeds)
def test_an_entry_is_added(seed: int) -> None:
    """A new entry stands below everything that was there, which stays."""
    pieces, maker = make_file(seed)
    old = join(pieces).encode()
    tree = said(old)
    ask = (maker.any_text(), "b" + maker.any_text())
    verdict = maker.random.choice([maker.any_text, maker.long_text])()

    new = edited(old, AddEntry("x.yml", "new-one", ask, verdict, see=("food", "new-one"), as_of="2026-01-02"))

    tree["new-one"] = {
        "ask": [one.strip() for one in ask],
        "verdict": verdict.strip(),
        "as_of": "2026-01-02",
        "see": ["food", "new-one"],
    }
    assert said(new) == tree
    assert new.startswith(old)
    assert (b"\r\n" in old) == (b"\r\n" in new)


@often
@given(seeds)
def test_an_anchor_is_refused(seed: int) -> None:
    """A file that holds an anchor is not edited at all."""
    pieces, maker = make_file(seed)
    number = maker.random.choice([number for number, piece in enumerate(pieces) if len(piece.spot) > 1])
    pieces[number] = Piece(re.sub(r"^(\s*-? *)(.)", r"\1&there \2", pieces[number].text), pieces[number].spot)

    with pytest.raises(KnowledgeError, match="'&there' is an anchor"):
        edited(join(pieces).encode(), AddPhrasing("food", "x"))
