"""Makes an edit in the text of a knowledge file that it is known to fit."""

import yaml

from bot.errors import EditError
from bot.library import page as pages
from bot.library.kinds import ORDER, AddEntry, AddPhrasing, Edit, RemovePhrasing, RetireEntry, SetField, Value
from bot.library.page import Page, Pair, read_page
from bot.library.spelling import inline

UNSAFE = "this cannot be changed without touching more of the file; edit it by hand"


def spliced(text: str, edit: Edit) -> str:
    """Return the text of a file, which starts with no byte order mark, after an edit.

    Raises:
        EditError: the text is written in a way that would need more than the lines concerned to change.
    """
    page = read_page(text)
    match edit:
        case AddEntry():
            return _with_entry(page, edit)
        case RetireEntry():
            return _retired(page, edit.entry)
        case AddPhrasing():
            return _with_phrase(page, edit)
        case RemovePhrasing():
            return _without_phrase(page, edit)
        case SetField(value=str() as value):
            return _with_text(page, edit, value.strip())
        case SetField(value=value):
            return _with_words(page, edit, [word.strip() for word in value])
    raise EditError(UNSAFE)


def _entry(page: Page, key: str) -> tuple[Pair, yaml.MappingNode]:
    found = pages.pair(page.root, key, "the file")
    if not found or not isinstance(found[1], yaml.MappingNode):
        raise EditError(UNSAFE)
    return found, found[1]


def _field(page: Page, key: str, name: str) -> Pair | None:
    return pages.pair(_entry(page, key)[1], name, f"'{key}'")


def _items(pair: Pair) -> list[str]:
    value = pair[1].value
    return [str(one.value).strip() for one in value] if isinstance(value, list) else [str(value).strip()]


def _with_phrase(page: Page, edit: AddPhrasing) -> str:
    asked = _field(page, edit.entry, "ask")
    if asked is None:
        raise EditError(UNSAFE)
    return pages.with_item(page, asked, edit.phrase.strip())


def _without_phrase(page: Page, edit: RemovePhrasing) -> str:
    asked = _field(page, edit.entry, "ask")
    if asked is None:
        raise EditError(UNSAFE)
    return pages.without_item(page, asked, _items(asked).index(edit.phrase.strip()))


def _with_text(page: Page, edit: SetField, text: str) -> str:
    _, entry = _entry(page, edit.entry)
    in_brackets = bool(entry.flow_style)
    old = _field(page, edit.entry, edit.field)
    if old and not text:
        return pages.without_field(page, entry, old)
    if old:
        return pages.with_value(page, old, text, in_brackets=in_brackets)
    after = _before(entry, edit.field)
    if not text or after is None:
        return page.text
    value = pages.field_value(page, after, text, in_brackets=in_brackets)
    return pages.with_field(page, after, edit.field, value, in_brackets=in_brackets)


def _with_words(page: Page, edit: SetField, words: list[str]) -> str:
    """Return the text with the words of a list: those that go are taken out, those that come stand at its end."""
    _, entry = _entry(page, edit.entry)
    old = _field(page, edit.entry, edit.field)
    if old is None:
        after = _before(entry, edit.field)
        if not words or after is None:
            return page.text
        return pages.with_field(page, after, edit.field, _brackets(words), in_brackets=bool(entry.flow_style))
    if not words:
        return pages.without_field(page, entry, old)
    kept = [word for word in _items(old) if word in words]
    if not kept or words[: len(kept)] != kept:
        return _rewritten(page, old, words)
    for number, word in reversed(list(enumerate(_items(old)))):
        if word not in words:
            page = read_page(pages.without_item(page, _field(page, edit.entry, edit.field) or old, number))
    for word in words[len(kept) :]:
        page = read_page(pages.with_item(page, _field(page, edit.entry, edit.field) or old, word))
    return page.text


def _rewritten(page: Page, old: Pair, words: list[str]) -> str:
    """Return the text with a list written anew between brackets, which a comment in it forbids."""
    start, end = pages.beginning(old[1]), pages.ending(page, old[1])
    is_in_brackets = isinstance(old[1], yaml.SequenceNode) and old[1].flow_style
    if "#" in page.text[start:end] or not is_in_brackets:
        raise EditError(f"the order of '{old[0].value}' cannot be changed here; edit the file by hand")
    return page.replaced(start, end, _brackets(words))


def _brackets(words: list[str]) -> str:
    return f"[{', '.join(inline(word, in_brackets=True) for word in words)}]"


def _before(entry: yaml.MappingNode, field: str) -> Pair | None:
    """Return the field of an entry that a new one is to stand after; None where the entry is empty."""
    rank = {name: number for number, name in enumerate(ORDER)}
    earlier = [pair for pair in entry.value if rank.get(pair[0].value, 0) < rank[field]]
    return earlier[-1] if earlier else next(iter(entry.value), None)


def _retired(page: Page, key: str) -> str:
    """Return the text without an entry; where empty lines set it off on both sides, those below go too."""
    pair, _ = _entry(page, key)
    holder = page.root
    if not isinstance(holder, yaml.MappingNode) or holder.flow_style:
        raise EditError(UNSAFE)
    pages.margin(page, pair)
    start, end = page.start(pages.beginning(pair)), pages.ending(page, pair)
    is_set_off = not start or not page.text[page.start(start - 1) : start].strip()
    below = page.end(end)
    while is_set_off and below < len(page.text) and not page.text[below : page.end(below)].strip():
        below = page.end(below)
    return page.without_lines(start, max(end, below - 1))


def _with_entry(page: Page, edit: AddEntry) -> str:
    """Return the text with an entry at its end, set off by an empty line and indented like the first one."""
    holder = page.root
    if holder is not None and (not isinstance(holder, yaml.MappingNode) or holder.flow_style):
        raise EditError(UNSAFE)
    first = holder.value[0] if holder else None
    margin = pages.margin(page, first) if first else ""
    step = _step(page, first)
    newline = page.newline(0)
    lines = [f"{margin}{edit.entry}:"]
    for name, value in edit.fields:
        lines += _lines(name, value, margin + " " * step, newline)
    end = len(page.text)
    gap = "" if not page.text or not page.text[page.start(max(end - 1, 0)) :].strip() else newline
    broken = "" if not page.text or page.text.endswith(("\n", "\r")) else newline
    is_unbroken = bool(broken)
    return page.text + broken + gap + newline.join(lines) + ("" if is_unbroken else newline)


def _step(page: Page, first: Pair | None) -> int:
    """Return the columns that the fields of the first entry are indented by."""
    inner = first[1] if first else None
    if first is None or not isinstance(inner, yaml.MappingNode) or inner.flow_style or not inner.value:
        return pages.STEP
    return len(pages.margin(page, inner.value[0])) - len(pages.margin(page, first))


def _lines(name: str, value: Value, margin: str, newline: str) -> list[str]:
    """Return a field as lines: phrasings one a line, other lists between brackets."""
    if isinstance(value, str):
        return [f"{margin}{name}: {pages.value(value.strip(), len(margin) + pages.STEP, newline)}"]
    words = [word.strip() for word in value]
    if name != "ask":
        return [f"{margin}{name}: {_brackets(words)}"]
    return [f"{margin}{name}:", *(f"{margin}  - {inline(word)}" for word in words)]
