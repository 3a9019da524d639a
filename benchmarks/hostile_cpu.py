"""What hostile messages cost: processor time of each through the whole pipeline and the journal's redaction.

`python -m benchmarks.hostile_cpu [MUTATED] [SEED]`: the corpus of `tests/hostile`, then so many mutations of it (2,000
by default), each as the last of a conversation of up to four messages of the same person. Prints the dearest ones, and
how long the event loop was kept from other work. No live look-ups.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from random import Random

from bot.config import load_settings
from bot.faces.recent import Recent
from bot.match import fiat_named, read_chart, read_convert, read_cost, redacted
from bot.memory import settle
from bot.model.question import Place, Question
from bot.model.reply import Reply
from bot.pipeline import Pipeline
from bot.reply.telegram_html import render
from bot.wiring import open_pipeline
from tests.hostile.messages import FAMILIES, MESSAGE

MUTATED = 2_000
SHOWN = 12
MOST = 100  # milliseconds that no message may cost
LEANING = ("no sorry i meant btc", "and bch?", "why?", "is it dearer? and how fast is it then", "no i meant the fee")
ASKING = ("how much is ", "fee to send ", "/cost ", "chart of ")
BETWEEN = 25  # messages between two ordinary questions
PLAIN = "why did bch fork"
PROBE = 0.005  # seconds between looks at the loop

Asked = tuple[str, str, int]  # name, text, number of who asks


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time, and of the clock in one go."""

    cpu: float
    wall: float
    name: str


def corpus() -> Iterator[tuple[str, str]]:
    """Yield every text of the corpus with its name."""
    yield from ((f"{family}/{name}", text) for family, texts in FAMILIES.items() for name, text in texts.items())


@dataclass(frozen=True, slots=True)
class Stuff:
    """What mutations are made of."""

    random: Random
    texts: tuple[str, ...]
    words: tuple[str, ...]

    def leaning(self) -> str:
        """Return a remark that leans on what was said before."""
        return self.random.choice(LEANING)

    def joined(self) -> str:
        """Return the beginning of a text with another behind it."""
        return f"{self.random.choice(self.texts)[: self.random.randint(1, 2000)]} {self.random.choice(self.texts)}"

    def repeated(self) -> str:
        """Return a piece of a text again and again."""
        text = self.random.choice(self.texts)
        start = self.random.randrange(len(text))
        return (text[start : start + self.random.randint(1, 40)] * MESSAGE)[: self.random.randint(100, MESSAGE)]

    def worded(self) -> str:
        """Return words of the knowledge in no order."""
        return " ".join(self.random.choices(self.words, k=self.random.randint(5, 200)))

    def misspelt(self) -> str:
        """Return two questions of misspelt words."""
        slips = [word[:2] + self.random.choice("etaoin") + word[2:] for word in self.random.choices(self.words, k=60)]
        return f"{' '.join(slips[:30])}? {' '.join(slips[30:])}"

    def sprinkled(self) -> str:
        """Return a text with any signs put in anywhere."""
        signs = list(self.random.choice(self.texts))
        for _ in range(self.random.randint(1, 60)):
            sign = chr(self.random.randrange(self.random.choice((0x250, 0x11000))))
            signs.insert(self.random.randrange(len(signs) + 1), sign)
        return "".join(signs)

    def asked(self) -> str:
        """Return a question for a number of what is none."""
        return self.random.choice(ASKING) + self.random.choice(self.texts)

    def mutated(self) -> str:
        """Return any of these, no longer than a message."""
        kinds = (
            self.leaning,
            self.joined,
            self.repeated,
            self.worded,
            self.misspelt,
            self.sprinkled,
            self.asked,
        )
        return self.random.choice(kinds)()[:MESSAGE]


async def one(pipeline: Pipeline, recent: Recent, asked: Asked) -> Cost:
    """Answer a text as the face does, and return what that cost."""
    name, text, asker = asked
    now, cpu, wall = pipeline.clock(), time.process_time(), time.perf_counter()
    outcome = await pipeline.answer(Question(text, now, Place.PRIVATE, recent.earlier(asker, now)))
    recent.note(asker, text, now)
    redacted(text)
    for reply in (outcome.reply, *[await read for read in commands(pipeline, text)]):
        if reply:
            render(reply)
    return Cost((time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3, name)


def commands(pipeline: Pipeline, text: str) -> list[Awaitable[Reply]]:
    """Return what the commands that take an argument make of a text, where it is one."""
    said = text.partition(" ")[2]
    if text.startswith("/cost"):
        return [pipeline.reckoning.cost(read_cost(said))]
    if text.startswith("/convert"):
        return [pipeline.reckoning.convert(read_convert(said))]
    read_chart(said, {})
    fiat_named(said)
    return []


async def lag(found: list[float]) -> None:
    """Note for ever how late the loop comes back, in milliseconds."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(PROBE)
        found.append((time.perf_counter() - began - PROBE) * 1e3)


async def measure(count: int, seed: int) -> None:
    """Measure and print."""
    late: list[float] = []
    costs: list[Cost] = []
    plain: list[float] = []
    async with open_pipeline(load_settings(None, {}), offline=True) as pipeline:
        settle()
        recent = Recent()
        stuff = Stuff(
            Random(seed),  # noqa: S311 - the same mutations for everybody
            tuple(text for _, text in corpus()),
            tuple(pipeline.line.matcher.reader.speller.known.rank),
        )
        await one(pipeline, recent, ("", PLAIN, 0))
        given = [(name, text, number + 1) for number, (name, text) in enumerate(corpus())]
        given += [(f"mutation {number}", stuff.mutated(), -1 - number // 4) for number in range(count)]
        probe = asyncio.create_task(lag(late))
        for number, (name, text, asker) in enumerate(given):
            if number % BETWEEN == 0:
                plain.append((await one(pipeline, Recent(), ("", PLAIN, 0))).cpu)
            costs.append(await one(pipeline, recent, (f"{name} {text[:50]!r}", text, asker)))
            await asyncio.sleep(2 * PROBE)
        probe.cancel()
    report(costs, sorted(plain), sorted(late))


def spread(found: list[float]) -> str:
    """Return median, 99th percentile and largest of sorted figures."""
    return f"median {found[len(found) // 2]:.1f}, p99 {found[int(len(found) * 0.99)]:.1f}, most {found[-1]:.1f} ms"


def report(costs: list[Cost], plain: list[float], late: list[float]) -> None:
    """Print the figures; what an ordinary question costs meanwhile tells how busy the machine is."""
    cpu, usual = sorted(cost.cpu for cost in costs), plain[len(plain) // 2]
    over = sum(one > MOST for one in cpu)
    print(f"an ordinary question: median {usual:.1f} ms of processor time, best {plain[0]:.1f} ms")
    print(f"{len(costs)} hostile messages: {spread(cpu)}, which is {cpu[-1] / usual:.1f} ordinary questions")
    print(f"over {MOST} ms: {over}; loop late by: {spread(late)}")
    for cost in sorted(costs, key=lambda found: -found.cpu)[:SHOWN]:
        print(f"  {cost.cpu:6.1f} ms  {cost.name}")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    asyncio.run(measure(*given, *(MUTATED, 1)[len(given) :]))
