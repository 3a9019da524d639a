"""What is freed goes back to the system, whatever thread had it."""

import subprocess
import sys
from ctypes import CDLL

import pytest

# Threads in turn hold a large array and, behind it, something small that stays: a heap cannot shrink below that.
HOLDING = """
import sys, threading
from benchmarks.memory import resident_megabytes
from bot.memory import economise
if sys.argv[1] == "economise":
    economise()
kept = []
def hold():
    for size in (20_000_000, 10_000_000):
        large = bytearray(size)
        kept.append(bytearray(100_000))
        del large
before = resident_megabytes()
for _ in range(10):
    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
print(resident_megabytes() - before)
"""


def held(how: str) -> float:
    """Return the MiB that a program still has after its threads have freed nearly all of theirs."""
    done = subprocess.run([sys.executable, "-c", HOLDING, how], capture_output=True, text=True, check=True)
    return float(done.stdout)


@pytest.mark.skipif(not hasattr(CDLL(None), "mallopt"), reason="only glibc keeps what is freed")
def test_a_large_array_leaves_nothing_behind() -> None:
    """A program that economises holds what is in use; one that does not, several times as much."""
    assert held("economise") < 5
    assert held("as it comes") > 10
