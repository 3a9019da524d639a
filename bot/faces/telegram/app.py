"""The application: one table of commands, one table of handlers, start and end."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeChat,
)
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    Defaults,
    MessageHandler,
    MessageReactionHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.faces.telegram import transport
from bot.faces.telegram.alerting import Alerting, Wishing, is_alert
from bot.faces.telegram.chat_handlers import PANEL, chat_handlers
from bot.faces.telegram.columnist import Columnist
from bot.faces.telegram.command import ADMINS, GROUPS, HEARD, PRIVATE, Command, Handlers
from bot.faces.telegram.cooldown import Cooldowns
from bot.faces.telegram.decisions import Decisions
from bot.faces.telegram.delivery import NO_PREVIEW, Chats
from bot.faces.telegram.dialogue import Dialogues
from bot.faces.telegram.editing import Editing
from bot.faces.telegram.elsewhere import handlers_elsewhere
from bot.faces.telegram.face import Face
from bot.faces.telegram.feedback import Feedback, is_feedback
from bot.faces.telegram.manners_gate import Gate
from bot.faces.telegram.membership import Membership
from bot.faces.telegram.office import InDialogue, Office
from bot.faces.telegram.owner_payload import START
from bot.faces.telegram.pace import Pace
from bot.faces.telegram.post_handlers import POSTING, add_posting
from bot.faces.telegram.quizzing import Quizzing
from bot.faces.telegram.reports import Reports, is_work
from bot.faces.telegram.rights import Rights
from bot.faces.telegram.send import Sender
from bot.faces.telegram.server import OFFICIAL, Server
from bot.faces.telegram.settings import Panels
from bot.faces.telegram.starts import start
from bot.faces.telegram.visit import Repeats
from bot.house import House
from bot.journal import Journal
from bot.meters import Meters
from bot.pipeline import Pipeline
from bot.stack import Stack
from bot.store import Store
from bot.workshop import Workshop

WORDLESS = (
    filters.Sticker.ALL
    | filters.PHOTO
    | filters.VOICE
    | filters.VIDEO
    | filters.VIDEO_NOTE
    | filters.AUDIO
    | filters.ANIMATION
    | filters.Document.ALL
    | filters.LOCATION
    | filters.CONTACT
)
UPDATES = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    "chat_member",  # comes only when asked for, from groups where the bot is an administrator
    "inline_query",
    "chosen_inline_result",  # comes where @BotFather was told so: /setinlinefeedback
    "guest_message",
    "message_reaction",  # comes only when asked for, in groups to administrators only
]
CHANGED_REACTIONS = MessageReactionHandler.MESSAGE_REACTION_UPDATED  # anonymous counts are nobody's vote

App = Application[Any, Any, Any, Any, Any, Any]

_log = structlog.get_logger()


class Unmarked(App):
    """Keeps nothing of people and chats, so it does not note whose data are to be saved: that would grow for ever."""

    __slots__ = ()

    def _mark_for_persistence_update(self, *, update: object = None, job: object = None) -> None:
        """Note nothing."""


COMMANDS: tuple[Command[Face], ...] = (
    Command("start", "What I do", (PRIVATE,), lambda face: partial(start, face)),
    Command("help", "How to ask", (PRIVATE, GROUPS, ADMINS), lambda face: face.welcome),
    Command("ask", "Ask a question: /ask why did bch fork", (PRIVATE, GROUPS, ADMINS), lambda face: face.ask),
    Command("compare", "Compare: /compare fees", (PRIVATE, GROUPS, ADMINS), lambda face: face.compare),
    Command("fees", "Fees on both chains now", (PRIVATE, GROUPS, ADMINS), lambda face: face.fees),
    Command("price", "Prices now", (PRIVATE, GROUPS, ADMINS), lambda face: face.price),
    Command("stats", "All live numbers", (PRIVATE, GROUPS, ADMINS), lambda face: face.stats),
    Command("cost", "What sending costs: /cost 25 USD", (PRIVATE, GROUPS, ADMINS), lambda face: face.cost),
    Command("convert", "What it is worth: /convert 100 EUR BCH", (PRIVATE, GROUPS, ADMINS), lambda face: face.convert),
    Command("chart", "Draw: /chart fees 7d", (PRIVATE, GROUPS, ADMINS), lambda face: face.chart),
    Command("card", "The numbers that matter, as a picture", (PRIVATE, GROUPS, ADMINS), lambda face: face.card),
    Command("alert", "Tell me when: /alert btc fee < 5", (PRIVATE, GROUPS, ADMINS), lambda face: Alerting(face).alert),
    Command("alerts", "What I watch here", (PRIVATE, GROUPS, ADMINS), lambda face: Alerting(face).alerts),
    Command("quiz", "A question for you", (PRIVATE, GROUPS, ADMINS), lambda face: Quizzing(face).quiz),
    Command("status", "How the sources of live numbers are doing", (PRIVATE,), lambda face: face.status),
    Command("drift", "What live numbers say of the knowledge", (), lambda face: face.drift, is_for_owners=True),
    Command("gaps", "What I could not answer well", (), lambda face: Reports(face).show_gaps, is_for_owners=True),
    Command("insight", "How things went", (), lambda face: Reports(face).show_insight, is_for_owners=True),
    Command("topics", "Browse the topics", (PRIVATE,), lambda face: face.topics),
    Command("about", "Sources, age of the knowledge, privacy", (PRIVATE,), lambda face: face.about),
    Command("privacy", "What I keep, and how long", (PRIVATE,), lambda face: Feedback(face).privacy),
    Command("forgetme", "Delete what I have of you", (PRIVATE,), lambda face: Feedback(face).forget),
)


OFFICE: tuple[Command[Office], ...] = (
    Command("faq", "Look into the knowledge; /faq add, /faq export", (), lambda office: office.faq, is_for_owners=True),
    Command("teach", "Say where a question leads", (), lambda office: office.teach, is_for_owners=True),
    Command("history", "Who changed what, and back to it", (), lambda office: office.history, is_for_owners=True),
    Command("undo", "Take the last change back", (), lambda office: office.undo, is_for_owners=True),
    Command("cancel", "Give up what you are in the middle of", (), lambda office: office.cancel, is_for_owners=True),
)


def office_handlers(office: Office) -> Handlers:
    """Return what owners get in private chats; their buttons are tried for everybody, so that others are refused."""
    sent = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & filters.User(office.owners)
    files = filters.Document.FileExtension("yml") | filters.Document.FileExtension("yaml")
    return (
        *(CommandHandler(command.name, command.handle(office), sent) for command in OFFICE),
        MessageHandler(sent & files, office.document),
        MessageHandler(sent & filters.TEXT & ~filters.COMMAND & InDialogue(office), office.text),
        CallbackQueryHandler(Decisions(office).press, pattern=f"^{START}"),
    )


def handlers(gate: Gate) -> Handlers:
    """Return what is tried for an update, from top to bottom; the first that fits has it."""
    face = gate.face
    from_owners = HEARD & filters.ChatType.PRIVATE & filters.User(face.owners)
    return (
        *(
            CommandHandler(command.name, gate.command(command.handle), from_owners if command.is_for_owners else HEARD)
            for command in COMMANDS
        ),
        MessageHandler(
            filters.UpdateType.MESSAGE & filters.TEXT & Wishing(face), gate.command(lambda face: Alerting(face).wish)
        ),
        MessageHandler(filters.UpdateType.MESSAGES & (filters.TEXT | filters.CAPTION), gate.question),
        MessageHandler(filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & WORDLESS, face.wordless),
        MessageReactionHandler(Feedback(face).react, message_reaction_types=CHANGED_REACTIONS),
        CallbackQueryHandler(gate.pressed(lambda face: Feedback(face).press), is_feedback),
        CallbackQueryHandler(Reports(face).press, is_work),
        CallbackQueryHandler(gate.pressed(lambda face: Alerting(face).press), is_alert),
        CallbackQueryHandler(gate.pressed(lambda face: face.press)),
    )


def make_application(  # noqa: PLR0913 - the one place where everything comes in, by name
    pipeline: Pipeline,
    token: str,
    *,
    server: Server = OFFICIAL,
    owners: Sequence[int] = (),
    journal: Journal | None = None,
    workshop: Workshop | None = None,
    editing: Editing | None = None,
    house: House | None = None,
    request: Callable[[], BaseRequest] | None = None,
    meters: Meters | None = None,
    pace: Pace | None = None,
    chats: Chats | None = None,
    store: Store | None = None,
) -> App:
    """Build the application.

    Args:
        pipeline: answers questions.
        token: the bot's.
        server: where the Bot API is.
        owners: user ids of those who may edit the knowledge.
        journal: keeps what is asked; without one nothing is kept.
        workshop: where owners edit; without one nobody does.
        editing: closes gaps where there is no workshop; without either no gap can be closed.
        house: the manners of each chat; without one they are the usual ones.
        request: makes the transport where it is not HTTP.
        meters: count what is asked.
        pace: when calls may go; a new one if it is not shared with anybody.
        chats: hears of chats that moved or are gone; the house, if nobody else does.
        store: keeps alerts and posts for channels; without one there are none.
    """
    application = _bare(token, server, request, pace)
    house = house or House(pipeline, Stack(pipeline.shelf))
    sender = Sender(application.bot, chats or house)
    if workshop:
        editing = office = Office(workshop, sender, Dialogues(pipeline.clock), frozenset(owners))
        application.add_handlers(office_handlers(office))
    face = Face(
        pipeline,
        sender,
        journal=journal or Journal(),
        owners=frozenset(owners),
        editing=editing,
        meters=meters or Meters(),
        alerts=store.alerts if store else None,
    )
    _equip(application, face, house, store)
    return application


def _equip(application: App, face: Face, house: House, store: Store | None) -> None:
    """Let an application handle what anybody sends."""
    gate = Gate(face, house, Cooldowns(face.pipeline.clock), Repeats(face.pipeline.clock))
    rights = Rights(application.bot, face.pipeline.clock)
    membership = Membership(Panels(gate, rights))
    face.sender.delivery.noticed = membership.noticed
    if store:
        add_posting(application, Columnist(house, face.sender), rights, store)
    application.add_handlers((*handlers_elsewhere(face), *chat_handlers(membership), *handlers(gate)))
    application.add_error_handler(face.failed)


def _bare(token: str, server: Server, request: Callable[[], BaseRequest] | None, pace: Pace | None) -> App:
    """Return an application that handles nothing yet."""
    return (
        ApplicationBuilder()
        .application_class(Unmarked)
        .token(token)
        .base_url(server.calls)
        .base_file_url(server.files)
        .defaults(Defaults(link_preview_options=NO_PREVIEW))
        .rate_limiter(pace or Pace())
        .updater(None)
        .request((request or transport.calls)())
        .get_updates_request((request or transport.polling)())
        .build()
    )


def menus(owners: Sequence[int] = ()) -> dict[BotCommandScope, list[BotCommand]]:
    """Return the commands of each place; an owner's private chat has those for owners as well."""
    commands: tuple[Command[Any], ...] = (*COMMANDS, *PANEL, *POSTING)
    scopes = dict.fromkeys(scope for command in commands for scope in command.scopes)
    shown = {scope: [_entry(one) for one in commands if scope in one.scopes] for scope in scopes}
    for_owners = [*map(_entry, OFFICE), *(_entry(one) for one in COMMANDS if one.is_for_owners)]
    return shown | {BotCommandScopeChat(owner): [*for_owners, *shown[PRIVATE]] for owner in owners}


def _entry(command: Command[Any]) -> BotCommand:
    return BotCommand(command.name, command.description)


async def publish_commands(application: App, owners: Sequence[int] = ()) -> None:
    """Tell Telegram the commands of each place; a failure is logged and costs only the menu."""
    for scope, shown in menus(owners).items():
        try:
            await application.bot.set_my_commands(shown, scope=scope)
        except TelegramError as error:
            _log.warning("telegram.commands_failed", error=type(error).__name__)
