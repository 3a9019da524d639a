"""What goes wrong on purpose: refusals, raw answers, answers that come late."""

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass


class Gate:
    """Keeps an answer back; `arrived` is set when the call is there."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self._opened = asyncio.Event()

    def open(self) -> None:
        """Let the answer go."""
        self._opened.set()

    async def passed(self) -> None:
        """Wait, as the answer, until the gate is open."""
        self.arrived.set()
        await self._opened.wait()


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call.

    `body` is answered with `status` in place of the real answer, None for the real one; `acts` says whether the call
    is carried out, `refused` holds the words of a refusal, `gate` keeps the answer back.
    """

    status: int = 200
    body: bytes | None = None
    acts: bool = True
    refused: str = ""
    gate: Gate | None = None


NONE = Fault()


class Faults:
    """The faults that wait for their calls, first come first served, by method in lower case."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault) -> None:
        """Let a fault happen to the next call of a method that has none yet."""
        self._waiting[method.lower()].append(fault)

    def next(self, method: str) -> Fault | None:
        """Return the fault for this call and forget it."""
        waiting = self._waiting.get(method)
        return waiting.popleft() if waiting else None


def refusal_body(code: int, description: str, parameters: dict[str, int]) -> bytes:
    """Return the JSON of a refusal."""
    answer = {"ok": False, "error_code": code, "description": description}
    return json.dumps(answer | ({"parameters": parameters} if parameters else {})).encode()


def result_body(result: object) -> bytes:
    """Return the JSON of a success."""
    return json.dumps({"ok": True, "result": result}).encode()
