"""What owners do with the knowledge while the bot runs: look, propose, approve, undo; each call returns replies."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never
from zlib import crc32

import structlog

from bot.edition import Edition
from bot.errors import EditError, KnowledgeError, StoreError
from bot.journal import Journal
from bot.library.difference import Change, changes
from bot.library.kinds import AddPhrasing, Edit, RemovePhrasing, ReplaceFile, RetireEntry
from bot.match import Matcher
from bot.model.knowledge import Entry, Library, Refusal
from bot.model.proof import Diff, Proof
from bot.model.question import Question
from bot.model.reply import Refresh, Reply, Share
from bot.model.verdict import Refuse, Rule
from bot.model.version import Editor
from bot.pipeline import Pipeline
from bot.press import AlreadyApplied, Applied, Conflict, Expired, Gone, Outcome, Press, Proposal, Rejected
from bot.prover import Prover
from bot.publisher import Publisher
from bot.reply import editing, proofs

FOUND = 6  # candidates of a search

Target = Entry | Refusal
Replies = tuple[Reply, ...]

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Workshop:
    """Edits the files through the press, shows what an edit would do, and brings what was approved into use."""

    pipeline: Pipeline
    press: Press
    prover: Prover
    publisher: Publisher
    journal: Journal = field(default_factory=Journal)

    @property
    def library(self) -> Library:
        """The library in use."""
        return self.pipeline.line.library

    def target(self, key: str) -> Target | None:
        """Return the entry or the refusal of that id."""
        found = (one for one in self.library.refusals if one.id == key)
        return self.library.entry(key) or next(found, None)

    def near(self, text: str) -> tuple[Target, ...]:
        """Return what a text might mean, best first; one with that id before all others."""
        matcher: Matcher = self.pipeline.line.matcher
        ranked = matcher.rank(Question(text, self.pipeline.clock())).matches
        named = self.target(text.strip().casefold())
        return tuple(dict.fromkeys([*([named] if named else []), *(match.target for match in ranked[:FOUND])]))

    def is_secret(self, text: str) -> bool:
        """Tell whether a text holds a key or a seed phrase, which no file may."""
        return self.pipeline.line.matcher.rank(Question(text, self.pipeline.clock())).is_secret

    def files(self) -> tuple[str, ...]:
        """Return the files that hold entries or refusals, as they are shown: relative to the folder."""
        return tuple(dict.fromkeys(map(self._file, self._targets())))

    def entry_files(self) -> tuple[str, ...]:
        """Return the files that hold entries: a new one can go there."""
        return tuple(dict.fromkeys(map(self._file, self.library.entries)))

    def browse(self) -> Reply:
        """Return all files."""
        held = [self._file(target) for target in self._targets()]
        return editing.files_reply([(file, held.count(file)) for file in self.files()])

    def file(self, number: int, page: int) -> Reply | None:
        """Return one page of a file by its number; None if there is no such file."""
        files = self.files()
        if number >= len(files):
            return None
        held = [target for target in self._targets() if self._file(target) == files[number]]
        return editing.file_reply(number, files[number], held, page)

    def search(self, words: str) -> Reply:
        """Return what is nearest to some words."""
        return editing.found_reply(words, self.near(words))

    async def entry(self, target: Target) -> Reply:
        """Return everything about an entry, and how often it answered and was praised or blamed."""
        standing = await self.journal.told(lambda records: records.standing(target.id))
        return editing.entry_reply(target, self._file(target), standing)

    def asks(self, target: Target, page: int) -> Reply:
        """Return the phrasings to choose from, each with its mark."""
        return editing.asks_reply(target, [mark(phrase) for phrase in target.ask], page)

    def phrase(self, target: Target, wanted: str) -> str | None:
        """Return the phrasing with a mark; None if it is not there any more."""
        return next((phrase for phrase in target.ask if mark(phrase) == wanted), None)

    async def propose(self, edit: Edit, editor: Editor) -> Replies:
        """Return what an edit would look like and do, the last reply with the buttons that decide; or why it cannot."""
        return await self._proposed(self.press.propose(edit, editor))

    async def receive(self, name: str, content: bytes, editor: Editor, pack: str = "") -> Replies:
        """Propose a sent file in place of the known one of that name; `pack` where several have it."""
        return await self._proposed(self.press.receive(name, content, editor, pack))

    async def approve(self, number: int, editor: Editor) -> Reply:
        """Apply a proposal and bring it into use."""
        return await self._done(self.press.approve(number, editor), f"proposal {number}", editor)

    async def last_change(self) -> Reply:
        """Return what taking back the last change would change."""
        versions = self.press.ledger.versions
        try:
            await self.press.history(1)  # notes what was changed by hand
            last = await versions.last_change()
            if last is None:
                return editing.said("Nothing has been changed yet.")
            new, old = await versions.content(last.previous), await versions.content(last.id)
        except (EditError, StoreError) as error:
            return _failed(error)
        return proofs.undo_reply(last, await asyncio.to_thread(_compared, old, new))

    async def undo(self, version: int, editor: Editor) -> Reply:
        """Take a version back, if it is still the last change, and bring that into use."""
        return await self._done(self.press.undo(editor, seen=version), f"undo {version}", editor)

    async def restore(self, number: int, base: int, editor: Editor) -> Reply:
        """Go back to a version, if the newest one of its file is still `base`, and bring that into use."""
        return await self._done(self.press.restore(number, editor, seen=base), f"version {number}", editor)

    async def discard(self, number: int, editor: Editor) -> Reply:
        """Give up a proposal."""
        try:
            is_given_up = await self.press.discard(number)
        except StoreError as error:
            return _failed(error)
        if is_given_up:
            _log.info("owners.discarded", proposal=number, person=editor.id)
            return editing.said("Discarded. Nothing was changed.")
        _log.warning("owners.declined", deed=f"proposal {number}", outcome="NotOpen", person=editor.id)
        return proofs.refused_reply("This proposal is not open any more.", cure="/history shows what was changed.")

    async def history(self, page: int) -> Reply:
        """Return one page of who changed what when, newest first."""
        size = proofs.PAGE
        try:
            found = await self.press.history((page + 1) * size + 1)
        except (EditError, StoreError) as error:
            return _failed(error)
        here = found[page * size : (page + 1) * size]
        return proofs.history_reply(here, page, is_more=len(found) > (page + 1) * size)

    async def version(self, number: int) -> Reply | None:
        """Return what going back to a version would change; None if there is no such version."""
        versions = self.press.ledger.versions
        try:
            await self.press.history(1)  # notes what was changed by hand
            version = await versions.version(number)
            last = await versions.last(version.file) if version else None
            if version is None or last is None:
                return None
            old, new = await versions.content(last.id), await versions.content(number)
        except (EditError, StoreError) as error:
            return _failed(error)
        return proofs.version_reply(version, last.id, await asyncio.to_thread(_compared, old, new))

    async def export(self, only: str) -> tuple[tuple[str, str, bytes], ...]:
        """Return pack, name and bytes of each file, or of those named `only`; what cannot be read is left out."""
        folder, found = self.press.ledger.folder, []
        for file in await asyncio.to_thread(folder.files):
            pack, _, name = file.rpartition("/")
            if only in {"", name, name.partition(".")[0]}:
                try:
                    found.append((pack, name, await asyncio.to_thread(folder.place(file).read_bytes)))
                except OSError as error:
                    _log.warning("owners.not_exported", file=file, reason=error.strerror)
        return tuple(found)

    async def _proposed(self, work: Awaitable[Proposal]) -> Replies:
        try:
            proposal = await work
            edition, effect = await self.prover.prove(proposal.file, proposal.content)
        except KnowledgeError as error:
            count = "a mistake" if len(error.problems) == 1 else f"{len(error.problems)} mistakes"
            return (editing.problems_reply(f"That cannot be taken: it has {count}.", error.problems),)
        except (EditError, StoreError) as error:
            return (_failed(error),)
        diffs = _diffs(proposal.changes)
        proof = Proof(proposal.id, proposal.what, proposal.file, diffs, effect, proposal.expires_at)
        seen = await self._preview(edition, proposal.edit)
        return (*([seen] if seen else []), proofs.proof_reply(proof))

    async def _preview(self, edition: Edition, edit: Edit) -> Reply | None:
        """Return an answer as the bot would show it after an edit; None where no answer is left to show."""
        if isinstance(edit, RetireEntry | ReplaceFile | RemovePhrasing):
            return None
        pipeline, question = self.pipeline, edit.phrase if isinstance(edit, AddPhrasing) else ""
        line = replace(pipeline.line, edition=edition)
        refusal = next((one for one in edition.library.refusals if one.id == edit.entry), None)
        outcome = await line.entry(edit.entry)
        reply = outcome.reply if outcome else None
        if reply is None and refusal:
            reply = line.composer.reply(Refuse(refusal, 1.0, (), Rule.OUT_OF_SCOPE), (), pipeline.clock())
        return proofs.preview_reply(_as_draft(reply), question) if reply else None

    async def _done(self, work: Awaitable[Outcome], deed: str, editor: Editor) -> Reply:
        try:
            outcome = await work
        except (EditError, StoreError) as error:
            return _failed(error)
        if not isinstance(outcome, Applied):
            _log.warning("owners.declined", deed=deed, outcome=type(outcome).__name__, person=editor.id)
            return _declined(outcome)
        problems = await self.publisher.refresh()
        version = outcome.version
        _log.info("owners.applied", deed=deed, version=version.id, file=version.file, person=editor.id)
        return proofs.applied_reply(version, _diffs(outcome.changes), problems, is_rebased=outcome.is_rebased)

    def _targets(self) -> tuple[Target, ...]:
        return (*self.library.entries, *self.library.refusals)

    def _file(self, target: Target) -> str:
        return target.origin.path.removeprefix(f"{self.press.ledger.folder.path}/")


def mark(text: str) -> str:
    """Return eight signs that tell a text from others, for a button."""
    return f"{crc32(text.encode()):08x}"


def _declined(outcome: Expired | AlreadyApplied | Gone | Conflict | Rejected) -> Reply:
    match outcome:
        case Expired(at=at):
            return proofs.expired_reply(at)
        case AlreadyApplied(version=version):
            return proofs.replayed_reply(version)
        case Gone():
            return proofs.refused_reply("This proposal was discarded, or never was.")
        case Conflict(by=by, why=why):
            return proofs.conflict_reply(by, why)
        case Rejected(problems=problems):
            return editing.problems_reply("That cannot be done.", problems)
    assert_never(outcome)


def _failed(error: EditError | StoreError) -> Reply:
    _log.warning("owners.failed", error=type(error).__name__)
    return proofs.refused_reply(f"{str(error)[:1].upper()}{str(error)[1:]}.", cure="")


def _compared(old: bytes, new: bytes) -> tuple[Diff, ...]:
    return _diffs(changes(old, new))


def _diffs(found: Sequence[Change]) -> tuple[Diff, ...]:
    return tuple(Diff(one.entry, one.kind, one.diff) for one in found)


def _as_draft(reply: Reply) -> Reply:
    """Return a reply without the buttons that lead to what is in use, not to the draft."""
    rows = (tuple(button for button in row if not isinstance(button, Refresh | Share)) for row in reply.buttons)
    return replace(reply, buttons=tuple(row for row in rows if row))
