"""Reads a library's texts, references and dates for what a schema cannot see; nothing is asked of it here.

Each lint is a row of `LINTS`: a library in, findings out. What needs a matcher is in `check`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

from bot.model.finding import Finding, Level
from bot.model.knowledge import Claim, Entry, Library, Measure, Origin, Pack, Refusal, Spot
from bot.model.quote import Coin, Quality, Quote, Snapshot, Unit
from bot.reply.compose import RELATED, Composer
from bot.reply.telegram_html import LIMIT, render
from bot.stats import STATS
from bot.stats.catalog import CATALOG
from bot.text import clean, words

REVIEWED = timedelta(days=365)  # after that long, somebody looks whether an answer is still true
CROWD = 25  # entries in a file that somebody still keeps in view
MOMENT = 1e8  # seconds since 1970; what is below was no day but a number

_LINK = re.compile(
    r"(?:(?<![\w+.-])[\w+.-]+://|\bwww\.|\b(?:javascript|vbscript|data|mailto|tg):)[^\s<>\"]+"
    r"|(?<![\w.@/-])t(?:elegram)?\.me/[^\s<>\"]+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_AFTER = ".,;:!?)]}'”’"  # ends a sentence around an address
CLOSES = {")": "(", "]": "[", "}": "{", "”": "“"}
TWICE = ('"', "`", "**")


def lint(library: Library, today: date) -> Iterator[Finding]:
    """Return what is wrong, or might be, with a library as it stands."""
    for found in LINTS:
        yield from found(library, today)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that readers see, and where it stands."""

    origin: Origin
    text: str


def targets(pack: Pack) -> tuple[Entry | Refusal, ...]:
    """Return everything that phrasings lead to."""
    return (*pack.entries.values(), *pack.refusals.values())


def twins(library: Library, _today: date | None = None) -> Iterator[Finding]:
    """Name each phrasing that stands in two entries or refusals of a pack."""
    for pack in library.packs.values():
        first: dict[str, Entry | Refusal] = {}
        for target in targets(pack):
            for number, phrase in enumerate(target.ask):
                owner = first.setdefault(" ".join(words(clean(phrase))), target)
                if owner is not target:
                    what = f"'{phrase}' also stands in '{owner.id}' ({owner.origin})"
                    yield Finding(target.at("ask", number), what, "keep it in one")


def _overlong(library: Library, today: date) -> Iterator[Finding]:
    """Name each answer that takes more than one message, with all its numbers there."""
    composer, at = Composer(library), datetime(today.year, today.month, today.day, tzinfo=UTC)
    for entry in library.entries:
        shown = tuple(_sample(key, at) for key in entry.needs if key in STATS)
        count = len(render(composer.entry(entry, shown, at)))
        if count > 1:
            what = f"the answer takes {count} messages, Telegram's hold {LIMIT:,} characters"
            yield Finding(entry.at("detail"), what, "shorten the detail, or drop rows of 'versus'")


def _sample(key: str, at: datetime) -> Snapshot:
    quote = Quote(1.0, "A source of numbers", at, at, Quality.LIVE)
    return Snapshot(STATS[key], dict.fromkeys(Coin, quote))


def _links(library: Library, _today: date) -> Iterator[Finding]:
    """Name each address in a text that is not https, or no source of the pack."""
    for pack in library.packs.values():
        known = {citation.url.rstrip("/") for entry in pack.entries.values() for citation in entry.citations}
        for text in _texts(pack):
            for found in _LINK.findall(text.text):
                url = found.rstrip(_AFTER)
                if not url.startswith("https://"):
                    yield Finding(text.origin, f"'{url}' is no https address", "write https:// or leave it out")
                elif url.rstrip("/") not in known:
                    what = f"'{url}' is no source of an answer here"
                    yield Finding(text.origin, what, "list it in pack.yml and name it under 'sources'")


def _markup(library: Library, _today: date) -> Iterator[Finding]:
    """Name each text whose brackets or quotes do not pair, or that holds markup: texts are shown as they stand."""
    for pack in library.packs.values():
        for text in _texts(pack):
            fault = next(_faults(text.text), None)
            if fault:
                yield Finding(text.origin, *fault)


def _faults(text: str) -> Iterator[tuple[str, str]]:
    for tag in _TAG.findall(text):
        yield f"'{tag}' is shown as it stands", "write plain words, the bot makes them bold where it should"
    opened: list[str] = []
    for sign in text:
        if sign in CLOSES.values():
            opened.append(sign)
        elif sign in CLOSES and (not opened or opened.pop() != CLOSES[sign]):
            yield f"'{sign}' closes nothing", "remove it, or open it before"
    unpaired = [*opened, *(sign for sign in TWICE if text.count(sign) % 2)]
    yield from ((f"'{sign}' is never closed", "close it or remove it") for sign in unpaired)


def _texts(pack: Pack) -> Iterator[Text]:
    """Yield every text of a pack that readers see, but not what people ask."""
    yield Text(pack.at("disclaimer"), pack.disclaimer)
    yield from (Text(pack.at("manners", name), text) for name, text in asdict(pack.manners).items())
    sides = [side.id for side in pack.sides]
    for target in targets(pack):
        for spot, text in _said(target, sides):
            yield Text(target.at(*spot), text)


def _said(target: Entry | Refusal, sides: list[str]) -> Iterator[tuple[Spot, str]]:
    yield ("title",), target.title
    if isinstance(target, Refusal):
        yield ("say",), target.say
        return
    yield ("verdict",), target.verdict
    yield ("detail",), target.detail
    for number, row in enumerate(target.versus):
        yield ("versus", number, "what"), row.what
        yield from ((("versus", number, side), cell) for side, cell in zip(sides, row.cells, strict=True))
    yield from ((("past", number, "label"), figure.label) for number, figure in enumerate(target.past))


def _uncheckable(library: Library, _today: date) -> Iterator[Finding]:
    """Name each claim that no number can ever bear out."""
    for entry in library.entries:
        for claim in entry.claims:
            coins = list(Coin) if claim.measure is Measure.TIMES else [Coin(claim.measure.value)]
            lacking = [coin for coin in coins if coin in CATALOG[claim.metric].lacks]
            if lacking:
                what = f"{lacking[0].upper()} has no '{claim.metric}' that the claim could be held against"
                yield Finding(claim.origin, what, "choose another statistic, or remove the claim")
            elif _is_number_for_day(claim):
                what = f"'{claim.metric}' is a day, and {claim.low:g} is none"
                yield Finding(claim.origin, what, "write the value as YYYY-MM-DD")


def _is_number_for_day(claim: Claim) -> bool:
    is_day = STATS[claim.metric].unit is Unit.EPOCH_SECONDS and claim.measure is not Measure.TIMES
    return is_day and claim.low < MOMENT


def _dates(library: Library, today: date) -> Iterator[Finding]:
    """Name each answer that nobody has reviewed within a year, or that claims to be of a day to come."""
    for entry in library.entries:
        if entry.as_of is None:
            what, cure = f"'{entry.id}' says not when it was last true", "add the day you checked it as 'as_of'"
            yield Finding(entry.origin, what, cure, Level.WARNING)
        elif entry.as_of > today + timedelta(days=1):  # it may be tomorrow where the editor lives
            yield Finding(entry.at("as_of"), f"{entry.as_of} is yet to come", "write the day you checked the answer")
        elif today - entry.as_of > REVIEWED:
            what = f"'{entry.id}' was last reviewed on {entry.as_of}, over a year ago"
            cure = "read it again, mend what has changed, and set 'as_of'"
            yield Finding(entry.at("as_of"), what, cure, Level.WARNING)


def _unsourced(library: Library, _today: date) -> Iterator[Finding]:
    """Name each answer that rests on no source; one that kindly declines needs none."""
    for entry in library.entries:
        if not entry.citations and not entry.declines:
            what = f"'{entry.id}' rests on no source"
            yield Finding(entry.origin, what, "name one of those in pack.yml under 'sources'", Level.WARNING)


def _references(library: Library, _today: date) -> Iterator[Finding]:
    """Name what leads to itself; and, where entries are related at all, each that nothing leads to or from."""
    for pack in library.packs.values():
        entries = pack.entries.values()
        reached = {key for target in targets(pack) for key in target.see[:RELATED] if key != target.id} | {pack.home}
        for entry in entries:
            if entry.id in entry.see:
                yield Finding(entry.at("see"), f"'{entry.id}' leads to itself", "name another entry under 'see'")
        if any(entry.see for entry in entries):
            for entry in entries:
                if entry.id not in reached and not entry.see:
                    what = f"no button leads to '{entry.id}', and none from it"
                    yield Finding(entry.origin, what, "name related entries under 'see'", Level.WARNING)


def _crowds(library: Library, _today: date) -> Iterator[Finding]:
    """Name each file that holds more entries than somebody keeps in view."""
    files: dict[str, list[Entry]] = {}
    for entry in library.entries:
        files.setdefault(entry.origin.path, []).append(entry)
    for entries in files.values():
        if len(entries) > CROWD:
            what = f"{len(entries)} answers in one file, more than {CROWD}"
            yield Finding(entries[CROWD].origin, what, "move some to another file of the folder", Level.WARNING)


LINTS: tuple[Callable[[Library, date], Iterator[Finding]], ...] = (
    twins,
    _overlong,
    _links,
    _markup,
    _uncheckable,
    _dates,
    _unsourced,
    _references,
    _crowds,
)
