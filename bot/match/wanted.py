"""What a text wants worked out, by its words alone: a chart, a sum in other money or of fees, a look at addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.match.addresses import find_addresses
from bot.match.amount_questions import find_convert, find_cost
from bot.match.charts import find_chart
from bot.match.matcher import REMEMBERED, SHORT
from bot.match.price_questions import find_price
from bot.match.remembered import Remembered
from bot.model.address import Sighting
from bot.model.chart import ChartRequest
from bot.model.money import ConvertRequest, CostRequest, Fiat


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was found; where there are no pictures, the chart counts for nothing."""

    chart: ChartRequest | None
    sum: Fiat | CostRequest | ConvertRequest | None
    addresses: tuple[Sighting, ...]


def read_wanted(text: str, charts: Mapping[str, str]) -> Wanted:
    """Return what a text wants; `charts` are the keys of statistics that can be drawn, by their names."""
    money = find_price(text) or find_cost(text) or find_convert(text)
    return Wanted(find_chart(text, charts), money, find_addresses(text))


@dataclass(slots=True)
class Wants:
    """Remembers what texts want; one with an address in it is nobody's to keep."""

    charts: Mapping[str, str]
    _kept: Remembered[str, Wanted] = field(default_factory=lambda: Remembered(REMEMBERED))

    def of(self, text: str) -> Wanted:
        """Return what a text wants."""
        if len(text) > SHORT:
            return read_wanted(text, self.charts)
        return self._kept.get(text, lambda: read_wanted(text, self.charts), lambda wanted: not wanted.addresses)
