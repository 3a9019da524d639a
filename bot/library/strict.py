"""Strict YAML: text, lists and mappings only, each with its line; everything ambiguous is refused.

PyYAML's own loaders turn `no` into False and keep the last of two equal keys without a word. Here every scalar
stays text, and tags, anchors, aliases, merge keys, duplicate keys, tabs for indents, more than one document, deep
nesting, oversize files and characters that nobody sees are errors with file:line and the cure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.errors import KnowledgeError
from bot.library.leaks import leaked
from bot.text import shortened

MAX_BYTES = 1_000_000  # the largest hand-kept file is a tenth of this
MAX_DEPTH = 12  # an entry needs four

MOST_KEYS = 2_000  # of a mapping; a file of nothing but unknown fields would take a minute to be explained

# Control characters, spaces and breaks that only look like others, text direction, signs of no width, letters that are
# drawn as nothing, and what has no meaning of its own (private use, no characters). The joiners stay: emoji and some
# scripts need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xa0\xad\u061c\u115f\u1160\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ue000-\uf8ff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xF0000, 0x10000))
    + "\U000e0000-\U0010ffff]"
)
SHOWN = 80  # characters of a file that an error repeats
GIVE_UP = "take it out, and give it up: whoever could read the file has it"
NAMES = {"\x00": "a NUL byte", "\xa0": "a no-break space", "\u200b": "a space of no width"}
CURLY = {"“": "”", "‘": "’", "„": "“”"}  # an opening quote and what may close it

Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Tree = str | list["Tree"] | dict[str, "Tree"]
Step = str | int
Spot = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says: `tree` is text, lists and mappings; `lines` maps a path in the tree to its line."""

    path: str
    tree: Tree
    lines: dict[Spot, int]

    def at(self, spot: Spot) -> str:
        """Return `file:line` of a place in the tree, or of the nearest place around it."""
        while spot and spot not in self.lines:
            spot = spot[:-1]
        return f"{self.path}:{self.lines.get(spot, 1)}"

    def blocks(self) -> dict[str, dict[Spot, int]]:
        """Return the lines of each top-level block, by the path inside it."""
        found: dict[str, dict[Spot, int]] = {}
        for spot, line in self.lines.items():
            if spot:
                found.setdefault(str(spot[0]), {})[spot[1:]] = line
        return found


@dataclass(slots=True)
class _Composer:
    """Builds the tree from parser events, noting lines and refusing what is not plain."""

    path: str
    events: Iterator[yaml.Event]
    lines: dict[Spot, int] = field(default_factory=dict)

    def refuse(self, event: yaml.Event, problem: str) -> KnowledgeError:
        return KnowledgeError([f"{self.path}:{_line(event)}: {problem}"])

    def document(self) -> Tree:
        """Read the one document of the stream; an empty file is an empty mapping."""
        next(self.events)
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return {}
        tree = self.node((), next(self.events))
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self.refuse(after, "a second document starts here; keep one document a file")
        return tree

    def node(self, spot: Spot, event: yaml.Event) -> Tree:
        """Read one value whose first event is `event`."""
        self.lines.setdefault(spot, _line(event))
        anchor = getattr(event, "anchor", None)
        if anchor:
            sign, name = ("*", "an alias") if isinstance(event, yaml.AliasEvent) else ("&", "an anchor")
            said = shortened(str(anchor), SHOWN)
            raise self.refuse(event, f"'{sign}{said}' is {name}; write the value out, or quote the text")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            raise self.refuse(event, f"'{shortened(str(tag), SHOWN)}' is a tag; leave it out, every value is text")
        if len(spot) > MAX_DEPTH:
            raise self.refuse(event, f"nested deeper than {MAX_DEPTH} levels; check the indents")
        match event:
            case yaml.ScalarEvent():
                return self.text(event)
            case yaml.SequenceStartEvent():
                return self.sequence(spot)
            case yaml.MappingStartEvent():
                return self.mapping(spot)
        raise self.refuse(
            event, "this is not text, a list or a mapping"
        )  # pragma: no cover - the parser gives no other

    def text(self, event: yaml.ScalarEvent) -> str:
        """Read a text; an escape can hide what the file itself does not show."""
        said = str(event.value)
        if sign := hidden(said):
            raise self.refuse(event, f"the text holds {sign}; remove it")
        if leak := leaked(said):
            raise self.refuse(event, f"the text holds {leak[0]}; {GIVE_UP}")
        close = CURLY.get(said[:1], "") if not event.style else ""
        if close and (said[-1] in close or not any(sign in said for sign in close)):
            raise self.refuse(event, f"'{said[0]}' is not a quote to YAML but a letter; type a plain quote or none")
        return said

    def sequence(self, spot: Spot) -> Tree:
        found: list[Tree] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.node((*spot, len(found)), event))
        return found

    def mapping(self, spot: Spot) -> Tree:
        found: dict[str, Tree] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if isinstance(event, yaml.CollectionStartEvent):
                raise self.refuse(event, "a key must be plain text; quote it if it starts with [ or {")
            if len(found) == MOST_KEYS:
                raise self.refuse(event, f"more than {MOST_KEYS:,} keys; split the file by topic")
            key = str(self.node(spot, event))
            if key == "<<":
                raise self.refuse(event, "'<<' merges mappings; write the fields out")
            if key in found:
                first = self.lines[(*spot, key)]
                said = f"'{shortened(key, SHOWN)}' stands here a second time (first in line {first})"
                raise self.refuse(event, f"{said}; rename or merge")
            self.lines[(*spot, key)] = _line(event)
            found[key] = self.node((*spot, key), next(self.events))
        return found


def hidden(text: str) -> str:
    """Return what the first sign in a text is called that nobody can see, or nothing."""
    found = _HIDDEN.search(text)
    return _named(found[0]) if found else ""


def _named(sign: str) -> str:
    """Return what an invisible character is called."""
    return NAMES.get(sign, f"an invisible character (U+{ord(sign):04X})")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def read_document(path: Path, shown_as: str) -> Document:
    """Read a YAML file strictly.

    Args:
        path: the file.
        shown_as: how errors name it.

    Raises:
        KnowledgeError: the file cannot be read, is not UTF-8, too large or not plain YAML.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise KnowledgeError([f"{shown_as}:1: cannot be read ({error.strerror}); check the path and rights"]) from error
    return parse_document(raw, shown_as)


def parse_document(raw: bytes, shown_as: str) -> Document:
    """Parse the bytes of a YAML file strictly; see `read_document`."""
    if len(raw) > MAX_BYTES:
        raise KnowledgeError([f"{shown_as}:1: larger than {MAX_BYTES:,} bytes; split it by topic"])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise KnowledgeError([f"{shown_as}:{line}: not UTF-8 text; save the file as UTF-8"]) from error
    hidden = _HIDDEN.search(text) if _HIDDEN.search("".join(set(text))) else None  # few signs make up a file
    if hidden:
        line = text.count("\n", 0, hidden.start()) + 1
        raise KnowledgeError([f"{shown_as}:{line}: {_named(hidden[0])} stands here; delete it or type a plain space"])
    if leak := leaked(text):
        line = text.count("\n", 0, leak[1]) + 1
        raise KnowledgeError([f"{shown_as}:{line}: {leak[0]} stands here; {GIVE_UP}"])
    composer = _Composer(shown_as, iter(yaml.parse(text, Loader=Loader)))
    try:
        tree = composer.document()
    except yaml.MarkedYAMLError as error:
        begins = any(sign in str(error.problem) for sign in BEGINS)
        mark = (begins and error.context_mark) or error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise KnowledgeError([f"{shown_as}:{line}: not valid YAML: {_cure(str(error.problem))}"]) from error
    except yaml.YAMLError as error:  # pragma: no cover - what has no mark are the hidden characters refused above
        raise KnowledgeError([f"{shown_as}:1: not valid YAML: {_cure(str(error))}"]) from error
    return Document(shown_as, tree, composer.lines)


BEGINS = ("unexpected end of stream", "expected ':'")  # noticed at the end of what was begun and never ended
CURES = {
    "mapping values are not allowed": "quote a text that contains ': '",
    "could not find expected ':'": "a key needs a colon, and long text the same indent",
    "found a tab character": "indent with spaces, not tabs",
    "found character that cannot start any token": "indent with spaces, and quote a text that starts with a sign",
    "found unexpected end of stream": "close the quote",
    "did not find expected key": "check the indent of this line, and quote a text that starts with a quote or sign",
    "did not find expected ',' or ']'": "close the bracket, or quote the text",
    "did not find expected '-' indicator": "list items start with '- ' at one indent",
    "exceeded maximum nesting depth": "check the brackets",
    "found unknown escape character": "write the backslash twice, or use single quotes",
}


def _cure(problem: str) -> str:
    cure = next((cure for sign, cure in CURES.items() if sign in problem), "check indents and quotes here")
    return f"{problem.splitlines()[0]}; {cure}"
