"""Ranks every entry and refusal for a question."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.match import thresholds
from bot.match.calibration import Calibration
from bot.match.features import Floats, Ints, Row
from bot.match.follow_up import readings, says_enough
from bot.match.learner import kernel, shares
from bot.match.likeness import Likeness
from bot.match.meaning import Meaning
from bot.match.nearest import Postings
from bot.match.reader import Reader
from bot.match.remembered import Remembered
from bot.match.secrets import has_secret
from bot.match.subjects import Subjects
from bot.match.vectors import widened
from bot.model.knowledge import Entry, Refusal
from bot.model.question import Question
from bot.model.record import Vector
from bot.model.verdict import Match

KEPT = 8  # candidates that anybody ever looks at
SAME = 0.999  # cosine of letters of a question that is a phrasing, word for word
TINY = np.float32(1e-6)
REMEMBERED = 1_000  # questions; each takes about 2 KiB
SHORT = 200  # characters of a text whose reading is remembered

Read = tuple[tuple[str, ...], ...]  # the words of a question, and the sentences the encoder gets of it


@dataclass(frozen=True, slots=True)
class Heard:
    """What was read in a text by itself: its words, their features, the sentences for the encoder, and what stands out.

    A text with a secret, or without words, is read no further.
    """

    tokens: tuple[str, ...]
    row: Row | None
    views: tuple[str, ...]
    is_secret: bool
    elsewhere: Refusal | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was found for a question: matches best first, and what the decision needs to know.

    `coverage` is the share of the question (0 to 1, weighed by rarity) that the knowledge's words cover. `elsewhere`
    is what is said where the question belongs to a pack that is not in use.
    """

    question: Question
    matches: tuple[Match, ...]
    coverage: float
    is_empty: bool
    is_secret: bool
    elsewhere: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Matcher:
    """The index over a library; built once for each library and never changed.

    `owners` is the candidate of each phrasing, in ascending order, and `starts` the first phrasing of each candidate;
    `topics` is a number for the topic of each candidate; `meaning` is what each phrasing means; `chosen` are the
    phrasings that were learned from, `duals` what was learned (float32, shape (chosen, candidates)).

    What was found for a question that stands alone is remembered by all that it follows from, so a question that is
    asked again is ranked as before; so is what a text means that was read by itself.
    """

    candidates: tuple[Entry | Refusal, ...]
    phrases: tuple[str, ...]
    owners: Ints
    starts: Ints
    topics: Ints
    reader: Reader
    subjects: Subjects
    postings: Postings
    meaning: Meaning | None
    chosen: Ints
    duals: Floats
    calibration: Calibration
    heard: Remembered[str, Heard] = field(
        init=False, repr=False, compare=False, default_factory=lambda: Remembered(REMEMBERED)
    )
    known: Remembered[Read, tuple[Match, ...]] = field(
        init=False, repr=False, compare=False, default_factory=lambda: Remembered(REMEMBERED)
    )
    read: Remembered[str, Vector] = field(
        init=False, repr=False, compare=False, default_factory=lambda: Remembered(REMEMBERED)
    )

    def rank(self, question: Question) -> Ranking:
        """Return the candidates for a question, best first."""
        heard = self._heard(question.text)
        row, tokens = heard.row, heard.tokens
        if row is None:
            return Ranking(question, (), 0.0, not tokens, heard.is_secret)
        earlier = question.earlier if row.known >= thresholds.GIBBERISH else ()
        turns = [turn.tokens for turn in map(self._heard, earlier) if turn.row]
        found = readings([*turns, tokens], self.reader.sides, self.reader.speller.language)
        matches: tuple[Match, ...] = ()
        if [*map(tuple, found[0].ways)] == [tokens]:
            matches = self._alone(tokens, row, heard.views)
        if not matches or (len(found) > 1 and matches[0].score < self._sure(tokens)):
            matches = self._matches([(reading.weight, self._best(reading.ways)) for reading in found])
        return Ranking(question, matches, row.known, is_empty=False, is_secret=False, elsewhere=heard.elsewhere)

    def remembers(self, question: Question) -> bool:
        """Tell whether a question is ranked in no time: it was asked before, and is not read in another's light."""
        heard = self.heard.peek(question.text)
        if heard is None or heard.row is None:
            return heard is not None
        alone = self.known.peek((heard.tokens, heard.views))
        if not alone:
            return False
        return not question.earlier or alone[0].score >= self._sure(heard.tokens)

    def scores(self, likeness: Likeness) -> Floats:
        """Return the score of each candidate; shape (candidates,)."""
        letters, meaning = likeness.letters, likeness.meaning
        if len(self.chosen) < len(letters):
            letters = letters[self.chosen]
            meaning = None if meaning is None else meaning[:, self.chosen]
        scores: Floats = kernel(meaning, letters) @ self.duals
        return scores

    def _sure(self, tokens: Sequence[str]) -> float:
        """Return the chance from which on a question is not read in the light of the one before."""
        return thresholds.ANSWER if says_enough(tokens, self.reader.sides) else thresholds.SURE

    def _heard(self, text: str) -> Heard:
        """Read a text, or remember how it was read; what may be a secret is never remembered."""
        if len(text) > SHORT:
            return self._reading(text)
        return self.heard.get(text, lambda: self._reading(text), lambda heard: not heard.is_secret)

    def _reading(self, text: str) -> Heard:
        tokens, is_secret = self.reader.words(text), has_secret(text)
        if is_secret or not tokens:
            return Heard(tuple(tokens), None, (), is_secret, None)
        row, views = self.reader.featuriser.row(tokens), self.reader.views(text, tokens)
        return Heard(tuple(tokens), row, tuple(views), is_secret, self.subjects.elsewhere(text))

    def _alone(self, tokens: tuple[str, ...], row: Row, views: tuple[str, ...]) -> tuple[Match, ...]:
        return self.known.get((tokens, views), lambda: self._matches([(1.0, self._read(row, views))]))

    def _matches(self, found: Sequence[tuple[float, Likeness]]) -> tuple[Match, ...]:
        scores = np.zeros(len(self.candidates), np.float32)
        for weight, likeness in found:
            scores += np.float32(weight) * self.scores(likeness)
        nearness: Floats = np.array([self.nearness(likeness) for _, likeness in found], np.float32).max(axis=0)
        chances = self.calibration.chances(self.odds(scores[None])[0], nearness)
        if len(found) == 1:
            chances[self.owners[likeness.letters >= SAME]] = 1.0
        best = np.lexsort((-scores, -chances))[:KEPT]
        return tuple(self._match(number, float(chances[number]), found[-1][1]) for number in best)

    def nearness(self, likeness: Likeness) -> Floats:
        """Return the cosine of the nearest phrasing of each candidate's topic; shape (candidates,)."""
        cosines = likeness.letters if likeness.meaning is None else likeness.meaning.max(axis=0)
        return self.by_topic(np.maximum, np.maximum.reduceat(cosines, self.starts))

    def odds(self, scores: Floats) -> Floats:
        """Return the logarithm of the odds of each candidate's topic; shape (texts, candidates), as came in."""
        share = self.by_topic(np.add, shares(scores).T).T
        odds: Floats = np.log(share + TINY) - np.log1p(TINY - share)
        return odds

    def by_topic(self, joined: np.ufunc, values: Floats) -> Floats:
        """Return for each candidate the joined values of all that share its topic; shape (candidates, …)."""
        found = np.full((int(self.topics.max()) + 1, *values.shape[1:]), joined.identity or 0, np.float32)
        joined.at(found, self.topics, values)
        of_each: Floats = found[self.topics]
        return of_each

    def likeness(self, row: Row, vectors: Floats | None) -> Likeness:
        """Compare the features of a text, and the vectors of its views, with every phrasing."""
        letters = self.postings.cosines(row)
        if vectors is None or self.meaning is None:
            return Likeness(letters, None)
        return Likeness(letters, self.meaning.cosines(vectors))

    def vector(self, phrase: int) -> Floats | None:
        """Return what a phrasing means; shape (1, dimensions)."""
        return None if self.meaning is None else widened(self.meaning.steps[phrase][None])

    def _read(self, row: Row, views: Sequence[str]) -> Likeness:
        encoder = self.reader.encoder
        return self.likeness(row, encoder.encode(views) if encoder else None)

    def _best(self, ways: Sequence[Sequence[str]]) -> Likeness:
        """Return the likeness of the words that fit an entry best."""
        found = [self._read(self.reader.featuriser.row(tokens), [self.reader.sentence(tokens)]) for tokens in ways]
        return found[0] if len(found) == 1 else max(found, key=lambda likeness: float(self.scores(likeness).max()))

    def _match(self, number: int, chance: float, likeness: Likeness) -> Match:
        after = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.owners)
        phrase = likeness.nearest(self.starts[number], after)
        meaning = None if likeness.meaning is None else float(likeness.meaning[:, phrase].max())
        letters = float(likeness.letters[phrase])
        return Match(self.candidates[number], chance, self.phrases[phrase], letters, meaning)
