"""What a row of a table of commands holds, and where commands are shown."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from telegram import (
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    Update,
)
from telegram.ext import BaseHandler, filters

from bot.faces.telegram.face import Context

HEARD = filters.UpdateType.MESSAGES | filters.UpdateType.CHANNEL_POSTS

PRIVATE = BotCommandScopeAllPrivateChats()
GROUPS = BotCommandScopeAllGroupChats()
ADMINS = BotCommandScopeAllChatAdministrators()

Handle = Callable[[Update, Context], Coroutine[Any, Any, None]]
Handlers = tuple[BaseHandler[Any, Context, Any], ...]
Door = TypeVar("Door")


@dataclass(frozen=True, slots=True)
class Command(Generic[Door]):
    """One command: where the menu shows it, and with which words; one for owners is heard in private from them only."""

    name: str
    description: str
    scopes: tuple[BotCommandScope, ...]
    handle: Callable[[Door], Handle]
    is_for_owners: bool = False
