"""Reads config.yml and the environment into typed settings; a mistake stops with file:line and the cure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

import bot
from bot.errors import ConfigError, KnowledgeError
from bot.library.problems import nearest, sentence
from bot.library.strict import Document, Tree, read_document
from bot.model.money import Fiat
from bot.stats import DEFAULT_PROVIDERS, ProviderSettings

PREFIX = "BOT__"
PROJECT = Path(bot.__file__).parent.parent
SourceUrl = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s/@]+(/[^\s]*)?|(ssl|tcp)://[^\s/@:]+:\d{1,5})$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@]+(/[^\s]*)?$")]


def _by_comma(value: Any) -> Any:
    if isinstance(value, str):
        return [part for piece in value.strip("[] ").split(",") if (part := piece.strip(" \"'"))]
    return value


Words = Annotated[list[str], BeforeValidator(_by_comma)]
NOBODY = frozenset({1_087_968_824, 136_817_688, 777_000})  # whom Telegram names for anonymous admins and for channels


def _people(ids: list[int]) -> list[int]:
    """Return ids, none of which Telegram gives to several people."""
    for one in ids:
        if one in NOBODY:
            raise ValueError(f"{one} stands for many people in Telegram; write the id of one person")
    return ids


Owners = Annotated[list[Annotated[int, Field(gt=0)]], BeforeValidator(_by_comma), AfterValidator(_people)]


class Section(BaseModel):
    """Common ground: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSection(Section):
    """How the bot reaches Telegram."""

    base_url: Url = "https://api.telegram.org/bot"
    base_file_url: Url = "https://api.telegram.org/file/bot"
    mode: Literal["polling", "webhook"] = "polling"
    owners: Owners = []


class KnowledgeSection(Section):
    """What is answered from."""

    path: Path = Path("knowledge")
    packs: Words = ["btc-vs-bch"]
    cache: Path = Path(".cache")
    commit: bool = False


class AnswersSection(Section):
    """What answers show."""

    currency: Fiat = Fiat.USD


class DatabaseSection(Section):
    """Where what happened is kept."""

    url: str = "sqlite+aiosqlite:///bot.db"


class PrivacySection(Section):
    """What is kept of people."""

    question_days: Annotated[int, Field(ge=1, le=3650)] = 90


class HttpSection(Section):
    """Where health and metrics are served."""

    listen: Annotated[str, StringConstraints(pattern=r"^[^\s:]+:\d{1,5}$|^$")] = ""


class LogSection(Section):
    """What is logged."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Provider(Section):
    """One provider of live numbers; what is not given stays as it is in `DEFAULT_PROVIDERS`."""

    base_url: SourceUrl | None = None
    enabled: bool | None = None
    priority: Annotated[int, Field(ge=0, le=100)] | None = None
    per_minute: Annotated[int, Field(gt=0)] | None = None
    timeout: Annotated[float, Field(gt=0, le=60)] | None = None
    user: str | None = None
    key: Annotated[str | None, Field(repr=False)] = None

    def over(self, default: ProviderSettings) -> ProviderSettings:
        """Return the default with what is given put in its place; `timeout` is in seconds."""
        given = self.model_dump(exclude_none=True, exclude={"timeout"})
        return replace(default, **given, timeout=timedelta(seconds=self.timeout) if self.timeout else default.timeout)


def _known_providers(sources: dict[str, Provider]) -> dict[str, Provider]:
    for name in sources:
        if name not in DEFAULT_PROVIDERS:
            raise ValueError(f"'{name}' is not a provider{nearest(name, list(DEFAULT_PROVIDERS))}")
    return sources


class Settings(Section):
    """Everything that can be set; every key is optional."""

    telegram: TelegramSection = TelegramSection()
    knowledge: KnowledgeSection = KnowledgeSection()
    answers: AnswersSection = AnswersSection()
    database: DatabaseSection = DatabaseSection()
    privacy: PrivacySection = PrivacySection()
    http: HttpSection = HttpSection()
    log: LogSection = LogSection()
    sources: Annotated[dict[str, Provider], AfterValidator(_known_providers)] = {}

    @property
    def providers(self) -> dict[str, ProviderSettings]:
        """Every provider with its address, whether it was mentioned or not."""
        return {
            name: self.sources[name].over(default) if name in self.sources else default
            for name, default in DEFAULT_PROVIDERS.items()
        }


def load_settings(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Args:
        file: config.yml; None means `BOT_CONFIG`, then config.yml here, then the one beside the program.
        environment: `BOT__SECTION__KEY` variables override the file.

    Raises:
        ConfigError: a key is unknown, a value does not fit, or the file cannot be read.
    """
    path = file or _found(environment)
    document = _document(path) if path else Document("config.yml", {}, {})
    if not isinstance(document.tree, dict):
        raise ConfigError(f"{document.at(())}: must be a mapping of 'section:' blocks")
    _refuse_secrets(document.tree, document)
    variables = {_spot(name): name for name in sorted(environment) if name.startswith(PREFIX)}
    tree: Tree = document.tree
    for spot, name in variables.items():
        tree = _overlaid(tree, spot, environment[name])
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        raise ConfigError("\n".join(_problems(error, document, variables))) from error
    home = path.parent if path else PROJECT
    given = settings.knowledge
    knowledge = given.model_copy(update={"path": home / given.path, "cache": home / given.cache})
    return settings.model_copy(update={"knowledge": knowledge})


def _refuse_secrets(tree: Mapping[str, Tree], document: Document) -> None:
    """Keys of providers come from the environment only, so that the file can be shown to anybody."""
    sources = tree.get("sources")
    for name, section in sources.items() if isinstance(sources, dict) else ():
        if isinstance(section, dict) and "key" in section:
            place = document.at(("sources", name, "key"))
            raise ConfigError(
                f"{place}: a key is a secret; set {PREFIX}SOURCES__{name.upper()}__KEY in the environment"
            )


def _found(environment: Mapping[str, str]) -> Path | None:
    if named := environment.get("BOT_CONFIG"):
        return Path(named)
    return next((path for path in (Path("config.yml"), PROJECT / "config.yml") if path.is_file()), None)


def _document(path: Path) -> Document:
    try:
        return read_document(path, str(path))
    except KnowledgeError as error:
        raise ConfigError(str(error)) from error


def _spot(variable: str) -> tuple[str, ...]:
    return tuple(variable.removeprefix(PREFIX).lower().split("__"))


def _overlaid(tree: Tree, spot: tuple[str, ...], value: str) -> Tree:
    """Return the tree with one value set, the sections on the way made where they are missing."""
    if not spot:
        return value
    inner = tree if isinstance(tree, dict) else {}
    return {**inner, spot[0]: _overlaid(inner.get(spot[0], {}), spot[1:], value)}


def _problems(error: ValidationError, document: Document, variables: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    for found in error.errors():
        spot = found["loc"]
        named = next((name for path, name in variables.items() if spot[: len(path)] == path), None)
        yield f"{named or document.at(spot)}: {sentence(found, Settings)}"
