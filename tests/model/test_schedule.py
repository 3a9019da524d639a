"""Which planned post is due: over time zones, changes of the clock, leaps of the clock, leap days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.schedule import EXPECTED, Due, Slot, Timing, due, read_timing

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Nuuk"),
    *("Pacific/Apia", "Pacific/Kiritimati", "Africa/Casablanca", "America/St_Johns", "Asia/Tehran"),
)
STEP = timedelta(minutes=20)

timings = st.builds(
    Timing,
    st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
    st.none() | st.integers(0, 6),
)
moments = st.datetimes(datetime(2011, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def fired(timing: Timing, started: datetime, looks: list[datetime]) -> list[Slot]:
    """Return what is posted by somebody who looks at these moments and notes what is begun."""
    taken: set[date] = set()
    posted = []
    for now in looks:
        found = due(timing, started, taken, now)
        if found:
            taken.add(found.slot.day)
            posted.append(found.slot)
    return posted


@settings(max_examples=60, deadline=None)
@given(timings, moments)
def test_every_day_of_a_fortnight_has_its_post_once(timing: Timing, started: datetime) -> None:
    """Whoever looks often enough posts at each moment that reads so on a clock there, and at no other, once."""
    end = started + timedelta(days=14)
    looks = [started + STEP * step for step in range(1 + (end - started) // STEP)]
    zone = ZoneInfo(timing.zone)

    posted = fired(timing, started, looks)

    assert len({slot.day for slot in posted}) == len({slot.at for slot in posted}) == len(posted)
    for slot in posted:
        assert started < slot.at <= end
        assert timing.weekday in {None, slot.day.weekday()}
        local = slot.at.astimezone(zone)
        is_there = local.replace(tzinfo=None) == datetime.combine(slot.day, timing.at)
        assert is_there or local.replace(tzinfo=None) > datetime.combine(slot.day, timing.at)  # leapt over
    days = {started.astimezone(zone).date() + timedelta(days=number) for number in range(1, 13)}
    wanted = {day for day in days if timing.weekday in {None, day.weekday()} and exists(day, zone)}
    assert wanted <= {slot.day for slot in posted}


def exists(day: date, zone: ZoneInfo) -> bool:
    """Tell whether a day has any moment in a zone."""
    noon = datetime.combine(day, time(12), zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


@settings(max_examples=100, deadline=None)
@given(timings, moments, st.lists(st.integers(-30 * 24, 30 * 24), max_size=30))
def test_no_post_comes_twice_whatever_the_clock_does(timing: Timing, started: datetime, hours: list[int]) -> None:
    """However the clock leaps, no day is posted twice, nothing before its time, and nothing from before the start."""
    looks = [started + timedelta(hours=hour) for hour in hours]
    taken: set[date] = set()

    for now in looks:
        if found := due(timing, started, taken, now):
            assert found.slot.day not in taken
            assert started < found.slot.at <= now
            taken.add(found.slot.day)


@settings(max_examples=100, deadline=None)
@given(timings, moments, st.integers(0, 40))
def test_what_was_slept_through_is_counted(timing: Timing, started: datetime, days: int) -> None:
    """After a sleep the last post is due or too late, and those before it are missed."""
    now = started + timedelta(days=days)
    slots = [slot for slot in timing.backwards(now) if started < slot.at <= now]

    found = due(timing, started, (), now)

    assert found == (Due(slots[0], now - slots[0].at > timing.catch_up, len(slots) - 1) if slots else None)


DAILY = {
    "before the leap": ("Europe/Berlin", "02:30", date(2026, 3, 28), "2026-03-28T01:30"),
    "in the leap": ("Europe/Berlin", "02:30", date(2026, 3, 29), "2026-03-29T01:30"),
    "after the leap": ("Europe/Berlin", "02:30", date(2026, 3, 30), "2026-03-30T00:30"),
    "the first of two": ("Europe/Berlin", "02:30", date(2026, 10, 25), "2026-10-25T00:30"),
    "the day after": ("Europe/Berlin", "02:30", date(2026, 10, 26), "2026-10-26T01:30"),
    "a leap day": ("UTC", "09:00", date(2028, 2, 29), "2028-02-29T09:00"),
    "a leap over midnight": ("America/Nuuk", "23:30", date(2026, 3, 28), "2026-03-29T01:30"),
    "a day after a day that never was": ("Pacific/Apia", "10:00", date(2011, 12, 31), "2011-12-30T20:00"),
}


@pytest.mark.parametrize(("zone", "at", "day", "moment"), DAILY.values(), ids=DAILY)
def test_a_day_has_its_moment(zone: str, at: str, day: date, moment: str) -> None:
    """Times that a clock leaps over or shows twice have one moment."""
    timing = Timing(time.fromisoformat(at), zone)
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert timing.latest(expected) == Slot(day, expected) == timing.next(expected - timedelta(seconds=1))


def test_a_day_a_zone_leaves_out_has_no_post() -> None:
    """There was no 30 December 2011 in Samoa."""
    timing = Timing(time(10), "Pacific/Apia")

    days = [slot.day.day for slot in timing.backwards(datetime(2011, 12, 31, 12, tzinfo=UTC))][:6]

    assert 30 not in days


READ = {
    "daily 09:00": "daily 09:00 Europe/Berlin",
    "DAILY 9:05 utc": "daily 09:05 UTC",
    "weekly mon 18:30 america/new_york": "weekly mon 18:30 America/New_York",
    "Sunday 00:00": "weekly sun 00:00 Europe/Berlin",
    "weekly wednesday 23:59 Asia/Tokyo": "weekly wed 23:59 Asia/Tokyo",
}


@pytest.mark.parametrize(("text", "written"), READ.items(), ids=READ)
def test_times_are_read(text: str, written: str) -> None:
    """Capitals, long names of days and a missing zone are no obstacle; what is written reads back as the same."""
    timing = read_timing(text, "Europe/Berlin")

    assert str(timing) == written
    assert read_timing(written, "UTC") == timing


@pytest.mark.parametrize(
    "text",
    ["", "daily", "weekly", "09:00", "daily 24:00", "daily 9", "weekly 09:00", "daily 09:00 UTC now", "mo 09:00"],
)
def test_other_words_are_no_times(text: str) -> None:
    """What is expected is said."""
    with pytest.raises(ValueError, match="expected when"):
        read_timing(text, "UTC")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "/etc/passwd", "a" * 300, "\0"])
def test_other_words_are_no_zones(zone: str) -> None:
    """A zone that is none is named, shortened, and no file is opened for it."""
    with pytest.raises(ValueError, match="is no time zone") as found:
        read_timing(f"daily 09:00 {zone}", "UTC")

    assert len(str(found.value)) < 100 + len(EXPECTED)
