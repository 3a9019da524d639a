"""A whole Telegram in memory: people, chats, messages, and the Bot API that a real bot talks to."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar

from bot.faces.simulator.changes import Changes
from bot.faces.simulator.chat import GENERAL, Chat, Kind, Status, Topic
from bot.faces.simulator.entities import JSON
from bot.faces.simulator.faults import NONE, Fault, Faults, Gate, refusal_body, result_body
from bot.faces.simulator.files import Files, fetched
from bot.faces.simulator.inline import Elsewhere
from bot.faces.simulator.membership import set_bot_status
from bot.faces.simulator.message import Message
from bot.faces.simulator.methods import METHODS
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.people import Person, Presses
from bot.faces.simulator.privacy import is_delivered
from bot.faces.simulator.profile import Profile
from bot.faces.simulator.refusal import NOT_FOUND, UNAUTHORIZED, RefusedError
from bot.faces.simulator.shapes import Shapes
from bot.faces.simulator.updates import UpdateQueue
from bot.model.clock import Clock, utc_now

T = TypeVar("T")
TOKEN = re.compile(r"[1-9]\d*:[\w-]+")
BOT_ID = 4_200_042
FIRST_PERSON = 100_001
TELEGRAM: JSON = {"id": 777_000, "is_bot": False, "first_name": "Telegram"}  # copies posts into discussion groups
FIRST_GROUP = -5_001
FIRST_SUPERGROUP = -1_001_000_000_001
PATIENCE = 60.0  # seconds until what should come at once counts as missing, on a busy machine too


@dataclass(slots=True)
class Call:
    """One call the bot made; `refused` holds the words of a refusal, empty while all is well."""

    method: str
    parameters: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    refused: str = ""


class LocalTelegram:
    """One bot's Telegram.

    `privacy` is the bot's privacy mode; `schema` is the Bot API as data (`methods` and `types`). When it is given,
    names of parameters it does not know are refused; `misfits` says what else did not fit, to the last nested field.
    """

    def __init__(
        self,
        username: str = "local_bot",
        *,
        privacy: bool = True,
        clock: Clock = utc_now,
        schema: Mapping[str, Any] | None = None,
    ) -> None:
        self.token = f"{BOT_ID}:local-token"
        self.privacy = privacy
        self.clock = clock
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.calls: list[Call] = []
        self.presses = Presses()
        self.elsewhere = Elsewhere()
        self.abilities = {"supports_inline_queries": True, "supports_guest_queries": True}
        self.profile = Profile()
        self.faults = Faults()
        self.files = Files()
        self.changes = Changes()
        self.updates = UpdateQueue(self.changes.happened)
        self.misfits: list[str] = []
        self.unknown: set[str] = set()  # methods that are not there, and parameters nobody looks at, as of old servers
        self._shapes = Shapes(schema or {"methods": {}})
        self._numbers = {kind: count(first, step) for kind, first, step in _NUMBERS}
        self._message_ids = count(1)
        self.bot = Person(self, BOT_ID, "Local Bot", username, is_bot=True)
        self.people[BOT_ID] = self.bot

    def now(self) -> int:
        """Return the time as the Bot API writes it, in seconds since 1970."""
        return int(self.clock().timestamp())

    def next_message_id(self) -> int:
        """Return a new message_id for private chats and groups."""
        return next(self._message_ids)

    def person(self, name: str, username: str = "", language_code: str = "en") -> Person:
        """Create an account."""
        person = Person(self, next(self._numbers[Kind.PRIVATE]), name, username, language_code)
        self.people[person.id] = person
        self.chats[person.id] = Chat(self, person.id, Kind.PRIVATE, name, username)
        self.chats[person.id].members[person.id] = Status.MEMBER
        return person

    def private(self, person: Person) -> Chat:
        """Return the private chat of a person with the bot."""
        return self.chats[person.id]

    def group(
        self, title: str, members: Sequence[Person] = (), *, owner: Person | None = None, bot: Status = Status.MEMBER
    ) -> Chat:
        """Create a group; `bot` is what the bot is in it."""
        return self._create(Kind.GROUP, title, members, owner=owner, bot=bot)

    def supergroup(
        self, title: str, members: Sequence[Person] = (), *, owner: Person | None = None, bot: Status = Status.MEMBER
    ) -> Chat:
        """Create a supergroup."""
        return self._create(Kind.SUPERGROUP, title, members, owner=owner, bot=bot)

    def forum(
        self, title: str, members: Sequence[Person] = (), *, owner: Person | None = None, bot: Status = Status.MEMBER
    ) -> Chat:
        """Create a supergroup with topics; General is there from the start."""
        forum = self.supergroup(title, members, owner=owner, bot=bot)
        forum.is_forum = True
        forum.topics[GENERAL] = Topic(GENERAL, "General")
        return forum

    def channel(
        self,
        title: str,
        members: Sequence[Person] = (),
        *,
        owner: Person | None = None,
        bot: Status = Status.ADMINISTRATOR,
    ) -> Chat:
        """Create a channel; bots are administrators there or see nothing."""
        return self._create(Kind.CHANNEL, title, members, owner=owner, bot=bot)

    def _create(self, kind: Kind, title: str, members: Sequence[Person], *, owner: Person | None, bot: Status) -> Chat:
        chat = Chat(self, next(self._numbers[kind]), kind, title)
        chat.members = {person.id: Status.MEMBER for person in members}
        if owner:
            chat.members[owner.id] = Status.OWNER
        chat.members[self.bot.id] = bot
        self.chats[chat.id] = chat
        return chat

    def named(self, username: str) -> Chat | None:
        """Return the group or channel with that @username."""
        name = username.removeprefix("@").lower()
        public = (chat for chat in self.chats.values() if chat.kind in {Kind.SUPERGROUP, Kind.CHANNEL})
        return next((chat for chat in public if chat.username.lower() == name), None)

    def set_bot_status(self, chat: Chat, status: Status, by: Person) -> None:
        """Change what the bot is in a chat and tell it so."""
        set_bot_status(self, chat, status, by.raw)

    def write(self, chat: Chat, sender: JSON, content: JSON) -> Message:
        """Put a message into a chat, without an update."""
        raw = {"message_id": chat.next_id(), **sender, "chat": chat.raw, "date": self.now(), **content}
        message = Message(chat, raw)
        chat.messages.append(message)
        self.changes.happened()
        if chat.discussion:
            copied = {"sender_chat": chat.raw, "is_automatic_forward": True, "forward_origin": _origin(message)}
            self.announce(chat.discussion, {"from": TELEGRAM}, copied | content)
        return message

    def announce(self, chat: Chat, sender: JSON, content: JSON) -> Message:
        """Put a message into a chat and let the bot hear of it, if it may."""
        message = self.write(chat, sender, content)
        self.hear(message)
        return message

    def hear(self, message: Message, *, edited: bool = False) -> None:
        """Queue the update about a message, if the bot may see it."""
        kind = "channel_post" if message.chat.kind is Kind.CHANNEL else "message"
        if is_delivered(message, self):
            self.updates.put(f"edited_{kind}" if edited else kind, message.snapshot())

    def push(self, update: JSON) -> JSON:
        """Queue any update at all, of unknown kinds too; an update_id is added."""
        return self.updates.push(update)

    def sent_by_bot(self, chat: Chat) -> list[Message]:
        """Return what the bot wrote in a chat, oldest first, deleted messages too."""
        return [message for message in chat.messages if message.is_by_bot]

    def whispered(self, chat: Chat, person: Person) -> list[Message]:
        """Return what somebody alone sees of the bot in a chat, oldest first."""
        mine = (one for one in chat.whispers if one.is_by_bot and one.raw["receiver_user"]["id"] == person.id)
        return [message for message in mine if not message.deleted]

    async def written(self, chat: Chat, messages: int = 1, *, seconds: float = PATIENCE) -> list[Message]:
        """Wait until the bot wrote that many messages in a chat and return them all."""
        await self.wait_for(lambda: len(self.sent_by_bot(chat)) >= messages, seconds=seconds)
        return self.sent_by_bot(chat)

    def calls_of(self, method: str) -> list[Call]:
        """Return the calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    @property
    def callback_answers(self) -> list[JSON]:
        """What the bot answered to pressed buttons: text, show_alert, url."""
        return [press.answer for press in self.presses.answered if press.answer is not None]

    @property
    def commands(self) -> dict[str, dict[str, str]]:
        """The command menus: scope → command → description."""
        return self.profile.commands

    async def wait_for(self, predicate: Callable[[], T], *, seconds: float = PATIENCE) -> T:
        """Return what `predicate` returns as soon as that is true.

        Raises:
            TimeoutError: it stayed false; the text lists the bot's last calls.
        """
        try:
            return await self.changes.wait_for(predicate, seconds)
        except TimeoutError:
            last = [f"{call.method} {call.refused}".strip() for call in self.calls[-5:]]
            raise TimeoutError(f"not within {seconds:g} s; the bot's last calls: {last}") from None

    async def taken(self, *, seconds: float = PATIENCE) -> None:
        """Wait until the bot has confirmed every update."""
        await self.wait_for(lambda: not self.updates.pending, seconds=seconds)

    def fail_next(self, method: str, code: int, description: str, retry_after: int | None = None) -> None:
        """Refuse the next call of a method, which is not carried out."""
        parameters = {} if retry_after is None else {"retry_after": retry_after}
        body = refusal_body(code, description, parameters)
        self.faults.add(method, Fault(code, body, acts=False, refused=description))

    def garble_next(self, method: str, body: bytes, status: int = 200, *, acts: bool = False) -> None:
        """Answer the next call of a method with these bytes; `acts` says whether it is carried out."""
        self.faults.add(method, Fault(status, body, acts=acts))

    def hold_next(self, method: str, *, acts: bool = True) -> Gate:
        """Keep the answer to the next call of a method until the gate is opened.

        A call that is not carried out (`acts` is False) is answered with an empty 502.
        """
        gate = Gate()
        self.faults.add(method, Fault(gate=gate) if acts else Fault(502, b"", acts=False, gate=gate))
        return gate

    def fetch(self, token: str, path: str) -> tuple[int, bytes]:
        """Answer a fetch of a file that somebody sent: an HTTP status and a body."""
        return fetched(self, token, path)

    async def answer(self, token: str, method: str, given: Parameters) -> tuple[int, bytes]:
        """Answer one call of the Bot API: an HTTP status and a body."""
        fault = self.faults.next(method.lower()) or NONE
        call = Call(METHODS.get(method.lower(), (method,))[0], given.values, given.files, fault.refused)
        self.calls.append(call)
        self.changes.happened()
        answer = await self._carry_out(token, call, given) if fault.acts else (fault.status, b"")
        self.changes.happened()
        if fault.gate:
            await fault.gate.passed()
        return answer if fault.body is None else (fault.status, fault.body)

    async def _carry_out(self, token: str, call: Call, given: Parameters) -> tuple[int, bytes]:
        try:
            self._admit(token, call, given)
            given = replace(given, values={name: one for name, one in given.values.items() if name not in self.unknown})
            result = METHODS[call.method.lower()][1](self, given)
            return 200, result_body(await result if inspect.isawaitable(result) else result)
        except RefusedError as refusal:
            call.refused = refusal.description
            return refusal.code, refusal_body(refusal.code, refusal.description, refusal.parameters)

    def _admit(self, token: str, call: Call, given: Parameters) -> None:
        if token != self.token:
            raise RefusedError(*(UNAUTHORIZED if TOKEN.fullmatch(token) else NOT_FOUND))
        if call.method.lower() not in METHODS or call.method in self.unknown:
            raise RefusedError(*NOT_FOUND)
        self._shapes.check_names(call.method, given)
        self.misfits += self._shapes.misfits(call.method, given)


def _origin(post: Message) -> JSON:
    return {"type": "channel", "date": post.raw["date"], "chat": post.chat.raw, "message_id": post.id}


_NUMBERS = (
    (Kind.PRIVATE, FIRST_PERSON, 1),
    (Kind.GROUP, FIRST_GROUP, -1),
    (Kind.SUPERGROUP, FIRST_SUPERGROUP, -1),
    (Kind.CHANNEL, FIRST_SUPERGROUP - 500_000, -1),
)
