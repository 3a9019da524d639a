"""The words of phrasings as an index: how it is made, and kept."""

from pathlib import Path

import numpy as np
import pytest

from bot.match.features import featurise
from bot.match.letters import open_letters
from bot.match.nearest import COMMON, cosines_downwards, make_postings

TOKENS = [["how", "do", "i", "pay", "pay", "bch"], ["fees", "fees"], ["é", "of", "bch"], []]


def test_a_row_of_the_corpus_is_what_its_words_give() -> None:
    """What was indexed and what is asked are weighed alike, a doubled word and a stop word too."""
    featuriser, rows = featurise(TOKENS)

    for number, tokens in enumerate(TOKENS):
        asked, held = featuriser.row(tokens), rows.row(number)
        assert asked.ids.tolist() == held.ids.tolist()
        assert np.allclose(asked.weights, held.weights, atol=1e-6)
        assert np.isclose(np.dot(held.weights, held.weights), bool(tokens), atol=1e-6)


def test_a_word_that_was_never_seen_shares_its_runs() -> None:
    """A misspelled word is partly known; one that has nothing in common is not."""
    featuriser, rows = featurise(TOKENS)
    postings = make_postings(rows, len(featuriser.ids))

    alike, foreign = featuriser.row(["feez"]), featuriser.row(["xyz"])

    assert 0 < alike.known < 1
    assert postings.cosines(alike).argmax() == 1
    assert (foreign.known, postings.cosines(foreign).max()) == (0, 0)


def test_rows_come_back_from_the_index() -> None:
    """The index turned back gives the rows it was made from."""
    featuriser, rows = featurise(TOKENS)

    again = make_postings(rows, len(featuriser.ids)).turned()

    assert [again.starts.tolist(), again.ids.tolist(), again.weights.tolist()] == [
        rows.starts.tolist(), rows.ids.tolist(), rows.weights.tolist(),
    ]  # fmt: skip


@pytest.mark.parametrize("count", [3, 40, 0], ids=["common features only", "rare ones too", "no texts"])
def test_texts_are_compared_with_those_before_them(count: int) -> None:
    """Block by block, the cosines of the corpus's rows are those that its index gives."""
    tokens = [[f"word{number}", f"letters{number * 7}", "of", "all"] for number in range(count)]
    featuriser, rows = featurise(tokens)
    postings = make_postings(rows, len(featuriser.ids))
    assert (len(featuriser.ids) > COMMON) is (count == 40)

    blocks = list(cosines_downwards(rows, 16))

    assert [block.shape for block in blocks] == [
        (min(16, count - at), min(at + 16, count)) for at in range(0, count, 16)
    ]
    for number in range(count):
        found = blocks[number // 16][number % 16]
        assert np.allclose(found, postings.cosines(rows.row(number))[: len(found)], atol=1e-6)


def test_some_rows_are_taken_out() -> None:
    """Rows come in the order of their numbers, each as it was."""
    _, rows = featurise(TOKENS)

    some = rows.of(np.array([2, 0]))

    assert [some.row(number).ids.tolist() for number in (0, 1)] == [rows.row(2).ids.tolist(), rows.row(0).ids.tolist()]


def test_a_kept_index_is_used_for_its_name_only(tmp_path: Path) -> None:
    """What was kept is the same in every part, and is made anew when its name says that something changed."""
    path, asked = tmp_path / "letters.npz", []

    def tokens() -> list[list[str]]:
        asked.append(1)
        return TOKENS

    made = open_letters(path, "one", tokens)
    kept = open_letters(path, "one", tokens)
    assert len(asked) == 1
    assert (kept.featuriser.ids, kept.featuriser.parts) == (made.featuriser.ids, made.featuriser.parts)
    row = kept.featuriser.row(TOKENS[0])
    assert kept.postings.cosines(row).tolist() == made.postings.cosines(row).tolist()

    open_letters(path, "two", tokens)
    assert len(asked) == 2
