"""Composes what sending an amount costs, and what an amount is worth, from figures that are worked out elsewhere.

Under a cost reply, buttons switch the script type and the number of inputs. Each leads to the same request with one
thing changed, so a button holds a whole `CostRequest` and its title.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.model.money import Amount, ConvertRequest, CostRequest, Currency, Fiat, ScriptType
from bot.model.quote import Coin, Missing, Quote
from bot.model.reply import Block, Copy, Headline, Note, Paragraph, Reply, TableRow, VersusTable
from bot.reply.live import NONE, WARNINGS
from bot.reply.numbers import SATOSHIS, age, bare, exact_money, money, rounded, satoshis, share

WHOLE_AMOUNT = 100  # percent
SMALL = Decimal("0.01")  # coins below which satoshis are easier to read

DUST = {ScriptType.P2PKH: 546, ScriptType.P2SH_P2WPKH: 540, ScriptType.P2TR: 330, ScriptType.P2WPKH: 294}
"""Satoshis below which nodes do not relay an output, by the type that receives.

Source: Bitcoin Core, src/policy/policy.cpp, GetDustThreshold at DUST_RELAY_TX_FEE of 3,000 sat/kvB; Bitcoin Cash Node
computes the same 546 for P2PKH.
"""


@dataclass(frozen=True, slots=True)
class Speed:
    """What being confirmed by some time costs.

    `name` is such as `Next block`; `rate` is satoshis per `unit`, vB or B; `fee_sat` is the whole fee; `fee_fiat` is
    None without a price, `percent` of the amount is None without an amount or its worth; `quote` is the fee rate's.
    """

    name: str
    rate: Decimal
    unit: str
    fee_sat: int
    fee_fiat: Decimal | None
    percent: Decimal | None
    quote: Quote


@dataclass(frozen=True, slots=True)
class CostSheet:
    """The costs on one chain of a transaction of `size` units (vB on BTC, B on BCH), the fastest speed first.

    `price` is what the fiat figures rest on; `amount_sat` is the amount in this chain's satoshis, None where it has no
    amount or no price to tell.
    """

    coin: Coin
    script: ScriptType
    size: int
    unit: str
    speeds: tuple[Speed, ...] | Missing
    price: Quote | Missing
    amount_sat: int | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount's worth: `value` in the other currency, one `one` is `rate` of `other`, and the prices it rests on."""

    value: Decimal
    one: Currency
    rate: Decimal
    other: Currency
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What an amount is worth in one currency, or why that is not known."""

    into: Currency
    result: Converted | Missing


def cost_reply(request: CostRequest, sheets: tuple[CostSheet, ...], currency: Fiat, at: datetime) -> Reply:
    """Return what a payment costs on each chain: the verdict, three speeds, what is assumed, warnings and sources."""
    return Reply(tuple(_cost_blocks(request, sheets, currency, at)))


def _cost_blocks(request: CostRequest, sheets: tuple[CostSheet, ...], currency: Fiat, at: datetime) -> Iterator[Block]:
    yield Headline(_verdict(request.amount, sheets, currency))
    rows = tuple(_rows(sheets, currency))
    if rows:
        yield VersusTable(tuple(_ticker(sheet) for sheet in sheets), rows)
    yield from (Paragraph(f"⚠ {warning}") for sheet in sheets for warning in _warnings(request, sheet))
    yield Note(_assumption(request, sheets))
    yield from (Note(sentence) for sentence in _absences(sheets, currency))
    lines = tuple(_origins(_cost_quotes(sheets), at))
    if lines:
        yield Note("\n".join(lines))


def _verdict(amount: Amount | None, sheets: tuple[CostSheet, ...], currency: Fiat) -> str:
    costs = [f"{_cost(speed, currency)} on {_ticker(sheet)}" for sheet, speed in _fastest(sheets)]
    if not costs:
        return "No live fee rates right now, so I cannot say what a payment costs."
    unknown = [_ticker(sheet) for sheet in sheets if not _speeds(sheet)]
    rest = f"; the fee on {' and '.join(unknown)} is not known right now" if unknown else ""
    return f"{_subject(amount)} costs about {' and '.join(costs)} for the next block{rest}."


def _subject(amount: Amount | None) -> str:
    if amount is None:
        return "A payment"
    if isinstance(amount.currency, Fiat):
        return f"Sending {exact_money(amount)}"
    other = next(coin for coin in Coin if coin is not amount.currency)
    return f"Sending {exact_money(amount)}, or its worth in {other.upper()},"


def _cost(speed: Speed, currency: Fiat) -> str:
    cost = satoshis(speed.fee_sat) if speed.fee_fiat is None else money(speed.fee_fiat, currency)
    return cost if speed.percent is None else f"{cost} ({share(speed.percent)})"


def _fastest(sheets: tuple[CostSheet, ...]) -> Iterator[tuple[CostSheet, Speed]]:
    yield from ((sheet, _speeds(sheet)[0]) for sheet in sheets if _speeds(sheet))


def _speeds(sheet: CostSheet) -> tuple[Speed, ...]:
    return () if isinstance(sheet.speeds, Missing) else sheet.speeds


def _ticker(sheet: CostSheet) -> str:
    return sheet.coin.upper()


def _rows(sheets: tuple[CostSheet, ...], currency: Fiat) -> Iterator[TableRow]:
    names = dict.fromkeys(speed.name for sheet in sheets for speed in _speeds(sheet))
    for name in names:
        yield TableRow(name, tuple(_cell(sheet, name, currency) for sheet in sheets))


def _cell(sheet: CostSheet, name: str, currency: Fiat) -> str:
    speed = next((speed for speed in _speeds(sheet) if speed.name == name), None)
    if speed is None:
        return NONE
    figures = [satoshis(speed.fee_sat)]
    if speed.fee_fiat is not None:
        figures.append(money(speed.fee_fiat, currency))
    if speed.percent is not None:
        figures.append(share(speed.percent))
    return f"{', '.join(figures)} ({rounded(speed.rate, 3).normalize():,f} sat/{speed.unit})"


def _warnings(request: CostRequest, sheet: CostSheet) -> Iterator[str]:
    dear = [speed.name for speed in _speeds(sheet) if speed.percent is not None and speed.percent > WHOLE_AMOUNT]
    if dear:
        yield f"On {_ticker(sheet)} the fee is higher than the amount itself ({', '.join(dear)})."
    dust = DUST[sheet.script]
    if request.amount and sheet.amount_sat is not None and sheet.amount_sat < dust:
        yield (
            f"On {_ticker(sheet)} {exact_money(request.amount)} is {satoshis(sheet.amount_sat)}, below the dust limit "
            f"of {dust} sat for {_script(sheet)}: nodes do not relay such a payment."
        )


def _script(sheet: CostSheet) -> str:
    return sheet.script.value.upper()


def _assumption(request: CostRequest, sheets: tuple[CostSheet, ...]) -> str:
    sizes = "; ".join(f"{_ticker(sheet)} {_script(sheet)}, {sheet.size:,} {sheet.unit}" for sheet in sheets)
    shape = f"{_count(request.inputs, 'input')}, {_count(request.outputs, 'output')}"
    return f"Assumed: a transaction with {shape} ({sizes}). The fee depends on its size, not on the amount."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _absences(sheets: tuple[CostSheet, ...], currency: Fiat) -> Iterator[str]:
    for sheet in sheets:
        if isinstance(sheet.speeds, Missing):
            yield f"No live fee rate for {_ticker(sheet)}: {sheet.speeds.reason}."
        if isinstance(sheet.price, Missing):
            yield f"No price of {_ticker(sheet)} in {currency.upper()}: {sheet.price.reason}."


def _cost_quotes(sheets: tuple[CostSheet, ...]) -> Iterator[tuple[str, Quote]]:
    for sheet in sheets:
        yield from ((f"{_ticker(sheet)} fee rate", speed.quote) for speed in _speeds(sheet))
        if _speeds(sheet) and isinstance(sheet.price, Quote):
            yield f"{_ticker(sheet)} price", sheet.price


def _origins(quotes: Iterable[tuple[str, Quote]], at: datetime) -> Iterator[str]:
    """Say once for each number where it is from and how old its oldest reading is."""
    oldest: dict[tuple[str, str, str], datetime] = {}
    for what, quote in quotes:
        key = (what, quote.source, WARNINGS.get(quote.quality, ""))
        oldest[key] = min(oldest.get(key, quote.observed_at), quote.observed_at)
    for (what, source, warning), then in oldest.items():
        yield f"{what}: {source}, {warning}{age(then, at)}"


def conversion_reply(request: ConvertRequest, results: tuple[Conversion, ...], at: datetime) -> Reply:
    """Return what an amount is worth in each currency asked for, with rates, sources and ages."""
    known = [(found.into, found.result.value) for found in results if isinstance(found.result, Converted)]
    figures = [(bare(value, into), into) for into, value in known]
    copies = tuple(Copy(figure, f"Copy {figure} {into.upper()}") for figure, into in figures if figure)
    return Reply(tuple(_conversion_blocks(request, results, at)), (copies,) if copies else ())


def _conversion_blocks(request: ConvertRequest, results: tuple[Conversion, ...], at: datetime) -> Iterator[Block]:
    known = [(found.into, found.result) for found in results if isinstance(found.result, Converted)]
    if known:
        worth = " or ".join(f"{money(of.value, into)}{_small(of.value, into)}" for into, of in known)
        yield Headline(f"{exact_money(request.amount)}{_exactly(request.amount)} ≈ {worth}")
        yield Paragraph("\n".join(dict.fromkeys(_rate(of) for _, of in known)))
    else:
        yield Headline(f"No live prices right now, so I cannot say what {exact_money(request.amount)} is worth.")
    yield from (
        Note(f"No price for {request.amount.currency.upper()} in {found.into.upper()}: {found.result.reason}.")
        for found in results
        if isinstance(found.result, Missing)
    )
    quotes = [(f"{of.one.upper()} in {of.other.upper()}", quote) for _, of in known for quote in of.quotes]
    if quotes:
        yield Note("\n".join(_origins(quotes, at)))


def _rate(found: Converted) -> str:
    return f"1 {found.one.upper()} = {money(found.rate, found.other)}"


def _exactly(amount: Amount) -> str:
    """Say how many satoshis an amount of coins is."""
    return "" if isinstance(amount.currency, Fiat) else f" ({satoshis(int(amount.value * SATOSHIS))})"


def _small(value: Decimal, currency: Currency) -> str:
    """Say how many satoshis a small sum of coins is, as exact as the sum is shown."""
    count = int(rounded(value, 4) * SATOSHIS)
    return f" ({satoshis(count)})" if count and value < SMALL and not isinstance(currency, Fiat) else ""
