"""Ranks every entry and refusal for a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.match.features import Featuriser, Floats, Row, make_featuriser
from bot.match.head import Head, train_head
from bot.match.nearest import Postings, make_postings
from bot.match.normal import Normaliser, make_normaliser
from bot.match.secrets import has_secret
from bot.match.spelling import Speller, make_speller
from bot.model.knowledge import Entry, Library, Refusal
from bot.model.question import Question
from bot.model.verdict import Match

KEPT = 8  # candidates that anybody ever looks at
HEAD, NEAREST = 0.55, 0.45  # shares of the two signals in a score; chosen on the pack's own cross-validation


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was found for a question: matches best first, and what the decision needs to know.

    `coverage` is the share of the question (0 to 1, weighed by rarity) that the knowledge's words cover.
    """

    question: Question
    matches: tuple[Match, ...]
    coverage: float
    is_empty: bool
    is_secret: bool


@dataclass(frozen=True, slots=True)
class Matcher:
    """The index over a library; built once for each library and never changed."""

    candidates: tuple[Entry | Refusal, ...]
    phrases: tuple[str, ...]
    owners: NDArray[np.int64]
    normalise: Normaliser
    speller: Speller
    featuriser: Featuriser
    head: Head
    postings: Postings

    def rank(self, question: Question) -> Ranking:
        """Return the candidates for a question, best first."""
        tokens = self.speller.corrected(self.normalise(question.text))
        is_secret = has_secret(question.text)
        if is_secret or not tokens:
            return Ranking(question, (), 0.0, not tokens, is_secret)
        row = self.featuriser.row(tokens)
        return Ranking(question, self._matches(row), row.known, is_empty=False, is_secret=False)

    def _matches(self, row: Row) -> tuple[Match, ...]:
        cosines = self.postings.cosines(row)
        nearest, phrases = self._nearest(cosines)
        scores = HEAD * self.head.scores(row) + NEAREST * nearest
        best = np.argsort(-scores, kind="stable")[:KEPT]
        return tuple(
            Match(self.candidates[number], float(np.clip(scores[number], 0, 1)), self.phrases[phrases[number]])
            for number in best
        )

    def _nearest(self, cosines: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Return each candidate's best cosine and the number of the phrase that reached it."""
        order = np.lexsort((cosines, self.owners))
        last = np.searchsorted(self.owners[order], np.arange(len(self.candidates)), side="right") - 1
        phrases = order[last]
        return cosines[phrases], phrases


def make_matcher(library: Library, extra: Mapping[str, Sequence[str]]) -> Matcher:
    """Build the index of a library.

    Args:
        library: entries and refusals bring their phrasings and titles.
        extra: further phrasings by topic (those of the statistics); they join the entry whose id is the topic.
    """
    candidates: tuple[Entry | Refusal, ...] = (*library.entries, *library.refusals)
    phrases = [
        (number, phrase)
        for number, candidate in enumerate(candidates)
        for phrase in (candidate.title, *candidate.ask, *extra.get(candidate.id, ()))
    ]
    normalise = make_normaliser(library.packs.values())
    tokens = [normalise(phrase) for _, phrase in phrases]
    owners = np.array([number for number, _ in phrases])
    featuriser = make_featuriser(tokens)
    rows = [featuriser.row(words) for words in tokens]
    features = len(featuriser.ids)
    return Matcher(
        candidates=candidates,
        phrases=tuple(phrase for _, phrase in phrases),
        owners=owners,
        normalise=normalise,
        speller=make_speller({word for words in tokens for word in words}),
        featuriser=featuriser,
        head=train_head(rows, owners, features, len(candidates)),
        postings=make_postings(rows, features),
    )
