"""The door for machines: Telegram's webhook, and what looks after the bot (health, metrics)."""

from bot.faces.http.health import health_application
from bot.faces.http.server import Address, listening
from bot.faces.http.webhook import Hook, Webhook, make_hook

__all__ = ["Address", "Hook", "Webhook", "health_application", "listening", "make_hook"]
