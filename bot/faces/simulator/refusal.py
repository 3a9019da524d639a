"""How the Bot API says no: an error code and Telegram's own words."""


class RefusedError(Exception):
    """A call is refused; `parameters` is what Telegram adds for machines, such as `retry_after`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(words: str, **parameters: int) -> RefusedError:
    """Return the refusal of a call that makes no sense here."""
    return RefusedError(400, f"Bad Request: {words}", **parameters)


def forbidden(words: str) -> RefusedError:
    """Return the refusal of a call the bot has no right to."""
    return RefusedError(403, f"Forbidden: {words}")


def conflict(words: str) -> RefusedError:
    """Return the refusal of a second way to receive updates."""
    return RefusedError(409, f"Conflict: {words}")


NOT_FOUND = (404, "Not Found")
UNAUTHORIZED = (401, "Unauthorized")
MISSING = {"chat_id": "chat_id is empty", "text": "message text is empty"}


def missing(name: str) -> RefusedError:
    """Return the refusal of a call without a parameter it needs."""
    return bad_request(MISSING.get(name, f"parameter {name} is not specified"))
