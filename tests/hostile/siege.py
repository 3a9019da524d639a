"""Sends hostile cases at the real Application, many at once, and tells which of them broke what must always hold."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import structlog

from bot.faces.simulator import Chat
from bot.faces.simulator.entities import covered
from bot.faces.simulator.people import Press
from bot.faces.simulator.world import Call
from bot.pipeline import Pipeline
from tests.hostile.messages import CANARY
from tests.telegram.conftest import Stage

PATIENCE = 60.0  # seconds that a wave may take on a machine with much else to do
AT_ONCE = 20  # cases between two ordinary questions
SHOWN_AS = frozenset({"url", "email", "mention", "text_mention", "hashtag", "cashtag", "phone_number", "custom_emoji"})
WRITING = frozenset({"sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageMedia"})
PIECE = 16  # characters of a text that no log may repeat
ECHOED = re.compile(f"the currency {CANARY}|cannot draw '{CANARY}'")  # one plain word, said not to be known
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Attack:
    """What was done: where an answer may stand, what was written, whether there must be an answer (None: either)."""

    chat: Chat
    text: str = ""
    answered: bool | None = None
    thread: int | None = None
    before: int = 0  # messages of the bot that stood there
    press: Press | None = None


Act = Callable[[], Attack]


@dataclass(slots=True)
class Siege:
    """A stage under attack; `own` are links, mentions and tags that the knowledge itself holds."""

    stage: Stage
    pipeline: Pipeline
    own: frozenset[str]
    logs: list[MutableMapping[str, Any]] = field(default_factory=list)
    foreign: list[logging.LogRecord] = field(default_factory=list)

    @property
    def version(self) -> str:
        """The version of the knowledge in use."""
        return self.pipeline.library.version

    async def broken(self, acts: Mapping[str, Act]) -> dict[str, list[str]]:
        """Carry out every act and return what each case broke; nothing where all held."""
        rest = iter(acts.items())
        broken: dict[str, list[str]] = {}
        while chunk := dict(islice(rest, AT_ONCE)):
            for name, problems in (await self._wave(chunk)).items():
                broken.setdefault(name, []).extend(problems)
        return broken

    async def _wave(self, acts: Mapping[str, Act]) -> dict[str, list[str]]:
        telegram = self.stage.telegram
        calls, logs, foreign = len(telegram.calls), len(self.logs), len(self.foreign)
        attacks = {name: act() for name, act in acts.items()}
        await self._handled()
        ann = telegram.person("Ordinary")
        ann.say(ann.private, "why did bch fork")
        (answer, *_) = await telegram.written(ann.private, seconds=PATIENCE)
        await self._handled()

        problems = {name: [*self._of_replies(attack)] for name, attack in attacks.items()}
        made = telegram.calls[calls:]
        for name, attack in attacks.items():
            own = [call for call in made if call.parameters.get("chat_id") == str(attack.chat.id)]
            problems[name] += [f"{call.method} refused: {call.refused}" for call in own if is_bad(call)]
            problems[name] += self._of_logs(attack, self.logs[logs:], self.foreign[foreign:])
        known = {str(attack.chat.id) for attack in attacks.values()}
        problems["all together"] = [*self._of_all(made, known, self.logs[logs:], self.foreign[foreign:])]
        if "2017" not in answer.text:
            problems["all together"].append(f"the next question was answered with {answer.text[:60]!r}")
        return {name: found for name, found in problems.items() if found}

    async def _handled(self) -> None:
        """Wait until everything is handled; charts are drawn by a process of their own, which may take its time."""
        await self.stage.telegram.taken(seconds=PATIENCE)
        async with asyncio.timeout(PATIENCE):
            await self.stage.reception.lanes.idle()

    def _of_replies(self, attack: Attack) -> Iterator[str]:
        sent = self.stage.telegram.sent_by_bot(attack.chat)[attack.before :]
        if attack.press and attack.press.answer is None:
            yield "the press was not answered"
        if len(sent) > 1:
            yield f"{len(sent)} replies"
        if attack.answered is not None and bool(sent) is not attack.answered:
            yield "no reply" if attack.answered else f"a reply: {sent[0].text[:60]!r}"
        for message in sent:
            if message.thread != attack.thread:
                yield f"in topic {message.thread}"
            if CANARY in ECHOED.sub("", message.text.casefold()):
                yield f"repeats its asker: {message.text[:80]!r}"
            shown = {covered(message.text, one) for one in message.entities if one["type"] in SHOWN_AS}
            links = {one.get("url", "") for one in message.entities if one["type"] == "text_link"} - {""}
            yield from (f"shows {one!r}" for one in sorted((shown | links) - self.own))

    @staticmethod
    def _of_logs(
        attack: Attack, events: Sequence[Mapping[str, Any]], records: Sequence[logging.LogRecord]
    ) -> Iterator[str]:
        piece = attack.text.strip()[:PIECE]
        if len(piece) < PIECE or len(set(piece)) < PIECE // 2:
            return
        if any(piece in str(event) for event in events):
            yield "its text is in an event"
        if any(piece in record.getMessage() for record in records if record.levelno >= logging.INFO):
            yield "its text is in a library's log"

    @staticmethod
    def _of_all(
        calls: Sequence[Call],
        known: set[str],
        events: Sequence[Mapping[str, Any]],
        records: Sequence[logging.LogRecord],
    ) -> Iterator[str]:
        bad = [event for event in events if event["log_level"] in {"error", "critical"} or "exc_info" in event]
        yield from (f"logged {event}" for event in bad)
        yield from (f"logged {one.getMessage()[:200]}" for one in records if one.levelno >= logging.ERROR)
        yield from (
            f"control characters in {event}" for event in events if CONTROL.search("".join(map(str, event.values())))
        )
        for call in calls:
            chat = call.parameters.get("chat_id", "")
            if is_bad(call) and chat not in known:
                yield f"{call.method} refused: {call.refused}"
            if call.method in WRITING - {"sendPhoto", "sendDocument", "editMessageMedia"}:
                preview = call.parameters.get("link_preview_options", "")
                if '"is_disabled": true' not in preview and '"is_disabled":true' not in preview:
                    yield f"{call.method} without its preview switched off"


def is_bad(call: Call) -> bool:
    """Tell whether Telegram refused a call for a fault of ours; an edit that changes nothing is none."""
    return bool(call.refused) and "message is not modified" not in call.refused


class Ear(logging.Handler):
    """Keeps what libraries log."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.INFO)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self._records.append(record)


def hear(siege: Siege) -> None:
    """Let a siege keep everything that is logged; the fixture `logs` undoes it."""

    def keep(_logger: object, level: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        siege.logs.append({**event, "log_level": level})
        raise structlog.DropEvent

    structlog.configure(processors=[keep])
    logging.getLogger().addHandler(Ear(siege.foreign))
