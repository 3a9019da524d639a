"""What is fuzzed: each target takes any bytes, and raises where what it looks at breaks its promise."""

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import unescape
from pathlib import Path

from bot.errors import EditError, KnowledgeError
from bot.faces.telegram import owner_payload, payload
from bot.library import load_library
from bot.library.strict import parse_document
from bot.library.upload import read_upload
from bot.lint import lint
from bot.match import (
    parts,
    read_chart,
    read_convert,
    read_cost,
    redacted,
)
from bot.match.wanted import read_wanted
from bot.model.reply import Headline, Note, Paragraph, Reply
from bot.reply.telegram_html import BYTES, LIMIT, render
from bot.stats import STATS
from bot.text import MAX_QUESTION, clean, utf16_length, words
from tests.library.test_broken import SOUND, TODAY

TAG = re.compile(r"<[^>]*>")


def text_of(data: bytes) -> str:
    """Return bytes as text, half signs included."""
    return data.decode("utf-8", "surrogateescape")


def decoded(data: bytes) -> None:
    """Callback data of any kind is a button or none; a button comes back as it was written."""
    for module in (payload, owner_payload):
        found = module.decode(text_of(data))
        if found is not None:
            again = module.decode(module.encode(found))
            assert again == found, (found, again)


def read(data: bytes) -> None:
    """Whatever is typed becomes comparable words, parts, and perhaps an amount, a chart or a price."""
    text = text_of(data)
    assert len(clean(text)) <= MAX_QUESTION
    assert all(word.strip() for word in words(clean(text)))
    assert 1 <= len(parts(text)) <= 2
    for reading in (read_cost(text), read_convert(text)):
        assert len(str(getattr(reading, "sentence", ""))) <= 300
    read_wanted(text, {"fees": "fee"})
    read_chart(text, {"fees": "fee"})


def kept(data: bytes) -> None:
    """What is kept of a text is short, can be written down, and is the same when it is redacted once more."""
    found = redacted(text_of(data))
    assert len(found) <= MAX_QUESTION
    found.encode()


def shown(data: bytes) -> None:
    """Whatever is shown: no message is too long, all tags are closed, and no word is lost."""
    text = data.decode("utf-8", "replace")
    if not text.strip():
        return
    for block in (Headline(text), Paragraph(text), Note(text)):
        messages = render(Reply((block,)))
        visible = [unescape(TAG.sub("", message)) for message in messages]
        assert all(0 < utf16_length(one) <= LIMIT for one in visible)
        assert all(len(message.encode()) <= BYTES for message in messages)
        assert all(message.count("<") == 2 * message.count("</") for message in messages)
        assert "".join("".join(visible).split()) == "".join(unescape(text_once(text)).split())


def text_once(text: str) -> str:
    """Return a text so that `unescape` gives it back."""
    return text.replace("&", "&amp;")


def parsed(data: bytes) -> None:
    """A knowledge file is a document or an error with its line."""
    problems = problems_of(lambda: parse_document(data, "x.yml"))
    assert len(problems) <= 1
    assert all(re.match(r"x\.yml:\d+: .+", one) for one in problems)


def loaded(data: bytes) -> None:
    """A pack is a library that can be looked through, or errors with their lines; nothing is raised beside."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in SOUND.items():
            (Path(folder) / f"{name}.yml").write_text(text, "utf-8")
        (Path(folder) / "food.yml").write_bytes(data)
        problems = problems_of(lambda: list(lint(load_library(Path(folder), [], STATS), TODAY)))
        assert all(problem.startswith(folder) for problem in problems)


def uploaded(data: bytes) -> None:
    """A file that is sent is taken or refused, whatever its name."""
    name, _, content = data.partition(b"\0")
    for called in ("food.yml", text_of(name)):
        problems_of(partial(read_upload, called, content or name, ("cats/food.yml",)))


def problems_of(act: Callable[[], object]) -> Sequence[str]:
    """Return the problems that an act raises, none where it succeeds."""
    try:
        act()
    except KnowledgeError as error:
        return error.problems
    except EditError as error:
        return [str(error)]
    return []


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "callbacks": decoded,
    "amounts": read,
    "redaction": kept,
    "splitter": shown,
    "yaml": parsed,
    "pack": loaded,
    "uploads": uploaded,
}
