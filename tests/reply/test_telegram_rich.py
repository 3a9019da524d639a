"""Rich messages: within Telegram's limits, nothing lost, and none where text says the same."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import RefusedError
from bot.faces.simulator.rich import content, text_of
from bot.faces.simulator.shapes import Shapes
from bot.faces.simulator.world import Call
from bot.model.knowledge import Citation, Label, Library
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.model.reply import (
    AsOf,
    Block,
    Headline,
    LiveTable,
    Note,
    Paragraph,
    Picture,
    Refresh,
    Reply,
    Sources,
    TableRow,
    VersusTable,
)
from bot.reply.compose import Composer
from bot.reply.telegram_rich import again, render_rich
from bot.stats import STATS
from tests.telegram.conftest import SCHEMA
from tests.telegram.second_opinion import objections

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
TABLE = VersusTable(("BTC", "BCH"), (TableRow("Block size", ("1 MB", "32 MB")),))
SOURCES = Sources((Citation("a", "A book", "https://example.org/?a=1&b=2", "2020"),), "2026-11-23", Label.CURATED)

texts = st.text(min_size=1, max_size=3000).filter(lambda text: text.strip() != "")
blocks = st.one_of(
    texts.map(Headline),
    texts.map(Paragraph),
    texts.map(Note),
    st.lists(st.text("ab<&", min_size=1, max_size=120), max_size=300).map(
        lambda rows: VersusTable(("BTC", "BCH"), tuple(TableRow(what, (what, what)) for what in rows))
    ),
)


def shown(*blocks: Block) -> list[dict[str, Any]]:
    """Return the blocks of a rich message that must be one."""
    found: list[dict[str, Any]] = json.loads(render_rich(Reply(blocks)))["blocks"]
    return found


def wrong(rich: str) -> list[str]:
    """Return what the server, the Bot API as data and another library's models say against a rich message."""
    given = {"chat_id": "1", "rich_message": rich}
    content(Parameters(given))
    shapes = Shapes(SCHEMA) if SCHEMA else None
    misfits = shapes.misfits("sendRichMessage", Parameters(given)) if shapes else []
    return misfits + objections([Call("sendRichMessage", given)])


@given(st.lists(blocks, min_size=1, max_size=8))
def test_every_rich_message_keeps_the_limits(found: list[Block]) -> None:
    rich = render_rich(Reply((*found, TABLE)))

    assert not rich or wrong(rich) == []


@given(st.lists(st.one_of(texts.map(Headline), texts.map(Paragraph), texts.map(Note)), max_size=5))
def test_no_word_is_lost(found: list[Headline | Paragraph | Note]) -> None:
    text = text_of(json.loads(render_rich(Reply((*found[:2], TABLE, *found[2:])))))

    assert all(block.text in text for block in found)
    assert all(word in text for word in ("BTC", "BCH", "Block size", "1 MB", "32 MB"))


def test_every_answer_of_the_library_can_be_rich(library: Library) -> None:
    """Those with a table are; none has more than the API takes."""
    made = [
        render_rich(reply)
        for entry in library.entries
        for reply in [Composer(library).entry(entry, (), AT)]
        if any(isinstance(block, VersusTable) for block in reply.blocks)
    ]

    assert len(made) > 50
    assert [found for rich in made for found in wrong(rich)] == []


def test_an_answer_unfolds_and_its_sources_are_footnotes() -> None:
    heading, table, details, day, source = shown(Headline("Yes."), TABLE, Paragraph("Why."), SOURCES)

    assert [one["type"] for one in (heading, table, details, day, source)] == [
        "heading",
        "table",
        "details",
        "footer",
        "footer",
    ]
    assert [[cell.get("text") for cell in row] for row in table["cells"]] == [
        [None, "BTC", "BCH"],
        ["Block size", "1 MB", "32 MB"],
    ]
    (paragraph,) = details["blocks"]
    words, mark = paragraph["text"]
    assert words == "Why."
    assert mark["text"] == {"type": "reference_link", "reference_name": "source-1", "text": "[1]"}
    assert day["text"] == "As of 2026-11-23"
    assert source["text"]["name"] == "source-1"
    assert source["text"]["text"][1]["url"] == "https://example.org/?a=1&b=2"


def test_text_above_the_table_does_not_fold() -> None:
    assert [one["type"] for one in shown(Paragraph("First."), TABLE, Paragraph("Why."))] == [
        "paragraph",
        "table",
        "details",
    ]


def test_live_numbers_stand_side_by_side_with_their_age() -> None:
    """What is missing is said, and a reader's program writes the moments."""
    stat = STATS["fee"]
    at = AT - timedelta(minutes=3)
    quote = Quote(2.5, "a source", at, at, Quality.LIVE)
    there = Snapshot(stat, {Coin.BTC: quote, Coin.BCH: quote})
    gone = Snapshot(STATS["price"], {Coin.BTC: Missing("down"), Coin.BCH: Missing("down")})

    table, note, missing, as_of = shown(LiveTable((there, gone), AT), AsOf(AT))
    (alone,) = shown(LiveTable((gone,), AT))

    head, row = table["cells"]
    assert [cell.get("text") for cell in head][:3] == [None, "BTC", "BCH"]
    assert row[0]["text"] == stat.title
    assert note["text"][1] == {
        "type": "date_time",
        "unix_time": int(quote.observed_at.timestamp()),
        "date_time_format": "r",
        "text": "3 min ago",
    }
    assert "down" in missing["text"]["text"]
    assert "down" in alone["text"]["text"]
    assert as_of["text"][1]["date_time_format"] == "Dt"


@pytest.mark.parametrize(
    "reply",
    [
        Reply((Headline("Yes."),)),
        Reply((TABLE,), picture=Picture(b"\x89PNG", "a picture")),
        Reply((VersusTable(tuple("x" * 20), (TableRow("a", tuple("x" * 20)),)),)),
        Reply((VersusTable(("BTC", "BCH"), TABLE.rows * 500),)),
        Reply((TABLE, Paragraph("x" * 32_768))),
    ],
    ids=["no table", "a picture", "too many columns", "too many rows", "too long"],
)
def test_what_is_better_as_text_is_no_rich_message(reply: Reply) -> None:
    assert render_rich(reply) == ""


@pytest.mark.parametrize(
    ("reply", "entry"),
    [
        (Reply((), entry="fork"), "fork"),
        (Reply((), ((Refresh(""),),)), ""),
        (Reply((), ((Refresh("fork"),),)), None),
        (Reply(()), None),
    ],
    ids=["an entry", "all statistics", "two answers at once", "neither"],
)
def test_what_can_be_had_anew(reply: Reply, entry: str | None) -> None:
    assert again(reply) == entry


BLOCK = {"type": "paragraph", "text": "x"}


@pytest.mark.parametrize(
    ("rich", "words"),
    [
        ("[]", "object expected"),
        ({"html": "x", "blocks": [BLOCK]}, "exactly one"),
        ({}, "exactly one"),
        ({"blocks": []}, "non-empty"),
        ({"blocks": [BLOCK] * 501}, "TOO_LONG"),
        ({"blocks": [BLOCK | {"text": "x" * 32_769}]}, "TOO_LONG"),
        ({"blocks": [BLOCK | {"text": [{"type": "hashtag", "text": "#x", "hashtag": "#x"}]}]}, "NOT_ALLOWED"),
        ({"blocks": [{"type": "heading", "text": "x", "size": 7}]}, "size of a heading"),
        (
            {"blocks": [{"type": "table", "cells": [[{"text": "x", "align": "left", "valign": "top"}] * 21]}]},
            "COLUMNS_TOO_MUCH",
        ),
        ({"blocks": [{"type": "table", "cells": [[{"text": "x", "align": "up", "valign": "top"}]]}]}, "alignment"),
        (
            {"blocks": [BLOCK | {"text": {"type": "reference_link", "text": "x", "reference_name": ""}}]},
            "reference name",
        ),
    ],
)
def test_the_local_telegram_is_strict_about_rich_messages(rich: Any, words: str) -> None:
    text = rich if isinstance(rich, str) else json.dumps(rich)

    with pytest.raises(RefusedError, match=words):
        content(Parameters({"rich_message": text}))


def test_depth_is_limited() -> None:
    text: Any = "x"
    for _ in range(16):
        text = {"type": "bold", "text": text}

    with pytest.raises(RefusedError, match="TOO_LONG"):
        content(Parameters({"rich_message": json.dumps({"blocks": [BLOCK | {"text": text}]})}))
