"""Free questions for the cost of sending an amount or its worth: all that clearly ask, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.match.amount_questions import find_convert, find_cost
from bot.model.money import Amount, ScriptType

COSTS = {
    "fee for sendng 500 buks in bitcoin": "500 usd",
    "wat does it cst to snd 20 dolars in bch": "20 usd",
    "how mcuh does it cost to send 20$": "20 usd",
    "what wuold it cost to snd $20 in bch": "20 usd",
    "what does it cost to send $25": "25 usd",
    "what does it cost to send 0.01 btc?": "0.01 btc",
    "fee for sending 500 bucks in bitcoin": "500 usd",
    "how much to move 0.01 bch": "0.01 bch",
    "how much does it cost to send 100 dollars with bitcoin cash": "100 usd",
    "cost of sending 50 usd on both chains": "50 usd",
    "whats the fee to send 10 euros": "10 eur",
    "what's the fee for sending 10 euro in btc right now?": "10 eur",
    "how much would sending 0.5 btc cost": "0.5 btc",
    "how expensive is it to send $5 in bitcoin": "5 usd",
    "what would i pay in fees to send 1000 usd": "1000 usd",
    "network fee for a $25 payment": "25 usd",
    "fee on a 100 eur transaction": "100 eur",
    "what do i pay for sending 2k usd in bch": "2000 usd",
    "btc fee for sending 0.2 btc": "0.2 btc",
    "hey, can you tell me what it costs to send 20 quid with bitcoin": "20 gbp",
    "pls tell me how much it costs to transfer 5 grand in btc": "5000 usd",
    "how much for sending half a bitcoin": "0.5 btc",
    "fees for 20 usd on bch": "20 usd",
    "how much is it to send 100k sats": "0.001 btc",
    "what is the cost of transferring 300 chf": "300 chf",
    "what does a $25 transaction cost on btc": "25 usd",
    "how much will it cost me to pay 40 dollars in bitcoin cash": "40 usd",
    "transaction fee to send 75 cad": "75 cad",
    "sending 0.05 btc, what fee?": "0.05 btc",
    "if i send $25 in btc how much is the fee": "25 usd",
    "What fee would I pay to send 1 btc?": "1 btc",
    "how much fee for sending 10 dolars": "10 usd",
    "cost to send 12.50 eur in bitcion cash": "12.5 eur",
    "how much does a transfer of $1,000 cost": "1000 usd",
    "how much fee will be charged to send 15 usd": "15 usd",
    "cost of a 0.01 bch payment": "0.01 bch",
    "sending twenty dollars in btc - fee?": "20 usd",
    "miner fee for moving 3 bch": "3 bch",
    "what are the fees on $200": "200 usd",
    "how much are the fees to move 2 bitcoins to another wallet": "2 btc",
    "how much do you pay to send 30 bucks over btc": "30 usd",
    "send 5 usd with bch, how much is the fee": "5 usd",
    "what will i pay to send 25 usd": "25 usd",
    "cost to send $25": "25 usd",
    "price to send 1 btc": "1 btc",
    "how much in fees to send a $25 payment of btc": "25 usd",
    "i pay 25 usd, how much is the fee": "25 usd",
}

CONVERSIONS = {
    "convert 100 eur bch": "100 eur > bch",
    "convrt 100 eur to bch": "100 eur > bch",
    "how mcuh is 100 bucks in bitcion cash": "100 usd > bch",
    "50 bucks worth of bch": "50 usd > bch",
    "how much is 50 bucks worth of bch": "50 usd > bch",
    "how much is 0.5 bch in dollars": "0.5 bch > usd",
    "convert 20 usd to bch": "20 usd > bch",
    "0.5 btc in usd": "0.5 btc > usd",
    "100 eur to bch": "100 eur > bch",
    "100 euro = ? btc": "100 eur > btc",
    "how much is 100 euro in bitcoin cash": "100 eur > bch",
    "what is 50 usd in btc": "50 usd > btc",
    "whats $50 in sats": "50 usd > btc",
    "what's 20 quid worth in bch": "20 gbp > bch",
    "how much bch is 25 dollars": "25 usd > bch",
    "how many sats is 5 usd": "5 usd > btc",
    "how many bitcoins do i get for 1000 usd": "1000 usd > btc",
    "how much btc can i buy with $500": "500 usd > btc",
    "convert 2 btc to bch please": "2 btc > bch",
    "convert 100k sats to usd": "0.001 btc > usd",
    "how much is half a bitcoin in euros": "0.5 btc > eur",
    "how much is a quarter bch in usd": "0.25 bch > usd",
    "what is the value of 0.3 btc in gbp": "0.3 btc > gbp",
    "how much is 0.1 btc worth": "0.1 btc > usd bch",
    "what does 0.1 btc cost": "0.1 btc > usd bch",
    "0.25 bch to eur": "0.25 bch > eur",
    "10 chf in btc and bch": "10 chf > btc bch",
    "$100 to btc": "100 usd > btc",
    "1k usd in bch": "1000 usd > bch",
    "how much are 3 bch in btc right now": "3 bch > btc",
    "can you convert 250 cad into bitcoin?": "250 cad > btc",
    "hey, how much is 5 bch worth today": "5 bch > usd btc",
    "price of 0.2 btc in yen": "0.2 btc > jpy",
    "100 dolars in bitcion cash": "100 usd > bch",
    "how much would 30 aud be in bch": "30 aud > bch",
    "how many usd is 0.75 bch": "0.75 bch > usd",
    "how much is twenty euros in btc": "20 eur > btc",
    "50$ → sats": "50 usd > btc",
}

NEITHER = (
    "will bitcoin hit 100k usd",
    "should i invest $500",
    "should I invest $500 in btc or bch",
    "I lost 500 usd, help",
    "what did 10000 btc pizza cost",
    "is $1 fee normal",
    "why is a 1 mb block limit",
    "bitcoin was 20k in 2017",
    "2 bitcoin cash wallets cost?",
    "why does it cost $5 to send btc",
    "does it cost $5 to send btc",
    "i paid a $40 fee to send bitcoin",
    "i sent $25 and it has not arrived",
    "i sent 0.5 btc to a bch address",
    "can i send $25 for free",
    "is it safe to send 1 btc",
    "how do i send $25 in btc",
    "how do I convert 1 btc to bch",
    "how to exchange 100 usd for bch",
    "where can i convert 20 usd to bch",
    "is 5 sat/vb enough",
    "what does 1 sat/vb cost",
    "what is a $25 transaction fee",
    "fee for 1 bitcoin transaction",
    "what does 1 bch transaction cost",
    "fee for 2 bitcoin transactions",
    "how much do 3 btc payments cost",
    "how much does it cost to mine 1 btc",
    "what does it cost to mine 1 bitcoin",
    "how much electricity for 1 btc",
    "how much did it cost to send $25 in 2017",
    "how much is 1 bitcoin",
    "what is 1 btc worth",
    "how much is a bitcoin in dollars",
    "how many satoshis in 1 bitcoin",
    "how many sats is one btc",
    "how much is $25 of btc and $25 of bch",
    "send me 0.1 btc",
    "send $25",
    "pay 25 usd",
    "how much bitcoin is there",
    "what will 1 btc be worth in 2030 in usd",
    "will 1 bch ever be worth 1 btc",
    "is 1 bch worth 1000 usd",
    "if i had bought $100 of btc in 2010",
    "what is $100 in bitcoin terms of energy",
    "give me 5 usd in btc",
    "who has 1 million btc",
    "does satoshi own 1000000 btc",
    "21 million btc in usd of market cap",
    "how much tax on 1000 usd btc gains",
    "exchange fee for $100 on coinbase",
    "what does a 500 usd miner cost",
    "how much to open a lightning channel with $50",
    "what is the fee for 250 bytes",
    "fee for 1 input 2 outputs",
    "is a fee of $3 for sending $25 a lot",
    "what does coinbase charge to send $25",
    "what does the coat cost, 25 usd or 0.1 bch",
    "who sent 500 bucks in bitcoin",
    "why do people spend 25 usd in bch",
    "most of 25 usd in fees",
    "100k usd",
    "0.5 btc",
    "25 dollars",
    "btc at 100k usd",
    "1 btc = 1 btc",
    "how much is 100 inr in btc",
    "how much is 100 usd in eth",
    "convert 1 btc to usdt",
    "i want to send my sister 200 bucks now, how much do I lose to fees with each coin",
    "why are fees $2 to send 5 usd",
    "what happens when i send 1 btc to myself",
    "how much is 5 bitcoin sv in usd",
    "the $5 wrench attack",
    "how many blocks to send $25 safely",
    "do i pay a fee to receive $25",
    "how much is $5 fee in sats per byte",
    "price of 2 hardware wallets in btc",
    "how much would 1 btc be if it had bch's cap",
    "what is 0.5 btc fee",
    "how much bch to send 25 usd",
    "how much btc to pay $25",
    "minus 5 usd in btc",
    "fee to send 0 usd",
    "convert btc to bch",
    "what is 1e3 usd in btc",
    "what is ٢٥ usd in btc",
    "how is the fee for sending $25 estimated",
    "how are fees for 20 usd estimated",
    "which chain is the price to send $25",
    "what price to pay 1 btc",
    "1000 usd in btc or bch",
    "is it cheaper to send $25 in btc or bch",
    "how do i pay $25 in btc",
    "how long does it take to send $25",
    "how much to move 1 btc to cold storage",
    "how much is the fee when i send 25 usd from kraken",
    "how much is 10 usd in btc 10 years ago",
    "is 10 usd in btc a good start",
    "does it cost more to send 10 btc",
    "what does it cost to send a bitcoin with p2tr",
)


def shown(amount: Amount | None) -> str:
    return f"{amount.value.normalize():f} {amount.currency}" if amount else ""


@pytest.mark.parametrize(("question", "amount"), COSTS.items(), ids=COSTS.keys())
def test_a_question_for_the_cost_of_sending_is_found(question: str, amount: str) -> None:
    found = find_cost(question)

    assert found is not None
    assert shown(found.amount) == amount
    assert find_convert(question) is None


@pytest.mark.parametrize(("question", "conversion"), CONVERSIONS.items(), ids=CONVERSIONS.keys())
def test_a_question_for_a_conversion_is_found(question: str, conversion: str) -> None:
    found = find_convert(question)

    assert found is not None
    assert f"{shown(found.amount)} > {' '.join(found.into)}" == conversion
    assert find_cost(question) is None


@pytest.mark.parametrize("question", NEITHER)
def test_any_other_question_is_left_alone(question: str) -> None:
    assert find_cost(question) is None
    assert find_convert(question) is None


def test_the_transaction_named_in_a_question_is_read() -> None:
    found = find_cost("what does it cost to send $25 with 3 inputs on taproot")

    assert found is not None
    assert (found.script, found.inputs, found.outputs) == (ScriptType.P2TR, 3, 2)


def test_satoshis_are_those_of_the_coin_that_is_named() -> None:
    found = find_cost("what does it cost to send 100k sats on bch")

    assert found is not None
    assert shown(found.amount) == "0.001 bch"


def test_a_story_is_not_a_question() -> None:
    question = "what does it cost to send $25 "

    assert find_cost(question + "with btc and bch " * 4) is not None
    assert find_cost(question + "with btc and bch " * 8) is None


WORDS = """
    how much is what does it cost fee to send convert in a of and half grand k $ 25 0.1 sats usd btc bch - , . ?
"""


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join)))
def test_no_text_is_too_strange(text: str) -> None:
    for found in (find_cost(text), find_convert(text)):
        assert found is None or (found.amount is not None and found.amount.value > 0)
