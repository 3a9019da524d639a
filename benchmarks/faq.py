"""A FAQ of bare phrasings, as a library."""

from collections.abc import Iterable

from bot.model.knowledge import Entry, Library, Manners, Origin, Pack


def library_of(owned: Iterable[tuple[str, str]]) -> Library:
    """Return the library with each phrasing under the entry that owns it; the first one is the entry's title."""
    asks: dict[str, list[str]] = {}
    for owner, text in owned:
        asks.setdefault(owner, []).append(text)
    entries = {
        key: Entry(key, "faq", key, found[0], tuple(found[1:]), "Yes.", Origin("faq.yml", 1))
        for key, found in asks.items()
    }
    return Library({"faq": Pack("faq", "FAQ", (), {}, "", Manners(), entries, {}, ())}, "")
