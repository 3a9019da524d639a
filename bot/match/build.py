"""Builds the matcher of a library: reads its phrasings, learns from them, and finds out how sure it may be."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from bot.match import kept
from bot.match.calibration import TYPICAL, Calibration, calibrate
from bot.match.encoder import Encoder
from bot.match.features import Featuriser, Floats, Ints, Rows
from bot.match.learner import Learned, first_of_each, kernel, learn
from bot.match.letters import open_letters
from bot.match.likeness import Likeness
from bot.match.linear import BLOCK, processors
from bot.match.matcher import Matcher
from bot.match.meaning import make_meaning
from bot.match.nearest import cosines_downwards
from bot.match.normal import Normaliser, make_normaliser, make_side_names
from bot.match.reader import Reader
from bot.match.spelling import make_speller
from bot.match.subjects import make_subjects
from bot.match.vectors import encode, widened
from bot.model.knowledge import Entry, Library, Refusal

LEARNED_FROM = 7_000  # phrasings at most, enough for both shipped packs; with more, each entry gives as many as fit
BACKGROUND = Path(__file__).parent / "background.txt"
FAMILIAR = 0.8  # cosine of meaning from which a background text is too near a phrasing to stand for "something else"


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
    owned = list(_owned(candidates, extra))
    normalise = make_normaliser(library.packs.values())
    phrases = tuple(phrase for _, phrase in owned)
    letters = open_letters(
        folder / "letters.npz" if folder else None,
        kept.fingerprint(_recipe(), phrases, normalise),
        lambda: [normalise(phrase) for phrase in phrases],
    )
    reader = _reader(library, normalise, letters.featuriser, encoder)
    owners = np.array([number for number, _ in owned])
    written = [reader.side_names.written_out(text) for text in (*phrases, *_background())]
    steps = encode(encoder, written, folder / "vectors.npz" if folder else None) if encoder else None
    untaught = Matcher(
        candidates=candidates,
        phrases=phrases,
        owners=owners,
        starts=np.searchsorted(owners, np.arange(len(candidates))),
        topics=_topics(candidates),
        reader=reader,
        subjects=make_subjects(library),
        postings=letters.postings,
        meaning=None if steps is None else make_meaning(steps[: len(phrases)]),
        chosen=first_of_each(owners, LEARNED_FROM),
        duals=np.empty((0, len(candidates)), np.float32),
        calibration=TYPICAL,
    )
    made_by = encoder.version if encoder else ""
    name = kept.fingerprint(_recipe(), made_by, owned, normalise, written, untaught.topics.tolist())
    known = (kept.read(folder / "learned.npz", name) if folder else None) or kept.read(kept.SHIPPED, name)
    if known:
        return replace(untaught, duals=known[0], calibration=known[1])
    taught = _taught(untaught, None if steps is None else widened(steps[len(phrases) :]))
    if folder:
        kept.write(folder / "learned.npz", name, taught.duals, taught.calibration)
    return taught


def _owned(candidates: Sequence[Entry | Refusal], extra: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield every phrasing with the number of its candidate."""
    for number, candidate in enumerate(candidates):
        for phrase in (candidate.title, *candidate.ask, *extra.get(candidate.id, ())):
            yield number, phrase


def _reader(library: Library, normalise: Normaliser, featuriser: Featuriser, encoder: Encoder | None) -> Reader:
    """Return what reads questions about a library; the featuriser has seen its phrasings."""
    packs = library.packs.values()
    candidates: tuple[Entry | Refusal, ...] = (*library.entries, *library.refusals)
    said = sorted({word for candidate in candidates for word in normalise(_text(candidate))})
    asked = sorted(part for part in featuriser.parts.names() if " " not in part)
    rarity = featuriser.idf[featuriser.ids.find([f"w {word}" for word in asked])]
    usual = [asked[at] for at in np.argsort(rarity, kind="stable")]
    return Reader(
        normalise=normalise,
        speller=make_speller((*usual, *said), encoder.words if encoder else ()),
        featuriser=featuriser,
        encoder=encoder,
        sides={side.id: side.name.casefold() for pack in packs for side in pack.sides},
        side_names=make_side_names(packs),
    )


def _taught(matcher: Matcher, foreign: Floats | None) -> Matcher:
    """Return the matcher with what there is to learn from its phrasings and from the vectors of background texts."""
    chosen, rows = matcher.chosen, matcher.postings.turned()
    likeness = _likeness(None if matcher.meaning is None else widened(matcher.meaning.steps[chosen]), rows.of(chosen))
    learned = learn(likeness, matcher.owners[chosen], len(matcher.candidates))
    taught = replace(matcher, duals=learned.duals)
    return replace(taught, calibration=_calibrated(taught, learned, rows, foreign))


def _likeness(meanings: Floats | None, rows: Rows) -> Floats:
    """Return the kernel between all phrasings, in and below the blocks of its diagonal; what is above is not set."""
    count = len(rows.starts) - 1
    likeness = np.empty((count, count), np.float32)

    def fill(letters: Floats) -> None:
        end = letters.shape[1]
        part = slice(end - len(letters), end)
        meaning = None if meanings is None else (meanings[part] @ meanings[:end].T)[None]
        likeness[part, :end] = kernel(meaning, letters)

    with ThreadPoolExecutor(processors()) as pool:  # meaning is compared while the next letters are
        list(pool.map(fill, cosines_downwards(rows, BLOCK)))
    return likeness


def _text(candidate: Entry | Refusal) -> str:
    """Return what an answer says, for its vocabulary."""
    if isinstance(candidate, Refusal):
        return candidate.title
    cells = (cell for row in candidate.versus for cell in (row.what, *row.cells))
    return " ".join((candidate.title, candidate.verdict, candidate.detail, *cells))


def _topics(candidates: Sequence[Entry | Refusal]) -> Ints:
    """Return a number for the topic of each candidate; a refusal is a topic of its own, and packs share only those."""
    names = [(target.pack, target.topic) if isinstance(target, Entry) else ("", target.id) for target in candidates]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names])


@cache
def _recipe() -> tuple[bytes, ...]:
    """Return the code that leads from texts to numbers; what was kept by other code is not used any more."""
    return tuple(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))


@cache
def _background() -> tuple[str, ...]:
    """Return sentences about anything, to learn what a question out of scope looks like."""
    return tuple(BACKGROUND.read_text("utf-8").splitlines())


def _calibrated(matcher: Matcher, learned: Learned, rows: Rows, vectors: Floats | None) -> Calibration:
    """Learn from left-out phrasings and background texts how often the best entry is the right one.

    A background text that is nearly a phrasing has an answer here and is left out; `vectors` are those of all.
    """
    scores = list(learned.scores)
    left_out = matcher.chosen[learned.held_out]
    meanings = _meanings(matcher, left_out, vectors)
    cases = zip(left_out, meanings, strict=False)
    nearness = [
        matcher.nearness(Likeness(matcher.postings.cosines(rows.row(row)), meaning).without(row))
        for row, meaning in cases
    ]
    for text, meaning in zip(_background(), meanings[len(left_out) :], strict=True):
        features = matcher.reader.featuriser.row(matcher.reader.normalise(text))
        likeness = Likeness(matcher.postings.cosines(features), meaning)
        if meaning is None or meaning.max() < FAMILIAR:
            scores.append(matcher.scores(likeness))
            nearness.append(matcher.nearness(likeness))
    owners = matcher.owners[left_out]
    best = np.argmax(scores, axis=1)
    is_right = np.zeros(len(best), np.bool_)
    is_right[: len(owners)] = matcher.topics[best[: len(owners)]] == matcher.topics[owners]
    is_entry = np.array([isinstance(candidate, Entry) for candidate in matcher.candidates])[best]
    each = np.arange(len(best))
    odds = matcher.odds(np.array(scores))[each, best]
    near = np.array(nearness)[each, best]
    return calibrate(odds[is_entry], near[is_entry], is_right[is_entry])


def _meanings(matcher: Matcher, left_out: Ints, vectors: Floats | None) -> Sequence[Floats | None]:
    """Return the cosines of meaning of left-out phrasings, then of background texts: shape (1, phrasings) each."""
    if matcher.meaning is None or vectors is None:
        return [None] * (len(left_out) + len(_background()))
    asked = np.concatenate((widened(matcher.meaning.steps[left_out]), vectors))
    return list((asked @ matcher.meaning.vectors.T)[:, None])  # for so many, faster than in whole numbers
