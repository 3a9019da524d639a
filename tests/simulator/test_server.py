"""The same Telegram on a loopback port."""

import asyncio
from typing import Any

import httpx
from telegram.ext import ApplicationBuilder
from telegram.request import HTTPXRequest

from bot.faces.simulator import LocalTelegram
from bot.faces.simulator.server import serve

from .conftest import populate


async def test_the_stock_transport_works(tg: LocalTelegram, errors: list[Exception]) -> None:
    """An application that knows only the address talks to the people of the world, photos included."""
    ann = tg.person("Ann")
    async with serve(tg) as base_url:
        builder = ApplicationBuilder().token(tg.token).base_url(base_url)
        builder = builder.request(HTTPXRequest()).get_updates_request(HTTPXRequest())
        async with populate(builder.build(), errors) as app:
            await app.start()
            assert app.updater
            await app.updater.start_polling()

            ann.say(ann.private, "fees + 3 😀")
            (answer,) = await tg.written(ann.private)
            ann.press(answer, "Again")
            await tg.wait_for(lambda: answer.edited)
            await app.bot.send_photo(ann.id, b"\x89PNG\r\n\r\n\x00", caption="chart")

            await app.updater.stop()
            await app.stop()

    assert (answer.html, answer.text) == ("<i>again</i>", "again")
    assert tg.sent_by_bot(ann.private)[1].upload == b"\x89PNG\r\n\r\n\x00"
    assert errors == []


FORMS: dict[str, dict[str, Any]] = {
    "query": {"params": {"chat_id": "-5001", "text": "é 1"}},
    "form": {"data": {"chat_id": "-5001", "text": "é 1"}},
    "json": {"json": {"chat_id": -5001, "text": "é 1"}},
    "multipart": {"data": {"chat_id": "-5001", "text": "é 1"}, "files": {"unused": b"x"}},
    "no type": {"content": b"ignored", "params": {"chat_id": "-5001", "text": "é 1"}},
}


async def test_parameters_come_in_every_form() -> None:
    """Query, form, multipart form and JSON mean the same."""
    tg = LocalTelegram()
    group = tg.group("Club")

    async with serve(tg) as base_url, httpx.AsyncClient() as client:
        answers = {name: await client.post(f"{base_url}{tg.token}/sendMessage", **how) for name, how in FORMS.items()}

    assert {name: answer.json()["ok"] for name, answer in answers.items()} == dict.fromkeys(FORMS, True)
    assert [one.text for one in tg.sent_by_bot(group)] == ["é 1"] * len(FORMS)


async def test_a_waiting_poll_does_not_hold_the_server(tg: LocalTelegram) -> None:
    """Closing the server ends the long poll that is under way."""
    async with httpx.AsyncClient() as client:
        async with serve(tg) as base_url:
            poll = asyncio.create_task(client.get(f"{base_url}{tg.token}/getUpdates?timeout=50", timeout=60))
            await tg.wait_for(lambda: tg.calls)

        assert (await poll).status_code == 500


async def test_files_are_exchanged() -> None:
    """What somebody sends can be fetched with the right token only; what the bot sends keeps its name."""
    tg = LocalTelegram()
    ann = tg.person("Ann")
    sent = ann.document(ann.private, "a.yml", b"a: b\n")
    name = sent.raw["document"]["file_id"]

    async with serve(tg) as base_url, httpx.AsyncClient() as client:
        found = (await client.get(f"{base_url}{tg.token}/getFile", params={"file_id": name})).json()["result"]
        path = found["file_path"]
        home = base_url.replace("/bot", "/file/bot")
        fetched = [await client.get(f"{home}{token}/{path}") for token in (tg.token, "1:other")]
        upload = {"document": ("b.yml", b"b: c\n")}
        await client.post(f"{base_url}{tg.token}/sendDocument", data={"chat_id": str(ann.id)}, files=upload)

    (back,) = tg.sent_by_bot(ann.private)
    assert [(one.status_code, one.content) for one in fetched] == [(200, b"a: b\n"), (404, b"Not Found")]
    assert (back.raw["document"]["file_name"], back.upload) == ("b.yml", b"b: c\n")
