"""Versions of the knowledge files, and edits that wait for approval: who changed what when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody who changes the knowledge; `id` is the user's in Telegram."""

    id: int
    name: str


BY_HAND = Editor(0, "file")  # whoever changed a file outside of this program


@dataclass(frozen=True, slots=True)
class Version:
    """What a file was from `at` on.

    `file` is relative to the knowledge folder, with `/`. `fingerprint` is the SHA-256 of its bytes in hexadecimal.
    `previous` is the id of the file's version before, 0 where there is none.
    """

    id: int
    file: str
    fingerprint: str
    editor: Editor
    what: str
    at: datetime
    previous: int


class DraftState(StrEnum):
    """What became of a draft."""

    OPEN = "open"
    APPLIED = "applied"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Draft:
    """An edit that was proposed, as it is kept.

    `base` is the id of the version it was made for, `edit` the edit as JSON, `fingerprint` that of the bytes it makes
    of its base. `version` is the id of the version it became, 0 before.
    """

    id: int
    file: str
    base: int
    edit: str
    fingerprint: str
    editor: Editor
    expires_at: datetime
    state: DraftState = DraftState.OPEN
    version: int = 0
