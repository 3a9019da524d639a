"""Which buttons are made once and kept, and which are not."""

from telegram import InlineKeyboardButton

from bot.faces.telegram import wire
from bot.faces.telegram.keyboard import keyboard, rows_of
from bot.faces.telegram.links import Links
from bot.model.chat_buttons import OpenLink
from bot.model.reply import AnyButton, Browse, Reply

LINKS = Links("duel_bot", is_inline=False)


def _shown(button: AnyButton) -> InlineKeyboardButton:
    return rows_of(Reply((), ((button,),)), LINKS)[0][0]


def test_a_button_that_comes_again_is_made_once() -> None:
    assert _shown(Browse(1, "Fees")) is _shown(Browse(1, "Fees"))


def test_no_link_is_kept() -> None:
    """Links to messages are new each time, and one may have an address of somebody in it."""
    first, again = (_shown(OpenLink("https://t.me/c/1/2", "See")) for _ in range(2))
    before = wire._kept.cache_info()

    sent = wire.keyboard(keyboard([[first]]))

    assert first is not again
    assert sent == {"reply_markup": {"inline_keyboard": [[{"text": "See", "url": "https://t.me/c/1/2"}]]}}
    assert wire._kept.cache_info() == before
