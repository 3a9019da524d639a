"""A run of the bot in Telegram: everything is built here, once, and set going."""

from collections.abc import Callable, Coroutine, Mapping
from functools import partial

from bot.commands.outcome import TOKEN
from bot.config import Settings
from bot.faces.telegram import (
    AlertChats,
    Bulletin,
    Columnist,
    Digest,
    Pace,
    Rights,
    Sender,
    Server,
    Several,
    Sweep,
    Timetable,
    Watchman,
    Weekly,
    make_application,
    serve,
)
from bot.gaps import Gaps
from bot.house import House
from bot.journal import Journal
from bot.lookout import Lookout
from bot.memory import settle
from bot.model.clock import utc_now
from bot.model.news import Impaired
from bot.serving import Signs, guarding, hearing, hook_of
from bot.store import Duty, Store, open_lasting
from bot.watch import Watcher
from bot.wiring import journaling, make_house, make_workshop, open_pipeline, open_press, order, recording, together

SALT = "BOT_SALT"

Work = Callable[[], Coroutine[None, None, None]]


async def answer_in_telegram(settings: Settings, environment: Mapping[str, str], *, offline: bool) -> None:
    """Answer until somebody stops the program; the token is in the environment.

    Raises:
        ConfigError: Telegram does not know the token, or a place to listen cannot be had.
    """
    where, signs, hook = settings.telegram, Signs(), hook_of(settings, environment)
    async with open_lasting(settings.database.url, utc_now) as opened:
        store = opened.store
        press = await open_press(settings, store)  # before the knowledge is read: it finishes what was approved
        async with (
            open_pipeline(settings, offline=offline, store=store) as pipeline,
            recording(pipeline, store),
            journaling(pipeline, store, settings, environment.get(SALT, "")) as journal,
        ):
            house = make_house(settings, pipeline, store)
            chats = Several((house, AlertChats(store.alerts)))
            application = make_application(
                pipeline,
                environment[TOKEN],
                server=Server(where.base_url, where.base_file_url),
                owners=where.owners,
                journal=journal,
                workshop=make_workshop(settings, pipeline, press, journal),
                house=house,
                meters=signs.meters,
                pace=Pace(signs.vitals, signs.meters, shares=store.allowance),
                chats=chats,
                store=store,
            )
            sender, owners = Sender(application.bot, chats), tuple(where.owners)
            settle()
            bulletin = Bulletin(sender, owners, store.crew)
            watcher = Watcher(pipeline.shelf, order(settings), pipeline.clock, bulletin.tell)
            works: list[Work] = [watcher.run, _once_for_all(house, journal, store, sender, owners=owners)]
            if opened.trouble:
                works.append(partial(bulletin.tell, Impaired(opened.trouble)))
            async with guarding(settings, pipeline, signs, bulletin.alert, environment=environment) as guard:
                hears = hearing(hook, store.inbox, signs, store.crew)
                await serve(application, hears, owners=owners, beside=lambda: together(guard.attend, *works))


def _once_for_all(house: House, journal: Journal, store: Store, sender: Sender, *, owners: tuple[int, ...]) -> Work:
    """Return the work that one of those who share a database does for all of them."""
    pipeline = house.pipeline
    gaps = Gaps(journal, lambda: pipeline.meanings, lambda: pipeline.library)
    timetable = Timetable(Columnist(house, sender), Rights(sender.bot, pipeline.clock), store.schedules)
    works = (
        Digest(pipeline, sender, store, owners).run,
        Weekly(gaps, sender, frozenset(owners), can_edit=True).run,
        Watchman(store.alerts, Lookout(pipeline.desk, store, pipeline.clock), sender).run,
        Sweep(house, sender).run,
        timetable.run,
    )
    return partial(store.crew.on_duty, Duty.SCHEDULES, partial(together, *works))
