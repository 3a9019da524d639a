"""Puts texts that mean the same together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.match.encoder import Encoder
from bot.match.features import Floats
from bot.match.matcher import Matcher
from bot.match.vectors import rounded, widened
from bot.model.record import Vector

ALIKE = 0.25  # mean cosine of a group; `docs/matching.md` says what other values do
TINY = np.float32(1e-6)
GONE = np.float32(-2)  # below every cosine


@dataclass(frozen=True, slots=True)
class Meanings:
    """Gives texts their vectors, as the matcher's encoder and spelling have them, and groups them."""

    matcher: Matcher

    def vectors(self, texts: Sequence[str]) -> tuple[Vector | None, ...]:
        """Return what each text means; None for each where there is no encoder."""
        reader, encoder = self.matcher.reader, self.matcher.reader.encoder
        if encoder is None or not texts:
            return (None,) * len(texts)
        sentences = [reader.sentence(reader.words(text)) for text in texts]
        if len(sentences) == 1:  # as each question is kept; several at once are read once
            return (self.matcher.read.get(sentences[0], lambda: _read(encoder, sentences)[0]),)
        return _read(encoder, sentences)

    def groups(self, texts: Sequence[str], known: Sequence[Vector | None]) -> list[list[int]]:
        """Return the numbers of texts that mean the same, group by group; `known` are vectors that were kept.

        Without an encoder texts of the same words are together.
        """
        encoder, phrasings = self.matcher.reader.encoder, self.matcher.meaning
        if encoder is None or phrasings is None or not texts:
            return self._by_words(texts)
        vectors = list(known)
        stale = [number for number, one in enumerate(vectors) if one is None or one.version != encoder.version]
        for number, vector in zip(stale, self.vectors([texts[number] for number in stale]), strict=True):
            vectors[number] = vector
        rows = widened(np.array([np.frombuffer(vector.steps, np.int8) for vector in vectors if vector]))
        return joined(_apart(rows, phrasings.vectors), ALIKE)

    def _by_words(self, texts: Sequence[str]) -> list[list[int]]:
        found: dict[tuple[str, ...], list[int]] = {}
        for number, text in enumerate(texts):
            found.setdefault(tuple(self.matcher.reader.words(text)), []).append(number)
        return list(found.values())


def _read(encoder: Encoder, sentences: Sequence[str]) -> tuple[Vector, ...]:
    return tuple(Vector(steps.tobytes(), encoder.version) for steps in rounded(encoder.encode(sentences)))


def joined(rows: Floats, least: float) -> list[list[int]]:
    """Return groups of rows whose mean cosine is at least `least`, each in ascending order, by their first number.

    Average linkage by chains of nearest neighbours (Murtagh 1983): the same groups as merging the two nearest again and
    again, in time that grows with the square of the rows. `rows`: float32, shape (texts, dimensions), of length 1.
    """
    near: Floats = rows @ rows.T
    np.fill_diagonal(near, GONE)
    groups: dict[int, list[int]] = {number: [number] for number in range(len(rows))}
    left, chain = dict.fromkeys(groups), list[int]()
    while left:
        chain = chain or [next(iter(left))]
        here = chain[-1]
        there = int(near[here].argmax())
        if near[here, there] < least:  # nothing that is merged elsewhere can come nearer
            left.pop(here)
            near[:, here] = GONE
            chain.pop()
        elif len(chain) > 1 and near[here, there] <= near[here, chain[-2]]:
            _merge(near, groups, chain.pop(), chain.pop())
            left.pop(here)
        else:
            chain.append(there)
    return sorted(sorted(group) for group in groups.values())


def _merge(near: Floats, groups: dict[int, list[int]], gone: int, into: int) -> None:
    """Put one group into another; its likeness to the rest becomes the mean, weighted by size."""
    sizes = len(groups[gone]), len(groups[into])
    mean = (near[gone] * sizes[0] + near[into] * sizes[1]) / np.float32(sum(sizes))
    near[into] = np.where(near[into] == GONE, GONE, mean)
    near[into, [gone, into]] = GONE
    near[:, into] = np.where(near[:, into] == GONE, GONE, near[into])
    near[:, gone] = near[gone] = GONE
    groups[into] += groups.pop(gone)


def _apart(rows: Floats, phrasings: Floats) -> Floats:
    """Return rows of length 1 as they lie seen from the middle of the phrasings.

    What all questions of a pack share tells none apart, and where they differ most they differ in what many share, such
    as the coin, so those directions count less: by the fourth root of their variance and its mean.
    """
    middle = phrasings.mean(axis=0)
    around = phrasings - middle
    variances, axes = np.linalg.eigh(around.T @ around / np.float32(len(phrasings)))
    moved = (rows - middle) @ axes * (variances.clip(0) + variances.mean() + TINY) ** -0.25
    away: Floats = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), TINY)
    return away.astype(np.float32)
