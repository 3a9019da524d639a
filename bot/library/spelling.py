"""How a text is written into a YAML file so that it is read back as it is: plain where it can be, else quoted."""

import json
import re

import yaml

from bot.errors import EditError
from bot.library.strict import Loader

WIDTH = 120  # columns of a line; longer text is folded
_UNPRINTED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BETWEEN_WORDS = re.compile(r"(?<=[^ ]) (?=[^ ])")  # where a line may be folded without changing the text


def inline(text: str, *, in_brackets: bool = False) -> str:
    """Return text as it stands on one line, as a field, an item or, `in_brackets`, between brackets.

    Raises:
        EditError: it holds characters that no file can.
    """
    double = _UNPRINTED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False))
    single = "'" + text.replace("'", "''") + "'"
    quoted = [single, double] if '"' in text or "\\" in text else [double]
    frames = ("- {}\n", "k: {}\n", *(["[{}, x]\n", "{{k: {}, x: y}}\n"] if in_brackets else []))
    for candidate in (text, *quoted):
        if all(_is_read(frame.format(candidate), text) for frame in frames):
            return candidate
    raise EditError("the text holds characters that cannot be written; remove them")


def block(text: str, indent: int, newline: str) -> str | None:
    """Return text as a folded block, or a literal one where it has lines of its own; None where neither can hold it.

    Args:
        text: what to write.
        indent: columns before each line.
        newline: what ends a line.
    """
    is_literal = "\n" in text
    lines = text.split("\n") if is_literal else _folded(text, WIDTH - indent)
    written = newline.join(["|-" if is_literal else ">-", *(" " * indent + line if line else "" for line in lines)])
    return written if _is_read(f"k: {written}{newline}", text) else None


def _folded(text: str, width: int) -> list[str]:
    lines = [""]
    for word in _BETWEEN_WORDS.split(text):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _is_read(sample: str, text: str) -> bool:
    """Tell whether the first item or value of a sample is `text`."""
    try:
        node = yaml.compose(sample, Loader=Loader)
    except (yaml.YAMLError, UnicodeEncodeError):
        return False
    value = node.value[0] if node else None
    held = value[1] if isinstance(value, tuple) else value
    return isinstance(held, yaml.ScalarNode) and held.value == text
