"""Commands that keep what a bot has: backups, and bringing them back."""

import argparse
from pathlib import Path

from bot.archive import Place, back_up, restore
from bot.commands.outcome import FINE, say
from bot.config import Settings
from bot.errors import BackupError
from bot.model.clock import utc_now
from bot.store.engine import database_file

MEGABYTE = 1_000_000


async def backup(options: argparse.Namespace, settings: Settings) -> int:
    """Write database and knowledge into one file; a bot may run meanwhile."""
    made = await back_up(_database(settings), settings.knowledge.path, options.file, utc_now)
    size = sum(file.size for file in made.files) / MEGABYTE
    say(f"{options.file}: the database and {len(made.files) - 1} knowledge files, {size:.1f} MB unpacked")
    return FINE


async def bring_back(options: argparse.Namespace, settings: Settings) -> int:
    """Bring a backup back where no bot runs."""
    place = Place(settings.database.url, _database(settings), settings.knowledge.path)
    made = await restore(options.file, place, utc_now, is_forced=options.force)
    say(
        f"{place.database} and {place.knowledge} are as on {made.made_at:%Y-%m-%d %H:%M} UTC; start the bot with `run`."
    )
    return FINE


def _database(settings: Settings) -> Path:
    file = database_file(settings.database.url)
    if file is None:
        raise BackupError(
            "database.url is no SQLite file; back a PostgreSQL database up with pg_dump (docs/runbook.md)"
        )
    return file
