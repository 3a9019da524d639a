"""The buttons that only owners get: each says what is to be done with which entry, proposal or version."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListFile:
    """Shows one page of what a file of the knowledge holds; `file` counts the files from 0."""

    file: int
    page: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """Opens an entry or a refusal as an editor sees it."""

    entry: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ListFields:
    """Asks which field of an entry is to be changed."""

    entry: str
    title: str = "Edit a field"


@dataclass(frozen=True, slots=True)
class ChangeField:
    """Asks for another value of a field."""

    entry: str
    field: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class AddAsk:
    """Asks for another phrasing."""

    entry: str
    title: str = "Add a phrasing"


@dataclass(frozen=True, slots=True)
class ListAsks:
    """Asks which phrasing is to go."""

    entry: str
    page: int = 0
    title: str = "Remove a phrasing"


@dataclass(frozen=True, slots=True)
class DropAsk:
    """Proposes to remove the phrasing with that mark."""

    entry: str
    mark: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class RetireAll:
    """Proposes to take an entry out."""

    entry: str
    title: str = "Retire"


@dataclass(frozen=True, slots=True)
class TeachTo:
    """Proposes to teach the question with that mark to an entry; without one, begins a new entry for it."""

    entry: str
    mark: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class PickFile:
    """Says which file a new entry goes to; `file` counts those that were offered from 0, `mark` is theirs."""

    file: int
    mark: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class SkipField:
    """Leaves a field of a new entry empty."""

    field: str
    title: str = "Skip"


@dataclass(frozen=True, slots=True)
class Approve:
    """Applies a proposal."""

    proposal: int
    title: str = "✓ Approve"


@dataclass(frozen=True, slots=True)
class Discard:
    """Gives a proposal up."""

    proposal: int
    title: str = "✗ Discard"


@dataclass(frozen=True, slots=True)
class ListVersions:
    """Shows one page of the history."""

    page: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class ShowVersion:
    """Shows what going back to a version would change."""

    version: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class RestoreVersion:
    """Goes back to a version, if the newest one of the file is still `base`."""

    version: int
    base: int
    title: str = "Restore this version"


@dataclass(frozen=True, slots=True)
class Undo:
    """Takes a version back, if it is still the last change."""

    version: int
    title: str = "Take it back"


OwnerButton = (
    ListFile
    | OpenEntry
    | ListFields
    | ChangeField
    | AddAsk
    | ListAsks
    | DropAsk
    | RetireAll
    | TeachTo
    | PickFile
    | SkipField
    | Approve
    | Discard
    | ListVersions
    | ShowVersion
    | RestoreVersion
    | Undo
)
