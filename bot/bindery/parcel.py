"""How a sheet goes from one process to the other: its objects pickled, its arrays beside them as they are.

Objects are made while nothing else can run in the interpreter, so what can be left out of that is: arrays are most of
an edition, and are read straight into place.
"""

import pickle
from typing import BinaryIO, TypeVar

SIZE = 8  # bytes of a length

T = TypeVar("T")


def write(sheet: object, to: BinaryIO) -> None:
    """Write an object: how many arrays it has, then itself and each of them behind its length."""
    arrays: list[pickle.PickleBuffer] = []
    body = pickle.dumps(sheet, pickle.HIGHEST_PROTOCOL, buffer_callback=arrays.append)
    to.write(len(arrays).to_bytes(SIZE))
    for part in (memoryview(body), *(array.raw() for array in arrays)):
        to.write(part.nbytes.to_bytes(SIZE))
        to.write(part)
    to.flush()


def read(source: BinaryIO) -> object:
    """Return the object that was written; raises `EOFError` where the source ends before."""
    count = int.from_bytes(_filled(source, SIZE))
    body, *arrays = [_filled(source, int.from_bytes(_filled(source, SIZE))) for _ in range(count + 1)]
    return pickle.loads(body, buffers=arrays)  # noqa: S301 - it comes from a process that this one started


def _filled(source: BinaryIO, size: int) -> bytearray:
    part = bytearray(size)
    view, done = memoryview(part), 0
    while done < size:
        got = source.readinto(view[done:])  # type: ignore[attr-defined]  # every file opened for reading bytes has it
        if not got:
            raise EOFError
        done += got
    return part
