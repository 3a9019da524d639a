"""Pasted addresses: what is said of them, and that a secret goes first."""

from dataclasses import replace

import pytest

from bot.edition import Edition, Shelf
from bot.faces.simulator import Message
from bot.match import Matcher
from bot.model.address import AddressKind
from bot.model.knowledge import Library
from bot.model.question import Place, Question
from bot.model.verdict import Answer, Rule
from bot.pipeline import Pipeline
from bot.reply.terminal import button_titles, plain
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage

LEGACY = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
CASH = "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"
TXID = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"

SAID: dict[str, tuple[AddressKind, list[str]]] = {
    LEGACY: (
        AddressKind.LEGACY,
        [f"https://mempool.space/address/{LEGACY}", f"https://blockchair.com/bitcoin-cash/address/{LEGACY}"],
    ),
    f"is {LEGACY} a bitcoin address?": (
        AddressKind.LEGACY,
        [f"https://mempool.space/address/{LEGACY}", f"https://blockchair.com/bitcoin-cash/address/{LEGACY}"],
    ),
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": (
        AddressKind.SEGWIT,
        ["https://mempool.space/address/bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
    ),
    CASH.partition(":")[2]: (AddressKind.CASHADDR, [f"https://blockchair.com/bitcoin-cash/address/{CASH}"]),
    "mo9ncXisMeAoXwqcV5EWuyncbmCcQN4rVs": (AddressKind.TESTNET, []),
    LEGACY[:-1] + "b": (AddressKind.BROKEN, []),
    f"what is txid {TXID}": (
        AddressKind.HASH,
        [f"https://mempool.space/tx/{TXID}", f"https://blockchair.com/bitcoin-cash/transaction/{TXID}"],
    ),
}


async def asked(stage: Stage, text: str) -> Message:
    ann = stage.person()
    ann.say(ann.private, text)
    return (await stage.said(ann.private))[0]


def links(message: Message) -> list[str]:
    return [button.url for row in message.buttons for button in row if button.url]


@pytest.mark.parametrize(("text", "said"), SAID.items(), ids=lambda value: str(value)[:20])
async def test_an_address_gets_the_sentence_of_its_kind(
    text: str, said: tuple[AddressKind, list[str]], stage: Stage, library: Library
) -> None:
    """With links to explorers of the chains it can be on, and nothing looked up."""
    kind, expected = said
    guard = library.packs["btc-vs-bch"].guard
    assert guard
    before = stage.web.asked.copy()

    message = await asked(stage, text)

    assert guard.says[kind] in message.text
    assert links(message) == expected
    assert stage.web.asked == before
    assert not [call for call in stage.telegram.calls if call.refused]


async def test_the_button_below_leads_to_the_answer_about_addresses(stage: Stage) -> None:
    """Who wants to know more presses it."""
    message = await asked(stage, LEGACY)

    stage.telegram.people[message.chat.id].press(message, "Address formats of BTC and BCH")

    assert "bc1q" in (await stage.said(message.chat, 2))[1].text


async def test_several_addresses_get_a_sentence_each_and_no_links(stage: Stage) -> None:
    """Which one a link would show is not clear then."""
    message = await asked(stage, f"{LEGACY} or {CASH}")

    assert "valid on both chains" in message.text
    assert "A Bitcoin Cash (BCH) address" in message.text
    assert links(message) == []


@pytest.mark.parametrize(
    "text",
    [
        f"my address is {LEGACY} and my key KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
        f"{LEGACY} {TXID}",
        TXID,
    ],
    ids=["key", "bare digits beside", "bare digits"],
)
async def test_a_secret_goes_first(text: str, stage: Stage) -> None:
    """Where a key may be among it, that is what is said."""
    message = await asked(stage, text)

    assert "looks like a seed phrase or a private key" in message.text
    assert links(message) == []


async def test_an_address_in_a_group_is_heard_where_the_bot_is_addressed(stage: Stage) -> None:
    """Else it is nobody's business."""
    ann = stage.person()
    group = stage.telegram.supergroup("Club", [ann])

    ann.say(group, f"@duel_bot {LEGACY}")
    assert "valid on both chains" in (await stage.said(group))[0].text
    ann.say(group, LEGACY)

    assert await stage.is_silent(group, before=1)


async def test_it_counts_as_an_answer_of_its_entry(pipeline: Pipeline, clock: StandingClock) -> None:
    """The journal and the terminal see what it was."""
    outcome = await pipeline.answer(Question(LEGACY, clock(), Place.TERMINAL))

    assert isinstance(outcome.verdict, Answer)
    assert (outcome.verdict.entry.id, outcome.verdict.rule) == ("address-formats", Rule.WORKED_OUT)
    assert outcome.reply
    assert plain(outcome.reply).startswith("1A1zP1eP5Q…vfNa\n\n")
    assert [title for title, _ in button_titles(outcome.reply)] == ["Address formats of BTC and BCH"]


async def test_a_pack_without_sentences_says_nothing_of_addresses(
    pipeline: Pipeline, library: Library, matcher: Matcher, clock: StandingClock
) -> None:
    """Then it is a question like any other."""
    packs = {name: replace(pack, guard=None) for name, pack in library.packs.items()}
    bare = replace(pipeline, shelf=Shelf(Edition(replace(library, packs=packs), matcher, clock())))

    outcome = await bare.answer(Question(LEGACY, clock(), Place.PRIVATE))

    assert outcome.verdict.rule is not Rule.WORKED_OUT
