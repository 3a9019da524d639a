"""The owners' office: their commands, the files they send and what they write in the middle of a dialogue."""

from dataclasses import dataclass

from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.ext import filters

from bot.faces.telegram import adding
from bot.faces.telegram.dialogue import Adding, AwaitPhrase, AwaitQuestion, AwaitValue, Dialogues, Teaching
from bot.faces.telegram.editing import editor
from bot.faces.telegram.face import Context
from bot.faces.telegram.intake import said_with
from bot.faces.telegram.send import Sender
from bot.library.kinds import AddPhrasing, Edit, SetField
from bot.library.strict import MAX_BYTES
from bot.model.reply import Reply
from bot.model.version import Editor
from bot.reply import editing
from bot.reply.fields import read_value
from bot.text import typed
from bot.workshop import Workshop, mark

NO_FILE = "Telegram does not give me this file; send it again."
NOT_SAID = "Forward me a question and reply to it with /teach, or write it behind: /teach is bch faster."
SECRET = "This holds a secret key or a seed phrase; no file may. It is not taught."  # noqa: S105 - no secret


@dataclass(frozen=True, slots=True)
class Office:
    """Where owners work, in private chats with them only; `owners` are their user ids."""

    workshop: Workshop
    sender: Sender
    dialogues: Dialogues
    owners: frozenset[int]

    def is_owner(self, person: User | None) -> bool:
        """Tell whether somebody is an owner now."""
        return bool(person and person.id in self.owners)

    async def faq(self, update: Update, context: Context) -> None:
        """Answer `/faq`, `/faq words`, `/faq add` and `/faq export [file]`."""
        message, words = update.message, list(context.args or ())
        if message is None:
            return
        match [word.casefold() for word in words]:
            case []:
                await self.sender.answer(message, self.workshop.browse())
            case ["add"]:
                await self.add(message, owner_of(message), "")
            case ["export", *names]:
                await self._export(message, "".join(names))
            case _:
                await self._search(message, " ".join(words))

    async def teach(self, update: Update, context: Context) -> None:
        """Answer `/teach` as a reply to a question, or with the question behind it."""
        message = update.message
        if message is None:
            return
        text = said_with(message, context.args or ())
        if text:
            await self._candidates(message, text)
        else:
            self.dialogues.begin(owner_of(message).id, AwaitQuestion())
            await self.sender.answer(message, editing.said(NOT_SAID, "Or send it now. /cancel gives up."))

    async def cancel(self, update: Update, _: Context) -> None:
        """Answer `/cancel`."""
        if update.message:
            is_ended = self.dialogues.end(owner_of(update.message).id)
            text = "Given up. Nothing was changed." if is_ended else "There is nothing to give up."
            await self.sender.answer(update.message, editing.said(text))

    async def undo(self, update: Update, _: Context) -> None:
        """Answer `/undo`."""
        if update.message:
            await self.sender.answer(update.message, await self.workshop.last_change())

    async def history(self, update: Update, _: Context) -> None:
        """Answer `/history`."""
        if update.message:
            await self.sender.answer(update.message, await self.workshop.history(0))

    async def document(self, update: Update, _: Context) -> None:
        """Take a file that is to be put in another's place; its caption may say the pack."""
        message = update.message
        document = message.document if message else None
        if message is None or document is None:
            return
        if (document.file_size or 0) > MAX_BYTES:
            problem = f"It is larger than {MAX_BYTES:,} bytes; split it by topic."
            await self.sender.answer(message, editing.problems_reply("That cannot be taken.", [problem]))
            return
        content = await self.sender.fetch(document)
        if content is None:
            await self.sender.answer(message, editing.said(NO_FILE))
            return
        name, pack = document.file_name or "", (message.caption or "").strip()
        async with self.sender.working(message):
            replies = await self.workshop.receive(name, content, owner_of(message), pack)
        await self.show(message, replies)

    async def text(self, update: Update, _: Context) -> None:
        """Take a text that a dialogue waits for."""
        message = update.message
        if message is None:
            return
        owner, said = owner_of(message), typed(message.text or message.caption or "")
        match self.dialogues.step(owner.id):
            case AwaitQuestion():
                await self._candidates(message, said)
            case AwaitPhrase(entry=entry):
                await self.propose(message, owner, AddPhrasing(entry, said))
            case AwaitValue(entry=entry, field=field):
                await self.propose(message, owner, SetField(entry, field, read_value(field, said)))
            case Adding() as step:
                await self._added(message, owner, step, said)

    async def add(self, message: Message, owner: Editor, question: str) -> None:
        """Begin a new entry, for a question or for none yet."""
        await self.sender.answer(message, self.begun(owner, question))

    def begun(self, owner: Editor, question: str) -> Reply:
        """Begin a new entry and return what is asked first: its file, if there are several, else its first field."""
        files = self.workshop.entry_files()
        step = adding.fresh(question, files, self.workshop.pipeline.clock().date())
        if len(files) == 1:
            step = adding.filed(step, files[0])
        self.dialogues.begin(owner.id, step)
        return adding.prompt(step) if step.awaited else editing.pick_reply(files, mark("".join(files)))

    async def propose_phrasing(self, text: str, entry: str, owner: Editor) -> Reply | None:
        """Return the proposal to take a text up as a phrasing; None where it cannot be."""
        replies = await self.workshop.propose(AddPhrasing(entry, text), owner)
        blocks = tuple(block for reply in replies for block in reply.blocks)
        return Reply(blocks, replies[-1].buttons) if replies[-1].buttons else None

    async def draft_entry(self, text: str, owner: Editor) -> Reply | None:
        """Begin a new entry with a text as its first phrasing, and return what is asked first."""
        return None if self.workshop.is_secret(text) else self.begun(owner, text)

    async def go_on(self, message: Message, owner: Editor, step: Adding) -> None:
        """Ask for the next field of a new entry, or propose it when nothing is left to ask."""
        if step.awaited:
            self.dialogues.begin(owner.id, step)
            await self.sender.answer(message, adding.prompt(step))
        else:
            await self.propose(message, owner, step.draft)

    async def propose(self, message: Message, owner: Editor, edit: Edit) -> None:
        """Show what an edit would look like and do; a dialogue it ends stays open where it cannot be made."""
        async with self.sender.working(message):
            replies = await self.workshop.propose(edit, owner)
        if replies[-1].buttons:
            self.dialogues.end(owner.id)
        await self.show(message, replies)

    async def show(self, message: Message, replies: tuple[Reply, ...]) -> None:
        """Send replies one after the other."""
        for reply in replies:
            await self.sender.answer(message, reply)

    async def _added(self, message: Message, owner: Editor, step: Adding, text: str) -> None:
        after = adding.taken(step, text, lambda key: self.workshop.target(key) is not None)
        if isinstance(after, str):
            await self.sender.answer(message, editing.said(after, "Send it again, or /cancel."))
        else:
            await self.go_on(message, owner, after)

    async def _candidates(self, message: Message, text: str) -> None:
        """Ask where a question leads."""
        question = " ".join(typed(text).split())
        if self.workshop.is_secret(question) or not question:
            await self.sender.answer(message, editing.said(SECRET if question else NOT_SAID))
            return
        self.dialogues.begin(owner_of(message).id, Teaching(question))
        near = self.workshop.near(question)
        await self.sender.answer(message, editing.candidates_reply(question, near, mark(question)))

    async def _search(self, message: Message, words: str) -> None:
        target = self.workshop.target(words.casefold())
        await self.sender.answer(message, await self.workshop.entry(target) if target else self.workshop.search(words))

    async def _export(self, message: Message, only: str) -> None:
        files = await self.workshop.export(only)
        for pack, name, content in files:
            await self.sender.send_file(message, name, content, pack)
        if not files:
            await self.sender.answer(message, editing.said("There is no such file; /faq export sends all."))


class InDialogue(filters.MessageFilter):
    """Lets texts through that the dialogue of their author waits for."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self._office = office

    def filter(self, message: Message) -> bool:
        """Tell whether a message is what its author was asked for."""
        person = message.from_user
        if person is None or not self._office.is_owner(person) or message.chat.type != ChatType.PRIVATE:
            return False
        return self._office.dialogues.awaits_text(person.id)


def owner_of(message: Message) -> Editor:
    """Return who wrote a message, as the history names them."""
    return editor(message.from_user)
