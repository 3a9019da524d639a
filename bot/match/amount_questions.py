"""Free questions that ask what sending one amount costs, or what one amount is worth in other money.

Strict on purpose: every word of a question must be one that such questions are made of, and the amount must stand
where it is what is sent or converted. Anything else is left to the knowledge, which answers it better.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.match.amount_parts import Part, Word, folded, parts_of
from bot.match.amount_words import FRACTIONS, TIMES, TOGETHER, Unit, Way, meant
from bot.match.amounts import Reading, Shape, convert_request, cost_request, reading_of, shape_of
from bot.match.english import CHAT_SPELLING, STOPWORDS
from bot.model.money import ConvertRequest, CostRequest, NotUnderstood
from bot.model.quote import Coin

_COUNTING = frozenset((*TOGETHER, *TIMES, *FRACTIONS))
_MOST_WORDS = 30  # a longer message tells a story
_AMOUNT, _CURRENCY = "#", "@"  # stand for the amount and for any other currency in the words that are compared
_PAUSES = frozenset("?!.,;:|()\"'…-–—")

_POLITE = (
    "hi", "hey", "hello", "yo", "ok", "okay", "so", "and", "well", "quick question", "please", "tell me", "show me",
    "can you", "could you", "would you", "can someone", "do you know", "i want to know", "i would like to know",
    "i need to know", "just wondering", "wondering", "guys", "anyone know", "does anyone know",
)  # fmt: skip
_BY_THE_WAY = (
    "right now", "at the moment", "as of now", "these days", "now", "today", "currently", "please", "thanks",
    "thank you", "roughly", "about", "around", "approximately", "approx", "exactly", "just", "like", "like right",
)  # fmt: skip

# Words that are read with a slip of the finger in them, such as `snd` and `mcuh`.
_SLIPPED = (
    *("what", "much", "does", "would", "cost", "costs", "send", "sending", "move", "moving", "transfer"),
    *("transferring", "payment", "paying", "price", "fees", "convert", "worth", "transaction"),
)
_VOWELS = frozenset("aeiou")
_SHORTEST = 4  # letters; of three only those without a vowel are a slip

_SENT = re.compile(
    r"\b(?:send|sending|move|moving|transfer|transferring|pay|paying)"
    r"(?: (?:you|me|them|him|her|someone|somebody|over|out|only|(?:a|my) friend|a (?:payment|total) of))? #"
    r"|\b(?:transfer|payment|transaction|tx) of #"
    r"|\b(?:a|the|my|for|of|on) # (?:(?:of |in )?@ )?(?:transfer|payment|transaction|tx)(?! fees?)\b"
    r"|\bfees? (?:for|on) #"
)
_PRICED = re.compile(r"\b(?:cost|costs|fee|fees|charge|charged|charges|expensive)\b|\bprice (?:of|for|to) [stm]")
_HOW_MUCH = re.compile(
    r"\bhow much (?!@).*\b(?:send|sending|move|moving|transfer|transferring|paying) "
    r"|\bwhat (?:do|would|will) (?:i|we|you) pay (?:to|for|when|if) "
)
_ASKING = re.compile(
    r"\b(?:what|how much|how expensive)\b|^(?:the )?(?:\S+ )?(?:fees?|costs?|price)\b|(?:fees?|costs?)$"
)
_MANY = re.compile(r"# (?:@ )?(?:transfers|payments|transactions|txs)\b")
_ONE_OF = re.compile(r"# (?:@ )?(?:transfer|payment|transaction|tx)\b")

_COST_WORDS = frozenset(
    f"""
    {_AMOUNT} {_CURRENCY} what how much does do would will is are be s it the a an i we me us you my your them him her
    someone somebody friend friends wallet address if when for to of on in with by via using over out only through and
    or versus another both each chain chains network networks onchain coin coins cost costs fee fees charge charged
    charges price expensive miner miners mining transaction tx transfer payment total send sending move moving transfer
    transferring pay paying next block estimated current need take
    """.split()
)

_TARGETS = "@(?: (?:and |or )?(?:in )?@)*"
_INTO = "(?:to|into|in|as|for)"
_WHAT_IS = "(?:what|how much) (?:is|are|does|do|would)(?: the (?:value|price|worth) of)?"
_MAKES = (
    "is|are|are in|is in|for|in|to|equals?|makes?|would be|"
    "(?:do|would|will|can|could) (?:i|you|we) (?:get|buy|have) (?:for|with)"
)
_CONVERSIONS = re.compile(
    "|".join(
        (
            f"convert # (?:{_INTO} )?{_TARGETS}",
            f"(?:{_WHAT_IS} )?# of @",
            f"{_WHAT_IS} # (?:equal |make |be |cost )?(?:worth )?(?:in|to|into|as) {_TARGETS}(?: worth)?",
            f"(?:the )?(?:value|price|worth) of # (?:in|to|into) {_TARGETS}",
            "# (?:is )?(?:worth )?(?:in|to|into|is how much|is how many|how much|how many) @(?: and @)*",
            f"how (?:much|many) {_TARGETS} (?:{_MAKES}) #(?: worth)?",
        )
    )
)
_WORTH = re.compile(
    "(?:how much|what) (?:is|are) # worth|(?:what|how much) (?:does|do|would) # cost|how much (?:is|are) #"
    "|(?:what is )?the (?:value|worth|price) of #|convert #"
)


@dataclass(frozen=True, slots=True)
class _Question:
    """A text with one amount: its words with marks in place of amount and currencies, and what was read."""

    words: str
    found: Reading
    shape: Shape


def find_cost(text: str) -> CostRequest | None:
    """Return the request of a question for the cost of sending one amount; None where it asks for anything else."""
    question = _question(text)
    if question is None or not set(question.words.split()) <= _COST_WORDS:
        return None
    words = question.words
    is_priced = _PRICED.search(words) or _HOW_MUCH.search(words)
    if not (is_priced and _ASKING.search(words) and _SENT.search(words)) or _counts_payments(question):
        return None
    return cost_request(question.found, question.shape)


def find_convert(text: str) -> ConvertRequest | None:
    """Return the request of a question for one amount in other money; None where it asks for anything else.

    With no target named, the question must be about some coins, but not about one: that asks for the price. How many
    satoshis a coin has needs no rate.
    """
    question = _question(text)
    if question is None or _asks_for_parts(question.found):
        return None
    amount = question.found.amount
    is_sum = isinstance(amount.currency, Coin) and amount.value != 1
    if not (_CONVERSIONS.fullmatch(question.words) or (is_sum and _WORTH.fullmatch(question.words))):
        return None
    request = convert_request(question.found)
    return request if isinstance(request, ConvertRequest) else None


def _asks_for_parts(found: Reading) -> bool:
    others = [part for part in found.rest if isinstance(part, Unit)]
    is_own = any(unit.currency == found.amount.currency for unit in others)
    return isinstance(found.amount.currency, Coin) and (is_own or any(unit.way is Way.PART for unit in others))


def _counts_payments(question: _Question) -> bool:
    """Return whether `2 bitcoin transactions` are counted rather than bitcoins."""
    amount = question.found.amount
    is_count = isinstance(amount.currency, Coin) and amount.value == int(amount.value)
    return bool(_MANY.search(question.words) or (is_count and _ONE_OF.search(question.words)))


def _question(text: str) -> _Question | None:
    """Read a text that names exactly one amount together with its currency."""
    plain = folded(text)
    if isinstance(plain, NotUnderstood) or not _counts(plain):
        return None
    shape = shape_of(plain)
    parts = parts_of(shape.text) if isinstance(shape, Shape) else shape
    found = reading_of(parts) if isinstance(parts, tuple) else parts
    if isinstance(found, NotUnderstood) or isinstance(shape, NotUnderstood) or found.is_weak or not found.unit:
        return None
    words = [*_spoken(found.before), _AMOUNT, *_spoken(found.after)]
    if len(words) > _MOST_WORDS:
        return None
    return _Question(_plain(words), found, shape)


def _counts(text: str) -> bool:
    """Return whether a text has any number at all; most questions have none and need no closer look."""
    return any(sign.isdigit() for sign in text) or not _COUNTING.isdisjoint(text.split())


def _spoken(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if not isinstance(part, Word):
            yield _CURRENCY
        elif part.text not in _PAUSES:
            yield from CHAT_SPELLING.get(part.text, _mended(part.text)).split()


def _mended(word: str) -> str:
    is_slip = len(word) >= _SHORTEST or (len(word) == _SHORTEST - 1 and _VOWELS.isdisjoint(word))
    is_right = word in _COST_WORDS or word in STOPWORDS or not is_slip
    return word if is_right else meant(word, _SLIPPED)


def _plain(words: list[str]) -> str:
    """Return the words without courtesies and asides, and with `25 dollars worth of` as the amount alone."""
    said = f" {' '.join(words)} "
    for aside in _BY_THE_WAY:
        said = said.replace(f" {aside} ", " ")
    said = said.replace(" # worth of ", " # of ")
    while polite := next((start for start in _POLITE if said.startswith(f" {start} ")), None):
        said = said[len(polite) + 1 :]
    return said.strip()
