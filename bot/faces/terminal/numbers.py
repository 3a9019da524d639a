"""Statistics as JSON: one object for each statistic and coin."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.model.quote import Missing, Quote, Snapshot


def as_objects(snapshots: Sequence[Snapshot], at: datetime) -> Iterator[dict[str, Any]]:
    """Yield the number of each statistic and coin with its source and age in seconds, or why it is missing."""
    for snapshot in snapshots:
        for coin, side in snapshot.sides.items():
            yield {
                "stat": snapshot.stat.key,
                "coin": coin.value,
                "unit": snapshot.stat.unit.value,
                **side_as_object(side, at),
            }


def side_as_object(side: Quote | Missing, at: datetime) -> dict[str, Any]:
    """Return a number with its source and age in seconds, or why it is missing."""
    if isinstance(side, Missing):
        return {**dict.fromkeys(("value", "source", "observed_at", "age")), "quality": "missing", "reason": side.reason}
    return {
        "value": side.value,
        "source": side.source,
        "observed_at": side.observed_at.isoformat(),
        "age": (at - side.observed_at) / timedelta(seconds=1),
        "quality": side.quality.value,
        **({"other": side_as_object(side.other, at)} if side.other else {}),
    }
