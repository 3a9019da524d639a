"""Ranks every entry and refusal for a question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.match.calibration import Calibration, calibrate
from bot.match.encoder import Encoder
from bot.match.features import Featuriser, Floats, Ints, Row, make_featuriser
from bot.match.follow_up import Reading, readings
from bot.match.learner import Learned, kernel, learn
from bot.match.nearest import Postings, make_postings
from bot.match.normal import Normaliser, make_normaliser
from bot.match.secrets import has_secret
from bot.match.spelling import Speller, make_speller
from bot.match.vectors import encode
from bot.model.knowledge import Entry, Library, Refusal
from bot.model.question import Question
from bot.model.verdict import Match

KEPT = 8  # candidates that anybody ever looks at
SAME = 0.999  # cosine of letters of a question that is a phrasing, word for word
LEARNED_FROM = 5_000  # phrasings at most; with more, each entry gives as many as fit
NOBODY = -1  # the owner of a background text
BACKGROUND = Path(__file__).parent / "background.txt"
GIBBERISH = 0.1  # coverage below which nothing is read into a message, not even what came before
FAMILIAR = 0.8  # cosine of meaning from which a background text is too near a phrasing to stand for "something else"


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
class Likeness:
    """How like a question is to every phrasing: cosines of letters, and of meaning where there is an encoder."""

    letters: Floats
    meaning: Floats | None

    @property
    def nearness(self) -> Floats:
        """The sum of both, to find the phrasing that comes nearest."""
        return self.letters if self.meaning is None else self.letters + self.meaning


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns texts into what is compared: words, their features, and the plain sentence the encoder reads."""

    normalise: Normaliser
    speller: Speller
    featuriser: Featuriser
    encoder: Encoder | None
    names: Mapping[str, str]

    def words(self, text: str) -> list[str]:
        """Return the comparable words of a question, its spelling mended."""
        return self.speller.corrected(self.normalise(text))

    def sentence(self, words: Iterable[str]) -> str:
        """Return the words as the encoder knows them: the sides by their full names."""
        return " ".join(self.names.get(word, word) for word in words)


@dataclass(frozen=True, slots=True)
class Matcher:
    """The index over a library; built once for each library and never changed.

    `owners` is the candidate of each phrasing, `vectors` what each means (float32, shape (phrasings, dimensions)),
    `chosen` the phrasings that were learned from, `duals` what was learned (float32, shape (chosen, candidates)),
    `topics` a number for the topic of each candidate. Background texts are phrasings of `NOBODY`.
    """

    candidates: tuple[Entry | Refusal, ...]
    phrases: tuple[str, ...]
    owners: Ints
    topics: Ints
    reader: Reader
    postings: Postings
    vectors: Floats | None
    chosen: Ints
    duals: Floats
    calibration: Calibration

    def rank(self, question: Question) -> Ranking:
        """Return the candidates for a question, best first."""
        words = self.reader.words(question.text)
        is_secret = has_secret(question.text)
        if is_secret or not words:
            return Ranking(question, (), 0.0, not words, is_secret)
        known = self.reader.featuriser.row(words).known
        earlier = question.earlier if known >= GIBBERISH else ()
        turns = [self.reader.words(turn) for turn in earlier if not has_secret(turn)]
        found = readings([*filter(None, turns), words], self.reader.names)
        return Ranking(question, self._matches(found), known, is_empty=False, is_secret=False)

    def _matches(self, found: Sequence[Reading]) -> tuple[Match, ...]:
        scores = np.zeros(len(self.candidates), np.float32)
        for reading in found:
            likeness = self._likeness(reading.words)
            meaning = None if likeness.meaning is None else likeness.meaning[self.chosen]
            scores += np.float32(reading.weight) * (kernel(meaning, likeness.letters[self.chosen]) @ self.duals)
        chances = self.calibration.chances(scores, _leads(scores[None], self.topics)[0])
        same = self.owners[likeness.letters >= SAME]
        if len(found) == 1:
            chances[same[same != NOBODY]] = 1.0
        best = np.lexsort((-scores, -chances))[:KEPT]
        return tuple(self._match(number, float(chances[number]), likeness) for number in best)

    def _likeness(self, words: Sequence[str]) -> Likeness:
        letters = self.postings.cosines(self.reader.featuriser.row(words))
        if self.vectors is None or self.reader.encoder is None:
            return Likeness(letters, None)
        return Likeness(letters, self.vectors @ self.reader.encoder.encode([self.reader.sentence(words)])[0])

    def _match(self, number: int, chance: float, likeness: Likeness) -> Match:
        own = np.flatnonzero(self.owners == number)
        phrase = own[likeness.nearness[own].argmax()]
        meaning = None if likeness.meaning is None else float(likeness.meaning[phrase])
        letters = float(likeness.letters[phrase])
        return Match(self.candidates[number], chance, self.phrases[phrase], letters, meaning)


def make_matcher(
    library: Library,
    extra: Mapping[str, Sequence[str]],
    encoder: Encoder | None = None,
    cache: Path | None = None,
) -> Matcher:
    """Build the index of a library.

    Args:
        library: entries and refusals bring their phrasings and titles.
        extra: further phrasings by topic (those of the statistics); they join the entry whose id is the topic.
        encoder: None means that words alone are compared.
        cache: where vectors are kept between runs.
    """
    candidates: tuple[Entry | Refusal, ...] = (*library.entries, *library.refusals)
    phrases = [
        (number, phrase)
        for number, candidate in enumerate(candidates)
        for phrase in (candidate.title, *candidate.ask, *extra.get(candidate.id, ()))
    ]
    phrases += [(NOBODY, line) for line in BACKGROUND.read_text("utf-8").splitlines()]
    normalise = make_normaliser(library.packs.values())
    words = [normalise(phrase) for _, phrase in phrases]
    said = {word for candidate in candidates for word in normalise(_text(candidate))}
    owned = [found for (owner, _), found in zip(phrases, words, strict=True) if owner != NOBODY]
    names = {side.id: side.name.casefold() for pack in library.packs.values() for side in pack.sides}
    speller = make_speller(said.union(*owned), encoder.words if encoder else ())
    reader = Reader(normalise, speller, make_featuriser(owned), encoder, names)
    vectors = encode(encoder, [reader.sentence(found) for found in words], cache) if encoder else None
    owners = np.array([owner for owner, _ in phrases])
    kept = _unlike(vectors, owners)
    return _indexed(
        candidates=candidates,
        reader=reader,
        phrases=tuple(phrases[number][1] for number in kept),
        rows=[reader.featuriser.row(words[number]) for number in kept],
        owners=owners[kept],
        vectors=None if vectors is None else vectors[kept],
    )


def _indexed(  # noqa: PLR0913 - the parts of an index
    *,
    candidates: tuple[Entry | Refusal, ...],
    reader: Reader,
    phrases: tuple[str, ...],
    rows: Sequence[Row],
    owners: Ints,
    vectors: Floats | None,
) -> Matcher:
    chosen = _spread(owners, LEARNED_FROM)
    postings = make_postings(rows, len(reader.featuriser.ids))
    letters = np.array([postings.cosines(rows[number])[chosen] for number in chosen])
    meaning = None if vectors is None else vectors[chosen] @ vectors[chosen].T
    learned = learn(kernel(meaning, letters), owners[chosen], len(candidates))
    topics = _topics(candidates)
    return Matcher(
        candidates=candidates,
        phrases=phrases,
        owners=owners,
        topics=topics,
        reader=reader,
        postings=postings,
        vectors=vectors,
        chosen=chosen,
        duals=learned.duals,
        calibration=_calibrated(learned, owners[chosen], topics, candidates),
    )


def _text(candidate: Entry | Refusal) -> str:
    """Return what an answer says, for its vocabulary."""
    if isinstance(candidate, Refusal):
        return candidate.title
    cells = (cell for row in candidate.versus for cell in (row.what, *row.cells))
    return " ".join((candidate.title, candidate.verdict, candidate.detail, *cells))


def _topics(candidates: Sequence[Entry | Refusal]) -> Ints:
    """Return a number for the topic of each candidate; a refusal is a topic of its own."""
    names = [target.topic if isinstance(target, Entry) else f"!{target.id}" for target in candidates]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names])


def _unlike(vectors: Floats | None, owners: Ints) -> Ints:
    """Return the phrases to keep: all but the background texts that this library has an answer to."""
    everything = np.arange(len(owners))
    if vectors is None:
        return everything
    nearest = (vectors[owners == NOBODY] @ vectors[owners != NOBODY].T).max(axis=1)
    familiar = np.flatnonzero(owners == NOBODY)[nearest >= FAMILIAR]
    return np.setdiff1d(everything, familiar)


def _spread(owners: Ints, most: int) -> Ints:
    """Return the rows to learn from: all, or the first few of each candidate where that would be too many."""
    if len(owners) <= most:
        return np.arange(len(owners))
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], owners[order])
    turn = np.arange(len(owners)) - starts  # the first of each candidate, then the second of each, and so on
    return np.sort(order[np.argsort(turn, kind="stable")[:most]])


def _leads(scores: Floats, topics: Ints) -> Floats:
    """Return how far each candidate is ahead of the best one of another topic; shape like `scores`."""
    best = np.full((len(scores), topics.max() + 1), -np.inf, np.float32)
    np.maximum.at(best.T, topics, scores.T)
    order = np.argsort(best, axis=1)
    rows = np.arange(len(scores))
    first = order[:, -1]
    top = best[rows, first][:, None]
    second = best[rows, order[:, -2]][:, None] if best.shape[1] > 1 else np.zeros_like(top)
    rival = np.where(topics[None, :] == first[:, None], second, top)
    leads: Floats = scores - rival
    return leads


def _calibrated(learned: Learned, labels: Ints, topics: Ints, candidates: Sequence[Entry | Refusal]) -> Calibration:
    """Learn from the left-out phrasings and background texts how often the best entry is the right one."""
    leads = _leads(learned.scores, topics)
    best = learned.scores.argmax(axis=1)
    is_entry = np.array([isinstance(candidate, Entry) for candidate in candidates])[best]
    owners = labels[learned.held_out]
    is_right = (owners != NOBODY) & (topics[best] == topics[owners])
    rows = np.arange(len(best))
    return calibrate(learned.scores[rows, best][is_entry], leads[rows, best][is_entry], is_right[is_entry])
