"""What the bot does with what it hears: each handler translates, calls, sends."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from importlib.metadata import version

import structlog
from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.faces.recent import Recent
from bot.faces.telegram.intake import heard, is_machine, place_of
from bot.faces.telegram.payload import decode
from bot.faces.telegram.send import Sender
from bot.gallery import CHARTS
from bot.match import fiat_named, read_chart, read_convert, read_cost
from bot.model.question import Question
from bot.model.reply import Ask, Refresh, Reply
from bot.pipeline import Pipeline
from bot.reply.claims import drift_reply

STALE = "This button is from an older answer. Please ask again."
SAME = "Nothing newer yet."
NEWER = "Numbers refreshed."

Context = ContextTypes.DEFAULT_TYPE  # its data dictionaries stay empty

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Face:
    """The bot as Telegram sees it."""

    pipeline: Pipeline
    sender: Sender
    recent: Recent = field(default_factory=Recent)

    async def question(self, update: Update, context: Context) -> None:
        """Answer a text that is meant for the bot."""
        message = update.effective_message
        text = heard(message, context.bot) if message else None
        if message and text is not None:
            await self._answer(update, message, text)

    async def ask(self, update: Update, context: Context) -> None:
        """Answer `/ask …`, or the message that a bare `/ask` replies to."""
        message = update.effective_message
        if message:
            replied = message.reply_to_message
            text = " ".join(context.args or ()) or (replied and (replied.text or replied.caption)) or ""
            await self._answer(update, message, text)

    async def compare(self, update: Update, context: Context) -> None:
        """Answer `/compare [topic]`."""
        message = update.effective_message
        if message:
            outcome = await self.pipeline.compare(" ".join(context.args or ()), place_of(message))
            await self._say(update, message, outcome.reply)

    async def fees(self, update: Update, _: Context) -> None:
        """Answer `/fees`."""
        await self._command(update, self.pipeline.statistic("fee"))

    async def price(self, update: Update, context: Context) -> None:
        """Answer `/price [currency]`."""
        await self._command(update, self.pipeline.price(fiat_named(" ".join(context.args or ()))))

    async def stats(self, update: Update, _: Context) -> None:
        """Answer `/stats`."""
        await self._command(update, self.pipeline.statistics())

    async def cost(self, update: Update, context: Context) -> None:
        """Answer `/cost [amount]`."""
        await self._command(update, self.pipeline.reckoning.cost(read_cost(" ".join(context.args or ()))))

    async def convert(self, update: Update, context: Context) -> None:
        """Answer `/convert amount currency`."""
        await self._command(update, self.pipeline.reckoning.convert(read_convert(" ".join(context.args or ()))))

    async def chart(self, update: Update, context: Context) -> None:
        """Answer `/chart [statistic] [span]`."""
        await self._command(update, self.pipeline.gallery.chart(read_chart(" ".join(context.args or ()), CHARTS)))

    async def card(self, update: Update, _: Context) -> None:
        """Answer `/card`."""
        await self._command(update, self.pipeline.gallery.card())

    async def status(self, update: Update, _: Context) -> None:
        """Answer `/status`."""
        await self._show(update, self.pipeline.status())

    async def drift(self, update: Update, _: Context) -> None:
        """Answer `/drift` of an owner."""
        await self._show(update, drift_reply(await self.pipeline.drift(), self.pipeline.clock()))

    async def topics(self, update: Update, _: Context) -> None:
        """Answer `/topics`."""
        await self._show(update, self.pipeline.composer.topics(0))

    async def welcome(self, update: Update, _: Context) -> None:
        """Answer `/start` and `/help`."""
        await self._show(update, self.pipeline.composer.welcome())

    async def about(self, update: Update, _: Context) -> None:
        """Answer `/about`."""
        await self._show(update, self.pipeline.composer.about(f"program {version('btc-bch-bot')}"))

    async def wordless(self, update: Update, _: Context) -> None:
        """Answer a sticker, a photo without caption and the like in a private chat."""
        await self._show(update, self.pipeline.composer.wordless())

    async def press(self, update: Update, _: Context) -> None:
        """Answer a pressed button: a new answer, another page, or fresher numbers in place."""
        query = update.callback_query
        if query is None:
            return
        button, shown = decode(query.data), query.message
        reply = await self.pipeline.pressed(button) if button else None
        if reply is None or not isinstance(shown, Message):
            await self.sender.acknowledge(query, STALE, is_alert=True)
        elif isinstance(button, Ask):
            await self.sender.acknowledge(query)
            await self.sender.answer(shown, reply)
        else:
            changed = await self.sender.replace(shown, reply)
            is_refresh = isinstance(button, Refresh)
            await self.sender.acknowledge(query, (NEWER if changed else SAME) if is_refresh else "")

    async def failed(self, update: object, context: Context) -> None:
        """Log an error that no one caught: its class and the update's number, nothing of what was written."""
        number = update.update_id if isinstance(update, Update) else None
        _log.error("telegram.update_failed", update_id=number, error=type(context.error).__name__)

    async def _answer(self, update: Update, message: Message, text: str) -> None:
        """Answer a question in the light of what the same person asked here just before."""
        now, asker = self.pipeline.clock(), (message.chat.id, message.from_user and message.from_user.id)
        outcome = await self.pipeline.answer(Question(text, now, place_of(message), self.recent.earlier(asker, now)))
        self.recent.note(asker, text, now)
        await self._say(update, message, outcome.reply)

    async def _command(self, update: Update, work: Awaitable[Reply]) -> None:
        await self._show(update, await work)

    async def _show(self, update: Update, reply: Reply) -> None:
        message = update.effective_message
        if message and not is_machine(message):
            await self._say(update, message, reply)

    async def _say(self, update: Update, message: Message, reply: Reply | None) -> None:
        if reply is None:
            return
        if update.edited_message or update.edited_channel_post:
            await self.sender.revise(message, reply)
        else:
            await self.sender.answer(message, reply)
