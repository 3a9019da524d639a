"""Takes out of a text what nobody should keep: secrets, and what tells who somebody is or where they can be reached."""

import re
import unicodedata

from bot.match.secrets import LONGEST, has_secret
from bot.text import MAX_QUESTION, UNSEEN, unfolded

SECRET = "[secret]"  # noqa: S105 - stands for one

_CUT = re.compile(
    r"\b(seed(?: (?:phrase|words?))?|mnemonic|recovery (?:phrase|words)|pass ?phrase|password|passwort|pin(?: code)?"
    r"|(?:private|secret) key)\s*(?:\bis\b|\bare\b|\bwas\b|:|=)\s*\S.*",
    re.IGNORECASE | re.DOTALL,
)
# In this order: what looks like several things is what stands first. A run of letters is looked at once, from where
# it begins: a search that begins anew at each of its letters takes a second for a message of nothing else.
_RULES = (
    (
        re.compile(
            r"\b(?:https?://|www\.|t\.me/|tg://|bitcoin(?:cash)?:)\S+"
            r"|(?<![\w.-])(?=[\w.-]*?[\w-]\.[\w-])[\w.-]++/\S*",
            re.I,
        ),
        "[link]",
    ),
    (re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+"), "[email]"),
    (re.compile(r"@\w{2,}"), "[name]"),
    (re.compile(r"\b(?i:my name(?: is|'s|s))\s+\w+(?:\s+[A-Z]\w+)*"), "my name is [name]"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){3}[0-9a-f:]+", re.I), "[address]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}(?: ?[A-Z0-9]{1,4})?\b"), "[account]"),
    # Addresses of coins, transactions and whatever else is long and of letters with digits.
    (re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{24,}\b"), "[address]"),
    (
        re.compile(
            r"\b\d{1,5}[a-z]?,? (?:[A-Za-z'.-]+ ){1,3}"
            r"(?:street|st|road|rd|avenue|ave|lane|drive|boulevard|blvd|square|close|court)\b\.?",
            re.I,
        ),
        "[address]",
    ),
    (re.compile(r"(?<![\w.])\+\(?\d(?:[ ().-]{0,2}\d){6,}"), "[number]"),
    (re.compile(r"(?<![\w.,$€£])\(?\d(?:[ ()-]{0,2}\d){8,}\b"), "[number]"),
    (re.compile(r"(?<![\w.,$€£])\(?\d{3}\)?[ -]\d{3}-\d{4}\b|(?<![\w.,$€£-])\d{3}-\d{4}\b"), "[number]"),
)


def redacted(text: str) -> str:
    """Return a question as it may be kept, at most MAX_QUESTION characters; one with a secret is nothing but SECRET."""
    folded = unfolded(text)[: 2 * LONGEST]
    plain = "".join(sign for sign in folded if unicodedata.category(sign) not in UNSEEN or sign.isspace())
    if has_secret(text) or (plain != text and has_secret(plain)):
        return SECRET
    kept = _CUT.sub(rf"\1 {SECRET}", _shortened(" ".join(plain.split())))
    for pattern, word in _RULES:
        kept = pattern.sub(word, kept)
    return kept[:MAX_QUESTION]


def _shortened(text: str) -> str:
    """Return no more of a text than a message holds, cut between words: one sign of a message may become eighteen."""
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]
