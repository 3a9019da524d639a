"""The fields of an entry or a refusal as an owner reads and writes them in a chat: names, hints, values as text."""

from bot.model.knowledge import Entry, Refusal

FIELDS = {
    "title": "Title",
    "topic": "Topic",
    "verdict": "Verdict",
    "say": "What is said",
    "detail": "Detail",
    "live": "Live numbers",
    "sources": "Sources",
    "as_of": "As of",
    "label": "Label",
    "see": "See also",
    "quiet": "Quiet in groups",
}
LISTS = frozenset({"live", "sources", "see"})
NEEDED = frozenset({"verdict", "say"})  # what no entry or refusal goes without
HINTS = {
    "title": "at most 48 characters; it stands on buttons",
    "topic": "lower-case letters, digits and '-'; what it is about",
    "verdict": "one sentence that answers the question",
    "say": "one to three sentences that are said instead of an answer",
    "detail": "the why and the limits, a few sentences",
    "live": "keys of statistics, such as fee price",
    "sources": "ids of sources in pack.yml, such as bitcoin-wiki",
    "as_of": "the day you checked it, YYYY-MM-DD",
    "label": "curated, or opinion where both sides must be told",
    "see": "ids of related answers",
    "quiet": "true or false",
    "ask": "the ways people ask, one a line, as differently as you can",
}
NOTHING = "-"  # what stands for an empty value


def field_text(target: Entry | Refusal, name: str) -> str | None:
    """Return the value of a field as text, empty where there is none; None where such a block has no such field."""
    return _of_refusal(target, name) if isinstance(target, Refusal) else _of_entry(target, name)


def _of_entry(entry: Entry, name: str) -> str | None:
    values = {
        "title": entry.title,
        "topic": entry.topic,
        "verdict": entry.verdict,
        "detail": entry.detail,
        "live": " ".join(entry.live),
        "sources": " ".join(one.id for one in entry.citations),
        "as_of": entry.as_of.isoformat() if entry.as_of else "",
        "label": entry.label.value,
        "see": " ".join(entry.see),
    }
    return values.get(name)


def _of_refusal(refusal: Refusal, name: str) -> str | None:
    quiet = "true" if refusal.quiet else "false"
    values = {"title": refusal.title, "say": refusal.say, "see": " ".join(refusal.see), "quiet": quiet}
    return values.get(name)


def read_value(name: str, text: str) -> str | tuple[str, ...]:
    """Return what somebody wrote as the value of a field: words for a list, nothing for a lone `-`."""
    value = "" if text.strip() == NOTHING else text.strip()
    return tuple(value.replace(",", " ").split()) if name in LISTS else value
