"""Holds the whole knowledge against live numbers: which claims are still true, contradicted, or not checkable now."""

from bot.model.judgement import Judged, judged
from bot.model.knowledge import Library
from bot.stats import Desk


async def drift(library: Library, desk: Desk) -> tuple[Judged, ...]:
    """Return every claim of a library with what became of it; each statistic is looked up once."""
    metrics = dict.fromkeys(claim.metric for entry in library.entries for claim in entry.claims)
    snapshots = await desk.snapshots(metrics)
    return tuple(one for entry in library.entries for one in judged(entry, snapshots))
