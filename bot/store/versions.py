"""Keeps every version of the knowledge files, and edits until they are approved."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreError
from bot.model.version import Draft, DraftState, Editor, Version
from bot.store.engine import begun
from bot.store.moment import from_number, to_number
from bot.store.tables import DRAFTS, VERSIONS

LONGEST_NAME = 200  # characters, as the tables have room for
LONGEST_WHAT = 500

_SHOWN = [column for column in VERSIONS.c if column is not VERSIONS.c.content]


class Versions:
    """Each call is one transaction, and raises `StoreError` where the database fails.

    The versions of a file are a line: each has one before it, and no two have the same.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def last(self, file: str) -> Version | None:
        """Return the newest version of a file."""
        async with begun(self._engine) as connection:
            found = select(*_SHOWN).where(VERSIONS.c.file == file).order_by(VERSIONS.c.id.desc()).limit(1)
            row = (await connection.execute(found)).first()
        return _version(row) if row else None

    async def version(self, number: int) -> Version | None:
        """Return a version by its id."""
        async with begun(self._engine) as connection:
            row = (await connection.execute(select(*_SHOWN).where(VERSIONS.c.id == number))).first()
        return _version(row) if row else None

    async def content(self, number: int) -> bytes:
        """Return the bytes of a version by its id; raises `StoreError` where there is none."""
        async with begun(self._engine) as connection:
            content = await connection.scalar(select(VERSIONS.c.content).where(VERSIONS.c.id == number))
        if content is None:
            raise StoreError(f"the database holds no version {number}")
        return zlib.decompress(content)

    async def history(self, limit: int, file: str = "") -> tuple[Version, ...]:
        """Return versions, newest first, of one file or of all."""
        found = select(*_SHOWN).order_by(VERSIONS.c.id.desc()).limit(limit)
        async with begun(self._engine) as connection:
            rows = (await connection.execute(found.where(VERSIONS.c.file == file) if file else found)).all()
        return tuple(_version(row) for row in rows)

    async def since(self, file: str, number: int) -> tuple[Version, ...]:
        """Return the versions of a file after one, oldest first."""
        found = select(*_SHOWN).where(VERSIONS.c.file == file, VERSIONS.c.id > number).order_by(VERSIONS.c.id)
        async with begun(self._engine) as connection:
            rows = (await connection.execute(found)).all()
        return tuple(_version(row) for row in rows)

    async def last_change(self) -> Version | None:
        """Return the newest version of any file that another one was before."""
        found = select(*_SHOWN).where(VERSIONS.c.previous != 0).order_by(VERSIONS.c.id.desc()).limit(1)
        async with begun(self._engine) as connection:
            row = (await connection.execute(found)).first()
        return _version(row) if row else None

    async def unwritten(self) -> tuple[Version, ...]:
        """Return the versions that nobody has seen in their files yet, oldest first."""
        async with begun(self._engine) as connection:
            found = select(*_SHOWN).where(VERSIONS.c.is_written.is_(False)).order_by(VERSIONS.c.id)
            rows = (await connection.execute(found)).all()
        return tuple(_version(row) for row in rows)

    async def files(self) -> tuple[str, ...]:
        """Return the files that have versions."""
        async with begun(self._engine) as connection:
            rows = (await connection.execute(select(VERSIONS.c.file).distinct().order_by(VERSIONS.c.file))).all()
        return tuple(row.file for row in rows)

    async def add(
        self, version: Version, content: bytes, *, is_written: bool, draft: Draft | None = None
    ) -> Version | None:
        """Keep a version, whose id is chosen, and note that a draft became it.

        None comes back, and nothing is kept, where the draft is not open any more or the version's `previous` is not
        the newest one.
        """
        row = {
            "file": version.file,
            "fingerprint": version.fingerprint,
            "content": zlib.compress(content, 9),
            "editor": version.editor.id,
            "editor_name": version.editor.name[:LONGEST_NAME],
            "what": version.what[:LONGEST_WHAT],
            "at": to_number(version.at),
            "previous": version.previous,
            "is_written": is_written,
        }
        put = insert(VERSIONS).values(row).returning(VERSIONS.c.id)
        try:
            async with begun(self._engine) as connection:
                if draft:
                    is_open = (DRAFTS.c.id == draft.id) & (DRAFTS.c.state == DraftState.OPEN)
                    taken = await connection.execute(update(DRAFTS).where(is_open).values(state=DraftState.APPLIED))
                    if taken.rowcount == 0:
                        return None
                number = (await connection.execute(put)).scalar_one()
                if draft:
                    await connection.execute(update(DRAFTS).where(DRAFTS.c.id == draft.id).values(version=number))
        except StoreError as error:
            if isinstance(error.__cause__, IntegrityError):
                return None
            raise
        return replace(version, id=number)

    async def note_written(self, number: int) -> None:
        """Note that a version stands in its file."""
        async with begun(self._engine) as connection:
            await connection.execute(update(VERSIONS).where(VERSIONS.c.id == number).values(is_written=True))

    async def keep_draft(self, draft: Draft) -> Draft:
        """Keep a draft, whose id is chosen."""
        row = {
            "file": draft.file,
            "base": draft.base,
            "edit": draft.edit,
            "fingerprint": draft.fingerprint,
            "editor": draft.editor.id,
            "editor_name": draft.editor.name[:LONGEST_NAME],
            "expires_at": to_number(draft.expires_at),
            "state": draft.state,
            "version": draft.version,
        }
        async with begun(self._engine) as connection:
            put = insert(DRAFTS).values(row).returning(DRAFTS.c.id)
            number = (await connection.execute(put)).scalar_one()
        return replace(draft, id=number)

    async def draft(self, number: int) -> Draft | None:
        """Return a draft by its id."""
        found = await self._drafts(DRAFTS.c.id == number)
        return found[0] if found else None

    async def draft_of(self, version: int) -> Draft | None:
        """Return the draft that became a version."""
        found = await self._drafts(DRAFTS.c.version == version)
        return found[0] if found else None

    async def discard(self, number: int) -> bool:
        """Give up a draft; return False, changing nothing, where it is not open."""
        is_open = (DRAFTS.c.id == number) & (DRAFTS.c.state == DraftState.OPEN)
        async with begun(self._engine) as connection:
            done = await connection.execute(update(DRAFTS).where(is_open).values(state=DraftState.DISCARDED))
        return done.rowcount > 0

    async def forget_drafts(self, before: datetime) -> None:
        """Forget the drafts that expired before a moment."""
        async with begun(self._engine) as connection:
            await connection.execute(delete(DRAFTS).where(DRAFTS.c.expires_at < to_number(before)))

    async def _drafts(self, where: ColumnElement[bool]) -> Sequence[Draft]:
        async with begun(self._engine) as connection:
            rows = (await connection.execute(select(DRAFTS).where(where))).all()
        return [
            Draft(
                row.id,
                row.file,
                row.base,
                row.edit,
                row.fingerprint,
                Editor(row.editor, row.editor_name),
                from_number(row.expires_at),
                DraftState(row.state),
                row.version,
            )
            for row in rows
        ]


def _version(row: Row[tuple[object, ...]]) -> Version:
    editor = Editor(row.editor, row.editor_name)
    return Version(row.id, row.file, row.fingerprint, editor, row.what, from_number(row.at), row.previous)
