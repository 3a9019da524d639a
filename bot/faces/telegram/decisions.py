"""What owners' buttons do; who pressed, and where, is looked at with every press."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog
from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.faces.telegram import adding
from bot.faces.telegram.dialogue import Adding, AwaitPhrase, AwaitValue, Teaching
from bot.faces.telegram.editing import editor
from bot.faces.telegram.face import STALE, Context
from bot.faces.telegram.office import Office
from bot.faces.telegram.owner_payload import decode
from bot.library.kinds import AddPhrasing, RemovePhrasing, RetireEntry
from bot.model.knowledge import Entry, Refusal
from bot.model.owner_buttons import (
    AddAsk,
    Approve,
    ChangeField,
    Discard,
    DropAsk,
    ListAsks,
    ListFields,
    ListFile,
    ListVersions,
    OpenEntry,
    OwnerButton,
    PickFile,
    RestoreVersion,
    RetireAll,
    ShowVersion,
    SkipField,
    TeachTo,
    Undo,
)
from bot.model.reply import Reply
from bot.model.version import Editor
from bot.reply import editing
from bot.reply.fields import FIELDS, HINTS, NEEDED, field_text
from bot.workshop import Workshop, mark

NOT_YOURS = "Only owners may do that."
WORKING = "I work out what it changes, this takes a moment …"
OVER = "This dialogue is over. Please begin again."
LISTS = ListFile | ListAsks | ListVersions  # pages, which take each other's place
EDITS = DropAsk | RetireAll | TeachTo  # what they do is worked out, which takes a while
DECISIONS = Approve | Discard | RestoreVersion | Undo  # what is decided stands in place of the question

Work = Callable[[], Awaitable[None]]

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Decisions:
    """Carries out what owners press."""

    office: Office

    @property
    def workshop(self) -> Workshop:
        """Where the work is done."""
        return self.office.workshop

    async def press(self, update: Update, _: Context) -> None:
        """Carry out a press of an owner; anybody else's, a forged or an outdated one is refused and logged."""
        query = update.callback_query
        if query is None:
            return
        button, shown = decode(query.data), query.message
        if not self.office.is_owner(query.from_user):
            await self._refuse(query, NOT_YOURS, "not_an_owner")
        elif button is None or not isinstance(shown, Message) or shown.chat.type != ChatType.PRIVATE:
            await self._refuse(query, STALE, "forged_or_stale")
        else:
            await self._carry_out(query, shown, button)

    async def _refuse(self, query: CallbackQuery, text: str, reason: str) -> None:
        _log.warning("owners.refused", reason=reason, person=query.from_user.id)
        await self.office.sender.acknowledge(query, text, is_alert=True)

    async def _carry_out(self, query: CallbackQuery, shown: Message, button: OwnerButton) -> None:
        owner, sender = editor(query.from_user), self.office.sender
        if isinstance(button, DECISIONS):
            await sender.acknowledge(query)
            async with sender.working(shown):
                outcome = await self._decided(button, owner)
            await sender.replace(shown, outcome)
        elif reply := await self._looked(button):
            await sender.acknowledge(query)
            await (sender.replace if isinstance(button, LISTS) else sender.answer)(shown, reply)
        elif work := self._work(shown, owner, button):
            await sender.acknowledge(query, WORKING if isinstance(button, EDITS) else "")
            await work()
        else:
            await self._refuse(query, STALE if isinstance(button, OpenEntry) else OVER, "forged_or_stale")

    async def _decided(self, button: Approve | Discard | RestoreVersion | Undo, owner: Editor) -> Reply:
        match button:
            case Approve(proposal=number):
                return await self.workshop.approve(number, owner)
            case Discard(proposal=number):
                return await self.workshop.discard(number, owner)
            case RestoreVersion(version=number, base=base):
                return await self.workshop.restore(number, base, owner)
            case Undo(version=number):
                return await self.workshop.undo(number, owner)

    async def _looked(self, button: OwnerButton) -> Reply | None:
        """Return what a button that only looks shows; None where it does more, or there is nothing to see."""
        workshop = self.workshop
        match button:
            case ListFile(file=file, page=page):
                return workshop.file(file, page)
            case ListVersions(page=page):
                return await workshop.history(page)
            case ShowVersion(version=number):
                return await workshop.version(number)
            case OpenEntry(entry=key) | ListFields(entry=key) | ListAsks(entry=key):
                target = workshop.target(key)
                return await self._shown(target, button) if target else None
        return None

    async def _shown(self, target: Entry | Refusal, button: OpenEntry | ListFields | ListAsks) -> Reply:
        match button:
            case OpenEntry():
                return await self.workshop.entry(target)
            case ListFields():
                return editing.fields_reply(target)
            case ListAsks(page=page):
                return self.workshop.asks(target, page)

    def _work(self, shown: Message, owner: Editor, button: OwnerButton) -> Work | None:
        """Return what begins an edit or goes on with one; None where there is no place for it any more."""
        match button:
            case AddAsk(entry=key) if target := self.workshop.target(key):
                return partial(self._ask_phrase, shown, owner, target)
            case ChangeField(entry=key, field=field) if target := self.workshop.target(key):
                known = field in FIELDS and field_text(target, field) is not None
                return partial(self._ask_value, shown, owner, target, field) if known else None
            case DropAsk(entry=key, mark=wanted) if target := self.workshop.target(key):
                phrase = self.workshop.phrase(target, wanted)
                return partial(self.office.propose, shown, owner, RemovePhrasing(key, phrase)) if phrase else None
            case RetireAll(entry=key) if self.workshop.target(key):
                return partial(self.office.propose, shown, owner, RetireEntry(key))
        return self._next(shown, owner, button)

    def _next(self, shown: Message, owner: Editor, button: OwnerButton) -> Work | None:
        """Return what goes on with a dialogue, if its step is the one that the button belongs to."""
        office = self.office
        match button, office.dialogues.step(owner.id):
            case TeachTo(entry="", mark=asked), Teaching(question=question) if mark(question) == asked:
                return partial(office.add, shown, owner, question)
            case TeachTo(entry=key, mark=asked), Teaching(question=question) if mark(question) == asked:
                is_there = self.workshop.target(key) is not None
                return partial(office.propose, shown, owner, AddPhrasing(key, question)) if is_there else None
            case PickFile(file=number, mark=offered), Adding(files=files, awaited="") as step:
                is_one = mark("".join(files)) == offered and number < len(files)
                return partial(office.go_on, shown, owner, adding.filed(step, files[number])) if is_one else None
            case SkipField(field=field), Adding(awaited=awaited) as step if field == awaited:
                is_one = field in adding.OPTIONAL
                return partial(office.go_on, shown, owner, adding.skipped(step)) if is_one else None
        return None

    async def _ask_phrase(self, shown: Message, owner: Editor, target: Entry | Refusal) -> None:
        self.office.dialogues.begin(owner.id, AwaitPhrase(target.id))
        text = f"Send another way to ask for “{target.title}”. /cancel gives up."
        await self.office.sender.answer(shown, editing.said(text))

    async def _ask_value(self, shown: Message, owner: Editor, target: Entry | Refusal, field: str) -> None:
        self.office.dialogues.begin(owner.id, AwaitValue(target.id, field))
        now, emptied = field_text(target, field), "" if field in NEEDED else " A lone - empties it."
        text = f"Send the new {FIELDS[field].casefold()}: {HINTS[field]}.{emptied} /cancel gives up."
        await self.office.sender.answer(shown, editing.said(text, *([f"Now: {now}"] if now else [])))
