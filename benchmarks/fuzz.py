"""Fuzzes one target for a while: with Atheris where it is installed, guided by coverage, else with Hypothesis.

`python -m benchmarks.fuzz TARGET [SECONDS]`; the targets are those of `tests/hostile/targets.py`. Atheris is not among
the project's dependencies: `pip install atheris`.
"""

import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

from hypothesis import HealthCheck, given, settings

SECONDS = 60


def guided(name: str, seconds: int) -> None:
    """Let Atheris look for inputs that reach new code; it ends the process, with a report."""
    import atheris  # type: ignore[import-untyped]  # noqa: PLC0415 - not always installed

    with atheris.instrument_imports(include=["bot"]):
        from tests.hostile.targets import TARGETS  # noqa: PLC0415 - after the instruments are there

    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=4096", "-print_final_stats=1"], TARGETS[name])
    atheris.Fuzz()


def generated(name: str, seconds: int) -> None:
    """Let Hypothesis make inputs until the time is over, and print how many."""
    from tests.hostile.targets import TARGETS  # noqa: PLC0415 - as above
    from tests.hostile.test_fuzz import data  # noqa: PLC0415 - as above

    check: Callable[[bytes], None] = TARGETS[name]
    end, count = time.monotonic() + seconds, 0

    @settings(max_examples=1_000, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data(name))
    def held(found: bytes) -> None:
        nonlocal count
        count += 1
        check(found)

    while time.monotonic() < end:
        held()
    print(f"{name}: {count:,} inputs in {seconds} s, all promises kept")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(__doc__)
    run = guided if find_spec("atheris") else generated
    run(sys.argv[1], int(sys.argv[2]) if sys.argv[2:] else SECONDS)
