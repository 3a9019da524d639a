"""The documents say what is so: commands, keys, statistics, schemas, layout."""

import json
import re
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.config import Settings
from bot.faces.telegram.app import COMMANDS as TELEGRAM_COMMANDS
from bot.faces.telegram.app import OFFICE
from bot.faces.telegram.chat_handlers import PANEL
from bot.faces.telegram.post_handlers import POSTING
from bot.library.schema import schemas
from bot.library.strict import read_document
from bot.model.quote import Coin
from bot.stats import DEFAULT_PROVIDERS, STATS
from bot.stats.catalog import CATALOG
from bot.stats.providers import ROUTES
from bot.stats.providers.registry import PUBLISHED
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
WRITINGS = sorted(path for path in ROOT.rglob("*.md") if ".venv" not in path.parts)


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_the_readme_names_every_command(command: str) -> None:
    """A command of the program stands in the README's table."""
    assert re.search(rf"^\| `{command}\b", README, re.MULTILINE)


@pytest.mark.parametrize(
    "command", [one.name for table in (TELEGRAM_COMMANDS, OFFICE, PANEL, POSTING) for one in table]
)
def test_the_readme_names_every_telegram_command(command: str) -> None:
    """A command in Telegram stands in the README's table."""
    assert re.search(rf"^\|.*`/{command}\b", README, re.MULTILINE)


def test_the_readme_names_no_command_that_is_not_there() -> None:
    """What follows `python -m bot` in the README is a command."""
    named = set(re.findall(r"python -m bot (\w+)", README))

    assert named <= {command.name for command in COMMANDS}


def test_the_options_in_the_readme_exist() -> None:
    """Every option the README names is taken by some command."""
    text = " ".join(name for command in COMMANDS for names, _ in command.arguments for name in names)

    assert set(re.findall(r"`(--[a-z]+)", README)) <= {*text.split(), "--config", "--knowledge"}


@pytest.mark.parametrize("key", STATS)
def test_the_readme_lists_every_statistic_with_its_sources(key: str) -> None:
    """The table of live numbers has a row for each statistic that names every source of it."""
    row = next(line for line in README.splitlines() if line.startswith(f"| `{key}` "))
    sources = {
        endpoint.source
        for recipe in CATALOG[key].recipes
        for coin in set(Coin) - set(CATALOG[key].lacks)
        for need in recipe.needs(coin)
        for endpoint in PUBLISHED.get(need, ())
    }

    assert {source for source in sources if source not in row} == set()


def test_every_statistic_has_two_independent_sources() -> None:
    """One provider may fail without a number going missing; what one alone gives is named here."""
    enabled = {name for name, provider in DEFAULT_PROVIDERS.items() if provider.enabled}
    asked = {need: {origin.provider for origin in route} & enabled for need, route in ROUTES.items()}
    lone = {need for need, providers in asked.items() if len(providers) < 2}

    assert {(metric.value, coin.value) for metric, coin in lone} == {
        ("median-fee", "btc"),
        ("median-fee", "bch"),
        ("block-size", "bch"),
        ("block-limit", "bch"),
    }


def test_every_metric_a_statistic_needs_has_a_route() -> None:
    """A recipe asks for nothing that no provider gives."""
    needs = {
        need
        for statistic in CATALOG.values()
        for recipe in statistic.recipes
        for coin in set(Coin) - set(statistic.lacks)
        for need in recipe.needs(coin)
    }

    assert needs <= set(ROUTES)


def test_the_shipped_config_holds_every_key_with_what_holds_without_it() -> None:
    """config.yml names every key and every provider, with the default as its value."""
    tree = read_document(ROOT / "config.yml", "config.yml").tree
    assert isinstance(tree, dict)

    shipped = Settings.model_validate(tree)
    sections = {name: set(section) for name, section in tree.items() if isinstance(section, dict)}

    assert shipped.model_copy(update={"sources": {}}) == Settings()
    assert sections.pop("sources") == set(DEFAULT_PROVIDERS)
    assert sections == {name: set(field) for name, field in Settings().model_dump().items() if name != "sources"}
    assert {name: provider.base_url for name, provider in shipped.sources.items()} == {
        name: provider.base_url for name, provider in DEFAULT_PROVIDERS.items()
    }


@pytest.mark.parametrize("name", schemas())
def test_the_schemas_for_editors_are_those_of_the_models(name: str) -> None:
    """`python -m bot.library.schema knowledge` would change nothing."""
    assert (ROOT / "knowledge" / name).read_text("utf-8") == schemas()[name]


def test_a_schema_lets_pass_what_the_bot_reads() -> None:
    """One phrasing needs no list, and what an editor takes for a number or a truth value is text to the bot."""
    entry = json.loads(schemas()["schema.json"])["$defs"]["EntryFields"]["properties"]

    assert entry["ask"]["type"] == ["array", "string"]
    assert entry["versus"]["items"]["additionalProperties"]["type"] == ["string", "number", "boolean"]
    assert entry["as_of"]["anyOf"][0] == {"format": "date", "type": "string"}


@pytest.mark.parametrize("path", sorted((ROOT / "knowledge").glob("*/*.yml")), ids=lambda path: path.name)
def test_a_knowledge_file_tells_editors_its_schema(path: Path) -> None:
    """The first line leads to the schema of this kind of file."""
    name = f"{path.stem}.schema.json" if path.stem in {"pack", "refusals", "exam"} else "schema.json"

    assert path.read_text("utf-8").startswith(f"# yaml-language-server: $schema=../{name}\n")


@pytest.mark.parametrize("path", WRITINGS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    """A relative link points to a file or folder that is there."""
    targets = re.findall(r"\]\(([^)#:]+)[^):]*\)", path.read_text("utf-8"))

    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_ci_runs_the_readmes_test_line() -> None:
    """What CI runs is the line a newcomer pastes."""
    line = next(line for line in README.splitlines() if "pytest" in line and "pip install" in line)
    script = (ROOT / ".ci" / "run").read_text("utf-8")

    assert [part for part in re.split(r"\s*&&\s*", line) if part.removeprefix(".venv/bin/") not in script] == []
