"""The handlers of posts for channels, all of them in the private chat."""

import re
from typing import Any

from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from bot.faces.telegram.columnist import Columnist
from bot.faces.telegram.command import PRIVATE, Command
from bot.faces.telegram.post_panel import PostPanel
from bot.faces.telegram.post_payload import START
from bot.faces.telegram.postings import AwaitedTimes, Postings
from bot.faces.telegram.rights import Rights
from bot.store import Store

POSTING: tuple[Command[Postings], ...] = (
    Command("post", "Post in your channel: /post fees", (PRIVATE,), lambda postings: postings.post),
    Command("posts", "Your planned posts", (PRIVATE,), lambda postings: postings.posts),
)
BESIDE = 1  # a group of handlers that hear what others hear as well


def add_posting(
    application: Application[Any, Any, Any, Any, Any, Any], columnist: Columnist, rights: Rights, store: Store
) -> None:
    """Let an application take posts for channels; add this before what answers everything else."""
    postings = Postings(columnist, rights, store.drafts, store.schedules)
    private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    application.add_handlers(
        (
            *(CommandHandler(command.name, command.handle(postings), private) for command in POSTING),
            MessageHandler(private & filters.TEXT & ~filters.COMMAND & AwaitedTimes(), postings.take),
            CallbackQueryHandler(PostPanel(postings).press, pattern=f"^{re.escape(START)}"),
        )
    )
    application.add_handler(ChatMemberHandler(postings.changed, ChatMemberHandler.MY_CHAT_MEMBER), BESIDE)
