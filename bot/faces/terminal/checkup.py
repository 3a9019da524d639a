"""Checks of an installation, for people and for scripts."""

from collections.abc import Iterable

from bot.model.checkup import Check


def line(check: Check) -> str:
    """Return a check in one line, such as `warn  token: not set; ask @BotFather for one`."""
    cure = f"; {check.cure}" if check.cure else ""
    return f"{check.state:<5} {check.name}: {check.what}{cure}"


def as_objects(checks: Iterable[Check]) -> list[dict[str, object]]:
    """Return checks as JSON has them."""
    return [{"check": one.name, "state": one.state.value, "what": one.what, "cure": one.cure} for one in checks]
