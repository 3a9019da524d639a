"""How an answer looks in the chat it goes to, and whether it was given there just before."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram import Message, Update
from telegram.constants import ChatType

from bot.faces.telegram import raw
from bot.faces.telegram.form import Form
from bot.faces.telegram.links import Links, message_link, write_answer
from bot.model.chat_buttons import OpenLink
from bot.model.clock import Clock
from bot.model.manners import Detail, Manners
from bot.model.reply import Paragraph, Reply
from bot.model.verdict import Answer, Rule
from bot.pipeline import Outcome
from bot.reply.in_group import for_group

SAME_FOR = timedelta(minutes=10)  # in which a question is the same that was answered
REMEMBERED = 10_000  # answers
WINDOW = timedelta(seconds=15)  # in which what one person alone said can be answered
ANSWERED = "That was answered here a few minutes ago."
SEE = "See the answer"

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})

Key = tuple[int, int | None, str]  # chat, topic, entry


@dataclass(slots=True)
class Repeats:
    """Which message answered what in which chat and topic, for ten minutes."""

    clock: Clock
    answers: OrderedDict[Key, tuple[int, datetime]] = field(default_factory=OrderedDict)

    def earlier(self, key: Key) -> int | None:
        """Return the message that answered the same a moment ago."""
        number, at = self.answers.get(key, (None, self.clock()))
        return number if self.clock() - at < SAME_FOR else None

    def note(self, key: Key, number: int) -> None:
        """Remember an answer."""
        now = self.clock()
        self.answers[key] = number, now
        self.answers.move_to_end(key)
        while len(self.answers) > REMEMBERED or now - next(iter(self.answers.values()))[1] >= SAME_FOR:
            self.answers.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """A chat while it is answered; without `repeats` nothing is remembered, without a `username` nothing is cut.

    `is_rich` says whether tables are Telegram's own.
    """

    manners: Manners = field(default_factory=Manners)
    username: str = ""
    repeats: Repeats | None = None
    is_rich: bool = False

    def fitted(self, reply: Reply) -> Reply:
        """Return a reply as long as this chat wants it."""
        return reply if self.manners.detail is Detail.FULL else self.short(reply)

    def short(self, reply: Reply) -> Reply:
        """Return a reply as short as groups like it."""
        if not self.username:
            return reply
        return for_group(reply, Links(self.username, is_inline=False).start(write_answer(reply.entry)))

    def form(self, update: Update, reply: Reply, now: datetime) -> Form:
        """Return the form of a reply to what was just said: for its author alone, if that is wanted and in time."""
        said, asker = update.effective_message, update.effective_user
        if said is None or asker is None or said.sender_chat or said.chat.type not in GROUPS:
            return Form(self.is_rich)
        is_wanted = self.manners.ephemeral or raw.whisper_of(said) is not None
        if not is_wanted or now - said.date >= WINDOW:
            return Form(self.is_rich, instead=self.short(reply) if is_wanted else None)
        return Form(self.is_rich, asker.id, self.short(reply))

    def earlier(self, near: Message, outcome: Outcome) -> tuple[Message, Reply] | None:
        """Return where the same was just answered, and what is said instead of saying it again."""
        number = self.repeats.earlier(key) if self.repeats and (key := key_of(near, outcome)) else None
        if number is None:
            return None
        link = message_link(near, number)
        if link is None:
            return at(near, number), Reply((Paragraph(ANSWERED),))
        return near, Reply((Paragraph(ANSWERED),), ((OpenLink(link, SEE),),))

    def note(self, near: Message, outcome: Outcome, sent: int | None) -> None:
        """Remember what was answered."""
        key = key_of(near, outcome)
        if self.repeats and key and sent:
            self.repeats.note(key, sent)


def key_of(near: Message, outcome: Outcome) -> Key | None:
    """Return what makes two questions the same: one chat, one topic, one answer; what is worked out differs."""
    verdict = outcome.verdict
    is_entry = outcome.reply is not None and bool(outcome.reply.entry)
    if not is_entry or not isinstance(verdict, Answer) or verdict.rule is Rule.WORKED_OUT:
        return None
    thread = near.message_thread_id if near.is_topic_message else None
    return near.chat.id, thread, verdict.entry.id


def at(near: Message, number: int) -> Message:
    """Return what stands for another message of the same chat and topic, so that it can be replied to."""
    return Message(
        number,
        near.date,
        near.chat,
        message_thread_id=near.message_thread_id,
        is_topic_message=near.is_topic_message,
    )
