"""Reply markup as Telegram takes it: inline keyboards are checked button by button, other keyboards pass."""

import re
from typing import Any

from bot.faces.simulator.entities import JSON
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import RefusedError, bad_request

LONGEST_DATA = 64  # bytes
MOST_BUTTONS = 100
LONGEST_COPY = 256  # characters
STYLES = frozenset({"primary", "success", "danger"})
LINK = re.compile(r"(?:https?|tg|ton|tonsite)://\S+$|[^\s/:]+\.[^\s/:]{2,}\S*$", re.IGNORECASE)
ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
        "disabled",
    }
)


def read_markup(given: Parameters) -> JSON:
    """Return the inline keyboard a call brings, empty when there is none."""
    return checked_markup(given.parsed("reply_markup"))


def checked_markup(markup: Any) -> JSON:
    """Return an inline keyboard as it is kept, empty when there is none."""
    if markup is None:
        return {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return {}
    rows = [checked for row in _rows(markup["inline_keyboard"]) if (checked := [_button(one) for one in row])]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else {}


def _rows(keyboard: Any) -> list[list[Any]]:
    if isinstance(keyboard, list) and all(isinstance(row, list) for row in keyboard):
        return keyboard
    raise bad_request('field "inline_keyboard" must be an Array of Arrays')


def _button(button: Any) -> JSON:
    if not isinstance(button, dict):
        raise _complaint("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _complaint('Can\'t find field "text"')
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    if button.get("style", "primary") not in STYLES:
        raise _complaint("Invalid button style specified")
    if len(ACTIONS & button.keys()) > 1:
        raise _complaint("Exactly one of the optional fields must be used to specify type of the button")
    if "copy_text" in button:
        return _copied(button)
    if button.get("url"):
        return _linked(button)
    if button.get("callback_data"):
        return _called(button)
    if (ACTIONS - {"url", "callback_data"}).isdisjoint(button):
        raise _complaint("Text buttons are unallowed in the inline keyboard")
    return button


def _linked(button: JSON) -> JSON:
    if not LINK.match(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return button


def _copied(button: JSON) -> JSON:
    copied = button["copy_text"]
    if not isinstance(copied, dict) or not 1 <= len(str(copied.get("text", ""))) <= LONGEST_COPY:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return button


def _called(button: JSON) -> JSON:
    if len(button["callback_data"].encode()) > LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return button


def _complaint(words: str) -> RefusedError:
    return bad_request(f"can't parse inline keyboard button: {words}")
