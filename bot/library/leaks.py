"""Spots what looks like a token or key in a knowledge file: everybody may read what stands there.

Keys of coins pass: an exam holds them as examples of what must be warned of.
"""

import re

# Each starts with what is rare, and is looked behind only there: a pack is searched in a few milliseconds.
_KEYS = {
    "a bot's token": re.compile(r"[0-9]{6,12}:[A-Za-z0-9_-]{34,36}(?![A-Za-z0-9_-])"),
    "a private key": re.compile(r"PRIVATE KEY-----"),
    "an API key": re.compile(
        r"(?:sk-(?<![0-9A-Za-z]sk-)(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20}|gh[opsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22}"
        r"|AKIA[A-Z0-9]{16}|CG-(?=[A-Za-z]*[0-9])[A-Za-z0-9]{22}|xox[abps]-[A-Za-z0-9-]{10})"
    ),
}


def leaked(text: str) -> tuple[str, int] | None:
    """Return what the first key in a text is called, and where it starts; the key itself is never repeated."""
    found = ((kind, key.search(text)) for kind, key in _KEYS.items())
    places = [(place.start(), kind) for kind, place in found if place]
    return (min(places)[1], min(places)[0]) if places else None
