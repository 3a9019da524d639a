"""What is taken out of a question before it is kept."""

import pytest

from bot.match import redacted
from bot.match.redact import SECRET
from bot.text import MAX_QUESTION

SEED = "abandon " * 11 + "about"
KEPT = {
    "a plain question": "why did bch fork?",
    "amounts": "is 21,000,000 or 20999999.9769 btc the limit, $1,250,000 each",
    "a day": "what happened on 2017-08-01 and at block 478558",
    "a range": "fees of 1-2 sat/B in 2023-2026",
    "versions": "bitcoin core 27.1.0 or knots?",
    "an abbreviation": "btc/usd vs. bch/usd, i.e. the price",
    "an address in general": "what does a bch address look like",
    "a seed in general": "what is a seed phrase and is it a private key",
}
TAKEN = {
    "seed phrase": (f"help {SEED}", SECRET),
    "seed phrase with invisible signs": ("\u200b".join(f"help {SEED}"), SECRET),
    "private key": ("is 5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ ok", SECRET),
    "part of a seed": ("my seed phrase is abandon about zoo\nwrong ok", f"my seed phrase {SECRET}"),
    "password": ("login fails, password: hunter2 why", f"login fails, password {SECRET}"),
    "e-mail": ("write to ann.b+x@mail.example.org please", "write to [email] please"),
    "wide e-mail": ("ann＠mail.example", "[email]"),
    "name": ("ask @ann_b about fees", "ask [name] about fees"),
    "own name": ("my name is Ann Bee and fees?", "my name is [name] and fees?"),
    "international number": ("call +44 20 7946 0958 now", "call [number] now"),
    "american number": ("call (555) 123-4567 or 555-1234", "call [number] or [number]"),
    "long number": ("card 4111 1111 1111 1111 ok?", "card [number] ok?"),
    "account": ("to DE89 3704 0044 0532 0130 00 ok", "to [account] ok"),
    "link with a query": ("see https://x.example/a?token=1&u=ann#b now", "see [link] now"),
    "bare link": ("see x.example.com/u/ann?q=1 now", "see [link] now"),
    "chat link": ("join t.me/+AbCdEf", "join [link]"),
    "payment link": ("pay bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a?amount=1", "pay [link]"),
    "coin address": ("is 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa yours", "is [address] yours"),
    "cash address": ("is qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a yours", "is [address] yours"),
    "transaction": ("tx 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", "tx [address]"),
    "street": ("send it to 12 Baker Street, why not", "send it to [address], why not"),
    "half of a sign": ("why \ud800 did\x00 bch fork", "why did bch fork"),
    "link of many dots": ("see ..a-b.c..example.org/x now", "see [link] now"),
    "link without a scheme behind a sign": ("see (x.example.com/u) now", "see ([link] now"),
    "two e-mails": ("a@b.example, c.d@e.example", "[email], [email]"),
    "machine": ("node at 192.168.1.20 is down", "node at [address] is down"),
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_says_nothing_of_anybody_stays(text: str) -> None:
    """Numbers, days and words of the subject are kept as they are."""
    assert redacted(text) == text


@pytest.mark.parametrize(("text", "kept"), TAKEN.values(), ids=TAKEN)
def test_secrets_and_personal_data_are_taken_out(text: str, kept: str) -> None:
    """What remains says that something was there, not what."""
    assert redacted(text) == kept


def test_a_long_text_is_cut_after_it_is_redacted() -> None:
    """An address across the cut does not survive in part."""
    text = "x " * (MAX_QUESTION // 2 - 5) + "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"

    assert redacted(text).endswith("[address]")
    assert len(redacted("why " * 1_000)) == MAX_QUESTION


def test_a_text_that_grows_is_cut_between_words() -> None:
    """One sign may stand for eighteen; what no message can hold is not looked through."""
    assert redacted("\ufdfa" * 4096 + " ann@mail.example").startswith("صلى الله")
    assert redacted("\u337f" * 4096) == ("株式会社" * 1024)[:MAX_QUESTION]
