"""What buttons of the settings panel do; who presses, and whether they may, is looked at with every press."""

from dataclasses import dataclass

import structlog
from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.faces.telegram.face import STALE, Context
from bot.faces.telegram.panel_payload import decode
from bot.faces.telegram.send import Sender
from bot.faces.telegram.settings import UNSAVED, Panels
from bot.model.chat_buttons import (
    ChatButton,
    ExportSettings,
    ImportSettings,
    OpenPanel,
    OpenSetting,
    ProveIt,
    SetTo,
    UndoSettings,
)
from bot.model.reply import Reply
from bot.model.standing import Standing
from bot.reply.panel import (
    LAST_PACK,
    NOBODY,
    NOT_YOURS,
    TITLES,
    View,
    chosen,
    export_reply,
    import_reply,
    panel_reply,
    setting_reply,
)

SAVED = "Saved."

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Panel:
    """Carries out what is pressed in a panel."""

    panels: Panels

    @property
    def sender(self) -> Sender:
        """What answers."""
        return self.panels.gate.face.sender

    async def press(self, update: Update, _: Context) -> None:
        """Carry out a press of somebody who may; anybody else's, a forged or an outdated one is refused."""
        query = update.callback_query
        if query is None:
            return
        button, shown = decode(query.data), query.message
        if button is None or not isinstance(shown, Message):
            await self._refuse(query, STALE, "forged_or_stale")
        elif isinstance(button, ProveIt):
            await self._prove(query, shown, button)
        elif shown.chat.type != ChatType.PRIVATE:
            await self._refuse(query, STALE, "not_private")
        else:
            topic = 0 if isinstance(button, ExportSettings | ImportSettings) else button.topic
            view = await self.panels.view(button.chat, topic, query.from_user.id)
            if isinstance(view, View):
                await self._carry_out(query, shown, button, view)
            else:
                await self._refuse(query, NOT_YOURS, "no_admin")

    async def _refuse(self, query: CallbackQuery, text: str, reason: str) -> None:
        _log.info("panel.refused", reason=reason)
        await self.sender.acknowledge(query, text, is_alert=True)

    async def _prove(self, query: CallbackQuery, shown: Message, button: ProveIt) -> None:
        """Open the panel for whoever pressed, if they are an administrator of the group."""
        if await self.panels.rights.is_admin(shown.chat.id, query.from_user.id):
            await self.sender.open(query, self.panels.link(shown.chat.id, button.topic))
        else:
            await self._refuse(query, NOBODY, "no_admin")

    async def _carry_out(self, query: CallbackQuery, shown: Message, button: ChatButton, view: View) -> None:
        match button:
            case OpenSetting(name=name) if name in TITLES:
                await self._show(query, shown, setting_reply(view, name))
            case OpenPanel():
                await self._show(query, shown, panel_reply(view))
            case ExportSettings():
                await self.sender.acknowledge(query)
                await self.sender.answer(shown, export_reply(view))
            case ImportSettings():
                await self.sender.acknowledge(query)
                await self.sender.answer(shown, import_reply(view.chat))
            case UndoSettings():
                standing = await self.panels.house.told(lambda chats: chats.undo(view.chat))
                await self._changed(query, shown, standing, view)
            case SetTo():
                await self._set(query, shown, button, view)
            case _:
                await self._refuse(query, STALE, "forged_or_stale")

    async def _set(self, query: CallbackQuery, shown: Message, button: SetTo, view: View) -> None:
        value = chosen(view, button.name, button.value)
        if value is None:
            is_last = button.name == "packs" and len(view.chosen) == 1
            await self._refuse(query, LAST_PACK if is_last else STALE, "does_not_fit")
            return
        changes = {button.name: value}
        standing = await self.panels.house.told(lambda chats: chats.change(view.chat, changes))
        await self._changed(query, shown, standing, view)

    async def _changed(self, query: CallbackQuery, shown: Message, standing: Standing | None, view: View) -> None:
        """Show the panel as it is now, and have ready what the chat will be answered from."""
        if standing is None:
            await self._refuse(query, UNSAVED, "not_saved")
            return
        now = await self.panels.seen(standing, view.topic)
        await self._show(query, shown, panel_reply(now), SAVED)
        await self.panels.suit(view, now)
        await self.panels.house.line_in(now.manners)

    async def _show(self, query: CallbackQuery, shown: Message, reply: Reply, text: str = "") -> None:
        await self.sender.acknowledge(query, text)
        await self.sender.replace(shown, reply)
