"""What people want to be told, in their words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.match import find_alert, read_alert
from bot.match.alert_words import BOUNDS, WATCHED
from bot.model.alert import Crossing, Unclear, Wish
from bot.model.knowledge import Library
from bot.model.quote import Coin
from bot.stats import STATS

UNITS = {key: stat.unit for key, stat in STATS.items()}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BTC, BCH = Coin.BTC, Coin.BCH
BELOW, AT_MOST, ABOVE, AT_LEAST = Crossing.BELOW, Crossing.AT_MOST, Crossing.ABOVE, Crossing.AT_LEAST
RISES, FALLS, MOVES = Crossing.RISES, Crossing.FALLS, Crossing.MOVES

READ = {
    "btc fee < 5": Wish("fee", BTC, BELOW, 5),
    "fee<5 btc": Wish("fee", BTC, BELOW, 5),
    "BTC fee <= 1 sat/vB": Wish("fee", BTC, AT_MOST, 1),
    "btc fee ≤ 2": Wish("fee", BTC, AT_MOST, 2),
    "btc fees under 3 sat": Wish("fee", BTC, BELOW, 3),
    "btc fees drop below 3 sats per vbyte": Wish("fee", BTC, BELOW, 3),
    "btc tx fees at most 0.5 sat/vb": Wish("fee", BTC, AT_MOST, 0.5),
    "btc under 3 sat/vb": Wish("fee", BTC, BELOW, 3),
    "btc fee < $1": Wish("payment-cost", BTC, BELOW, 1),
    "btc median fee < 300 sats": Wish("median-fee", BTC, BELOW, 300),
    "ratio > 250": Wish("ratio", BTC, ABOVE, 250),
    "ratio < 0.004": Wish("ratio", BCH, BELOW, 0.004),
    "bch/btc > 0.005": Wish("ratio", BCH, ABOVE, 0.005),
    "bch price ± 10% 24h": Wish("price", BCH, MOVES, 10, DAY),
    "bch price +-10 % 24 h": Wish("price", BCH, MOVES, 10, DAY),
    "bch price +/- 10%": Wish("price", BCH, MOVES, 10, DAY),
    "bch price moves more than 10% in a week": Wish("price", BCH, MOVES, 10, 7 * DAY),
    "bch -10% 1d": Wish("price", BCH, FALLS, 10, DAY),
    "btc +5% 12h": Wish("price", BTC, RISES, 5, 12 * HOUR),
    "btc drops 10 percent in a day": Wish("price", BTC, FALLS, 10, DAY),
    "btc falls by 2.5% within 2 hours": Wish("price", BTC, FALLS, 2.5, 2 * HOUR),
    "bch up more than 10% within 6 hours": Wish("price", BCH, RISES, 10, 6 * HOUR),
    "btc price > 10% 24h": Wish("price", BTC, RISES, 10, DAY),
    "btc hashrate -20% 7d": Wish("hashrate", BTC, FALLS, 20, 7 * DAY),
    "btc price > 100k": Wish("price", BTC, ABOVE, 100_000),
    "btc > $100,000": Wish("price", BTC, ABOVE, 100_000),
    "btc > 0.1 million": Wish("price", BTC, ABOVE, 100_000),
    "btc < 90.000,50": Wish("price", BTC, BELOW, 90_000.5),
    "bch hits 500": Wish("price", BCH, None, 500),
    "bch 500": Wish("price", BCH, None, 500),
    "bch rises to 500": Wish("price", BCH, AT_LEAST, 500),
    "bch drops to 300": Wish("price", BCH, AT_MOST, 300),
    "bch is back up at 600 usd": Wish("price", BCH, AT_LEAST, 600),
    "bcash price abov 600": Wish("price", BCH, ABOVE, 600),
    "bitcoin cash fall below 300 usd": Wish("price", BCH, BELOW, 300),
    "bitcion price unter 80k": Wish("price", BTC, BELOW, 80_000),
    "bitcoin cahs above 500": Wish("price", BCH, ABOVE, 500),
    "btc hashrte > 900 EH/s": Wish("hashrate", BTC, ABOVE, 9e20),
    "btc hash rate over 1 zh/s": Wish("hashrate", BTC, ABOVE, 1e21),
    "btc dominance < 95%": Wish("dominance", BTC, BELOW, 95),
    "bch mempool > 50 mb": Wish("mempool-size", BCH, ABOVE, 5e7),
    "mempool btc above 100k": Wish("mempool-count", BTC, ABOVE, 100_000),
    "btc last block > 60 min": Wish("block-age", BTC, ABOVE, 3600),
    "btc block 1000000": Wish("height", BTC, None, 1_000_000),
    "bch market cap above 10b": Wish("market-cap", BCH, ABOVE, 1e10),
    "btc difficulty > 150T": Wish("difficulty", BTC, ABOVE, 1.5e14),
    "bch tps > 5": Wish("transactions-per-second", BCH, ABOVE, 5),
    "mining profit bch > 1.1": Wish("mining-profit", BCH, ABOVE, 1.1),
    "btc halving < 1000": Wish("halving-blocks", BTC, BELOW, 1000),
}
REFUSED = {
    "": "At which number",
    "btc fee": "At which number",
    "btc fee < 5 > 3": "One number at a time",
    "btc price 1e9": "One number at a time",
    "price > 500": "Which coin",
    "fee < 5": "Which coin",
    "> 500": "Which coin",
    "btc bch price > 5": "One coin at a time",
    "eth fee < 3": "BTC and BCH only",
    "bch > 400 eur": "US dollars only",
    "bch > €400": "US dollars only",
    "btc sentiment > 50": "I do not know the number “sentiment”",
    "lightning channels > 5": "I do not know the number “lightning”",
    "btc fee not under 5": "without a “not”",
    "btc fee < -5": "above zero",
    "btc price -5 usd": "above zero",
    "btc fee < 0": "above zero",
    "btc fee < 5 and above": "Above or below?",
    "btc price < 5 sat": "not what the price is counted in. Write 500 USD.",
    "btc hashrate > 900": "In which unit? Write 10 EH/s.",
    "btc hashrate > 900 mb": "not what the hashrate is counted in",
    "btc height > 5 usd": "not what the height is counted in. Write a bare number.",
    "btc price < 10%": "Percent are for changes",
    "bch price -100%": "A change must be",
    "bch price ±0.1%": "A change must be",
    "±10%": "Which coin",
    "bch price ±10% 90d": "1 hour to 30 days",
    "bch price ±10% 0h": "1 hour to 30 days",
    "btc price > 99999999999": "will hardly ever be there",
    "btc dominance > 120": "will hardly ever be there",
    "btc > 9" * 30: "One number at a time",
}

FOUND = {
    "tell me when btc fees drop under 3 sat": Wish("fee", BTC, BELOW, 3),
    "Tell me when BTC fees drop under 3 sat!": Wish("fee", BTC, BELOW, 3),
    "hey bot, could you tell me when btc fees go under 2 sat/vb?": Wish("fee", BTC, BELOW, 2),
    "ping me if bch hits 500": Wish("price", BCH, None, 500),
    "ping me if bch finally hits 500": Wish("price", BCH, None, 500),
    "let me know when bch is above 600": Wish("price", BCH, ABOVE, 600),
    "please alert me when the btc price falls below $80k": Wish("price", BTC, BELOW, 80_000),
    "notify me if bch drops 10% in a day": Wish("price", BCH, FALLS, 10, DAY),
    "warn me as soon as the btc mempool is over 100 mb": Wish("mempool-size", BTC, ABOVE, 1e8),
    "wake me up when btc reaches 150k": Wish("price", BTC, None, 150_000),
    "remind me when btc block 1000000 is reached": Wish("height", BTC, None, 1_000_000),
    "set an alert for btc fee < 5": Wish("fee", BTC, BELOW, 5),
    "give me a heads up when btc fees are below 2 sats per byte": Wish("fee", BTC, BELOW, 2),
    "tell me when the ratio is over 250": Wish("ratio", BTC, ABOVE, 250),
}

NO_WISHES = (
    "what is the btc fee",
    "btc fee < 5",
    "tell me when bitcoin cash forked",
    "tell me when bitcoin cash forked in 2017",
    "tell me when btc fees are low",
    "tell me when eth hits 5000",
    "tell me when bch is accepted by 500 shops",
    "tell me when the sentiment is above 50",
    "tell me when bch is accepted by more than 500 shops",
    "tell me if bitcoin is better than bch",
    "when will bch hit 500",
    "tell me when bch hits 500 " + "and why " * 30,
    "tell me when btc > 5 " + "abandon " * 11 + "about",
    "tell me when btc fee < 5 " + "12" * 32,
)


@pytest.mark.parametrize(("text", "wish"), READ.items(), ids=READ)
def test_a_command_is_read(text: str, wish: Wish) -> None:
    """Statistic, coin, side, line and span are found in any order, with slips."""
    assert read_alert(text, UNITS) == wish


@pytest.mark.parametrize(("text", "words"), REFUSED.items(), ids=lambda text: text[:20])
def test_what_cannot_be_watched_is_refused_in_a_sentence(text: str, words: str) -> None:
    """The sentence says what is wrong and what to write."""
    found = read_alert(text, UNITS)

    assert isinstance(found, Unclear)
    assert words in found.sentence


@pytest.mark.parametrize(("text", "wish"), FOUND.items(), ids=FOUND)
def test_a_wish_is_found_in_a_sentence(text: str, wish: Wish) -> None:
    """A sentence that asks to be told is a wish."""
    assert find_alert(text, UNITS) == wish


def test_a_wish_that_is_not_clear_is_found_too() -> None:
    """Who asks to be told of a number gets to hear why it cannot be."""
    found = find_alert("tell me when btc fees are not under 3 sat", UNITS)

    assert isinstance(found, Unclear)


@pytest.mark.parametrize("text", NO_WISHES, ids=lambda text: text[:40])
def test_other_sentences_stay_questions(text: str) -> None:
    """What names no line, another coin, or a secret is left to others."""
    assert find_alert(text, UNITS) is None


def test_no_question_of_the_knowledge_is_taken_for_a_wish(library: Library) -> None:
    """Every phrasing and exam goes its usual way."""
    asked = [phrase for entry in library.entries for phrase in entry.ask]
    asked += [phrase for refusal in library.refusals for phrase in refusal.ask]
    asked += [exam.text for pack in library.packs.values() for exam in pack.exams]

    assert [text for text in asked if find_alert(text, UNITS)] == []


def test_what_can_be_watched_is_there() -> None:
    """Every statistic with a name here is one of the desk's, and has bounds."""
    assert set(WATCHED) <= set(STATS)
    assert {UNITS[key] for key in WATCHED} <= set(BOUNDS)


@given(st.text(max_size=250))
def test_anything_may_be_typed(text: str) -> None:
    """No text breaks the reader, and what it returns can be watched."""
    for found in (read_alert(text, UNITS), find_alert(f"tell me when {text}", UNITS)):
        assert not isinstance(found, Wish) or found.amount > 0


@given(
    st.lists(st.sampled_from((*"<>±%$-+", "btc", "bch", "fee", "10", "5k", "24h", "not", "mb", "up", "to")), max_size=8)
)
def test_any_words_of_alerts_may_follow_one_another(words: list[str]) -> None:
    """Every order of known words is a wish that can be watched, or a sentence."""
    found = read_alert(" ".join(words), UNITS)

    assert isinstance(found, Unclear) or (found.stat in WATCHED and found.amount > 0)
