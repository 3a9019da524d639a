"""The sentence encoder in the box: what a text means, as a vector; run by onnxruntime, no network, no torch.

The model lies in `bot/match/model` (see its README.md for what it is, how it was made, and its licence). Without it,
or without onnxruntime, matching goes on with words alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from bot.match.features import Floats
from bot.match.pieces import Pieces, open_pieces
from bot.match.remembered import Remembered

FOLDER = Path(__file__).parent / "model"
LONGEST = 48  # word pieces that are read; a question of 400 letters has about as many as matter
BATCH = 32
FEW, SHORT = 2, 200  # texts, and characters of them, whose vectors are remembered
REMEMBERED = 500  # of such; each takes about 3 KiB

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Encoder:
    """`version` names the weights, so that vectors of other weights are never mixed in.

    What a few texts mean is remembered, by all that were read together: what is near a text moves its last digits.
    """

    session: Any  # onnxruntime ships no types
    pieces: Pieces
    version: str
    read: Remembered[tuple[str, ...], Floats] = field(
        init=False, repr=False, compare=False, default_factory=lambda: Remembered(REMEMBERED)
    )

    @property
    def words(self) -> tuple[str, ...]:
        """The whole words it knows: some twenty thousand, the most common first."""
        numbers = self.pieces.numbers
        return tuple(sorted(filter(str.isalpha, numbers), key=numbers.__getitem__))

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a vector for each text: float32, shape (texts, dimensions), rows of length 1, not to be written to."""
        if len(texts) > FEW or max(map(len, texts), default=0) > SHORT:
            return self._encoded(texts)
        return self.read.get(tuple(texts), lambda: self._encoded(texts))

    def _encoded(self, texts: Sequence[str]) -> Floats:
        pieces = [self.pieces.of(text, LONGEST) for text in texts]
        order = sorted(range(len(pieces)), key=lambda number: len(pieces[number]))
        groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        found = [self._run([pieces[number] for number in group]) for group in groups]
        vectors = np.empty((len(pieces), found[0].shape[1] if found else 0), np.float32)
        for group, part in zip(groups, found, strict=True):
            vectors[group] = part
        return vectors

    def _run(self, pieces: Sequence[Sequence[int]]) -> Floats:
        ids = np.zeros((len(pieces), max(map(len, pieces))), np.int64)
        mask = np.zeros_like(ids)
        for row, found in enumerate(pieces):
            ids[row, : len(found)] = found
            mask[row, : len(found)] = 1
        vectors: Floats = self.session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


def open_encoder(folder: Path = FOLDER) -> Encoder | None:
    """Load the encoder; None, and a line in the log, where something of it is missing."""
    weights, words = folder / "encoder.onnx", folder / "tokenizer.json"
    try:
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - the bot answers without it too

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # the same sums in the same order, every run
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC  # it was made to be fast
        with weights.open("rb") as body:
            version = file_digest(body, "sha256").hexdigest()[:16]
        session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])  # holds one copy
        pieces = open_pieces(words)
    except (ImportError, OSError) as error:
        _log.warning("match.encoder_missing", error=type(error).__name__)
        return None
    return Encoder(session, pieces, version)
