"""Claims and past figures in words: what the text says beside what live numbers say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import assert_never

from bot.model.judgement import Contradicted, Holds, Judged, Unchecked, measured
from bot.model.knowledge import Claim, Entry, Figure, Measure, Relation
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot, Stat
from bot.model.reply import Block, Headline, Note, Paragraph, Reply
from bot.reply.numbers import age, number, significant

WHOSE = {Measure.BTC: "BTC", Measure.BCH: "BCH", Measure.TIMES: "BTC over BCH"}
TIMES_FORMATS = {4: "%Y", 7: "%b %Y"}  # by the length of what is known: a year, a month; else the day as it is
ROUGHLY = "≈ "  # before a day that is expected; a day that is claimed has its relation
WORDS = {Quality.LAST_KNOWN: "last known", Quality.DISPUTED: "now, though sources differ,"}
NONE = Reply((Paragraph("No entry makes a claim that a number could check."),))


def contradictions(found: Sequence[Judged], at: datetime) -> tuple[str, ...]:
    """Return a sentence for each claim that a live number contradicts."""
    return tuple(
        f"The text says {claimed(one.claim, one.snapshot.stat)}; "
        f"the chain says {shown(one.judgement.now.value, one.snapshot.stat, one.claim.measure)} now "
        f"({origin(one.judgement.now, at)})."
        for one in found
        if isinstance(one.judgement, Contradicted)
    )


def claimed(claim: Claim, stat: Stat) -> str:
    """Return what is claimed, and as of when: `Block limit (BCH) is at least 32 MB (2026-11-23)`."""
    low, high = (shown(value, stat, claim.measure) for value in (claim.low, claim.high))
    match claim.relation:
        case Relation.EQUALS:
            value = low
        case Relation.BETWEEN:
            value = f"between {low} and {high}"
        case _:
            value = f"{claim.relation} {low}"
    return f"{name(stat, claim.measure)} is {value} ({claim.as_of.isoformat()})"


def then_and_now(entry: Entry, snapshots: Sequence[Snapshot], at: datetime) -> tuple[str, ...]:
    """Return a line for each past figure of an entry with today's beside it; without one the past stands alone."""
    found = {snapshot.stat.key: snapshot for snapshot in snapshots}
    return tuple(_then_and_now(figure, found[figure.metric], at) for figure in entry.past if figure.metric in found)


def _then_and_now(figure: Figure, snapshot: Snapshot, at: datetime) -> str:
    stat, measure = snapshot.stat, figure.measure
    then = f"{moment(figure)}: {name(stat, measure)} {shown(figure.value, stat, measure)}"
    now = measured(snapshot, measure)
    if isinstance(now, Missing):
        return then
    values = [shown(one.value, stat, measure) for one in (now, now.other) if one]
    return f"{then} → {WORDS.get(now.quality, 'now')} {' ⚠ '.join(values)} ({origin(now, at)})"


def moment(figure: Figure) -> str:
    """Return when a figure was true: `Aug 2023`, `The fork, 2017-08-01`."""
    form = TIMES_FORMATS.get(len(figure.as_of))
    time = f"{date.fromisoformat(f'{figure.as_of}-01-01'[:10]):{form}}" if form else figure.as_of
    return f"{figure.label}, {time}" if figure.label else time


def drift_reply(found: Sequence[Judged], at: datetime) -> Reply:
    """Return every claim with what became of it: the contradicted ones first, then those nobody could check."""
    return Reply(tuple(_drift_blocks(found, at))) if found else NONE


def digest_reply(found: Sequence[Judged], at: datetime) -> Reply:
    """Return the claims that are contradicted, for somebody who did not ask."""
    head = "A claim in the knowledge is" if len(found) == 1 else f"{len(found)} claims in the knowledge are"
    note = Note("All claims: /drift. I write about this once a week at most, and only while something is contradicted.")
    return Reply((Headline(f"{head} contradicted by live numbers"), *_contradicted(found, at), note))


def _drift_blocks(found: Sequence[Judged], at: datetime) -> Iterator[Block]:
    yield Headline(counted(found))
    yield from _contradicted(found, at)
    yield from _listed(_by_reason(found))
    yield from _listed(_by_entry(found, at))


def _contradicted(found: Sequence[Judged], at: datetime) -> Iterator[Block]:
    for one in found:
        yield from (Paragraph(f"✗ {one.entry.id} ({one.claim.origin})\n{text}") for text in contradictions((one,), at))


def counted(found: Sequence[Judged]) -> str:
    """Return how many claims there are and how they went."""
    kinds = [type(one.judgement) for one in found]
    parts = ((Contradicted, "contradicted"), (Unchecked, "not checkable now"), (Holds, "still true"))
    return f"{len(found)} claims: " + ", ".join(f"{kinds.count(kind)} {words}" for kind, words in parts)


def _listed(groups: Mapping[str, Sequence[str]]) -> Iterator[Block]:
    yield from (Paragraph("\n".join((heading, *lines))) for heading, lines in groups.items())


def _by_reason(found: Sequence[Judged]) -> Mapping[str, Sequence[str]]:
    groups: dict[str, list[str]] = {}
    for one in found:
        if isinstance(one.judgement, Unchecked):
            line = f"{one.entry.id}: {claimed(one.claim, one.snapshot.stat)}"
            groups.setdefault(f"? Not checkable now: {one.judgement.reason}", []).append(line)
    return groups


def _by_entry(found: Sequence[Judged], at: datetime) -> Mapping[str, Sequence[str]]:
    groups: dict[str, list[str]] = {}
    for one in found:
        if isinstance(one.judgement, Holds):
            stat, now = one.snapshot.stat, one.judgement.now
            value = shown(now.value, stat, one.claim.measure)
            line = f"{claimed(one.claim, stat)}; now {value} ({origin(now, at)})"
            groups.setdefault(f"✓ {one.entry.id}", []).append(line)
    return groups


def name(stat: Stat, measure: Measure) -> str:
    """Return a statistic's title with whose number is meant."""
    return f"{stat.title} ({WHOSE[measure]})"


def shown(value: float, stat: Stat, measure: Measure) -> str:
    """Return a value with its unit, or how many times one side is the other."""
    match measure:
        case Measure.TIMES:
            return f"{significant(value)}×"
        case Measure.BTC | Measure.BCH:
            return number(value, stat.unit, Coin(measure.value)).removeprefix(ROUGHLY)
    assert_never(measure)


def origin(quote: Quote, at: datetime) -> str:
    """Return how old a number is and who says it."""
    sources = [one.source for one in (quote, quote.other) if one]
    return f"{age(quote.observed_at, at)}, {' and '.join(sources)}"
