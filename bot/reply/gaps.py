"""The owners' pages: gaps in the knowledge, and how things went."""

from collections.abc import Iterator, Sequence

from bot.model.mark import Page, Settle, Turn, Work
from bot.model.record import Gap, Settled
from bot.model.reply import Block, Headline, Note, Paragraph, Reply
from bot.text import counted

PAGE = 5  # gaps on a page: a row of buttons each
TITLE = 24  # letters of an entry's title on a button
NONE = Reply((Paragraph("No gaps: everything that was asked was answered well, or is settled."),))
CURE = "Nothing changes until you press: {}."
SUBSCRIBED = Reply(
    (Paragraph("You get the gaps once a week from now on, if there are any. /gaps weekly off ends it."),)
)
UNSUBSCRIBED = Reply((Paragraph("You get the gaps only when you ask. /gaps weekly on sends them once a week."),))


def gaps_page(gaps: Sequence[Gap], page: int, *, can_edit: bool) -> Page:
    """Return one page of the gaps with the buttons that settle them; a page outside of the book is the nearest in it.

    Without `can_edit` nothing is offered that changes the knowledge.
    """
    if not gaps:
        return Page(NONE)
    pages = -(-len(gaps) // PAGE)
    here = min(max(page, 0), pages - 1)
    shown = list(enumerate(gaps, 1))[here * PAGE : (here + 1) * PAGE]
    blocks: tuple[Block, ...] = (
        Headline(f"{counted(len(gaps), 'gap')} in the knowledge, page {here + 1} of {pages}"),
        *(Paragraph(_told(number, gap)) for number, gap in shown),
        Note(
            CURE.format(
                "add a phrasing, draft an entry, or set aside as not ours" if can_edit else "set aside as not ours"
            )
        ),
    )
    turns = [Turn(there, sign) for there, sign in ((here - 1, "‹ Back"), (here + 1, "More ›")) if 0 <= there < pages]
    rows = [tuple(_works(number, gap)) for number, gap in shown]
    aside = tuple(Settle(Settled.NOT_OURS, gap.seed, gap.last, title=f"{number} not ours") for number, gap in shown)
    edits = tuple(rows) if can_edit else (aside,)
    return Page(Reply(blocks), (*edits, *((tuple(turns),) if turns else ())))


def _told(number: int, gap: Gap) -> str:
    more = f", and {counted(gap.others, 'other wording')}" if gap.others else ""
    wordings = ", ".join(f"“{text}”" for text in gap.wordings)
    nearest = f"\nNearest: {gap.title} ({gap.entry})" if gap.entry else ""
    counts = f"{counted(gap.askers, 'asker')}, {counted(gap.times, 'question')}; {', '.join(gap.reasons)}"
    return f"{number}. {wordings}{more}\n{counts}{nearest}"


def _works(number: int, gap: Gap) -> Iterator[Work]:
    if gap.entry:
        title = gap.title if len(gap.title) <= TITLE else gap.title[: TITLE - 1].rstrip() + "…"
        yield Settle(Settled.PHRASING, gap.seed, gap.last, gap.entry, f"{number} → {title}")
    yield Settle(Settled.DRAFT, gap.seed, gap.last, title=f"{number} new entry")
    yield Settle(Settled.NOT_OURS, gap.seed, gap.last, title=f"{number} not ours")
