"""Texts of one meaning together, others apart."""

from dataclasses import replace

import numpy as np
import pytest

from bot.match import Matcher, Meanings
from bot.match.clusters import joined
from tests.questions import PARAPHRASES, five_hundred

PAIRS = {
    "none": ([], []),
    "alone": ([[1, 0]], [[0]]),
    "two and one": ([[1, 0], [0, 1], [0.9, 0.1]], [[0, 2], [1]]),
    "all alike": ([[1, 0], [1, 0], [1, 0], [1, 0]], [[0, 1, 2, 3]]),
    "a chain is no group": ([[1, 0], [0.7, 0.7], [0, 1]], [[0, 1], [2]]),
}


@pytest.mark.parametrize(("rows", "groups"), PAIRS.values(), ids=PAIRS)
def test_rows_are_joined_by_their_mean_likeness(rows: list[list[float]], groups: list[list[int]]) -> None:
    """A group grows while its mean cosine to another is high enough, and no longer."""
    found = np.array(rows, np.float32).reshape(-1, 2)
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)

    assert joined(found, 0.6) == groups


def test_five_hundred_questions_fall_into_what_they_ask(matcher: Matcher) -> None:
    """Paraphrases are together whatever is put around them, with nothing else; one of the meanings may split in two."""
    numbers, texts = zip(*five_hundred(), strict=True)
    meanings = Meanings(matcher)

    groups = meanings.groups(texts, [None] * len(texts))

    assert len(PARAPHRASES) <= len(groups) <= len(PARAPHRASES) + 1
    assert all(len({numbers[one] for one in group}) == 1 for group in groups)


def test_kept_vectors_are_used_until_the_encoder_changes(matcher: Matcher) -> None:
    """What was kept is not encoded again; what another encoder made is."""
    meanings = Meanings(matcher)
    texts = ["what is taproot", "who is roger ver"]
    taproot, _ = meanings.vectors(texts)
    assert taproot

    fooled = meanings.groups(texts, [taproot, taproot])
    seen = meanings.groups(texts, [taproot, replace(taproot, version="another")])

    assert fooled == [[0, 1]]
    assert seen == [[0], [1]]


def test_without_an_encoder_the_same_words_are_together(matcher: Matcher) -> None:
    """Spelling and the coins' names do not matter; the order of words does."""
    deaf = Meanings(replace(matcher, meaning=None, reader=replace(matcher.reader, encoder=None)))

    assert deaf.vectors(["x"]) == (None,)
    assert deaf.groups(["what is BCH?", "who is satoshi", "What is bitcoin cash"], [None] * 3) == [[0, 2], [1]]
