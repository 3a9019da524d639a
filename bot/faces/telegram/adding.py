"""A new entry, field by field: which one is next, what is asked, what a text makes of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from bot.faces.telegram.dialogue import Adding
from bot.library.flaws import flaw
from bot.library.kinds import AddEntry
from bot.model.owner_buttons import SkipField
from bot.model.reply import Paragraph, Reply
from bot.reply.fields import FIELDS, HINTS, read_value

ORDER = ("title", "ask", "verdict", "detail", "sources")
OPTIONAL = frozenset({"detail", "sources"})
LONGEST_ID = 32

_APART = re.compile(r"[^a-z0-9]+")


def fresh(question: str, files: tuple[str, ...], today: date) -> Adding:
    """Return a new entry of which nothing is known but its day, and perhaps a question it answers."""
    return Adding(AddEntry("", "", (question,) if question else (), "", as_of=today.isoformat()), files)


def filed(adding: Adding, file: str) -> Adding:
    """Return the entry with its file known, its first field awaited."""
    return replace(adding, draft=replace(adding.draft, file=file), awaited=ORDER[0])


def taken(adding: Adding, text: str, is_taken: Callable[[str], bool]) -> Adding | str:
    """Return the entry with the awaited field known, the next one awaited; or why the text does not fit.

    The id follows from the title.
    """
    name = adding.awaited
    lines = tuple(line for line in map(str.strip, text.splitlines()) if line)
    value = lines if name == "ask" else read_value(name, text)
    wrong = flaw(name, value) if value or name not in OPTIONAL else ""
    if wrong:
        return f"{wrong[:1].upper()}{wrong[1:]}."
    known: dict[str, Any] = {name: value}
    draft = replace(adding.draft, **known)
    if name == "title":
        draft = replace(draft, entry=_id(text, is_taken))
    return skipped(replace(adding, draft=draft))


def skipped(adding: Adding) -> Adding:
    """Return the entry with the field awaited that comes after this one; none after the last."""
    left = ORDER[ORDER.index(adding.awaited) + 1 :]
    known = {name for name in left if getattr(adding.draft, name)}
    return replace(adding, awaited=next((name for name in left if name not in known), ""))


def prompt(adding: Adding) -> Reply:
    """Return what is asked of the owner next."""
    name = adding.awaited
    title = FIELDS.get(name, "Phrasings")
    text = f"{title}: {HINTS[name]}. /cancel gives up."
    return Reply((Paragraph(text),), ((SkipField(name),),) if name in OPTIONAL else ())


def _id(title: str, is_taken: Callable[[str], bool]) -> str:
    """Return an id that nothing has, made of a title."""
    base = _APART.sub("-", title.casefold()).strip("-")[:LONGEST_ID].rstrip("-") or "answer"
    number, found = 1, base
    while is_taken(found):
        number += 1
        end = f"-{number}"
        found = base[: LONGEST_ID - len(end)] + end
    return found
