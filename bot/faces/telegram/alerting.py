"""Alerts in chats: set, confirmed, listed, deleted; whoever set one may, and whoever runs the chat."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError
from telegram.ext import filters

from bot.errors import StoreError
from bot.faces.telegram.delivery import note
from bot.faces.telegram.face import STALE, Context, Face
from bot.faces.telegram.intake import asker_of, heard, is_machine, thread_of
from bot.faces.telegram.payload import decode
from bot.lookout import DISPUTED as SOURCES_DIFFER
from bot.lookout import Lookout
from bot.match import find_alert, read_alert
from bot.model.alert import Alert, Reading, Room, Unclear, Unreadable, Wish
from bot.model.crossing import holds, settled
from bot.model.mark import AlertButton, AlertDeed, Page
from bot.model.reply import Paragraph, Reply
from bot.reply import alerts as say
from bot.stats import STATS
from bot.store import Alerts
from bot.store.alerts import MOST_IN_CHAT

UNITS = {key: stat.unit for key, stat in STATS.items()}
IN_CHARGE = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}

_log = structlog.get_logger()


def is_alert(data: object) -> bool:
    """Tell whether callback data is for here."""
    return isinstance(data, str) and isinstance(decode(data), AlertButton)


class Wishing(filters.MessageFilter):
    """Lets texts through that are meant for the bot and ask to be told of a number."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face

    def filter(self, message: Message) -> bool:
        """Tell whether a text is a wish."""
        if self._face.alerts is None:
            return False
        text = heard(message, self._face.sender.bot)
        return text is not None and find_alert(text, UNITS) is not None


@dataclass(frozen=True, slots=True)
class Alerting:
    """What is done about alerts; where none can be kept, that is said."""

    face: Face

    @property
    def lookout(self) -> Lookout:
        """What reads the numbers."""
        pipeline = self.face.pipeline
        return Lookout(pipeline.desk, pipeline.gallery.history, pipeline.clock)

    async def alert(self, update: Update, context: Context) -> None:
        """Answer `/alert …`."""
        said = " ".join(context.args or ())
        await self._answer(update, lambda alerts, message: self._asked(alerts, message, said))

    async def wish(self, update: Update, _: Context) -> None:
        """Answer "tell me when …"."""
        await self._answer(update, self._wished)

    async def alerts(self, update: Update, _: Context) -> None:
        """Answer `/alerts`."""
        await self._answer(update, lambda alerts, message: _list(alerts, message.chat.id))

    async def press(self, update: Update, _: Context) -> None:
        """Answer a pressed button of an alert."""
        query, alerts = update.callback_query, self.face.alerts
        if query is None:
            return
        match decode(query.data), query.message:
            case AlertButton() as button, Message() as shown if alerts:
                try:
                    await self._press(alerts, query, shown, button)
                except StoreError as error:
                    _log.warning("alerts.failed", error=type(error.__cause__ or error).__name__)
                    await self.face.sender.acknowledge(query, say.NOT_KEPT, is_alert=True)
            case _:
                await self.face.sender.acknowledge(query, STALE, is_alert=True)

    async def _answer(self, update: Update, work: Callable[[Alerts, Message], Awaitable[Page]]) -> None:
        message, alerts = update.effective_message, self.face.alerts
        if message is None or is_machine(message):
            return
        page = Page(Reply((Paragraph(say.NOT_KEPT),)))
        try:
            page = await work(alerts, message) if alerts else page
        except StoreError as error:
            _log.warning("alerts.failed", error=type(error.__cause__ or error).__name__)
        await self.face.show(update, page.reply, page.marks)

    async def _asked(self, alerts: Alerts, message: Message, said: str) -> Page:
        return await self._proposed(alerts, message, read_alert(said, UNITS)) if said else Page(say.usage())

    async def _wished(self, alerts: Alerts, message: Message) -> Page:
        found = find_alert(heard(message, self.face.sender.bot) or "", UNITS)
        return await self._proposed(alerts, message, found) if found else Page(say.usage())

    async def _proposed(self, alerts: Alerts, message: Message, wish: Wish | Unclear) -> Page:
        """Return the card of a wish, with the number as it is now."""
        if isinstance(wish, Unclear):
            return Page(say.unclear_reply(wish))
        found = await self.lookout.reading(wish)
        refusal = _refusal(wish, found)
        if refusal:
            return Page(Reply((Paragraph(refusal),)))
        wish = _settled(wish, found)
        is_armed = not (isinstance(found, Reading) and holds(wish, found))
        room = Room(message.chat.id, thread_of(message))
        number = await alerts.propose(wish, room, asker_of(message), is_armed=is_armed)
        if number is None:
            return Page(Reply((Paragraph(say.FULL),)))
        return say.card(wish, STATS[wish.stat], found, self.face.pipeline.clock(), alert=number)

    async def _press(self, alerts: Alerts, query: CallbackQuery, shown: Message, button: AlertButton) -> None:
        alert = await alerts.find(button.alert, shown.chat.id)
        if alert and not await self._may(query, shown, alert):
            await self.face.sender.acknowledge(query, say.NOT_YOURS, is_alert=True)
            return
        words, page = await self._done(alerts, shown.chat.id, button, alert)
        await self.face.sender.acknowledge(query, words, is_alert=words in {say.EXPIRED, say.FULL, say.GONE})
        if page:
            await self.face.sender.replace(shown, page.reply, page.marks)

    async def _done(
        self, alerts: Alerts, chat: int, button: AlertButton, alert: Alert | None
    ) -> tuple[str, Page | None]:
        """Do what a button says; return what is said to whoever pressed, and what stands there from now on."""
        match button.deed:
            case AlertDeed.CONFIRM:
                return await _confirmed(alerts, chat, alert)
            case AlertDeed.AGAIN:
                if alert is None:
                    return say.GONE, None
                await alerts.arm([alert.id])
                return say.REARMED, None
            case AlertDeed.STRIKE:
                is_gone = await alerts.delete(button.alert, chat)
                return say.DELETED if is_gone else say.GONE, await _list(alerts, chat)
        await alerts.delete(button.alert, chat)
        is_card = button.deed is AlertDeed.CANCEL
        return "", Page(Reply((Paragraph(say.CANCELLED if is_card else say.DELETED),)))

    async def _may(self, query: CallbackQuery, shown: Message, alert: Alert) -> bool:
        """Tell whether somebody set an alert, or runs the chat now."""
        person = query.from_user.id
        if person == alert.asker:
            return True
        try:
            member = await self.face.sender.bot.get_chat_member(shown.chat.id, person)
        except TelegramError as error:
            note("member", error)
            return False
        return member.status in IN_CHARGE


async def _confirmed(alerts: Alerts, chat: int, alert: Alert | None) -> tuple[str, Page | None]:
    if alert is None:
        return say.EXPIRED, None
    kept = await alerts.confirm(alert.id, chat)
    return ("", say.confirmed(kept, STATS[kept.wish.stat])) if kept else (say.FULL, None)


async def _list(alerts: Alerts, chat: int) -> Page:
    found = [(one, STATS[one.wish.stat]) for one in await alerts.of_chat(chat) if one.wish.stat in STATS]
    return say.listed(found, MOST_IN_CHAT)


def _refusal(wish: Wish, found: Reading | Unreadable) -> str:
    """Return why no alert is set on a number; an empty text where one may be."""
    if isinstance(found, Reading):
        return ""
    if found.reason == SOURCES_DIFFER:
        return say.DISPUTED
    return say.NO_SIDE if wish.crossing is None and found.value is None else ""


def _settled(wish: Wish, found: Reading | Unreadable) -> Wish:
    if wish.crossing is not None or found.value is None:
        return wish
    return Wish(wish.stat, wish.coin, settled(wish, found.value), wish.amount, wish.span)
