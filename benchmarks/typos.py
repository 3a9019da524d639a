"""Slips of the keyboard and chat spelling, for questions that are to be asked with mistakes."""

from random import Random

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
CHAT = {
    "you": "u", "are": "r", "your": "ur", "why": "y", "to": "2", "for": "4", "please": "pls", "because": "cuz",
    "what": "wat", "when": "wen", "the": "teh", "and": "n", "people": "ppl", "about": "abt", "today": "2day",
    "should": "shud", "would": "wud", "could": "cud", "have": "hav", "that": "dat", "this": "dis", "right": "rite",
}  # fmt: skip
SLIPS = 0.18  # of the words
MANY_SLIPS = 0.35  # a linear head on a plain encoder loses twenty points to these


def misspelled(text: str, random: Random, slips: float = SLIPS) -> str:
    """Return a text as somebody in a hurry might type it, with a slip in that share of its words."""
    return " ".join(_typed(word, random, slips) for word in text.lower().split())


def _typed(word: str, random: Random, slips: float) -> str:
    if word in CHAT and random.random() < 0.4:  # noqa: PLR2004 - not everybody writes so
        return CHAT[word]
    return _slipped(word, random) if len(word) > 2 and random.random() < slips else word  # noqa: PLR2004 - short words


def _slipped(word: str, random: Random) -> str:
    at = random.randrange(len(word) - 1)
    here, there = word[at], word[at + 1]
    slips = (
        word[:at] + there + here + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + here + word[at:],
        word[:at] + _beside(here, random) + word[at + 1 :],
    )
    return random.choice(slips)


def _beside(letter: str, random: Random) -> str:
    row = next((keys for keys in KEYS if letter in keys), letter)
    at = row.index(letter)
    return random.choice(row[max(at - 1, 0) : at + 2].replace(letter, "") or letter)
