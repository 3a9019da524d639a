"""Makes an edit in the text of a knowledge file that it is known to fit."""

import yaml

from bot.errors import EditError
from bot.library import page as pages
from bot.library.kinds import ORDER, AddEntry, AddPhrasing, RemovePhrasing, RetireEntry, SetField, Splice, Value
from bot.library.page import Page, Pair, read_page
from bot.library.spelling import inline

UNSAFE = "this cannot be changed without touching more of the file; edit it by hand"


def spliced(text: str, edit: Splice) -> str:
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
            return pages.with_item(page, _asked(page, edit.entry), edit.phrase.strip())
        case RemovePhrasing():
            return _without_phrase(page, edit)
        case _:
            value = edit.value
            return _with_text(page, edit, value) if isinstance(value, str) else _with_words(page, edit, value)


def _entry(page: Page, key: str) -> Pair:
    return next(pair for pair in pages.pairs(page.root) if pair[0].value == key)


def _field(page: Page, key: str, name: str) -> Pair | None:
    return next((pair for pair in pages.pairs(_entry(page, key)[1]) if pair[0].value == name), None)


def _items(pair: Pair) -> list[str]:
    match pair[1]:
        case yaml.ScalarNode(value=text):
            return [str(text).strip()]
        case yaml.SequenceNode(value=items):
            return [str(item.value).strip() for item in items]
    raise EditError(f"'{pair[0].value}' is a mapping here; edit the file by hand")


def _asked(page: Page, key: str) -> Pair:
    asked = _field(page, key, "ask")
    if asked is None:
        raise EditError(f"'{key}' has no 'ask'; edit the file by hand")
    return asked


def _without_phrase(page: Page, edit: RemovePhrasing) -> str:
    asked = _asked(page, edit.entry)
    return pages.without_item(page, asked, _items(asked).index(edit.phrase.strip()))


def _with_text(page: Page, edit: SetField, value: str) -> str:
    text, entry = value.strip(), _entry(page, edit.entry)[1]
    in_brackets = pages.is_in_brackets(entry)
    old = _field(page, edit.entry, edit.field)
    if old and not text:
        return pages.without_field(page, entry, old)
    if old:
        return pages.with_value(page, old, text, in_brackets=in_brackets)
    after = _before(entry, edit.field)
    if not text or after is None:
        return page.text
    written = pages.field_value(page, after, text, in_brackets=in_brackets)
    return pages.with_field(page, after, edit.field, written, in_brackets=in_brackets)


def _with_words(page: Page, edit: SetField, value: tuple[str, ...]) -> str:
    """Return the text with the words of a list: those that go are taken out, those that come stand at its end."""
    words, entry = [word.strip() for word in value], _entry(page, edit.entry)[1]
    old = _field(page, edit.entry, edit.field)
    if old is None:
        after = _before(entry, edit.field)
        if not words or after is None:
            return page.text
        return pages.with_field(page, after, edit.field, _brackets(words), in_brackets=pages.is_in_brackets(entry))
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
    if "#" in page.text[start:end] or not pages.is_in_brackets(old[1]):
        raise EditError(f"the order of '{old[0].value}' cannot be changed here; edit the file by hand")
    return page.replaced(start, end, _brackets(words))


def _brackets(words: list[str]) -> str:
    return f"[{', '.join(inline(word, in_brackets=True) for word in words)}]"


def _before(entry: yaml.Node, field: str) -> Pair | None:
    """Return the field of an entry that a new one is to stand after; None where the entry is empty."""
    rank = {name: number for number, name in enumerate(ORDER)}
    earlier = [pair for pair in pages.pairs(entry) if rank.get(pair[0].value, 0) < rank[field]]
    return earlier[-1] if earlier else next(iter(pages.pairs(entry)), None)


def _retired(page: Page, key: str) -> str:
    """Return the text without an entry; where empty lines set it off on both sides, those below go too."""
    pair = _entry(page, key)
    if pages.is_in_brackets(page.root):
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
    if pages.is_in_brackets(page.root):
        raise EditError(UNSAFE)
    first = next(iter(pages.pairs(page.root)), None)
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
    if first is None or pages.is_in_brackets(inner) or not pages.pairs(inner):
        return pages.STEP
    return len(pages.margin(page, pages.pairs(inner)[0])) - len(pages.margin(page, first))


def _lines(name: str, value: Value, margin: str, newline: str) -> list[str]:
    """Return a field as lines: phrasings one a line, other lists between brackets."""
    if isinstance(value, str):
        return [f"{margin}{name}: {pages.value(value.strip(), len(margin) + pages.STEP, newline)}"]
    words = [word.strip() for word in value]
    if name != "ask":
        return [f"{margin}{name}: {_brackets(words)}"]
    return [f"{margin}{name}:", *(f"{margin}  - {inline(word)}" for word in words)]
