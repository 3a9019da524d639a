"""Amounts as people type them behind `/cost` and `/convert`."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.match.amounts import read_convert, read_cost
from bot.model.money import (
    CURRENCIES,
    MOST_COINS,
    MOST_FIAT,
    Amount,
    ConvertRequest,
    CostRequest,
    Currency,
    NotUnderstood,
    ScriptType,
)
from bot.model.quote import Coin
from bot.reply.numbers import exact_money

AMOUNTS = {
    "25 USD": "25 usd",
    "$25": "25 usd",
    "$ 25": "25 usd",
    "25$": "25 usd",
    "25usd": "25 usd",
    "usd25": "25 usd",
    "USD 25": "25 usd",
    "US$25": "25 usd",
    "25 us dollars": "25 usd",
    "25": "25 usd",
    "send 25 now please": "25 usd",
    "$25 USD": "25 usd",
    "$25 CAD": "25 cad",
    "25 dollars aud": "25 aud",
    "C$25": "25 cad",
    "a$25": "25 aud",
    "a $25 payment": "25 usd",
    "25 canadian dollars": "25 cad",
    "＄25": "25 usd",
    "$25.": "25 usd",
    "25\u00a0usd": "25 usd",
    "2\u200b5 usd": "25 usd",
    "$.50": "0.5 usd",
    "50 cents": "0.5 usd",
    "0.01 BCH": "0.01 bch",
    "0,01 btc": "0.01 btc",
    "0,123 btc": "0.123 btc",
    "1.234 btc": "1.234 btc",
    "1.500 btc": "1.5 btc",
    "€1.234,56": "1234.56 eur",
    "1,234.56 eur": "1234.56 eur",
    "1,234": "1234 usd",
    "1,5 eur": "1.5 eur",
    "1.234.567 eur": "1234567 eur",
    "1,234,567.89 usd": "1234567.89 usd",
    "1.234.567,89 €": "1234567.89 eur",
    "1_000": "1000 usd",
    "1 000 eur": "1000 eur",
    "12 345,678 eur": "12345.678 eur",
    "1\u202f000\u202f000 jpy": "1000000 jpy",
    "1'000 chf": "1000 chf",
    "1’000.50 chf": "1000.5 chf",
    "1k usd": "1000 usd",
    "$1.5k": "1500 usd",
    "1.234k usd": "1234 usd",
    "$2m": "2000000 usd",
    "5 mio eur": "5000000 eur",
    "2 billion dollars": "2000000000 usd",
    "5kusd": "5000 usd",
    "2.5m sats": "0.025 btc",
    "100k sats": "0.001 btc",
    "100 ksats": "0.001 btc",
    "1 satoshi": "0.00000001 btc",
    "100k sats bch": "0.001 bch",
    "100k bch sats": "0.001 bch",
    "100k satoshis of bitcoin cash": "0.001 bch",
    "100k sats on bch and btc": "0.001 btc",
    "100 bits": "0.0001 btc",
    "5 mBTC": "0.005 btc",
    "7 ubtc": "0.000007 btc",
    "7 µBTC": "0.000007 btc",
    "3 mbch": "0.003 bch",
    "₿0.5": "0.5 btc",
    "0.5฿": "0.5 btc",
    "Ƀ 2": "2 btc",
    "500 bucks": "500 usd",
    "5 grand": "5000 usd",
    "a grand": "1000 usd",
    "five grand gbp": "5000 gbp",
    "20 quid": "20 gbp",
    "50 pence": "0.5 gbp",
    "500 yen": "500 jpy",
    "20 swiss francs": "20 chf",
    "ten dollars": "10 usd",
    "twenty-five bucks": "25 usd",
    "ninety nine euros": "99 eur",
    "a hundred dollars": "100 usd",
    "one hundred and five usd": "105 usd",
    "two thousand three hundred yen": "2300 jpy",
    "5 hundred usd": "500 usd",
    "ten thousand usd": "10000 usd",
    "one usd": "1 usd",
    "a bitcoin": "1 btc",
    "half a bitcoin": "0.5 btc",
    "half of a bitcoin cash": "0.5 bch",
    "half bitcoin": "0.5 btc",
    "a half bch": "0.5 bch",
    "half a million sats": "0.005 btc",
    "a quarter bch": "0.25 bch",
    "three quarters of a bitcoin": "0.75 btc",
    "a tenth of a bch": "0.1 bch",
    "one and a half btc": "1.5 btc",
    "2 and a half k usd": "2500 usd",
    "10 dolars": "10 usd",
    "10 eruo": "10 eur",
    "10 bitcions": "10 btc",
    "10 vitcoin": "10 btc",
    "1 bitcion cash": "1 bch",
    "1 bitcoin-cash": "1 bch",
    "1 bitcoin cahs": "1 bch",
    "1 bitcoins cash": "1 bch",
    "10 btc cash": "10 bch",
    "1 bitcoin crash": "1 btc",
    "usd 25 bch": "25 usd",
    "bch 25 usd": "25 usd",
    "btc 0.5": "0.5 btc",
    "25 usd for a bitcoin wallet": "25 usd",
    "25 usd before one day": "25 usd",
    "25 usd bip39": "25 usd",
    "21,000,000 btc": "21000000 btc",
    "1 quadrillion usd": "1000000000000000 usd",
    "0.00000001 btc": "0.00000001 btc",
    "0.0100000000000000000000000000000000000 btc": "0.01 btc",
}


def shown(amount: Amount | None) -> str:
    return f"{amount.value.normalize():f} {amount.currency}" if amount else ""


@pytest.mark.parametrize(("text", "amount"), AMOUNTS.items(), ids=AMOUNTS.keys())
def test_an_amount_is_read_as_it_is_typed(text: str, amount: str) -> None:
    found = read_cost(text)

    assert isinstance(found, CostRequest)
    assert shown(found.amount) == amount


WRONG = {
    "hello": "no amount",
    "btc": "no amount",
    "no one": "no amount",
    "0": "zero",
    "zero usd": "zero",
    "0,00 eur": "zero",
    "-5 usd": "without a minus",
    "- 5 usd": "without a minus",
    "−5 usd": "without a minus",
    "$-5": "without a minus",
    "-$5": "without a minus",
    "usd -5": "without a minus",
    "minus five usd": "without a minus",
    "21000001 btc": "never be more than 21,000,000",
    "22m bch": "more BCH than there is",
    "2 quadrillion usd": "write at most 1,000,000,000,000,000",
    "9" * 300: "more USD than there is",
    "$10 and $20": "more than one amount",
    "0.01 bch ($5)": "more than one amount",
    "10-20 usd": "more than one amount",
    "twenty ten usd": "more than one amount",
    "half of my wallet, 0.1 btc": "more than one amount",
    "a bitcoin or a bch": "more than one amount",
    "0.123456789 btc": "more than 8 decimals: a satoshi",
    "1.5 sats": "more than 8 decimals: a satoshi",
    "1.00000000000000000000000000000000001 usd": "more than 8 decimals: write fewer",
    "$1e3": "powers of ten",
    "1e-3 btc": "powers of ten",
    "٢٥ usd": "digits 0 to 9",
    "２５ usd": "digits 0 to 9",
    "½ btc": "digits 0 to 9",
    "1.2.3 usd": "which number 1.2.3 is",
    "1,23,456 usd": "which number 1,23,456 is",
    "1,23.5 usd": "which number 1,23.5 is",
    "1.234 eur": "Write 1234 EUR or 1.23 EUR",
    "25 inr": "currency inr. I know BTC, BCH, USD",
    "inr 25": "currency inr",
    "₹25": "currency ₹",
    "25%": "currency %",
    "25 usdt": "currency usdt. Did you mean USD?",
    "25 erou": "Did you mean EUR?",
    "25 collar": "currency collar",
    "25 x": "I know BTC",
    "1 bitcoin sv": "currency bitcoin sv. I know",
    "3 musd": "Did you mean USD?",
    "0.01": "0.01 of what?",
    "send 25 to my friend": "25 of what?",
    "5 sat/vb": "fee rate",
    "5 sats per byte": "fee rate",
    "5 \ud83dqzk": "I do not know the currency qzk.",
    "5 q\x1b\u202ezk": "I do not know the currency qzk.",
    "25 usd 0 inputs": "1 to 100 inputs",
    "25 usd 101 outputs": "1 to 100 inputs",
    "x" * 401: "too long",
    "ﷺ" * 400: "too long",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items(), ids=[text[:20] for text in WRONG])
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    found = read_cost(text)

    assert isinstance(found, NotUnderstood)
    assert said in found.sentence
    assert len(found.sentence) < 200


SHAPES = {
    "": (None, ScriptType.P2WPKH, 1, 2),
    "  ": (None, ScriptType.P2WPKH, 1, 2),
    "taproot": (None, ScriptType.P2TR, 1, 2),
    "3 inputs": (None, ScriptType.P2WPKH, 3, 2),
    "25 usd p2tr": ("25 usd", ScriptType.P2TR, 1, 2),
    "legacy 25 usd 2 inputs 1 output": ("25 usd", ScriptType.P2PKH, 2, 1),
    "25 usd P2SH-P2WPKH": ("25 usd", ScriptType.P2SH_P2WPKH, 1, 2),
    "nested segwit 0.1 btc": ("0.1 btc", ScriptType.P2SH_P2WPKH, 1, 2),
    "bech32m 0.1 btc": ("0.1 btc", ScriptType.P2TR, 1, 2),
    "25 3 inputs usd": ("25 usd", ScriptType.P2WPKH, 3, 2),
}


@pytest.mark.parametrize(("text", "shape"), SHAPES.items(), ids=SHAPES.keys())
def test_the_transaction_is_read_too(text: str, shape: tuple[str | None, ScriptType, int, int]) -> None:
    found = read_cost(text)

    assert isinstance(found, CostRequest)
    assert (shown(found.amount) or None, found.script, found.inputs, found.outputs) == shape


CONVERSIONS = {
    "100 EUR BCH": "100 eur > bch",
    "100 eur to bch": "100 eur > bch",
    "100 eur -> bch": "100 eur > bch",
    "0.5 btc in usd": "0.5 btc > usd",
    "1 bch btc": "1 bch > btc",
    "50$ → sats": "50 usd > btc",
    "how much is 100 euro in bitcoin cash": "100 eur > bch",
    "bch 25 usd": "25 usd > bch",
    "usd 25 bch": "25 usd > bch",
    "100 eur": "100 eur > btc bch",
    "100": "100 usd > btc bch",
    "1 bch": "1 bch > usd btc",
    "1 btc": "1 btc > usd bch",
    "1 btc in sats": "1 btc > usd bch",
    "100 to bch": "100 usd > bch",
    "100 dollars cad": "100 cad > btc bch",
    "100k bch sats to eur": "0.001 bch > eur",
    "100k sats bch": "0.001 btc > bch",
    "100 eur to usd, btc and eur": "100 eur > usd btc",
    "$50 worth of btc": "50 usd > btc",
    "100 eur bch thanks mate": "100 eur > bch",
}


@pytest.mark.parametrize(("text", "conversion"), CONVERSIONS.items(), ids=CONVERSIONS.keys())
def test_a_conversion_is_read(text: str, conversion: str) -> None:
    found = read_convert(text)

    assert isinstance(found, ConvertRequest)
    assert f"{shown(found.amount)} > {' '.join(found.into)}" == conversion


UNCONVERTED = {
    "": "no amount",
    "btc usd": "no amount",
    "100 usd to usd": "That is USD already",
    "100 usd to eth": "currency eth",
    "100 usd eth": "currency eth",
    "100 usd to eth and btc": "currency eth",
    "100 xyz to btc": "currency xyz",
    "x" * 401: "too long",
}


@pytest.mark.parametrize(("text", "said"), UNCONVERTED.items(), ids=[text[:20] for text in UNCONVERTED])
def test_what_keeps_from_converting_is_said(text: str, said: str) -> None:
    found = read_convert(text)

    assert isinstance(found, NotUnderstood)
    assert said in found.sentence


PIECES = """
    $ € 25 1,234 1.5 .5 - half a an of and grand k hundred twenty quarters sats usd eur bch bitcoin cash per / inputs to
"""


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES.split()), max_size=12).map(" ".join)))
@example("1e999999999 usd")
@example("a" * 4096)
@example("\ud800 25 usd")
def test_no_text_is_too_strange(text: str) -> None:
    for found in (read_cost(text), read_convert(text)):
        if isinstance(found, NotUnderstood):
            assert found.sentence
        elif found.amount:
            assert 0 < found.amount.value <= (MOST_COINS if isinstance(found.amount.currency, Coin) else MOST_FIAT)


@given(st.sampled_from(CURRENCIES), st.integers(min_value=1), st.integers(min_value=0, max_value=8))
@example(Coin.BTC, 1, 8)
@example(CURRENCIES[2], 1234, 3)
def test_an_amount_as_it_is_shown_reads_as_itself(currency: Currency, digits: int, places: int) -> None:
    most = MOST_COINS if isinstance(currency, Coin) else MOST_FIAT
    amount = Amount(Decimal(digits % int(most * 10**places) + 1).scaleb(-places), currency)

    assert read_cost(exact_money(amount)) == CostRequest(amount)
