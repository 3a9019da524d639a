"""The handlers of what has to do with chats themselves: their settings, and what the bot is in them."""

import re

from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from bot.faces.telegram import form_payload
from bot.faces.telegram.command import ADMINS, HEARD, PRIVATE, Command, Handlers
from bot.faces.telegram.forms import Forms
from bot.faces.telegram.membership import Membership
from bot.faces.telegram.panel import Panel
from bot.faces.telegram.panel_payload import START
from bot.faces.telegram.settings import Awaited, Panels

PANEL: tuple[Command[Panels], ...] = (
    Command("settings", "How I behave here", (PRIVATE, ADMINS), lambda panels: panels.settings),
)


def chat_handlers(membership: Membership) -> Handlers:
    """Return what is tried before the handlers of questions and answers."""
    panels = membership.panels
    private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    return (
        *(CommandHandler(command.name, command.handle(panels), HEARD) for command in PANEL),
        CommandHandler("start", panels.arrive, private, has_args=True),
        CommandHandler("status", membership.status, private & filters.User(panels.gate.face.owners)),
        MessageHandler(private & filters.TEXT & ~filters.COMMAND & Awaited(), panels.take),
        MessageHandler(filters.StatusUpdate.MIGRATE, membership.migrated),
        ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER),
        ChatMemberHandler(membership.member, ChatMemberHandler.CHAT_MEMBER),
        CallbackQueryHandler(Panel(panels).press, pattern=f"^{re.escape(START)}"),
        CallbackQueryHandler(Forms(panels.gate).press, pattern=f"^{re.escape(form_payload.START)}"),
    )
