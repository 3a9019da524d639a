"""`python -m tests.patiently`: the program as it is, but with time for whoever answers late on a busy machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bot.cli import main
from bot.stats import open_desk
from bot.stats.desk import Habits

LONG = timedelta(minutes=1)  # for who will answer, however busy the machine is
PATIENT = Habits(LONG, patience=LONG)


@contextmanager
def patience() -> Iterator[None]:
    """Let each desk that the program opens meanwhile wait for as long as it takes."""
    given = open_desk.__kwdefaults__ or {}
    usual, given["habits"] = given["habits"], PATIENT
    try:
        yield
    finally:
        given["habits"] = usual


if __name__ == "__main__":
    with patience():
        sys.exit(main())
