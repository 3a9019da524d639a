"""config.yml: every key optional, checked, and told about by line."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import PROJECT, Settings, load_settings
from bot.errors import ConfigError
from bot.stats import DEFAULT_PROVIDERS


def load(folder: Path, text: str, **environment: str) -> Settings:
    file = folder / "config.yml"
    file.write_text(text, "utf-8")
    return load_settings(file, environment)


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = load(tmp_path, "")

    assert settings.telegram.base_url == "https://api.telegram.org/bot"
    assert settings.knowledge.path == tmp_path / "knowledge"
    assert settings.providers == DEFAULT_PROVIDERS


def test_the_shipped_file_says_what_holds_without_it(tmp_path: Path) -> None:
    shipped, bare = load_settings(PROJECT / "config.yml", {}), load(tmp_path, "")

    for section in ("telegram", "database", "http", "log"):
        assert getattr(shipped, section) == getattr(bare, section)
    assert shipped.providers == bare.providers
    assert shipped.knowledge.path.name == bare.knowledge.path.name
    assert shipped.knowledge.packs == bare.knowledge.packs


def test_one_provider_can_be_pointed_elsewhere(tmp_path: Path) -> None:
    text = "sources:\n  kraken:\n    base_url: http://127.0.0.1:81/x\n  coinbase: {enabled: no}\n"

    providers = load(tmp_path, text).providers

    assert providers["kraken"].base_url == "http://127.0.0.1:81/x"
    assert not providers["coinbase"].enabled
    assert providers["coinbase"].base_url == DEFAULT_PROVIDERS["coinbase"].base_url


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "telegram: {mode: webhook, owners: [5]}\n",
        BOT__TELEGRAM__MODE="polling",
        BOT__TELEGRAM__OWNERS="1, 2",
        BOT__SOURCES__KRAKEN__ENABLED="false",
        HOME="/",
    )

    assert settings.telegram.mode == "polling"
    assert settings.telegram.owners == [1, 2]
    assert not settings.providers["kraken"].enabled


def test_the_file_is_named_by_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "other.yml"
    file.write_text("knowledge: {path: here}", "utf-8")

    assert load_settings(None, {"BOT_CONFIG": str(file)}).knowledge.path == tmp_path / "here"


WRONG = {
    "unknown key": ("telegram:\n  base_ulr: x\n", "config.yml:2: 'base_ulr' is not a field; did you mean 'base_url'?"),
    "unknown section": ("telegramm: {}\n", "config.yml:1: 'telegramm' is not a field; did you mean 'telegram'?"),
    "choice": ("telegram:\n  mode: poling\n", "config.yml:2: 'mode' must be 'polling' or 'webhook'"),
    "owner": ("telegram:\n  owners:\n    - 1\n    - -100\n", "config.yml:4: '-100' does not fit 'owners'"),
    "owner who is many": ("telegram:\n  owners: [1087968824]\n", "config.yml:2: 1087968824 stands for many people"),
    "channels as owner": ("telegram:\n  owners: [5, 777000]\n", "config.yml:2: 777000 stands for many people"),
    "token": (
        "# 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1\n",
        "config.yml:1: a bot's token stands here; take it out",
    ),
    "switch": ("sources:\n  kraken: {enabled: maybe}\n", "config.yml:2: 'maybe' does not fit 'enabled'"),
    "provider": ("sources:\n  krakn: {}\n", "config.yml:1: 'krakn' is not a provider; did you mean 'kraken'?"),
    "address": (
        "telegram:\n  base_url: ftp://x\n",
        "config.yml:2: 'ftp://x' does not fit 'base_url'; write an address",
    ),
    "text": ("telegram: on\n", "config.yml:1: 'telegram' must be a mapping; write 'field: value' lines"),
    "list": ("- telegram\n", "config.yml:1: must be a mapping of 'section:' blocks"),
    "duplicate": ("log: {level: info}\nlog: {level: debug}\n", "config.yml:2: 'log' stands here a second time"),
}


@pytest.mark.parametrize(("text", "problem"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told_with_its_line_and_cure(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)

    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(problem)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("BOT__TELEGRAM__BASEURL", "x", "BOT__TELEGRAM__BASEURL: 'baseurl' is not a field; did you mean 'base_url'?"),
        ("BOT__LOG__LEVEL", "loud", "BOT__LOG__LEVEL: 'level' must be 'debug', 'info', 'warning' or 'error'"),
        ("BOT__SOURCES__KRAKEN__ENABLED", "maybe", "BOT__SOURCES__KRAKEN__ENABLED: 'maybe' does not fit 'enabled'"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(name: str, value: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "", **{name: value})

    assert str(caught.value).startswith(problem)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path / "none.yml", {})


def test_how_a_provider_is_asked_can_be_set(tmp_path: Path) -> None:
    """Priority, budget and timeout stand in the file, the key comes from the environment."""
    text = "sources:\n  kraken: {priority: 1, per_minute: 7, timeout: 1.5}\n  bch_node: {enabled: true, user: ann}\n"

    settings = load(tmp_path, text, BOT__SOURCES__BCH_NODE__KEY="hidden")
    kraken, node = settings.providers["kraken"], settings.providers["bch_node"]

    assert (kraken.priority, kraken.per_minute, kraken.timeout) == (1, 7, timedelta(seconds=1.5))
    assert kraken.base_url == DEFAULT_PROVIDERS["kraken"].base_url
    assert (node.enabled, node.user, node.key) == (True, "ann", "hidden")
    assert "hidden" not in repr(settings) + repr(node)


def test_a_key_in_the_file_is_refused(tmp_path: Path) -> None:
    """A secret in the file stops the bot, and the sentence names the variable instead."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "sources:\n  coingecko:\n    key: abc\n")

    assert "config.yml:3" in str(caught.value)
    assert "BOT__SOURCES__COINGECKO__KEY" in str(caught.value)
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize("written", ["one,two", "[one, two]", '["one", "two"]', " 'one' , 'two' "])
def test_a_list_in_the_environment_may_be_written_as_people_write_lists(written: str) -> None:
    """With or without brackets and quotes."""
    assert load_settings(None, {"BOT__KNOWLEDGE__PACKS": written}).knowledge.packs == ["one", "two"]
