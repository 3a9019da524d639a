"""Telegram's HTML: what it accepts, the text and entities it makes of it, and how it complains.

The rules and words are those of `parse_html` in tdlib's MessageEntity.cpp; offsets in complaints count bytes.
"""

import re
from dataclasses import dataclass, field

from bot.faces.simulator.entities import JSON, units
from bot.faces.simulator.refusal import RefusedError, bad_request

KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#(?:x(?P<hex>[0-9a-fA-F]*)|(?P<dec>[0-9]*))|(?P<name>[A-Za-z]*))")
LONGEST_REFERENCE = 10  # characters from the ampersand on, the semicolon not counted
LAST_CHARACTER = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)
PLAIN = re.compile(r"[^<&]+")
TAG_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(r"[^\s=>/\"']*")
TOKEN = re.compile(r"[A-Za-z0-9.-]*")
SPACE = re.compile(r"\s*")
TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")  # core.telegram.org/bots/api#date-time-entity-formatting
USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d+)$", re.IGNORECASE)
WEB_LINK = re.compile(r"(?:(?:https?|tg|ton|tonsite)://)?[^\s/?#.]+(?:[^\s]*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpenTag:
    """A tag that waits for its end; `offset` is in UTF-16 units, `start` indexes the pieces of text."""

    name: str
    attributes: dict[str, str]
    offset: int
    start: int


def parse_html(source: str) -> tuple[str, list[JSON]]:
    """Return the text and the entities of Telegram HTML.

    Raises:
        RefusedError: the HTML is not Telegram's; the words name the byte.
    """
    return Reader(source).read()


@dataclass(slots=True)
class Reader:
    """Reads one text from left to right; `at` is the character to read next."""

    source: str
    at: int = 0
    offset: int = 0
    pieces: list[str] = field(default_factory=list)
    open: list[OpenTag] = field(default_factory=list)
    entities: list[JSON] = field(default_factory=list)

    def read(self) -> tuple[str, list[JSON]]:
        """Return the text and the entities."""
        while self.at < len(self.source):
            self._step()
        if self.open:
            raise _complaint(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        text = "".join(self.pieces)
        if any(ord(character) in SURROGATES for character in text):
            raise _complaint("Text contains invalid Unicode characters after decoding HTML entities")
        entities = [{k: v for k, v in one.items() if one["type"] != "code" or k != "language"} for one in self.entities]
        return text, sorted(entities, key=lambda one: (one["offset"], -one["length"]))

    def _step(self) -> None:
        if plain := PLAIN.match(self.source, self.at):
            self._take(plain.group(), plain.end())
        elif self.source[self.at] == "&":
            self._take(*reference(self.source, self.at))
        elif self.source.startswith("</", self.at):
            self._close()
        else:
            self._open()

    def _take(self, text: str, end: int) -> None:
        self.pieces.append(text)
        self.offset += units(text)
        self.at = end

    def _byte(self, at: int) -> str:
        return f"at byte offset {len(self.source[:at].encode('utf-8', 'surrogatepass'))}"

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.source, self.at)
        found = match.group() if match else ""
        self.at += len(found)
        return found

    def _next(self) -> str:
        return self.source[self.at : self.at + 1]

    def _open(self) -> None:
        begin = self.at
        self.at += 1
        name = self._skip(TAG_NAME).lower()
        if not self._next():
            raise _complaint(f"Unclosed start tag {self._byte(begin)}")
        if name not in KINDS:
            raise _complaint(f'Unsupported start tag "{name}" {self._byte(begin)}')
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _complaint(f'Tag "span" must have class "tg-spoiler" {self._byte(begin)}')
        self.open.append(OpenTag(name, attributes, self.offset, len(self.pieces)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._skip(SPACE)
            if self._next() == ">":
                self.at += 1
                return found
            name = self._skip(ATTRIBUTE)
            if not name:
                raise _complaint(f'Empty attribute name in the tag "{tag}" {self._byte(begin)}')
            found[name] = self._value(tag, name, begin)

    def _value(self, tag: str, name: str, begin: int) -> str:
        self._skip(SPACE)
        if self._next() != "=":
            if (tag, name) == ("blockquote", "expandable") and self._next():
                return ""
            words = f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
            raise _complaint(f"{words} {self._byte(begin)}")
        self.at += 1
        self._skip(SPACE)
        if not self._next():
            raise _complaint(f'Unclosed start tag "{tag}" {self._byte(begin)}')
        value = self._quoted() if self._next() in "'\"" else self._token()
        if not self._next():
            raise _complaint(f"Unclosed start tag {self._byte(begin)}")
        return value

    def _token(self) -> str:
        begin = self.at
        token = self._skip(TOKEN).lower()
        if self._next() and self._next() != ">" and not self._next().isspace():
            raise _complaint(f"Unexpected end of name token {self._byte(begin)}")
        return token

    def _quoted(self) -> str:
        quote = self._next()
        end = self.source.find(quote, self.at + 1)
        if end < 0:
            end = len(self.source)
        inner = self.source[self.at + 1 : end]
        self.at = end + 1
        return decoded(inner)

    def _close(self) -> None:
        begin = self.at
        if not self.open:
            raise _complaint(f"Unexpected end tag {self._byte(begin)}")
        self.at += 2
        name = self._skip(TAG_NAME).lower()
        self._skip(SPACE)
        if self._next() != ">":
            raise _complaint(f"Unclosed end tag {self._byte(begin)}")
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            words = f'expected "</{tag.name}>", found "</{name}>"'
            raise _complaint(f"Unmatched end tag {self._byte(begin)}, {words}")
        if self.offset > tag.offset:
            self._finish(tag)

    def _finish(self, tag: OpenTag) -> None:
        entity = {"type": KINDS[tag.name], "offset": tag.offset, "length": self.offset - tag.offset}
        details = DETAILS.get(tag.name, _nothing)(tag, "".join(self.pieces[tag.start :]))
        if details is None:
            return
        entity |= details
        if not self._is_one_with_last(entity):
            self.entities.append(entity)

    def _is_one_with_last(self, entity: JSON) -> bool:
        last = self.entities[-1] if self.entities else {}
        language = last.get("language") or entity.get("language")
        same = all(last.get(key) == entity[key] for key in ("offset", "length"))
        if not (same and language and {last["type"], entity["type"]} == {"code", "pre"}):
            return False
        last |= {"type": "pre", "language": language}
        return True


def reference(source: str, at: int) -> tuple[str, int]:
    """Return the character that a reference at `at` stands for and where reading goes on.

    What is no reference stands for itself, as one ampersand.
    """
    match = REFERENCE.match(source, at)
    character = _character(match) if match else ""
    if match is None or not character:
        return "&", at + 1
    return character, match.end() + source.startswith(";", match.end())


def _character(match: re.Match[str]) -> str:
    if match["name"] is not None:
        return NAMED.get(match["name"], "")
    code = int(match["hex"] or "0", 16) if match["hex"] is not None else int(match["dec"] or "0")
    fits = 0 < code < LAST_CHARACTER and match.end() - match.start() < LONGEST_REFERENCE
    return chr(code) if fits else ""


def decoded(text: str) -> str:
    """Return a text with its references replaced."""
    parts, at = [], 0
    while at < len(text):
        end = text.find("&", at)
        if end != at:
            end = len(text) if end < 0 else end
            parts.append(text[at:end])
            at = end
        else:
            part, at = reference(text, at)
            parts.append(part)
    return "".join(parts)


def _nothing(_tag: OpenTag, _text: str) -> JSON | None:
    return {}


def _link(tag: OpenTag, text: str) -> JSON | None:
    url = tag.attributes.get("href") or text
    if user := USER_LINK.match(url):
        return {"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": text}}
    known = WEB_LINK.match(url) and ("://" in url or "." in url)
    return {"url": url if "://" in url else f"http://{url}/"} if known else None


def _language(tag: OpenTag, _text: str) -> JSON | None:
    name = tag.attributes.get("class", "")
    language = name.removeprefix("language-") if name.startswith("language-") else ""
    return {"language": language} if language else {}


def _quote(tag: OpenTag, _text: str) -> JSON | None:
    return {"type": "expandable_blockquote"} if "expandable" in tag.attributes else {}


def _emoji(tag: OpenTag, _text: str) -> JSON | None:
    identifier = tag.attributes.get("emoji-id", "")
    if not identifier.isdecimal() or int(identifier) == 0:
        raise _complaint("Invalid custom emoji identifier specified")
    return {"custom_emoji_id": identifier}


def _time(tag: OpenTag, _text: str) -> JSON | None:
    moment = tag.attributes.get("unix", "")
    if not moment.isdecimal():
        raise _complaint("Invalid Unix time specified")
    if not TIME_FORMAT.fullmatch(tag.attributes.get("format", "")):
        raise _complaint("Invalid date-time format specified")
    return {"unix_time": int(moment), "date_time_format": tag.attributes.get("format", "")}


DETAILS = {"a": _link, "code": _language, "blockquote": _quote, "tg-emoji": _emoji, "tg-time": _time}


def _complaint(words: str) -> RefusedError:
    return bad_request(f"can't parse entities: {words}")
