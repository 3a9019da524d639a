"""What an owner sees of the knowledge: its files, what is in them, an entry with everything, and what can be done."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from bot.model.knowledge import Entry, Refusal
from bot.model.owner_buttons import (
    AddAsk,
    ChangeField,
    DropAsk,
    ListAsks,
    ListFields,
    ListFile,
    OpenEntry,
    OwnerButton,
    PickFile,
    RetireAll,
    TeachTo,
)
from bot.model.record import Standing
from bot.model.reply import Block, Headline, Note, Paragraph, Reply
from bot.reply.fields import FIELDS, field_text
from bot.text import counted, shortened

PAGE = 8  # entries or phrasings on a page
CHUNK = 20  # phrasings in one paragraph, so that a message can be cut between them
ON_BUTTON = 40  # characters of a phrasing on a button
USAGE = (
    "/faq words searches, /faq add begins an answer, /faq export sends the files. /teach as a reply to a question says"
    " where it leads. Send a .yml file to replace one. /history shows who changed what, /undo takes back the last one."
)

Target = Entry | Refusal
Row = tuple[OwnerButton, ...]
Item = TypeVar("Item")


def files_reply(files: Sequence[tuple[str, int]]) -> Reply:
    """Return the files with how much is in each."""
    count = sum(size for _, size in files)
    rows = tuple((ListFile(number, 0, f"{name} ({size})"),) for number, (name, size) in enumerate(files))
    return Reply((Headline(f"The knowledge: {count} answers and refusals."), Note(USAGE)), rows)


def file_reply(number: int, name: str, targets: Sequence[Target], page: int) -> Reply:
    """Return one page of what a file holds; a page outside of it is the nearest one."""
    here, shown = _page(targets, page)
    rows = [_opening(target) for target in shown]
    turns = _turns(here, len(targets), lambda there, title: ListFile(number, there, title))
    return Reply((Paragraph(f"{name}, page {here + 1}:"),), (*rows, *turns))


def found_reply(words: str, targets: Sequence[Target]) -> Reply:
    """Return what a search found, best first."""
    if not targets:
        return Reply((Paragraph(f"Nothing is near “{words}”."),))
    return Reply((Paragraph(f"Nearest to “{words}”:"),), tuple(map(_opening, targets)))


def entry_reply(target: Target, file: str, standing: Standing | None = None) -> Reply:
    """Return an entry or a refusal with everything an editor looks at, and how it did where that is kept."""
    kind = "refusal" if isinstance(target, Refusal) else "entry"
    texts = (f"{FIELDS[name]}: {text}" for name in FIELDS if (text := field_text(target, name)) and name != "title")
    sources = [f"{one.title} ({one.url})" for one in target.citations] if isinstance(target, Entry) else []
    blocks: tuple[Block, ...] = (
        Headline(target.title),
        Note(f"{kind} {target.id} in {file}, line {target.origin.line}"),
        *([Note(_done(standing))] if standing else []),
        *map(Paragraph, texts),
        *([Paragraph("\n".join(("Sources:", *sources)))] if sources else []),
        *map(Paragraph, _phrasings(target)),
    )
    return Reply(blocks, tuple(_deeds(target)))


def _done(standing: Standing) -> str:
    return f"{counted(standing.answers, 'question')} led here lately; 👍 {standing.ups}, 👎 {standing.downs}"


def _deeds(target: Target) -> Iterator[Row]:
    yield AddAsk(target.id), ListAsks(target.id)
    yield ListFields(target.id), RetireAll(target.id)


def _phrasings(target: Target) -> Iterator[str]:
    lines = [f"{number}. {phrase}" for number, phrase in enumerate(target.ask, 1)]
    for start in range(0, len(lines), CHUNK):
        head = [f"Phrasings ({len(lines)}):"] if not start else []
        yield "\n".join((*head, *lines[start : start + CHUNK]))


def fields_reply(target: Target) -> Reply:
    """Return the fields that can be changed, as buttons."""
    names = [name for name in FIELDS if field_text(target, name) is not None]
    rows = [
        tuple(ChangeField(target.id, name, FIELDS[name]) for name in names[at : at + 2])
        for at in range(0, len(names), 2)
    ]
    return Reply((Paragraph(f"Which field of “{target.title}”?"),), tuple(rows))


def asks_reply(target: Target, marks: Sequence[str], page: int) -> Reply:
    """Return one page of the phrasings as buttons that remove them; `marks` tell which is which."""
    here, shown = _page([*zip(target.ask, marks, strict=True)], page)
    rows = [(DropAsk(target.id, mark, shortened(phrase, ON_BUTTON)),) for phrase, mark in shown]
    turns = _turns(here, len(target.ask), lambda there, title: ListAsks(target.id, there, title))
    return Reply((Paragraph(f"Which phrasing of “{target.title}” is to go?"),), (*rows, *turns))


def candidates_reply(question: str, targets: Sequence[Target], mark: str) -> Reply:
    """Return the entries that a question might be meant for, best first, as buttons; the last begins a new entry."""
    rows = [(TeachTo(target.id, mark, target.title),) for target in targets]
    return Reply(
        (Paragraph(f"Where does “{question}” lead?"), Note("None of them: /faq words, open one, add the phrasing.")),
        (*rows, (TeachTo("", mark, "A new answer"),)),
    )


def pick_reply(files: Sequence[str], mark: str) -> Reply:
    """Return the files a new entry can go to, as buttons."""
    rows = tuple((PickFile(number, mark, name),) for number, name in enumerate(files))
    return Reply(
        (
            Headline("A new answer."),
            Paragraph("Which file does it go to? /cancel gives up."),
        ),
        rows,
    )


def said(text: str, *notes: str) -> Reply:
    """Return a sentence, and what is to be added quietly."""
    return Reply((Paragraph(text), *map(Note, notes)))


def problems_reply(head: str, problems: Sequence[str]) -> Reply:
    """Return what is wrong, each in a paragraph of its own; nothing was changed."""
    return Reply((Headline(head), *map(Paragraph, problems), Note("Nothing was changed.")))


def _opening(target: Target) -> Row:
    return (OpenEntry(target.id, target.title),)


def _page(items: Sequence[Item], page: int) -> tuple[int, Sequence[Item]]:
    here = min(max(page, 0), max(0, (len(items) - 1) // PAGE))
    return here, items[here * PAGE : (here + 1) * PAGE]


def _turns(here: int, count: int, turn: Callable[[int, str], OwnerButton]) -> tuple[Row, ...]:
    """Return the buttons to the pages around one, in a row; none where there is but one page."""
    pages = -(-count // PAGE)
    ways = ((here - 1, "‹ Back"), (here + 1, "More ›"))
    row = tuple(turn(there, title) for there, title in ways if 0 <= there < pages)
    return (row,) if row else ()
