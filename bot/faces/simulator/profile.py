"""What the bot says about itself: its commands by scope, its name and descriptions, its webhook."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.faces.simulator.entities import JSON, units
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import bad_request, conflict
from bot.faces.simulator.webhooks import webhook_of

if TYPE_CHECKING:
    from bot.faces.simulator.world import LocalTelegram

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LONGEST_COMMAND_DESCRIPTION = 256
MOST_COMMANDS = 100
LONGEST = {"name": 64, "description": 512, "short_description": 120}
SHOWN = ("max_connections", "last_error_date", "last_error_message")  # of a webhook, never its secret
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


@dataclass(slots=True)
class Profile:
    """What was set: command → description by scope, and texts by (field, language).

    `hidden` has the commands of a scope that only their sender sees. A scope is named as in `default`,
    `all_group_chats`, `chat:-5` or `chat_member:-5:7`, with `/de` for a language.
    """

    commands: dict[str, dict[str, str]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    hidden: dict[str, frozenset[str]] = field(default_factory=dict)


def scope_name(given: Parameters) -> str:
    """Return the name under which the commands of a call's scope and language are kept."""
    scope = given.parsed("scope") or {"type": "default"}
    parts = [str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope]
    language = given.text("language_code")
    return ":".join(parts) + (f"/{language}" if language else "")


def set_my_commands(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out setMyCommands."""
    commands = given.parsed("commands")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.profile.commands[scope_name(given)] = dict(map(_command, commands))
    hidden = (one["command"] for one in commands if one.get("is_ephemeral"))
    world.profile.hidden[scope_name(given)] = frozenset(hidden)
    return True


def _command(given: Any) -> tuple[str, str]:
    if not isinstance(given, dict) or not {"command", "description"} <= given.keys():
        raise bad_request("can't parse BotCommand: expected an Object with command and description")
    if not COMMAND.fullmatch(given["command"].removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= units(given["description"]) <= LONGEST_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return given["command"].removeprefix("/"), given["description"]


def get_my_commands(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out getMyCommands."""
    commands = world.profile.commands.get(scope_name(given), {})
    return [{"command": command, "description": description} for command, description in commands.items()]


def delete_my_commands(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out deleteMyCommands."""
    world.profile.commands.pop(scope_name(given), None)
    world.profile.hidden.pop(scope_name(given), None)
    return True


def set_text(world: "LocalTelegram", given: Parameters, name: str) -> object:
    """Carry out setMyName, setMyDescription or setMyShortDescription."""
    if units(given.text(name)) > LONGEST[name]:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    world.profile.texts[name, given.text("language_code")] = given.text(name)
    return True


def get_text(world: "LocalTelegram", given: Parameters, name: str) -> object:
    """Carry out getMyName, getMyDescription or getMyShortDescription."""
    usual = world.bot.name if name == "name" else ""
    texts = world.profile.texts
    return {name: texts.get((name, given.text("language_code"))) or texts.get((name, "")) or usual}


def set_webhook(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out setWebhook: the address is kept; `webhooks.delivering` calls it."""
    url = given.text("url")
    webhook = webhook_of(given) if url else {}
    if not SECRET.fullmatch(given.text("secret_token")):
        raise bad_request("secret token contains unallowed characters")
    world.updates.webhook = webhook
    world.updates.allow(given.parsed("allowed_updates"))
    if given.flag("drop_pending_updates"):
        world.updates.take()
    if url:
        world.updates.interrupt(conflict("terminated by setWebhook request"))
    world.changes.happened()
    return True


def delete_webhook(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out deleteWebhook."""
    world.updates.webhook = {}
    if given.flag("drop_pending_updates"):
        world.updates.take()
    return True


def get_webhook_info(world: "LocalTelegram", _given: Parameters) -> object:
    """Carry out getWebhookInfo."""
    queue = world.updates
    url = queue.webhook.get("url", "")
    info: JSON = {"url": url, "has_custom_certificate": False, "pending_update_count": len(queue.pending)}
    info |= {name: queue.webhook[name] for name in SHOWN if name in queue.webhook}
    return info | ({"allowed_updates": sorted(queue.allowed)} if queue.allowed else {})
