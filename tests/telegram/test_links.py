"""Deep links: every answer has one, and it says so where the text is no longer what was shared."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faces.telegram.links import SettingsOf, Shared, read_answer, read_chat, write_answer, write_chat
from bot.library.fields import ID_LENGTH
from bot.model.fingerprint import fingerprint
from bot.model.knowledge import Library
from tests.telegram.conftest import Stage

PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
CHANGED = "This answer has changed since it was shared."
GONE = "no longer there"
UNKNOWN = "I do not know that link"

ids = st.from_regex(rf"[a-z0-9][a-z0-9_.-]{{0,{ID_LENGTH - 1}}}", fullmatch=True)
prints = st.one_of(st.just(""), st.from_regex(r"[0-9a-f]{6}", fullmatch=True))

OPENED = {
    "a_fork-reason": ("2017", ()),
    "a_fork-reasonV000000": (CHANGED, ()),
    "a_no-such-entry": (GONE, ("Topics",)),
    "a_no-such-entryV000000": (GONE, ("Topics",)),
    "a_": (UNKNOWN, ("Topics",)),
    "a_fork-reasonV": (UNKNOWN, ("Topics",)),
    "a_fork-reasonV00": (UNKNOWN, ("Topics",)),
    "a_Fork": (UNKNOWN, ("Topics",)),
    "a_fork.reason": (UNKNOWN, ("Topics",)),
    "inline": (UNKNOWN, ("Topics",)),
    "z_1": (UNKNOWN, ("Topics",)),
    "two words": (UNKNOWN, ("Topics",)),
    "a_" + "x" * 400: (UNKNOWN, ("Topics",)),
    "a_<b>&\u202e": (UNKNOWN, ("Topics",)),
    "": ("Ask in your own words", ("Topics",)),
}


@pytest.mark.parametrize(("parameter", "wanted"), OPENED.items(), ids=[repr(key[:24]) for key in OPENED])
async def test_what_a_link_opens(stage: Stage, parameter: str, wanted: tuple[str, tuple[str, ...]]) -> None:
    """An answer, or the welcome with a sentence; nothing of the parameter is echoed."""
    ann = stage.person()

    ann.say(ann.private, f"/start {parameter}".strip())
    (answer,) = await stage.said(ann.private)

    text, labels = wanted
    labels_shown = [button.label for row in answer.buttons for button in row]
    assert text in answer.text
    assert set(labels) <= set(labels_shown)
    assert CHANGED in answer.text or text != CHANGED
    assert "xxxx" not in answer.text


async def test_a_link_of_now_says_nothing_of_a_change(stage: Stage, library: Library) -> None:
    ann = stage.person()
    entry = library.entry("fork-reason")
    assert entry

    ann.say(ann.private, f"/start {write_answer(entry.id, fingerprint(entry))}")
    (answer,) = await stage.said(ann.private)

    assert CHANGED not in answer.text
    assert "2017" in answer.text
    assert answer.button("Share").query == "#fork-reason"


@given(ids, prints)
def test_every_id_there_can_be_is_written_and_read(entry: str, print_: str) -> None:
    """Within what Telegram takes, dots and underscores included."""
    parameter = write_answer(entry, print_)

    assert PARAMETER.fullmatch(parameter)
    assert read_answer(parameter) == Shared(entry, print_)


def test_a_fingerprint_follows_the_text_only(library: Library) -> None:
    """Two entries differ; the phrasings of one may change."""
    one = library.entries[0]

    assert len({fingerprint(entry) for entry in library.entries}) == len(library.entries)
    assert fingerprint(replace(one, ask=("other",))) == fingerprint(one)
    assert fingerprint(replace(one, detail=f"{one.detail}.")) != fingerprint(one)
    assert fingerprint(replace(one, verdict=f"{one.verdict}.")) != fingerprint(one)


@pytest.mark.parametrize("where", [SettingsOf(-1_001_000_000_001, 45), SettingsOf(5)], ids=str)
def test_a_link_to_settings_comes_back(where: SettingsOf) -> None:
    """Telegram takes 64 letters, digits, underscores and hyphens."""
    assert PARAMETER.fullmatch(write_chat(where))
    assert read_chat(write_chat(where)) == where


@pytest.mark.parametrize("parameter", ["", "g_", "g_x", "g_1_x", "a_1", "g_" + "9" * 30])
def test_what_is_no_link_to_settings_is_none(parameter: str) -> None:
    """Anybody can make up what stands behind /start."""
    assert read_chat(parameter) is None
