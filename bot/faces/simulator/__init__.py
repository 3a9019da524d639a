"""A local Telegram for tests and play: the real bot runs against it, with no network and no account."""

from bot.faces.simulator.chat import Chat, Status, Topic
from bot.faces.simulator.message import Button, Message
from bot.faces.simulator.people import Person, Press
from bot.faces.simulator.request import LocalRequest
from bot.faces.simulator.world import LocalTelegram

__all__ = ["Button", "Chat", "LocalRequest", "LocalTelegram", "Message", "Person", "Press", "Status", "Topic"]
