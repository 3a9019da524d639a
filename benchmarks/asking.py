"""People who ask a local Telegram's bot all sorts of things, each known by its answer: for the benchmarks."""

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.running import ROOT, RUN, Arrival, NotingTelegram, Program, environment, is_up
from bot.faces.simulator import Person
from bot.faces.simulator.chat import Chat
from bot.faces.simulator.message import Message
from bot.faces.simulator.server import serve
from bot.library import load_library
from bot.model.knowledge import Library
from bot.stats import STATS

COMMANDS = ("/help", "/topics", "/about", "/fees", "/stats")
CHATTER = "see you at the market"
MEMBERS = 10
SIGN = 40  # characters of an answer by which it is known
LAST = 60.0  # seconds in which something must move at the end, or the rest is lost


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of updates: `repeated` is that of questions from a small list; the rest are asked once or seldom."""

    private: float = 0.60
    group: float = 0.08
    chatter: float = 0.20
    command: float = 0.07
    press: float = 0.05
    repeated: float = 0.7
    popular: int = 50

    def __str__(self) -> str:
        return (
            f"{self.private:.0%} questions in private, {self.group:.0%} questions in groups, {self.chatter:.0%} chatter"
            f" in groups, {self.command:.0%} commands, {self.press:.0%} presses; {self.repeated:.0%} of questions"
            f" are among {self.popular} that come again and again"
        )


QUESTIONS_ONLY = Mix(1, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Questions and commands that are answered with one message, by the text of that answer."""

    answers: dict[str, str]
    popular: tuple[str, ...]
    rare: tuple[str, ...]


def library() -> Library:
    """Return the shipped pack."""
    return load_library(ROOT / "knowledge", ("btc-vs-bch",), STATS)


def phrasings(most: int, seed: int) -> list[str]:
    """Return questions of the shipped exam, mixed."""
    found = [exam.text for pack in library().packs.values() for exam in pack.exams if exam.topics]
    random.Random(seed).shuffle(found)  # noqa: S311 - the same every time
    return found[:most]


async def catalogue(home: Path, most: int, popular: int, seed: int) -> Catalogue:
    """Ask a program each question once, alone, in a chat and in a group of its own.

    Those are kept that are answered in one message. What is taken for talk is not: in a group it gets no answer.
    """
    telegram = NotingTelegram("load_bot")
    said: defaultdict[int, list[str]] = defaultdict(list)
    telegram.on_arrival = lambda arrival: said[arrival.chat].append(arrival.text)
    asked: dict[int, str] = {}
    in_groups: dict[str, int] = {}
    async with serve(telegram) as base_url:
        program = Program(RUN, environment(home, telegram.token, base_url), home / "first.txt")
        await program.start()
        await is_up(telegram, "polling")
        for text in [*COMMANDS, *phrasings(most, seed)]:
            person = telegram.person("Asker")
            asked[person.id] = text
            person.say(person.private, text)
            group = telegram.supergroup("Club", [], owner=person)
            in_groups[text] = group.id
            person.say(group, text if text in COMMANDS else f"@{telegram.bot.username} {text}")
        await settled(lambda: len(said), 2 * len(asked), patience=10)
        await program.end()
    (home / "bot.db").unlink()
    once = {text: said[chat][0] for chat, text in asked.items() if len(said[chat]) == len(said[in_groups[text]]) == 1}
    talk = tuple(one.say[:SIGN] for one in library().refusals if one.quiet)
    answers = {text: answer for text, answer in once.items() if not answer.startswith(talk)}
    questions = [text for text in answers if text not in COMMANDS]
    return Catalogue(answers, tuple(questions[:popular]), tuple(questions[popular:]))


async def settled(count: Callable[[], int], goal: int, patience: float = LAST) -> float:
    """Wait until `count()` reaches a goal, or nothing moves any more; return the seconds that took."""
    began = moved = time.monotonic()
    last = -1
    while last < goal and time.monotonic() - moved < patience:
        if (now := count()) != last:
            last, moved = now, time.monotonic()
        await asyncio.sleep(0.1)
    return time.monotonic() - began


@dataclass(slots=True)
class Due:
    """An answer that must come: to which update, in which chat, to what, and when it came, each time."""

    update: int
    chat: int
    asked: str
    phase: str
    came: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Crowd:
    """People in private chats and groups; `phase` is written on what they do."""

    telegram: NotingTelegram
    catalogue: Catalogue
    mix: Mix
    chats: int
    seed: int = 1
    phase: str = ""
    repeats: bool = False  # whether the same may be answered again in a chat; then nothing is counted twice
    done: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    dues: dict[tuple[int, str], Due] = field(default_factory=dict)
    answered: int = 0
    _people: list[Person] = field(default_factory=list)
    _groups: list[tuple[Chat, list[Person]]] = field(default_factory=list)
    _order: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _said: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    _waiting: defaultdict[int, dict[int, Due]] = field(default_factory=lambda: defaultdict(dict))
    _votable: list[Chat] = field(default_factory=list)
    _dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Let the chats be there: one in ten is a group, if anything is said in groups."""
        self._dice = random.Random(self.seed)  # noqa: S311 - the same every time
        in_groups = self.chats // 10 if self.mix.group + self.mix.chatter else 0
        self._people = [self.telegram.person("Asker") for _ in range(self.chats - in_groups)]
        for _ in range(in_groups):
            members = [self.telegram.person("Member") for _ in range(MEMBERS)]
            self._groups.append((self.telegram.supergroup("Club", members, owner=members[0]), members))
        self.telegram.on_arrival = self.hear

    async def steadily(self, rate: float, seconds: float) -> None:
        """Do something so many times a second."""
        began = time.monotonic()
        for number in range(int(rate * seconds)):
            self.act()
            await asyncio.sleep(max(0.0, began + (number + 1) / rate - time.monotonic()))

    def act(self) -> None:
        """Let somebody do one thing."""
        mix = self.mix
        deeds = (self._ask, self._ask_in_group, self._chat, self._command, self._press)
        weights = (mix.private, mix.group, mix.chatter, mix.command, mix.press)
        (deed,) = self._dice.choices(deeds, weights)
        deed()
        self.done[self.phase] += 1

    def hear(self, arrival: Arrival) -> None:
        """Note what the bot says, as the answer to what it must be the answer to.

        A question that follows another may be read in its light, and answered otherwise than alone; such an answer
        counts for what waits longest in its chat.
        """
        due = self.dues.get(key_of(arrival))
        waiting = self._waiting[arrival.chat]
        if (due is None or due.came) and waiting and arrival.method == "sendmessage":
            due = next(iter(waiting.values()))
            self.others["otherwise"] += 1
        if due is None:
            self.others[arrival.method] += 1
            return
        waiting.pop(due.update, None)
        due.came.append(arrival.at)
        if len(due.came) == 1:
            self.answered += 1
            if due.chat:
                self._order[due.chat].append(due.update)
                self._votable.append(self.telegram.chats[due.chat])

    def lost(self) -> int:
        """Return how many answers never came."""
        return len(self.dues) - self.answered

    def unanswered(self) -> list[str]:
        """Return what got no answer, and what was said in its chat all the same."""
        open_ones = [due for due in self.dues.values() if not due.came]
        said = [
            [one.text[:60] for one in self.telegram.sent_by_bot(self.telegram.chats[due.chat])] for due in open_ones
        ]
        return [f"{due.phase}: {due.asked!r}; said there: {texts}" for due, texts in zip(open_ones, said, strict=True)]

    def repeated(self) -> int:
        """Return how many answers came more than once."""
        return sum(len(due.came) - 1 for due in self.dues.values() if due.came)

    def inversions(self) -> int:
        """Return how many answers came right after one to a later update of the same chat."""
        return sum(before > after for order in self._order.values() for before, after in pairwise(order))

    def waits(self, phase: str) -> list[float]:
        """Return for each answer of a phase the seconds from when its update was handed out."""
        handed = self.telegram.handing.handed
        return [due.came[0] - handed[due.update] for due in self.dues.values() if due.phase == phase and due.came]

    def _ask(self) -> None:
        self._say(self._question())

    def _command(self) -> None:
        self._say(self._dice.choice([one for one in COMMANDS if one in self.catalogue.answers]))

    def _say(self, text: str) -> None:
        """Say something in a private chat where that answer was not given yet."""
        answer = self.catalogue.answers[text]
        person = self._dice.choice(self._people)
        while answer in self._said[person.id] and not self.repeats:
            person = self._dice.choice(self._people)
        self._said[person.id].add(answer)
        person.say(person.private, text)
        self._expect(person.id, answer, text)

    def _ask_in_group(self) -> None:
        chat, members = self._dice.choice(self._groups)
        question = self._question()
        asked = self._dice.choice(members).say(chat, f"@{self.telegram.bot.username} {question}")
        self._expect(chat.id, str(asked.id), question)

    def _chat(self) -> None:
        chat, members = self._dice.choice(self._groups)
        self._dice.choice(members).say(chat, CHATTER)

    def _press(self) -> None:
        """Vote on an answer; where there is none yet, talk."""
        if not self._votable:
            self._chat()
            return
        chat = self._dice.choice(self._votable)
        vote = next(filter(None, map(vote_under, reversed(self.telegram.sent_by_bot(chat)))), None)
        if vote is None:
            self._chat()
            return
        press = self._dice.choice([*self._people]).forge(*vote)
        self._expect(0, press.id, "a press")

    def _question(self) -> str:
        is_popular = self._dice.random() < self.mix.repeated or not self.catalogue.rare
        return self._dice.choice(self.catalogue.popular if is_popular else self.catalogue.rare)

    def _expect(self, chat: int, sign: str, asked: str) -> None:
        before = self.dues.get((chat, sign))
        self.answered -= bool(before and before.came)
        due = self.dues[chat, sign] = Due(self.telegram.updates.pending[-1]["update_id"], chat, asked, self.phase)
        self._waiting[chat][due.update] = due


def key_of(arrival: Arrival) -> tuple[int, str]:
    """Return what a call answers: a press by its id, a message in a group by its number, one in private by words."""
    if arrival.method == "answercallbackquery":
        return 0, arrival.given["callback_query_id"]
    quoted = json.loads(arrival.given.get("reply_parameters", "{}")).get("message_id")
    return arrival.chat, str(quoted) if quoted else arrival.text


def vote_under(message: Message) -> tuple[Message, str] | None:
    """Return a message with the data of its button for a vote, None where it has none."""
    found = (one.data for row in message.buttons for one in row if one.label.startswith("\N{THUMBS UP SIGN}"))
    data = next(found, "")
    return (message, data) if data else None
