"""A reply as data: blocks that say what is shown, and typed buttons; how it looks is a renderer's business."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.chat_buttons import ChatButton, OpenLink
from bot.model.form_buttons import FormButton
from bot.model.knowledge import Citation, Label
from bot.model.money import CostRequest
from bot.model.owner_buttons import OwnerButton
from bot.model.post_buttons import PostButton
from bot.model.quote import Snapshot


@dataclass(frozen=True, slots=True)
class Headline:
    """The verdict: one sentence that answers."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A side remark, shown quietly."""

    text: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: what is compared and a cell for each column."""

    what: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersusTable:
    """The curated comparison."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class LiveTable:
    """Live numbers side by side; `at` is the moment of the look-up, from which ages are counted."""

    snapshots: tuple[Snapshot, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Sources:
    """What the curated text rests on and when it was last true."""

    citations: tuple[Citation, ...]
    as_of: str
    label: Label


@dataclass(frozen=True, slots=True)
class AsOf:
    """When everything above was looked up; a reader sees it in their own time where that can be shown."""

    at: datetime


Block = Headline | Paragraph | Note | VersusTable | LiveTable | Sources | AsOf


@dataclass(frozen=True, slots=True)
class Ask:
    """A button that leads to a related entry."""

    entry: str
    title: str


@dataclass(frozen=True, slots=True)
class Choose:
    """A button that settles a close call: this entry was meant."""

    entry: str
    title: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """A button that looks the live numbers of an entry up again; no entry means all statistics."""

    entry: str


@dataclass(frozen=True, slots=True)
class Browse:
    """A button that opens one page of the topics."""

    page: int
    title: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A button that draws another span of a statistic."""

    stat: str
    hours: int


@dataclass(frozen=True, slots=True)
class Cost:
    """A button that works a cost out anew, with another kind of transaction."""

    request: CostRequest
    title: str


@dataclass(frozen=True, slots=True)
class Share:
    """A button that takes an answer into another chat."""

    entry: str


@dataclass(frozen=True, slots=True)
class More:
    """A button that opens the whole answer in a private chat; `print` is its fingerprint."""

    entry: str
    print: str
    title: str = "More"


@dataclass(frozen=True, slots=True)
class Copy:
    """A button that puts a text, at most 256 characters, where it can be pasted from."""

    text: str
    title: str


Button = Ask | Choose | Refresh | Browse | Draw | Cost
Aside = Share | More | Copy  # the reader's program acts on these; no press of them comes
AnyButton = Button | OwnerButton | ChatButton | FormButton | PostButton | OpenLink | Aside


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and what it shows for those who do not see it."""

    png: bytes
    says: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said: a picture if there is one, blocks from top to bottom, buttons in rows.

    `entry` is the one whose answer it is, if it is one's.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[AnyButton, ...], ...] = ()
    picture: Picture | None = None
    entry: str = ""


def joined(replies: Sequence[Reply]) -> Reply:
    """Return several replies as one, every button once."""
    rows = dict.fromkeys(row for reply in replies for row in reply.buttons)
    return Reply(tuple(block for reply in replies for block in reply.blocks), tuple(rows))
