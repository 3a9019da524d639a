"""The fields a knowledge file may have, as pydantic models: they check, they explain, they make the JSON Schemas."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bot.library.claims import ClaimFields, Day, FigureFields
from bot.model.address import AddressKind, Explorer, Guard
from bot.model.knowledge import Label

MOST_ASKS = 1_000  # phrasings of an entry; what is learned from them takes time that grows with their square
MOST_ITEMS = 50  # of any other list
ID_LENGTH = 32  # a button's payload holds an id and must stay within 64 bytes


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _readable(url: str) -> str:
    """Return an address whose host is written as it is read: `xn--` hides letters that look like others."""
    if "xn--" in url.partition("//")[2].partition("/")[0].lower():
        raise ValueError(f"'{url}' hides letters behind 'xn--'; name a source whose address can be read")
    return url


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1500)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=48)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Slug = Annotated[str, StringConstraints(pattern=rf"^[a-z0-9][a-z0-9_.-]{{0,{ID_LENGTH - 1}}}$")]
Link = Annotated[
    str,
    StringConstraints(
        max_length=500,
        pattern=r"^https://([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z][A-Za-z0-9-]*(:\d{1,5})?([/?#][^\s<>\"\\]*)?$",
    ),
    AfterValidator(_readable),
]
ExplorerLink = Annotated[
    str, StringConstraints(pattern=r"^https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+/\S*\{it\}$", max_length=200)
]
Asks = Annotated[
    list[Phrase],
    BeforeValidator(_one_or_many),
    Field(min_length=1, max_length=MOST_ASKS, json_schema_extra={"type": ["array", "string"], "maxLength": 400}),
]
Share = Annotated[float, Field(ge=0, le=1)]


class Fields(BaseModel):
    """Common ground: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EntryFields(Fields):
    """One answer of a FAQ. Only `ask` and `verdict` are needed."""

    ask: Asks = Field(description="Phrasings that mean this question, as different as people are.")
    verdict: Text = Field(description="One sentence that answers the question.")
    topic: Slug | None = Field(None, description="What it is about; the entry's id where left out.")
    title: Title | None = Field(None, description="Shown on buttons, at most 48 characters.")
    versus: list[dict[str, Short]] = Field(
        default=[],
        max_length=MOST_ITEMS,
        description="Rows of the comparison: `what`, then one cell for each side of the pack.",
    )
    detail: Text | None = Field(None, description="The why and the caveats, a few sentences.")
    live: list[Slug] = Field(default=[], max_length=MOST_ITEMS, description="Statistics shown under the answer.")
    sources: list[Slug] = Field(default=[], max_length=MOST_ITEMS, description="Ids of sources listed in pack.yml.")
    as_of: Day | None = Field(None, description="The day the text was last true, YYYY-MM-DD.")
    label: Label = Field(Label.CURATED, description="curated, or opinion where both sides must be told.")
    see: list[Slug] = Field(default=[], max_length=MOST_ITEMS, description="Ids of related entries.")
    declines: Slug | None = Field(None, description="The class of question this answer kindly declines.")
    claims: list[ClaimFields] = Field(
        default=[], max_length=MOST_ITEMS, description="What the text says that live numbers can check."
    )
    past: list[FigureFields] = Field(
        default=[], max_length=MOST_ITEMS, description="Past figures, shown beside those of today."
    )


class RefusalFields(Fields):
    """A named class of messages that are not answered."""

    title: Title = Field(description="What is not answered, at most 48 characters.")
    ask: Asks = Field(description="Messages of this class.")
    say: Text = Field(description="What is said instead, one to three sentences.")
    see: list[Slug] = Field(default=[], max_length=MOST_ITEMS, description="Ids of the nearest real entries.")
    quiet: bool = Field(False, description="true: no reply in a group, unless it is a close call.")
    gap: bool = Field(False, description="true: part of the subject, so owners see these questions among the gaps.")


class SideFields(Fields):
    """One column of the comparison."""

    name: Short = Field(description="Full name.")
    ticker: Short = Field(description="Heading of the column.")
    aliases: list[Short] = Field(default=[], max_length=MOST_ITEMS, description="Other ways people write it.")


class SourceFields(Fields):
    """A source that entries rest on."""

    title: Short
    url: Link
    published: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}){0,2}$")] | None = None


class MannersFields(Fields):
    """What the bot says around its answers; each may be left out."""

    welcome: Text | None = Field(None, description="The first message, and the top of /help.")
    usage: Text | None = Field(None, description="How to ask in groups and channels.")
    unknown: Text | None = Field(None, description="No answer, and no class of refusal fits.")
    nearest: Text | None = Field(None, description="Above buttons to the nearest answers.")
    choose: Text | None = Field(None, description="Above the buttons of a close call.")
    empty: Text | None = Field(None, description="The message held no words.")
    secret: Text | None = Field(None, description="The message held a seed phrase or private key.")
    about: Text | None = Field(None, description="What this bot is, for /about.")
    privacy: Text | None = Field(None, description="What is kept of what people write, for /about.")
    elsewhere: Text | None = Field(None, description="The question belongs to a pack that is off, `{title}`.")


class ExplorerFields(Fields):
    """A site where a chain can be looked into."""

    title: Title = Field(description="Shown on the button.")
    side: Slug = Field(description="The side whose chain it shows.")
    address: ExplorerLink = Field(description="Link to an address, which stands at `{it}`.")
    hash: ExplorerLink = Field(description="Link to a transaction or block, whose hash stands at `{it}`.")


class AddressesFields(Fields):
    """What is said when somebody pastes an address, a sentence for each kind."""

    entry: Slug = Field(description="Id of the answer that says more of addresses.")
    legacy: Text = Field(description="1… or 3…, valid on both chains.")
    segwit: Text = Field(description="bc1…")
    cashaddr: Text = Field(description="bitcoincash:…")
    testnet: Text = Field(description="An address of a test network.")
    broken: Text = Field(description="The checksum does not fit.")
    hash: Text = Field(description="64 hexadecimal digits: a transaction or a block.")
    explorers: list[ExplorerFields] = Field(default=[], description="Where it can be looked up, as buttons.")

    def guard(self) -> Guard:
        """Return it as the program holds it."""
        says = {kind: getattr(self, kind.value) for kind in AddressKind}
        explorers = (Explorer(one.title, one.side, one.address, one.hash) for one in self.explorers)
        return Guard(self.entry, says, tuple(explorers))


class PackFields(Fields):
    """What holds for the whole pack: pack.yml."""

    title: Short
    names: list[Short] = Field(
        default=[], max_length=MOST_ITEMS, description="What the subject is surely called, to tell it from others."
    )
    sides: dict[Slug, SideFields] = Field(default={}, description="What is compared, in the order of the columns.")
    glossary: dict[Short, Short] = Field(default={}, description="What people write: what the pack calls it.")
    home: Slug | None = Field(None, description="Id of the entry that gives the overview.")
    disclaimer: Text | None = Field(None, description="One line under answers that could be taken for advice.")
    manners: MannersFields = Field(MannersFields(), description="What is said around the answers.")
    addresses: AddressesFields | None = Field(None, description="What is said when somebody pastes an address.")
    sources: dict[Slug, SourceFields] = Field(default={}, description="Sources by id.")
    exam_floor: Share = Field(0.0, description="Share of the exam that must lead where it should.")
    exam_wrong: Share = Field(1.0, description="Share of the exam that may be answered wrongly.")


class ExamFields(Fields):
    """Questions and what they must lead to: exam.yml."""

    answer: dict[str, Asks] = Field(
        default={}, description="Topic, or several between bars, to questions an entry of it must answer."
    )
    refuse: dict[Slug, Asks] = Field(default={}, description="Class to messages that must be refused by that name.")
    silence: list[Phrase] = Field(default=[], description="Unaddressed group messages that get no reply.")
