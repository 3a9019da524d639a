"""Chats of every kind: who is in them, what was written, which topics there are."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.faces.simulator.entities import JSON
from bot.faces.simulator.message import Message

if TYPE_CHECKING:
    from bot.faces.simulator.people import Person
    from bot.faces.simulator.world import LocalTelegram

GENERAL = 1  # the thread id of a forum's General topic, which messages never carry


class Kind(StrEnum):
    """The type of a chat, as the Bot API spells it."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Status(StrEnum):
    """What somebody is in a chat, as the Bot API spells it."""

    OWNER = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


PRESENT = frozenset({Status.OWNER, Status.ADMINISTRATOR, Status.MEMBER, Status.RESTRICTED})
IN_CHARGE = frozenset({Status.OWNER, Status.ADMINISTRATOR})


@dataclass(slots=True, eq=False)
class Topic:
    """One topic of a forum; `opening` is the service message it began with, None for General."""

    id: int
    name: str
    opening: Message | None = field(default=None, repr=False)
    is_closed: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """One chat; `members` maps user ids to what they are in it.

    A private chat has the id of its person and is open once the person wrote first. `whispers` are what one member and
    the bot alone see; `bot_may_write` is the right to send, `bot_may_show` that to send pictures and files; `slow_mode`
    is how many seconds lie between two messages of somebody who is no administrator; `moved_to` is the supergroup a
    group became; `last_id` starts behind the message that founded the chat. Of a channel, `cannot_post` has the
    administrators without the right to post, `discussion` is the supergroup its posts are copied to.
    """

    world: "LocalTelegram" = field(repr=False)
    id: int
    kind: Kind
    title: str
    username: str = ""
    is_forum: bool = False
    members: dict[int, Status] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list, repr=False)
    whispers: list[Message] = field(default_factory=list, repr=False)
    topics: dict[int, Topic] = field(default_factory=dict)
    bot_may_write: bool = True
    bot_may_show: bool = True
    slow_mode: int = 0
    moved_to: "Chat | None" = None
    cannot_post: set[int] = field(default_factory=set)
    discussion: "Chat | None" = None
    last_id: int = 1

    @property
    def raw(self) -> JSON:
        """The Bot API's Chat."""
        raw: JSON = {"id": self.id, "type": self.kind.value}
        raw["first_name" if self.kind is Kind.PRIVATE else "title"] = self.title
        if self.username:
            raw["username"] = self.username
        if self.is_forum:
            raw["is_forum"] = True
        return raw

    @property
    def has_topics(self) -> bool:
        """Whether messages stand in topics here: in a forum, and in a private chat in which one was opened."""
        return self.is_forum or (self.kind is Kind.PRIVATE and bool(self.topics))

    def status(self, user_id: int) -> Status:
        """Return what somebody is here; strangers have left."""
        return self.members.get(user_id, Status.LEFT)

    def next_id(self) -> int:
        """Return a new message_id: counted by the chat in supergroups and channels, by the bot elsewhere."""
        if self.kind in {Kind.PRIVATE, Kind.GROUP}:
            return self.world.next_message_id()
        self.last_id += 1
        return self.last_id

    def find(self, message_id: int) -> Message | None:
        """Return a message that still stands."""
        found = (one for one in reversed(self.messages) if one.id == message_id)
        return next((one for one in found if not one.deleted), None)

    def place(self, thread: int, reply_to: Message | None) -> JSON:
        """Return the fields that say where in the chat a message stands and what it answers.

        General messages carry no thread. In a topic a message that answers nothing answers the topic's opening;
        in a supergroup without topics an answer carries the thread it belongs to.
        """
        fields: JSON = {"reply_to_message": reply_to.quoted()} if reply_to else {}
        if self.has_topics and thread > GENERAL:
            opening = self.topics[thread].opening
            fields = fields or ({"reply_to_message": opening.quoted()} if opening else {})
            return {"message_thread_id": thread, "is_topic_message": True, **fields}
        if reply_to and self.kind is Kind.SUPERGROUP and not self.is_forum:
            fields["message_thread_id"] = reply_to.raw.get("message_thread_id", reply_to.id)
        return fields

    def topic(self, name: str, by: "Person") -> Topic:
        """Open a topic; its id is the message_id of the service message that opens it."""
        content = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = self.world.write(self, by.sender(self), content)
        topic = self.topics[message.id] = Topic(message.id, name, message)
        message.raw |= {"message_thread_id": topic.id, "is_topic_message": True}
        self.world.hear(message)
        return topic

    def close_topic(self, topic: Topic) -> None:
        """Close a topic: only administrators can write in it."""
        topic.is_closed = True

    def delete_topic(self, topic: Topic) -> None:
        """Delete a topic with everything in it."""
        del self.topics[topic.id]
        for message in self.messages:
            message.deleted = message.deleted or message.thread == topic.id

    def upgrade(self, by: "Person", *, is_told: bool = True) -> "Chat":
        """Turn a group into a supergroup, with the two service messages Telegram sends, and return it.

        They come in any order, or not at all: with `is_told` False the bot finds out when it writes.
        """
        new = self.moved_to = self.world.supergroup(self.title)
        new.members = dict(self.members)
        if not is_told:
            return new
        self.world.announce(self, by.sender(self), {"migrate_to_chat_id": new.id})
        self.world.announce(new, by.sender(new), {"migrate_from_chat_id": self.id})
        return new
