"""How far a number may be trusted: what two independent sources may differ by, and who settles a dispute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.model.quote import Quality, Quote
from bot.stats.metric import CURRENCIES, Metric, Need

JUMP = 2.0  # times the last known number; a lone source that leaps further is not believed on its own


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What sources may differ by: a share of the smaller number, or so many units."""

    share: float = 0.0
    units: float = 0.0

    def is_met(self, one: float, other: float) -> bool:
        """Tell whether two numbers say the same."""
        return abs(one - other) <= max(self.units, self.share * min(abs(one), abs(other)))


# Windows of hash rates and counts of a day differ from source to source, and BCH's difficulty changes with each block.
TOLERANCES: Mapping[Metric, Tolerance] = {
    Metric.PRICE: Tolerance(share=0.01),
    Metric.ALL_MARKET_CAP: Tolerance(share=0.1),
    Metric.HEIGHT: Tolerance(units=3),
    Metric.TIP_TIME: Tolerance(units=7_200),  # one block apart, and headers may run ahead
    Metric.HASHRATE: Tolerance(share=0.3),
    Metric.DIFFICULTY: Tolerance(share=0.1),
    Metric.TRANSACTIONS: Tolerance(share=0.3),
    **dict.fromkeys(CURRENCIES.values(), Tolerance(share=0.02)),
}

# A number that a provider only repeats is not a second opinion.
REPEATS: Mapping[tuple[str, Metric], str] = {
    ("blockchair", Metric.PRICE): "coingecko",
    ("blockchair", Metric.MARKET_CAP): "coingecko",
    ("blockchair", Metric.CHANGE_24H): "coingecko",
}


# What a hash rate is a mean over, which no answer says: mempool.space and its fork ask their nodes for that of 1,008
# blocks, ours is of 144.
WINDOWS: Mapping[str, str] = {
    **dict.fromkeys(("mempool_space", "bchexplorer"), "7 d"),
    **dict.fromkeys(("blockchair", "btc_node", "bch_node"), "24 h"),
}


# The best block of a source that lags is an old one, so of two times the later one is right.
NEWEST = {Metric.TIP_TIME}


def root(provider: str, metric: Metric) -> str:
    """Return who a provider's number really comes from."""
    return REPEATS.get((provider, metric), provider)


def signed(source: str, provider: str, metric: Metric) -> str:
    """Return how readers see a source of a number: a hash rate's with its window, as `mempool.space (7 d)`."""
    return f"{source} ({WINDOWS[provider]})" if metric is Metric.HASHRATE else source


def is_settled(need: Need, voices: Sequence[Quote]) -> bool:
    """Tell whether no further source needs to be asked."""
    tolerance = TOLERANCES.get(need[0])
    if tolerance is None:
        return bool(voices)
    return any(
        tolerance.is_met(one.value, other.value) for place, one in enumerate(voices) for other in voices[place + 1 :]
    )


def settle(need: Need, voices: Sequence[Quote], known: Quote | None) -> Quote:
    """Return the first number that another one confirms; without any, the first, marked as disputed.

    A lone number is believed unless it leaps away from the last known one.
    """
    tolerance = TOLERANCES.get(need[0])
    if tolerance is None:
        return voices[0]
    for place, one in enumerate(voices):
        others = [other for number, other in enumerate(voices) if number != place]
        if any(tolerance.is_met(one.value, other.value) for other in others):
            return one
    first = voices[0]
    if need[0] in NEWEST:
        return max(voices, key=lambda voice: voice.value)
    if len(voices) > 1:
        return replace(first, quality=Quality.DISPUTED, other=voices[1])
    if known and not tolerance.units and not 1 / JUMP < first.value / known.value < JUMP:
        return replace(first, quality=Quality.DISPUTED, other=replace(known, quality=Quality.LAST_KNOWN))
    return first
