"""What a knowledge file is to say after an edit, as a tree; an edit that does not fit it is refused."""

from bot.errors import EditError
from bot.library.kinds import (
    LISTS,
    TEXTS,
    AddEntry,
    AddPhrasing,
    Edit,
    RemovePhrasing,
    ReplaceFile,
    RetireEntry,
    SetField,
    Splice,
    Value,
)
from bot.library.strict import Tree


def intended(tree: Tree, edit: Splice) -> dict[str, Tree]:
    """Return what a file is to say after an edit.

    Raises:
        EditError: the edit does not fit the file.
    """
    if not isinstance(tree, dict):
        raise EditError("the file is no mapping of 'id:' blocks; edit it by hand")
    match edit:
        case AddEntry():
            if edit.entry in tree:
                raise EditError(f"there is an '{edit.entry}' already; choose another id")
            return {**tree, edit.entry: {name: _tree(value) for name, value in edit.fields}}
        case RetireEntry():
            _entry(tree, edit.entry)
            return {key: entry for key, entry in tree.items() if key != edit.entry}
        case AddPhrasing() | RemovePhrasing():
            entry = _entry(tree, edit.entry)
            return {**tree, edit.entry: {**entry, "ask": _asks(entry, edit)}}
        case _:
            entry = _entry(tree, edit.entry)
            known = LISTS if isinstance(edit.value, tuple) else TEXTS
            if edit.field not in known:
                raise EditError(f"'{edit.field}' cannot be set like that; {', '.join(known)} can")
            value = _tree(edit.value)
            changed = {**entry, edit.field: value} if value else _without(entry, edit.field)
            return {**tree, edit.entry: changed}


def touched(tree: Tree, edit: Edit) -> Tree | None:
    """Return the part of a file that an edit puts another in place of; None where it only adds or takes its own."""
    entries = tree if isinstance(tree, dict) else {}
    match edit:
        case ReplaceFile():
            return tree
        case RetireEntry():
            return entries.get(edit.entry)
        case SetField():
            entry = entries.get(edit.entry)
            return entry.get(edit.field) if isinstance(entry, dict) else entry
        case _:
            return None


def _tree(value: Value) -> Tree:
    return value.strip() if isinstance(value, str) else [one.strip() for one in value]


def _entry(tree: dict[str, Tree], key: str) -> dict[str, Tree]:
    entry = tree.get(key)
    if not isinstance(entry, dict):
        raise EditError(f"there is no '{key}' in this file")
    return entry


def _without(entry: dict[str, Tree], field: str) -> dict[str, Tree]:
    return {name: value for name, value in entry.items() if name != field}


def _phrases(entry: dict[str, Tree]) -> list[str]:
    asked = entry.get("ask", [])
    return [str(one).strip() for one in (asked if isinstance(asked, list) else [asked])]


def _asks(entry: dict[str, Tree], edit: AddPhrasing | RemovePhrasing) -> list[Tree]:
    """Return the phrasings of an entry after an edit."""
    phrases, phrase = _phrases(entry), edit.phrase.strip()
    if not phrase:
        raise EditError("the phrasing is empty; write one")
    is_there = phrase in phrases
    if isinstance(edit, AddPhrasing):
        if is_there:
            raise EditError(f"'{edit.entry}' has that phrasing already")
        return [*phrases, phrase]
    if not is_there:
        raise EditError(f"'{edit.entry}' has no such phrasing")
    if len(phrases) == 1:
        raise EditError(f"that is the only phrasing of '{edit.entry}'; add another first, or retire the entry")
    place = phrases.index(phrase)
    return [*phrases[:place], *phrases[place + 1 :]]
