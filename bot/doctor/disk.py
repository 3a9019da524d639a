"""Looks at files and the disk they are on: room, kind of file system, rights."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.model.checkup import Check, State

GIGABYTE, MEGABYTE = 10**9, 10**6
LITTLE, TOO_LITTLE = GIGABYTE, 100 * MEGABYTE  # bytes free
OTHERS = 0o077
MOUNTS = Path("/proc/self/mountinfo")
AFAR = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "afs", "fuse.sshfs", "fuse.s3fs", "lustre"}
FLEETING = {"tmpfs", "ramfs", "overlay"}
SECRETS = (b"TELEGRAM_BOT_TOKEN", b"BOT_SALT", b"_KEY", b"SECRET", b"PASSWORD")


def room(folder: Path, free: int | None = None) -> Check:
    """Say how much room there is where a folder is; `free` in bytes is looked up without it."""
    left = shutil.disk_usage(folder).free if free is None else free
    said = f"{left / GIGABYTE:.1f} GB free at {folder}"
    if left >= LITTLE:
        return Check("disk", State.OK, said)
    return Check("disk", State.FAIL if left < TOO_LITTLE else State.WARN, said, "make room, or move database.url")


def file_system(folder: Path, mounts: str) -> Check:
    """Say whether the disk of a folder is one that a database lasts on; `mounts` is as Linux lists them."""
    kind = _kind(folder.resolve(), mounts)
    if kind in AFAR:
        cure = "locks do not hold there and files get damaged: put it on a disk of this machine"
        return Check("file system", State.FAIL, f"the database is on {kind}, across a network", cure)
    if kind in FLEETING:
        cure = "put database.url on a disk or a volume"
        return Check("file system", State.WARN, f"the database is on {kind}, which may go with the machine", cure)
    return Check("file system", State.OK, kind or "not known here")


def listed_mounts() -> str:
    """Return the file systems as Linux lists them, nothing elsewhere."""
    return MOUNTS.read_text("utf-8", "replace") if MOUNTS.is_file() else ""


def _kind(folder: Path, mounts: str) -> str:
    """Return the kind of the innermost file system that holds a folder."""
    found: list[tuple[int, str]] = []
    for line in mounts.splitlines():
        before, separator, after = line.partition(" - ")
        fields = before.split()
        if separator and len(fields) > 4 and folder.is_relative_to(fields[4].replace("\\040", " ")):  # noqa: PLR2004 - the fifth is the mount point
            found.append((len(fields[4]), after.split()[0]))
    return max(found, key=lambda one: one[0])[1] if found else ""


def rights(database: Path | None, config: Path) -> Iterator[Check]:
    """Say which files others may read or write that they should not."""
    checks = [*(_readable(database) if database else ()), *_secrets(config)]
    if config.is_file() and config.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        checks.append(Check("rights", State.WARN, f"others may write {config}", f"chmod go-w {config}"))
    yield from checks or [Check("rights", State.OK, "secrets and database are for their owner only")]


def _readable(database: Path) -> Iterator[Check]:
    for ending in ("", "-wal", "-shm"):
        file = database.with_name(database.name + ending)
        if file.is_file() and file.stat().st_mode & OTHERS:
            what = f"others may read {file}, which holds questions"
            yield Check("rights", State.WARN, what, f"chmod 600 {file}")


def _secrets(config: Path) -> Iterator[Check]:
    for folder in dict.fromkeys((Path.cwd(), config.absolute().parent)):
        for file in folder.glob("*.env"):
            if file.is_file() and file.stat().st_mode & OTHERS and _is_secret(file):
                yield Check("rights", State.FAIL, f"others may read the secrets in {file}", f"chmod 600 {file}")


def _is_secret(file: Path) -> bool:
    if not os.access(file, os.R_OK):
        return False
    return any(name in file.read_bytes() for name in SECRETS)


def writable(folder: Path, what: str, cure: str) -> Iterator[Check]:
    """Say it where a folder that the bot writes in cannot be written."""
    if folder.is_dir() and not os.access(folder, os.W_OK):
        yield Check(what, State.WARN, f"{folder} cannot be written", cure)
