"""Works out what sending an amount costs, and what it is worth, from live numbers; in decimals throughout."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.model.clock import Clock
from bot.model.money import Amount, ConvertRequest, CostRequest, Currency, Fiat, NotUnderstood, ScriptType
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.model.reply import Cost, Paragraph, Reply
from bot.reply.costs import Conversion, Converted, CostSheet, Speed, conversion_reply, cost_reply
from bot.stats import Desk
from bot.stats.derive import SATOSHI
from bot.stats.sizes import fee_sat, size

SPEEDS = {"fee": "Next block", "fee-hour": "About an hour", "fee-economy": "No hurry"}
UNITS = {Coin.BTC: "vB", Coin.BCH: "B"}
SCRIPTS = {ScriptType.P2WPKH: "SegWit", ScriptType.P2TR: "Taproot", ScriptType.P2PKH: "Legacy"}
INPUTS = (1, 2, 5)
DISAGREE = Missing("sources differ by more than they should")
Side = Quote | Missing


@dataclass(frozen=True, slots=True)
class Worth:
    """What one of a currency is worth in another, exact, and the number that it rests on."""

    value: Decimal
    quote: Quote


@dataclass(frozen=True, slots=True)
class Figures:
    """What costs are worked out from: fee rates, prices in one currency, the amount in satoshis of each coin."""

    fees: tuple[Snapshot, ...]
    prices: Mapping[Coin, Worth | Missing]
    worth: Mapping[Coin, int]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Answers `/cost` and `/convert`, and the questions that mean the same."""

    desk: Desk
    clock: Clock

    async def cost(self, request: CostRequest | NotUnderstood) -> Reply:
        """Return what a payment costs on both chains at three speeds, or what could not be understood."""
        if isinstance(request, NotUnderstood):
            return Reply((Paragraph(request.sentence),))
        fiat = request.amount.currency if request.amount and isinstance(request.amount.currency, Fiat) else Fiat.USD
        fees = await self.desk.snapshots(tuple(SPEEDS))
        prices = await self._prices(fiat)
        figures = Figures(fees, prices, _satoshis(request.amount, prices))
        sheets = tuple(_sheet(request, coin, figures) for coin in Coin)
        return replace(cost_reply(request, sheets, fiat, self.clock()), buttons=_switches(request))

    async def convert(self, request: ConvertRequest | NotUnderstood) -> Reply:
        """Return what an amount is worth in other money, or what could not be understood."""
        if isinstance(request, NotUnderstood):
            return Reply((Paragraph(request.sentence),))
        results = [Conversion(into, await self._converted(request.amount, into)) for into in request.into]
        return conversion_reply(request, tuple(results), self.clock())

    async def _prices(self, fiat: Fiat) -> dict[Coin, Worth | Missing]:
        """Return the price of each coin in a currency."""
        (snapshot,) = await self.desk.snapshots(("price",))
        rate = _worth(await self.desk.rate(fiat.name)) if fiat is not Fiat.USD else None
        return {coin: times(_worth(side), rate) for coin, side in snapshot.sides.items()}

    async def _converted(self, amount: Amount, into: Currency) -> Converted | Missing:
        """Return an amount's worth; the rate is said for one unit of what is worth more."""
        own, other = await self._in_usd(amount.currency), await self._in_usd(into)
        if isinstance(own, Missing):
            return own
        if isinstance(other, Missing):
            return other
        rate = own.value / other.value
        quotes = tuple(one.quote for one in (own, other) if one.quote.source)
        value = amount.value * rate
        if rate >= 1:
            return Converted(value, amount.currency, rate, into, quotes)
        return Converted(value, into, 1 / rate, amount.currency, quotes)

    async def _in_usd(self, currency: Currency) -> Worth | Missing:
        """Return what one of a currency is worth in USD; the dollar itself has no source."""
        if isinstance(currency, Coin):
            return (await self._prices(Fiat.USD))[currency]
        if currency is Fiat.USD:
            now = self.clock()
            return Worth(Decimal(1), Quote(1, "", now, now, Quality.DERIVED))
        rate = _worth(await self.desk.rate(currency.name))
        return rate if isinstance(rate, Missing) else replace(rate, value=1 / rate.value)


def _trusted(side: Side) -> Side:
    """Return a number to reckon with; one that is disputed is none."""
    return DISAGREE if isinstance(side, Quote) and side.quality is Quality.DISPUTED else side


def _worth(side: Side) -> Worth | Missing:
    """Return a number to reckon with, exact."""
    side = _trusted(side)
    return side if isinstance(side, Missing) else Worth(_exact(side), side)


def times(price: Worth | Missing, rate: Worth | Missing | None) -> Worth | Missing:
    """Return a price in USD in another currency, with the sources of both and the age of the older."""
    if rate is None or isinstance(price, Missing):
        return price
    if isinstance(rate, Missing):
        return rate
    value, both = price.value * rate.value, (price.quote, rate.quote)
    is_known = any(quote.quality is Quality.LAST_KNOWN for quote in both)
    return Worth(
        value,
        Quote(
            float(value),
            " + ".join(dict.fromkeys(quote.source for quote in both)),
            min(quote.observed_at for quote in both),
            min(quote.fetched_at for quote in both),
            Quality.LAST_KNOWN if is_known else Quality.DERIVED,
        ),
    )


def _satoshis(amount: Amount | None, prices: Mapping[Coin, Worth | Missing]) -> dict[Coin, int]:
    """Return an amount in satoshis of each coin, as far as that is known."""
    if amount is None:
        return {}
    known = {coin: price.value for coin, price in prices.items() if isinstance(price, Worth)}
    if isinstance(amount.currency, Fiat):
        return {coin: int(amount.value / price * SATOSHI) for coin, price in known.items()}
    own = {amount.currency: int(amount.value * SATOSHI)}
    if amount.currency not in known:
        return own
    worth = amount.value * known[amount.currency]
    return {coin: int(worth / price * SATOSHI) for coin, price in known.items()} | own


def _sheet(request: CostRequest, coin: Coin, figures: Figures) -> CostSheet:
    script = request.script if coin is Coin.BTC else ScriptType.P2PKH
    units = size(coin, script, request.inputs, request.outputs)
    sides = [(SPEEDS[snapshot.stat.key], _trusted(snapshot.sides[coin])) for snapshot in figures.fees]
    missing = next((side for _, side in sides if isinstance(side, Missing)), DISAGREE)
    price = figures.prices[coin]
    shown = price.quote if isinstance(price, Worth) else price
    sheet = CostSheet(coin, script, units, UNITS[coin], missing, shown, figures.worth.get(coin))
    speeds = tuple(_speed(name, side, sheet, price) for name, side in sides if isinstance(side, Quote))
    return replace(sheet, speeds=speeds or missing)


def _speed(name: str, rate: Quote, sheet: CostSheet, price: Worth | Missing) -> Speed:
    fee = fee_sat(sheet.size, _exact(rate))
    fiat = fee * price.value / SATOSHI if isinstance(price, Worth) else None
    percent = Decimal(100) * fee / sheet.amount_sat if sheet.amount_sat else None
    return Speed(name, _exact(rate), sheet.unit, fee, fiat, percent, rate)


def _exact(quote: Quote) -> Decimal:
    """Return a number as it is written, without what binary fractions add."""
    return Decimal(repr(quote.value))


def _switches(request: CostRequest) -> tuple[tuple[Cost, ...], ...]:
    """Return buttons for the other script types and numbers of inputs."""
    scripts = (Cost(replace(request, script=script), name) for script, name in SCRIPTS.items())
    inputs = (Cost(replace(request, inputs=count), f"{count} in") for count in INPUTS)
    rows = ([switch for switch in row if switch.request != request] for row in (scripts, inputs))
    return tuple(tuple(row) for row in rows)
