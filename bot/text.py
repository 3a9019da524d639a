"""Plain text: what people type, made comparable; and the lengths Telegram counts."""

import re
import unicodedata

MAX_QUESTION = 400  # characters that matter; the rest of a longer message is not read

UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})  # invisible, control, lone surrogates, private, unassigned
_MARKS = {"Mn", "Me"}  # accents and zalgo; compared text does without
_REPEATED = re.compile(r"([^\W\d])\1{2,}")
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f]")
_MARKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{8})"
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_SPACES = re.compile(r"\s{2,}")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")


def clean(text: str, limit: int = MAX_QUESTION) -> str:
    """Return text in one comparable form: NFKC, case folded, no invisible characters, marks or symbols.

    Letters said three times or more are kept twice, symbols and emoji become spaces, the coin sign `₿` stays; spaces in
    a row are one. At most `limit` characters come back.
    """
    text = _spaced(text)
    if text.isascii():
        return _REPEATED.sub(r"\1\1", _spaced(_UNPRINTED.sub(" ", text[: limit * 4].lower())))[:limit]
    most = max(2 * limit, 4 * MAX_QUESTION)  # one sign may become eighteen
    folded = unfolded(text[: limit * 4])[:most].casefold()
    apart = unicodedata.normalize("NFD", folded)
    kept = "".join(_kept(sign) for sign in apart)
    return _REPEATED.sub(r"\1\1", _spaced(unicodedata.normalize("NFC", kept)))[:limit]


def unfolded(text: str) -> str:
    """Return text in the form NFKC, with eight accents on a letter at most: to put thousands in order takes long."""
    return unicodedata.normalize("NFKC", _MARKED.sub(r"\1", text))


def _spaced(text: str) -> str:
    """Return text with one space where there were several, so that they leave room for what was said."""
    return _SPACES.sub(" ", text)


def _kept(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isprintable() else " "
    kind = unicodedata.category(sign)
    if kind in _MARKS or kind in UNSEEN:
        return ""
    return " " if kind.startswith(("S", "Z")) and sign != "₿" else sign


def words(text: str) -> list[str]:
    """Split cleaned text into words: runs of letters and digits, an apostrophe inside a word left out."""
    joined = _GROUPED.sub("", _APOSTROPHE.sub("", text)).replace("₿", " btcsign ")
    return _WORD.findall(joined)


def shortened(text: str, limit: int) -> str:
    """Return text on one line, cut behind `limit` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def typed(text: str) -> str:
    """Return what somebody wrote without the signs that no file may hold: odd spaces, what nobody sees."""
    plain = "".join(" " if _is_space(sign) else "" if _is_hidden(sign) else sign for sign in text)
    return plain.strip()


def _is_space(sign: str) -> bool:
    return sign != "\n" and (unicodedata.category(sign) in {"Zs", "Zl", "Zp"} or sign in "\t\r\x85")


def _is_hidden(sign: str) -> bool:
    return sign not in "\n\u200c\u200d" and unicodedata.category(sign) in UNSEEN  # emoji and scripts need joiners


def utf16_length(text: str) -> int:
    """Return the length of text in UTF-16 code units, which is how Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def counted(count: int, what: str) -> str:
    """Return how many of something: `1 gap`, `2 gaps`."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
