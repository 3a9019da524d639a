"""How each source of live numbers is doing, in three cells."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.source import SourceState
from bot.reply.sources import condition

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
FRESH = SourceState("kraken", None, None, "", None, 30, 30)
WELL = replace(FRESH, answered_at=AT - timedelta(seconds=40), left=27)
FAILED = replace(FRESH, failed_at=AT - timedelta(minutes=3), last_error="answered HTTP 500", left=29)

CONDITIONS: dict[str, tuple[SourceState, tuple[str, str, str]]] = {
    "fresh": (FRESH, ("not asked yet", "never", "30 of 30 a minute")),
    "well": (WELL, ("well", "40 s ago", "27 of 30 a minute")),
    "failed": (FAILED, ("failed 3 min ago: answered HTTP 500", "never", "29 of 30 a minute")),
    "failed after it was well": (
        replace(FAILED, answered_at=AT - timedelta(hours=3)),
        ("failed 3 min ago: answered HTTP 500", "3 h ago", "29 of 30 a minute"),
    ),
    "well after it failed": (
        replace(FAILED, answered_at=AT - timedelta(seconds=5)),
        ("well", "5 s ago", "29 of 30 a minute"),
    ),
    "resting": (
        replace(FAILED, rests_until=AT + timedelta(minutes=4), answered_at=AT - timedelta(hours=1)),
        ("resting for 4 min: answered HTTP 500", "1 h ago", "29 of 30 a minute"),
    ),
    "spent": (replace(WELL, left=0), ("well", "40 s ago", "0 of 30 a minute")),
}


@pytest.mark.parametrize(("state", "cells"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_source_says_its_state_age_error_and_budget(state: SourceState, cells: tuple[str, str, str]) -> None:
    """What it does, with its last error; when it last answered; what is left of its requests."""
    assert condition(state, AT) == cells
