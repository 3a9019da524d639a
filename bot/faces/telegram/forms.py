"""Buttons about the form of an answer: as text for those whose app shows no tables, for everybody in a group."""

from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update

from bot.faces.telegram import raw
from bot.faces.telegram.face import STALE, Context
from bot.faces.telegram.form import Form
from bot.faces.telegram.form_payload import decode
from bot.faces.telegram.intake import thread_of
from bot.faces.telegram.manners_gate import Gate, Room
from bot.faces.telegram.visit import Repeats
from bot.model.form_buttons import Plainly, Publish
from bot.model.manners import Tables
from bot.model.reply import Refresh, Reply

AS_TEXT = "As text from now on; /settings in our private chat changes it back."
AS_TEXT_ONCE = "As text this time; I could not note it for later."
SHARED = "Shared."
THERE = "It is there already."


@dataclass(frozen=True, slots=True)
class Forms:
    """Carries out what is pressed; the answer is looked up anew."""

    gate: Gate

    async def press(self, update: Update, _: Context) -> None:
        """Answer a press; a forged or an outdated one is refused."""
        query = update.callback_query
        if query is None:
            return
        button, shown = decode(query.data), query.message
        if button is None or not isinstance(shown, Message):
            await self.gate.face.sender.acknowledge(query, STALE, is_alert=True)
            return
        room = await self.gate.enter(shown, reader=query.from_user.id)
        reply = await room.face.pipeline.pressed(Refresh(button.entry))
        match button, reply:
            case Plainly(), Reply():
                await self._flatten(query, shown, room, reply)
            case Publish(), Reply() if raw.whisper_of(shown) is not None:
                await self._publish(query, shown, room, reply)
            case _:
                await room.face.sender.acknowledge(query, STALE, is_alert=True)

    async def _flatten(self, query: CallbackQuery, shown: Message, room: Room, reply: Reply) -> None:
        """Show text instead, and remember of the person that they want that, wherever they are."""
        changes = {"tables": Tables.CLASSIC.value}
        is_noted = await self.gate.house.told(lambda chats: chats.change(query.from_user.id, changes))
        await room.face.sender.acknowledge(query, AS_TEXT if is_noted else AS_TEXT_ONCE)
        await room.face.sender.flatten(shown, room.face.visit.fitted(reply))

    async def _publish(self, query: CallbackQuery, shown: Message, room: Room, reply: Reply) -> None:
        """Answer for everybody, once, and take away what only the asker saw."""
        face, repeats = room.face, room.face.visit.repeats or Repeats(self.gate.house.pipeline.clock)
        key = shown.chat.id, thread_of(shown), reply.entry
        if repeats.earlier(key):
            await face.sender.acknowledge(query, THERE)
            return
        await face.sender.acknowledge(query, SHARED)
        number = await face.sender.answer(shown, face.visit.short(reply), form=Form(face.visit.is_rich))
        if number:
            repeats.note(key, number)
            await self.gate.clear_away(shown, (number,), room)
            await face.sender.whispers.forget(shown)
