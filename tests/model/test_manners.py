"""Settings as text, and quiet hours by the clock of a place."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from bot.model.manners import SETTINGS, Detail, Hours, Manners, Mode, Tables, Written, read, with_settings, written
from bot.model.money import Fiat

ALL = Manners(
    mode=Mode.LISTENING,
    topics=(1, 45),
    packs=("btc-vs-bch", "fastapi"),
    currency=Fiat.CHF,
    detail=Detail.SHORT,
    tables=Tables.RICH,
    ephemeral=True,
    cooldown=60,
    listen_every=240,
    quiet=Hours(time(22), time(7)),
    zone="Europe/Berlin",
    delete_after=1440,
)


@pytest.mark.parametrize("manners", [Manners(), ALL], ids=["usual", "all changed"])
def test_manners_survive_their_text(manners: Manners) -> None:
    """What is written is read to the same, every setting of it."""
    assert set(SETTINGS) == set(written(manners))
    assert with_settings(Manners(), written(manners)) == manners


WRONG: tuple[tuple[str, Written, str], ...] = (
    ("mode", "loud", "commands, addressed, listening"),
    ("mode", ("commands",), "expected"),
    ("topics", ("0",), "from 1"),
    ("topics", ("x",), "whole number"),
    ("topics", tuple(map(str, range(1, 30))), "20"),
    ("packs", ("",), "names"),
    ("currency", "dogecoin", "usd"),
    ("ephemeral", "yes", "on or off"),
    ("cooldown", "3601", "0 to 3600"),
    ("cooldown", "-1", "0 to 3600"),
    ("cooldown", "٣", "0 to 3600"),
    ("listen_every", "0", "1 to 1440"),
    ("quiet", "22-25", "22:00-07:00"),
    ("quiet", "07:00-07:00", "different"),
    ("quiet", "22:00", "22:00-07:00"),
    ("quiet", "22:00+01:00-07:00", "22:00-07:00"),
    ("zone", "Mars/Olympus", "Europe/Berlin"),
    ("zone", "../../etc/passwd", "Europe/Berlin"),
    ("zone", "", "Europe/Berlin"),
    ("delete_after", "2881", "0 to 2820"),
)


@pytest.mark.parametrize(("name", "value", "words"), WRONG, ids=lambda value: str(value)[:20])
def test_what_does_not_fit_says_what_would(name: str, value: Written, words: str) -> None:
    """A wrong value is refused with the right ones; where it was kept by another program, the usual one holds."""
    with pytest.raises(ValueError, match=words):
        read(name, value)
    assert with_settings(ALL, {name: value, "unheard_of": "x"}) == ALL


@pytest.mark.parametrize(
    ("zone", "hours", "at", "is_quiet"),
    [
        ("UTC", Hours(time(22), time(7)), datetime(2026, 7, 1, 23, tzinfo=UTC), True),
        ("UTC", Hours(time(22), time(7)), datetime(2026, 7, 1, 7, tzinfo=UTC), False),
        ("UTC", Hours(time(9), time(17)), datetime(2026, 7, 1, 9, tzinfo=UTC), True),
        ("UTC", Hours(time(9), time(17)), datetime(2026, 7, 1, 17, tzinfo=UTC), False),
        ("Europe/Berlin", Hours(time(22), time(7)), datetime(2026, 7, 1, 20, 30, tzinfo=UTC), True),
        ("Europe/Berlin", Hours(time(22), time(7)), datetime(2026, 12, 1, 20, 30, tzinfo=UTC), False),
        ("UTC", None, datetime(2026, 7, 1, 23, tzinfo=UTC), False),
    ],
    ids=["past midnight", "over", "begun", "ended", "summer time", "winter time", "none"],
)
def test_quiet_hours_go_by_the_clock_of_the_place(zone: str, hours: Any, at: datetime, is_quiet: bool) -> None:
    """Meanwhile only commands are answered, whatever is answered else."""
    manners = Manners(mode=Mode.LISTENING, quiet=hours, zone=zone)

    assert manners.is_quiet(at) is is_quiet
    assert manners.mode_at(at) is (Mode.COMMANDS if is_quiet else Mode.LISTENING)
