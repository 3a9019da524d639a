"""Decides what a reply shows, and in which order; how it looks is left to a renderer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.model.judgement import judged
from bot.model.knowledge import Entry, Label, Library, Manners, Pack, Refusal
from bot.model.quote import Snapshot
from bot.model.reply import (
    AnyButton,
    Ask,
    Block,
    Browse,
    Choose,
    Headline,
    LiveTable,
    Note,
    Paragraph,
    Refresh,
    Reply,
    Share,
    Sources,
    TableRow,
    VersusTable,
)
from bot.model.source import SourceState
from bot.model.verdict import Answer, Choice, Match, Refuse, Rule, Silence, Verdict
from bot.reply.claims import contradictions, then_and_now
from bot.reply.sources import condition

RELATED = 3  # buttons under an answer
PAGE = 8  # topics on a page of /topics
NEAREST = 2  # entries offered beside "I don't know"
NEAR = 0.1  # below this score nothing is near enough to be offered


@dataclass(frozen=True, slots=True)
class Composer:
    """Knows the library's wording and titles."""

    library: Library

    def reply(self, verdict: Verdict, snapshots: tuple[Snapshot, ...], at: datetime) -> Reply | None:
        """Return what is said to a verdict; None where nothing is to be said."""
        match verdict:
            case Answer():
                return self.entry(verdict.entry, snapshots, at)
            case Choice(options=options):
                return self._choice(options)
            case Refuse():
                return self._refuse(verdict)
            case Silence():
                return None
        assert_never(verdict)

    def entry(self, entry: Entry, snapshots: tuple[Snapshot, ...], at: datetime) -> Reply:
        """Return the answer an entry gives, with its live numbers and what they say of its claims and past figures."""
        blocks = tuple(self._entry_blocks(entry, snapshots, at))
        return Reply(blocks, tuple(self._entry_buttons(entry)), entry=entry.id)

    def _entry_blocks(self, entry: Entry, snapshots: tuple[Snapshot, ...], at: datetime) -> Iterator[Block]:
        pack = self.library.packs[entry.pack]
        yield Headline(entry.verdict)
        if wrong := contradictions(judged(entry, snapshots), at):
            yield Note("\n".join(wrong))
        if live := tuple(snapshot for snapshot in snapshots if snapshot.stat.key in entry.live):
            yield LiveTable(live, at)
        if entry.versus:
            rows = tuple(TableRow(row.what, row.cells) for row in entry.versus)
            yield VersusTable(tuple(side.ticker for side in pack.sides), rows)
        if past := then_and_now(entry, snapshots, at):
            yield Paragraph("\n".join(past))
        if entry.detail:
            yield Paragraph(entry.detail)
        if entry.citations or entry.as_of:
            yield Sources(entry.citations, entry.as_of.isoformat() if entry.as_of else "", entry.label)
        if pack.disclaimer and (entry.label is Label.OPINION or entry.declines):
            yield Note(pack.disclaimer)

    def _entry_buttons(self, entry: Entry) -> Iterator[tuple[AnyButton, ...]]:
        if entry.live:
            yield (Refresh(entry.id),)
        yield from self._asks(entry.pack, entry.see[:RELATED])
        yield (Share(entry.id),)

    def _asks(self, pack: str, keys: Iterable[str]) -> Iterator[tuple[Ask, ...]]:
        entries = self.library.packs[pack].entries
        yield from ((Ask(key, entries[key].title),) for key in keys if key in entries)

    def _choice(self, options: tuple[Match, ...]) -> Reply:
        return Reply((Paragraph(self._manners(options).choose),), tuple(_buttons(options)))

    def _refuse(self, verdict: Refuse) -> Reply:
        manners = self._manners(verdict.others)
        if verdict.rule is Rule.SECRET:
            return Reply((Headline(manners.secret),))
        if verdict.rule is Rule.EMPTY:
            return Reply((Paragraph(manners.empty),))
        if verdict.refusal:
            return self._refusal(verdict.refusal)
        near = tuple(match for match in verdict.others if isinstance(match.target, Entry) and match.score >= NEAR)
        if not near:
            return Reply((Paragraph(manners.unknown),), ((Browse(0, "Topics"),),))
        own = tuple(match for match in near if match.target.pack == near[0].target.pack)
        blocks = (Paragraph(manners.unknown), Paragraph(manners.nearest))
        return Reply(blocks, (*_buttons(own[:NEAREST]), (Browse(0, "Topics"),)))

    def _refusal(self, refusal: Refusal) -> Reply:
        return Reply((Paragraph(refusal.say),), tuple(self._asks(refusal.pack, refusal.see)))

    def _manners(self, matches: Sequence[Match] = ()) -> Manners:
        """Return the wording of the pack of the best match, or of the first one."""
        pack = self.library.packs[matches[0].target.pack] if matches else self._first()
        return pack.manners

    def _first(self) -> Pack:
        return next(iter(self.library.packs.values()))

    def statistics(self, snapshots: tuple[Snapshot, ...], at: datetime) -> Reply:
        """Return every statistic in one table."""
        return Reply((LiveTable(snapshots, at),), ((Refresh(""),),))

    def status(self, states: Sequence[SourceState], at: datetime) -> Reply:
        """Return how each source of live numbers is doing."""
        rows = tuple(TableRow(state.name, condition(state, at)) for state in states)
        table = VersusTable(("State", "Answered", "Left"), rows)
        return Reply((Headline("Sources of live numbers"), table))

    def welcome(self) -> Reply:
        """Return the first message."""
        manners = self._manners()
        return Reply((Paragraph(manners.welcome), Note(manners.usage)), ((Browse(0, "Topics"),),))

    def wordless(self) -> Reply:
        """Return what is said to a message without words."""
        return Reply((Paragraph(self._manners().empty),), ((Browse(0, "Topics"),),))

    def about(self, versions: str) -> Reply:
        """Return what this bot is, how old its knowledge is and what it keeps; `versions` names the program."""
        manners = self._manners()
        dates = [entry.as_of for entry in self.library.entries if entry.as_of]
        youngest = f", last reviewed {max(dates).isoformat()}" if dates else ""
        titles = ", ".join(pack.title for pack in self.library.packs.values())
        count = (
            f"{titles}: {len(self.library.entries)} answers{youngest} (knowledge {self.library.version}, {versions})."
        )
        notes = [Note(pack.disclaimer) for pack in self.library.packs.values() if pack.disclaimer]
        return Reply((Paragraph(manners.about), Paragraph(count), Paragraph(manners.privacy), *notes))

    def topics(self, page: int) -> Reply:
        """Return one page of the entries as buttons; a page outside of the book is the nearest one in it."""
        entries = self.library.entries
        pages = max(1, -(-len(entries) // PAGE))
        here = min(max(page, 0), pages - 1)
        shown = entries[here * PAGE : (here + 1) * PAGE]
        turns = [
            Browse(there, sign) for there, sign in ((here - 1, "‹ Back"), (here + 1, "More ›")) if 0 <= there < pages
        ]
        rows = [(Ask(entry.id, entry.title),) for entry in shown]
        return Reply((Paragraph(f"Topics, page {here + 1} of {pages}:"),), (*rows, *((tuple(turns),) if turns else ())))


def _buttons(matches: tuple[Match, ...]) -> Iterator[tuple[Choose, ...]]:
    yield from ((Choose(match.target.id, match.target.title),) for match in matches)
