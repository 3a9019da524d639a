"""Telegram's HTML: what it becomes, and how it is refused."""

from typing import Any

import pytest

from bot.faces.simulator.markup import parse_html
from bot.faces.simulator.refusal import RefusedError


def entity(kind: str, offset: int, length: int, **more: object) -> dict[str, Any]:
    """Return one entity."""
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("plain &amp; simple", "plain & simple", []),
        ("&lt;&gt;&quot;&#33;&#x1F600;", '<>"!😀', []),
        ("&laquo; &#0; &#99999999; & &lt", "&laquo; &#0; &#99999999; & <", []),
        ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
        ("😀<i>é</i><EM>x</EM>", "😀éx", [entity("italic", 2, 1), entity("italic", 3, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [entity("strikethrough", 0, 1), entity("strikethrough", 1, 1), entity("strikethrough", 2, 1)],
        ),
        (
            "<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>",
            "ab",
            [entity("spoiler", 0, 1), entity("spoiler", 1, 1)],
        ),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("<b>a</>", "a", [entity("bold", 0, 1)]),
        ("<b></b>a</b >"[:8], "a", []),
        (
            '<a href="https://x.org/?a=1&amp;b=2&c">x</a>',
            "x",
            [entity("text_link", 0, 1, url="https://x.org/?a=1&b=2&c")],
        ),
        ("<a href=x.org>x</a>", "x", [entity("text_link", 0, 1, url="http://x.org/")]),
        ("<a>https://x.org</a>", "https://x.org", [entity("text_link", 0, 13, url="https://x.org")]),
        ("<a href='nothing'>x</a>", "x", []),
        (
            '<a href="tg://user?id=7">Ann</a>',
            "Ann",
            [entity("text_mention", 0, 3, user={"id": 7, "is_bot": False, "first_name": "Ann"})],
        ),
        ("<code>a</code><pre>b</pre>", "ab", [entity("code", 0, 1), entity("pre", 1, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [entity("pre", 0, 1, language="py")]),
        ('<code class="language-py">x</code>', "x", [entity("code", 0, 1)]),
        ('<code class="red">x</code>', "x", [entity("code", 0, 1)]),
        (
            "<blockquote>a</blockquote><blockquote expandable>b</blockquote>",
            "ab",
            [entity("blockquote", 0, 1), entity("expandable_blockquote", 1, 1)],
        ),
        ('<tg-emoji emoji-id="5368">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="5368")]),
        (
            '<tg-time unix="1647531900" format="wDT">then</tg-time>',
            "then",
            [entity("date_time", 0, 4, unix_time=1647531900, date_time_format="wDT")],
        ),
        ("<b class=x id = 'y' >a</b>", "a", [entity("bold", 0, 1)]),
    ],
)
def test_what_html_becomes(html: str, text: str, entities: list[dict[str, Any]]) -> None:
    """Tags become entities in UTF-16 units, references become characters."""
    assert parse_html(html) == (text, entities)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("x<br/>", 'Unsupported start tag "br/" at byte offset 1'),
        ("I <3", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a ='x'>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=http://x.org>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<tg-emoji emoji-id='x'>👍</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("<tg-time unix='x'>then</tg-time>", "Invalid Unix time specified"),
        (
            "&#xD83D;",
            "Text contains invalid Unicode characters after decoding HTML entities",
        ),
    ],
)
def test_how_html_is_refused(html: str, words: str) -> None:
    """What Telegram cannot read it refuses, with the place in bytes."""
    with pytest.raises(RefusedError) as caught:
        parse_html(html)

    assert (caught.value.code, caught.value.description) == (400, f"Bad Request: can't parse entities: {words}")
