"""Commands as they are typed in a terminal, where no program of chats takes them apart."""

import pytest

from bot.faces.terminal.chat import Chat
from bot.pipeline import Pipeline

SAID = {
    "/cost 25 USD": "Sending $25 costs about $0.32 (1.3 %) on BTC and $0.001 (0.0041 %) on BCH",
    "/cost 0.01 BCH": "Sending 0.01 BCH, or its worth in BTC, costs about $0.32",
    "/Cost 25 €": "Sending €25 costs about",
    "/cost": "A payment costs about",
    "/cost 25 doge": "I do not know the currency doge.",
    "/cost -5 usd": "An amount is above zero.",
    "/convert 100 EUR BCH": "€100 ≈ 0.2554 BCH",
    "/convert 1 btc bch": "1 BTC (100,000,000 sat) ≈ 200 BCH",
    "/convert 100 usd eur": "$100 ≈ €87.00",
    "/convert": "I see no amount there.",
    "/price eur": "€78,300",
    "/price": "$90,000",
    "/fees": "2.5 sat/vB",
    "/stats": "1,050.0 EH/s",
    "/compare block size": "4,000,000 weight units",
    "/status": "coingecko",
    "/drift": "0 contradicted",
    "/card": "$450.00",
    "/chart fees 7d": "python -m bot chart",
    "/topics": "Topics, page 1 of",
    "/help": "Bitcoin Cash",
}


@pytest.mark.parametrize(("line", "words"), SAID.items(), ids=SAID)
async def test_a_command_is_carried_out(line: str, words: str, pipeline: Pipeline) -> None:
    """What a command does in a chat it does in the terminal, as far as that goes in words."""
    said: list[str] = []

    await Chat(pipeline, said.append).run([line])

    assert words in said[-1]


async def test_a_word_that_is_no_command_is_a_question(pipeline: Pipeline) -> None:
    """A slash alone makes no command."""
    said: list[str] = []

    await Chat(pipeline, said.append).run(["/btc price"])

    assert "$90,000" in said[-1]
