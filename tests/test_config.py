"""config.yml: every key optional, checked, and told about by line."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
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
    "owner": ("telegram:\n  owners:\n    - 1\n    - -100\n", "config.yml:4: '-100' in 'owners' is a group or channel"),
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


@pytest.mark.parametrize("listen", ["9090", ":9090", "0.0.0.0:9090", "localhost:9090", '"[::1]:9090"'])
def test_a_place_to_listen_may_leave_out_the_host(listen: str, tmp_path: Path) -> None:
    """A port alone is enough."""
    settings = load(tmp_path, f"http:\n  listen: {listen}\ntelegram:\n  webhook_listen: {listen}\n")

    assert settings.http.listen == settings.telegram.webhook_listen == listen.strip('"')


@pytest.mark.parametrize("listen", ["localhost", "a b:1", "::1:9090", "x:y", "x:123456"])
def test_a_place_to_listen_needs_a_port(listen: str, tmp_path: Path) -> None:
    """A mistake is told with its line."""
    with pytest.raises(ConfigError, match=r"config\.yml:2: "):
        load(tmp_path, f'http:\n  listen: "{listen}"\n')


@pytest.mark.parametrize("written", ["one,two", "[one, two]", '["one", "two"]', " 'one' , 'two' "])
def test_a_list_in_the_environment_may_be_written_as_people_write_lists(written: str) -> None:
    """With or without brackets and quotes."""
    assert load_settings(None, {"BOT__KNOWLEDGE__PACKS": written}).knowledge.packs == ["one", "two"]


TELEGRAM, SOURCES = "telegram:\n  ", "sources:\n  "
BROKEN = {
    "an owner that is a group": (TELEGRAM + "owners: [-1001]", ":2: '-1001' in 'owners' is a group or channel; "),
    "an owner that is every admin": (TELEGRAM + "owners: [1087968824]", ":2: '1087968824' in 'owners' is every anonym"),
    "an owner that is Telegram": (TELEGRAM + "owners: [777000]", ":2: '777000' in 'owners' is Telegram itself"),
    "an owner that is a channel": (TELEGRAM + "owners: [136817688]", ":2: '136817688' in 'owners' is everybody"),
    "an owner that is nobody": (TELEGRAM + "owners: [0]", ":2: '0' in 'owners' is nobody"),
    "an owner beyond all ids": (TELEGRAM + f"owners: [{2**52}]", ":2: '4503599627370496' in 'owners' is nobody"),
    "an owner by name": (TELEGRAM + "owners: [ann]", ":2: 'ann' is not a whole number for 'owners'"),
    "an owner in parts": (TELEGRAM + "owners: [1.5]", ":2: '1.5' is not a whole number for 'owners'"),
    "owners as a mapping": (TELEGRAM + "owners: {ann: 5}", ":2: 'owners' must be a list"),
    "an address without https": (TELEGRAM + "base_url: api.telegram.org", ":2: 'api.telegram.org' does not fit 'base_"),
    "an address with a user": (TELEGRAM + "base_url: https://me:pw@x", ":2: 'base_url' holds a user name"),
    "an address that is a list": (TELEGRAM + "base_url: [a]", ":2: 'base_url' must be text"),
    "a file address": (TELEGRAM + "base_file_url: /srv", ":2: '/srv' does not fit 'base_file_url'"),
    "no mode": (TELEGRAM + "mode:", ":2: 'mode' must be 'polling' or 'webhook'"),
    "a token": (TELEGRAM + "token: 123:abc", ":2: a token is a secret; set TELEGRAM_BOT_TOKEN"),
    "a section that is a list": ("telegram: []", ":1: 'telegram' must be a mapping"),
    "a section that is a word": ("log: info", ":1: 'log' must be a mapping"),
    "packs as a mapping": ("knowledge:\n  packs: {a: b}", ":2: 'packs' must be a list"),
    "a path that is a list": ("knowledge:\n  path: [x]", ":2: 'path' must be text"),
    "a cache that is a list": ("knowledge:\n  cache: [x]", ":2: 'cache' must be text"),
    "a switch": ("knowledge:\n  commit: perhaps", ":2: 'perhaps' does not fit 'commit'"),
    "a currency": ("answers:\n  currency: xyz", ":2: 'currency' must be 'usd', "),
    "no database": ("database:\n  url:", ":2: 'url' must be sqlite+aiosqlite:///FILE"),
    "another database": ("database:\n  url: mysql://x", ":2: 'url' must be sqlite+aiosqlite:///FILE"),
    "a bare database": ("database:\n  url: bot.db", ":2: 'url' must be sqlite+aiosqlite:///FILE"),
    "a database with its password": ("database:\n  url: postgresql+asyncpg://a:pw@h/d", ":2: a 'url' with a password"),
    "no days": ("privacy:\n  question_days: 0", ":2: '0' does not fit 'question_days'"),
    "negative days": ("privacy:\n  question_days: -3", ":2: '-3' does not fit 'question_days'"),
    "too many days": ("privacy:\n  question_days: 99999", ":2: '99999' does not fit 'question_days'"),
    "days in words": ("privacy:\n  question_days: many", ":2: 'many' is not a whole number for 'question_days'"),
    "a word for a port": ("http:\n  listen: http", ":2: 'http' does not fit 'listen'"),
    "a port by name": ("http:\n  listen: localhost:http", ":2: 'localhost:http' does not fit 'listen'"),
    "a port beyond all": ("http:\n  listen: localhost:99999", ":2: 'localhost:99999' does not fit 'listen'"),
    "a level": ("log:\n  level: loud", ":2: 'level' must be 'debug', "),
    "a key nearly right": ("log:\n  levl: info", ":2: 'levl' is not a field; did you mean 'level'?"),
    "a key of nowhere": ("log:\n  colour: red", ":2: 'colour' is not a field; known are level"),
    "providers as a list": (SOURCES + "- kraken", ":1: 'sources' must be a mapping"),
    "a provider that is a word": (SOURCES + "kraken: on", ":2: 'kraken' must be a mapping"),
    "a provider nearly right": (SOURCES + "krakn: {}", ":1: 'krakn' is not a provider; did you mean 'kraken'?"),
    "a provider's budget": (SOURCES + "kraken: {per_minute: -1}", ":2: '-1' does not fit 'per_minute'"),
    "a provider's timeout": (SOURCES + "kraken: {timeout: 0}", ":2: '0' does not fit 'timeout'"),
    "a provider's patience": (SOURCES + "kraken: {timeout: soon}", ":2: 'soon' is not a number for 'timeout'"),
    "a provider's priority": (SOURCES + "kraken: {priority: 101}", ":2: '101' does not fit 'priority'"),
    "a provider's address": (SOURCES + "kraken: {base_url: kraken.com}", ":2: 'kraken.com' does not fit 'base_url'"),
    "a provider's key": (SOURCES + "kraken: {key: hush}", ":2: a key is a secret; set BOT__SOURCES__KRAKEN__KEY"),
    "an Electrum server without port": (
        SOURCES + "btc_electrum: {base_url: ssl://h}",
        ":2: 'ssl://h' does not fit '",
    ),
    "an open bracket": ("log: [", ":2: not valid YAML"),
    "a tab": ("\tlog: {}", ":1: not valid YAML"),
    "an anchor": ("log: &a {level: info}", ":1: '&a' is an anchor"),
    "a tag": ("log: !!python/none x", ":1: 'tag:yaml.org,2002:python/none' is a tag"),
    "two documents": ("log: {}\n---\nlog: {}", ":2: a second document"),
    "a word alone": ("hello", ":1: must be a mapping of 'section:' blocks"),
}


@pytest.mark.parametrize(("text", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_stops_the_program_with_one_line(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and one line with file, line, key and cure; no secret is repeated."""
    file = tmp_path / "config.yml"
    file.write_text(text + "\n", "utf-8")

    code = main(["run", "--config", str(file)])

    printed = capsys.readouterr()
    assert code == 2
    assert printed.out == ""
    assert printed.err.removeprefix(str(file)).startswith(said)
    assert printed.err.count("\n") == 1
    assert not any(secret in printed.err for secret in ("hush", "123:abc", "pw"))


WRONG_VARIABLES = {
    "BOT__NOWHERE__KEY": ("1", "'nowhere' is not a field"),
    "BOT__TELEGRAM": ("1", "'telegram' must be a mapping"),
    "BOT__TELEGRAM__OWNERS": ("1,777000", "'777000' in 'owners' is Telegram itself"),
    "BOT__TELEGRAM__MODE": ("push", "'mode' must be 'polling' or 'webhook'"),
    "BOT__DATABASE__URL": ("postgres://u:hush@h/d", "'url' must be sqlite+aiosqlite:///FILE"),
    "BOT__HTTP__LISTEN": ("http", "'http' does not fit 'listen'"),
    "BOT__PRIVACY__QUESTION_DAYS": ("", "'' is not a whole number for 'question_days'"),
    "BOT__SOURCES__KRAKN__ENABLED": ("no", "'krakn' is not a provider"),
    "BOT__SOURCES__KRAKEN__BASE_URL": ("https://me:hush@x", "'base_url' holds a user name"),
}


@pytest.mark.parametrize(("name", "value", "said"), [(name, *row) for name, row in WRONG_VARIABLES.items()])
def test_a_wrong_variable_stops_the_program_with_one_line(
    *, name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same for what the environment overrides."""
    monkeypatch.setenv(name, value)

    code = main(["run"])

    printed = capsys.readouterr().err
    assert code == 2
    assert said in printed
    assert printed.startswith(("BOT__", str(PROJECT), "config.yml"))
    assert "hush" not in printed
    assert printed.count("\n") == 1


def as_folder(file: Path) -> None:
    file.mkdir()


def as_other_letters(file: Path) -> None:
    file.write_bytes(b"log: {level: \xff}")


def as_too_much(file: Path) -> None:
    file.write_bytes(b"# " + b"x" * 2_000_000)


def as_nothing(_file: Path) -> None:
    """Leave the file out."""


@pytest.mark.parametrize("made", [as_folder, as_other_letters, as_too_much, as_nothing])
def test_a_file_that_cannot_be_read_stops_the_program(
    made: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.yml"
    made(file)

    code = main(["run", "--config", str(file)])

    printed = capsys.readouterr().err
    assert code == 2
    assert str(file) in printed
    assert printed.count("\n") == 1
