"""The command that lists live numbers; it imports no more than it needs, for scripts call it again and again."""

import argparse

from bot.commands.outcome import FINE, WRONG_INPUT, say
from bot.config import Settings
from bot.faces.terminal.dump import dump
from bot.faces.terminal.numbers import as_objects
from bot.library.problems import nearest
from bot.model.clock import utc_now
from bot.model.money import Fiat
from bot.model.reply import LiveTable, Reply
from bot.reply.terminal import plain
from bot.stats import PRICES_IN, STATS
from bot.supply import open_numbers

PRICE = "price"


async def stats(options: argparse.Namespace, settings: Settings) -> int:
    """Print statistics of both chains; that sources fail is no fault of the question."""
    known = [*STATS, *PRICES_IN.values()]
    unknown = [key for key in options.keys if key not in known]
    if unknown:
        say(f"'{unknown[0]}' is not a statistic{nearest(unknown[0], known)}; there are {', '.join(known)}")
        return WRONG_INPUT
    async with open_numbers(settings, offline=options.offline) as desk:
        snapshots = await desk.snapshots(tuple(options.keys) or _usual(settings.answers.currency))
    if options.json:
        say("[\n" + ",\n".join(map(dump, as_objects(snapshots, utc_now()))) + "\n]")
    else:
        say(plain(Reply((LiveTable(snapshots, utc_now()),))))
    return FINE


def _usual(fiat: Fiat) -> tuple[str, ...]:
    """Return all statistics, and below the price the one in the money that is shown here."""
    local = PRICES_IN.get(fiat)
    pairs = ((key, local) if key == PRICE and local else (key,) for key in STATS)
    return tuple(key for pair in pairs for key in pair)
