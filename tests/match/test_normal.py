"""Chat spelling, aliases, glossary and typos end in the same words."""

import pytest

from bot.match.normal import make_normaliser
from bot.match.spelling import KEPT, MOST, make_speller
from bot.model.knowledge import Manners, Pack, Side

SIDES = (
    Side("btc", "Bitcoin", "BTC", ("xbt", "₿")),
    Side("bch", "Bitcoin Cash", "BCH", ("bcash", "b cash", "bitcoincash")),
)
PACK = Pack(
    id="pets",
    title="Test",
    sides=SIDES,
    glossary={"tx": "transaction", "hash rate": "hashrate"},
    disclaimer="",
    manners=Manners(),
    entries={},
    refusals={},
    exams=(),
)

WRITTEN = {
    "name": ("Bitcoin Cash fees", "bch fees"),
    "short name first": ("bitcoin or bitcoin cash", "btc or bch"),
    "cashtag": ("$BCH $BTC", "bch btc"),
    "sign": ("₿ price", "btc price"),
    "slang": ("bcash vs xbt", "bch versus btc"),
    "glossary": ("hash rate of a tx", "hashrate of a transaction"),
    "chat": ("y r u so slow", "why are you so slow"),
    "negation": ("isn't bch faster", "is not bch faster"),
    "filler": ("ngl bro its fast", "it is fast"),
}


@pytest.mark.parametrize(("typed", "wanted"), WRITTEN.values(), ids=WRITTEN.keys())
def test_many_spellings_are_one(typed: str, wanted: str) -> None:
    assert make_normaliser([PACK])(typed) == wanted.split()


def test_without_packs_nothing_is_rewritten() -> None:
    assert make_normaliser([])("bitcoin cash") == ["bitcoin", "cash"]


SLIPS = {
    "dropped letter": ("transacton", "transaction"),
    "swapped letters": ("wlalet", "wallet"),
    "wrong letter": ("nining", "mining"),
    "doubled letter": ("feees", "fees"),
    "two slips in a long word": ("confrimatoin", "confirmation"),
    "no vowels": ("trnsctn", "transaction"),
    "joined words": ("blocksize", "block size"),
    "known word": ("mining", "mining"),
    "short word": ("btx", "btx"),
    "stranger": ("photosynthesis", "photosynthesis"),
    "number": ("32mb", "32mb"),
}


@pytest.mark.parametrize(("typed", "wanted"), SLIPS.values(), ids=SLIPS.keys())
def test_slips_are_mended_against_known_words(typed: str, wanted: str) -> None:
    speller = make_speller(["transaction", "wallet", "mining", "fees", "confirmation", "block", "size", "btc"])

    assert speller.corrected([typed]) == wanted.split()


LIKELY = {
    "the key beside": ("dine", "fine"),
    "changed places": ("fnie", "fine"),
    "a common word before a rare one": ("minx", "mine"),
    "no known word near": ("kitchem", "kitchen"),
}


@pytest.mark.parametrize(("typed", "wanted"), LIKELY.values(), ids=LIKELY.keys())
def test_of_several_words_the_likeliest_is_taken(typed: str, wanted: str) -> None:
    """The key that lies beside counts more than how common a word is, and the knowledge more than the language."""
    speller = make_speller(["mine", "line", "fine", "mink"], ["kitchen"])

    assert speller.corrected([typed]) == [wanted]


def test_words_of_the_language_are_left_alone_and_gibberish_is_not_pored_over() -> None:
    """A common word is no slip of a known one; only so many words of a message are mended."""
    speller = make_speller(["transaction", "block"], ["clock", "black"])

    assert speller.corrected(["black", "clock", "blocc"]) == ["black", "clock", "block"]
    assert speller.corrected([*(f"zzz{letter}q" for letter in "abcdefghijklmnopqrstuvwxyz"), "blocc"])[-1] == "blocc"


def test_a_correction_is_worked_out_once_and_kept_for_a_while() -> None:
    """A word said again costs nothing; what nobody can say again is not kept for ever."""
    speller = make_speller(["transaction", "wallet"])

    for number in range(KEPT + 5):
        speller.corrected(["walet", "x" * (4 + number)])

    assert speller.corrected(["walet"]) == ["wallet"]
    assert len(speller.kept) <= KEPT


def test_no_more_than_so_many_words_of_a_message_are_mended() -> None:
    """A message of nothing but unknown words is no question, and each costs most of a millisecond."""
    speller = make_speller(["transaction", "wallet"])

    speller.corrected(["zxcv" + "b" * number for number in range(100)])

    assert len(speller.kept) == MOST
