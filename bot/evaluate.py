"""Measures the bot on files of questions whose right answers are known."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import ConfigError
from bot.match import Matcher, decide
from bot.model.clock import Clock
from bot.model.knowledge import Entry
from bot.model.question import Place, Question
from bot.model.verdict import Answer, Choice, Verdict


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

    text: str = ""
    turns: list[str] = []
    accept: list[str] = []
    tolerate: list[str] = []
    place: Place = Place.PRIVATE


@dataclass(frozen=True, slots=True)
class Report:
    """How the questions of one file went."""

    path: Path
    counts: Counter[Result] = field(default_factory=Counter)

    def lines(self) -> Iterable[str]:
        """Say it in lines of text; shares are of the questions in scope, and of those out of scope."""
        yield f"{self.path.name}: {self.counts.total()} questions"
        for group in (IN_SCOPE, OUT_OF_SCOPE):
            total = sum(self.counts[result] for result in group)
            if total:
                yield from (f"  {one.value}: {self.counts[one]} ({self.counts[one] / total:.1%})" for one in group)


def evaluate(path: Path, matcher: Matcher, clock: Clock) -> Report:
    """Ask every question of a file of JSON lines.

    Raises:
        ConfigError: the file cannot be read, or a line is not a question; the text says file:line.
    """
    report = Report(path)
    for item in _items(path):
        turns = item.turns or [item.text]
        question = Question(turns[-1], clock(), item.place, tuple(turns[:-1]))
        report.counts[_result(item, decide(matcher.rank(question)))] += 1
    return report


def _items(path: Path) -> Iterable[Item]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read; give a file of JSON lines") from error
    for number, line in enumerate(text.splitlines(), 1):
        try:
            yield Item.model_validate_json(line)
        except ValidationError as error:
            raise ConfigError(f'{path}:{number}: not a question; expected {{"text", "accept": [topics]}}') from error


def _result(item: Item, verdict: Verdict) -> Result:
    match verdict:
        case Answer(entry=entry) if item.accept:
            return Result.RIGHT if entry.topic in item.accept else Result.WRONG
        case Answer(entry=entry):
            return Result.QUIET if entry.topic in item.tolerate else Result.FALSE
        case Choice(options=options) if item.accept:
            topics = {option.target.topic for option in options if isinstance(option.target, Entry)}
            return Result.OFFERED if topics & set(item.accept) else Result.DECLINED
    return Result.DECLINED if item.accept else Result.QUIET
