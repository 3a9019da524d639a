"""Understands what somebody wants to be told: `/alert btc fee < 5`, "tell me when bch falls 10% in a day"."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.match.alert_words import (
    ASIDE,
    BOUNDS,
    LONGEST,
    MEANINGS,
    MENDED,
    NEEDS_SCALE,
    PRICE_BOUNDS,
    SCALES,
    SPANS,
    TRIGGERS,
    WATCHED,
    Sign,
)
from bot.match.amount_parts import numeral
from bot.match.amount_words import SUFFIXES
from bot.match.secrets import has_secret
from bot.model.alert import Crossing, Unclear, Wish
from bot.model.quote import Coin, Unit

MOST = 200  # characters; a longer text asks for something else
STRANGE = 2  # words of a sentence that may mean nothing here
DAY = timedelta(days=1)
SHORTEST, LONGEST_SPAN = timedelta(hours=1), timedelta(days=30)
LEAST_PERCENT, MOST_PERCENT = 0.5, 1000
TWO_SIDED = ("ratio",)  # statistics of which one side says what the other does

EXAMPLE = "For example: /alert btc fee < 5"
NO_NUMBER = Unclear(f"At which number shall I tell you? {EXAMPLE}")
TWO_NUMBERS = Unclear(f"One number at a time, please. {EXAMPLE}")
NO_COIN = Unclear(f"Which coin, BTC or BCH? {EXAMPLE}")
TWO_COINS = Unclear(f"One coin at a time, please. {EXAMPLE}")
OTHER_COIN = Unclear("I watch BTC and BCH only.")
NEGATED = Unclear(f"Say it without a “not”, please. {EXAMPLE}")
NO_DOLLARS = Unclear("I watch prices in US dollars only. For example: /alert bch price > 500")
BOTH_WAYS = Unclear(f"Above or below? {EXAMPLE}")
NOT_POSITIVE = Unclear("The number must be above zero. For a fall write: /alert bch price -10% 24h")
PERCENT_UNDER = Unclear("Percent are for changes: /alert bch price -10% 24h")
BAD_PERCENT = Unclear("A change must be between 0.5 % and 1000 %, a fall below 100 %.")
BAD_SPAN = Unclear("A change can be watched over 1 hour to 30 days. For example: /alert bch price ±10% 24h")
REFUSALS = (OTHER_COIN, NO_DOLLARS, NEGATED)  # which say more than that a word is not known
KNOWN = (
    "price, fee, cost, ratio, market cap, dominance, hashrate, difficulty, mempool, mempool size, block size, "
    "last block, block time, transactions, height"
)

_TRIGGER = re.compile(
    rf"^(?:(?:please|pls|plz|hey|hi|hello|ok|bot|and|can you|could you|would you)[\s,]+)*(?:{TRIGGERS})\b"
)
_TOKEN = re.compile(
    r"(?P<number>\.?[0-9]+(?:[.,'][0-9]+)*)|(?P<word>[^\W\d_]+)"
    r"|(?P<sign><=|>=|=<|=>|\+/-|\+-|[<>=≤≥±%$€£¥]|(?<!\w)[+-](?=[ $]*[0-9.]))"
)
_MARKS = {Sign.BELOW, Sign.AT_MOST, Sign.ABOVE, Sign.AT_LEAST}


@dataclass(slots=True)
class _Said:
    """What a text says, piece by piece; `counts` are the numbers with what stands behind each."""

    stats: list[str] = field(default_factory=list)
    coins: list[Coin] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)
    scales: list[str] = field(default_factory=list)
    span: timedelta | None = None
    strange: list[str] = field(default_factory=list)

    def has(self, *signs: Sign) -> bool:
        return any(sign in self.signs for sign in signs)


def read_alert(text: str, units: Mapping[str, Unit]) -> Wish | Unclear:
    """Read the arguments of a command.

    Args:
        text: such as `btc fee < 5`.
        units: what each statistic is counted in, by its key.
    """
    said = _said(_folded(text))
    found = _refused(said) or _wish(said, units)
    if found not in REFUSALS and isinstance(found, Unclear) and said.strange and not said.stats:
        return Unclear(f"I do not know the number “{said.strange[0][:30]}”. I watch: {KNOWN}.")
    return found


def find_alert(text: str, units: Mapping[str, Unit]) -> Wish | Unclear | None:
    """Return what a free text asks to be told; None where it asks for anything else."""
    plain = _folded(text)
    begins = _TRIGGER.match(plain)
    if len(text) > MOST or not begins or has_secret(text):
        return None
    said = _said(plain[begins.end() :])
    is_about_us = (said.stats or said.coins) and not said.has(Sign.ELSEWHERE) and len(said.strange) <= STRANGE
    if not is_about_us or not said.counts or not (_MARKS | {Sign.REACH, Sign.UP, Sign.DOWN, Sign.MOVE}) & {*said.signs}:
        return None
    found = _refused(said) or _wish(said, units)
    is_strange = isinstance(found, Unclear) and said.strange and not said.stats
    return None if is_strange else found


def _folded(text: str) -> str:
    """Return text in one comparable form, signs kept."""
    plain = unicodedata.normalize("NFKC", text[: 2 * MOST].replace("’", "'")).casefold().replace("−", "-")
    joined = re.sub(r"(?<=[a-z])'(?=[a-z])", "", plain)
    return "".join(" " if sign.isspace() else sign for sign in joined if unicodedata.category(sign) != "Cf")


def _said(text: str) -> _Said:
    tokens = [found[0] for found in _TOKEN.finditer(text)][: MOST // 2]
    said, here = _Said(), 0
    while here < len(tokens):
        here = _number(tokens, here, said) or _phrase(tokens, here, said)
    if said.span is None and said.has(*SPANS):
        said.span = timedelta(hours=next(SPANS[sign] for sign in said.signs if sign in SPANS))
    return said


def _number(tokens: list[str], here: int, said: _Said) -> int:
    """Read a number with what belongs to it, and return where the next word is; 0 where there is no number."""
    value = numeral(tokens[here]) if tokens[here].strip(".")[:1].isdecimal() else None
    if value is None:
        return 0
    after = tokens[here + 1] if here + 1 < len(tokens) else ""
    number = float(value)
    meaning = MEANINGS.get((after,))
    is_time = after in SCALES and said.stats[:1] in (["block-age"], ["block-interval"])
    if isinstance(meaning, Sign) and meaning in SPANS and not is_time:
        said.span = timedelta(hours=min(number, 1e5) * SPANS[meaning])
        return here + 2
    said.counts.append(number * float(SUFFIXES.get(after, 1)))
    if after in SCALES:
        said.scales.append(after)
    elif after == "t":
        said.counts[-1] *= 1e12
    return here + 1 + (after in SCALES or after in SUFFIXES or after == "t")


def _phrase(tokens: list[str], here: int, said: _Said) -> int:
    """Read the longest phrase that means something, and return where the next word is."""
    for length in range(min(LONGEST, len(tokens) - here), 0, -1):
        words = tuple(tokens[here : here + length])
        meaning = MEANINGS.get(words) or (MEANINGS.get((_mended(words[0]),)) if length == 1 else None)
        if meaning is not None:
            _note(meaning, said)
            return here + length
    if tokens[here] not in ASIDE and tokens[here] not in SCALES and len(tokens[here]) > 1:
        said.strange.append(tokens[here])
    return here + 1


def _note(meaning: Coin | Sign | str, said: _Said) -> None:
    match meaning:
        case Coin():
            said.coins += () if meaning in said.coins else (meaning,)
        case Sign():
            said.signs.append(meaning)
        case _:
            said.stats.append(meaning)


def _mended(word: str) -> str:
    """Return the one known word within a slip of a word, or the word as it is."""
    if len(word) < 4 or not word.isalpha() or word in ASIDE or word in SUFFIXES:  # noqa: PLR2004 - as in MENDED
        return word
    near = process.extractOne(word, MENDED, scorer=OSA.distance, score_cutoff=1)
    return near[0] if near else word


def _refused(said: _Said) -> Unclear | None:
    """Return what is wrong with a text that no statistic could mend."""
    if said.has(Sign.ELSEWHERE):
        return OTHER_COIN
    if said.has(Sign.FIAT):
        return NO_DOLLARS
    if said.has(Sign.NOT):
        return NEGATED
    if len(said.counts) != 1:
        return TWO_NUMBERS if said.counts else NO_NUMBER
    return None


def _wish(said: _Said, units: Mapping[str, Unit]) -> Wish | Unclear:
    stat = _stat(said)
    if stat is None:
        return NO_COIN if not said.coins else Unclear(f"Which number shall I watch? I know: {KNOWN}.")
    unit = units[stat]
    is_share = unit is Unit.SHARE and not said.has(Sign.UP, Sign.DOWN, Sign.MOVE, Sign.MINUS)
    if said.has(Sign.PERCENT) and not is_share:
        return _change(said, stat)
    return _level(said, stat, unit)


def _stat(said: _Said) -> str | None:
    """Return the statistic that is named, or that the unit or a coin alone stands for."""
    named = [stat for stat in said.stats if stat != "price"] or said.stats
    if named:
        return _refined(named[0], said)
    if said.strange and not said.coins:
        return None
    if said.has(Sign.SAT):
        return "fee"
    if said.scales and SCALES[said.scales[0]][0] == {Unit.HASHES_PER_SECOND}:
        return "hashrate"
    if len(said.coins) == len(Coin):
        return "ratio"
    return "price" if said.coins and not said.scales and (said.has(Sign.USD) or not said.strange) else None


def _refined(stat: str, said: _Said) -> str:
    """Return the statistic that is meant where the unit tells: a fee in dollars is that of a payment."""
    if stat == "fee" and said.has(Sign.USD):
        return "payment-cost"
    is_size = bool(said.scales) and Unit.BYTES in SCALES[said.scales[0]][0]
    return "mempool-size" if stat == "mempool-count" and is_size else stat


def _coin(said: _Said, stat: str, amount: float) -> Coin | Unclear:
    if stat in TWO_SIDED and len(said.coins) != 1:
        return Coin.BTC if amount >= 1 else Coin.BCH
    if len(said.coins) != 1:
        return TWO_COINS if said.coins else NO_COIN
    return said.coins[0]


def _change(said: _Said, stat: str) -> Wish | Unclear:
    percent, span = said.counts[0], DAY if said.span is None else said.span
    coin = _coin(said, stat, 1)
    if isinstance(coin, Unclear):
        return coin
    if said.has(Sign.BELOW, Sign.AT_MOST):
        return PERCENT_UNDER
    crossing = Crossing.MOVES
    falls, rises = said.has(Sign.DOWN, Sign.MINUS), said.has(Sign.UP)
    if not said.has(Sign.MOVE) and falls is not rises:
        crossing = Crossing.RISES if rises else Crossing.FALLS
    elif not (said.has(Sign.MOVE) or falls) and said.has(Sign.ABOVE, Sign.AT_LEAST):
        crossing = Crossing.RISES
    if not LEAST_PERCENT <= percent <= MOST_PERCENT or (crossing is Crossing.FALLS and percent >= 100):  # noqa: PLR2004 - all of it
        return BAD_PERCENT
    return Wish(stat, coin, crossing, percent, span) if SHORTEST <= span <= LONGEST_SPAN else BAD_SPAN


def _level(said: _Said, stat: str, unit: Unit) -> Wish | Unclear:
    amount = _amount(said, stat, unit)
    if isinstance(amount, Unclear):
        return amount
    coin = _coin(said, stat, amount)
    if isinstance(coin, Unclear):
        return coin
    sides = {sign for sign in said.signs if sign in _MARKS}
    if len(sides) > 1:
        return BOTH_WAYS
    if sides:
        return Wish(stat, coin, Crossing(sides.pop().value), amount)
    if said.has(Sign.UP) is said.has(Sign.DOWN):
        return Wish(stat, coin, None, amount)
    return Wish(stat, coin, Crossing.AT_LEAST if said.has(Sign.UP) else Crossing.AT_MOST, amount)


def _amount(said: _Said, stat: str, unit: Unit) -> float | Unclear:
    """Return the line in the unit of the statistic."""
    amount = said.counts[0]
    fits = {Sign.SAT: {Unit.FEE_RATE, Unit.SATOSHI}, Sign.USD: {Unit.USD}}
    wrong = [sign for sign, counted in fits.items() if said.has(sign) and unit not in counted]
    scales = [scale for scale in said.scales if unit in SCALES[scale][0]]
    if wrong or len(scales) < len(said.scales):
        return Unclear(f"That is not what the {_name(stat)} is counted in. {_how(unit)}")
    if scales:
        amount *= SCALES[scales[0]][1]
    elif unit in NEEDS_SCALE:
        return Unclear(f"In which unit? {_how(unit)}")
    if amount <= 0 or said.has(Sign.MINUS):
        return NOT_POSITIVE
    low, high = PRICE_BOUNDS if stat == "price" else BOUNDS[unit]
    if not low <= amount <= high:
        return Unclear(f"The {_name(stat)} will hardly ever be there. Look at the number once more, please.")
    return amount


def _name(stat: str) -> str:
    return WATCHED[stat].partition("/")[0]


def _how(unit: Unit) -> str:
    written = {Unit.FEE_RATE: "5 sat/vB", Unit.USD: "500 USD", Unit.SHARE: "50 %"}.get(unit)
    return f"Write {written or f'10 {NEEDS_SCALE[unit]}' if unit in NEEDS_SCALE or written else 'a bare number'}."
