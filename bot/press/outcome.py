"""What comes of a proposed edit: it is applied, or one of a few reasons why not."""

from dataclasses import dataclass
from datetime import datetime

from bot.library.difference import Change
from bot.library.kinds import Edit
from bot.model.version import Editor, Version


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit that waits for approval.

    `base` is the fingerprint of the file it was made for, `content` what the file would be, `what` one line for people.
    """

    id: int
    file: str
    edit: Edit
    what: str
    editor: Editor
    base: str
    content: bytes
    changes: tuple[Change, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """The file is so now; `is_rebased` where it had changed since the edit was proposed."""

    version: Version
    changes: tuple[Change, ...]
    is_rebased: bool = False


@dataclass(frozen=True, slots=True)
class Expired:
    """The proposal is too old; propose it again."""

    at: datetime


@dataclass(frozen=True, slots=True)
class AlreadyApplied:
    """Somebody approved it before; it became that version."""

    version: Version


@dataclass(frozen=True, slots=True)
class Gone:
    """The proposal was discarded, or there never was one."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """The place was changed since by somebody else, in that version, and the edit no longer fits: `why`."""

    by: Version
    why: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The knowledge would not be good afterwards: one sentence each, with file:line where there is one."""

    problems: tuple[str, ...]


Declined = Expired | AlreadyApplied | Gone | Conflict | Rejected
Outcome = Applied | Declined
