"""A short name for what an answer says, so that a shared one can be told from what it became."""

from hashlib import sha256

from bot.model.knowledge import Entry

DIGITS = 6  # hex digits: one edit in 16 million keeps the name by chance


def fingerprint(entry: Entry) -> str:
    """Return six hex digits that change with the text of an entry: its verdict, its rows, its detail."""
    rows = (part for row in entry.versus for part in (row.what, *row.cells))
    said = "\0".join((entry.verdict, *rows, "", entry.detail))
    return sha256(said.encode()).hexdigest()[:DIGITS]
