"""Keeps the memory of a long-running program small."""

import ctypes
import gc
from contextlib import suppress

# glibc's mallopt: https://man7.org/linux/man-pages/man3/mallopt.3.html
MMAP_THRESHOLD, ARENA_MAX = -3, -8
LARGE = 256 * 1024  # bytes; smaller ones come and go with each question, and would cost pages that are new each time


def economise() -> None:
    """Let what is freed go back to the system at once; to be called before there are threads.

    Left to itself, glibc gives each thread a heap of its own, and once a large array was freed, keeps up to twice as
    much in each of them.
    """
    _tell_libc("mallopt", MMAP_THRESHOLD, LARGE)  # else it grows to the largest that was ever freed
    _tell_libc("mallopt", ARENA_MAX, 1)


def settle() -> None:
    """Give what starting took back to the system, and look for garbage only in what comes from now on."""
    gc.collect()
    gc.freeze()  # looking through what is here for good took a tenth of a second, now and then
    give_back()


def give_back() -> None:
    """Give freed memory back to the system; glibc keeps it for itself."""
    _tell_libc("malloc_trim", 0)


def _tell_libc(name: str, *numbers: int) -> None:
    """Call a function that glibc has; others have no need of it."""
    with suppress(AttributeError):
        getattr(ctypes.CDLL(None), name)(*numbers)
