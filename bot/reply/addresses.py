"""Composes what is said of pasted addresses: which chain they can belong to, and where to look them up."""

from collections.abc import Sequence

from bot.model.address import CHAINS, AddressKind, Explorer, Guard, Sighting
from bot.model.chat_buttons import OpenLink
from bot.model.reply import Ask, Headline, Paragraph, Reply

ENDS = (10, 4)  # signs of an address that are shown, at its start and end


def address_reply(found: Sequence[Sighting], guard: Guard, title: str) -> Reply:
    """Return what a pack says of what was found; links only where one thing was, so that it is clear what they show.

    Args:
        found: what stands in the text, at least one.
        guard: what is said.
        title: that of the entry that says more.
    """
    blocks = [block for one in found for block in (Headline(_short(one.text)), Paragraph(guard.says[one.kind]))]
    links = tuple(_link(one, found[0]) for one in guard.explorers if len(found) == 1 and _fits(one, found[0]))
    return Reply(tuple(blocks), tuple(row for row in (links, (Ask(guard.entry, title),)) if row))


def _fits(explorer: Explorer, seen: Sighting) -> bool:
    return explorer.side in CHAINS[seen.kind]


def _link(explorer: Explorer, seen: Sighting) -> OpenLink:
    where = explorer.hash if seen.kind is AddressKind.HASH else explorer.address
    return OpenLink(where.replace("{it}", seen.text), explorer.title)


def _short(text: str) -> str:
    start, end = ENDS
    return text if len(text) <= start + end else f"{text[:start]}…{text[-end:]}"
