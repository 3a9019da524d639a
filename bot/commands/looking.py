"""The command that looks over an installation."""

import argparse
import os
import platform
from importlib.metadata import version

from bot.commands.outcome import FINDINGS, FINE, TOKEN, say
from bot.config import Settings
from bot.model.reply import LiveTable
from bot.reply.live import lay_out
from bot.reply.terminal import plain
from bot.wiring import (
    open_library,
    open_pipeline,
)


async def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Say whether this installation can do its work: knowledge, token, and every source of live numbers."""
    library = open_library(settings)
    say(f"Python {platform.python_version()}, program {version('btc-bch-bot')}")
    say(f"knowledge: {len(library.entries)} entries in {', '.join(library.packs)} ({settings.knowledge.path})")
    say(f"token: {'set' if TOKEN in os.environ else f'not set ({TOKEN}); the terminal works without'}")
    async with open_pipeline(settings, offline=options.offline) as pipeline:
        reply = await pipeline.statistics()
    say(plain(reply))
    is_well = options.offline or not any(
        isinstance(block, LiveTable) and lay_out(block).missing for block in reply.blocks
    )
    return FINE if is_well else FINDINGS
