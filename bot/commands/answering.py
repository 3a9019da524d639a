"""Commands that answer questions: in Telegram, in the terminal, for scripts."""

import argparse
import os
import sys

from bot.commands.outcome import FINE, TOKEN, WRONG_INPUT, say
from bot.config import Settings
from bot.faces.terminal.chat import Chat
from bot.faces.terminal.commands import commanded
from bot.faces.terminal.dump import dump
from bot.faces.terminal.explain import explained
from bot.faces.terminal.lines import as_object, read_line
from bot.model.question import Place, Question
from bot.model.reply import Reply
from bot.pipeline import Pipeline
from bot.reply.terminal import plain
from bot.wiring import open_pipeline

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
    from bot.running import answer_in_telegram  # noqa: PLC0415 - the terminal starts faster without it

    await answer_in_telegram(settings, os.environ, offline=options.offline)
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
        text = " ".join(options.question)
        is_plain = not (options.json or options.explain)
        if is_plain and (command := commanded(pipeline, text)):
            _show(await command)
            return FINE
        outcome = await pipeline.answer(Question(text, pipeline.clock(), Place.TERMINAL))
        if options.json:
            say(dump(as_object(None, outcome)))
        elif options.explain:
            say("\n".join(explained(outcome.verdict)))
        else:
            _show(outcome.reply)
        return FINE


def _show(reply: Reply | None) -> None:
    if reply:
        say(plain(reply))


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
