"""A knowledge file as text with the places of its parts; each change gives new text, all other characters as they were.

Nothing here knows what the parts mean. A change that cannot be made without touching more is refused.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from bot.errors import EditError
from bot.library.spelling import WIDTH, block, inline
from bot.library.strict import Loader

BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line in YAML
_BLANKS = " \t\r\n\x85\u2028\u2029"
_BLOCK = re.compile(r"([|>][-+\d]*)([^\r\n\x85\u2028\u2029]*)(.*)", re.DOTALL)  # its sign, a comment, its lines
STEP = 2  # columns of an indent where a file shows none

Pair = tuple[yaml.ScalarNode, yaml.Node]
Part = yaml.Node | Pair


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a file without byte order mark; `root` is None where it holds nothing, `starts` are of lines."""

    text: str
    root: yaml.Node | None
    starts: tuple[int, ...]

    def start(self, at: int) -> int:
        """Return where the line of a character starts."""
        return self.starts[bisect_right(self.starts, at) - 1]

    def end(self, at: int) -> int:
        """Return where the line of a character ends, its break included."""
        number = bisect_right(self.starts, at)
        return self.starts[number] if number < len(self.starts) else len(self.text)

    def newline(self, at: int) -> str:
        """Return what ends the line of a character, or the first line where that one is the last."""
        ends = BREAK.search(self.text, at) or BREAK.search(self.text)
        return ends[0] if ends and ends[0] in {"\n", "\r\n", "\r"} else "\n"

    def replaced(self, start: int, end: int, by: str) -> str:
        """Return the text with one stretch of it replaced."""
        return self.text[:start] + by + self.text[end:]

    def with_lines(self, at: int, lines: str) -> str:
        """Return the text with lines, that end in no break, put below the line of a character."""
        end, newline = self.end(at), self.newline(at)
        is_last = not BREAK.search(self.text, self.start(at))
        return self.replaced(end, end, newline + lines if is_last else lines + newline)

    def without_lines(self, start: int, end: int) -> str:
        """Return the text without the lines of two characters and between; an unbroken last line stays unbroken."""
        first, last = self.start(start), self.end(end)
        is_unbroken = last == len(self.text) and not BREAK.search(self.text, self.start(end))
        before = BREAK.search(self.text, self.start(first - 1)) if is_unbroken and first else None
        return self.replaced(before.start() if before else first, last, "")


def read_page(text: str) -> Page:
    """Return the page of a text that is known to be plain YAML."""
    starts = (0, *(ends.end() for ends in BREAK.finditer(text)))
    return Page(text, yaml.compose(text, Loader=Loader), starts)


def pairs(node: yaml.Node | None) -> Sequence[Pair]:
    """Return the keys and values of a mapping; none of what is no mapping."""
    return node.value if isinstance(node, yaml.MappingNode) else ()


def is_in_brackets(node: yaml.Node | None) -> bool:
    """Tell whether a list or mapping is written between brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def beginning(part: Part) -> int:
    """Return where a node or pair starts."""
    node = part[0] if isinstance(part, tuple) else part
    return int(node.start_mark.index)


def ending(page: Page, part: Part) -> int:
    """Return where the last of what a node or pair says ends: no comment, and no empty line that says nothing."""
    node = part[1] if isinstance(part, tuple) else part
    end = int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        return len(page.text[:end].rstrip(_BLANKS))
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        return ending(page, node.value[-1])
    return end


def with_value(page: Page, pair: Pair, text: str, *, in_brackets: bool) -> str:
    """Return the page's text with another text as the value of a pair."""
    key, old = pair
    if not isinstance(old, yaml.ScalarNode):
        raise EditError(f"'{key.value}' is a list or mapping here; edit the file by hand")
    start, end = beginning(old), ending(page, old)
    if in_brackets:
        return page.replaced(start, end, " " * (start == end) + inline(text, in_brackets=True))
    indent = len(margin(page, pair)) + STEP
    if old.style in {"|", ">"}:
        return _with_block(page, old, text, indent)
    return page.replaced(start, end, " " * (start == end) + _value(page, end, text, indent))


def _with_block(page: Page, old: yaml.ScalarNode, text: str, indent: int) -> str:
    """Return the page's text with another block, indented like the old one, a comment behind its sign kept."""
    start, end, newline = beginning(old), ending(page, old), page.newline(beginning(old))
    sign, said, lines = _BLOCK.findall(page.text[start:end])[0]
    if lines.strip(_BLANKS) and not sign.strip("|>+-"):
        first = lines.lstrip("\r\n\x85\u2028\u2029")
        indent = len(first) - len(first.lstrip(" "))
    new = block(text, indent, newline)
    style, _, lines = new.partition(newline) if new else (inline(text), "", "")
    return page.replaced(start, end, style + said + (newline + lines if lines else ""))


def _value(page: Page, at: int, text: str, indent: int) -> str:
    """Return text as the value of a field that ends at a place; a comment that follows would be drawn into a block."""
    is_followed = page.text[at:].lstrip(_BLANKS).startswith("#")
    return inline(text) if is_followed else value(text, indent, page.newline(at))


def value(text: str, indent: int, newline: str) -> str:
    """Return text as the value of a field: on one line where it is short, else as a block of lines so indented."""
    is_long = len(text) + indent > WIDTH or "\n" in text
    return (block(text, indent, newline) if is_long else None) or inline(text)


def with_item(page: Page, pair: Pair, text: str) -> str:
    """Return the page's text with a text added to the list that is a pair's value; one text becomes a list."""
    key, old = pair
    if isinstance(old, yaml.ScalarNode):
        return _listed(page, pair, text)
    if not isinstance(old, yaml.SequenceNode):
        raise EditError(f"'{key.value}' is a mapping here; edit the file by hand")
    if old.flow_style:
        return _with_part(page, old, inline(text, in_brackets=True))
    dash = _dash(page, old, len(old.value) - 1)
    gap = page.text[dash + 1 : beginning(old.value[-1])]
    lead = page.text[page.start(dash) : dash] + "-" + (gap if gap and not gap.strip(" ") else " ")
    return page.with_lines(ending(page, old), lead + inline(text))


def _listed(page: Page, pair: Pair, text: str) -> str:
    """Return the page's text with one text made a list of two."""
    key, old = pair
    start, end = beginning(old), ending(page, old)
    if isinstance(old, yaml.ScalarNode) and old.style in {"|", ">"}:
        raise EditError(f"'{key.value}' is a block of text here; make it a list by hand")
    both = f"[{inline(str(old.value).strip(), in_brackets=True)}, {inline(text, in_brackets=True)}]"
    return page.replaced(start, end, both)


def without_item(page: Page, pair: Pair, number: int) -> str:
    """Return the page's text without one item, by its number, of the list that is a pair's value."""
    old = pair[1]
    if is_in_brackets(old):
        return _without_part(page, old, number)
    return page.without_lines(_dash(page, old, number), ending(page, old.value[number]))


def _dash(page: Page, items: yaml.Node, number: int) -> int:
    """Return where the dash of an item is, which must be the first on its line."""
    at = len(page.text[: beginning(items.value[number])].rstrip(_BLANKS)) - 1
    if page.text[at] != "-" or page.text[page.start(at) : at].strip(" "):
        raise EditError("the list is written in an unusual way; edit the file by hand")
    return at


def with_field(page: Page, after: Pair, name: str, value: str, *, in_brackets: bool) -> str:
    """Return the page's text with a pair added after one; `value` is as it is to be written."""
    if in_brackets:
        end = ending(page, after)
        return page.replaced(end, end, f", {name}: {value}")
    return page.with_lines(ending(page, after), f"{margin(page, after)}{name}: {value}")


def field_value(page: Page, after: Pair, text: str, *, in_brackets: bool) -> str:
    """Return text as the value of a field that is to be added after a pair."""
    if in_brackets:
        return inline(text, in_brackets=True)
    return _value(page, page.end(ending(page, after)), text, len(margin(page, after)) + STEP)


def without_field(page: Page, holder: yaml.Node, pair: Pair) -> str:
    """Return the page's text without one pair of a mapping."""
    if is_in_brackets(holder):
        return _without_part(page, holder, holder.value.index(pair))
    margin(page, pair)
    return page.without_lines(beginning(pair), ending(page, pair))


def margin(page: Page, pair: Pair) -> str:
    """Return what stands before a pair on its line: spaces."""
    start = beginning(pair)
    before = page.text[page.start(start) : start]
    if before.strip(" "):
        raise EditError(f"'{pair[0].value}' is not the first on its line; edit the file by hand")
    return before


def _with_part(page: Page, holder: yaml.Node, written: str) -> str:
    if not holder.value:
        return page.replaced(beginning(holder) + 1, beginning(holder) + 1, written)
    end = ending(page, holder.value[-1])
    return page.replaced(end, end, f", {written}")


def _without_part(page: Page, holder: yaml.Node, number: int) -> str:
    """Return the text without one part between brackets and the comma that set it off."""
    parts = holder.value
    start, end = beginning(parts[number]), ending(page, parts[number])
    if number + 1 < len(parts):
        gap = end, beginning(parts[number + 1])
    elif number:
        gap = ending(page, parts[number - 1]), start
    else:
        gap = end, end
    if "#" in page.text[slice(*gap)]:
        raise EditError("a comment stands between the brackets of this list; edit the file by hand")
    return page.replaced(min(start, gap[0]), max(end, gap[1]), "")
