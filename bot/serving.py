"""What stands around a running bot: its watchdog, the ports it listens on, and systemd."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.engine import make_url

from bot import meters as figures
from bot.config import Settings
from bot.faces.http import Address, Hook, Webhook, health_application, listening, make_hook
from bot.faces.telegram import UPDATES, Hearing, Registration
from bot.faces.telegram.app import App
from bot.faces.telegram.reception import Reception
from bot.health import Health
from bot.meanwhile import meanwhile
from bot.meters import Meters
from bot.model.clock import utc_now
from bot.model.trouble import Trouble, Troubles
from bot.model.vitals import Organ, Vitals
from bot.pipeline import Pipeline
from bot.store import Crew, Inbox, Solo
from bot.supervisor import Supervisor, open_supervisor
from bot.watchdog import SILENT, STUCK, Probe, Receives, Tell, Watchdog, Watched, little_room, nobody_answers, silence

CONFLICT = timedelta(minutes=6)  # after a word of it; the poller gives one every five minutes


def hook_of(settings: Settings, environment: Mapping[str, str]) -> Hook | None:
    """Return the webhook that the settings want, None where the bot polls.

    Raises:
        ConfigError: a webhook is wanted, and its address or secret is not what it must be.
    """
    given = settings.telegram
    if given.mode == "polling":
        return None
    return make_hook(given.webhook_url, given.webhook_listen, environment, base_url=given.base_url)


@dataclass(frozen=True, slots=True)
class Signs:
    """Where those who work leave signs: of life, of trouble, and figures; made once and handed around."""

    vitals: Vitals = field(default_factory=Vitals)
    troubles: Troubles = field(default_factory=Troubles)
    meters: Meters = field(default_factory=Meters)

    async def conflict(self) -> None:
        """Note that somebody else polls with our token, as the poller says every few minutes while it is so."""
        self.troubles.begin(Trouble.CONFLICT, lasts=CONFLICT)


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands by a running bot."""

    signs: Signs
    health: Health
    supervisor: Supervisor

    async def attend(self) -> None:
        """Say that the bot is ready, and when this is given up, that it ends."""
        self.health.is_open = True
        self.supervisor.ready()
        try:
            await asyncio.Event().wait()
        finally:
            self.health.is_open = False
            self.supervisor.stopping()


@asynccontextmanager
async def guarding(
    settings: Settings, pipeline: Pipeline, signs: Signs, tell: Tell, *, environment: Mapping[str, str]
) -> AsyncIterator[Guard]:
    """Watch a bot meanwhile, tell of trouble, and answer on `http.listen` how it is doing.

    Raises:
        ConfigError: `http.listen` cannot be had.
    """
    found = probes(settings, pipeline, signs.vitals)
    watchdog = Watchdog(signs.vitals, signs.troubles, tell, found, lag=signs.meters.lagged)
    health = Health(signs.vitals, watchdog.wrong, lambda: pipeline.shelf.current.version)
    for collect in (
        figures.sources(lambda: pipeline.desk.states),
        figures.knowledge(pipeline.shelf),
        figures.troubles(lambda: tuple(watchdog.wrong())),
    ):
        signs.meters.look_at(collect)
    supervisor = open_supervisor(environment)
    async with AsyncExitStack() as stack:
        stack.callback(supervisor.close)
        if where := settings.http.listen:
            application = health_application(health, signs.meters)
            await stack.enter_async_context(listening(application, Address.read(where), "http.listen"))
        await stack.enter_async_context(meanwhile(watchdog.run, lambda: supervisor.keep(lambda: health.is_green)))
        yield Guard(signs, health, supervisor)


def probes(settings: Settings, pipeline: Pipeline, vitals: Vitals) -> dict[Trouble, Probe]:
    """Return what is looked at that nobody notes by himself."""
    now = vitals.now()
    found = {
        Trouble.LOOP: silence(vitals, Organ.LOOP, STUCK, now),
        Trouble.SOURCES: nobody_answers(lambda: pipeline.desk.states),
    }
    if settings.telegram.mode == "polling":
        found[Trouble.POLL] = silence(vitals, Organ.POLL, SILENT, now)
    url = make_url(settings.database.url)
    if url.get_backend_name() == "sqlite" and url.database:
        found[Trouble.DISK] = little_room(str(Path(url.database).absolute().parent))
    return found


@asynccontextmanager
async def door(
    application: App,
    receives: Receives,
    *,
    hook: Hook,
    signs: Signs,
    crew: Crew | Solo,
) -> AsyncIterator[None]:
    """Let Telegram call us meanwhile.

    At the end no one new is let in, what was begun is finished, and the webhook stays set: what comes meanwhile waits
    at Telegram.

    Raises:
        ConfigError: the place to listen cannot be had, or Telegram does not take the address.
    """
    registration = Registration(application.bot, hook.url, hook.secret, UPDATES, signs.troubles, utc_now, crew=crew)
    answering = Webhook(hook, receives, signs.meters.requested)
    async with listening(answering, hook.listen, "telegram.webhook_listen"):
        is_set = await registration.open()
        async with meanwhile(lambda: registration.keep(is_set=is_set)):
            yield


def hearing(hook: Hook | None, inbox: Inbox, signs: Signs, crew: Crew | Solo) -> Hearing:
    """Return how updates come in: Telegram calls us where there is a `hook`, else one of the crew polls."""

    def watched(reception: Reception) -> Watched:
        signs.meters.look_at(figures.queue_depth(lambda: reception.lanes.size))
        return Watched(reception, signs.troubles)

    return Hearing(
        inbox,
        signs.vitals,
        on_conflict=signs.conflict,
        door=partial(door, hook=hook, signs=signs, crew=crew) if hook else None,
        watched=watched,
        crew=crew,
    )
