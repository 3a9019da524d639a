"""What the bot does under load: lost, repeated, out of order, how late, how large; and how fast at most.

    python -m benchmarks.load [--mode webhook] [--rate 50] [--seconds 600] [--burst 5000] [--over 60] [--chats 2000]
    python -m benchmarks.load --against stock [--updates 3000] [--rounds 3] [--repeated 0.9]

The real program, in a process of its own, talks over HTTP to a local Telegram in this one. A first run asks it every
question of the mix alone, so that each answer is known by its words. Times go from the moment an update is handed out,
by getUpdates or to the webhook, to the moment the call that answers it is here. This process is late itself at times;
how much is printed as well.

`--against stock` lets it answer a queue that waits at its start, in turn with echo bots of python-telegram-bot as it
comes, which say every text back (`benchmarks/echo.py`): its defaults, and with `concurrent_updates`.
"""

import argparse
import asyncio
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.asking import Catalogue, Crowd, Mix, catalogue, settled
from benchmarks.running import (
    MODES,
    RUN,
    Arrival,
    Lag,
    NotingTelegram,
    Program,
    environment,
    figures,
    forget,
    free_port,
    hushed,
    is_up,
    quantile,
    usage,
    within,
)
from bot.faces.simulator.server import serve
from bot.faces.simulator.webhooks import delivering
from bot.meanwhile import meanwhile

KNOWN = 400  # questions in the mix
REST = 1.0  # seconds between two measurements
ECHOES = {"stock": (), "stock, concurrent": ("--concurrent",)}


def shown(name: str, seconds: list[float]) -> str:
    """Return a line about how late answers were."""
    middle, late, most = (quantile(seconds, share) * 1000 for share in (0.5, 0.99, 1.0))
    return f"{name}: p50 {middle:.0f} ms, p99 {late:.0f} ms, longest {most:.0f} ms of {len(seconds)} answers"


async def load(options: argparse.Namespace, home: Path, known: Catalogue) -> None:
    """Print what becomes of a steady load and a burst."""
    telegram, port, lag = NotingTelegram(), free_port(), Lag()
    async with serve(telegram) as base_url, delivering(telegram), meanwhile(lag.watch):
        settings = environment(home, telegram.token, base_url, options.mode, BOT__HTTP__LISTEN=str(port))
        program = Program(RUN, settings, home / "log.txt")
        crowd = Crowd(telegram, known, Mix(repeated=options.repeated), options.chats, options.seed)
        await program.start()
        await is_up(telegram, options.mode)
        before, began = usage(program.pid), time.monotonic()
        for crowd.phase, rate, seconds in (
            ("steady", options.rate, options.seconds),
            ("burst", options.burst / options.over, options.over),
        ):
            await crowd.steadily(rate, seconds)
        late = await settled(lambda: crowd.answered, len(crowd.dues))
        after, took = usage(program.pid), time.monotonic() - began
        said = await figures(port)
        await program.end()
    print(f"{options.mode}, {options.chats} chats, seed {options.seed}: {crowd.mix}")
    print(f"steady: {options.rate:g} updates/s for {options.seconds:g} s; burst: {options.burst} in {options.over:g} s")
    print(
        f"updates: {crowd.done.total()}, of them {len(crowd.dues)} to be answered: {crowd.lost()} lost,"
        f" {crowd.repeated()} repeated, {crowd.inversions()} inversions; the last {late:.1f} s after the end"
    )
    for one in crowd.unanswered():
        print(f"unanswered: {one}")
    for phase in crowd.done:
        print(shown(phase, crowd.waits(phase)))
    print(f"memory at most: {after.rss_most:.0f} MiB ({before.rss_most:.0f} MiB when ready); {after.files} files")
    print(f"processor: {after.cpu - before.cpu:.0f} s in {took:.0f} s, {(after.cpu - before.cpu) / took:.0%} of one")
    print(f"event loop late, p99: at most {within(said, 'bot_loop_lag_seconds', 0.99) * 1000:.0f} ms")
    print(f"of this process, p99: {quantile(lag.seconds, 0.99) * 1000:.0f} ms")
    print(f"other calls: {dict(crowd.others)}; lines with an error: {errors(program)}")


def errors(program: Program) -> int:
    """Return how many lines of a log tell of something that went wrong."""
    return sum("level=error" in line or "level=warning" in line for line in program.lines())


async def saturated(name: str, options: argparse.Namespace, home: Path, known: Catalogue) -> tuple[float, float]:
    """Return how many updates a second are answered while there is always one more, and the processor ms of each."""
    telegram = NotingTelegram()
    crowd = Crowd(telegram, known, Mix(1, 0, 0, 0, 0, repeated=options.repeated), options.chats, options.seed)
    for _ in range(options.updates):
        crowd.act()
    first, last, count = 0.0, 0.0, 0

    def note(arrival: Arrival) -> None:
        nonlocal last, count
        last, count = arrival.at, count + 1

    telegram.on_arrival = note
    async with serve(telegram) as base_url:
        settings = environment(home, telegram.token, base_url)
        command = RUN if name == "ours" else ("-m", "benchmarks.echo", base_url, telegram.token, *ECHOES[name])
        program = Program(command, settings, home / "log.txt")
        await program.start()
        await is_up(telegram, "polling")
        first, before = telegram.handing.polls[0], usage(program.pid).cpu
        await settled(lambda: count, options.updates, patience=20)
        used = usage(program.pid).cpu - before
        await program.end()
    forget(home)
    if count < options.updates:
        print(f"{name}: {count} of {options.updates} answered")
    return count / (last - first), used * 1000 / count


async def against_stock(options: argparse.Namespace, home: Path, known: Catalogue) -> None:
    """Print the throughput of the bot beside that of echo bots."""
    rates: dict[str, list[float]] = {name: [] for name in ("ours", *ECHOES)}
    for _ in range(options.rounds):
        for name, found in rates.items():
            rate, each = await saturated(name, options, home, known)
            found.append(rate)
            print(f"{name}: {rate:.0f} updates/s, {each:.2f} ms of a processor each", flush=True)
            await asyncio.sleep(REST)
    mix = Mix(repeated=options.repeated)
    print(f"{options.updates} questions in private chats, {mix.repeated:.0%} of them from {mix.popular}")
    middle = {name: statistics.median(found) for name, found in rates.items()}
    for name in ECHOES:
        print(f"ours beside {name}: {middle['ours'] / middle[name]:.2f}")


async def measure(options: argparse.Namespace, home: Path) -> None:
    """Print the figures."""
    hushed()
    known = await catalogue(home, options.questions, Mix().popular, options.seed)
    print(f"{len(known.answers)} questions and commands are answered in one message")
    await (against_stock if options.against else load)(options, home, known)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mode", choices=MODES, default="polling")
    parser.add_argument("--rate", type=float, default=50.0, help="updates in a second")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--burst", type=int, default=5_000, help="updates that come afterwards")
    parser.add_argument("--over", type=float, default=60.0, help="seconds in which they come")
    parser.add_argument("--chats", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=KNOWN, help="how many different ones are asked")
    parser.add_argument("--repeated", type=float, default=Mix().repeated, help="share of questions that come often")
    parser.add_argument("--against", choices=["stock"], help="measure how fast it is beside echo bots instead")
    parser.add_argument("--updates", type=int, default=3_000, help="that wait at the start, against stock")
    parser.add_argument("--rounds", type=int, default=3, help="against stock")
    parser.add_argument("--seed", type=int, default=1)
    with TemporaryDirectory() as home:
        asyncio.run(measure(parser.parse_args(), Path(home)))


if __name__ == "__main__":
    main()
