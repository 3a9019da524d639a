"""Makes a backup: complete under its name, or not there at all."""

import asyncio
import glob
import hashlib
import os
import platform
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from bot.archive.manifest import DATABASE, FORMAT, KNOWLEDGE, NAME, File, Manifest, is_name
from bot.errors import BackupError
from bot.model.clock import Clock
from bot.press.disk import PART, alone, sync_folder
from bot.store.snapshot import snapshot, version_of

CHUNK = 2**20
PRIVATE = 0o600


async def back_up(database: Path, knowledge: Path, to: Path, clock: Clock) -> Manifest:
    """Write a backup of a database and a knowledge folder, while a bot may use both; return its list.

    Raises:
        BackupError: there is a file of that name already, or it cannot be written.
        StoreError: the database is damaged or cannot be copied.
        EditError: the knowledge is being edited, and does not come to rest.
    """
    try:
        scratch = await asyncio.to_thread(_scratch, to)
        try:
            async with alone(knowledge):  # no approved edit is in the one and not yet in the other
                await asyncio.to_thread(_collect, database, knowledge, scratch)
            return await asyncio.to_thread(_write, scratch, to, clock)
        finally:
            await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
    except OSError as error:
        raise BackupError(f"{to} cannot be written ({error.strerror})") from error


def knowledge_files(folder: Path) -> list[Path]:
    """Return the files of a knowledge folder that a backup takes: what is hidden or a link stays out."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in files if is_name(KNOWLEDGE + path.relative_to(folder).as_posix()))


def _scratch(to: Path) -> Path:
    """Make a private folder beside the backup, and remove those of backups that were killed."""
    if to.exists():
        raise BackupError(f"{to} is there already; give another name, or remove it")
    to.parent.mkdir(parents=True, exist_ok=True)
    for left in to.parent.glob(f".{glob.escape(to.name)}.*{PART}"):
        shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f".{to.name}.", suffix=PART, dir=to.parent))


def _collect(database: Path, knowledge: Path, scratch: Path) -> None:
    """Copy everything; what takes longer is done when others may edit again."""
    snapshot(database, scratch / DATABASE)
    for path in knowledge_files(knowledge):
        copy = scratch / KNOWLEDGE / path.relative_to(knowledge)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def _write(scratch: Path, to: Path, clock: Clock) -> Manifest:
    schema_version = version_of(scratch / DATABASE)
    inside = {DATABASE: scratch / DATABASE}
    inside |= {path.relative_to(scratch).as_posix(): path for path in knowledge_files(scratch / KNOWLEDGE)}
    part = scratch / PART
    manifest = _pack(part, inside, schema_version, clock)
    part.replace(to)
    sync_folder(to.parent)
    return manifest


def _pack(part: Path, inside: dict[str, Path], schema_version: str, clock: Clock) -> Manifest:
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE)
    with closing(os.fdopen(handle, "w+b")) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            files = tuple(_add(archive, name, path) for name, path in inside.items())
            manifest = Manifest(
                format=FORMAT,
                made_at=clock(),
                program=version("btc-bch-bot"),
                python=platform.python_version(),
                sqlite=sqlite3.sqlite_version,
                schema_version=schema_version,
                files=files,
            )
            archive.writestr(NAME, manifest.model_dump_json(indent=1))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> File:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return File(name=name, size=size, sha256=digest.hexdigest())
