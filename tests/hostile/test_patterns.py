"""No pattern of the program goes back over a text again and again: what anybody may write is read in linear time.

The patterns are taken from the modules as they are, and their parse trees are looked through for the two shapes that
make a search explode: a repetition whose parts can be divided in several ways, and an unbounded run at the start of an
unanchored search, which begins anew at each of its characters.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import bot

SKIPPED = ("bot.__main__", "bot.faces.simulator", "bot.store.migrations")
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
MANY = 64  # times; fewer are as good as none
SIGNS = [*map(chr, range(0x20, 0x7F)), "é", "Ж", "中", "🚀", "\n", "\t", "\u0301", "²", "٣", "€", "\x00"]

# Reasons why a pattern that looks like it is none of these.
FINE = {
    r"(?<=[?!])\s+|\n+": "both runs take all there is, and nothing follows that could fail",
    r"\s{2,}": "nothing follows that could fail",
    r"\d+(?:[.,:-]\d+)*": "nothing follows that could fail",
    r" {2,}": "nothing follows that could fail",
    r"[^\W_]+": "nothing follows that could fail",
    r"[^a-z0-9]+": "nothing follows that could fail",
}


def patterns() -> dict[str, re.Pattern[str]]:
    """Return every pattern that a module or a table in one holds, by where it stands."""
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if not module.name.startswith(SKIPPED):
            for name, value in vars(importlib.import_module(module.name)).items():
                for number, one in enumerate(_within(value)):
                    found.setdefault(one.pattern, one)
                    found[f"{module.name}.{name}[{number}]"] = one
    return {name: one for name, one in found.items() if name.startswith("bot.")}


def _within(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _within(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _within(one)


PATTERNS = patterns()


def first(tree: Any) -> frozenset[str] | None:
    """Return the signs of SIGNS that a tree can begin with; None where it can be empty."""
    found: set[str] = set()
    for op, argument in tree:
        if op in {codes.AT, codes.ASSERT, codes.ASSERT_NOT}:
            continue
        begin, may_be_empty = _first_of(op, argument)
        found |= begin
        if not may_be_empty:
            return frozenset(found)
    return None


def _first_of(op: Any, argument: Any) -> tuple[frozenset[str], bool]:
    if op in {codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY}:
        return _signs(op, argument), False
    if op in {*REPEATS, codes.POSSESSIVE_REPEAT}:
        inner = first(argument[2])
        return inner or frozenset(SIGNS), argument[0] == 0 or inner is None
    if op is codes.SUBPATTERN:
        inner = first(argument[3])
        return inner or frozenset(SIGNS), inner is None
    if op is codes.ATOMIC_GROUP:
        inner = first(argument)
        return inner or frozenset(SIGNS), inner is None
    if op is codes.BRANCH:
        begins = [first(branch) for branch in argument[1]]
        return frozenset().union(*(begin or frozenset(SIGNS) for begin in begins)), None in begins
    return frozenset(SIGNS), op is not codes.GROUPREF


def _signs(op: Any, argument: Any) -> frozenset[str]:
    tree = parser.SubPattern(parser.State(), [(op, argument)])
    one = re._compiler.compile(tree)  # type: ignore[attr-defined]
    return frozenset(sign for sign in SIGNS if one.fullmatch(sign))


def faults(tree: Any) -> Iterator[str]:
    """Yield where a repetition can be divided in more than one way."""
    parts = list(tree)
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        yield from _inside(*part)
        for inner in _inner(*part):
            yield from faults(inner)
        both = _run(part) & _run(after)
        if both:
            yield f"two runs side by side share {min(both)!r}"


def _inside(op: Any, argument: Any) -> Iterator[str]:
    """Yield what is wrong with a repetition by itself."""
    if op in REPEATS and argument[1] > MANY:
        begin = first(argument[2])
        if begin is None:
            yield "repeats what can be empty"
        elif both := begin & _open_end(argument[2]):
            yield f"a run in a repetition may go on as the next round, with {min(both)!r}"


def _inner(op: Any, argument: Any) -> list[Any]:
    """Return the trees inside a part."""
    if op in REPEATS:
        return [argument[2]]
    if op is codes.SUBPATTERN:
        return [argument[3]]
    return list(argument[1]) if op is codes.BRANCH else []


def _run(part: Any) -> frozenset[str]:
    """Return the signs that an unbounded run may begin with; none where a part is no such run."""
    if part is None or part[0] not in REPEATS or part[1][1] <= MANY:
        return frozenset()
    return first(part[1][2]) or frozenset()


def _open_end(tree: Any) -> frozenset[str]:
    """Return the signs of the unbounded runs that a tree may end with."""
    found: frozenset[str] = frozenset()
    for op, argument in reversed([part for part in tree if part[0] not in {codes.AT, codes.ASSERT, codes.ASSERT_NOT}]):
        if op is codes.SUBPATTERN:
            found |= _open_end(argument[3])
        elif op in REPEATS and argument[1] > MANY:
            found |= first(argument[2]) or frozenset(SIGNS)
        if not _first_of(op, argument)[1]:
            break
    return found


def starts_with_a_run(tree: Any) -> bool:
    """Tell whether a search begins with an endless run that something follows, with nothing to say where."""
    parts = list(tree)
    if not parts:
        return False
    op, argument = parts[0]
    if op is codes.BRANCH:
        return any(starts_with_a_run(branch) for branch in argument[1])
    if op is codes.SUBPATTERN:
        return starts_with_a_run([*argument[3], *parts[1:]])
    return op in {*REPEATS, codes.POSSESSIVE_REPEAT} and argument[1] > MANY and len(parts) > 1


def is_searched(name: str) -> bool:
    """Tell whether a pattern may be looked for inside a text; names of those that are matched as a whole say so."""
    return not any(word in name for word in WHOLE)


WHOLE = (
    "_NAME",
    "_PACK",
    "_NUMBER",
    ".NUMBER",
    "_DAY",
    "_MEANT",
    "_SETTLE",
    "_SPAN",
    "_GROUPED",
    "_SENTENCE",
    "_BLOCK",
)


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_divides_a_text_in_many_ways(name: str) -> None:
    """Neither a repetition in a repetition nor two runs side by side take the same signs."""
    one = PATTERNS[name]

    assert list(faults(parser.parse(one.pattern, one.flags & ~re.UNICODE.value))) == []


@pytest.mark.parametrize("name", [*filter(is_searched, PATTERNS)])
def test_no_search_begins_with_an_endless_run(name: str) -> None:
    """Such a search begins anew at each sign of the run, which takes the square of its length."""
    one = PATTERNS[name]

    assert one.pattern in FINE or not starts_with_a_run(parser.parse(one.pattern, one.flags & ~re.UNICODE.value))


@pytest.mark.parametrize("text", ["(a+)+$", "([a-z]+[0-9]*)*x", r"x\w+[a-z]+!", "(a*)*", "([a-z]+)*b"])
def test_the_search_for_them_finds_them(text: str) -> None:
    assert list(faults(parser.parse(text)))


def test_the_search_for_endless_runs_finds_them() -> None:
    assert starts_with_a_run(parser.parse(r"[\w.+-]+@x"))
    assert not starts_with_a_run(parser.parse(r"(?<!\w)[\w.+-]+@x"))


def test_all_are_looked_at() -> None:
    """A pattern that is made inside a function would be missed here: there is none but those of names, from YAML."""
    assert len(PATTERNS) > 50
