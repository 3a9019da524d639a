"""How currencies and numbers are written in chats: signs, codes, names, slang and slips of the finger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.match.english import CHAT_SPELLING, STOPWORDS
from bot.model.money import CURRENCIES, Currency, Fiat
from bot.model.quote import Coin


class Way(StrEnum):
    """How a currency was written."""

    SIGN = "sign"
    CODE = "code"
    NAME = "name"
    PART = "part"  # a part of a coin that both chains have, such as a satoshi


@dataclass(frozen=True, slots=True)
class Unit:
    """What an amount is counted in: `scale` whole units of a currency, and how that was written."""

    currency: Currency
    way: Way
    scale: Decimal = Decimal(1)


_SIGNS: dict[Currency, str] = {
    Fiat.USD: "$ us$ usd$", Fiat.EUR: "€", Fiat.GBP: "£", Fiat.JPY: "¥", Fiat.CAD: "c$ ca$ cad$",
    Fiat.AUD: "a$ au$ aud$", Coin.BTC: "₿ ฿ ƀ",
}  # fmt: skip

_CODES: dict[Currency, str] = {
    **{fiat: fiat.value for fiat in Fiat}, Fiat.CHF: "chf sfr",
    Coin.BTC: "btc btcs xbt", Coin.BCH: "bch bchs bcc bcash",
}  # fmt: skip

_NAMES: dict[Currency, str] = {
    Fiat.USD: "dollar/dollars/buck/bucks/us dollar/us dollars/american dollars/usd dollars",
    Fiat.EUR: "euro/euros",
    Fiat.GBP: "pound/pounds/quid/sterling/pounds sterling/pound sterling/british pounds/gb pounds",
    Fiat.JPY: "yen/yens/japanese yen",
    Fiat.CHF: "franc/francs/franken/swiss franc/swiss francs",
    Fiat.CAD: "canadian dollar/canadian dollars/canadian bucks",
    Fiat.AUD: "australian dollar/australian dollars/aussie dollar/aussie dollars/aussie bucks",
    Coin.BTC: "bitcoin/bitcoins/bit coin/bit coins/bitcoin core/bitcoin btc",
    Coin.BCH: "bitcoin cash/bitcoins cash/bitcoin cashs/bitcoincash/bit coin cash/b cash/btc cash/bitcoin bch"
    "/bitcoin cash bch",
}

_PARTS: tuple[tuple[str, Currency, Way, str], ...] = (
    ("sat/sats/satoshi/satoshis/satoshies", Coin.BTC, Way.PART, "1e-8"),
    ("ksat/ksats", Coin.BTC, Way.PART, "1e-5"),
    ("bits", Coin.BTC, Way.PART, "1e-6"),
    ("ubtc/μbtc/microbitcoin/microbitcoins", Coin.BTC, Way.CODE, "1e-6"),
    ("ubch/μbch", Coin.BCH, Way.CODE, "1e-6"),
    ("mbtc/millibitcoin/millibitcoins/milli btc", Coin.BTC, Way.CODE, "1e-3"),
    ("mbch/milli bch", Coin.BCH, Way.CODE, "1e-3"),
    ("cent/cents/¢", Fiat.USD, Way.NAME, "1e-2"),
    ("pence", Fiat.GBP, Way.NAME, "1e-2"),
    *((f"k{fiat.value}", fiat, Way.CODE, "1e3") for fiat in Fiat),
)


def _units() -> Iterator[tuple[str, Unit]]:
    for currency in CURRENCIES:
        yield from ((sign, Unit(currency, Way.SIGN)) for sign in _SIGNS.get(currency, "").split())
        yield from ((code, Unit(currency, Way.CODE)) for code in _CODES[currency].split())
        yield from ((name, Unit(currency, Way.NAME)) for name in _NAMES.get(currency, "").split("/") if name)
    for written, currency, way, scale in _PARTS:
        yield from ((name, Unit(currency, way, Decimal(scale))) for name in written.split("/"))


UNITS = {tuple(written.split()): unit for written, unit in _units()}
LONGEST = max(map(len, UNITS))

OTHER_COINS = {("bitcoin", name) for name in ("sv", "gold", "diamond", "private", "satoshi", "atom", "god")}
CASH = frozenset(
    {"cahs", "csah", "chas", "acsh", "csh", "cas", "cassh", "caash", "cashh", "cach"}
)  # not `crash`, `case`

_SLIPPED = """
    dollar dollars bucks euro euros pound pounds sterling francs bitcoin bitcoins bitcoincash satoshi satoshis
"""
_GUESSED = tuple(_SLIPPED.split())
_SHORTEST = 4  # letters of a word that a slip is forgiven in
_LONG = 7  # letters from which the slip may be in the first of them

TOGETHER = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip

TIMES = {
    "hundred": Decimal(100), "thousand": Decimal(1000), "grand": Decimal(1000),
    "million": Decimal(10**6), "billion": Decimal(10**9), "trillion": Decimal(10**12), "quadrillion": Decimal(10**15),
}  # fmt: skip

SUFFIXES = {
    **TIMES, **{f"{word}s": times for word, times in TIMES.items()},
    **dict.fromkeys(("k",), Decimal(1000)), **dict.fromkeys(("m", "mil", "mio", "mln"), Decimal(10**6)),
    **dict.fromkeys(("b", "bn", "bln"), Decimal(10**9)), **dict.fromkeys(("tn", "trn"), Decimal(10**12)),
}  # fmt: skip

FRACTIONS = {
    "half": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25"), "tenth": Decimal("0.1"),
    "hundredth": Decimal("0.01"), "thousandth": Decimal("0.001"),
}  # fmt: skip

_AROUND = """
    worth send sending sent pay paying paid move moving transfer transferring cost costs fee fees price prices value
    convert converted conversion exchange change turn amount payment transaction transactions tx sum total equals equal
    give gives buy currently today approx approximately roughly around maybe thanks thx cheers please coin coins crypto
    money chain chains network networks both each onchain next block for per let quick question ok okay yes
"""

FILLER = STOPWORDS | frozenset(_AROUND.split()) | frozenset(CHAT_SPELLING)  # no currency in any case


def unit_named(words: tuple[str, ...]) -> Unit | None:
    """Return the unit that words stand for, forgiving one slip in a word of four letters or more."""
    found = UNITS.get(words)
    if found or len(words) > 2:  # noqa: PLR2004 - slips are mended in names of one word, and in Bitcoin Cash
        return found
    if len(words) == 1:
        return UNITS.get((_mended(words[0]),))
    is_cash = words[1] == "cash" or words[1] in CASH
    return UNITS[("bitcoin", "cash")] if is_cash and _mended(words[0]) in {"bitcoin", "bitcoins", "btc"} else None


def _mended(word: str) -> str:
    """Return the one currency's name within a slip of a word, or the word as it is."""
    if len(word) < _SHORTEST or word in FILLER or (word,) in UNITS:
        return word
    return meant(word, _GUESSED)


def meant(word: str, known: Sequence[str]) -> str:
    """Return the one of some words that is a slip away, its first letter right in a short one, or the word as it is."""
    if not word.isalpha():
        return word
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=1, limit=None)
    fit = [name for name, _, _ in near if len(word) >= _LONG or name[0] == word[0]]
    return fit[0] if fit else word


def suggestion(word: str) -> str:
    """Return the cure for an unknown currency: the nearest known one, or all of them."""
    names = [written[0] for written in UNITS if len(written) == 1 and written[0].isalpha()]
    near = process.extractOne(word, names, scorer=OSA.distance, score_cutoff=2 if len(word) >= _SHORTEST else 1)
    if near and len(word) >= _SHORTEST - 1 and " " not in word:
        return f"Did you mean {UNITS[(near[0],)].currency.upper()}?"
    return f"I know {', '.join(currency.upper() for currency in CURRENCIES)}, and sats."
