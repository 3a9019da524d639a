"""The straight line from a question to a reply; every face calls `Pipeline.answer` and nothing else."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from bot.drift import drift
from bot.edition import Edition, Shelf
from bot.gallery import CHARTS, PRICE, Gallery
from bot.match import (
    CERTAIN,
    Matcher,
    Meanings,
    Wants,
    fiat_named,
    parts,
    read_convert,
    read_cost,
)
from bot.model.address import Guard, Sighting
from bot.model.chart import ChartRequest
from bot.model.clock import Clock
from bot.model.judgement import Judged
from bot.model.knowledge import Library
from bot.model.money import ConvertRequest, CostRequest, Fiat
from bot.model.question import Place, Question
from bot.model.quote import Coin, Snapshot
from bot.model.reply import Ask, Browse, Button, Choose, Cost, Draw, Refresh, Reply, joined
from bot.model.verdict import Answer, Match, Rule, Silence, Verdict
from bot.reckoning import Reckoning
from bot.reply.addresses import address_reply
from bot.reply.charts import CARD
from bot.reply.compose import Composer
from bot.reply.local import has_row, with_row
from bot.stats import PRICES_IN, STATS, Desk
from bot.study import Study

WITHOUT_PICTURES = frozenset({Place.INLINE, Place.GUEST, Place.TERMINAL})  # what is shown there is text
COST = "payment-cost"  # the statistic whose topic costs belong to
Work = tuple[str, Callable[[], Awaitable[Reply]]]  # the topic of what is to be worked out, and the way to do it


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question's verdict and what is said to it; `reply` is None where nothing is."""

    verdict: Verdict
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Answers each call from the edition that is on the shelf when it begins, however long it takes."""

    shelf: Shelf
    desk: Desk
    clock: Clock
    gallery: Gallery
    currency: Fiat = Fiat.USD  # what prices are shown in beside US dollars
    wants: Wants = field(default_factory=lambda: Wants(CHARTS))
    study: Study = field(default_factory=Study)

    @property
    def line(self) -> "Line":
        """The line through the edition in use; whoever holds it stays with that edition."""
        return Line(self.shelf.current, self.desk, self.clock, self.gallery, self.currency, self.wants, self.study)

    @property
    def library(self) -> Library:
        """The library in use."""
        return self.shelf.current.library

    @property
    def meanings(self) -> Meanings:
        """What tells texts of one meaning from others."""
        return Meanings(self.shelf.current.matcher)

    @property
    def reckoning(self) -> Reckoning:
        """What works out costs and conversions."""
        return self.line.reckoning

    @property
    def composer(self) -> Composer:
        """The composer of the library in use."""
        return self.line.composer

    async def answer(self, question: Question) -> Outcome:
        """Return the verdict on a question and the reply to it."""
        return await self.line.answer(question)

    async def entry(self, key: str) -> Outcome | None:
        """Return the answer of one entry, as a pressed button asks for; None if it is not there any more."""
        return await self.line.entry(key)

    async def compare(self, topic: str, place: Place) -> Outcome:
        """Return the comparison a topic's name leads to; without a name, the overview."""
        return await self.line.compare(topic, place)

    async def statistic(self, key: str) -> Reply:
        """Return the answer of the entry about a statistic, or the bare number where the packs have no such entry."""
        return await self.line.statistic(key)

    async def price(self, fiat: Fiat | None = None) -> Reply:
        """Return the price in US dollars, and in other money."""
        return await self.line.price(fiat)

    async def statistics(self) -> Reply:
        """Return every statistic of both chains."""
        return await self.line.statistics()

    async def pressed(self, button: Button) -> Reply | None:
        """Return what a button leads to; None if it is not there any more."""
        return await self.line.pressed(button)

    def status(self) -> Reply:
        """Return how the sources of live numbers are doing."""
        return self.line.status()

    async def drift(self) -> tuple[Judged, ...]:
        """Return every claim of the library with what live numbers say of it."""
        return await self.line.drift()


@dataclass(frozen=True, slots=True)
class Line:
    """Decide, look up, compose: all from one edition."""

    edition: Edition
    desk: Desk
    clock: Clock
    gallery: Gallery
    currency: Fiat
    wants: Wants
    study: Study

    @property
    def library(self) -> Library:
        """The library of the edition."""
        return self.edition.library

    @property
    def matcher(self) -> Matcher:
        """The matcher of the edition."""
        return self.edition.matcher

    @property
    def reckoning(self) -> Reckoning:
        """What works out costs and conversions."""
        return Reckoning(self.desk, self.clock)

    @property
    def composer(self) -> Composer:
        """The composer of the library."""
        return Composer(self.library)

    async def answer(self, question: Question) -> Outcome:
        """Return the verdict on a question and the reply to it."""
        asked = [question if part == question.text else replace(question, text=part) for part in parts(question.text)]
        both = [await self.decide(one) for one in asked]
        if len(both) > 1 and _are_two_answers(both):
            return Outcome(both[0], joined([reply for one in both if (reply := await self._replied(one))]))
        verdict = both[0] if len(both) == 1 else await self.decide(question)
        return await self.worked_out(question, verdict) or Outcome(verdict, await self._replied(verdict))

    async def decide(self, question: Question) -> Verdict:
        """Return the verdict on a question, of which nothing is looked up yet."""
        return await self.study.verdict(self.matcher, question)

    async def entry(self, key: str) -> Outcome | None:
        """Return the answer of one entry, as a pressed button asks for; None if it is not there any more."""
        entry = self.library.entry(key)
        if entry is None:
            return None
        verdict = Answer(entry, Match(entry, 1.0, ""), (), Rule.CHOSEN)
        return Outcome(verdict, await self._replied(verdict))

    async def compare(self, topic: str, place: Place) -> Outcome:
        """Return the comparison a topic's name leads to; without a name, the overview."""
        home = next((pack.home for pack in self.library.packs.values() if pack.home), "")
        named = "-".join(topic.casefold().split()) or home
        outcome = await self.entry(named)
        return outcome or await self.answer(Question(f"{topic} compared", self.clock(), place))

    async def statistic(self, key: str) -> Reply:
        """Return the answer of the entry about a statistic, or the bare number where the packs have no such entry."""
        outcome = await self.entry(STATS[key].topic)
        if outcome and outcome.reply:
            return outcome.reply
        return await self._localised(
            self.composer.statistics(await self.desk.snapshots((key,)), self.clock()), self.currency
        )

    async def price(self, fiat: Fiat | None = None) -> Reply:
        """Return the price in US dollars, and in other money."""
        return await self._localised(await self.statistic(PRICE), fiat or self.currency)

    async def statistics(self) -> Reply:
        """Return every statistic of both chains."""
        reply = self.composer.statistics(await self.desk.snapshots(tuple(STATS)), self.clock())
        return await self._localised(reply, self.currency)

    async def pressed(self, button: Button) -> Reply | None:
        """Return what a button leads to; None if it is not there any more."""
        match button:
            case Browse(page=page):
                return self.composer.topics(page)
            case Refresh(entry=""):
                return await self.statistics()
            case Refresh(entry=key) if key == CARD:
                return await self.gallery.card()
            case Cost(request=request):
                return await self.reckoning.cost(request)
            case Draw(stat=key, hours=hours):
                return await self.gallery.chart(ChartRequest(key, timedelta(hours=hours))) if key in STATS else None
            case Ask(entry=key) | Choose(entry=key) | Refresh(entry=key):
                outcome = await self.entry(key)
                return outcome.reply if outcome else None

    def status(self) -> Reply:
        """Return how the sources of live numbers are doing."""
        return self.composer.status(self.desk.states, self.clock())

    async def drift(self) -> tuple[Judged, ...]:
        """Return every claim of the library with what live numbers say of it."""
        return await drift(self.library, self.desk)

    async def _replied(self, verdict: Verdict) -> Reply | None:
        reply = self.composer.reply(verdict, await self._snapshots(verdict), self.clock())
        return await self._localised(reply, self.currency) if reply else None

    async def _localised(self, reply: Reply, fiat: Fiat) -> Reply:
        """Return a reply whose prices stand in other money as well."""
        key = PRICES_IN.get(fiat)
        if key is None or has_row(reply, key) or not has_row(reply, PRICE):
            return reply
        (local,) = await self.desk.snapshots((key,))
        return with_row(reply, PRICE, local)

    async def worked_out(self, question: Question, verdict: Verdict) -> Outcome | None:
        """Return a chart, a cost or a conversion that is asked for, if the packs in use are about such things."""
        if isinstance(verdict, Silence) or verdict.rule is Rule.SECRET:
            return None
        work = self._commanded(question.text) or self._work(question)
        entry = work and self.library.entry(work[0])
        if not work or not entry:
            return None
        return Outcome(Answer(entry, Match(entry, 1.0, ""), (), Rule.WORKED_OUT), await work[1]())

    def _commanded(self, text: str) -> Work | None:
        """Return what a command asks for, where nobody but us reads it: in a terminal, after the bot's name."""
        name, _, said = text.strip().partition(" ")
        match name.casefold():
            case "/cost":
                return STATS[COST].topic, partial(self.reckoning.cost, read_cost(said))
            case "/convert":
                return STATS[PRICE].topic, partial(self.reckoning.convert, read_convert(said))
            case "/price":
                return STATS[PRICE].topic, partial(self.price, fiat_named(said))
        return None

    def _work(self, question: Question) -> Work | None:
        """Return what a question wants to be worked out; nothing is begun yet."""
        wanted = self.wants.of(question.text)
        if wanted.chart and question.place not in WITHOUT_PICTURES:
            return STATS[wanted.chart.stat].topic, partial(self.gallery.chart, wanted.chart)
        match wanted.sum:
            case Fiat() as fiat:
                return STATS[PRICE].topic, partial(self.price, fiat)
            case CostRequest() as cost:
                return STATS[COST].topic, partial(self.reckoning.cost, cost)
            case ConvertRequest() as convert if not _is_one_coin(convert):
                return STATS[PRICE].topic, partial(self.reckoning.convert, convert)
        guard = next((pack.guard for pack in self.library.packs.values() if pack.guard), None)
        if guard is None or not wanted.addresses:
            return None
        return guard.entry, partial(self._guarded, wanted.addresses, guard)

    async def _guarded(self, seen: Sequence[Sighting], guard: Guard) -> Reply:
        entry = self.library.entry(guard.entry)
        return address_reply(seen, guard, entry.title if entry else "")

    async def _snapshots(self, verdict: Verdict) -> tuple[Snapshot, ...]:
        match verdict:
            case Answer(entry=entry) if entry.needs:
                return await self.desk.snapshots(entry.needs)
        return ()


def _are_two_answers(verdicts: Sequence[Verdict]) -> bool:
    """Tell whether every part of a message surely has an answer, and each another one."""
    found = [verdict for verdict in verdicts if isinstance(verdict, Answer) and verdict.best.score >= CERTAIN]
    return len({verdict.entry.topic for verdict in found}) == len(verdicts)


def _is_one_coin(request: ConvertRequest) -> bool:
    """Tell whether the worth of one coin is asked for, which is its price or the ratio, unless in other money."""
    is_one = request.amount.value == 1 and isinstance(request.amount.currency, Coin)
    return is_one and PRICES_IN.keys().isdisjoint(request.into)
