"""Reads config.yml and the environment into typed settings; a mistake stops with file:line and the cure."""

import re
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
from bot.library.strict import Document, Spot, Tree, read_document
from bot.model.manners import LONGEST_COOLDOWN, Detail, Mode
from bot.model.money import Fiat
from bot.stats import DEFAULT_PROVIDERS, ProviderSettings

PREFIX = "BOT__"
TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name of the variable
SHARED_IDS = {
    1087968824: "every anonymous administrator of every group",
    136817688: "everybody who writes in the name of a channel",
    777000: "Telegram itself, which forwards what channels post",
}
PASSWORD = re.compile(r"//[^/@:]*:[^/]*@")  # in an address
LARGEST_ID, LARGEST_PORT = 2**52, 65_535  # ids have at most 52 bits, as the Bot API says
PROJECT = Path(bot.__file__).parent.parent
SourceUrl = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s/@]+(/[^\s]*)?|(ssl|tcp)://[^\s/@:]+:\d{1,5})$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@]+(/[^\s]*)?$")]
LISTEN = r"(([^\s:\[\]]+|\[[0-9A-Fa-f:]+\])?:)?\d{1,5}"  # host:port, :port or port


def _by_comma(value: Any) -> Any:
    if isinstance(value, str):
        return [part for piece in value.strip("[] ").split(",") if (part := piece.strip(" \"'"))]
    return value


Words = Annotated[list[str], BeforeValidator(_by_comma)]


def _person(number: int) -> int:
    """Refuse ids that many people write under: whoever owned one would share the bot with all of them."""
    if number in SHARED_IDS:
        raise ValueError(f"'{number}' in 'owners' is {SHARED_IDS[number]}; write the user id of one person")
    if not 0 < number < LARGEST_ID:
        kind = "a group or channel" if number < 0 else "nobody"
        raise ValueError(f"'{number}' in 'owners' is {kind}; write the user id of a person")
    return number


def _database(url: str) -> str:
    if not url.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
        raise ValueError("'url' must be sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER@HOST/NAME; mend it")
    return url


def _address(listen: str) -> str:
    if listen and int(listen.rpartition(":")[2]) > LARGEST_PORT:
        raise ValueError(f"'{listen}' does not fit 'listen'; ports end at {LARGEST_PORT}")
    return listen


Ids = Annotated[list[Annotated[int, AfterValidator(_person)]], BeforeValidator(_by_comma)]


class Section(BaseModel):
    """Common ground: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSection(Section):
    """How the bot reaches Telegram."""

    base_url: Url = "https://api.telegram.org/bot"
    base_file_url: Url = "https://api.telegram.org/file/bot"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s/@?#]+(/[^\s?#]*)?)?$")] = ""
    webhook_listen: Annotated[str, StringConstraints(pattern=rf"^{LISTEN}$"), AfterValidator(_address)] = (
        "127.0.0.1:8080"
    )
    owners: Ids = []


class KnowledgeSection(Section):
    """What is answered from."""

    path: Path = Path("knowledge")
    packs: Words = ["btc-vs-bch"]
    offered: Words = []
    cache: Path = Path(".cache")
    commit: bool = False


class AnswersSection(Section):
    """What answers show."""

    currency: Fiat = Fiat.USD


class GroupsSection(Section):
    """How the bot behaves in groups whose administrators have set nothing else."""

    mode: Mode = Mode.ADDRESSED
    detail: Detail = Detail.SHORT
    cooldown: Annotated[int, Field(ge=0, le=LONGEST_COOLDOWN)] = 30


class DatabaseSection(Section):
    """Where what happened is kept."""

    url: Annotated[str, AfterValidator(_database)] = "sqlite+aiosqlite:///bot.db"


class PrivacySection(Section):
    """What is kept of people."""

    question_days: Annotated[int, Field(ge=1, le=3650)] = 90


class HttpSection(Section):
    """Where health and metrics are served."""

    listen: Annotated[str, StringConstraints(pattern=rf"^({LISTEN})?$"), AfterValidator(_address)] = ""


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
    groups: GroupsSection = GroupsSection()
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


def found_file(file: Path | None, environment: Mapping[str, str]) -> Path:
    """Return the file that `load_settings` reads, or the one it would."""
    return file or _found(environment) or Path("config.yml")


def _refuse_secrets(tree: Mapping[str, Tree], document: Document) -> None:
    """Secrets come from the environment only, so that the file can be shown to anybody; none is echoed."""
    for spot, name, what in _secrets(tree):
        raise ConfigError(f"{document.at(spot)}: {what} is a secret; set {name} in the environment")


def _secrets(tree: Mapping[str, Tree]) -> Iterator[tuple[Spot, str, str]]:
    """Yield where a secret stands in a file, the variable it belongs into, and what it is."""
    sources, telegram, database = (tree.get(name) for name in ("sources", "telegram", "database"))
    for name, section in sources.items() if isinstance(sources, dict) else ():
        if isinstance(section, dict) and "key" in section:
            yield ("sources", name, "key"), f"{PREFIX}SOURCES__{name.upper()}__KEY", "a key"
    if isinstance(telegram, dict) and "token" in telegram:
        yield ("telegram", "token"), TOKEN, "a token"
    if isinstance(database, dict) and PASSWORD.search(str(database.get("url", ""))):
        yield ("database", "url"), f"{PREFIX}DATABASE__URL", "a 'url' with a password"


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
