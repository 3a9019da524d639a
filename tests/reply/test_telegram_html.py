"""Classic HTML: escaped, balanced, within Telegram's limits, nothing lost."""

import re
from datetime import UTC, datetime
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from bot.model.knowledge import Citation, Label
from bot.model.reply import Block, Headline, LiveTable, Note, Paragraph, Reply, Sources, TableRow, VersusTable
from bot.reply.telegram_html import BYTES, LIMIT, render
from bot.reply.terminal import plain
from bot.text import utf16_length

TAG = re.compile(r"<[^>]*>")
CITATION = Citation("a", 'A "book" & <more>', "https://example.org/?a=1&b=2", "2020")

texts = st.text(min_size=1, max_size=6000).filter(lambda text: text.strip() != "")
blocks = st.one_of(
    texts.map(Headline),
    texts.map(Paragraph),
    texts.map(Note),
    st.lists(st.tuples(st.text("ab<&", min_size=1, max_size=120)), max_size=60).map(
        lambda rows: VersusTable(("BTC", "BCH"), tuple(TableRow(what, (what, what)) for (what,) in rows))
    ),
)


def visible(html: str) -> str:
    return unescape(TAG.sub("", html))


@given(st.lists(blocks, min_size=1, max_size=6))
def test_every_message_keeps_telegram_s_limits(found: list[Block]) -> None:
    for message in render(Reply(tuple(found))):
        assert 0 < utf16_length(visible(message)) <= LIMIT
        assert len(message.encode("utf-8", "surrogatepass")) <= BYTES
        opened = re.findall(r"<(\w+)[^>]*>", message)
        closed = re.findall(r"</(\w+)>", message)
        assert sorted(opened) == sorted(closed)


@given(st.text("ab <>&\"'é🚀\n", min_size=1, max_size=9000).filter(lambda text: text.strip() != ""))
def test_no_word_is_lost(text: str) -> None:
    shown = " ".join(visible(message) for message in render(Reply((Paragraph(text),))))

    assert "".join(shown.split()) == "".join(text.split())


def test_markup_in_texts_is_shown_as_it_is() -> None:
    reply = Reply((Headline("<b>1 < 2 & 3</b>"), Note("</i>")))

    assert render(reply) == ("<b>&lt;b&gt;1 &lt; 2 &amp; 3&lt;/b&gt;</b>\n\n<i>&lt;/i&gt;</i>",)


def test_an_answer_has_its_table_and_its_sources() -> None:
    reply = Reply(
        (
            Headline("Yes."),
            VersusTable(("BTC", "BCH"), (TableRow("Limit", ("4 MWU", "32 MB")), TableRow("Block", ("600 s", "600 s")))),
            Sources((CITATION,), "2026-11-23", Label.OPINION),
        )
    )

    assert "".join(render(reply)) == (
        "<b>Yes.</b>\n\n<b>Limit</b>\nBTC: 4 MWU\nBCH: 32 MB\n\n<b>Block</b>\nBTC: 600 s\nBCH: 600 s\n\n"
        '<i>As of 2026-11-23, contested, both sides. Sources: <a href="https://example.org/?a=1&amp;b=2">'
        'A "book" &amp; &lt;more&gt; (2020)</a></i>'
    )


def test_the_same_reply_as_plain_text() -> None:
    reply = Reply(
        (
            Headline("Yes."),
            VersusTable(("BTC", "BCH"), (TableRow("Limit", ("4 MWU", "32 MB")),)),
            LiveTable((), datetime(2026, 1, 1, tzinfo=UTC)),
            Sources((CITATION,), "", Label.CURATED),
        )
    )

    assert plain(reply) == ('Yes.\n\nLimit\n  BTC  4 MWU\n  BCH  32 MB\n\nUndated. Sources: A "book" & <more> (2020)')
