"""From typed text to numbers, currencies and other words, in their order; Decimal only, in linear time."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from itertools import takewhile

from bot.match.amount_words import FRACTIONS, LONGEST, OTHER_COINS, SUFFIXES, TIMES, TOGETHER, Unit, unit_named
from bot.model.money import NotUnderstood
from bot.text import MAX_QUESTION, UNSEEN

EXACT = Context(prec=4 * MAX_QUESTION)  # more digits than a question has, so that nothing is rounded

LONG = NotUnderstood("That is too long for me to find an amount in. Write only the amount, such as 25 USD or 0.01 BCH.")
DIGITS = NotUnderstood("I read numbers in the digits 0 to 9 only, such as 25 USD or 0.01 BCH.")
POWER = NotUnderstood("I do not read powers of ten. Write the number out, such as 1000 USD.")
NEGATIVE = NotUnderstood("An amount is above zero. Write it without a minus, such as 25 USD.")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it was typed.

    `is_weak` marks the `a` of `a bitcoin`, `is_slang` the `grand` that counts dollars where no currency is named, and
    `is_scaled` any word or letter that multiplied the digits.
    """

    value: Decimal
    text: str
    is_weak: bool = False
    is_slang: bool = False
    is_scaled: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark that is neither number nor currency; an arrow is the word `to`."""

    text: str


Part = Numeral | Unit | Word
Token = Numeral | Word

_ARTICLES = frozenset({"a", "an", "one"})
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑](?=[^\W\d_])")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['`´ʼ](?=[^\W\d_])")
_NEGATIVE = re.compile(r"(?<![\w.,%)])[-−–](?=[.,]?[0-9$€£¥₿฿])|^ *[-−–] *(?=[.,]?[0-9$€£¥₿฿])|\b(?:minus|negative)\b")
_TOKEN = re.compile(
    r"""
    (?P<power>[0-9][0-9.,]*e[+-]?[0-9]+)
    | (?P<number>[0-9]{1,3}(?:[ '_][0-9]{3})+(?![0-9])(?:[.,][0-9]+)? | [.,]?[0-9]+(?:[.,'_][0-9]+)*)
    | (?P<sign>(?<![^\W\d_])(?:usd?|c(?:ad?)?|a(?:ud?)?)\$ | [$€£¥₿฿ƀ¢])
    | (?P<arrow>→|⇒|➡|[-=]>|=)
    | (?P<word>[^\W\d_]+)
    | (?P<mark>\S)
    """,
    re.VERBOSE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")


def folded(text: str) -> str | NotUnderstood:
    """Return text in one comparable form, signs of currencies and all separators of numbers kept."""
    if len(text) > MAX_QUESTION:
        return LONG
    if any(sign.isnumeric() and not sign.isascii() for sign in text):
        return DIGITS
    plain = unicodedata.normalize("NFKC", text.replace("’", "'")).casefold()
    if len(plain) > MAX_QUESTION:
        return LONG
    spaced = "".join(
        " " if sign.isspace() else sign for sign in plain if sign.isspace() or unicodedata.category(sign) not in UNSEEN
    )
    return _APOSTROPHE.sub("", _HYPHEN.sub(" ", spaced))


def parts_of(text: str) -> tuple[Part, ...] | NotUnderstood:
    """Return the numbers, currencies and words of folded text."""
    if _NEGATIVE.search(text):
        return NEGATIVE
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        token = _token(found, tokens)
        if isinstance(token, NotUnderstood):
            return token
        tokens.append(token)
    return tuple(_assembly(tuple(tokens)).parts())


def _token(found: re.Match[str], before: list[Token]) -> Token | NotUnderstood:
    written = found[0]
    if found["arrow"]:
        return Word("to")
    if not (found["power"] or found["number"]) or _is_name(found, before):
        return Word(written)
    if found["power"]:
        return POWER
    value = numeral(written)
    if value is None:
        return NotUnderstood(f"I cannot tell which number {written[:30]} is. Write it plainly, such as 1234.56.")
    return Numeral(value, written)


def _is_name(found: re.Match[str], before: list[Token]) -> bool:
    """Return whether digits belong to the word they are glued to, as in `bip39`; they do not in `usd25`."""
    last = before[-1] if before else None
    is_glued = isinstance(last, Word) and last.text.isalpha() and found.string[found.start() - 1].isalpha()
    return is_glued and isinstance(last, Word) and unit_named((last.text,)) is None


def numeral(text: str) -> Decimal | None:
    """Return the number that digits and separators stand for, None where they fit no number.

    Spaces, apostrophes and low lines group. Of points and commas the last kind is the decimal one; but where only one
    kind occurs and it groups by threes, several of them group, and so does a single comma: `1,234` is above a thousand.
    """
    digits = re.sub(r"[ '_]", "", text)
    is_grouped = digits != text
    decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    groups = "," if decimal == "." else "."
    if digits.count(decimal) > 1 or (not is_grouped and _is_thousands(digits)):
        return Decimal(re.sub("[.,]", "", digits)) if _GROUPED.fullmatch(digits) else None
    whole, _, fraction = digits.partition(decimal)
    if groups in whole and not _GROUPED.fullmatch(whole):
        return None
    return Decimal(f"{whole.replace(groups, '') or '0'}{fraction and '.'}{fraction}")


def _is_thousands(digits: str) -> bool:
    return "." not in digits and not digits.startswith("0") and _GROUPED.fullmatch(digits) is not None


def is_ambiguous(text: str) -> bool:
    """Return whether a number such as `1.234` is read as above a thousand by many, and as above one by as many."""
    return re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", text) is not None


@dataclass(frozen=True, slots=True)
class _Assembly:
    """Puts words together: `twenty five` to a number, `bitcoin cash` to a currency."""

    tokens: tuple[Token, ...]
    units: Mapping[int, tuple[Unit, int]]

    def parts(self) -> Iterator[Part]:
        here = 0
        while here < len(self.tokens):
            part, here = self._numeral(here) or self.units.get(here) or (self._other(here), here + 1)
            if isinstance(part, Word) and " " in part.text:
                here += part.text.count(" ")
            yield part

    def _text(self, here: int) -> str:
        return _text(self.tokens, here)

    def _other(self, here: int) -> Word:
        pair = (self._text(here), self._text(here + 1))
        return Word(" ".join(pair)) if pair in OTHER_COINS else Word(self.tokens[here].text)

    def _numeral(self, here: int) -> tuple[Numeral, int] | None:
        found = self._digits(here) or self._spelled(here) or self._fraction(here) or self._article(here)
        if found is None:
            return None
        number, here = found
        number, here = self._with_half(number, here)
        while self._text(here) in SUFFIXES and not self.units.get(here):
            number = _times(number, SUFFIXES[self._text(here)], self._text(here))
            here += 1
        if self._text(here) in FRACTIONS:
            number = _times(number, FRACTIONS[self._text(here)], self._text(here))
            return self._part_of(number, here + 1)
        return number, here

    def _digits(self, here: int) -> tuple[Numeral, int] | None:
        token = self.tokens[here]
        return (token, here + 1) if isinstance(token, Numeral) else None

    def _article(self, here: int) -> tuple[Numeral, int] | None:
        """Read `a bitcoin` and `one bitcoin`; no other `a` or `one` is a number."""
        word = self._text(here)
        if word in _ARTICLES and self.units.get(here + 1):
            return Numeral(Decimal(1), word, is_weak=word != "one"), here + 1
        return None

    def _fraction(self, here: int) -> tuple[Numeral, int] | None:
        start = here + (self._text(here) in _ARTICLES)
        word = self._text(start)
        if word not in FRACTIONS:
            return None
        return self._part_of(Numeral(FRACTIONS[word], word, is_scaled=True), start + 1)

    def _part_of(self, number: Numeral, here: int) -> tuple[Numeral, int]:
        """Read on from `half` to the currency of `half of a bitcoin`, or through `half a million`."""
        there = here + (self._text(here) == "of")
        there += self._text(there) in _ARTICLES
        word = self._text(there)
        if word in SUFFIXES:
            return _times(number, SUFFIXES[word], word), there + 1
        return number, there if self.units.get(there) else here

    def _with_half(self, number: Numeral, here: int) -> tuple[Numeral, int]:
        """Read on through `and a half`."""
        if not self._is_half(here):
            return number, here
        value = EXACT.add(number.value, FRACTIONS[self._text(here + 2)])
        return replace(number, value=value, is_scaled=True), here + 3

    def _is_half(self, here: int) -> bool:
        words = (self._text(here), self._text(here + 1))
        return words == ("and", "a") and self._text(here + 2) in FRACTIONS

    def _spelled(self, here: int) -> tuple[Numeral, int] | None:
        """Read a number in words: `twenty five`, `a hundred and five`, `two thousand`; not `one` alone."""
        start = here + (self._text(here) in _ARTICLES and self._text(here + 1) in TIMES)
        total, current, there = Decimal(0), Decimal(0), start
        while True:
            word = self._text(there)
            if word in TOGETHER and _follows(current, TOGETHER[word], is_first=there == start):
                current += TOGETHER[word]
            elif word == "hundred" and current < TIMES[word]:
                current = max(current, Decimal(1)) * TIMES[word]
            elif word in TIMES and word != "hundred":
                total, current = total + max(current, Decimal(1)) * TIMES[word], Decimal(0)
            elif not self._is_joint(word, there, start):
                break
            there += 1
        words = [self._text(place) for place in range(start, there)]
        if not words or (words == ["one"] and not self._is_half(there)):
            return None
        return Numeral(total + current, " ".join(words), is_slang="grand" in words, is_scaled=True), there

    def _is_joint(self, word: str, here: int, start: int) -> bool:
        return word == "and" and here > start and self._text(here - 1) in TIMES and self._text(here + 1) in TOGETHER


def _assembly(tokens: tuple[Token, ...]) -> _Assembly:
    found = ((here, _unit(tokens, here)) for here in range(len(tokens)))
    return _Assembly(tokens, {here: unit for here, unit in found if unit})


def _text(tokens: tuple[Token, ...], here: int) -> str:
    """Return the word at a place, an empty text where there is a number or nothing."""
    token = tokens[here] if here < len(tokens) else None
    return token.text if isinstance(token, Word) else ""


def _unit(tokens: tuple[Token, ...], here: int) -> tuple[Unit, int] | None:
    """Return the currency that starts at a place, by its longest name, and where the words behind it start."""
    words = tuple(takewhile(bool, (_text(tokens, there) for there in range(here, here + LONGEST))))
    if words[:2] in OTHER_COINS:
        return None
    for length in range(len(words), 0, -1):
        unit = unit_named(words[:length])
        if unit:
            return unit, here + length
    return None


def _follows(current: Decimal, number: int, *, is_first: bool) -> bool:
    """Return whether a number's word goes on after what was said: `five` after `twenty` and after `hundred`."""
    rest = current % 100
    if number == 0:
        return is_first
    return rest == 0 if number >= 10 else rest == 0 or (rest >= 20 and rest % 10 == 0)  # noqa: PLR2004 - tens


def _times(number: Numeral, by: Decimal, word: str) -> Numeral:
    value = EXACT.multiply(number.value, by)
    return replace(number, value=value, is_scaled=True, is_slang=number.is_slang or word in {"grand", "grands"})
