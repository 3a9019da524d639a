"""The words of phrasings as an index: how it is made, and kept."""

from pathlib import Path

import numpy as np

from bot.match.features import featurise
from bot.match.letters import open_letters
from bot.match.nearest import make_postings

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
