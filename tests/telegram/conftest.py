"""The real Application, polling a local Telegram, with the shipped knowledge."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.faces.simulator import Chat, LocalRequest, LocalTelegram, Message, Person
from bot.faces.telegram import make_application
from bot.faces.telegram.app import App, publish_commands
from bot.pipeline import Pipeline
from tests.conftest import SHARED
from tests.web import Web

API = SHARED / "botapi" / "botapi-10.3.json"
SCHEMA: Any = json.loads(API.read_text("utf-8")) if API.is_file() else None


@dataclass(frozen=True, slots=True)
class Stage:
    """A local Telegram with the bot running in it; `owner` may edit the knowledge."""

    telegram: LocalTelegram
    app: App
    web: Web
    owner: Person

    async def said(self, chat: Chat, count: int = 1) -> list[Message]:
        """Wait for so many messages of the bot in a chat."""
        return await self.telegram.written(chat, count)

    async def is_silent(self, chat: Chat, before: int = 0) -> bool:
        """Tell whether the bot said nothing more in a chat, once everything that was queued has been handled."""
        await self.telegram.taken()
        witness = self.telegram.person("Witness")
        witness.say(witness.private, "/help")
        await self.telegram.written(witness.private)
        processor = self.app.update_processor
        await self.telegram.wait_for(lambda: processor.current_concurrent_updates == 0)
        return len(self.telegram.sent_by_bot(chat)) == before

    def person(self, name: str = "Ann") -> Person:
        return self.telegram.person(name)


@pytest.fixture
async def stage(pipeline: Pipeline, web: Web) -> AsyncIterator[Stage]:
    telegram = LocalTelegram("duel_bot", schema=SCHEMA)
    owner = telegram.person("Olga")
    app = make_application(pipeline, telegram.token, owners=(owner.id,), request=lambda: LocalRequest(telegram))
    async with app:
        await publish_commands(app)
        await app.start()
        assert app.updater
        await app.updater.start_polling()
        yield Stage(telegram, app, web, owner)
        await app.updater.stop()
        await app.stop()
