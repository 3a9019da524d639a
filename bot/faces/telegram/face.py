"""What the bot does with what it hears: each handler translates, calls, sends."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from importlib.metadata import version

import structlog
from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.faces.recent import Recent
from bot.faces.telegram import raw
from bot.faces.telegram.earshot import Heard
from bot.faces.telegram.editing import Editing
from bot.faces.telegram.form import Form
from bot.faces.telegram.intake import asker_of, is_machine, place_of, said_with
from bot.faces.telegram.keyboard import feedback_marks
from bot.faces.telegram.payload import decode
from bot.faces.telegram.send import Sender
from bot.faces.telegram.visit import Visit
from bot.gallery import CHARTS
from bot.journal import Asking, Journal
from bot.match import fiat_named, read_chart, read_convert, read_cost
from bot.meters import Meters
from bot.model.mark import Mark, Marks
from bot.model.question import Place, Question
from bot.model.record import Spot, kind_of
from bot.model.reply import Ask, Choose, Refresh, Reply
from bot.pipeline import Outcome, Pipeline
from bot.reply.claims import drift_reply
from bot.store import Alerts

STALE = "This button is from an older answer. Please ask again."
SAME = "Nothing newer yet."
NEWER = "Numbers refreshed."

Context = ContextTypes.DEFAULT_TYPE  # its data dictionaries stay empty

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Face:
    """The bot as Telegram sees it; `owners` may see the gaps, and close them where there is `editing`."""

    pipeline: Pipeline
    sender: Sender
    recent: Recent = field(default_factory=Recent)
    journal: Journal = field(default_factory=Journal)
    owners: frozenset[int] = frozenset()
    editing: Editing | None = None
    meters: Meters = field(default_factory=Meters)
    visit: Visit = field(default_factory=Visit)
    alerts: Alerts | None = None

    async def ask(self, update: Update, context: Context) -> None:
        """Answer `/ask …`, or the message that a bare `/ask` replies to."""
        message = update.effective_message
        if message:
            text = said_with(message, context.args or ())
            await self.answer(update, message, Heard(text, place_of(message), message))

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
        await self.show(update, self.pipeline.status())

    async def drift(self, update: Update, _: Context) -> None:
        """Answer `/drift` of an owner."""
        await self.show(update, drift_reply(await self.pipeline.drift(), self.pipeline.clock()))

    async def topics(self, update: Update, _: Context) -> None:
        """Answer `/topics`."""
        await self.show(update, self.pipeline.composer.topics(0))

    async def welcome(self, update: Update, _: Context) -> None:
        """Answer `/start` and `/help`."""
        await self.show(update, self.pipeline.composer.welcome())

    async def about(self, update: Update, _: Context) -> None:
        """Answer `/about`."""
        await self.show(update, self.pipeline.composer.about(f"program {version('btc-bch-bot')}"))

    async def wordless(self, update: Update, _: Context) -> None:
        """Answer a sticker, a photo without caption and the like in a private chat."""
        await self.show(update, self.pipeline.composer.wordless())

    async def press(self, update: Update, _: Context) -> None:
        """Answer a pressed button: a new answer, another page, or fresher numbers in place."""
        query = update.callback_query
        if query is None:
            return
        button, shown = decode(query.data), query.message
        reply = await self.pipeline.pressed(button) if button and not isinstance(button, Mark) else None
        reply = self.visit.fitted(reply) if reply else None
        if reply is None or not isinstance(shown, Message):
            await self.sender.acknowledge(query, STALE, is_alert=True)
        elif isinstance(button, Ask) and raw.whisper_of(shown) is None:
            await self.sender.acknowledge(query)
            await self.sender.answer(shown, reply, form=Form(self.visit.is_rich))
        else:
            changed = await self.sender.replace(shown, reply)
            is_refresh = isinstance(button, Refresh)
            await self.sender.acknowledge(query, (NEWER if changed else SAME) if is_refresh else "")
        if reply and isinstance(button, Choose) and isinstance(shown, Message):
            await self.journal.remark(Spot(shown.chat.id, shown.message_id), query.from_user.id, button.entry)

    async def failed(self, update: object, context: Context) -> None:
        """Log an error that no one caught: its class and the update's number, nothing of what was written."""
        number = update.update_id if isinstance(update, Update) else None
        _log.error("telegram.update_failed", update_id=number, error=type(context.error).__name__)

    async def answer(self, update: Update, message: Message, heard: Heard) -> bool:
        """Answer a question in the light of what the same person asked here just before; return whether anything is.

        What was answered here just before is only pointed at.
        """
        now, asker = self.pipeline.clock(), (message.chat.id, message.from_user and message.from_user.id)
        earlier = () if heard.place is Place.OVERHEARD else self.recent.earlier(asker, now)
        question = Question(heard.text, now, heard.place, earlier)
        outcome = await self.pipeline.answer(question)
        if outcome.reply or heard.place is not Place.OVERHEARD:
            self.recent.note(asker, heard.text, now)
        marks = feedback_marks(is_private=question.place is Place.PRIVATE) if self.journal.is_open else ()
        self.meters.asked(kind_of(outcome.verdict))
        if outcome.reply:
            self.meters.answered((self.pipeline.clock() - now).total_seconds())
        if (before := None if is_edit(update) else self.visit.earlier(heard.near, outcome)) is not None:
            sent = await self._say(update, *before)
        else:
            sent = await self._say(update, heard.near, outcome.reply, marks)
            self.visit.note(heard.near, outcome, sent)
        number = sent or message.message_id or -update.update_id  # what one person alone said has none
        self._note(message, question, outcome, number)
        return outcome.reply is not None

    def _note(self, message: Message, question: Question, outcome: Outcome, number: int) -> None:
        """Let the journal have a question; without an answer it stands for itself."""
        language = (message.from_user and message.from_user.language_code) or ""
        spot = Spot(message.chat.id, number)
        self.journal.note(question, outcome.verdict, Asking(asker_of(message), language, spot))

    async def _command(self, update: Update, work: Awaitable[Reply]) -> None:
        await self.show(update, await work)

    async def show(self, update: Update, reply: Reply, marks: Marks = ()) -> None:
        """Say something to whoever wrote, unless that is a machine."""
        message = update.effective_message
        if message and not is_machine(message):
            await self._say(update, message, reply, marks)

    async def _say(self, update: Update, message: Message, reply: Reply | None, marks: Marks = ()) -> int | None:
        """Answer, or bring the answer to an edited question up to date; return the message that has the buttons."""
        if reply is None:
            return None
        reply = self.visit.fitted(reply)
        if is_edit(update):
            return await self.sender.revise(message, reply, marks, Form(self.visit.is_rich))
        return await self.sender.answer(message, reply, marks, self.visit.form(update, reply, self.pipeline.clock()))


def is_edit(update: Update) -> bool:
    """Tell whether an update is about a message that was there before."""
    return bool(update.edited_message or update.edited_channel_post)
