"""What is offered to somebody who types behind the bot's name in any chat: short answers, the best ones first."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.journal import Journal
from bot.model.fingerprint import fingerprint
from bot.model.knowledge import Entry
from bot.model.question import Place, Question
from bot.model.quote import Missing, Quality, Quote
from bot.model.reply import AnyButton, Ask, Choose, Copy, LiveTable, More, Refresh, Reply, Share
from bot.model.verdict import Answer, Refuse, Rule, Verdict, matches_of
from bot.pipeline import Line, Pipeline
from bot.reply.brief import brief, texts_of
from bot.reply.compose import NEAR
from bot.stats import STATS
from bot.text import shortened

BEST = 3  # offers on a page
LONGEST = 256  # characters of a query that are read; Telegram sends no more
KEPT = 512  # verdicts that are remembered: people type the same letters one after the other
TITLE, START = 64, 120  # characters of an offer's title, and of what stands under it
CURATED = timedelta(hours=1)  # for which an answer without live numbers may be shown again as it is
WORKED_OUT = timedelta(seconds=30)  # the same of a sum, which rests on prices and fees
AGAIN = timedelta(seconds=5)  # the same where numbers are missing or old
POPULAR_FOR = timedelta(minutes=10)  # between two looks at what is asked most
LOOK_BACK = 30  # days of questions that count for it
UP_TO = timedelta(seconds=1)  # that such a look may take
WORKED, SAID = "worked-out", "said"  # names of offers that are no entry's own answer
NAMED = "#"  # what an entry's id follows
UNKNOWN = "No checked answer to that"
TITLES: Mapping[Rule, str] = {
    Rule.SECRET: "That looks like a secret",
    Rule.EMPTY: "In words, please",
    Rule.CLOSE_CALL: "Did you mean",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One answer that can be inserted; for `fresh_for` it may be shown again as it is.

    `entry` is the one whose answer it is, or None. `name` is empty for such an answer itself, and tells what was worked
    out or refused from the other offers of a page.
    """

    title: str
    start: str
    reply: Reply
    fresh_for: timedelta
    entry: Entry | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some offers, best first, and whether there are more; a warning is for the one who typed alone."""

    offers: tuple[Offer, ...]
    has_more: bool = False
    is_warning: bool = False

    @property
    def fresh_for(self) -> timedelta:
        """For how long the page may be shown again as it is."""
        shortest = min((offer.fresh_for for offer in self.offers), default=AGAIN)
        return timedelta() if self.is_warning else shortest


@dataclass(slots=True)
class Offers:
    """Finds offers; remembers verdicts, so that a text is read once for each edition of the knowledge."""

    pipeline: Pipeline
    journal: Journal
    verdicts: OrderedDict[tuple[str, str], Verdict] = field(default_factory=OrderedDict)
    popular: tuple[str, ...] = ()
    looked_at: datetime | None = None

    async def page(self, text: str, number: int) -> Page:
        """Return a page of offers for what was typed; nothing typed means the favourites, `#id` an entry."""
        line, typed = self.pipeline.line, text[:LONGEST].strip()
        if named := _named(line, typed):
            return await _page(line, named, number)
        verdict = await self._verdict(line, typed) if typed else None
        if verdict is None or verdict.rule is Rule.EMPTY:
            return await _page(line, await self._favourites(line), number)
        first = await _first(line, typed, verdict)
        if verdict.rule is Rule.SECRET:
            return replace(await _page(line, (), number, first), is_warning=True)
        entries = [entry for entry in _entries(line, verdict) if not first or entry is not first.entry]
        return await _page(line, entries, number, first)

    async def answer(self, text: str, place: Place) -> Offer | None:
        """Return the one answer to a question that comes from elsewhere; None where nothing is to be said."""
        line = self.pipeline.line
        question = Question(text, line.clock(), place)
        verdict = await line.decide(question)
        if worked := await _worked_out(line, question, verdict):
            return worked
        return await _of_entry(line, verdict.entry) if isinstance(verdict, Answer) else _of_words(line, verdict)

    async def entry(self, key: str) -> Offer | None:
        """Return the offer of one entry, with numbers of now; None if it is not there any more."""
        line = self.pipeline.line
        entry = line.library.entry(key)
        return await _of_entry(line, entry) if entry else None

    async def _verdict(self, line: Line, typed: str) -> Verdict:
        key = (line.edition.version, typed.casefold())
        found = self.verdicts.get(key) or await line.decide(Question(typed, line.clock(), Place.INLINE))
        self.verdicts[key] = found
        self.verdicts.move_to_end(key)
        while len(self.verdicts) > KEPT:
            self.verdicts.popitem(last=False)
        return found

    async def _favourites(self, line: Line) -> tuple[Entry, ...]:
        """Return all entries: those that answer most, then the overview, then the others in the order of the files."""
        now = line.clock()
        if self.looked_at is None or now - self.looked_at > POPULAR_FOR:
            self.looked_at = now
            self.popular = await self._asked_most() or self.popular
        homes = [pack.home for pack in line.library.packs.values()]
        first = [entry for key in (*self.popular, *homes) if (entry := line.library.entry(key))]
        return tuple({entry.id: entry for entry in (*first, *line.library.entries)}.values())

    async def _asked_most(self) -> tuple[str, ...]:
        with suppress(TimeoutError):
            async with asyncio.timeout(UP_TO.total_seconds()):
                insight = await self.journal.told(lambda records: records.insight(LOOK_BACK))
                standings = sorted(insight.entries if insight else (), key=lambda one: -one.answers)
                return tuple(one.entry for one in standings)
        return ()


async def _page(line: Line, entries: Sequence[Entry], number: int, first: Offer | None = None) -> Page:
    """Return one page of entries, behind `first` if there is one."""
    listed: list[Offer | Entry] = [*([first] if first else []), *entries]
    here = listed[number * BEST : (number + 1) * BEST]
    offers = [one if isinstance(one, Offer) else await _of_entry(line, one) for one in here]
    return Page(tuple(offers), has_more=(number + 1) * BEST < len(listed))


async def _first(line: Line, typed: str, verdict: Verdict) -> Offer | None:
    """Return what stands before any entry: a sum that was asked for, or the words of a refusal."""
    worked = await _worked_out(line, Question(typed, line.clock(), Place.INLINE), verdict)
    return worked or (_of_words(line, verdict) if isinstance(verdict, Refuse) else None)


def _named(line: Line, typed: str) -> tuple[Entry, ...]:
    """Return the entries an id names: the one that has it, else those that have it in theirs."""
    key = typed.removeprefix(NAMED).casefold()
    if not typed.startswith(NAMED) or not key:
        return ()
    exact = line.library.entry(key)
    return (exact,) if exact else tuple(entry for entry in line.library.entries if key in entry.id)


def _entries(line: Line, verdict: Verdict) -> list[Entry]:
    """Return the entries near a question, best first, all of the pack of the best one; a refusal names its own."""
    if isinstance(verdict, Refuse) and verdict.refusal:
        found = [line.library.entry(key) for key in verdict.refusal.see]
    else:
        matches = matches_of(verdict)
        found = [one.target if isinstance(one.target, Entry) and one.score >= NEAR else None for one in matches]
    entries = [entry for entry in found if entry]
    return [entry for entry in entries if entry.pack == entries[0].pack]


async def _worked_out(line: Line, question: Question, verdict: Verdict) -> Offer | None:
    outcome = await line.worked_out(question, verdict)
    if outcome is None or outcome.reply is None or not isinstance(outcome.verdict, Answer):
        return None
    entry, short = outcome.verdict.entry, brief(outcome.reply, line.clock())
    copies = (tuple(one for one in row if isinstance(one, Copy)) for row in outcome.reply.buttons)
    title, *rest = texts_of(short)
    reply = Reply(short.blocks, tuple(row for row in copies if row))
    return Offer(shortened(title, TITLE), shortened(" ".join(rest), START), reply, WORKED_OUT, entry, WORKED)


def _of_words(line: Line, verdict: Verdict) -> Offer | None:
    """Return what is said where no entry answers, with links to those that are near."""
    reply = line.composer.reply(verdict, (), line.clock())
    if reply is None:
        return None
    rows = ([_link(line, one) for one in row if isinstance(one, Ask | Choose)] for row in reply.buttons)
    refusal = verdict.refusal if isinstance(verdict, Refuse) else None
    title = refusal.title if refusal else TITLES.get(verdict.rule, UNKNOWN)
    start = shortened(texts_of(reply)[0], START)
    return Offer(title, start, Reply(reply.blocks, tuple(tuple(row) for row in rows if row)), CURATED, name=SAID)


def _link(line: Line, button: Ask | Choose) -> More:
    entry = line.library.entry(button.entry)
    return More(button.entry, fingerprint(entry) if entry else "", button.title)


async def _of_entry(line: Line, entry: Entry) -> Offer:
    """Return the short answer of an entry, with numbers of now."""
    outcome = await line.entry(entry.id)
    full = (outcome and outcome.reply) or Reply(())
    table = next((block for block in full.blocks if isinstance(block, LiveTable)), None)
    rows: tuple[tuple[AnyButton, ...], ...] = ((More(entry.id, fingerprint(entry)), Share(entry.id)),)
    reply = Reply(brief(full, table.at if table else None).blocks, ((Refresh(entry.id),), *rows) if table else rows)
    return Offer(entry.title, shortened(entry.verdict, START), reply, _fresh_for(entry, table), entry)


def _fresh_for(entry: Entry, table: LiveTable | None) -> timedelta:
    """Return how long an answer stays as true as its numbers; one without a number is soon asked for again."""
    sides = [list(snapshot.sides.values()) for snapshot in (table.snapshots if table else ())]
    if any(all(isinstance(side, Missing) for side in both) for both in sides):
        return AGAIN
    if any(isinstance(side, Quote) and side.quality is Quality.LAST_KNOWN for both in sides for side in both):
        return AGAIN
    return min((STATS[key].fresh_for for key in entry.needs), default=CURATED)
