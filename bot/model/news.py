"""What there is to say about the knowledge and the database while the bot runs, to whoever looks after it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """The files cannot be used, and the answers are those of before; one sentence for each problem, with its cure."""

    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mended:
    """After a problem the files can be used again, and the answers are theirs."""

    version: str


@dataclass(frozen=True, slots=True)
class Short:
    """The files are in use, and the exam of some pack is below its floors; one sentence for each floor."""

    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """After an exam below its floors, all are held again."""

    version: str


@dataclass(frozen=True, slots=True)
class Impaired:
    """Something could not be used at the start, and the bot goes on without it; a sentence with its cure."""

    sentence: str


News = Broken | Mended | Short | Passed | Impaired
