"""The command that looks over an installation."""

import argparse
import os

from bot.commands.outcome import FINDINGS, FINE, say
from bot.config import Settings, found_file
from bot.doctor import examine
from bot.doctor.examination import Installation
from bot.faces.terminal.checkup import as_objects, line
from bot.faces.terminal.dump import dump
from bot.model.checkup import State
from bot.model.clock import utc_now


async def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Say of everything this installation needs whether it is well, and what to do where not; changes nothing."""
    installation = Installation(settings, found_file(options.config, os.environ), os.environ)
    found = await examine(installation, utc_now, offline=options.offline)
    if options.json:
        say("[\n" + ",\n".join(map(dump, as_objects(found))) + "\n]")
    else:
        say("\n".join(map(line, found)))
    return FINDINGS if any(one.state is State.FAIL for one in found) else FINE
