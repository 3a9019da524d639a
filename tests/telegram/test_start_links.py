"""What stands behind ?start= comes back as what it was."""

from re import fullmatch

import pytest

from bot.faces.telegram.start_links import Link, ToEntry, ToSettings, read_link, start_link

LINKS = (ToEntry("fork-reason"), ToEntry("v1.2"), ToEntry("ü" * 16), ToSettings(-1_001_000_000_001, 45), ToSettings(5))


@pytest.mark.parametrize("link", LINKS, ids=str)
def test_a_link_comes_back(link: Link) -> None:
    """Telegram takes 64 letters, digits, underscores and hyphens; an id that has others is written in these."""
    address = start_link("duel_bot", link)
    start = address.removeprefix("https://t.me/duel_bot?start=")

    assert fullmatch(r"[A-Za-z0-9_-]{1,64}", start)
    assert read_link(start) == link


@pytest.mark.parametrize("parameter", ["", "a_", "g_", "g_x", "g_1_x", "b_!", "b_gA", "ref", "a_ü", "g_" + "9" * 30])
def test_what_is_no_link_is_none(parameter: str) -> None:
    """Anybody can make up what stands behind /start."""
    assert read_link(parameter) is None
