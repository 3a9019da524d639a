"""What each command of the program does; exit codes 0 fine, 1 findings, 2 wrong input."""

import argparse
import gc
import os
import platform
import sys
from importlib.metadata import version

from tqdm import tqdm

from bot.changes import compared, exams_and_phrasings, recorded
from bot.check import examine
from bot.config import Settings
from bot.drift import drift as judge
from bot.errors import KnowledgeError
from bot.evaluate import Asked, as_json, changes, read_results, report, resolved
from bot.evaluate import evaluate as measure
from bot.faces.terminal.changes import as_object as changes_as_object
from bot.faces.terminal.changes import lines as change_lines
from bot.faces.terminal.chat import Chat
from bot.faces.terminal.claims import as_objects as claims_as_objects
from bot.faces.terminal.explain import explained
from bot.faces.terminal.findings import as_object as findings_as_object
from bot.faces.terminal.findings import findings_as_objects
from bot.faces.terminal.findings import lines as examined_lines
from bot.faces.terminal.lines import as_object, dump, read_line
from bot.faces.terminal.numbers import as_objects
from bot.gallery import CHARTS, Gallery
from bot.library import load_library
from bot.library.problems import nearest
from bot.library.revision import folder_of
from bot.match import make_matcher, open_encoder, read_chart
from bot.model.clock import utc_now
from bot.model.finding import Level, read_finding
from bot.model.judgement import Contradicted
from bot.model.question import Place, Question
from bot.model.reply import LiveTable, Reply
from bot.pipeline import Pipeline
from bot.reply.claims import drift_reply
from bot.reply.live import lay_out
from bot.reply.picture.painter import Painter
from bot.reply.terminal import plain
from bot.stats import STATS
from bot.store import open_store
from bot.wiring import (
    index,
    journaling,
    make_workshop,
    open_library,
    open_numbers,
    open_pipeline,
    open_press,
    order,
    recording,
    statistics_phrasings,
    together,
)

FINE, FINDINGS, WRONG_INPUT = 0, 1, 2
SALT = "BOT_SALT"
TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name of the variable
NO_TOKEN = (
    f"No {TOKEN} in the environment. To get a token: open https://t.me/BotFather in Telegram, send /newbot,\n"
    f"then start me with {TOKEN}=… python -m bot run. Without one, `python -m bot chat` answers here."
)


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - the terminal is where a command line talks


async def run(options: argparse.Namespace, settings: Settings) -> int:
    """Answer in Telegram; without a token, say how to get one and offer the terminal."""
    if TOKEN not in os.environ:
        say(NO_TOKEN)
        if not sys.stdin.isatty():
            return WRONG_INPUT
        return await chat(options, settings) if _agrees("Chat here now? [Y/n] ") else FINE
    from bot.faces.telegram import (  # noqa: PLC0415 - the terminal starts faster without it
        Bulletin,
        Digest,
        Face,
        Reports,
        Sender,
        Server,
        Weekly,
        make_application,
        serve,
    )
    from bot.watch import Watcher  # noqa: PLC0415 - the same

    where = settings.telegram
    async with open_store(settings.database.url, utc_now) as store:
        press = await open_press(settings, store)  # before the knowledge is read: it finishes what was approved
        async with (
            open_pipeline(settings, offline=options.offline, store=store) as pipeline,
            recording(pipeline, store),
            journaling(pipeline, store, settings, os.environ.get(SALT, "")) as journal,
        ):
            application = make_application(
                pipeline,
                os.environ[TOKEN],
                server=Server(where.base_url, where.base_file_url),
                owners=where.owners,
                journal=journal,
                workshop=make_workshop(settings, pipeline, press),
            )
            sender, owners = Sender(application.bot), tuple(where.owners)
            digest = Digest(pipeline, sender, store, owners)
            weekly = Weekly(Reports(Face(pipeline, sender, journal=journal, owners=frozenset(owners))))
            gc.collect()
            gc.freeze()  # what is here for good is not looked through for garbage any more: it took a tenth of a second
            watcher = Watcher(pipeline.shelf, order(settings), pipeline.clock, Bulletin(sender, owners).tell)
            await serve(application, owners=owners, beside=lambda: together(digest.run, weekly.run, watcher.run))
    return FINE


async def chat(options: argparse.Namespace, settings: Settings) -> int:
    """Hold a conversation in the terminal."""
    async with open_pipeline(settings, offline=options.offline) as pipeline:
        await Chat(pipeline, say).run(iter(_prompted, None) if sys.stdin.isatty() else sys.stdin)
    return FINE


def _agrees(to: str) -> bool:
    return input(to).strip().casefold() in {"", "y", "yes"}


def _prompted() -> str | None:
    try:
        return input("> ")
    except EOFError:
        return None


async def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or JSON lines from standard input."""
    if not options.jsonl and not options.question:
        say('Ask something: python -m bot ask "why did bch fork", or --jsonl to read lines.')
        return WRONG_INPUT
    async with open_pipeline(settings, offline=options.offline) as pipeline:
        if options.jsonl:
            return await _ask_lines(pipeline)
        outcome = await pipeline.answer(Question(" ".join(options.question), pipeline.clock(), Place.TERMINAL))
        if options.json:
            say(dump(as_object(None, outcome)))
        elif options.explain:
            say("\n".join(explained(outcome.verdict)))
        elif outcome.reply:
            say(plain(outcome.reply))
        return FINE


async def _ask_lines(pipeline: Pipeline) -> int:
    code = FINE
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            asked = read_line(line, number, pipeline.clock)
        except ValueError as error:
            say(dump({"id": None, "error": str(error)}))
            code = WRONG_INPUT
            continue
        say(dump(as_object(asked.id, await pipeline.answer(asked.question))))
    return code


async def check(options: argparse.Namespace, settings: Settings) -> int:
    """Validate the knowledge and sit every exam; warnings count only if they should."""
    try:
        library = open_library(settings)
    except KnowledgeError as error:
        if not options.json:
            raise
        say(dump({"findings": findings_as_objects(map(read_finding, error.problems)), "packs": {}}))
        return FINDINGS
    found = examine(library, index(library, settings), utc_now().date())
    if options.json:
        say(dump(findings_as_object(library, found)))
    else:
        say("\n".join(examined_lines(library, found, is_verbose=options.verbose)))
    is_bad = any(options.strict or one.level is Level.ERROR for one in found.findings)
    return FINDINGS if is_bad else FINE


async def diff(options: argparse.Namespace, settings: Settings) -> int:
    """Say what an edit does to answers; an exam question that is lost is a finding."""
    with folder_of(options.old, options.new) as home:
        old, new = (load_library(folder, settings.knowledge.packs, STATS) for folder in (home, options.new))
    encoder, cache = open_encoder(), settings.knowledge.cache
    before = make_matcher(old, statistics_phrasings(), encoder, cache / "before")
    after = make_matcher(new, statistics_phrasings(), encoder, cache)
    asked = (*exams_and_phrasings(old, new), *(recorded(options.questions) if options.questions else ()))
    found = compared((old, before), (new, after), asked)
    say(dump(changes_as_object(found, len(asked))) if options.json else "\n".join(change_lines(found, len(asked))))
    return FINDINGS if any(change.is_loss for change in found) else FINE


async def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Measure the bot on files of questions."""
    before = read_results(options.against) if options.against else {}
    matcher = index(open_library(settings), settings)
    asked: list[Asked] = []
    for path in options.files:
        found = measure(path, matcher, utc_now, lambda items: tqdm(items, disable=None, leave=False))
        say("\n".join((*report(path.name, found), *changes(found, before))))
        asked += found
    if options.json:
        options.json.write_text(as_json(asked), "utf-8")
    return FINDINGS if resolved(asked) < options.min else FINE


async def stats(options: argparse.Namespace, settings: Settings) -> int:
    """Print statistics of both chains; that sources fail is no fault of the question."""
    unknown = [key for key in options.keys if key not in STATS]
    if unknown:
        say(f"'{unknown[0]}' is not a statistic{nearest(unknown[0], list(STATS))}; there are {', '.join(STATS)}")
        return WRONG_INPUT
    async with open_numbers(settings, offline=options.offline) as desk:
        snapshots = await desk.snapshots(tuple(options.keys or STATS))
    if options.json:
        say("[\n" + ",\n".join(map(dump, as_objects(snapshots, utc_now()))) + "\n]")
    else:
        say(plain(Reply((LiveTable(snapshots, utc_now()),))))
    return FINE


async def drift(options: argparse.Namespace, settings: Settings) -> int:
    """Hold every claim of the knowledge against live numbers; only a contradiction is a finding."""
    async with open_numbers(settings, offline=options.offline) as desk:
        found = await judge(open_library(settings), desk)
    if options.json:
        say("[\n" + ",\n".join(map(dump, claims_as_objects(found, utc_now()))) + "\n]")
    else:
        say(plain(drift_reply(found, utc_now())))
    return FINDINGS if any(isinstance(one.judgement, Contradicted) for one in found) else FINE


async def chart(options: argparse.Namespace, settings: Settings) -> int:
    """Draw a chart into a file, from what this installation recorded."""
    asked = read_chart(" ".join(options.what), CHARTS)
    async with (
        open_store(settings.database.url, utc_now) as store,
        open_numbers(settings, offline=options.offline) as desk,
        Painter() as painter,
    ):
        reply = await Gallery(desk, utc_now, painter, store).chart(asked)
    if reply.picture:
        options.out.write_bytes(reply.picture.png)
    say(plain(reply))
    return FINE if reply.picture else FINDINGS


async def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Say whether this installation can do its work: knowledge, token, and every source of live numbers."""
    library = open_library(settings)
    say(f"Python {platform.python_version()}, program {version('btc-bch-bot')}")
    say(f"knowledge: {len(library.entries)} entries in {', '.join(library.packs)} ({settings.knowledge.path})")
    say(f"token: {'set' if TOKEN in os.environ else f'not set ({TOKEN}); the terminal works without'}")
    async with open_pipeline(settings, offline=options.offline) as pipeline:
        reply = await pipeline.statistics()
    say(plain(reply))
    is_well = options.offline or not any(
        isinstance(block, LiveTable) and lay_out(block).missing for block in reply.blocks
    )
    return FINE if is_well else FINDINGS
