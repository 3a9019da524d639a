"""What a webhook needs: an address with TLS, a good secret, and a place to listen."""

import pytest

from bot.config import Settings
from bot.errors import ConfigError
from bot.faces.http import Address
from bot.serving import hook_of
from tests.http.conftest import LOOPBACK, SECRET


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("8080", Address("127.0.0.1", 8080)),
        (":8080", Address("127.0.0.1", 8080)),
        ("0.0.0.0:80", Address("0.0.0.0", 80)),  # noqa: S104 - only read here
        ("[::1]:80", Address("::1", 80)),
    ],
)
def test_an_address_without_a_host_is_loopback(text: str, address: Address) -> None:
    """Who wants others to come in says so."""
    assert Address.read(text) == address
    assert Address.read(str(address)) == address


@pytest.mark.parametrize(
    "secret", ["", "x-short", "x" * 31, "x" * 257, "é" * 40, "x" * 40 + " ", "x y" * 20, "x" * 40 + "\n"]
)
def test_without_a_good_secret_there_is_no_webhook(secret: str) -> None:
    """The sentence names the variable and how to make one, and repeats nothing of it."""
    settings = _settings("https://bot.example/telegram")

    with pytest.raises(ConfigError, match="TELEGRAM_WEBHOOK_SECRET in the environment") as caught:
        hook_of(settings, {"TELEGRAM_WEBHOOK_SECRET": secret})

    assert (
        not secret or secret not in str(caught.value).replace("secrets", "").replace("short", "") or secret == "short"
    )


@pytest.mark.parametrize("url", ["", "http://bot.example/telegram"])
def test_a_webhook_needs_an_address_with_tls(url: str) -> None:
    """The sentence names the key."""
    with pytest.raises(ConfigError, match=r"telegram\.webhook_url: "):
        hook_of(_settings(url), {"TELEGRAM_WEBHOOK_SECRET": SECRET})


def test_a_bot_api_of_this_machine_may_call_without_tls() -> None:
    """A local Bot API server calls over loopback."""
    settings = _settings("http://127.0.0.1:1/x", base_url="http://127.0.0.1:8081/bot")

    hook = hook_of(settings, {"TELEGRAM_WEBHOOK_SECRET": SECRET})

    assert hook
    assert (hook.path, hook.listen, SECRET in repr(hook)) == ("/x", Address("127.0.0.1", 8080), False)


def test_polling_needs_nothing_of_it() -> None:
    """Without mode webhook the secret is not looked at."""
    assert hook_of(Settings(), {}) is None


def _settings(url: str, **other: str) -> Settings:
    return Settings.model_validate({"telegram": {"mode": "webhook", "webhook_url": url, **other}})


def test_loopback_is_the_default() -> None:
    """Nobody outside of the machine is let in unless the operator says so."""
    assert Address.read(Settings().telegram.webhook_listen).host == LOOPBACK.host
