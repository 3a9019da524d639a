"""Where numbers come from, and how answers are read: strictly, so that a changed shape is a failed source.

What is asked and how the answers are read is a plan: a generator that yields requests, gets what came back, and returns
readings. It touches no wire, so it can be run on recorded answers.
"""

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from bot.errors import SourceError
from bot.model.quote import Coin
from bot.stats.metric import Metric, Need, Reading, Readings


@dataclass(frozen=True, slots=True)
class Get:
    """A page, relative to the provider's base URL."""

    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """A method of a JSON-RPC server with its positional arguments; what comes back is the `result` alone, as JSON."""

    method: str
    params: tuple[str | int | bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back, and when."""

    body: bytes
    at: datetime


Request = Get | Call
Found_co = TypeVar("Found_co", covariant=True)
Plan = Generator[Request, Heard, Found_co]


class Planned(Protocol[Found_co]):
    """What can be asked of a provider, and leads to something."""

    @property
    def provider(self) -> str:
        """The provider's name in the settings."""

    def plan(self) -> Plan[Found_co]:
        """Return the requests to make and how their answers are read."""


Parse = Callable[[bytes, datetime], Readings]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One page of a provider.

    `source` is the name readers see; `parse` turns a body and the moment it came into readings, and raises
    `pydantic.ValidationError` where the body is not of the documented shape.
    """

    provider: str
    source: str
    path: str
    parse: Parse

    def plan(self) -> Plan[Readings]:
        """Get the page and read it; raises `SourceError` where nothing of what we look for is on it."""
        heard = yield Get(self.path)
        found = self.parse(heard.body, heard.at)
        if not found:
            raise SourceError("gave an answer without numbers")
        return found


@dataclass(frozen=True, slots=True)
class Conversation:
    """Several requests of which later ones follow from earlier answers; `name` tells a provider's apart."""

    provider: str
    source: str
    name: str
    plan: Callable[[], Plan[Readings]] = field(compare=False)


Origin = Endpoint | Conversation


NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")  # Python's own reader takes "1_0" and "nan" as well


class Body(BaseModel):
    """A part of an answer: numbers are numbers, never texts, booleans, NaN or infinite; other fields are ignored."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False, extra="ignore")


def _from_text(value: Any) -> Any:
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        raise ValueError("a number written as text is expected")
    return float(value)


def _from_either(value: Any) -> Any:
    return _from_text(value) if isinstance(value, str) else value


def _from_iso(value: Any) -> datetime:
    return datetime.fromisoformat(str(value))


def _if_above_zero(value: Any) -> Any:
    return value if type(value) in {int, float} and value > 0 else None


Positive = Annotated[float, Field(gt=0)]
PositiveIfAny = Annotated[float | None, BeforeValidator(_if_above_zero)]  # what is not a number above zero is not given
Seconds = Annotated[int, Field(gt=0, lt=10**11)]  # since 1970; more would be milliseconds
Count = Annotated[int, Field(ge=0, le=10**18)]  # JSON knows whole numbers that no float holds
Height = Annotated[int, Field(ge=0, le=10_000_000)]  # more would let one wrong block pass for the best
Signed = Annotated[float, BeforeValidator(_from_text), Field(allow_inf_nan=False)]  # a number written as text
TextNumber = Annotated[Signed, Field(gt=0)]
EitherNumber = Annotated[float, BeforeValidator(_from_either), Field(ge=0, allow_inf_nan=False)]  # as text or not
IsoMoment = Annotated[AwareDatetime, BeforeValidator(_from_iso)]


def moment(seconds: float) -> datetime:
    """Return the moment so many seconds after the start of 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def read(
    coin: Coin, at: datetime, values: Mapping[Metric, float] | Mapping[Metric, float | None]
) -> dict[Need, Reading]:
    """Return readings of one coin, all observed at one moment; what is None was not given."""
    return {(metric, coin): Reading(value, at) for metric, value in values.items() if value is not None}


def read_for_all(at: datetime, values: Mapping[Metric, float] | Mapping[Metric, float | None]) -> dict[Need, Reading]:
    """Return readings that hold for both coins alike."""
    return {need: reading for coin in Coin for need, reading in read(coin, at, values).items()}
