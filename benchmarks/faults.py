"""What the bot makes of a Telegram that fails in every way: one case after the other, in the real program.

    python -m benchmarks.faults [--seconds 60] [--only NAME ...] [--rate 2]

Somebody new asks all the time, in a private chat. The fault lasts so many seconds, then all is well again. Printed are
how many questions got no answer and how many more than one; how many seconds after the fault until one that was asked
after its end was answered; lines in the log and calls of getUpdates per minute of the fault; after how many seconds
`/healthz` was red and an owner was told, if that was so. Where a question may be lost by design the table says so: of
what Telegram read, and did not answer, nobody knows whether it was done, and it is not sent twice.
"""

import argparse
import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.fault_cases import CASES, Case, Proxy, Scene, Standing, trickle
from benchmarks.running import RUN, NotingTelegram, Program, environment, forget, free_port, hushed, is_up
from bot.faces.simulator.server import serve
from bot.faces.simulator.webhooks import delivering
from bot.meanwhile import meanwhile

LOOK = 0.25  # seconds
ALARM = "I write again when it is over"
CALM = 60.0  # seconds in which all must be well again, or it is not


@dataclass(slots=True)
class Looker:
    """Looks at health and for alerts; both are seconds since the fault began, None if there were none."""

    scene: Scene
    port: int
    began: float
    red: float | None = None
    alert: float | None = None

    async def look(self) -> None:
        """Look for ever."""
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            while True:
                now = time.monotonic() - self.began
                with suppress(httpx.HTTPError):
                    status = (await client.get(f"http://127.0.0.1:{self.port}/healthz")).status_code
                    if status != httpx.codes.OK and self.red is None:
                        self.red = now
                owner = self.scene.owner
                said = self.scene.telegram.sent_by_bot(owner.private) if owner else ()
                if self.alert is None and any(ALARM in message.text for message in said):
                    self.alert = now
                await asyncio.sleep(LOOK)


def seconds(value: float | None) -> str:
    """Show seconds, or that there were none."""
    return "-" if value is None else f"{value:.1f}"


async def tried(case: Case, options: argparse.Namespace, home: Path) -> str:
    """Return a row about one case."""
    telegram, faults = NotingTelegram(), Standing()
    telegram.faults = faults
    owner = telegram.person("Olga")
    owner.say(owner.private, "/start")  # or the bot may not write to her
    async with serve(telegram) as base_url, delivering(telegram):
        proxy = Proxy(int(base_url.rsplit(":", 1)[1].partition("/")[0]))
        listener = await asyncio.start_server(proxy.meet, "127.0.0.1", 0)
        there = base_url.replace(str(proxy.to), str(listener.sockets[0].getsockname()[1]))
        port = free_port()
        more = {"BOT__HTTP__LISTEN": str(port), "BOT__TELEGRAM__OWNERS": json.dumps([owner.id])}
        settings = environment(home, telegram.token, there, case.mode, **more)
        scene = Scene(telegram, faults, proxy, Program(RUN, settings, home / "log.txt"), owner=owner)
        telegram.on_arrival = scene.hear
        if not case.fresh:
            await scene.program.start()
            await is_up(telegram, case.mode)
        async with meanwhile(lambda: trickle(scene, options.rate)):
            row = await one_case(case, scene, options.seconds, port)
        await settle(scene)
        await scene.program.end()
        listener.close()
    asked = scene.people
    lost = sum(not scene.copies(person) for person in asked)
    twice = sum(scene.copies(person) > 1 for person in asked)
    lost_shown = f"{lost}{' (may be)' if case.may_lose else ''}"
    return f"| {case.name} | {len(asked)} | {lost_shown} | {twice} | {row}"


async def one_case(case: Case, scene: Scene, lasts: float, port: int) -> str:
    """Let a fault happen and end; return what was seen meanwhile."""
    looker = Looker(scene, port, time.monotonic())
    lines, polls = len(scene.program.lines()) if scene.program.log.exists() else 0, len(scene.telegram.handing.polls)
    await case.begin(scene)
    if case.fresh:
        await scene.program.start()
    async with meanwhile(looker.look):
        await asyncio.sleep(lasts)
        said = (len(scene.program.lines()) - lines) * 60 / lasts
        asked_for = (len(scene.telegram.handing.polls) - polls) * 60 / lasts
        await case.end(scene)
        ended = time.monotonic()
        back = await recovered(scene, ended)
    shown = (seconds(back), f"{said:.0f}", f"{asked_for:.0f}", seconds(looker.red), seconds(looker.alert))
    return " | ".join(shown) + " |"


async def recovered(scene: Scene, since: float) -> float | None:
    """Wait until somebody who asked since then is answered; return the seconds that took, None if nobody was."""
    while time.monotonic() - since < CALM:
        later = (person for person, at in scene.people.items() if at >= since)
        if any(scene.copies(person) for person in later):
            return time.monotonic() - since
        await asyncio.sleep(LOOK)
    return None


async def settle(scene: Scene) -> None:
    """Wait until everybody is answered, or nothing moves for a while."""
    quiet = count()
    last = -1
    while next(quiet) < 10 / LOOK and not all(map(scene.copies, scene.people)):
        if (now := sum(map(scene.copies, scene.people))) != last:
            last, quiet = now, count()
        await asyncio.sleep(LOOK)


async def wrong_token(home: Path) -> str:
    """Return a row about a token that Telegram does not know."""
    telegram = NotingTelegram()
    async with serve(telegram) as base_url:
        program = Program(RUN, environment(home, "4200042:another-token", base_url), home / "log.txt")
        began = time.monotonic()
        await program.start()
        assert program.process  # noqa: S101 - it was started
        code = await program.process.wait()
    shown = "shown" if "another-token" in "".join(program.lines()) else "not shown"
    return f"N9 a wrong token: exit code {code} after {time.monotonic() - began:.1f} s, the token {shown}"


async def measure(options: argparse.Namespace, home: Path) -> None:
    """Print a table."""
    hushed()
    print(f"each fault for {options.seconds:g} s, {options.rate:g} questions/s")
    print("| fault | asked | lost | twice | s until well | lines/min | getUpdates/min | red after s | alert after s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for case in CASES:
        if not options.only or any(word in case.name for word in options.only):
            forget(home)
            print(await tried(case, options, home), flush=True)
    if not options.only:
        forget(home)
        print(await wrong_token(home))


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="that each fault lasts")
    parser.add_argument("--rate", type=float, default=2.0, help="questions in a second")
    parser.add_argument("--only", nargs="*", help="cases whose names hold one of these words")
    with TemporaryDirectory() as home:
        asyncio.run(measure(parser.parse_args(), Path(home)))


if __name__ == "__main__":
    main()
