"""Commands that answer questions: in Telegram, in the terminal, for scripts."""

import argparse
import os
import sys
from collections.abc import Callable, Coroutine
from functools import partial

from bot.commands.outcome import FINE, TOKEN, WRONG_INPUT, say
from bot.config import Settings
from bot.faces.terminal.chat import Chat
from bot.faces.terminal.dump import dump
from bot.faces.terminal.explain import explained
from bot.faces.terminal.lines import as_object, read_line
from bot.gaps import Gaps
from bot.lookout import Lookout
from bot.memory import settle
from bot.model.clock import utc_now
from bot.model.news import Impaired
from bot.model.question import Place, Question
from bot.pipeline import Pipeline
from bot.reply.terminal import plain
from bot.store import Duty, open_lasting
from bot.wiring import (
    journaling,
    make_house,
    make_workshop,
    open_pipeline,
    open_press,
    order,
    recording,
    together,
)

Work = Callable[[], Coroutine[None, None, None]]

SALT = "BOT_SALT"
NO_TOKEN = (
    f"No {TOKEN} in the environment. To get a token: open https://t.me/BotFather in Telegram, send /newbot,\n"
    f"then start me with {TOKEN}=… python -m bot run. Without one, `python -m bot chat` answers here."
)


async def run(options: argparse.Namespace, settings: Settings) -> int:
    """Answer in Telegram; without a token, say how to get one and offer the terminal."""
    if TOKEN not in os.environ:
        say(NO_TOKEN)
        if not sys.stdin.isatty():
            return WRONG_INPUT
        return await chat(options, settings) if _agrees("Chat here now? [Y/n] ") else FINE
    from bot.faces.telegram import (  # noqa: PLC0415 - the terminal starts faster without it
        AlertChats,
        Bulletin,
        Columnist,
        Digest,
        Pace,
        Rights,
        Sender,
        Server,
        Several,
        Sweep,
        Timetable,
        Watchman,
        Weekly,
        make_application,
        serve,
    )
    from bot.serving import Signs, guarding, hearing, hook_of  # noqa: PLC0415 - the same
    from bot.watch import Watcher  # noqa: PLC0415 - the same

    where, signs = settings.telegram, Signs()
    hook = hook_of(settings, os.environ)
    async with open_lasting(settings.database.url, utc_now) as opened:
        store = opened.store
        press = await open_press(settings, store)  # before the knowledge is read: it finishes what was approved
        async with (
            open_pipeline(settings, offline=options.offline, store=store) as pipeline,
            recording(pipeline, store),
            journaling(pipeline, store, settings, os.environ.get(SALT, "")) as journal,
        ):
            house = make_house(settings, pipeline, store)
            chats = Several((house, AlertChats(store.alerts)))
            application = make_application(
                pipeline,
                os.environ[TOKEN],
                server=Server(where.base_url, where.base_file_url),
                owners=where.owners,
                journal=journal,
                workshop=make_workshop(settings, pipeline, press, journal),
                house=house,
                meters=signs.meters,
                pace=Pace(signs.vitals, signs.meters, shares=store.allowance),
                chats=chats,
                store=store,
            )
            sender, owners = Sender(application.bot, chats), tuple(where.owners)
            digest = Digest(pipeline, sender, store, owners)
            gaps = Gaps(journal, lambda: pipeline.meanings, lambda: pipeline.library)
            weekly = Weekly(gaps, sender, frozenset(owners), can_edit=True)
            watchman = Watchman(store.alerts, Lookout(pipeline.desk, store, pipeline.clock), sender)
            sweep = Sweep(house, sender)
            rights = Rights(application.bot, pipeline.clock)
            timetable = Timetable(Columnist(house, sender), rights, store.schedules)
            settle()
            bulletin = Bulletin(sender, owners, store.crew)
            watcher = Watcher(pipeline.shelf, order(settings), pipeline.clock, bulletin.tell)
            # One of those who share a database does these for all of them.
            once = partial(together, digest.run, weekly.run, watchman.run, sweep.run, timetable.run)
            works: list[Work] = [watcher.run, partial(store.crew.on_duty, Duty.SCHEDULES, once)]
            if opened.trouble:
                works.append(partial(bulletin.tell, Impaired(opened.trouble)))
            async with guarding(settings, pipeline, signs, bulletin.alert, environment=os.environ) as guard:
                hears = hearing(hook, store.inbox, signs, store.crew)
                await serve(application, hears, owners=owners, beside=lambda: together(guard.attend, *works))
    return FINE


async def chat(options: argparse.Namespace, settings: Settings) -> int:
    """Hold a conversation in the terminal."""
    async with open_pipeline(settings, offline=options.offline) as pipeline:
        await Chat(pipeline, say).run(iter(_prompted, None) if sys.stdin.isatty() else sys.stdin)
    return FINE


def _agrees(to: str) -> bool:
    return input(to).strip().casefold() in {"", "y", "yes"}


def _prompted() -> str | None:
    try:
        return input("> ")
    except EOFError:
        return None


async def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or JSON lines from standard input."""
    if not options.jsonl and not options.question:
        say('Ask something: python -m bot ask "why did bch fork", or --jsonl to read lines.')
        return WRONG_INPUT
    async with open_pipeline(settings, offline=options.offline) as pipeline:
        if options.jsonl:
            return await _ask_lines(pipeline)
        outcome = await pipeline.answer(Question(" ".join(options.question), pipeline.clock(), Place.TERMINAL))
        if options.json:
            say(dump(as_object(None, outcome)))
        elif options.explain:
            say("\n".join(explained(outcome.verdict)))
        elif outcome.reply:
            say(plain(outcome.reply))
        return FINE


async def _ask_lines(pipeline: Pipeline) -> int:
    code = FINE
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            asked = read_line(line, number, pipeline.clock)
        except ValueError as error:
            say(dump({"id": None, "error": str(error)}))
            code = WRONG_INPUT
            continue
        say(dump(as_object(asked.id, await pipeline.answer(asked.question))))
    return code
