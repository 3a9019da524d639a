"""What each signal adds, on the shipped pack's exam: `python -m benchmarks.ablation`.

Top-1 is the share of questions in scope whose best candidate is of the right topic; AUROC says how well the best score
tells questions in scope from those out of scope, whose best candidate mostly is a refusal and then scores nothing.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from benchmarks.matching import separation
from benchmarks.typos import misspelled
from bot.config import load_settings
from bot.match import Matcher
from bot.match.features import Floats, Ints
from bot.match.learner import kernel, learn, shares
from bot.model.knowledge import Entry, Exam
from bot.wiring import index, open_library


@dataclass(frozen=True, slots=True)
class Seen:
    """Cosines of texts to every phrasing: letters with and without mended spelling, meaning as typed and as meant."""

    letters: Floats
    unmended: Floats
    typed: Floats
    meant: Floats


def seen(matcher: Matcher, texts: list[str]) -> Seen:
    """Compare texts with every phrasing."""
    reader, encoder, meaning = matcher.reader, matcher.reader.encoder, matcher.meaning
    assert encoder is not None and meaning is not None  # noqa: S101, PT018 - nothing to measure without them
    words = [reader.words(text) for text in texts]
    plain = [reader.normalise(text) for text in texts]
    return Seen(
        np.array([matcher.postings.cosines(reader.featuriser.row(found)) for found in words]),
        np.array([matcher.postings.cosines(reader.featuriser.row(found)) for found in plain]),
        meaning.cosines(encoder.encode([reader.side_names.written_out(text) for text in texts])),
        meaning.cosines(encoder.encode([reader.sentence(found) for found in words])),
    )


def between(matcher: Matcher) -> tuple[Floats, Floats]:
    """Return the cosines of meaning and of letters between all phrasings."""
    reader, meaning = matcher.reader, matcher.meaning
    assert meaning is not None  # noqa: S101 - nothing to measure without them
    rows = [reader.featuriser.row(reader.normalise(phrase)) for phrase in matcher.phrases]
    return (meaning.vectors @ meaning.vectors.T)[None], np.array([matcher.postings.cosines(row) for row in rows])


def variants(matcher: Matcher, texts: list[str]) -> Iterator[tuple[str, Floats]]:
    """Yield the name of each way to score and the scores of each candidate for each text."""
    of_texts = seen(matcher, texts)
    among = between(matcher)
    for name, scorer in (("WRatio", fuzz.WRatio), ("token_set_ratio", fuzz.token_set_ratio)):
        lowered = [phrase.lower() for phrase in matcher.phrases]
        similar = process.cdist([text.lower() for text in texts], lowered, scorer=scorer, workers=-1)
        yield f"rapidfuzz {name}, nearest phrasing", best(matcher, similar.astype(np.float32))
    yield "letters, nearest phrasing", best(matcher, of_texts.letters)
    yield "meaning, nearest phrasing", best(matcher, of_texts.typed)
    learned: dict[float, Floats] = {}
    for share in (0.0, 1.0, 0.5, 0.75):
        learned[share] = learn(kernel(*among, share), matcher.owners, len(matcher.candidates)).duals
    views: dict[str, Callable[[float], Floats]] = {
        "both views": lambda share: kernel(np.array([of_texts.typed, of_texts.meant]), of_texts.letters, share),
        "as typed only": lambda share: kernel(of_texts.typed[None], of_texts.letters, share),
        "as meant only": lambda share: kernel(of_texts.meant[None], of_texts.letters, share),
        "spelling not mended": lambda share: kernel(of_texts.typed[None], of_texts.unmended, share),
    }
    for name, share, view in (
        ("letters, learned", 0.0, "both views"),
        ("meaning, learned", 1.0, "both views"),
        ("half meaning, half letters, learned", 0.5, "both views"),
        ("three quarters meaning, learned", 0.75, "spelling not mended"),
        ("three quarters meaning, learned", 0.75, "as meant only"),
        ("three quarters meaning, learned", 0.75, "as typed only"),
        ("**three quarters meaning, learned**", 0.75, "both views"),
    ):
        yield f"{name} ({view})", shares(views[view](share) @ learned[share])


def best(matcher: Matcher, cosines: Floats) -> Floats:
    """Return the nearest phrasing of each candidate."""
    found: Floats = np.maximum.reduceat(cosines, matcher.starts, axis=1)
    return found


def main() -> None:
    """Print a table."""
    settings = load_settings(None, {})
    library = open_library(settings)
    matcher = index(library, settings)
    exams = library.packs["btc-vs-bch"].exams
    is_inside = np.array([bool(exam.topics) for exam in exams])
    topics = [target.topic if isinstance(target, Entry) else "" for target in matcher.candidates]
    random = Random(7)  # noqa: S311 - typing mistakes, not secrets
    sys.stdout.write(f"{is_inside.sum()} questions in scope, {(~is_inside).sum()} outside\n")
    sys.stdout.write("| signal | top-1 | with typos | AUROC |\n|---|---|---|---|\n")
    clean = variants(matcher, [exam.text for exam in exams])
    typed = variants(matcher, [misspelled(exam.text, random) for exam in exams])
    for (name, scores), (_, slipped) in zip(clean, typed, strict=True):
        first = scores.argmax(axis=1)
        right = _right(first, topics, exams)[is_inside].mean()
        despite = _right(slipped.argmax(axis=1), topics, exams)[is_inside].mean()
        sure = np.where([bool(topics[number]) for number in first], scores.max(axis=1), -1.0)
        area = separation(list(sure[is_inside]), list(sure[~is_inside]))
        sys.stdout.write(f"| {name} | {right:.1%} | {despite:.1%} | {area:.3f} |\n")


def _right(first: Ints, topics: list[str], exams: tuple[Exam, ...]) -> NDArray[np.bool_]:
    return np.array([topics[number] in exam.topics for number, exam in zip(first, exams, strict=True)])


if __name__ == "__main__":
    main()
