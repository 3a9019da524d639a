"""What people type, made comparable."""

import pytest

from bot.text import MAX_QUESTION, clean, unfolded, utf16_length, words

CLEANED = {
    "case": ("BCH Fees", ["bch", "fees"]),
    "full width": ("ｂｃｈ　ｆｅｅｓ", ["bch", "fees"]),
    "emoji": ("btc 🚀🚀 price", ["btc", "price"]),
    "zero width": ("b\u200bc\u200dh", ["bch"]),
    "accents": ("café naïve", ["cafe", "naive"]),
    "zalgo": ("b̸̡͈c̶͎h̵̫", ["bch"]),
    "repeats": ("sooooo fast", ["soo", "fast"]),
    "repeated digits": ("1000000 sats", ["1000000", "sats"]),
    "apostrophes": ("isn't what’s", ["isnt", "whats"]),
    "coin sign": ("₿ price", ["btcsign", "price"]),
    "cashtag": ("$BCH?", ["bch"]),
    "grouped digits": ("840,000 blocks, 32MB", ["840000", "blocks", "32mb"]),
    "right to left": ("\u202eبيتكوين", ["بيتكوين"]),
    "only emoji": ("🤷‍♂️", []),
    "only signs": ("?!...", []),
    "nothing": ("", []),
    "after many spaces": (" " * 3000 + "bch", ["bch"]),
    "after many emoji": ("🚀" * 1000 + "bch", ["bch"]),
    "lines": ("bch\n\n\tfees", ["bch", "fees"]),
    "hyphens": ("0-conf peer-to-peer", ["0", "conf", "peer", "to", "peer"]),
    "markup": ("<b>bch</b> &amp;", ["b", "bch", "b", "amp"]),
}


@pytest.mark.parametrize(("typed", "wanted"), CLEANED.values(), ids=CLEANED.keys())
def test_what_is_typed_becomes_words(typed: str, wanted: list[str]) -> None:
    assert words(clean(typed)) == wanted


def test_a_long_message_is_read_up_to_a_limit() -> None:
    assert len(clean("ab " * 4000)) == MAX_QUESTION
    assert len(clean("\ufdfa" * 4096)) <= MAX_QUESTION


def test_lone_surrogates_are_dropped() -> None:
    assert words(clean("b\ud800ch")) == ["bch"]
    assert utf16_length("\ud800") == 1


def test_telegram_counts_in_utf16_units() -> None:
    assert [utf16_length(text) for text in ("a", "é", "₿", "🚀")] == [1, 1, 1, 2]


def test_no_more_than_eight_accents_stay_on_a_letter() -> None:
    assert unfolded("a" + "\u0301\u0323" * 2000) == unfolded("a" + "\u0301\u0323" * 4)
    assert unfolded("e\u0301") == "é"
