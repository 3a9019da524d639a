"""No spelling of a secret gets through."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.secrecy import HIDDEN, Secrets, secrets_in

HALF = "AAF-x_9Kq2v?>~8LmZr4T"
TOKEN = f"1234567:{HALF}"
SECRETS = Secrets([TOKEN, "p@ss/wörd"])

SPELLINGS = {
    "as it is": TOKEN,
    "its secret half": HALF,
    "in upper case": TOKEN.upper(),
    "in an address": quote(TOKEN, safe=""),
    "half in an address": quote(HALF, safe=""),
    "Base64": b64encode(TOKEN.encode()).decode(),
    "Base64 of half": urlsafe_b64encode(HALF.encode()).decode(),
    "Base64 behind a name": b64encode(b"bot:" + TOKEN.encode() + b":x").decode(),
    "hexadecimal": TOKEN.encode().hex(),
    "a password": "p@ss/wörd",
    "a password in an address": quote("p@ss/wörd", safe=""),
    "a password of Python": repr("p@ss/wörd"),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_secret_is_hidden_in_every_spelling(spelling: str) -> None:
    """What stays of it are at most the signs that it shares with its surroundings."""
    left = SECRETS.hidden_in(f"before {spelling} after")

    assert left.startswith("before ")
    assert left.endswith(" after")
    assert HIDDEN in left
    assert len(left.replace(HIDDEN, "")) <= len("before  after") + 12


SHAPES = {
    "a token in an address": ("POST https://api.telegram.org/bot42:local/getMe", "42:local"),
    "a token in a file's address": ("https://api.telegram.org/file/bot42%3Alocal/photo.jpg", "local/"),
    "a token of another bot": ("my token is 7654321:AAH0123456789012345678901234567890ab.", "AAH0123"),
    "a password in an address": ("postgresql+asyncpg://bot:hunter2@db/bot", "hunter2"),
}


@pytest.mark.parametrize(("text", "secret"), SHAPES.values(), ids=SHAPES)
def test_what_has_the_shape_of_a_secret_is_hidden(text: str, secret: str) -> None:
    """Nobody needs to say what it is."""
    assert secret not in Secrets().hidden_in(text)


@pytest.mark.parametrize(
    "text", ["getMe took 0.31 s at 12:30:15", "https://mempool.space/api/v1/fees", "said='%s, %s'", "a@b.c", ""]
)
def test_ordinary_words_stay(text: str) -> None:
    """Hiding is not to make logs useless."""
    assert SECRETS.hidden_in(text) == text


@given(st.binary(max_size=8), st.binary(max_size=8))
def test_base64_is_found_wherever_it_begins(before: bytes, after: bytes) -> None:
    """The surroundings shift it by up to two bytes; no 12 signs of the secret stay together."""
    whole = b64encode(before + TOKEN.encode() + after).decode()
    left = SECRETS.hidden_in(whole)

    assert HIDDEN in left
    assert len(left) - len(HIDDEN) <= len(b64encode(before + after)) + 8


def test_secrets_are_found_by_their_names_and_in_addresses() -> None:
    """What the environment calls token, key, secret, password or salt is one; so is the password of an address."""
    values = {
        "TELEGRAM_BOT_TOKEN": "t",
        "BOT__SOURCES__COINGECKO__KEY": "k",
        "BOT__TELEGRAM__WEBHOOK_SECRET": "w",
        "BOT_SALT": "s",
        "KEYBOARD": "qwerty",
        "database.url": "postgresql://bot:p%40ss@db/bot",
        "BROKEN": "http://[",
        "HOME": "here",
    }

    assert list(secrets_in(values)) == ["t", "k", "w", "s", "p%40ss", "p@ss"]


def test_short_words_are_no_secrets() -> None:
    """A password such as `bot` would hide half of every line."""
    assert Secrets(["bot", ""]).hidden_in("the bot runs") == "the bot runs"
