"""Commands that examine the knowledge: alone, beside an earlier state, and by questions of other people."""

import argparse

from tqdm import tqdm

from bot.changes import compared, exams_and_phrasings, recorded
from bot.check import examine
from bot.commands.outcome import FINDINGS, FINE, say
from bot.config import Settings
from bot.errors import KnowledgeError
from bot.evaluate import Asked, as_json, changes, read_results, report, resolved
from bot.evaluate import evaluate as measure
from bot.faces.terminal.changes import as_object as changes_as_object
from bot.faces.terminal.changes import lines as change_lines
from bot.faces.terminal.dump import dump
from bot.faces.terminal.findings import as_object as findings_as_object
from bot.faces.terminal.findings import findings_as_objects
from bot.faces.terminal.findings import lines as examined_lines
from bot.library import load_library
from bot.library.revision import folder_of
from bot.match import make_matcher, open_encoder
from bot.model.clock import utc_now
from bot.model.finding import Level, read_finding
from bot.recall import Known, judging
from bot.stats import STATS
from bot.wiring import (
    index,
    open_library,
    statistics_phrasings,
)


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
    known: Known = {}
    asked = (*exams_and_phrasings(old, new), *(recorded(options.questions) if options.questions else ()))
    found = compared(judging(before, known), judging(after, known), asked)
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
