"""Answers for chats the bot is not in: inline queries and their chosen results, guest queries, inline messages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.faces.simulator.entities import JSON, units
from bot.faces.simulator.keyboard import checked_markup
from bot.faces.simulator.message import Message
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import RefusedError, bad_request
from bot.faces.simulator.text import LONGEST_TEXT, formatted

if TYPE_CHECKING:
    from bot.faces.simulator.chat import Chat
    from bot.faces.simulator.people import Person
    from bot.faces.simulator.world import LocalTelegram

MOST_RESULTS = 50
LONGEST_ID = 64  # bytes, of a result
LONGEST_OFFSET = 64  # bytes
LONGEST_QUERY = 256  # characters a client sends
START = re.compile(r"[A-Za-z0-9_-]{1,64}")
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True, eq=False)
class Query:
    """One query, typed behind the bot's name or put to it as a guest; `answer` is what the bot answered.

    `message` is the one that called a guest.
    """

    id: str
    person: "Person"
    text: str
    chat_type: str = "supergroup"
    message: Message | None = None
    answer: JSON | None = None
    is_too_old: bool = False

    @property
    def results(self) -> list[JSON]:
        """The results the bot offered; none before it answered."""
        return list(self.answer["results"]) if self.answer else []

    def expire(self) -> None:
        """Let so much time pass that Telegram takes no answer any more."""
        self.is_too_old = True


@dataclass(slots=True)
class Elsewhere:
    """Queries by id, and the messages that came of them by inline_message_id."""

    queries: dict[str, Query] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)

    def add(self, query: Query) -> Query:
        """Keep a query and return it."""
        self.queries[query.id] = query
        return query

    def next_id(self) -> str:
        """Return a new id of a query."""
        return str(9_100_000_001 + len(self.queries))

    def waiting(self, query_id: str, *, is_guest: bool) -> Query:
        """Return a query that may be answered now."""
        query = self.queries.get(query_id)
        if query is None or query.is_too_old or query.answer is not None or bool(query.message) is not is_guest:
            raise bad_request(TOO_OLD)
        return query


def inquire(world: "LocalTelegram", person: "Person", text: str, *, offset: str, chat_type: str) -> Query:
    """Type something behind the bot's name; the bot hears of every letter a client cares to send."""
    query = world.elsewhere.add(Query(world.elsewhere.next_id(), person, text[:LONGEST_QUERY], chat_type))
    body = {"id": query.id, "from": person.raw, "query": query.text, "offset": offset, "chat_type": chat_type}
    world.updates.put("inline_query", body)
    return query


def choose(world: "LocalTelegram", query: Query, number: int, chat: "Chat") -> Message:
    """Insert a result into a chat; the bot hears which one, and of the message where it is in that chat."""
    result = query.results[number]
    message = _written(world, chat, query.person.sender(chat) | {"via_bot": world.bot.raw}, result)
    world.hear(message)
    chosen = {"result_id": result["id"], "from": query.person.raw, "query": query.text}
    known = {"inline_message_id": message.inline_id} if message.buttons else {}
    world.updates.put("chosen_inline_result", chosen | known)
    return message


def summon(world: "LocalTelegram", asked: Message, person: "Person") -> Query:
    """Let the bot hear, as a guest, of a message that names it in a chat it is not in."""
    query = world.elsewhere.add(Query(world.elsewhere.next_id(), person, asked.text, message=asked))
    world.updates.put("guest_message", asked.snapshot() | {"guest_query_id": query.id})
    return query


def answer_inline_query(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out answerInlineQuery."""
    results = given.parsed("results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results: Expected an Array of InlineQueryResult")
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    checked = [_result(one) for one in results]
    if len({one["id"] for one in checked}) < len(checked):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(given.text("next_offset").encode()) > LONGEST_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    button = given.parsed("button")
    if button:
        _check_button(button)
    query = world.elsewhere.waiting(given.text("inline_query_id"), is_guest=False)
    query.answer = {
        "results": checked,
        "cache_time": given.number("cache_time"),
        "is_personal": given.flag("is_personal"),
        "next_offset": given.text("next_offset"),
        "button": button or {},
    }
    return True


def answer_guest_query(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out answerGuestQuery: the bot's message appears in the chat, as an answer to the one that called it."""
    result = _result(given.parsed("result"))
    query = world.elsewhere.waiting(given.text("guest_query_id"), is_guest=True)
    assert query.message  # noqa: S101 - a guest query has one
    chat = query.message.chat
    sender = {"from": world.bot.raw, "guest_bot_caller_user": query.person.raw} | chat.place(
        query.message.thread or 0, query.message
    )
    message = _written(world, chat, sender, result)
    message.is_by_bot = True
    query.answer = {"results": [result]}
    return {"inline_message_id": message.inline_id}


def _written(world: "LocalTelegram", chat: "Chat", sender: JSON, result: JSON) -> Message:
    content = Parameters(_texts(result["input_message_content"]))
    text, entities = formatted(content, "message_text", "entities")
    raw = {"text": text} | ({"entities": entities} if entities else {})
    markup = checked_markup(result.get("reply_markup"))
    message = world.write(chat, sender, raw | ({"reply_markup": markup} if markup else {}))
    message.html = content.text("message_text")
    message.inline_id = f"inline-{chat.id}-{message.id}"
    world.elsewhere.messages[message.inline_id] = message
    return message


def _texts(content: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in content.items() if isinstance(value, str)}


def _result(result: Any) -> JSON:
    """Check one result; only articles are known here."""
    if not isinstance(result, dict):
        raise _complaint("InlineQueryResult must be an Object")
    name = result.get("id")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= LONGEST_ID:
        raise bad_request("RESULT_ID_INVALID")
    if result.get("type") != "article":
        raise bad_request("RESULT_TYPE_INVALID")
    if not isinstance(result.get("title"), str) or not result["title"].strip():
        raise _complaint('Can\'t find field "title"')
    content = result.get("input_message_content")
    if not isinstance(content, dict):
        raise _complaint('Can\'t find field "input_message_content"')
    text, _ = formatted(Parameters(_texts(content)), "message_text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    checked_markup(result.get("reply_markup"))
    return result


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not button.get("text"):
        raise _complaint("InlineQueryResultsButton must have a text")
    if ("web_app" in button) is ("start_parameter" in button):
        raise _complaint("InlineQueryResultsButton must have exactly one action")
    if "start_parameter" in button and not START.fullmatch(str(button["start_parameter"])):
        raise bad_request("START_PARAM_INVALID")


def _complaint(words: str) -> RefusedError:
    return bad_request(f"can't parse inline query result: {words}")
