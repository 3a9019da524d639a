"""Why a question was answered as it was, for whoever looks after the knowledge."""

from collections.abc import Iterator

from bot.model.verdict import Match, Verdict, matches_of

SHOWN = 5


def explained(verdict: Verdict) -> Iterator[str]:
    """Say which rule decided, and for each candidate its chance, its likeness by signal and its nearest phrasing."""
    yield f"rule: {verdict.rule.value}"
    yield "chance  letters  meaning  candidate: nearest phrasing"
    yield from (_line(match) for match in matches_of(verdict)[:SHOWN])


def _line(match: Match) -> str:
    meaning = "      –" if match.meaning is None else f"{match.meaning:7.2f}"
    return f"{match.score:6.2f}  {match.letters:7.2f}  {meaning}  {match.target.id}: {match.phrase}"
