"""Between what is heard and what is said stand the manners of the chat: whether to answer, from what, and how."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from telegram import Message, MessageEntity, Update

from bot.faces.telegram.command import Handle
from bot.faces.telegram.cooldown import Cooldowns
from bot.faces.telegram.earshot import Heard, hear, is_group, is_overheard, topic_of
from bot.faces.telegram.face import Context, Face, is_edit
from bot.faces.telegram.intake import asker_of, heard, is_machine
from bot.faces.telegram.visit import Repeats, Visit
from bot.house import House
from bot.model.manners import Detail, Manners, Mode, Tables
from bot.model.question import Place
from bot.model.reply import Paragraph, Reply
from bot.model.standing import Standing, Trouble

SLOWER = "One after the other, please: I answer you again in a moment."
TRIES_AGAIN = timedelta(minutes=10)  # after it was told that it may not write


@dataclass(frozen=True, slots=True)
class Room:
    """A chat as it is entered: its manners, what is known of it, and the face that speaks in it."""

    face: Face
    manners: Manners
    mode: Mode
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets through what the chat wants answered, to a face that has the chat's packs, currency and length."""

    face: Face
    house: House
    cooldowns: Cooldowns
    repeats: Repeats

    def command(self, handle: Callable[[Face], Handle]) -> Handle:
        """Return the handler of a command, which keeps to topics and pace; quiet hours are no matter to commands."""

        async def guarded(update: Update, context: Context) -> None:
            message = update.effective_message
            if message is None or is_machine(message):
                return
            room = await self.enter(message)
            if not self._may_speak(message, room) or not await self.is_in_time(update, message, room.manners):
                return
            if is_group(message) and not is_edit(update):
                self.cooldowns.answered(message.chat.id, asker_of(message))
            await handle(room.face)(update, context)
            await self._afterwards(update, message, message, room)

        return guarded

    def pressed(self, handle: Callable[[Face], Handle]) -> Handle:
        """Return the handler of a press, which answers from the packs of the chat that the button stands in."""

        async def guarded(update: Update, context: Context) -> None:
            shown = update.callback_query.message if update.callback_query else None
            reader = update.callback_query.from_user.id if update.callback_query else None
            face = (await self.enter(shown, reader=reader)).face if isinstance(shown, Message) else self.face
            await handle(face)(update, context)

        return guarded

    async def question(self, update: Update, context: Context) -> None:
        """Answer a text that is meant for the bot, or that it overheard where it may listen."""
        message = update.effective_message
        if message is None or not _concerns(update, message, context):
            return
        room = await self.enter(message)
        found = hear(message, context.bot, room.manners, room.mode)
        if found is None or not self._may_speak(message, room) or not await self._lets(update, message, found, room):
            return
        is_said = await room.face.answer(update, message, found)
        if not is_said or is_edit(update):
            return
        if is_group(message):
            self.cooldowns.answered(message.chat.id, asker_of(message))
        if found.place is Place.OVERHEARD:
            self.cooldowns.chimed(message.chat.id)
        await self._afterwards(update, message, found.near, room)

    async def enter(self, message: Message, *, in_full: bool = False, reader: int | None = None) -> Room:
        """Return the chat of a message with the face that speaks in it; `in_full` leaves nothing out.

        The `reader` is whoever wrote the message, unless somebody else is named.
        """
        house, chat, in_group = self.house, message.chat.id, is_group(message)
        standing = await house.standing(chat)
        manners = house.over(standing.settings if standing else {}, is_group=in_group)
        if in_full:
            manners = replace(manners, detail=Detail.FULL)
        is_rich = manners.tables is Tables.RICH and not (
            in_group and await self._reads_text(reader or asker_of(message))
        )
        visit = Visit(manners, self.face.sender.bot.username, self.repeats if in_group else None, is_rich)
        face = replace(self.face, pipeline=await house.line_in(manners), visit=visit)
        return Room(face, manners, manners.mode_at(house.pipeline.clock()), standing)

    async def _reads_text(self, person: int) -> bool:
        """Tell whether somebody cannot see Telegram's own tables, wherever they are."""
        standing = await self.house.standing(person)
        return standing is not None and standing.settings.get("tables") == Tables.CLASSIC

    async def is_in_time(self, update: Update, message: Message, manners: Manners) -> bool:
        """Tell whether whoever wrote may be answered already; if not, they are told once in a while."""
        chat, asker = message.chat.id, asker_of(message)
        if not is_group(message) or is_edit(update) or not self.cooldowns.is_spent(chat, asker, manners.cooldown):
            return True
        if self.cooldowns.takes_notice(chat, asker):
            await self.face.sender.answer(message, Reply((Paragraph(SLOWER),)))
        return False

    async def _lets(self, update: Update, message: Message, found: Heard, room: Room) -> bool:
        if found.place is not Place.OVERHEARD:
            return await self.is_in_time(update, message, room.manners)
        chat, cooldown = message.chat.id, room.manners.cooldown
        is_calm = not self.cooldowns.is_spent(chat, asker_of(message), cooldown)
        return is_calm and self.cooldowns.may_chime(chat, room.manners.listen_every) and not is_edit(update)

    def _may_speak(self, message: Message, room: Room) -> bool:
        """Tell whether this is a topic to speak in, and no place where writing was refused just now."""
        if not is_group(message):
            return True
        known = room.standing
        is_silenced = known is not None and known.trouble is Trouble.SILENCED
        if known and is_silenced and self.house.pipeline.clock() - known.at < TRIES_AGAIN:
            return False
        return room.manners.speaks_in(topic_of(message))

    async def _afterwards(self, update: Update, message: Message, near: Message, room: Room) -> None:
        """Note what is to be deleted later, and that nothing keeps the bot from speaking any more."""
        sent = self.face.sender.answers.get((near.chat.id, near.message_id), ())
        if not sent or not is_group(message) or is_edit(update):
            return
        if room.standing and room.standing.trouble:
            await self.house.troubled(message.chat.id, Trouble.NONE)
        await self.clear_away(message, (*sent, message.message_id) if _is_command(message) else sent, room)

    async def clear_away(self, near: Message, numbers: Sequence[int], room: Room) -> None:
        """Note what is to be deleted later, where anything is."""
        if room.manners.delete_after:
            due = self.house.pipeline.clock() + timedelta(minutes=room.manners.delete_after)
            await self.house.told(lambda chats: chats.delete_later(near.chat.id, numbers, due))


def _concerns(update: Update, message: Message, context: Context) -> bool:
    """Tell whether a message may be for the bot at all; most of what a group says is not, and costs nothing more."""
    if heard(message, context.bot) is not None:
        return True
    return is_group(message) and not is_edit(update) and is_overheard(message)


def _is_command(message: Message) -> bool:
    return any(entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0 for entity in message.entities)
