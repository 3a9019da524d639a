"""The watchdog: told once, over once, and what it looks at."""

import asyncio
from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from bot.errors import StoreError
from bot.model.source import SourceState
from bot.model.trouble import Alarm, Alert, AllClear, Trouble, Troubles
from bot.model.vitals import Organ, Vitals
from bot.reply.alarms import alert_reply
from bot.reply.telegram_html import render
from bot.watchdog import Manners, Watchdog, Watched, little_room, nobody_answers, silence

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
AT_ONCE = Manners(patience=timedelta(0))
Usage = namedtuple("Usage", "total used free")
GIB = 2**30


@dataclass(slots=True)
class Scene:
    """A watchdog whose time passes when the test says so; `told` is what owners got, `reaches` whether they did."""

    seconds: float = 1000.0
    reaches: bool = True
    told: list[Alert] = field(default_factory=list)
    vitals: Vitals = field(init=False)
    troubles: Troubles = field(default_factory=Troubles)
    dog: Watchdog = field(init=False)

    def __post_init__(self) -> None:
        self.vitals = Vitals(lambda: self.seconds)
        self.dog = Watchdog(self.vitals, self.troubles, self.tell)

    async def tell(self, alert: Alert) -> bool:
        self.told.append(alert)
        return self.reaches

    def after(self, time: timedelta, *, step: timedelta = SECOND) -> list[Alert]:
        """Let time pass, a look each step, and return what is told; all of it arrives."""
        alerts: list[Alert] = []
        for _ in range(int(time / step)):
            self.seconds += step.total_seconds()
            alerts += self.dog.look()
        return alerts


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    scene.dog.manners = Manners(again=timedelta(days=99))  # so that nothing told by hand is tried again
    return scene


def test_trouble_is_told_once_and_its_end_once(scene: Scene) -> None:
    """However long it lasts, and how long it was is said."""
    scene.troubles.begin(Trouble.DATABASE)
    during = scene.after(10 * MINUTE)
    scene.troubles.end(Trouble.DATABASE)
    after = scene.after(10 * MINUTE)

    assert during == [Alarm(Trouble.DATABASE)]
    assert after == [AllClear(Trouble.DATABASE, 10 * MINUTE - SECOND)]


def test_a_moment_of_trouble_is_not_told(scene: Scene) -> None:
    """What is gone before anybody could look is no news."""
    scene.troubles.begin(Trouble.DATABASE)
    during = scene.after(4 * SECOND)
    scene.troubles.end(Trouble.DATABASE)

    assert during + scene.after(10 * MINUTE) == []


def test_trouble_that_flaps_is_one_trouble(scene: Scene) -> None:
    """On and off every half minute for an hour: one alarm, and one all-clear at the end."""
    told: list[Alert] = []
    for _ in range(60):
        scene.troubles.begin(Trouble.CONFLICT)
        told += scene.after(30 * SECOND)
        scene.troubles.end(Trouble.CONFLICT)
        told += scene.after(30 * SECOND)
    told += scene.after(10 * MINUTE)

    assert [type(one) for one in told] == [Alarm, AllClear]


def test_trouble_that_comes_back_soon_waits_to_be_told(scene: Scene) -> None:
    """There are five minutes between two alarms of one kind."""
    scene.troubles.begin(Trouble.CONFLICT)
    first = scene.after(10 * SECOND)
    scene.troubles.end(Trouble.CONFLICT)
    first += scene.after(2 * MINUTE)
    scene.troubles.begin(Trouble.CONFLICT)
    soon = scene.after(2 * MINUTE)
    late = scene.after(2 * MINUTE)

    assert [type(one) for one in first] == [Alarm, AllClear]
    assert soon == []
    assert late == [Alarm(Trouble.CONFLICT)]


def test_a_word_of_trouble_that_nobody_takes_back_fades(scene: Scene) -> None:
    """Who hears of a conflict hears every few minutes of it, and never that it is over."""
    scene.troubles.now = lambda: scene.seconds
    told: list[Alert] = []
    for _ in range(6):
        scene.troubles.begin(Trouble.CONFLICT, lasts=6 * MINUTE)
        told += scene.after(5 * MINUTE)
    during = list(told)
    told += scene.after(3 * MINUTE)

    assert during == [Alarm(Trouble.CONFLICT)]
    assert [type(one) for one in told] == [Alarm, AllClear]
    assert scene.troubles.present == {}


def test_troubles_do_not_hide_one_another(scene: Scene) -> None:
    """Each kind is told."""
    scene.troubles.begin(Trouble.DATABASE)
    scene.troubles.begin(Trouble.WEBHOOK, "It was deleted.")

    assert scene.after(10 * SECOND) == [Alarm(Trouble.DATABASE), Alarm(Trouble.WEBHOOK, "It was deleted.")]


async def test_an_alarm_that_reached_nobody_is_tried_again(scene: Scene) -> None:
    """Once a minute while the trouble lasts, until it has arrived; the end is told anyway."""
    scene.dog.manners = Manners()
    scene.reaches = False
    scene.troubles.begin(Trouble.DATABASE)
    await _told(scene, 3 * MINUTE)
    tried = len(scene.told)
    scene.reaches = True
    await _told(scene, 10 * MINUTE)
    scene.troubles.end(Trouble.DATABASE)
    await _told(scene, 2 * MINUTE)

    assert tried == 3
    assert [type(one) for one in scene.told] == [Alarm] * 4 + [AllClear]


async def _told(scene: Scene, time: timedelta) -> None:
    """Let time pass while the watchdog's own teller runs."""
    teller = asyncio.create_task(scene.dog._tell_all())
    for _ in range(int(time / SECOND)):
        for alert in scene.after(SECOND):
            scene.dog._alerts.put_nowait(alert)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    teller.cancel()


async def test_it_runs_by_itself() -> None:
    """The running watchdog beats for the event loop, measures it, and tells."""
    told, lags = asyncio.Queue[Alert](), list[float]()

    async def tell(alert: Alert) -> bool:
        told.put_nowait(alert)
        return True

    vitals, troubles = Vitals(), Troubles()
    troubles.begin(Trouble.DATABASE)
    dog = Watchdog(vitals, troubles, tell, manners=AT_ONCE, lag=lags.append, every=timedelta(milliseconds=1))
    running = asyncio.create_task(dog.run())
    alert = await asyncio.wait_for(told.get(), 60)
    running.cancel()

    assert alert == Alarm(Trouble.DATABASE)
    assert lags
    assert vitals.silence(Organ.LOOP) is not None


@pytest.mark.parametrize(
    ("beats", "waits", "is_silent"),
    [(False, 90, False), (False, 91, True), (True, 90, False), (True, 91, True)],
    ids=["never, not yet", "never", "just so", "too long"],
)
def test_a_silent_poll_is_found_after_its_time(scene: Scene, beats: bool, waits: float, is_silent: bool) -> None:
    """The time counts from the last beat, or from the start."""
    probe = silence(scene.vitals, Organ.POLL, timedelta(seconds=90), scene.seconds)
    if beats:
        scene.seconds += 1000
        scene.vitals.beat(Organ.POLL)
    scene.seconds += waits

    assert probe() == ("" if is_silent else None)


def test_a_black_hole_is_told_within_two_minutes(scene: Scene) -> None:
    """Of a poll that falls silent owners hear within 120 seconds, and of its return."""
    scene.vitals.beat(Organ.POLL)
    scene.dog.probes = {Trouble.POLL: silence(scene.vitals, Organ.POLL, timedelta(seconds=90), scene.seconds)}
    early = scene.after(90 * SECOND)
    told = scene.after(30 * SECOND)
    scene.vitals.beat(Organ.POLL)

    assert early == []
    assert told == [Alarm(Trouble.POLL)]
    assert Trouble.POLL not in scene.dog.wrong()
    assert [type(one) for one in scene.after(80 * SECOND)] == [AllClear]


def _source(answered: int | None, failed: int | None) -> SourceState:
    def at(minute: int | None) -> datetime | None:
        return None if minute is None else datetime(2026, 11, 23, 12, minute, tzinfo=UTC)

    return SourceState("kraken", at(answered), at(failed), "timed out", None, 9, 10)


STATES: dict[str, tuple[list[SourceState], str | None]] = {
    "offline": ([], None),
    "never asked": ([_source(None, None)], None),
    "fine": ([_source(1, None)], None),
    "one down": ([_source(1, 2), _source(3, 2)], None),
    "one down, one not asked": ([_source(1, 2), _source(None, None)], None),
    "all down": ([_source(1, 2), _source(None, 2)], ""),
}


@pytest.mark.parametrize(("states", "found"), STATES.values(), ids=STATES)
def test_all_sources_down_is_found(states: list[SourceState], found: str | None) -> None:
    """One that works, or was not asked, is enough for peace."""
    assert nobody_answers(lambda: states)() == found


DISKS = {
    "room": (Usage(100 * GIB, 0, 50 * GIB), None),
    "large and nearly full": (Usage(100 * GIB, 0, GIB // 4), "256 MB are left."),
    "small with room": (Usage(2 * GIB, 0, GIB // 4), None),
    "small and nearly full": (Usage(2 * GIB, 0, GIB // 16), "64 MB are left."),
}


@pytest.mark.parametrize(("usage", "found"), DISKS.values(), ids=DISKS)
def test_a_disk_that_is_nearly_full_is_found(usage: Usage, found: str | None) -> None:
    """Below half a gibibyte and below a twentieth."""
    assert little_room("x", lambda _: usage)() == found


def test_a_folder_that_is_away_is_another_s_trouble() -> None:
    """The database will tell."""
    assert little_room("/nowhere/at/all")() is None


@dataclass(slots=True)
class Fickle:
    """Keeps, unless it is broken."""

    is_broken: bool = False

    async def receive(self, _raws: Sequence[Any]) -> None:
        if self.is_broken:
            raise StoreError("full")


async def test_a_database_that_takes_nothing_is_noted_until_it_does() -> None:
    """Whoever hands updates over notes how it went."""
    troubles, inner = Troubles(), Fickle()
    watched = Watched(inner, troubles)
    inner.is_broken = True
    with pytest.raises(StoreError):
        await watched.receive([{}])
    during = dict(troubles.present)
    inner.is_broken = False
    await watched.receive([{}])

    assert during == {Trouble.DATABASE: ""}
    assert troubles.present == {}


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize(
    "alert",
    [Alarm, lambda one: Alarm(one, "So & so."), lambda one: AllClear(one, timedelta(minutes=61))],
    ids=["alarm", "detail", "over"],
)
def test_every_trouble_has_its_words(trouble: Trouble, alert: Callable[[Trouble], Alert]) -> None:
    """One short message each, with the detail where there is one."""
    (text,) = render(alert_reply(alert(trouble)))

    assert text.startswith("<b>")
    assert len(text) < 400
    assert ("So &amp; so." in text) is (getattr(alert(trouble), "detail", "") != "")


@pytest.mark.parametrize(
    ("lasted", "words"),
    [(timedelta(seconds=59), "59 seconds"), (timedelta(minutes=7), "7 minutes"), (timedelta(minutes=125), "2 h 5 min")],
)
def test_how_long_it_lasted_is_said(lasted: timedelta, words: str) -> None:
    (text,) = render(alert_reply(AllClear(Trouble.POLL, lasted)))

    assert f"after {words}." in text


def test_the_log_has_a_line_for_the_begin_and_one_for_the_end(scene: Scene) -> None:
    """With the name of the trouble and nothing more."""
    with structlog.testing.capture_logs() as logs:
        scene.troubles.begin(Trouble.WEBHOOK, "Telegram says: something with an address")
        scene.after(MINUTE)
        scene.troubles.end(Trouble.WEBHOOK)
        scene.after(2 * MINUTE)

    assert [(log["event"], log["trouble"]) for log in logs] == [
        ("watchdog.trouble", "webhook"),
        ("watchdog.over", "webhook"),
    ]
    assert [log.keys() for log in logs] == [{"event", "trouble", "log_level"}] * 2
