"""Claims and past figures as fields of a knowledge file: numbers, days and tolerances written as people write them."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from bot.model.knowledge import Claim, Figure, Measure, Origin, Relation

_NUMBER = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?|-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MARGIN = r"^(\d+(?:\.\d+)?) ?(%|days?)?$"
LONGEST = 40  # characters of a number; with more it is none that anybody reads
DAY = 86_400  # seconds; dates are compared as seconds since 1970, as statistics give them
NUMBER_OR_DAY = {"type": ["number", "string"]}


def _number(said: Any) -> Any:
    """Return a number, or a day as seconds since 1970."""
    text = said if isinstance(said, str) else ""
    if _NUMBER.fullmatch(text) and len(text) <= LONGEST:
        return float(text.replace(",", ""))
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC).timestamp()
    except ValueError:
        raise ValueError(
            f"'{str(said)[:LONGEST]}' is not a number; write 4,000,000 or 3.125, or a day as YYYY-MM-DD"
        ) from None


def _numbers(said: Any) -> Any:
    """Return one number or a list of them as a list."""
    return [_number(one) for one in (said if isinstance(said, list) else [said])]


def _day(said: Any) -> Any:
    """Return a day; what pydantic would take for seconds since 1970 or for a moment is none."""
    if isinstance(said, str) and not _DAY.fullmatch(said):
        raise ValueError(f"'{said[:LONGEST]}' is not a date; write YYYY-MM-DD")
    return said


def _time(said: str) -> str:
    """Return a year, a month or a day that there is."""
    try:
        date.fromisoformat(f"{said}-01-01"[:10])
    except ValueError:
        raise ValueError(f"there is no '{said}'; write YYYY, YYYY-MM or YYYY-MM-DD") from None
    return said


Number = Annotated[float, BeforeValidator(_number), WithJsonSchema(NUMBER_OR_DAY)]
Numbers = Annotated[
    list[float],
    BeforeValidator(_numbers),
    Field(min_length=1, max_length=2),
    WithJsonSchema({"anyOf": [NUMBER_OR_DAY, {"type": "array", "items": NUMBER_OR_DAY, "minItems": 2, "maxItems": 2}]}),
]
Day = Annotated[date, BeforeValidator(_day)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Margin = Annotated[str, StringConstraints(pattern=_MARGIN), WithJsonSchema(NUMBER_OR_DAY)]
Time = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}){0,2}$"), AfterValidator(_time)]


class MeasuredFields(BaseModel):
    """Which number of which statistic is meant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: Key = Field(description="Key of a statistic, such as block-limit.")
    coin: Measure = Field(description="btc, bch, or btc/bch for how many times BCH's number BTC's is.")


class ClaimFields(MeasuredFields):
    """Something the text says that a live number can bear out or contradict."""

    relation: Relation = Field(description="How the number stands to the value.")
    value: Numbers = Field(description="In the unit of the statistic, or a day; two of them for between.")
    tolerance: Margin | None = Field(None, description="How far off about may be: 10 %, 3 days, or in the unit.")
    as_of: Day = Field(description="The day it was last seen to be true, YYYY-MM-DD.")

    @model_validator(mode="after")
    def _fit(self) -> Self:
        problem = next(self._problems(), None)
        if problem:
            raise ValueError(problem)
        return self

    def _problems(self) -> Iterator[str]:
        wanted = 2 if self.relation is Relation.BETWEEN else 1
        if len(self.value) != wanted:
            example = "value: [0.2, 1.5]" if wanted > 1 else "value: 3.125"
            yield f"'{self.relation}' needs {('one number', 'two numbers')[wanted - 1]}; write '{example}'"
        elif self.value != sorted(self.value):
            yield "'between' starts with the lower number; swap the two"
        if self.relation is Relation.ABOUT and not self.tolerance:
            yield "'about' needs to know how near that is; add 'tolerance: 10 %', or in the unit of the statistic"
        if self.relation is not Relation.ABOUT and self.tolerance:
            yield f"'tolerance' says nothing beside '{self.relation}'; remove it, or write 'relation: about'"

    @property
    def margin(self) -> float:
        """The tolerance in the unit of the statistic."""
        said = re.match(_MARGIN, self.tolerance or "")
        if not said:
            return 0.0
        size, unit = float(said[1]), said[2]
        if unit == "%":
            return abs(self.value[0]) * size / 100
        return size * DAY if unit else size

    def claim(self, origin: Origin) -> Claim:
        """Return the claim, which stands at `origin`."""
        low, high = self.value[0], self.value[-1]
        return Claim(self.metric, self.coin, self.relation, low, high, self.margin, self.as_of, origin)


class FigureFields(MeasuredFields):
    """What a statistic was in the past, shown beside what it is now."""

    value: Number = Field(description="In the unit of the statistic, or a day.")
    as_of: Time = Field(description="When it was so: YYYY, YYYY-MM or YYYY-MM-DD.")
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] | None = Field(
        None, description="What happened then, such as: The fork."
    )

    def figure(self) -> Figure:
        """Return the figure."""
        return Figure(self.metric, self.coin, self.value, self.as_of, self.label or "")
