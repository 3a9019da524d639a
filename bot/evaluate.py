"""Measures the bot on files of questions whose right answers are known."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import perf_counter

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.errors import ConfigError
from bot.match import Matcher, decide
from bot.model.clock import Clock
from bot.model.knowledge import Entry
from bot.model.question import Place, Question
from bot.model.verdict import Answer, Choice, Match, Verdict

BINS = 10  # of the expected calibration error
CANDIDATES = 3  # "among the first three"
WORST = 10  # confusions and topics that are listed


class Result(StrEnum):
    """What came of a question; the last two are of questions that nothing should answer."""

    RIGHT = "answered right"
    OFFERED = "offered among the buttons"
    DECLINED = "declined"
    WRONG = "answered wrongly"
    QUIET = "rightly not answered"
    FALSE = "falsely answered"


IN_SCOPE = (Result.RIGHT, Result.OFFERED, Result.DECLINED, Result.WRONG)
OUT_OF_SCOPE = (Result.QUIET, Result.FALSE)


class Item(BaseModel):
    """One question.

    `accept` are the topics that answer it, none where it must not be answered; then `tolerate` are harmless topics.
    """

    model_config = ConfigDict(extra="ignore")

    id: str | int | None = None
    text: str = ""
    turns: list[str] = []
    accept: list[str] = []
    tolerate: list[str] | None = None
    styles: list[str] = []
    place: Place = Place.PRIVATE


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came of it; `got` is the topic answered, `chance` how sure the bot was of it."""

    key: str
    item: Item
    result: Result
    got: str
    chance: float
    is_near: bool
    seconds: float


Progress = Callable[[Sequence[Item]], Iterable[Item]]
Results = TypeAdapter(dict[str, Result])


def evaluate(path: Path, matcher: Matcher, clock: Clock, progress: Progress = iter) -> list[Asked]:
    """Ask every question of a file of JSON lines.

    Raises:
        ConfigError: the file cannot be read, or a line is not a question; the text says file:line.
    """
    return [_asked(number, item, matcher, clock) for number, item in enumerate(progress(read_items(path)), 1)]


def read_items(path: Path) -> list[Item]:
    """Read a file of JSON lines; raises `ConfigError`, see `evaluate`."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read; give a file of JSON lines") from error
    return [_item(path, number, line) for number, line in enumerate(lines, 1)]


def _item(path: Path, number: int, line: str) -> Item:
    try:
        return Item.model_validate_json(line)
    except ValidationError as error:
        raise ConfigError(f'{path}:{number}: not a question; expected {{"text", "accept": [topics]}}') from error


def _asked(number: int, item: Item, matcher: Matcher, clock: Clock) -> Asked:
    turns = item.turns or [item.text]
    question = Question(turns[-1], clock(), item.place, tuple(turns[:-1]))
    began = perf_counter()
    ranking = matcher.rank(question)
    verdict = decide(ranking)
    seconds = perf_counter() - began
    got = verdict.entry.topic if isinstance(verdict, Answer) else ""
    chance = ranking.matches[0].score if ranking.matches else 0.0
    is_near = bool(set(item.accept) & _topics(ranking.matches))
    return Asked(str(item.id or number), item, _result(item, verdict), got, chance, is_near, seconds)


def _topics(matches: Iterable[Match]) -> set[str]:
    topics = dict.fromkeys(match.target.topic for match in matches if isinstance(match.target, Entry))
    return set(list(topics)[:CANDIDATES])


def _result(item: Item, verdict: Verdict) -> Result:
    match verdict:
        case Answer(entry=entry) if item.accept:
            return Result.RIGHT if entry.topic in item.accept else Result.WRONG
        case Answer(entry=entry):
            return Result.QUIET if entry.topic in (item.tolerate or ()) else Result.FALSE
        case Choice(options=options) if item.accept:
            return Result.OFFERED if _topics(options) & set(item.accept) else Result.DECLINED
    return Result.DECLINED if item.accept else Result.QUIET


def resolved(asked: Sequence[Asked]) -> float:
    """Return the share of questions that went as they should: answered right, offered, or rightly not answered."""
    good = {Result.RIGHT, Result.OFFERED, Result.QUIET}
    return sum(one.result in good for one in asked) / len(asked) if asked else 1.0


def report(title: str, asked: Sequence[Asked]) -> Iterator[str]:
    """Say how questions went: shares, calibration, cost, and what went worst."""
    yield f"{title}: {len(asked)} questions"
    for group in (IN_SCOPE, OUT_OF_SCOPE):
        members = [one for one in asked if one.result in group]
        if members:
            yield from _shares(members, group)
    yield from _calibration(asked)
    yield from _cost(asked)
    yield from _by("style", asked, lambda one: one.item.styles)
    yield from _by("topic", asked, lambda one: one.item.accept[:1])
    yield from _confusions(asked)


def _shares(members: Sequence[Asked], group: Iterable[Result]) -> Iterator[str]:
    counts = Counter(one.result for one in members)
    yield from (f"  {result.value}: {counts[result]} ({counts[result] / len(members):.1%})" for result in group)
    near = sum(one.is_near for one in members)
    if near:
        yield f"  among the first three: {near} ({near / len(members):.1%})"


def _calibration(asked: Sequence[Asked]) -> Iterator[str]:
    """Say how far the chances the bot gave its answers are from how often they were right."""
    answers = [one for one in asked if one.result in {Result.RIGHT, Result.WRONG, Result.FALSE}]
    if not answers:
        return
    chances = np.array([one.chance for one in answers])
    rights = np.array([one.result is Result.RIGHT for one in answers])
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    gaps = [abs(chances[bins == each].sum() - rights[bins == each].sum()) for each in range(BINS)]
    yield f"  expected calibration error of the answers: {sum(gaps) / len(answers):.3f}"


def _cost(asked: Sequence[Asked]) -> Iterator[str]:
    if asked:
        half, most = np.quantile([one.seconds for one in asked], (0.5, 0.99)) * 1000
        yield f"  time: median {half:.1f} ms, 99th percentile {most:.1f} ms"


def _by(name: str, asked: Sequence[Asked], keys: Callable[[Asked], Iterable[str]]) -> Iterator[str]:
    """Say the share resolved of the groups that went worst."""
    groups: dict[str, list[Asked]] = {}
    for one in asked:
        for key in keys(one):
            groups.setdefault(key, []).append(one)
    worst = sorted(groups.items(), key=lambda pair: (resolved(pair[1]), pair[0]))[:WORST]
    if worst:
        yield f"  resolved by {name}, the worst first:"
        yield from (f"    {key}: {resolved(members):.0%} of {len(members)}" for key, members in worst)


def _confusions(asked: Sequence[Asked]) -> Iterator[str]:
    wrong = Counter(
        (one.item.accept[0] if one.item.accept else "nothing", one.got)
        for one in asked
        if one.result in {Result.WRONG, Result.FALSE}
    )
    if wrong:
        yield "  taken for something else:"
        yield from (f"    {wanted} -> {got}: {count}" for (wanted, got), count in wrong.most_common(WORST))


def as_json(asked: Sequence[Asked]) -> str:
    """Return the result of each question by its id, to compare another run with."""
    return Results.dump_json({one.key: one.result for one in asked}, indent=1).decode()


def read_results(path: Path) -> Mapping[str, Result]:
    """Read what `as_json` wrote; raises `ConfigError`."""
    try:
        return Results.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(f"{path}: not a file that `eval --json` wrote") from error


def changes(asked: Sequence[Asked], before: Mapping[str, Result]) -> Iterator[str]:
    """Name each question that went differently before."""
    for one in asked:
        was = before.get(one.key)
        if was is not None and was is not one.result:
            text = (one.item.turns or [one.item.text])[-1]
            yield f"  {one.key}: {was.value} -> {one.result.value}: {text}"
