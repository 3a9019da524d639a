"""How a source is doing, in three short cells."""

from datetime import datetime, timedelta

from bot.model.source import SourceState
from bot.reply.numbers import age, duration


def condition(state: SourceState, at: datetime) -> tuple[str, str, str]:
    """Return the state with the last error, when it last answered, and what is left of its budget."""
    answered = age(state.answered_at, at) if state.answered_at else "never"
    return _state(state, at), answered, f"{state.left} of {state.per_minute} a minute"


def _state(state: SourceState, at: datetime) -> str:
    if state.rests_until:
        left = duration((state.rests_until - at) / timedelta(seconds=1))
        return f"resting for {left}: {state.last_error}"
    if state.failed_at and (state.answered_at is None or state.answered_at < state.failed_at):
        return f"failed {age(state.failed_at, at)}: {state.last_error}"
    return "well" if state.answered_at else "not asked yet"
