"""Ranks every entry and refusal for a question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from bot.match import kept
from bot.match.calibration import TYPICAL, Calibration, calibrate
from bot.match.encoder import Encoder
from bot.match.features import Featuriser, Floats, Ints, Row, make_featuriser
from bot.match.follow_up import readings
from bot.match.learner import Learned, kernel, learn
from bot.match.nearest import Postings, make_postings
from bot.match.normal import Normaliser, SideNames, make_normaliser, make_side_names
from bot.match.secrets import has_secret
from bot.match.spelling import Speller, make_speller
from bot.match.vectors import encode
from bot.model.knowledge import Entry, Library, Refusal
from bot.model.question import Question
from bot.model.verdict import Match
from bot.text import clean, words

KEPT = 8  # candidates that anybody ever looks at
SAME = 0.999  # cosine of letters of a question that is a phrasing, word for word
RECIPE = 1  # to be raised when the same texts lead to other numbers, so that kept ones are not used any more
BLOCK = 256  # rows of the kernel that are computed at once
LEARNED_FROM = 5_000  # phrasings at most; with more, each entry gives as many as fit
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
    """How like a question is to every phrasing.

    Cosines of letters, shape (phrasings,); and, where there is an encoder, of the meaning of each view of the question,
    shape (views, phrasings).
    """

    letters: Floats
    meaning: Floats | None

    def nearest(self, first: int, last: int) -> int:
        """Return the phrasing that comes nearest by the sum of both, between `first` and before `last`."""
        letters = self.letters[first:last]
        nearness = letters if self.meaning is None else letters + self.meaning[:, first:last].max(axis=0)
        return first + int(nearness.argmax())


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns texts into what is compared: words, their features, and the sentences the encoder reads.

    `side_names` finds every name of a side in a text, `sides` are their full names by their ids.
    """

    normalise: Normaliser
    speller: Speller
    featuriser: Featuriser
    encoder: Encoder | None
    sides: Mapping[str, str]
    side_names: SideNames

    def words(self, text: str) -> list[str]:
        """Return the comparable words of a question, its spelling mended."""
        return self.speller.corrected(self.normalise(text))

    def sentence(self, words: Iterable[str]) -> str:
        """Return the words as the encoder knows them: the sides by their full names."""
        return " ".join(self.sides.get(word, word) for word in words)

    def views(self, text: str, tokens: Sequence[str]) -> list[str]:
        """Return the sentences to encode: the text as it was typed, and as it was meant where that differs.

        Mended spelling is mostly right; where it is not, the text itself still counts.
        """
        typed, meant = self.side_names.written_out(text), self.sentence(tokens)
        return [typed] if words(clean(typed)) == words(clean(meant)) else [typed, meant]


@dataclass(frozen=True, slots=True)
class Matcher:
    """The index over a library; built once for each library and never changed.

    `owners` is the candidate of each phrasing, in ascending order, `meanings` what each means (float32, shape
    (dimensions, phrasings)), `chosen` the phrasings that were learned from, `duals` what was learned (float32, shape
    (chosen, candidates)), `topics` a number for the topic of each candidate.
    """

    candidates: tuple[Entry | Refusal, ...]
    phrases: tuple[str, ...]
    owners: Ints
    topics: Ints
    reader: Reader
    postings: Postings
    meanings: Floats | None
    chosen: Ints
    duals: Floats
    calibration: Calibration

    def rank(self, question: Question) -> Ranking:
        """Return the candidates for a question, best first."""
        tokens = self.reader.words(question.text)
        is_secret = has_secret(question.text)
        if is_secret or not tokens:
            return Ranking(question, (), 0.0, not tokens, is_secret)
        row = self.reader.featuriser.row(tokens)
        earlier = question.earlier if row.known >= GIBBERISH else ()
        turns = [self.reader.words(turn) for turn in earlier if not has_secret(turn)]
        found = readings([*filter(None, turns), tokens], self.reader.sides, self.reader.speller.language)
        if len(found) == 1 and found[0].ways == (tokens,):
            matches = self._matches([(1.0, self._read(row, self.reader.views(question.text, tokens)))])
        else:
            matches = self._matches([(reading.weight, self._best(reading.ways)) for reading in found])
        return Ranking(question, matches, row.known, is_empty=False, is_secret=False)

    def scores(self, likeness: Likeness) -> Floats:
        """Return the score of each candidate; shape (candidates,)."""
        letters, meaning = likeness.letters, likeness.meaning
        if len(self.chosen) < len(letters):
            letters = letters[self.chosen]
            meaning = None if meaning is None else meaning[:, self.chosen]
        scores: Floats = kernel(meaning, letters) @ self.duals
        return scores

    def _matches(self, found: Sequence[tuple[float, Likeness]]) -> tuple[Match, ...]:
        scores = np.zeros(len(self.candidates), np.float32)
        for weight, likeness in found:
            scores += np.float32(weight) * self.scores(likeness)
        chances = self.calibration.chances(scores, leads(scores[None], self.topics)[0])
        if len(found) == 1:
            chances[self.owners[likeness.letters >= SAME]] = 1.0
        best = np.lexsort((-scores, -chances))[:KEPT]
        return tuple(self._match(number, float(chances[number]), likeness) for number in best)

    def likeness(self, row: Row, vectors: Floats | None) -> Likeness:
        """Compare the features of a text, and the vectors of its views, with every phrasing."""
        letters = self.postings.cosines(row)
        if vectors is None or self.meanings is None:
            return Likeness(letters, None)
        return Likeness(letters, vectors @ self.meanings)

    def _read(self, row: Row, views: Sequence[str]) -> Likeness:
        encoder = self.reader.encoder
        return self.likeness(row, encoder.encode(views) if encoder else None)

    def _best(self, ways: Sequence[Sequence[str]]) -> Likeness:
        """Return the likeness of the words that fit an entry best."""
        found = [self._read(self.reader.featuriser.row(tokens), [self.reader.sentence(tokens)]) for tokens in ways]
        return max(found, key=lambda likeness: float(self.scores(likeness).max()))

    def _match(self, number: int, chance: float, likeness: Likeness) -> Match:
        first, last = np.searchsorted(self.owners, (number, number + 1))
        phrase = likeness.nearest(int(first), int(last))
        meaning = None if likeness.meaning is None else float(likeness.meaning[:, phrase].max())
        letters = float(likeness.letters[phrase])
        return Match(self.candidates[number], chance, self.phrases[phrase], letters, meaning)


def make_matcher(
    library: Library,
    extra: Mapping[str, Sequence[str]],
    encoder: Encoder | None = None,
    folder: Path | None = None,
) -> Matcher:
    """Build the index of a library.

    Args:
        library: entries and refusals bring their phrasings and titles.
        extra: further phrasings by topic (those of the statistics); they join the entry whose id is the topic.
        encoder: None means that words alone are compared.
        folder: where what follows from texts is kept between runs.
    """
    candidates: tuple[Entry | Refusal, ...] = (*library.entries, *library.refusals)
    owned = [
        (number, phrase)
        for number, candidate in enumerate(candidates)
        for phrase in (candidate.title, *candidate.ask, *extra.get(candidate.id, ()))
    ]
    packs = library.packs.values()
    normalise = make_normaliser(packs)
    tokens = [normalise(phrase) for _, phrase in owned]
    said = {word for candidate in candidates for word in normalise(_text(candidate))}
    featuriser = make_featuriser(tokens)
    reader = Reader(
        normalise=normalise,
        speller=make_speller(said.union(*tokens), encoder.words if encoder else ()),
        featuriser=featuriser,
        encoder=encoder,
        sides={side.id: side.name.casefold() for pack in packs for side in pack.sides},
        side_names=make_side_names(packs),
    )
    phrases = tuple(phrase for _, phrase in owned)
    owners = np.array([number for number, _ in owned])
    rows = [featuriser.row(found) for found in tokens]
    written = [reader.side_names.written_out(text) for text in (*phrases, *_background())]
    vectors = encode(encoder, written, folder / "vectors.npz" if folder else None) if encoder else None
    untaught = Matcher(
        candidates=candidates,
        phrases=phrases,
        owners=owners,
        topics=_topics(candidates),
        reader=reader,
        postings=make_postings(rows, len(featuriser.ids)),
        meanings=None if vectors is None else np.ascontiguousarray(vectors[: len(phrases)].T),
        chosen=_spread(owners, LEARNED_FROM),
        duals=np.empty((0, len(candidates)), np.float32),
        calibration=TYPICAL,
    )
    foreign = None if vectors is None else vectors[len(phrases) :]
    name = kept.fingerprint(
        RECIPE, encoder.version if encoder else "", owned, tokens, written, untaught.topics.tolist()
    )
    known = (kept.read(folder / "learned.npz", name) if folder else None) or kept.read(kept.SHIPPED, name)
    if known:
        return replace(untaught, duals=known[0], calibration=known[1])
    taught = _taught(untaught, rows, foreign)
    if folder:
        kept.write(folder / "learned.npz", name, taught.duals, taught.calibration)
    return taught


def _taught(matcher: Matcher, rows: Sequence[Row], foreign: Floats | None) -> Matcher:
    """Return the matcher with what there is to learn from its phrasings and from the vectors of background texts."""
    chosen = matcher.chosen
    likeness = np.empty((len(chosen), len(chosen)), np.float32)
    for start in range(0, len(chosen), BLOCK):
        part = chosen[start : start + BLOCK]
        letters = np.array([matcher.postings.cosines(rows[number])[chosen] for number in part])
        meanings = matcher.meanings
        meaning = None if meanings is None else (meanings[:, part].T @ meanings[:, chosen])[None]
        likeness[start : start + BLOCK] = kernel(meaning, letters)
    learned = learn(likeness, matcher.owners[chosen], len(matcher.candidates))
    taught = replace(matcher, duals=learned.duals)
    return replace(taught, calibration=_calibrated(taught, learned, foreign))


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


def _spread(owners: Ints, most: int) -> Ints:
    """Return the rows to learn from: all, or the first few of each candidate where that would be too many."""
    if len(owners) <= most:
        return np.arange(len(owners))
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], owners[order])
    turn = np.arange(len(owners)) - starts  # the first of each candidate, then the second of each, and so on
    return np.sort(order[np.argsort(turn, kind="stable")[:most]])


def leads(scores: Floats, topics: Ints) -> Floats:
    """Return how far each candidate is ahead of the best one of another topic; shape like `scores`."""
    best = np.full((len(scores), topics.max() + 1), -np.inf, np.float32)
    np.maximum.at(best.T, topics, scores.T)
    order = np.argsort(best, axis=1)
    rows = np.arange(len(scores))
    first = order[:, -1]
    top = best[rows, first][:, None]
    second = best[rows, order[:, -2]][:, None] if best.shape[1] > 1 else np.zeros_like(top)
    rival = np.where(topics[None, :] == first[:, None], second, top)
    ahead: Floats = scores - rival
    return ahead


@cache
def _background() -> tuple[str, ...]:
    """Return sentences about anything, to learn what a question out of scope looks like."""
    return tuple(BACKGROUND.read_text("utf-8").splitlines())


def _calibrated(matcher: Matcher, learned: Learned, vectors: Floats | None) -> Calibration:
    """Learn from left-out phrasings and background texts how often the best entry is the right one.

    A background text that is nearly a phrasing has an answer here and is left out; `vectors` are those of all.
    """
    foreign: list[Floats] = []
    for number, text in enumerate(_background()):
        likeness = matcher.likeness(
            matcher.reader.featuriser.row(matcher.reader.normalise(text)),
            None if vectors is None else vectors[number][None],
        )
        if likeness.meaning is None or likeness.meaning.max() < FAMILIAR:
            foreign.append(matcher.scores(likeness))
    scores = np.vstack((learned.scores, *foreign))
    owners = matcher.owners[matcher.chosen[learned.held_out]]
    best = scores.argmax(axis=1)
    is_right = np.zeros(len(best), np.bool_)
    is_right[: len(owners)] = matcher.topics[best[: len(owners)]] == matcher.topics[owners]
    is_entry = np.array([isinstance(candidate, Entry) for candidate in matcher.candidates])[best]
    ahead = leads(scores, matcher.topics)
    rows = np.arange(len(best))
    return calibrate(scores[rows, best][is_entry], ahead[rows, best][is_entry], is_right[is_entry])
