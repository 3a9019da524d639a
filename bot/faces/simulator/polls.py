"""Polls and quizzes: sent by the bot, voted in by people."""

from typing import TYPE_CHECKING, Any

from bot.faces.simulator.access import replied, thread_of, writable_chat
from bot.faces.simulator.entities import JSON, units
from bot.faces.simulator.keyboard import read_markup
from bot.faces.simulator.message import Message
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import bad_request

if TYPE_CHECKING:
    from bot.faces.simulator.people import Person
    from bot.faces.simulator.world import LocalTelegram

LONGEST_QUESTION = 300  # UTF-16 units
LONGEST_OPTION = 100
LONGEST_EXPLANATION = 200
MOST_LINE_FEEDS = 2  # in an explanation
FEWEST_OPTIONS, MOST_OPTIONS = 2, 12
KINDS = {"": "regular", "regular": "regular", "quiz": "quiz"}


def send_poll(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out sendPoll."""
    poll = _poll(given)
    chat = writable_chat(world, given)
    thread = thread_of(world, chat, given)
    answered = replied(chat, given)
    where = chat.place(thread or (answered.thread if answered else 0) or 0, answered)
    poll["id"] = str(9_000_000_001 + len(chat.messages))
    markup = read_markup(given)
    content = {"poll": poll} | ({"reply_markup": markup} if markup else {})
    message = world.write(chat, world.bot.sender(chat), where | content)
    message.is_by_bot = True
    return message.snapshot()


def vote(person: "Person", message: Message, option: int) -> bool:
    """Vote in a quiz, once for good; return whether that was right.

    Raises:
        LookupError: the message is no open quiz, has no such option, or the person has voted.
    """
    poll = message.raw.get("poll", {})
    voters = message.voters
    if message.deleted or poll.get("type") != "quiz" or not 0 <= option < len(poll["options"]) or person.id in voters:
        raise LookupError(f"{person.name} cannot vote for {option} in message {message.id}")
    voters.add(person.id)
    poll["options"][option]["voter_count"] += 1
    poll["total_voter_count"] += 1
    return option in poll["correct_option_ids"]


def _poll(given: Parameters) -> JSON:
    kind = KINDS.get(given.required("type") if given.text("type") else "")
    if kind is None:
        raise bad_request("unsupported poll type specified")
    question = _text(given.required("question").strip(), LONGEST_QUESTION, "question")
    options = _options(given.parsed("options"))
    poll: JSON = {
        "question": question,
        "options": options,
        "total_voter_count": 0,
        "is_closed": given.flag("is_closed"),
        "is_anonymous": given.flag("is_anonymous") if given.text("is_anonymous") else True,
        "type": kind,
        "allows_multiple_answers": given.flag("allows_multiple_answers"),
        "allows_revoting": kind == "regular",
        "members_only": given.flag("members_only"),
    }
    return poll | (_quiz(given, len(options)) if kind == "quiz" else {})


def _quiz(given: Parameters, options: int) -> JSON:
    correct = given.parsed("correct_option_ids")
    if not isinstance(correct, list) or not correct:
        raise bad_request("poll_quiz_no_correct_option")
    if sorted({*correct}) != correct or not all(isinstance(one, int) and 0 <= one < options for one in correct):
        raise bad_request("poll_quiz_correct_options_invalid")
    explanation = given.text("explanation").strip()
    if units(explanation) > LONGEST_EXPLANATION or explanation.count("\n") > MOST_LINE_FEEDS:
        raise bad_request("poll explanation is too long")
    return {"correct_option_ids": correct} | ({"explanation": explanation} if explanation else {})


def _options(given: Any) -> list[JSON]:
    if not isinstance(given, list) or not all(
        isinstance(one, dict) and isinstance(one.get("text"), str) for one in given
    ):
        raise bad_request("can't parse options JSON object")
    if not FEWEST_OPTIONS <= len(given) <= MOST_OPTIONS:
        raise bad_request("poll must have at least 2 option" if given[1:] == [] else "poll can't have so many options")
    texts = [_text(one["text"].strip(), LONGEST_OPTION, "option") for one in given]
    return [{"persistent_id": f"{place}", "text": text, "voter_count": 0} for place, text in enumerate(texts)]


def _text(text: str, most: int, what: str) -> str:
    if not text:
        raise bad_request(f"poll {what}s must be non-empty")
    if units(text) > most:
        raise bad_request(f"poll {what}s length must not exceed {most}")
    return text
