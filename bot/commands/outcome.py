"""How a command ends, and how it talks."""

FINE, FINDINGS, WRONG_INPUT = 0, 1, 2
TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name of the variable


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - the terminal is where a command line talks
