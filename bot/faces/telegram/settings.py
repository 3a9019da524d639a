"""Where settings are asked for: `/settings`, links into the private chat, and settings that come as text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.errors import KnowledgeError
from bot.faces.telegram import panel_payload
from bot.faces.telegram.earshot import is_group, topic_of
from bot.faces.telegram.face import Context, Face
from bot.faces.telegram.intake import is_machine
from bot.faces.telegram.links import Links, SettingsOf, read_answer, read_chat, write_chat
from bot.faces.telegram.manners_gate import Gate
from bot.faces.telegram.menu import suit
from bot.faces.telegram.rights import Rights
from bot.faces.telegram.starts import start
from bot.house import House
from bot.library.problems import nearest
from bot.library.strict import parse_document
from bot.model.chat_buttons import ImportSettings
from bot.model.manners import GENERAL, SETTINGS, Written, read
from bot.model.reply import Headline, Note, Paragraph, Reply
from bot.model.standing import Standing
from bot.reply.panel import NOBODY, NOT_YOURS, View, deaf_remarks, open_reply, panel_reply, prove_reply

UNSAVED = "I cannot get at the settings just now. Please try again later."


@dataclass(frozen=True, slots=True)
class Panels:
    """Shows settings to those who may change them; who that is, is asked each time."""

    gate: Gate
    rights: Rights

    @property
    def house(self) -> House:
        """What keeps the settings."""
        return self.gate.house

    async def settings(self, update: Update, _: Context) -> None:
        """Answer `/settings`: in private with one's own, in a group with a link for its administrators."""
        message = update.message or update.channel_post
        if message is None or is_machine(message):
            return
        if message.chat.type == ChatType.PRIVATE:
            await self.show(message, message.chat.id, 0)
            return
        room = await self.gate.enter(message)
        if await self.gate.is_in_time(update, message, room.manners):
            self.gate.cooldowns.answered(
                message.chat.id, message.from_user.id if message.from_user else message.chat.id
            )
            await self.gate.face.sender.answer(message, await self._pointer(message))

    async def _pointer(self, message: Message) -> Reply:
        """Return where an administrator of a group goes on; nothing of the settings themselves is shown there."""
        chat, topic = message.chat, topic_of(message)
        topic = 0 if topic == GENERAL else topic
        speaker = message.sender_chat
        if speaker and speaker.id == chat.id and is_group(message):
            return prove_reply(topic)
        is_post = chat.type == ChatType.CHANNEL  # only administrators post there
        person = message.from_user
        if not is_post and (speaker or not person or not await self.rights.is_admin(chat.id, person.id)):
            return Reply((Paragraph(NOBODY),))
        return open_reply(self.link(chat.id, topic))

    def link(self, chat: int, topic: int = 0) -> str:
        """Return the address of a group's settings."""
        return Links.of(self.gate.face.sender.bot).start(write_chat(SettingsOf(chat, topic)))

    async def arrive(self, update: Update, context: Context) -> None:
        """Answer `/start …` behind a link: with a whole answer, or with settings."""
        message = update.message
        if message is None:
            return
        parameter = "".join(context.args or ())
        if where := read_chat(parameter):
            await self.show(message, where.chat, where.topic)
        else:
            await start(await self._whole(message, parameter), update, context)

    async def _whole(self, message: Message, parameter: str) -> Face:
        """Return a face that leaves nothing out.

        It has the packs that are off for the reader too, if the answer is in one: it was on where they came from.
        """
        face = (await self.gate.enter(message, in_full=True)).face
        shared = read_answer(parameter)
        if shared is None or face.pipeline.library.entry(shared.entry):
            return face
        return replace(face, pipeline=await self.house.everything())

    async def show(self, message: Message, chat: int, topic: int) -> None:
        """Send the panel of a chat to somebody who may see it."""
        view = await self.view(chat, topic, message.chat.id)
        await self.gate.face.sender.answer(message, panel_reply(view) if isinstance(view, View) else view)

    async def view(self, chat: int, topic: int, person: int) -> View | Reply:
        """Return what a panel shows to somebody, or why they do not see it."""
        standing = await self.house.standing(chat)
        if not await self.rights.is_admin(standing.chat if standing else chat, person):
            return Reply((Paragraph(NOT_YOURS),))
        if standing is None:
            return Reply((Paragraph(UNSAVED),))
        return await self.seen(standing, topic)

    async def seen(self, standing: Standing, topic: int) -> View:
        """Return what is shown of a chat."""
        manners = self.house.over(standing.settings, is_group=standing.chat < 0)
        stack, chat = self.house.stack, standing.chat
        remarks: tuple[str, ...] = (f"Something keeps me from speaking there: {standing.trouble}.",)
        remarks = remarks if standing.trouble else ()
        title = ""
        if chat < 0:
            title = await self.rights.title(chat)
            remarks += deaf_remarks(manners, hears_all=await self.rights.hears_all(chat))
        can_undo = standing.previous is not None
        return View(chat, topic, title, manners, stack.available, stack.chosen(manners.packs), can_undo, remarks)

    async def suit(self, before: View, now: View) -> None:
        """Have the commands of a group seen by whom its answers are for, if that changed."""
        if before.manners.ephemeral is not now.manners.ephemeral and now.chat < 0:
            await suit(self.gate.face.sender.bot, now.chat, is_ephemeral=now.manners.ephemeral)

    async def take(self, update: Update, _: Context) -> None:
        """Take settings that somebody sends as text in reply to the question for them."""
        message = update.message
        chat = awaited(message) if message else None
        if message is None or chat is None:
            return
        view = await self.view(chat, 0, message.chat.id)
        reply = await self._taken(view, message.text or "") if isinstance(view, View) else view
        await self.gate.face.sender.answer(message, reply)

    async def _taken(self, view: View, text: str) -> Reply:
        try:
            changes = read_settings(text, view)
        except KnowledgeError as error:
            return Reply((Headline("Nothing is changed."), *map(Paragraph, error.problems)))
        standing = await self.house.told(lambda chats: chats.change(view.chat, changes))
        if standing is None:
            return Reply((Paragraph(UNSAVED),))
        now = await self.seen(standing, 0)
        await self.suit(view, now)
        reply = panel_reply(now)
        return Reply((*reply.blocks, Note("Taken.")), reply.buttons)


def read_settings(text: str, view: View) -> Mapping[str, Written]:
    """Return the settings a text holds.

    Raises:
        KnowledgeError: something in it is wrong; every problem is named with its line and its cure.
    """
    document = parse_document(text.encode("utf-8", "replace"), "settings")
    if not isinstance(document.tree, dict) or not document.tree:
        raise KnowledgeError([f"{document.at(())}: expected lines such as 'mode: listening'"])
    problems, found = [], {}
    for name, tree in document.tree.items():
        try:
            found[name] = _read(name, tree, view)
        except ValueError as error:
            problems.append(f"{document.at((name,))}: {error}")
    if problems:
        raise KnowledgeError(problems)
    return found


def _read(name: str, tree: object, view: View) -> Written:
    if name not in view.names and not (name == "packs" and name in SETTINGS):
        raise ValueError(f"'{name}' is not a setting here{nearest(name, list(view.names))}")
    value = tuple(tree) if isinstance(tree, list) else tree
    if not isinstance(value, str | tuple) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"{name}: expected a value or a list of values")
    try:
        read(name, value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    given = (value,) if isinstance(value, str) else value
    for pack in given if name == "packs" else ():
        if pack not in view.packs:
            raise ValueError(f"packs: '{pack}' is not offered here{nearest(pack, list(view.packs))}")
    return given if isinstance(SETTINGS[name].write(read(name, value)), tuple) else value


def awaited(message: Message) -> int | None:
    """Return whose settings a text answers the question for; None where it answers none."""
    asked = message.reply_to_message
    keyboard = asked.reply_markup.inline_keyboard if asked and asked.reply_markup else ()
    data = [button.callback_data for row in keyboard for button in row if isinstance(button.callback_data, str)]
    buttons = [panel_payload.decode(one) for one in data]
    return next((one.chat for one in buttons if isinstance(one, ImportSettings)), None) if len(buttons) == 1 else None


class Awaited(filters.MessageFilter):
    """Lets through what is sent in reply to the question for settings."""

    def filter(self, message: Message) -> bool:
        """Tell whether a message is such a reply, in a private chat."""
        return message.chat.type == ChatType.PRIVATE and awaited(message) is not None
