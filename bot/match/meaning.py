"""What the phrasings mean, kept in whole steps and compared in whole numbers: a quarter of the bytes, and exact.

onnxruntime multiplies bytes several times as fast as numpy multiplies floats, but only with a matrix that is part of a
model, so a model is written around it: the few fields of ONNX's format (onnx.proto) that one product takes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.match.features import Floats
from bot.match.vectors import STEP, Bytes, widened

MIDDLE = 64  # of the bytes of a question's vector, which have 7 bits: sums of 8 overflow on processors without VNNI
MOST = MIDDLE - 1
TINY = np.float32(1e-9)

_VARINT, _BYTES = 0, 2
_UINT8, _INT8, _INT32 = 2, 3, 6
_OPSET, _FORMAT = 17, 9


@dataclass(frozen=True, slots=True)
class Meaning:
    """What each phrasing means (int8, shape (phrasings, dimensions)), and the product with it.

    The steps lie in the model of the product, so they cannot be written to.
    """

    steps: Bytes
    product: Any  # onnxruntime ships no types

    @property
    def vectors(self) -> Floats:
        """Return the vectors; float32, shape (phrasings, dimensions)."""
        return widened(self.steps)

    def __reduce__(self) -> tuple[Callable[[Bytes], "Meaning"], tuple[Bytes]]:
        """Travel as what phrasings mean; the product is made anew where it arrives, for it belongs to its process."""
        return make_meaning, (self.steps,)

    def cosines(self, vectors: Floats) -> Floats:
        """Compare vectors with every phrasing: float32, shape (vectors, phrasings)."""
        size = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), TINY) / np.float32(MOST)
        whole = np.rint(vectors / size)
        rest = np.rint((vectors / size - whole) * np.float32(2 * MOST))  # a second row costs next to nothing
        asked = (np.concatenate((whole, rest)) + np.float32(MIDDLE)).astype(np.uint8)
        sums = self.product.run(None, {"asked": asked})[0].reshape(2, len(vectors), -1)
        cosines: Floats = (sums[0] + sums[1] / np.float32(2 * MOST)) * (size * STEP)
        return cosines.astype(np.float32)


def make_meaning(steps: Bytes) -> Meaning:
    """Return the phrasings' vectors, ready to be compared."""
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - there are vectors only where it is

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    matrix = np.ascontiguousarray(steps.T)
    before, after = _model(matrix.shape)
    body = b"".join((before, matrix.data, after))  # the session keeps it, so the steps need no place of their own
    kept = np.frombuffer(body, np.int8, matrix.size, len(before)).reshape(matrix.shape).T
    return Meaning(kept, onnxruntime.InferenceSession(body, options, providers=["CPUExecutionProvider"]))


def _model(shape: tuple[int, ...]) -> tuple[bytes, bytes]:
    """Return the ONNX model that multiplies rows of bytes with a matrix, before and after the bytes of that."""
    rows, columns = shape
    node = b"".join((*(_field(1, name) for name in ("asked", "matrix", "middle")), _field(2, "sums")))
    begun = _field(1, node + _field(4, "MatMulInteger")) + _field(2, "product")
    matrix = _tensor("matrix", _INT8, shape) + _head(9, rows * columns)
    middle = _tensor("middle", _UINT8, ()) + _field(9, bytes([MIDDLE]))
    rest = _field(5, middle) + _field(11, _value("asked", _UINT8, rows)) + _field(12, _value("sums", _INT32, columns))
    begun += _head(5, len(matrix) + rows * columns) + matrix
    size = len(begun) + rows * columns + len(rest)
    opset = _field(8, _field(1, "") + _number(2, _OPSET))
    return _number(1, _FORMAT) + _head(7, size) + begun, rest + opset


def _tensor(name: str, kind: int, shape: tuple[int, ...]) -> bytes:
    """Return all of a tensor but its bytes."""
    return b"".join(_number(1, size) for size in shape) + _number(2, kind) + _field(8, name)


def _value(name: str, kind: int, columns: int) -> bytes:
    """Return the description of a matrix with any number of rows."""
    shape = _field(1, _field(2, "rows")) + _field(1, _number(1, columns))
    return _field(1, name) + _field(2, _field(1, _number(1, kind) + _field(2, shape)))


def _field(number: int, body: bytes | str) -> bytes:
    content = body.encode() if isinstance(body, str) else body
    return _head(number, len(content)) + content


def _head(number: int, size: int) -> bytes:
    """Return what stands before the bytes of a field."""
    return _varint(number << 3 | _BYTES) + _varint(size)


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3 | _VARINT) + _varint(value)


def _varint(value: int) -> bytes:
    """Return a number as Protocol Buffers write it: seven bits a byte, the lowest first."""
    more, rest = divmod(value, 128)
    return bytes([rest]) if not more else bytes([rest | 128]) + _varint(more)
