"""Telegram: the only face that imports `telegram`, besides the local one it is tested against."""

from bot.faces.telegram.app import UPDATES, make_application, polling, serve
from bot.faces.telegram.bulletin import Bulletin
from bot.faces.telegram.digest import Digest
from bot.faces.telegram.face import Face
from bot.faces.telegram.registration import Registration
from bot.faces.telegram.reports import Reports
from bot.faces.telegram.send import Sender
from bot.faces.telegram.server import Server
from bot.faces.telegram.weekly import Weekly

__all__ = [
    "UPDATES",
    "Bulletin",
    "Digest",
    "Face",
    "Registration",
    "Reports",
    "Sender",
    "Server",
    "Weekly",
    "make_application",
    "polling",
    "serve",
]
