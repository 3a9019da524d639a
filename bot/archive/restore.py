"""Brings a backup back: everything is unpacked and checked beside its place before anything is changed."""

import asyncio
import hashlib
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.archive.backup import CHUNK, PRIVATE, knowledge_files
from bot.archive.manifest import DATABASE, KNOWLEDGE, NAME, File, Manifest, read_manifest
from bot.errors import BackupError
from bot.model.clock import Clock
from bot.press.disk import alone as alone_with_knowledge
from bot.press.disk import sync_folder, write_file
from bot.store import alone
from bot.store.condition import put_aside
from bot.store.snapshot import refuse_newer, version_of

LARGEST_LIST = 2**22  # bytes
SCRATCH = ".restoring-"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a backup is brought back to."""

    url: str
    database: Path
    knowledge: Path


async def restore(archive: Path, place: Place, clock: Clock, *, is_forced: bool = False) -> Manifest:
    """Bring a backup back, and return its list; what was there before is kept under another name.

    Args:
        archive: the backup.
        place: where to.
        clock: the time, for those names.
        is_forced: whether a database, or a knowledge that differs, may be there already.

    Raises:
        BackupError: it is no whole backup, or something is there already.
        StoreError: a bot runs there, or the database in it is damaged or of a later program.
        EditError: the knowledge is being edited.
    """
    try:
        await asyncio.to_thread(_make_folders, place)
        async with alone(place.url), alone_with_knowledge(place.knowledge):
            return await asyncio.to_thread(_restore, archive, place, clock(), is_forced=is_forced)
    except (OSError, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise BackupError(f"{archive} cannot be brought back ({error})") from error


def _make_folders(place: Place) -> None:
    place.database.parent.mkdir(parents=True, exist_ok=True)
    place.knowledge.mkdir(parents=True, exist_ok=True)


def _restore(archive: Path, place: Place, now: datetime, *, is_forced: bool) -> Manifest:
    folder = place.database.parent
    for left in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)  # of one that was killed
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as scratch, zipfile.ZipFile(archive) as opened:
        manifest = _manifest(opened)
        for file in manifest.files:
            _unpack(opened, file, Path(scratch))
        if version_of(Path(scratch) / DATABASE) != manifest.schema_version:
            raise BackupError("the database in it is of another version than its list says")
        refuse_newer(manifest.schema_version)
        changed = _changed(Path(scratch) / KNOWLEDGE, place.knowledge)
        if not is_forced:
            _refuse_to_replace(place, changed)
        if changed:
            _bring_knowledge(Path(scratch) / KNOWLEDGE, place.knowledge, now)
        if place.database.exists():
            put_aside(place.database, "before-restore", now)
        (Path(scratch) / DATABASE).replace(place.database)
    sync_folder(folder)
    return manifest


def _manifest(opened: zipfile.ZipFile) -> Manifest:
    names = opened.namelist()
    if NAME not in names or opened.getinfo(NAME).file_size > LARGEST_LIST:
        raise BackupError("it is no backup: it holds no list of its files")
    manifest = read_manifest(opened.read(NAME))
    if sorted(names) != sorted([NAME, *(file.name for file in manifest.files)]):
        raise BackupError("it holds other files than its list names")
    return manifest


def _unpack(opened: zipfile.ZipFile, file: File, scratch: Path) -> None:
    """Write one file below `scratch`, no more of it than the list says, and on the disk before it returns."""
    target = scratch / file.name  # `read_manifest` let no name pass that leads elsewhere
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), file.size
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE)
    with opened.open(file.name) as source, os.fdopen(handle, "wb") as out:
        while chunk := source.read(min(CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if left or digest.hexdigest() != file.sha256:
        raise BackupError(f"{file.name} in it is damaged; use another backup")


def _changed(new: Path, old: Path) -> bool:
    return _contents(new) != _contents(old)


def _contents(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in knowledge_files(folder)}


def _refuse_to_replace(place: Place, is_changed: bool) -> None:
    there = [str(place.database)] if place.database.exists() else []
    if is_changed and knowledge_files(place.knowledge):
        there.append(str(place.knowledge))
    if there:
        raise BackupError(
            f"{' and '.join(there)} would be replaced; add --force to do it (what is there is kept beside it)"
        )


def _bring_knowledge(new: Path, place: Path, now: datetime) -> None:
    """Write every file of the backup, and remove the others; a copy of what was there is kept."""
    before = knowledge_files(place)
    if before:
        shutil.copytree(place, place.with_name(f"{place.name}.before-restore-{now:%Y%m%dT%H%M%S}"), symlinks=True)
    wanted = _contents(new)
    for name, content in wanted.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        write_file(place / name, content, "restore")
    for path in before:
        if path.relative_to(place).as_posix() not in wanted:
            path.unlink()
