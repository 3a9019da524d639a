"""Claims held against live numbers: still true, contradicted, or not checkable now and why."""

from dataclasses import dataclass

from bot.model.knowledge import Claim, Entry, Measure
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot, worst

DISPUTED = "sources differ"
OLD = "only an old number is known"
NOTHING = "there is none on BCH to compare with"


@dataclass(frozen=True, slots=True)
class Holds:
    """The live number bears the claim out."""

    now: Quote


@dataclass(frozen=True, slots=True)
class Contradicted:
    """The live number says otherwise."""

    now: Quote


@dataclass(frozen=True, slots=True)
class Unchecked:
    """There is no number that could be trusted to decide; `reason` is a short phrase a reader understands."""

    reason: str


Judgement = Holds | Contradicted | Unchecked


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim of an entry with what became of it, and the statistic it was held against."""

    entry: Entry
    claim: Claim
    snapshot: Snapshot
    judgement: Judgement


def judge(claim: Claim, snapshot: Snapshot) -> Judgement:
    """Hold a claim against its statistic; a number that is old, disputed or missing decides nothing."""
    now = measured(snapshot, claim.measure)
    match now:
        case Missing(reason=reason):
            return Unchecked(reason)
        case Quote(quality=Quality.DISPUTED):
            return Unchecked(DISPUTED)
        case Quote(quality=Quality.LAST_KNOWN):
            return Unchecked(OLD)
    return Holds(now) if claim.allows(now.value) else Contradicted(now)


def judged(entry: Entry, snapshots: tuple[Snapshot, ...]) -> tuple[Judged, ...]:
    """Hold every claim of an entry against the snapshots; one whose statistic was not looked up is left out."""
    found = {snapshot.stat.key: snapshot for snapshot in snapshots}
    return tuple(
        Judged(entry, claim, found[claim.metric], judge(claim, found[claim.metric]))
        for claim in entry.claims
        if claim.metric in found
    )


def measured(snapshot: Snapshot, measure: Measure) -> Quote | Missing:
    """Return the number of a snapshot that is meant; one side over the other is as old and as good as the worse one."""
    if measure is not Measure.TIMES:
        return snapshot.sides[Coin(measure.value)]
    btc, bch = (snapshot.sides[coin] for coin in Coin)
    if isinstance(btc, Missing) or isinstance(bch, Missing):
        return btc if isinstance(btc, Missing) else bch
    if not bch.value:
        return Missing(NOTHING)
    return Quote(
        btc.value / bch.value,
        " + ".join(dict.fromkeys(f"{btc.source} + {bch.source}".split(" + "))),
        min(btc.observed_at, bch.observed_at),
        min(btc.fetched_at, bch.fetched_at),
        worst((btc, bch)),
    )
