"""Word pieces: the numbers by which the sentence encoder knows a text, as BERT's uncased tokenizer gives them.

The words of a text, without case and accents, punctuation and ideographs apart; each word as the longest pieces of the
vocabulary, from left to right (Devlin et al., BERT, 2019; Wu et al., Google's Neural Machine Translation System, 2016).
Marks such as [SEP] that somebody writes are text like any other.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import punctuation
from unicodedata import category, normalize

LONGEST_WORD = 100  # characters; a longer one is unknown as a whole
START, END, UNKNOWN, CONTINUED = "[CLS]", "[SEP]", "[UNK]", "##"
REPLACED = "\ufffd"
BLANK = "\t\n\r"
REMOVED = frozenset({"Cc", "Cf", "Co", "Cs"})
IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002ceaf\U0002f800-\U0002fa1f"
WORD = re.compile(rf"[{re.escape(punctuation)}{IDEOGRAPH}]|[^\s{re.escape(punctuation)}{IDEOGRAPH}]+")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Cuts texts into the pieces of a vocabulary, in which each has a number; `##` marks one that continues a word."""

    numbers: Mapping[str, int]

    def of(self, text: str, most: int) -> list[int]:
        """Return the numbers of a text's pieces between the marks of its start and end, `most` in all."""
        found = [self.numbers[START]]
        for word in _words(text):
            if len(found) >= most - 1:
                break
            found += self._cut(word)
        return [*found[: most - 1], self.numbers[END]]

    def _cut(self, word: str) -> list[int]:
        if len(word) > LONGEST_WORD:
            return [self.numbers[UNKNOWN]]
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = CONTINUED if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self.numbers), None)
            if end is None:
                return [self.numbers[UNKNOWN]]
            found.append(self.numbers[mark + word[start:end]])
            start = end
        return found


def open_pieces(path: Path) -> Pieces:
    """Read the vocabulary of a `tokenizer.json`, as the library of that name writes it."""
    return Pieces(json.loads(path.read_text("utf-8"))["model"]["vocab"])


def _words(text: str) -> Iterable[str]:
    """Return the words of a text, and each of its signs as a word of its own."""
    if text.isascii() and text.isprintable():
        return WORD.findall(text.lower())
    kept = "".join(map(_shown, text))
    plain = "".join(letter for letter in normalize("NFD", kept) if category(letter) != "Mn")
    return WORD.findall("".join(map(_apart, plain)).lower())


def _shown(letter: str) -> str:
    """Return a character, a space for what breaks a line, and nothing for what is not to be seen."""
    if letter in BLANK:
        return " "
    return "" if letter == REPLACED or category(letter) in REMOVED else letter


def _apart(letter: str) -> str:
    """Return a character, with room around a sign."""
    return f" {letter} " if category(letter).startswith("P") else letter
