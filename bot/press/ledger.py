"""The ledger: what the knowledge files are and were, in step with the files whatever happens in between.

An approved edit is first a version that is not written yet, then the file, then a version that is written. Whoever
opens the ledger next finishes what a killed program left.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256

import structlog

from bot.errors import EditError
from bot.library.edit import edited
from bot.library.form import from_json
from bot.model.clock import Clock
from bot.model.version import BY_HAND, Draft, Editor, Version
from bot.press.commit import commit_file
from bot.press.disk import alone, read_file, sweep, write_file
from bot.press.rebase import misfit
from bot.press.shelf import Shelf
from bot.store import Versions

AT_THIS_MOMENT = "{} was changed by somebody else at this moment; try again"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a file is to become: `draft` is what was approved, if anything was."""

    base: Version
    content: bytes
    editor: Editor
    what: str
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Reads and writes knowledge files together with their versions; use it inside `opened` only.

    Raises `StoreError` where the database fails, `EditError` where a file cannot be read or written.
    """

    shelf: Shelf
    versions: Versions
    clock: Clock
    is_committing: bool
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Let nobody else edit meanwhile, and begin with what is left to finish."""
        async with self._lock, alone(self.shelf.folder):
            for version in await self.versions.unwritten():
                await self._finish(version)
            yield

    async def observed(self, file: str) -> tuple[Version, bytes]:
        """Return the version a file is in, and its bytes; what nobody wrote here becomes a version first."""
        content = self.read(file)
        if content is None:
            raise EditError(f"{file} is not there any more; restore a version of it")
        last = await self.versions.last(file)
        if last and last.fingerprint == fingerprint(content):
            return last, content
        what = f"{file}: changed by hand" if last else f"{file}: as it was found"
        previous = last.id if last else 0
        found = Version(0, file, fingerprint(content), BY_HAND, what, self.clock(), previous)
        return await self._kept(found, content, is_written=True), content

    async def look_around(self) -> None:
        """Note what was changed by hand in all files that have versions."""
        for file in await self.versions.files():
            if self.shelf.path(file).is_file():
                await self.observed(file)

    async def sweep(self) -> None:
        """Remove what killed writes left beside the files."""
        for file in await self.versions.files():
            sweep(self.shelf.path(file))

    async def publish(self, to: Replacement) -> Version:
        """Make a file what it is to become, and note that the draft became it."""
        now = self.read(to.base.file)
        if now is not None and fingerprint(now) != to.base.fingerprint:  # saved by hand while this was worked out
            raise EditError(AT_THIS_MOMENT.format(to.base.file))
        new = Version(0, to.base.file, fingerprint(to.content), to.editor, to.what, self.clock(), to.base.id)
        version = await self._kept(new, to.content, is_written=False, draft=to.draft)
        await self._write(version, to.content)
        return version

    async def _kept(self, version: Version, content: bytes, *, is_written: bool, draft: Draft | None = None) -> Version:
        kept = await self.versions.add(version, content, is_written=is_written, draft=draft)
        if kept is None:
            raise EditError(AT_THIS_MOMENT.format(version.file))
        return kept

    async def _write(self, version: Version, content: bytes) -> None:
        path = self.shelf.path(version.file)
        try:
            await asyncio.to_thread(write_file, path, content, str(version.id))
        except OSError as error:
            log.warning("knowledge.not_written", file=version.file, version=version.id, reason=error.strerror)
            raise EditError(
                f"{version.file} cannot be written ({error.strerror}); the change is kept and made once it can be"
            ) from error
        if self.is_committing:
            await commit_file(path, version)
        await self.versions.note_written(version.id)

    async def _finish(self, version: Version) -> None:
        """Write an approved version, if it is not written and nobody has changed the file by hand since."""
        content, now = await self.versions.content(version.id), self.read(version.file)
        before = await self.versions.version(version.previous)
        expected = {version.fingerprint, before.fingerprint if before else ""}
        if now is None or fingerprint(now) in expected:
            await self._write(version, content)
        else:
            await self.versions.note_written(version.id)
            await self._repeat(version)

    async def _repeat(self, version: Version) -> None:
        """Make an approved edit anew on top of what somebody made of the file by hand, where it still fits."""
        base, now = await self.observed(version.file)
        draft = await self.versions.draft_of(version.id)
        if draft is None:
            return
        edit = from_json(draft.edit)
        is_fitting = not misfit(edit, await self.versions.content(draft.base), now, version.file)
        new = edited(now, edit, version.file) if is_fitting else b""
        if is_fitting and not await asyncio.to_thread(self.shelf.problems, version.file, new):
            await self.publish(Replacement(base, new, version.editor, version.what))
        else:
            log.warning("knowledge.edit_not_repeated", file=version.file, version=version.id)

    def read(self, file: str) -> bytes | None:
        """Return the bytes of a file; None where it is not there."""
        try:
            return read_file(self.shelf.path(file))
        except OSError as error:
            raise EditError(f"{file} cannot be read ({error.strerror}); mend its rights") from error


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return sha256(content).hexdigest()
