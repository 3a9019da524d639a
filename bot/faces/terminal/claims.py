"""Claims as JSON: one object for each, with what live numbers say of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, assert_never

from bot.faces.terminal.numbers import side_as_object
from bot.model.judgement import Contradicted, Holds, Judged, Judgement, Unchecked
from bot.model.knowledge import Claim, Relation


def as_objects(found: Sequence[Judged], at: datetime) -> Iterator[dict[str, Any]]:
    """Yield each claim with its place and what became of it: the number of today, or why there is none."""
    for one in found:
        yield {
            "entry": one.entry.id,
            "at": str(one.claim.origin),
            **_claim(one.claim),
            "unit": one.snapshot.stat.unit.value,
            **_outcome(one.judgement, at),
        }


def _claim(claim: Claim) -> dict[str, Any]:
    is_between = claim.relation is Relation.BETWEEN
    return {
        "metric": claim.metric,
        "coin": claim.measure.value,
        "relation": claim.relation.value,
        "value": [claim.low, claim.high] if is_between else claim.low,
        "tolerance": claim.margin,
        "as_of": claim.as_of.isoformat(),
    }


def _outcome(judgement: Judgement, at: datetime) -> dict[str, Any]:
    match judgement:
        case Holds(now=now):
            return {"outcome": "still true", "now": side_as_object(now, at)}
        case Contradicted(now=now):
            return {"outcome": "contradicted", "now": side_as_object(now, at)}
        case Unchecked(reason=reason):
            return {"outcome": "not checkable", "now": None, "reason": reason}
    assert_never(judgement)
