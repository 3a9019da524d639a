"""Writes a BERT of six layers as an ONNX graph of few, large operators with 8-bit weights and inputs.

Every product takes its input in whole steps whose sizes are found once, from texts (`largest`), one for each column, so
that a vector depends neither on the texts beside it nor on how its own words happen to be scaled. What a column is
divided by, the matrix is multiplied with (SmoothQuant, Xiao et al. 2023): a few columns are forty times as large as the
others, and one step size for all would lose these.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[np.generic]
Batch = tuple[torch.Tensor, torch.Tensor]  # pieces and mask
Sizes = Mapping[str, NDArray[np.float32]]

WEIGHT_STEPS = 63  # 7 bits: with 8, sums of products overflow on processors without VNNI
INPUT_STEPS = 127
ZERO = 128
BALANCE = 0.8  # of the difference between columns goes into the matrix, the rest stays in the input
USUAL = 0.9  # of the largest input seen is told apart; the rest is cut
HEADS = 12
LONGEST = 128  # pieces
EPSILON = 1e-12
MICROSOFT = "com.microsoft"


@dataclass
class Graph:
    """Nodes and constants, as they are added."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: object) -> str:
        """Add a node and return the name of its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, name: str, value: Array) -> str:
        """Add a constant and return its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def normalised(self, inputs: Sequence[str], norm: torch.nn.LayerNorm, output: str) -> str:
        """Add the layer norm of a sum."""
        self.constant(f"{output}_scale", _numbers(norm.weight))
        self.constant(f"{output}_shift", _numbers(norm.bias))
        summed = self.node("Add", inputs, f"{output}_sum")
        scale = [summed, f"{output}_scale", f"{output}_shift"]
        return self.node("LayerNormalization", scale, output, axis=-1, epsilon=EPSILON)

    def stepped(self, name: str, columns: NDArray[np.float32] | None) -> str:
        """Add an input in whole steps; what its columns are divided by may already be in it (None)."""
        if columns is not None:
            self.constant(f"{name}_columns", 1 / columns)
            name = self.node("Mul", [name, f"{name}_columns"], f"{name}_even")
        return self.node("QuantizeLinear", [name, "one", "zero"], f"{name}_steps")

    def matrix(self, matrix: NDArray[np.float32], bias: NDArray[np.float32], name: str) -> tuple[str, str, str]:
        """Add a matrix in whole steps; return its name and those of its columns' step sizes and of the bias."""
        sizes = np.abs(matrix).max(axis=0) / WEIGHT_STEPS
        return (
            self.constant(f"{name}_matrix", np.rint(matrix / sizes).astype(np.int8)),
            self.constant(f"{name}_sizes", sizes.astype(np.float32)),
            self.constant(f"{name}_bias", bias.astype(np.float32)),
        )

    def product(self, steps: str, matrix: NDArray[np.float32], bias: NDArray[np.float32], output: str) -> str:
        """Add the product of an input in whole steps with a matrix, and a bias."""
        whole, sizes, shift = self.matrix(matrix, bias, output)
        inputs = [steps, whole, "one", sizes, "zero", "no_zero", shift]
        return self.node("MatMulIntegerToFloat", inputs, output, domain=MICROSOFT)

    def model(self, output: str) -> onnx.ModelProto:
        """Return all as a model that takes pieces and a mask."""
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "pieces"])
            for name in ("input_ids", "attention_mask")
        ]
        outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", None])]
        graph = helper.make_graph(self.nodes, "encoder", inputs, outputs, self.constants)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        onnx.checker.check_model(model)
        return model


def layers(graph: Graph, transformer: torch.nn.Module, sizes: Sequence[Sizes]) -> list[str]:
    """Add the transformer; return the names of the states that enter the first layer and leave each.

    `sizes` are the `largest` inputs of each layer.
    """
    graph.constant("one", np.array(1, np.float32))
    graph.constant("zero", np.array(ZERO, np.uint8))
    graph.constant("no_zero", np.array(0, np.int8))
    graph.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    states = [_embedded(graph, transformer.embeddings)]
    for number, layer in enumerate(transformer.encoder.layer):
        states.append(_layer(graph, states[-1], layer, sizes[number]))
    return states


def _embedded(graph: Graph, embeddings: torch.nn.Module) -> str:
    table = _numbers(embeddings.word_embeddings.weight)
    sizes = np.abs(table).max(axis=1, keepdims=True) / INPUT_STEPS
    graph.constant("words", np.rint(table / sizes).astype(np.int8))
    graph.constant("words_sizes", sizes)
    places = embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
    graph.constant("places", _numbers(places[:LONGEST]))
    graph.constant("first", np.array([0], np.int64))
    whole = graph.node("Gather", ["words", "input_ids"], "word_steps")
    real = graph.node("Cast", [whole], "word_real", to=TensorProto.FLOAT)
    size = graph.node("Gather", ["words_sizes", "input_ids"], "word_sizes")
    word = graph.node("Mul", [real, size], "word")
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    place = graph.node("Slice", ["places", "first", length, "first"], "place")
    return graph.normalised([word, place], embeddings.LayerNorm, "embedded")


def _layer(graph: Graph, entering: str, layer: torch.nn.Module, sizes: Sizes) -> str:
    name = f"after_{entering}"
    own = layer.attention.self
    (query, by_query), (key, by_key), (value, by_value) = map(_linear, (own.query, own.key, own.value))
    out, by_out = _linear(layer.attention.output.dense)
    columns = _columns(sizes["attended"], out)
    asked = np.hstack((query, key, value / columns))
    by_asked = np.hstack((by_query, by_key, by_value / columns))
    even = _columns(sizes["entering"], asked)
    whole, steps, bias = graph.matrix(asked * even[:, None], by_asked, f"{name}_asked")
    inputs = [graph.stepped(entering, even), whole, bias, "one", steps, "mask", "zero", "no_zero"]
    attended = graph.node("QAttention", inputs, f"{name}_attended", num_heads=HEADS, domain=MICROSOFT)
    told = graph.product(graph.stepped(attended, None), out * columns[:, None], by_out, f"{name}_told")
    middle = graph.normalised([told, entering], layer.attention.output.LayerNorm, f"{name}_middle")
    wide, by_wide = _linear(layer.intermediate.dense)
    even = _columns(sizes["middle"], wide)
    widened = graph.product(graph.stepped(middle, even), wide * even[:, None], by_wide, f"{name}_wide")
    bent = graph.node("Gelu", [widened], f"{name}_bent", domain=MICROSOFT)
    narrow, by_narrow = _linear(layer.output.dense)
    even = _columns(sizes["bent"], narrow)
    narrowed = graph.product(graph.stepped(bent, even), narrow * even[:, None], by_narrow, f"{name}_narrow")
    return graph.normalised([narrowed, middle], layer.output.LayerNorm, name)


def _columns(largest: NDArray[np.float32], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what each column of an input is divided by, so that all of it is whole steps."""
    inputs = np.maximum(largest, 1e-5)
    even = inputs**BALANCE / np.maximum(np.abs(matrix).max(axis=1), 1e-5) ** (1 - BALANCE)
    found: NDArray[np.float32] = (even * (inputs / even).max() * USUAL / INPUT_STEPS).astype(np.float32)
    return found


@torch.no_grad()
def largest(transformer: torch.nn.Module, batches: Iterable[Batch]) -> list[Sizes]:
    """Return the largest number in each column of the four inputs of each layer's products."""
    inputs = [
        {
            "entering": layer.attention.self.query,
            "attended": layer.attention.output.dense,
            "middle": layer.intermediate.dense,
            "bent": layer.output.dense,
        }
        for layer in transformer.encoder.layer
    ]
    found: list[dict[str, NDArray[np.float32]]] = [{} for _ in inputs]
    seen: dict[torch.nn.Module, torch.Tensor] = {}
    for module in (module for layer in inputs for module in layer.values()):
        module.register_forward_hook(lambda module, given, _: seen.__setitem__(module, given[0].detach()))
    for pieces, mask in batches:
        transformer(input_ids=pieces, attention_mask=mask)
        for of_layer, modules in zip(found, inputs, strict=True):
            for name, module in modules.items():
                most = seen[module][mask.bool()].abs().amax(dim=0).numpy()
                of_layer[name] = np.maximum(of_layer.get(name, most), most)
    return found


def _linear(linear: torch.nn.Linear) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return _numbers(linear.weight).T, _numbers(linear.bias)


def _numbers(tensor: torch.Tensor) -> NDArray[np.float32]:
    found: NDArray[np.float32] = tensor.detach().numpy()
    return found
