"""Menus of single groups: where answers are for the asker's eyes, the commands are too."""

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat, BotCommandScopeChatAdministrators
from telegram.error import TelegramError

from bot.faces.telegram.command import ADMINS, GROUPS

OPEN = frozenset({"settings"})  # answered for everybody, so asked before everybody
SCOPES = ((GROUPS, BotCommandScopeChat), (ADMINS, BotCommandScopeChatAdministrators))

_log = structlog.get_logger()


async def suit(bot: Bot, chat: int, *, is_ephemeral: bool) -> None:
    """Give a group commands that only their sender sees, or those of all groups; a failure costs only the menu."""
    for everywhere, here in SCOPES:
        try:
            if is_ephemeral:
                shown = await bot.get_my_commands(everywhere)
                await bot.set_my_commands([_hidden(command) for command in shown], here(chat))
            else:
                await bot.delete_my_commands(here(chat))
        except TelegramError as error:
            _log.warning("telegram.commands_failed", error=type(error).__name__)


def _hidden(command: BotCommand) -> BotCommand:
    how = {} if command.command in OPEN else {"is_ephemeral": True}
    return BotCommand(command.command, command.description, api_kwargs=how)
