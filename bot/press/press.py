"""The press: what may be done with the knowledge files, and what comes of it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.errors import EditError, KnowledgeError
from bot.library.difference import changes
from bot.library.edit import edited
from bot.library.form import from_json, to_json
from bot.library.kinds import Edit, described
from bot.library.upload import read_upload
from bot.model.version import Draft, DraftState, Editor, Version
from bot.press.ledger import Ledger, Replacement, fingerprint
from bot.press.outcome import AlreadyApplied, Applied, Conflict, Expired, Gone, Outcome, Proposal, Rejected
from bot.press.rebase import misfit

PATIENCE = timedelta(hours=1)  # how long a proposal can be approved
KEPT = timedelta(days=30)  # how long one is remembered, so that who approves late is told what became of it
LATER = "there is a later change"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Press:
    """Proposes, applies and undoes edits; one at a time, also where several programs share a folder.

    Every call may raise `StoreError`, and `EditError` where a file cannot be read or written.
    """

    ledger: Ledger

    async def recover(self) -> None:
        """Finish what a killed program left, note what was changed by hand; to be called at the start.

        What cannot be finished now is logged, and tried again with the next call.
        """
        try:
            async with self.ledger.opened():
                await self.ledger.look_around()
                await self.ledger.versions.forget_drafts(self.ledger.clock() - KEPT)
                await self.ledger.sweep()
        except (EditError, OSError) as error:
            log.warning("knowledge.not_recovered", reason=str(error))

    async def propose(self, edit: Edit, editor: Editor) -> Proposal:
        """Work an edit out and keep it until it is approved; nothing is written yet.

        Raises:
            EditError: it does not fit, changes nothing or cannot be made safely.
            KnowledgeError: the knowledge would not be good afterwards.
        """
        ledger = self.ledger
        async with ledger.opened():
            file = await asyncio.to_thread(ledger.folder.file_of, edit)
            base, old = await ledger.observed(file)
            new = await asyncio.to_thread(edited, old, edit, file)
            problems = await self._problems(file, new)
            if problems:
                raise KnowledgeError(problems)
            expires_at = ledger.clock() + PATIENCE
            draft = Draft(0, file, base.id, to_json(edit), fingerprint(new), editor, expires_at)
            number = (await ledger.versions.keep_draft(draft)).id
        return Proposal(
            number, file, edit, described(edit), editor, base.fingerprint, new, changes(old, new), expires_at
        )

    async def receive(self, name: str, content: bytes, editor: Editor, pack: str = "") -> Proposal:
        """Propose a sent file in place of the known one of that name; see `read_upload` and `propose`."""
        known = await asyncio.to_thread(self.ledger.folder.files)
        return await self.propose(read_upload(name, content, known, pack), editor)

    async def approve(self, number: int, editor: Editor) -> Outcome:
        """Apply a proposal, rebased where its file has changed since and the edit still fits."""
        async with self.ledger.opened():
            draft = await self.ledger.versions.draft(number)
            if draft is None or draft.state is DraftState.DISCARDED:
                return Gone()
            if draft.state is DraftState.APPLIED:
                version = await self.ledger.versions.version(draft.version)
                return AlreadyApplied(version) if version else Gone()
            if self.ledger.clock() >= draft.expires_at:
                return Expired(draft.expires_at)
            return await self._apply(draft, editor)

    async def discard(self, number: int) -> bool:
        """Give up a proposal; return False where it is not open any more."""
        return await self.ledger.versions.discard(number)

    async def history(self, limit: int) -> tuple[Version, ...]:
        """Return who changed what when, the newest first."""
        async with self.ledger.opened():
            await self.ledger.look_around()
            return await self.ledger.versions.history(limit)

    async def undo(self, editor: Editor, *, seen: int = 0) -> Outcome:
        """Make the file of the last change what it was before, as a new version; undone twice, the change is back.

        Args:
            editor: who undoes it.
            seen: the id of the change that is meant; another that came since is not undone in its place.
        """
        async with self.ledger.opened():
            await self.ledger.look_around()
            last = await self.ledger.versions.last_change()
            if last is None:
                return Rejected(("nothing has been changed yet",))
            if seen and last.id != seen:
                return Conflict(last, LATER)
            return await self._restore(last, last.previous, editor, f"undo {last.id}: {last.what}")

    async def restore(self, number: int, editor: Editor, *, seen: int = 0) -> Outcome:
        """Make a file what it was in a version, by its id, as a new version.

        Args:
            number: the version.
            editor: who restores it.
            seen: the id of the newest version of that file the editor knows of; a later one is not written over.
        """
        async with self.ledger.opened():
            await self.ledger.look_around()
            version = await self.ledger.versions.version(number)
            last = await self.ledger.versions.last(version.file) if version else None
            if version is None or last is None:
                return Rejected((f"there is no version {number}",))
            if seen and last.id != seen:
                return Conflict(last, LATER)
            return await self._restore(last, number, editor, f"restore {number}: {version.what}")

    async def _apply(self, draft: Draft, editor: Editor) -> Outcome:
        ledger, file, edit = self.ledger, draft.file, from_json(draft.edit)
        base, old = await ledger.observed(file)
        before = await ledger.versions.content(draft.base)
        is_rebased = base.id != draft.base
        if is_rebased and (why := misfit(edit, before, old, file)):
            return Conflict(await self._culprit(draft, edit, before, base), why)
        new = await asyncio.to_thread(edited, old, edit, file)
        if not is_rebased and fingerprint(new) != draft.fingerprint:
            return Rejected(("this version of the program would write it differently; propose it again",))
        return await self._publish(Replacement(base, new, editor, described(edit), draft), old, is_rebased=is_rebased)

    async def _culprit(self, draft: Draft, edit: Edit, before: bytes, base: Version) -> Version:
        """Return the first version since a draft's base that its edit does not fit, `base` at the latest."""
        culprit = base
        for version in await self.ledger.versions.since(draft.file, draft.base):  # pragma: no branch - one does not fit
            if misfit(edit, before, await self.ledger.versions.content(version.id), draft.file):
                culprit = version
                break
        return culprit

    async def _restore(self, base: Version, number: int, editor: Editor, what: str) -> Outcome:
        content, old = await self.ledger.versions.content(number), self.ledger.read(base.file)
        if old == content:
            return Rejected((f"{base.file} is already what it was in version {number}",))
        return await self._publish(Replacement(base, content, editor, what), old or b"")

    async def _publish(self, to: Replacement, old: bytes, *, is_rebased: bool = False) -> Outcome:
        problems = await self._problems(to.base.file, to.content)
        if problems:
            return Rejected(problems)
        return Applied(await self.ledger.publish(to), changes(old, to.content), is_rebased)

    async def _problems(self, file: str, content: bytes) -> tuple[str, ...]:
        return await asyncio.to_thread(self.ledger.folder.problems, file, content)
