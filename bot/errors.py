"""Every error of our own.

BotError
├── ConfigError        config.yml or the environment is wrong: stop with exit code 2
├── KnowledgeError     a knowledge file is wrong: keep the last good library, or stop with exit code 1
├── EditError          a knowledge file cannot be changed that way: nothing is written, the editor is told
├── PictureError       a picture cannot be drawn: the reply says why, or comes without one
├── BackupError        a backup cannot be made or brought back: nothing was changed, stop with exit code 2
├── StoreError         the database cannot be used: stop with exit code 2, or go on without it
│   └── UnkeptError        updates could not be kept, but all of them are handled: nothing waits for them
└── SourceError        a provider failed or said something implausible: caught by the desk only
    ├── SourceDownError    it cannot be reached or turns us away, so its other addresses need not be tried
    │   └── SourceShakyError   the line broke or the server stumbled: worth one more try
    └── SourceSpentError   we have asked it as often as we may for now
"""

from collections.abc import Sequence
from datetime import timedelta


class BotError(Exception):
    """Anything this program raises on purpose; the text is one clear sentence for a person."""


class ConfigError(BotError):
    """The configuration is wrong; the text says file:line, what was expected and how to mend it."""


class KnowledgeError(BotError):
    """Knowledge files are wrong; `problems` holds one sentence each, with file:line and the cure."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class EditError(BotError):
    """An edit cannot be made; the text says why and, where there is one, what would work."""


class PictureError(BotError):
    """A picture cannot be drawn; the text is a short phrase a reader understands, such as `nothing recorded yet`."""


class BackupError(BotError):
    """A backup cannot be made or brought back; the text says which, why and what would work."""


class StoreError(BotError):
    """The database cannot be used; the text says which, what is wrong and how to mend it."""


class UnkeptError(StoreError):
    """Updates could not be kept, and need not be any more: they are handled."""


class SourceError(BotError):
    """A source of live numbers failed; the text is a short phrase a reader understands, such as `timed out`."""


class SourceDownError(SourceError):
    """Nobody answers at a source, or it turns us away: none of its addresses will do better now.

    `retry_after` is how long it asks to be left alone, if it says so.
    """

    def __init__(self, text: str, retry_after: timedelta | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class SourceShakyError(SourceDownError):
    """The line broke or the server stumbled; one more try often helps."""


class SourceSpentError(SourceError):
    """We have asked a source as often as we may for now; it has done nothing wrong."""
