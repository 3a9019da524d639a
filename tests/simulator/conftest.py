import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.faces.simulator import LocalRequest, LocalTelegram
from bot.faces.simulator.parameters import Parameters

API = Path(__file__).parents[3] / "shared" / "botapi" / "botapi-10.3.json"
SCHEMA = json.loads(API.read_text()) if API.exists() else None

Ask = Callable[..., Awaitable[tuple[int, Any]]]
App = Application[Any, Any, Any, Any, Any, Any]


@pytest.fixture
def tg() -> LocalTelegram:
    return LocalTelegram("faq_bot", schema=SCHEMA)


@pytest.fixture
def ask(tg: LocalTelegram) -> Ask:
    """Calls a method as a client would, and returns the status with the result or the words of the refusal."""

    async def call(method: str, **given: Any) -> tuple[int, Any]:
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
        status, body = await tg.answer(tg.token, method, Parameters(texts))
        answer = json.loads(body)
        return status, answer.get("result", answer.get("description"))

    return call


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    assert message
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="v1:again")]])
    await message.reply_html(f"<b>{message.text}</b>", reply_markup=keyboard, do_quote=True)


async def again(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query
    await query.answer("Done")
    await query.edit_message_text("<i>again</i>", parse_mode="HTML")


def populate(app: App, errors: list[Exception]) -> App:
    """Give an application the handlers of these tests."""

    async def note(_update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert context.error
        errors.append(context.error)

    app.add_handlers([MessageHandler(filters.TEXT, echo), CallbackQueryHandler(again)])
    app.add_error_handler(note)
    return app


@pytest.fixture
def errors() -> list[Exception]:
    return []


@pytest.fixture
async def app(tg: LocalTelegram, errors: list[Exception]) -> AsyncIterator[App]:
    """The real Application, polling the local Telegram."""
    builder = ApplicationBuilder().token(tg.token).request(LocalRequest(tg)).get_updates_request(LocalRequest(tg))
    async with populate(builder.build(), errors) as app:
        await app.start()
        assert app.updater
        await app.updater.start_polling(error_callback=_ignore)
        yield app
        if app.updater.running:
            await app.updater.stop()
        await app.stop()


def _ignore(_error: TelegramError) -> None:
    """Leave polling errors to what the test looks at."""
