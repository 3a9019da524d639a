"""What goes to channels: fees, prices, a comparison, the card or a chart, as a reply without buttons."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot.gallery import CHARTS
from bot.match import fiat_named, read_chart
from bot.model.chart import NoSuchChart
from bot.model.question import Place
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.model.reply import AsOf, LiveTable, Reply
from bot.model.verdict import Answer
from bot.pipeline import Pipeline
from bot.stats.catalog import CATALOG

LONGEST = 100  # characters of what is asked for, as the database has room for
UNSURE = frozenset({Quality.LAST_KNOWN, Quality.DISPUTED})

Make = Callable[[Pipeline, str], Awaitable[Reply | None]]


async def _fees(line: Pipeline, _: str) -> Reply | None:
    return await line.statistic("fee")


async def _price(line: Pipeline, rest: str) -> Reply | None:
    return await line.price(fiat_named(rest))


async def _compare(line: Pipeline, rest: str) -> Reply | None:
    outcome = await line.compare(rest, Place.CHANNEL)
    return outcome.reply if isinstance(outcome.verdict, Answer) else None


async def _card(line: Pipeline, _: str) -> Reply | None:
    return await line.gallery.card()


async def _chart(line: Pipeline, rest: str) -> Reply | None:
    asked = read_chart(rest, CHARTS)
    reply = None if isinstance(asked, NoSuchChart) else await line.gallery.chart(asked)
    return reply if reply and reply.picture else None


KINDS: Mapping[str, Make] = {"fees": _fees, "price": _price, "compare": _compare, "card": _card, "chart": _chart}


@dataclass(frozen=True, slots=True)
class Column:
    """A reply for a channel, and the live numbers in it."""

    reply: Reply
    snapshots: tuple[Snapshot, ...]

    @property
    def numbers(self) -> dict[str, float]:
        """The numbers that are sure, by statistic and coin, to compare the next column with."""
        return {
            f"{snapshot.stat.key}:{coin}": side.value
            for snapshot in self.snapshots
            for coin, side in snapshot.sides.items()
            if isinstance(side, Quote) and side.quality not in UNSURE
        }

    @property
    def gaps(self) -> frozenset[str]:
        """The numbers that are missing or old because a source was down."""
        return frozenset(
            f"{snapshot.stat.key}:{coin}"
            for snapshot in self.snapshots
            for coin, side in snapshot.sides.items()
            if not _is_lacking(snapshot.stat.key, coin)
            and (isinstance(side, Missing) or side.quality is Quality.LAST_KNOWN)
        )


def _is_lacking(key: str, coin: Coin) -> bool:
    """Tell whether a chain has no such number at all."""
    return key in CATALOG and coin in CATALOG[key].lacks


def read_what(text: str) -> str | None:
    """Return what is asked for in its one spelling, such as `chart fees 7d`; None if it is nothing for a channel."""
    kind, _, rest = " ".join(text.split()).partition(" ")
    what = f"{kind.casefold()} {rest}".strip()
    return what if kind.casefold() in KINDS and len(what) <= LONGEST else None


async def make_column(line: Pipeline, what: str) -> Column | None:
    """Make what was asked for; None if there is no such thing now: no such topic or chart, or nothing to draw."""
    kind, _, rest = what.partition(" ")
    reply = await KINDS[kind](line, rest) if kind in KINDS else None
    if reply is None:
        return None
    found = tuple(one for block in reply.blocks if isinstance(block, LiveTable) for one in block.snapshots)
    blocks = (*reply.blocks, AsOf(line.clock()))
    return Column(replace(reply, blocks=blocks, buttons=()), found)
