"""How an axis writes its values: as `numbers` does, but in one and the same unit from end to end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.model.quote import Coin, Unit
from bot.reply.numbers import DAY, HOUR, MINUTE, MONEY, SCALES, number

CLOCK = ((DAY, "days"), (HOUR, "h"), (MINUTE, "min"), (1, "s"))
FEW = 3  # of a unit of time: what lasts less long is counted in the next smaller one


@dataclass(frozen=True, slots=True)
class Ruler:
    """Units by falling size, how a count of them is written, and how many make the unit worth using."""

    units: tuple[tuple[float, str], ...]
    form: str
    least: float = 1.0


RULERS: Mapping[Unit, Ruler] = {
    Unit.USD: Ruler(MONEY, "${:,.2f}{}"),
    Unit.HASHES_PER_SECOND: Ruler(SCALES, "{:,.1f} {}H/s"),
    Unit.DIFFICULTY: Ruler(SCALES, "{:,.1f} {}"),
    Unit.SECONDS: Ruler(CLOCK, "{:,.0f} {}", FEW),
}


def writer(unit: Unit, coin: Coin, low: float, high: float) -> Callable[[float], str]:
    """Return what writes the values of an axis from `low` to `high`."""
    ruler = RULERS.get(unit, Ruler((), ""))
    reach = low if low > 0 else high
    fitting = next(((size, name) for size, name in ruler.units if reach >= ruler.least * size), None)
    return partial(_counted, ruler.form, *fitting) if fitting else partial(_plain, unit, coin)


def _counted(form: str, size: float, name: str, value: float) -> str:
    return form.format(value / size, name)


def _plain(unit: Unit, coin: Coin, value: float) -> str:
    return number(value, unit, coin)
