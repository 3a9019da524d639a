"""The command that runs the bot: whether it may is settled before anything is loaded that takes time."""

import argparse
import os

from bot.commands.outcome import TOKEN
from bot.config import Settings
from bot.memory import economise
from bot.store.lock import alone


async def run(options: argparse.Namespace, settings: Settings) -> int:
    """Answer in Telegram, where no other program does on this database; without a token there is nothing to keep."""
    economise()
    if TOKEN not in os.environ:
        return await _answer(options, settings)
    async with alone(settings.database.url):
        return await _answer(options, settings)


async def _answer(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.answering import run as answer  # noqa: PLC0415 - a second instance is told at once

    return await answer(options, settings)
