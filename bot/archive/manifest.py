"""What is in a backup, as a list at its front: versions, and each file with its size and checksum."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import BackupError

NAME = "manifest.json"
DATABASE = "bot.db"  # as it is called inside, whatever it is called outside
KNOWLEDGE = "knowledge/"
FORMAT = 1
LARGEST = 20 * 2**30  # bytes of a file; the database of a busy year is a tenth of a thousandth of this
MOST = 10_000  # files

# Names as packs are called, so that none leads out of the folder, is hidden, or means another place elsewhere.
_STEP = r"[A-Za-z0-9_][A-Za-z0-9_.\- ]*"
_FILE = re.compile(rf"{DATABASE}|{KNOWLEDGE}{_STEP}(/{_STEP})*")


class File(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, StringConstraints(max_length=300)]
    size: Annotated[int, Field(ge=0, le=LARGEST)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """The list; `schema_version` is that of the database, `program` that of what made the backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    made_at: datetime
    program: str
    python: str
    sqlite: str
    schema_version: str
    files: Annotated[tuple[File, ...], Field(max_length=MOST)]


def is_name(name: str) -> bool:
    """Tell whether a file of a backup may be called so."""
    return _FILE.fullmatch(name) is not None


def read_manifest(content: bytes) -> Manifest:
    """Read the list.

    Raises:
        BackupError: it is none, of another format, or names files that cannot be in a backup.
    """
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        raise BackupError(f"its list of files cannot be read ({error.errors()[0]['msg']})") from error
    if manifest.format != FORMAT:
        raise BackupError(f"it is of format {manifest.format}, and this program reads {FORMAT}; update the program")
    names = [file.name for file in manifest.files]
    if wrong := next((name for name in names if not is_name(name)), None):
        raise BackupError(f"it names {wrong!r}, which has no place in a backup")
    if len({name.casefold() for name in names}) != len(names) or DATABASE not in names:
        raise BackupError("its list names a file twice, or no database")
    return manifest
