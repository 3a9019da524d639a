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
HEAD, NEAREST, TEXT = 0.40, 0.27, 0.33  # shares of the signals in a score; docs/matching.md has the figures
SAME = 0.999  # cosine of a question that is a phrasing, word for word


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
class TextIndex:
    """What the answers say, by candidate: a question may use words that no phrasing has."""

    featuriser: Featuriser
    postings: Postings

    def cosines(self, tokens: Sequence[str]) -> Floats:
        """Return the cosine of a question to every candidate's text; float32, shape (candidates,)."""
        return self.postings.cosines(self.featuriser.row(tokens))


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
    texts: TextIndex

    def rank(self, question: Question) -> Ranking:
        """Return the candidates for a question, best first."""
        tokens = self.speller.corrected(self.normalise(question.text))
        is_secret = has_secret(question.text)
        if is_secret or not tokens:
            return Ranking(question, (), 0.0, not tokens, is_secret)
        row = self.featuriser.row(tokens)
        matches = self._matches(row, self.texts.cosines(tokens))
        return Ranking(question, matches, row.known, is_empty=False, is_secret=False)

    def _matches(self, row: Row, texts: Floats) -> tuple[Match, ...]:
        cosines = self.postings.cosines(row)
        nearest, phrases = self._nearest(cosines)
        weighed = HEAD * self.head.scores(row) + NEAREST * nearest + TEXT * texts
        scores = np.where(nearest >= SAME, 1.0, np.minimum(weighed, 1.0))
        best = np.argsort(-scores, kind="stable")[:KEPT]
        return tuple(
            Match(self.candidates[number], max(float(scores[number]), 0.0), self.phrases[phrases[number]])
            for number in best
        )

    def _nearest(self, cosines: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Return each candidate's best cosine and the number of the phrase that reached it."""
        order = np.lexsort((cosines, self.owners))
        last = np.searchsorted(self.owners[order], np.arange(len(self.candidates)), side="right") - 1
        phrases = order[last]
        return cosines[phrases], phrases


def _index_texts(texts: Sequence[Sequence[str]]) -> TextIndex:
    featuriser = make_featuriser(texts)
    return TextIndex(featuriser, make_postings([featuriser.row(words) for words in texts], len(featuriser.ids)))


def _text(candidate: Entry | Refusal) -> str:
    """Return what an answer says; a refusal's wording says nothing about the questions it is for."""
    if isinstance(candidate, Refusal):
        return candidate.title
    cells = (cell for row in candidate.versus for cell in (row.what, *row.cells))
    return " ".join((candidate.title, candidate.verdict, candidate.detail, *cells))


def make_matcher(library: Library, extra: Mapping[str, Sequence[str]]) -> Matcher:
    """Build the index of a library.

    Args:
        library: entries and refusals bring their phrasings and titles, entries their texts too.
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
    texts = [normalise(_text(candidate)) for candidate in candidates]
    owners = np.array([number for number, _ in phrases])
    featuriser = make_featuriser(tokens)
    rows = [featuriser.row(words) for words in tokens]
    features = len(featuriser.ids)
    return Matcher(
        candidates=candidates,
        phrases=tuple(phrase for _, phrase in phrases),
        owners=owners,
        normalise=normalise,
        speller=make_speller({word for words in (*tokens, *texts) for word in words}),
        featuriser=featuriser,
        head=train_head(rows, owners, features, len(candidates)),
        postings=make_postings(rows, features),
        texts=_index_texts(texts),
    )
