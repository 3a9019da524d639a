"""Telegram: the only face that imports `telegram`, besides the local one it is tested against."""

from bot.faces.telegram.app import make_application, serve

__all__ = ["make_application", "serve"]
