"""A question with options of which one is right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quiz:
    """`correct` is the place of the right option, from 0; `entry` is what it was made from."""

    question: str
    options: tuple[str, ...]
    correct: int
    explanation: str
    entry: str
