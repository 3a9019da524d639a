"""Understands in whose money a price is asked for: "btc price in euros", "bch in gbp", `/price eur`."""

from bot.match.amount_words import LONGEST, UNITS, Way, meant
from bot.model.money import Fiat
from bot.model.quote import Coin
from bot.text import clean, words

MOST = 14  # words; a longer text asks for something else
SUBJECT = {"price", "prices", "rate", "value", "worth", "trading", "quote", "btc", "bch", "bitcoin", "bitcoins"}
ASIDE = {
    *("in", "of", "the", "a", "one", "what", "whats", "s", "is", "are", "how", "much", "now", "right", "current"),
    *("currently", "live", "today", "to", "exchange", "for", "please", "pls", "show", "me", "give", "tell", "cash"),
    *("coin", "coins", "both", "each", "per", "and", "vs", "at", "my", "hey", "hi", "bot", "converted", "terms"),
}

SLIPPED = ("price", "prices", "value", "worth", "what", "much", "current", "bitcoin")  # read with a slip in them, too
SHORTEST = 4  # letters of such a word


def fiat_named(text: str) -> Fiat | None:
    """Return the first state's money that a text names by its code or name; None where there is none."""
    return next((fiat for fiat, _ in _fiats(words(clean(text)))), None)


def find_price(text: str) -> Fiat | None:
    """Return the money that a text wants the price in; None where it asks for anything else, or in US dollars."""
    tokens = words(clean(text))
    found = list(_fiats(tokens))
    if len(tokens) > MOST or len({fiat for fiat, _ in found}) != 1:
        return None
    (fiat, (start, end)), *_ = found
    rest = {_mended(token) for token in (*tokens[:start], *tokens[end:])}
    is_price = bool(rest & SUBJECT) and rest <= SUBJECT | ASIDE
    return fiat if is_price and fiat is not Fiat.USD else None


def _mended(token: str) -> str:
    is_known = len(token) < SHORTEST or token in SUBJECT or token in ASIDE
    return token if is_known else meant(token, SLIPPED)


def _fiats(tokens: list[str]) -> list[tuple[Fiat, tuple[int, int]]]:
    """Return every state's money that is named, with where its words begin and end; longer names win."""
    found: list[tuple[Fiat, tuple[int, int]]] = []
    start = 0
    while start < len(tokens):
        for end in range(min(len(tokens), start + LONGEST), start, -1):
            unit = UNITS.get(tuple(tokens[start:end]))
            if unit and not isinstance(unit.currency, Coin) and unit.way is not Way.PART and unit.scale == 1:
                found.append((unit.currency, (start, end)))
                start = end - 1
                break
        start += 1
    return found
