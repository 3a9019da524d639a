"""Our matcher beside the usual ways to match a question with a FAQ: quality, time and memory in one run.

`python -m benchmarks.matching [FILE.json [FOLDER]]`. A file holds
`{"phrasings": {label: [texts]}, "questions": [[text, label]], "outside": [texts]}`; without one, the shipped pack is
taken, ten phrasings of each entry, with its exam for questions. A folder holds the encoder for the rows of the other
engines, as `training/encoder.py FOLDER --plain` makes it.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from benchmarks.faq import library_of
from benchmarks.typos import MANY_SLIPS, SLIPS, misspelled
from bot.config import load_settings
from bot.match import make_matcher, open_encoder
from bot.match.encoder import FOLDER
from bot.match.features import featurise
from bot.match.nearest import make_postings
from bot.model.clock import utc_now
from bot.model.question import Question
from bot.text import clean, words
from bot.wiring import open_library

Scores = NDArray[np.float64]  # shape (labels,)
Engine = Callable[[str], Scores]
HEAD = (
    "| engine | top-1 | with typos | with many | AUROC | build s | p50 ms | p99 ms | peak MB |\n" + "|---" * 9 + "|\n"
)
EACH = 10  # phrasings of an entry
NOW = utc_now()


@dataclass(frozen=True, slots=True)
class Data:
    """A FAQ, questions with their labels, and texts that none of its answers is for."""

    texts: tuple[str, ...]
    owners: tuple[int, ...]
    labels: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]
    outside: tuple[str, ...]
    encoder: Path

    def best(self, similar: Sequence[float] | NDArray[np.float64]) -> Scores:
        """Return each label's best phrasing."""
        scores = np.full(len(self.labels), -1.0)
        np.maximum.at(scores, list(self.owners), similar)
        return scores


def read(path: Path | None, encoder: Path = FOLDER) -> Data:
    """Read a file, or take the shipped pack."""
    if path:
        found = json.loads(path.read_text("utf-8"))
    else:
        pack = open_library(load_settings(None, {})).packs["btc-vs-bch"]
        found = {
            "phrasings": {entry.topic: list(entry.ask[:EACH]) for entry in pack.entries.values()},
            "questions": [[exam.text, exam.topics[0]] for exam in pack.exams if exam.topics],
            "outside": [exam.text for exam in pack.exams if not exam.topics],
        }
    labels = tuple(found["phrasings"])
    pairs = [(text, number) for number, label in enumerate(labels) for text in found["phrasings"][label]]
    questions = tuple((text, labels.index(label)) for text, label in found["questions"])
    texts, owners = zip(*pairs, strict=True)
    return Data(texts, owners, labels, questions, tuple(found["outside"]), encoder)


def fuzzy(scorer: Callable[..., float]) -> Callable[[Data], Engine]:
    """Return the engine that takes the most similar phrasing by a scorer of rapidfuzz."""

    def build(data: Data) -> Engine:
        lowered = [text.lower() for text in data.texts]
        return lambda text: data.best(process.cdist([text.lower()], lowered, scorer=scorer)[0].astype(np.float64))

    return build


def bm25(data: Data) -> Engine:
    """Okapi BM25 over words, each phrasing a document."""
    documents = [Counter(words(clean(text))) for text in data.texts]
    mean = sum(document.total() for document in documents) / len(documents)
    frequency = Counter(word for document in documents for word in document)
    rarity = {word: log(1 + (len(documents) - n + 0.5) / (n + 0.5)) for word, n in frequency.items()}

    def score(query: Sequence[str], document: Counter[str]) -> float:
        length = 1.2 * (0.25 + 0.75 * document.total() / mean)
        return sum(
            rarity[word] * document[word] * 2.2 / (document[word] + length) for word in query if word in document
        )

    def engine(text: str) -> Scores:
        query = words(clean(text))
        return data.best([score(query, document) for document in documents])

    return engine


def tf_idf(data: Data) -> Engine:
    """Return the nearest phrasing by words, pairs of words and runs of letters."""
    tokens = [words(clean(text)) for text in data.texts]
    featuriser, rows = featurise(tokens)
    postings = make_postings(rows, len(featuriser.ids))
    return lambda text: data.best(postings.cosines(featuriser.row(words(clean(text)))).astype(np.float64))


def nearest(data: Data) -> Engine:
    """Return the nearest phrasing by the encoder."""
    encoder = open_encoder(data.encoder)
    assert encoder  # noqa: S101 - nothing to measure without it
    vectors = encoder.encode([text.lower() for text in data.texts])
    return lambda text: data.best((vectors @ encoder.encode([text.lower()])[0]).astype(np.float64))


def linear_head(data: Data) -> Engine:
    """Return the best class by scikit-learn's logistic regression over the encoder's vectors."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - optional

    encoder = open_encoder(data.encoder)
    assert encoder  # noqa: S101 - nothing to measure without it
    vectors = encoder.encode([text.lower() for text in data.texts])
    head = LogisticRegression(C=10, max_iter=1000).fit(vectors, list(data.owners))
    return lambda text: np.asarray(head.predict_proba(encoder.encode([text.lower()]))[0])


def ours(data: Data) -> Engine:
    """Return this project's matcher, on the bare phrasings."""
    return _matched(data, with_meaning=True)


def ours_without_meaning(data: Data) -> Engine:
    """Return this project's matcher without its encoder."""
    return _matched(data, with_meaning=False)


def _matched(data: Data, *, with_meaning: bool) -> Engine:
    library = library_of((str(owner), text) for text, owner in zip(data.texts, data.owners, strict=True))
    matcher = make_matcher(library, {}, open_encoder() if with_meaning else None)

    def engine(text: str) -> Scores:
        scores = np.zeros(len(data.labels))
        for match in matcher.rank(Question(text, NOW)).matches:
            scores[int(match.target.id)] = match.score
        return scores

    return engine


ENGINES: tuple[tuple[str, Callable[[Data], Engine]], ...] = (
    ("rapidfuzz WRatio", fuzzy(fuzz.WRatio)),
    ("rapidfuzz token_set_ratio", fuzzy(fuzz.token_set_ratio)),
    ("BM25", bm25),
    ("tf-idf, nearest", tf_idf),
    ("encoder, nearest", nearest),
    ("encoder, linear head", linear_head),
    ("ours without meaning", ours_without_meaning),
    ("ours", ours),
)


def separation(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Return the area under the ROC curve: how often a question in scope scores above one out of scope."""
    if not outside:
        return float("nan")
    ranks = np.concatenate((inside, outside)).argsort(kind="stable").argsort() + 1.0
    count = len(inside)
    return float((ranks[:count].sum() - count * (count + 1) / 2) / (count * len(outside)))


def _typed(data: Data, slips: float) -> list[tuple[str, int]]:
    random = Random(7)  # noqa: S311 - typing mistakes, not secrets
    return [(misspelled(text, random, slips), label) for text, label in data.questions]


def main() -> None:
    """Print a table."""
    data = read(*map(Path, sys.argv[1:])) if len(sys.argv) > 1 else read(None)
    typed = [_typed(data, slips) for slips in (SLIPS, MANY_SLIPS)]
    shape = f"{len(data.texts)} phrasings of {len(data.labels)} labels, {len(data.questions)} questions"
    sys.stdout.write(f"{shape}, {len(data.outside)} outside\n")
    sys.stdout.write(HEAD)
    for name, build in ENGINES:
        began = perf_counter()
        try:
            engine = build(data)
        except ImportError as error:
            sys.stdout.write(f"| {name} | {error.name} is not installed: `pip install -e '.[bench]'` |\n")
            continue
        built = perf_counter() - began
        costs: list[float] = []
        found: list[Scores] = []
        for text, _ in data.questions:
            began = perf_counter()
            found.append(engine(text))
            costs.append((perf_counter() - began) * 1000)
        right = np.mean([scores.argmax() == label for scores, (_, label) in zip(found, data.questions, strict=True)])
        slipped, often = (np.mean([engine(text).argmax() == label for text, label in one]) for one in typed)
        area = separation([scores.max() for scores in found], [engine(text).max() for text in data.outside])
        half, most = np.quantile(costs, (0.5, 0.99))
        peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(
            f"| {name} | {right:.1%} | {slipped:.1%} | {often:.1%} | {area:.3f} |"
            f" {built:.1f} | {half:.1f} | {most:.1f} | {peak:.0f} |\n"
        )


if __name__ == "__main__":
    main()
