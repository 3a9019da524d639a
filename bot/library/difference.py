"""What differs between two versions of a file, entry by entry, for people to look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Literal

from bot.errors import KnowledgeError
from bot.library.page import BREAK
from bot.library.strict import parse_document

AROUND = 1  # lines shown around a change


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one entry, or of what stands between entries where `entry` is empty.

    `diff` is a unified diff of its lines without headings; `kind` says whether all of it is new or gone.
    """

    entry: str
    kind: Literal["added", "changed", "removed"]
    diff: str


def changes(old: bytes, new: bytes) -> tuple[Change, ...]:
    """Return what differs, in the order of the new version, then what is gone; a version may be broken or empty."""
    before, after = _blocks(old), _blocks(new)
    names = dict.fromkeys((*after, *before))
    return tuple(_changes(before, after, names))


def _changes(before: dict[str, list[str]], after: dict[str, list[str]], names: dict[str, None]) -> Iterator[Change]:
    for name in names:
        was, now = before.get(name, []), after.get(name, [])
        if was != now:
            kind: Literal["added", "changed", "removed"] = "changed" if was and now else "added" if now else "removed"
            lines = [line for line in unified_diff(was, now, n=AROUND, lineterm="") if line[:3] not in {"---", "+++"}]
            yield Change(name, kind if name else "changed", "\n".join(line for line in lines if line[:2] != "@@"))


def _blocks(content: bytes) -> dict[str, list[str]]:
    """Return the lines of each entry by its id, and all others together by the empty name."""
    text = content.decode("utf-8-sig", "replace")
    lines = [line.rstrip() for line in BREAK.split(text)]
    try:
        document = parse_document(content, "")
    except KnowledgeError:
        return {"": lines}
    keys = list(document.tree) if isinstance(document.tree, dict) else []
    starts = [document.lines[(key,)] - 1 for key in keys]
    blocks: dict[str, list[str]] = {"": lines[: starts[0] if starts else len(lines)]}
    for key, start, end in zip(keys, starts, [*starts, len(lines)][1:], strict=True):
        size = end - start
        while size and (not lines[start + size - 1] or lines[start + size - 1].startswith("#")):
            size -= 1
        blocks[key] = lines[start : start + size]
        blocks[""] += lines[start + size : end]
    return blocks
