"""Backups: a ZIP file of the database as it is at one moment and the knowledge folder, with a list of both."""

from bot.archive.backup import back_up
from bot.archive.restore import Place, restore

__all__ = ["Place", "back_up", "restore"]
