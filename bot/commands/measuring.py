"""Commands that measure with live numbers: claims, charts."""

import argparse

from bot.commands.outcome import FINDINGS, FINE, say
from bot.config import Settings
from bot.drift import drift as judge
from bot.faces.terminal.claims import as_objects as claims_as_objects
from bot.faces.terminal.dump import dump
from bot.gallery import CHARTS, Gallery
from bot.match import read_chart
from bot.model.clock import utc_now
from bot.model.judgement import Contradicted
from bot.reply.claims import drift_reply
from bot.reply.picture.painter import Painter
from bot.reply.terminal import plain
from bot.store import open_store
from bot.supply import open_numbers
from bot.wiring import (
    open_library,
)


async def drift(options: argparse.Namespace, settings: Settings) -> int:
    """Hold every claim of the knowledge against live numbers; only a contradiction is a finding."""
    async with open_numbers(settings, offline=options.offline) as desk:
        found = await judge(open_library(settings), desk)
    if options.json:
        say("[\n" + ",\n".join(map(dump, claims_as_objects(found, utc_now()))) + "\n]")
    else:
        say(plain(drift_reply(found, utc_now())))
    return FINDINGS if any(isinstance(one.judgement, Contradicted) for one in found) else FINE


async def chart(options: argparse.Namespace, settings: Settings) -> int:
    """Draw a chart into a file, from what this installation recorded."""
    asked = read_chart(" ".join(options.what), CHARTS)
    async with (
        open_store(settings.database.url, utc_now) as store,
        open_numbers(settings, offline=options.offline) as desk,
        Painter() as painter,
    ):
        reply = await Gallery(desk, utc_now, painter, store).chart(asked)
    if reply.picture:
        options.out.write_bytes(reply.picture.png)
    say(plain(reply))
    return FINE if reply.picture else FINDINGS
