"""Telegram: the only face that imports `telegram`, besides the local one it is tested against."""

from bot.faces.telegram.app import UPDATES, make_application
from bot.faces.telegram.bulletin import Bulletin
from bot.faces.telegram.columnist import Columnist
from bot.faces.telegram.delivery import Several
from bot.faces.telegram.digest import Digest
from bot.faces.telegram.hearing import Hearing
from bot.faces.telegram.pace import Pace
from bot.faces.telegram.registration import Registration
from bot.faces.telegram.rights import Rights
from bot.faces.telegram.send import Sender
from bot.faces.telegram.serve import serve
from bot.faces.telegram.server import Server
from bot.faces.telegram.sweep import Sweep
from bot.faces.telegram.timetable import Timetable
from bot.faces.telegram.watchman import AlertChats, Watchman
from bot.faces.telegram.weekly import Weekly

__all__ = [
    "UPDATES",
    "AlertChats",
    "Bulletin",
    "Columnist",
    "Digest",
    "Hearing",
    "Pace",
    "Registration",
    "Rights",
    "Sender",
    "Server",
    "Several",
    "Sweep",
    "Timetable",
    "Watchman",
    "Weekly",
    "make_application",
    "serve",
]
