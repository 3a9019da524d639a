"""How things went, for owners: counts by day, the best and the worst answers, languages, groups."""

from collections.abc import Iterator, Sequence

from bot.model.knowledge import Library
from bot.model.record import Count, Insight, Kind, Standing
from bot.model.reply import Block, Headline, Note, Paragraph, Picture, Reply
from bot.text import counted

LISTED = 5
WEEK = 7


def insight_reply(insight: Insight, library: Library, png: bytes, why_none: str = "") -> Reply:
    """Return how things went, with its chart; without one it says why."""
    says = f"Questions a day, {len(insight.days)} days"
    blocks = tuple(_blocks(insight, library))
    note = (Note(f"No chart: {why_none}."),) if why_none else ()
    return Reply((*blocks, *note), (), Picture(png, says) if png else None)


def _blocks(insight: Insight, library: Library) -> Iterator[Block]:
    total = [sum(day.counts[number] for day in insight.days) for number in range(len(Kind))]
    week = sum(sum(day.counts) for day in insight.days[-WEEK:])
    yield Headline(
        f"{counted(sum(total), 'question')} of {counted(insight.askers, 'asker')} in {len(insight.days)} days"
    )
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in zip(Kind, total, strict=True))
    yield Paragraph(f"{kinds}. Last {WEEK} days: {week / WEEK:.1f} a day; today: {sum(insight.days[-1].counts):,}.")
    if insight.entries:
        yield Paragraph(_listed("Asked most", insight.entries[:LISTED], library))
    if worst := _worst(insight.entries):
        yield Paragraph(_listed("Liked least", worst, library))
    for name, counts in (("Languages", insight.languages), ("Where", insight.places), ("Groups", insight.groups)):
        if counts:
            yield Paragraph(f"{name}: {_named(counts)}.")


def _worst(entries: Sequence[Standing]) -> list[Standing]:
    """Return the entries with the most 👎 over 👍."""
    disliked = [one for one in entries if one.downs]
    return sorted(disliked, key=lambda one: (one.ups - one.downs, one.entry))[:LISTED]


def _listed(heading: str, entries: Sequence[Standing], library: Library) -> str:
    titles = {entry.id: entry.title for entry in library.entries}
    lines = [f"{titles.get(one.entry, one.entry)}: {one.answers:,}{_votes(one)}" for one in entries]
    return "\n".join((f"{heading}:", *lines))


def _votes(one: Standing) -> str:
    return f", 👍 {one.ups} 👎 {one.downs}" if one.ups or one.downs else ""


def _named(counts: Sequence[Count]) -> str:
    return ", ".join(f"{one.name} {one.count:,}" for one in counts)
