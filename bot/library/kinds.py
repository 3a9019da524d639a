"""The kinds of edits of a knowledge file."""

from dataclasses import dataclass

from bot.library.fields import EntryFields

LISTS = ("live", "sources", "see")
TEXTS = ("topic", "title", "verdict", "say", "detail", "as_of", "label", "declines", "quiet")
Value = str | tuple[str, ...]
ORDER = (
    "topic",
    "title",
    "ask",
    "verdict",
    "say",
    "versus",
    "detail",
    "live",
    "claims",
    "past",
    "sources",
    "as_of",
    "label",
    "see",
    "quiet",
    "declines",
)  # of the fields in a file


@dataclass(frozen=True, slots=True)
class AddPhrasing:
    """One more way to ask for an entry or a refusal."""

    entry: str
    phrase: str


@dataclass(frozen=True, slots=True)
class RemovePhrasing:
    """One way less to ask for an entry or a refusal."""

    entry: str
    phrase: str


@dataclass(frozen=True, slots=True)
class SetField:
    """Another value for one of `TEXTS` or, as several words, `LISTS`; an empty one removes the field."""

    entry: str
    field: str
    value: Value


@dataclass(frozen=True, slots=True)
class AddEntry:
    """A new entry at the end of a file; `file` is relative to the knowledge folder. Empty fields are left out."""

    file: str
    entry: str
    ask: tuple[str, ...]
    verdict: str
    topic: str = ""
    title: str = ""
    detail: str = ""
    live: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    as_of: str = ""
    label: str = ""
    see: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[tuple[str, Value], ...]:
        """The fields that are not empty, in the order they are written."""
        given = ((name, getattr(self, name, ())) for name in EntryFields.model_fields)
        return tuple((name, value) for name, value in sorted(given, key=lambda one: ORDER.index(one[0])) if value)


@dataclass(frozen=True, slots=True)
class RetireEntry:
    """Takes an entry out of its file."""

    entry: str


@dataclass(frozen=True, slots=True)
class ReplaceFile:
    """Another text for a whole file, its line ends and byte order mark included."""

    file: str
    text: str


Splice = AddPhrasing | RemovePhrasing | SetField | AddEntry | RetireEntry
Edit = Splice | ReplaceFile


def described(edit: Edit) -> str:
    """Return an edit as one line for people."""
    match edit:
        case AddPhrasing() | RemovePhrasing():
            verb = "add" if isinstance(edit, AddPhrasing) else "remove"
            return f"{edit.entry}: {verb} the phrasing “{edit.phrase.strip()}”"
        case SetField():
            return f"{edit.entry}: {'change' if edit.value else 'remove'} {edit.field}"
        case AddEntry() | RetireEntry():
            return f"{edit.entry}: {'add' if isinstance(edit, AddEntry) else 'retire'} the entry"
        case _:
            return f"{edit.file}: replace the file"
