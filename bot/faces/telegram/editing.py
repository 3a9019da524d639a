"""What the owners' pages need of whoever edits the knowledge."""

from typing import Protocol

from telegram import User

from bot.model.reply import Reply
from bot.model.version import Editor


class Editing(Protocol):
    """Takes up what an owner tapped; both return what the owner is told, or None where it cannot be taken up."""

    async def propose_phrasing(self, text: str, entry: str, owner: Editor) -> Reply | None:
        """Take a text up as a phrasing of an entry."""

    async def draft_entry(self, text: str, owner: Editor) -> Reply | None:
        """Take a text up as the first phrasing of a new entry."""


def editor(person: User | None) -> Editor:
    """Return somebody as the history names them."""
    return Editor(person.id, person.full_name) if person else Editor(0, "")
