"""What people do: say, edit, press, post, add and remove the bot. Every act returns what came of it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.faces.simulator import media, polls
from bot.faces.simulator.chat import IN_CHARGE, PRESENT, Chat, Kind, Status, Topic
from bot.faces.simulator.entities import JSON, find
from bot.faces.simulator.ephemeral import whisper
from bot.faces.simulator.inline import Query, choose, inquire, summon
from bot.faces.simulator.membership import set_status
from bot.faces.simulator.message import Message

if TYPE_CHECKING:
    from bot.faces.simulator.world import LocalTelegram

ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}


@dataclass(slots=True, eq=False)
class Press:
    """A pressed button; `answer` is what the bot answered, as parameters of answerCallbackQuery."""

    id: str
    message: Message
    answer: JSON | None = None
    is_too_old: bool = False

    def expire(self) -> None:
        """Let so much time pass that Telegram takes no answer any more."""
        self.is_too_old = True


class Presses:
    """The buttons that were pressed, by callback_query_id."""

    def __init__(self) -> None:
        self._presses: dict[str, Press] = {}

    def add(self, message: Message) -> Press:
        """Note a press and return it."""
        press = Press(str(8_000_000_001 + len(self._presses)), message)
        self._presses[press.id] = press
        return press

    def get(self, press_id: str) -> Press | None:
        """Return the press of that id."""
        return self._presses.get(press_id)

    @property
    def answered(self) -> list[Press]:
        """The presses the bot answered, in the order of pressing."""
        return [press for press in self._presses.values() if press.answer is not None]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with a Telegram account, or the bot itself."""

    world: "LocalTelegram" = field(repr=False)
    id: int
    name: str
    username: str = ""
    language_code: str = "en"
    is_bot: bool = False

    @property
    def raw(self) -> JSON:
        """The Bot API's User."""
        raw: JSON = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            raw["username"] = self.username
        if not self.is_bot:
            raw["language_code"] = self.language_code
        return raw

    @property
    def private(self) -> Chat:
        """The private chat with the bot."""
        return self.world.private(self)

    def sender(self, chat: Chat, as_chat: Chat | None = None) -> JSON:
        """Return the fields that name the author: this person, an anonymous administrator or a channel."""
        if chat.kind is Kind.CHANNEL:
            return {"sender_chat": chat.raw}
        if as_chat is None:
            return {"from": self.raw}
        return {"from": ANONYMOUS_ADMIN if as_chat is chat else CHANNEL_BOT, "sender_chat": as_chat.raw}

    def say(self, chat: Chat, text: str, **how: Any) -> Message:
        """Write a text; commands, mentions and links become entities.

        `how` may hold `reply_to` (a message), `thread` (a topic or its id), `as_chat` (the group itself: anonymous
        administrator; a channel: on its behalf); everything else becomes fields of the message as it is.
        """
        return self._send(chat, said(text), **how)

    def whisper(self, chat: Chat, command: str) -> Message:
        """Send a command that only its sender and the bot see."""
        self._enter(chat)
        message = whisper(chat, self.sender(chat), said(command))
        self.world.updates.put("message", message.snapshot())
        return message

    def sticker(self, chat: Chat, emoji: str = "👍", **how: Any) -> Message:
        """Send a sticker."""
        return self._send(chat, media.sticker(emoji), **how)

    def photo(self, chat: Chat, caption: str | None = None, **how: Any) -> Message:
        """Send a photo, with or without a caption."""
        return self._send(chat, media.photo() | captioned(caption or ""), **how)

    def document(self, chat: Chat, name: str, content: bytes, caption: str = "", **how: Any) -> Message:
        """Send a file; the bot can fetch what it holds."""
        sent = media.document(name, content)
        self.world.files.put(sent["document"]["file_id"], content)
        return self._send(chat, sent | captioned(caption), **how)

    def forward(self, chat: Chat, text: str, **how: Any) -> Message:
        """Forward a text of somebody who hides behind their name."""
        origin = {"type": "hidden_user", "date": self.world.now(), "sender_user_name": "Somebody"}
        return self._send(chat, said(text), forward_origin=origin, **how)

    def post(self, channel: Chat, text: str, **how: Any) -> Message:
        """Write in a channel, on its behalf."""
        return self.say(channel, text, **how)

    def comment(self, post: Message, text: str, **how: Any) -> Message:
        """Comment on a channel's post, which is to answer its copy in the discussion group.

        Raises:
            LookupError: the channel has no discussion group.
        """
        room = post.chat.discussion
        if room is None:
            raise LookupError(f"{post.chat.title} has no discussion group")
        copies = (one for one in room.messages if one.raw.get("forward_origin", {}).get("message_id") == post.id)
        return self.say(room, text, reply_to=next(copies), **how)

    def edit(self, message: Message, text: str) -> Message:
        """Change the text of a message; the bot hears of it."""
        message.raw.pop("entities", None)
        message.raw |= said(text) | {"edit_date": self.world.now()}
        self.world.hear(message, edited=True)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message; the bot is not told."""
        message.deleted = True
        self.world.changes.happened()

    def edit_post(self, message: Message, text: str) -> Message:
        """Change the text of a channel post."""
        return self.edit(message, text)

    def press(self, message: Message, what: str) -> Press:
        """Press the button with that label or callback data.

        Raises:
            LookupError: the message has no such button, or was deleted, or the button opens a link.
        """
        button = message.button(what)
        if message.deleted or not button.data:
            raise LookupError(f"nothing to press: message {message.id} is deleted or {what!r} is a link")
        return self.forge(message, button.data)

    def forge(self, message: Message, data: str) -> Press:
        """Send callback data that need not be under the message, as an old screen or a changed client can."""
        press = self.world.presses.add(message)
        where = {"inline_message_id": message.inline_id} if message.inline_id else {"message": message.snapshot()}
        query = {"id": press.id, "from": self.raw, **where, "data": data}
        self.world.updates.put("callback_query", query | {"chat_instance": str(message.chat.id)})
        return press

    def inquire(self, text: str = "", offset: str = "", chat_type: str = "supergroup") -> Query:
        """Type something behind the bot's name, in any chat at all; `offset` asks for what comes further down."""
        return inquire(self.world, self, text, offset=offset, chat_type=chat_type)

    def choose(self, query: Query, chat: Chat, number: int = 0) -> Message:
        """Insert one of the results of a query into a chat."""
        return choose(self.world, query, number, chat)

    def summon(self, chat: Chat, text: str, reply_to: Message | None = None) -> Query:
        """Write a message that names the bot into a chat it is not in; the bot may answer it as a guest."""
        where = chat.place(reply_to.thread or 0 if reply_to else 0, reply_to)
        return summon(self.world, self.world.write(chat, self.sender(chat), where | said(text)), self)

    def react(self, message: Message, *emoji: str) -> None:
        """Set one's reactions to a message; none takes them back. In groups only an administrator bot hears of it."""
        old, new = message.reactions.get(self.id, ()), tuple({"type": "emoji", "emoji": one} for one in emoji)
        message.reactions[self.id] = new
        chat = message.chat
        if chat.kind is Kind.PRIVATE or chat.status(self.world.bot.id) in IN_CHARGE:
            change = {"chat": chat.raw, "message_id": message.id, "user": self.raw, "date": self.world.now()}
            change |= {"old_reaction": list(old), "new_reaction": list(new)}
            self.world.updates.put("message_reaction", change)

    def vote(self, message: Message, option: int) -> bool:
        """Vote in a quiz of the bot; return whether that was right."""
        return polls.vote(self, message, option)

    def start(self) -> Message:
        """Open the private chat as the Start button does."""
        return self.say(self.private, "/start")

    def block(self) -> None:
        """Block the bot in the private chat."""
        self.world.set_bot_status(self.private, Status.KICKED, by=self)

    def unblock(self) -> None:
        """Let the bot write again."""
        self.world.set_bot_status(self.private, Status.MEMBER, by=self)

    def add_bot(self, chat: Chat, status: Status = Status.MEMBER) -> Message:
        """Add the bot to a chat; returns the service message."""
        self.world.set_bot_status(chat, status, by=self)
        return self.world.announce(chat, self.sender(chat), {"new_chat_members": [self.world.bot.raw]})

    def remove_bot(self, chat: Chat) -> Message:
        """Throw the bot out; returns the service message."""
        bot = self.world.bot.raw
        message = self.world.announce(chat, self.sender(chat), {"left_chat_member": bot})
        self.world.set_bot_status(chat, Status.KICKED, by=self)
        return message

    def promote_bot(self, chat: Chat, status: Status = Status.ADMINISTRATOR) -> None:
        """Change what the bot is in a chat."""
        self.world.set_bot_status(chat, status, by=self)

    def promote(self, chat: Chat, who: "Person", status: Status = Status.ADMINISTRATOR) -> None:
        """Change what somebody is in a chat."""
        set_status(chat, who.raw, status, by=self.raw)

    def _send(
        self,
        chat: Chat,
        content: JSON,
        *,
        reply_to: Message | None = None,
        thread: Topic | int | None = None,
        as_chat: Chat | None = None,
        **fields: Any,
    ) -> Message:
        self._enter(chat)
        topic = thread.id if isinstance(thread, Topic) else thread
        where = chat.place(topic or (reply_to.thread if reply_to else 0) or 0, reply_to)
        return self.world.announce(chat, self.sender(chat, as_chat), where | content | fields)

    def _enter(self, chat: Chat) -> None:
        if chat.kind is Kind.PRIVATE:
            chat.members.setdefault(self.world.bot.id, Status.MEMBER)
        if chat.status(self.id) not in PRESENT:
            chat.members[self.id] = Status.MEMBER


def said(text: str) -> JSON:
    """Return the fields of a text message."""
    found = find(text)
    return {"text": text, "entities": found} if found else {"text": text}


def captioned(text: str) -> JSON:
    """Return the fields of a caption, none for an empty one."""
    found = find(text)
    return ({"caption": text} if text else {}) | ({"caption_entities": found} if found else {})
