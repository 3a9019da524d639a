"""What was worked out before and is asked for again: so many things, the latest used ones stay."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class Remembered(Generic[K, V]):
    """Values by their keys, `most` at most. Several threads may ask; at worst something is worked out twice."""

    most: int
    _kept: OrderedDict[K, V] = field(default_factory=OrderedDict)

    def get(self, key: K, work_out: Callable[[], V], may_keep: Callable[[V], bool] = lambda _: True) -> V:
        """Return the value of a key, worked out where it is not known, and kept if it may be."""
        found = self._kept.pop(key, None)
        if found is None:
            found = work_out()
            if not may_keep(found):
                return found
        self._kept[key] = found
        while len(self._kept) > self.most:
            self._kept.popitem(last=False)
        return found

    def peek(self, key: K) -> V | None:
        """Return the value of a key, None where it is not known."""
        return self._kept.get(key)
