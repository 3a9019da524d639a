"""From typed text to one amount of money: what `/cost` and `/convert` are given, and free questions that ask the same.

Commands are read generously and answer what they cannot read with a sentence; free questions are read strictly
(`bot.match.amount_questions`), since whatever is not clearly asked belongs to the knowledge.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.match.amount_parts import EXACT, Numeral, Part, Word, folded, is_ambiguous, parts_of
from bot.match.amount_words import FILLER, Unit, Way, suggestion
from bot.model.money import (
    COIN_PLACES,
    MOST_COINS,
    MOST_FIAT,
    MOST_PARTS,
    Amount,
    ConvertRequest,
    CostRequest,
    Currency,
    Fiat,
    NotUnderstood,
    ScriptType,
)
from bot.model.quote import Coin

NO_NUMBER = NotUnderstood("I see no amount there. Write a number and a currency, such as 25 USD or 0.01 BCH.")
TWO = NotUnderstood("I see more than one amount there. Write one, such as 25 USD or 0.01 BCH.")
ZERO = NotUnderstood("That amount is zero. Write one above zero, such as 25 USD or 0.01 BCH.")
RATE = NotUnderstood("That is a fee rate. Write the amount to send, such as 25 USD or 0.01 BCH.")
COUNT = NotUnderstood(f"A payment has 1 to {MOST_PARTS} inputs and outputs. Write it as: 25 USD 2 inputs 2 outputs.")

_SHOWN = 30  # characters of what was typed that a sentence repeats

_SCRIPTS = {
    "p2sh p2wpkh": ScriptType.P2SH_P2WPKH, "nested segwit": ScriptType.P2SH_P2WPKH,
    "wrapped segwit": ScriptType.P2SH_P2WPKH, "p2wpkh": ScriptType.P2WPKH, "native segwit": ScriptType.P2WPKH,
    "segwit": ScriptType.P2WPKH, "bech32": ScriptType.P2WPKH, "p2tr": ScriptType.P2TR, "taproot": ScriptType.P2TR,
    "bech32m": ScriptType.P2TR, "p2pkh": ScriptType.P2PKH, "legacy": ScriptType.P2PKH,
}  # fmt: skip
_SCRIPT = re.compile(rf"(?<!\w)(?:{'|'.join(_SCRIPTS).replace(' ', '[ -]')})(?!\w)")
_COUNT = re.compile(r"(?<![\w.,])([0-9]{1,9}) ?(in|out)puts?(?!\w)")
_CUT = " | "  # keeps what stood on both sides of a taken out word apart
_MARKS = frozenset("?!.,;:|()\"'/>-~≈*+&–−")
_INTO = frozenset({"to", "into", "in", "as"})
_PER = frozenset({"/", "per"})
_BYTES = frozenset({"vb", "vbyte", "vbytes", "b", "byte", "bytes", "kb", "kvb"})
_DOLLARS_ELSEWHERE = frozenset({Fiat.CAD, Fiat.AUD})


@dataclass(frozen=True, slots=True)
class Reading:
    """The one amount of a text, what it was counted in (None where nothing was named), and the parts around it.

    `is_weak` where the number is no more than the `a` of `a bitcoin`.
    """

    amount: Amount
    unit: Unit | None
    is_weak: bool
    before: tuple[Part, ...]
    after: tuple[Part, ...]

    @property
    def rest(self) -> tuple[Part, ...]:
        """The parts around the amount, those behind it first: what is said of an amount mostly follows it."""
        return (*self.after, *self.before)


@dataclass(frozen=True, slots=True)
class Shape:
    """What was said about the transaction, and the text without it."""

    text: str
    script: ScriptType
    inputs: int
    outputs: int


def read_cost(text: str) -> CostRequest | NotUnderstood:
    """Return what `/cost` was asked, dollars where no currency is named; no words ask for a payment as such."""
    plain = folded(text)
    shape = shape_of(plain) if isinstance(plain, str) else plain
    if isinstance(shape, NotUnderstood):
        return shape
    if not shape.text.strip(" |"):
        return CostRequest(None, shape.script, shape.inputs, shape.outputs)
    found = _read(shape.text)
    if isinstance(found, NotUnderstood):
        return found
    return RATE if _is_rate(found) else cost_request(found, shape)


def read_convert(text: str) -> ConvertRequest | NotUnderstood:
    """Return what `/convert` was asked; where no target is named, `default_targets` are."""
    plain = folded(text)
    found = _read(plain) if isinstance(plain, str) else plain
    if isinstance(found, NotUnderstood):
        return found
    unknown = _unknown_target(found)
    if unknown:
        return _unknown(unknown)
    return convert_request(found)


def cost_request(found: Reading, shape: Shape) -> CostRequest:
    """Return the request of a reading; satoshis are those of Bitcoin Cash where only that is named."""
    amount = found.amount
    named = {part.currency for part in found.rest if isinstance(part, Unit)} & {*Coin}
    if found.unit and found.unit.way is Way.PART and named == {Coin.BCH}:
        amount = replace(amount, currency=Coin.BCH)
    return CostRequest(amount, shape.script, shape.inputs, shape.outputs)


def convert_request(found: Reading) -> ConvertRequest | NotUnderstood:
    """Return the request of a reading; the other currencies named are the targets."""
    own = found.amount.currency
    units = [part for part in (*found.before, *found.after) if isinstance(part, Unit)]
    into = tuple(dict.fromkeys(unit.currency for unit in units if unit.currency != own))
    if not into and any(unit.scale == (found.unit.scale if found.unit else 1) for unit in units):
        return NotUnderstood(f"That is {own.upper()} already. Name another currency, such as: 25 USD to BCH.")
    return ConvertRequest(found.amount, into or default_targets(own))


def default_targets(own: Currency) -> tuple[Currency, ...]:
    """Return what an amount goes into where nobody says: fiat into both coins, a coin into USD and the other."""
    if isinstance(own, Fiat):
        return tuple(Coin)
    return (Fiat.USD, *(coin for coin in Coin if coin is not own))


def shape_of(text: str) -> Shape | NotUnderstood:
    """Return the script type and the numbers of inputs and outputs that folded text names."""
    counts = {"in": 1, "out": 2}
    for found in _COUNT.finditer(text):
        counts[found[2]] = int(found[1])
        if not 1 <= counts[found[2]] <= MOST_PARTS:
            return COUNT
    script = _SCRIPT.search(text)
    kind = _SCRIPTS[script[0].replace("-", " ")] if script else ScriptType.P2WPKH
    return Shape(_SCRIPT.sub(_CUT, _COUNT.sub(_CUT, text)), kind, counts["in"], counts["out"])


def _read(text: str) -> Reading | NotUnderstood:
    """Read a command: where no currency is named, dollars are meant, unless that would be a guess."""
    parts = parts_of(text)
    found = reading_of(parts) if not isinstance(parts, NotUnderstood) else parts
    if isinstance(found, NotUnderstood) or found.unit:
        return found
    beside = next(strange_words((*found.after[:1], *found.before[-1:])), None)
    if beside:
        return _unknown(beside)
    if found.amount.value < 1 or any(strange_words(found.rest)):
        return NotUnderstood(f"{found.amount.value:f} of what? Write the currency, such as 25 USD or 0.01 BCH.")
    return found


def reading_of(parts: tuple[Part, ...]) -> Reading | NotUnderstood:
    """Return the one amount among parts; counted in dollars and with no unit where no currency stands beside it."""
    weak = [(place, part) for place, part in enumerate(parts) if isinstance(part, Numeral)]
    numbers = [(place, number) for place, number in weak if not number.is_weak] or weak
    if len(numbers) != 1:
        return TWO if numbers else NO_NUMBER
    [(place, number)] = numbers
    unit, start, end = _counted_in(parts, place)
    amount = _amount(number, unit)
    if isinstance(amount, NotUnderstood):
        return amount
    return Reading(amount, unit, number.is_weak, _no_numbers(parts[:start]), _no_numbers(parts[end:]))


def strange_words(parts: Iterable[Part]) -> Iterator[str]:
    """Yield the words that could name a currency nobody here knows."""
    for part in parts:
        if isinstance(part, Word) and part.text not in FILLER and part.text not in _MARKS:
            yield part.text


def _no_numbers(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(Word(part.text) if isinstance(part, Numeral) else part for part in parts)


def _counted_in(parts: tuple[Part, ...], place: int) -> tuple[Unit | None, int, int]:
    """Return the unit beside a number, and where number and unit start and end."""
    before = parts[place - 1] if place else None
    after, further = ((*parts[place + 1 : place + 3], None, None))[:2]
    end = place + 1
    if isinstance(before, Unit) and (before.way is Way.SIGN or not isinstance(after, Unit) or _binds(before, after)):
        if before.way is Way.SIGN and isinstance(after, Unit) and _refines(before, after):
            return after, place - 1, end + 1
        return before, place - 1, end
    if not isinstance(after, Unit):
        number = parts[place]
        is_slang = isinstance(number, Numeral) and number.is_slang
        return (Unit(Fiat.USD, Way.NAME) if is_slang else None), place, end
    if isinstance(further, Unit) and _refines(after, further):
        return further, place, end + 2
    if isinstance(further, Unit) and further.way is Way.PART and after == Unit(Coin.BCH, after.way):
        return replace(further, currency=Coin.BCH), place, end + 2
    return _part_of_bch(parts, end) or (after, place, end + 1)


def _part_of_bch(parts: tuple[Part, ...], end: int) -> tuple[Unit, int, int] | None:
    """Read the coin of `sats of bch`."""
    match parts[end : end + 3]:
        case (Unit(way=Way.PART) as part, Word(text="of"), Unit(currency=Coin.BCH)):
            return replace(part, currency=Coin.BCH), end - 1, end + 3
    return None


def _binds(before: Unit, after: Unit) -> bool:
    """Return whether `usd 25 bch` counts dollars; `bch 25 usd` counts dollars too."""
    return before.way is Way.CODE and isinstance(before.currency, Fiat) and isinstance(after.currency, Coin)


def _refines(first: Unit, second: Unit) -> bool:
    """Return whether a second name says which money a first meant: `$25 CAD`, `$25 USD`."""
    if second.way is not Way.CODE or second.scale != 1 or first.scale != 1 or first.way is Way.CODE:
        return False
    is_dollar = first.currency is Fiat.USD and second.currency in _DOLLARS_ELSEWHERE
    return is_dollar or first.currency == second.currency


def _amount(number: Numeral, unit: Unit | None) -> Amount | NotUnderstood:
    currency, scale = (unit.currency, unit.scale) if unit else (Fiat.USD, Decimal(1))
    name, is_coin = currency.upper(), isinstance(currency, Coin)
    value = EXACT.multiply(number.value, scale)
    if value == 0:
        return ZERO
    if value > (MOST_COINS if is_coin else MOST_FIAT):
        most = "there will never be more than 21,000,000 of them" if is_coin else "write at most 1,000,000,000,000,000"
        return NotUnderstood(f"That is more {name} than there is: {most}.")
    if -int(EXACT.normalize(value).as_tuple().exponent) > COIN_PLACES:
        smallest = "a satoshi, 0.00000001, is the smallest part of a coin" if is_coin else "write fewer"
        return NotUnderstood(f"That {name} amount has more than {COIN_PLACES} decimals: {smallest}.")
    if not is_coin and not number.is_scaled and is_ambiguous(number.text):
        plain = number.text.replace(".", "")
        return NotUnderstood(f"{number.text} can be read in two ways. Write {plain} {name} or {value:.2f} {name}.")
    return Amount(value, currency)


def _is_rate(found: Reading) -> bool:
    match found.after[:2]:
        case (Word(text=sign), Word(text=size)):
            return sign in _PER and size in _BYTES
    return False


def _unknown_target(found: Reading) -> str | None:
    """Return the word that names an unknown target: any strange word where no target is known, else one behind `to`."""
    if not any(isinstance(part, Unit) for part in found.rest):
        return next(strange_words(found.rest), None)
    pairs = zip(found.after, found.after[1:], strict=False)
    behind = [after for before, after in pairs if isinstance(before, Word) and before.text in _INTO]
    return next(strange_words(behind), None)


def _unknown(word: str) -> NotUnderstood:
    return NotUnderstood(f"I do not know the currency {word[:_SHOWN]}. {suggestion(word)}")
