"""Numbers, units and ages as people read them; the one place that rounds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial

from bot.model.money import COIN_PLACES, Amount, Currency, Fiat
from bot.model.quote import Coin, Unit

# Hash rates are told in EH/s, however large, so that both chains read alike and a decimal says something.
SCALES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
MONEY = ((1e12, " T"), (1e9, " B"), (1e6, " M"))
WHOLE = 1_000  # dollars from which cents say nothing
MINUTE, HOUR, DAY = 60, 3_600, 86_400
SIGNS = {Fiat.USD: "$", Fiat.EUR: "€", Fiat.GBP: "£", Fiat.JPY: "¥", Fiat.CHF: "CHF ", Fiat.CAD: "CA$", Fiat.AUD: "A$"}
SATOSHIS = Decimal(10) ** COIN_PLACES  # in a coin
COMMA_LIKE = 3  # decimals that read as a thousand: 1.234
TINY = Decimal("0.0001")  # percent below which the figure says nothing
_HALF_UP = Context(prec=60, rounding=ROUND_HALF_UP)


def significant(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits, grouped by commas, never in powers of ten."""
    if value == 0:
        return "0"
    text = f"{float(f'{value:.{digits}g}'):,.12f}".rstrip("0").rstrip(".")
    return text if abs(value) < 10 ** (digits - 1) else f"{value:,.0f}"


def dollars(value: float) -> str:
    """Return US dollars: whole above 1,000, cents above 1, two significant digits below."""
    for scale, name in MONEY:
        if value >= scale:
            return f"${value / scale:,.2f}{name}"
    if value >= WHOLE:
        return f"${value:,.0f}"
    return f"${value:,.2f}" if value >= 1 else f"${significant(value, 2)}"


def rounded(value: Decimal, digits: int) -> Decimal:
    """Return a value with so many significant digits, or whole where it has more before the point; halves go up."""
    places = min(value.adjusted() - digits + 1, 0)
    return value.quantize(Decimal(1).scaleb(places), context=_HALF_UP)


def exact_money(amount: Amount) -> str:
    """Return an amount to its last digit, such as `$25`, `€1,234.50`, `0.01 BCH`; it reads back as the same amount."""
    shown = _trimmed(amount.value)
    if not isinstance(amount.currency, Fiat):
        return f"{shown} {amount.currency.upper()}"
    places = len(shown.partition(".")[2])
    return f"{SIGNS[amount.currency]}{shown}{'0' if places in {1, COMMA_LIKE} else ''}"


def money(value: Decimal, currency: Currency) -> str:
    """Return a worked out sum: fiat as `dollars` rounds it, yen whole, coins to four digits."""
    if not isinstance(currency, Fiat):
        return f"{_coins(value)} {currency.upper()}"
    for scale, name in MONEY:
        if value >= scale:
            return f"{SIGNS[currency]}{value / Decimal(scale):,.2f}{name}"
    if value < 1:
        return f"{SIGNS[currency]}{_trimmed(rounded(value, 2))}"
    places = 0 if value >= WHOLE or currency is Fiat.JPY else 2
    return f"{SIGNS[currency]}{value.quantize(Decimal(1).scaleb(-places), context=_HALF_UP):,f}"


def bare(value: Decimal, currency: Currency) -> str:
    """Return a sum as digits to paste, down to cents or satoshis; empty where nothing of it is left."""
    places = COIN_PLACES if not isinstance(currency, Fiat) else 0 if currency is Fiat.JPY else 2
    sum_ = value.quantize(Decimal(1).scaleb(-places), context=_HALF_UP)
    return f"{sum_ if isinstance(currency, Fiat) else sum_.normalize(_HALF_UP):f}" if sum_ else ""


def share(percent: Decimal) -> str:
    """Return a part of a whole, in percent: `1.3 %`, `0.005 %`, `1,300 %`."""
    if 0 < percent < TINY:
        return f"< {TINY} %"
    return f"{_trimmed(rounded(percent, 2))} %"


def satoshis(count: int) -> str:
    """Return a number of satoshis: `12,345 sat`."""
    return f"{count:,} sat"


def _coins(value: Decimal) -> str:
    if 0 < value < 1 / SATOSHIS:
        return "< 0.00000001"
    return _trimmed(rounded(value, 4).quantize(1 / SATOSHIS, context=_HALF_UP))


def _trimmed(value: Decimal) -> str:
    whole, _, fraction = f"{value:,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}{fraction and '.'}{fraction}"


def scaled(value: float, unit: str) -> str:
    """Return a value with a metric prefix and one decimal: `786.4 EH/s`."""
    for scale, prefix in SCALES:
        if value >= scale:
            return f"{value / scale:,.1f} {prefix}{unit}"
    return f"{value:,.0f} {unit}"


def duration(seconds: float) -> str:
    """Return a length of time in its largest fitting unit: `40 s`, `8 min`, `3 h`, `12 days`."""
    if seconds < MINUTE:
        return f"{max(seconds, 0):.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.0f} h" if seconds < 2 * DAY else f"{seconds / DAY:,.0f} days"


def age(then: datetime, now: datetime) -> str:
    """Return how long ago something was, never negative: `12 s ago`."""
    return f"{duration((now - then) / timedelta(seconds=1))} ago"


def moment(at: datetime) -> str:
    """Return a moment of time to the minute: `2026-11-23, 12:05 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d, %H:%M} UTC"


def span_name(span: timedelta) -> str:
    """Return a span of time in whole units: `24 hours`, `7 days`, `1 year`."""
    hours = round(span / timedelta(hours=1))
    days = round(span / timedelta(days=1))
    if days % 365 == 0 and days:
        return _counted(days // 365, "year")
    return _counted(days, "day") if days > 1 else _counted(hours, "hour")


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"


def _sum(fiat: Fiat, value: float) -> str:
    return money(Decimal(repr(value)), fiat)


def _signed_percent(value: float) -> str:
    return f"{value:+.1f} %"


def _day(value: float) -> str:
    return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d}"


FORMATS: dict[Unit, Callable[[float], str]] = {
    Unit.USD: dollars,
    **{Unit(fiat): partial(_sum, fiat) for fiat in Fiat if fiat is not Fiat.USD},
    Unit.PERCENT: _signed_percent,
    Unit.SHARE: lambda value: f"{significant(value)} %",
    Unit.TIMES: lambda value: f"{significant(value)}×",
    Unit.SATOSHI: lambda value: f"{value:,.0f} sat",
    Unit.BLOCKS: lambda value: f"{significant(value, 2)} blocks",
    Unit.HEIGHT: lambda value: f"{value:,.0f}",
    Unit.SECONDS: duration,
    Unit.INTERVAL: lambda value: f"{value / MINUTE:.1f} min",
    Unit.TRANSACTIONS: lambda value: f"{value:,.0f} tx",
    Unit.TRANSACTIONS_PER_SECOND: lambda value: f"{significant(value, 2)} tx/s",
    Unit.BLOCK_BYTES: lambda value: f"{significant(value / 1e6)} MB",
    Unit.HASHES_PER_SECOND: lambda value: scaled(value, "H/s"),
    Unit.DIFFICULTY: lambda value: scaled(value, "").rstrip(),
    Unit.COINS: lambda value: f"{value:,.0f}",
    Unit.EPOCH_SECONDS: lambda value: f"≈ {_day(value)}",
}

BY_COIN: dict[tuple[Unit, Coin], Callable[[float], str]] = {
    (Unit.FEE_RATE, Coin.BTC): lambda value: f"{significant(value)} sat/vB",
    (Unit.FEE_RATE, Coin.BCH): lambda value: f"{significant(value)} sat/B",
    (Unit.BYTES, Coin.BTC): lambda value: f"{significant(value / 1e6)} vMB",
    (Unit.BYTES, Coin.BCH): lambda value: f"{significant(value / 1e6)} MB",
    (Unit.BLOCK_ROOM, Coin.BTC): lambda value: f"{significant(value / 1e6)} MWU",
    (Unit.BLOCK_ROOM, Coin.BCH): lambda value: f"{significant(value / 1e6)} MB",
    (Unit.AMOUNT, Coin.BTC): lambda value: f"{significant(value, 5)} BTC",
    (Unit.AMOUNT, Coin.BCH): lambda value: f"{significant(value, 5)} BCH",
    (Unit.BCH_PER_BTC, Coin.BTC): lambda value: f"{significant(value, 4)} BCH",
    (Unit.BCH_PER_BTC, Coin.BCH): lambda value: f"{significant(value, 4)} BTC",
}


def number(value: float, unit: Unit, coin: Coin) -> str:
    """Return a statistic's value with its unit."""
    show = BY_COIN.get((unit, coin)) or FORMATS[unit]
    return show(value)


def ratio(btc: float, bch: float) -> str:
    """Return how many times the larger side is the smaller, with who is larger: `BTC 220×`."""
    if btc <= 0 or bch <= 0:
        return ""
    times = max(btc, bch) / min(btc, bch)
    if times < 1.005:  # noqa: PLR2004 - what would read as 1.00
        return "equal"
    return f"{'BTC' if btc > bch else 'BCH'} {significant(times)}×"
