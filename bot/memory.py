"""Keeps the memory of a long-running program small."""

import ctypes
import gc


def settle() -> None:
    """Give what starting took back to the system, and look for garbage only in what comes from now on."""
    gc.collect()
    gc.freeze()  # looking through what is here for good took a tenth of a second, now and then
    give_back()


def give_back() -> None:
    """Give freed memory back to the system; glibc keeps it for itself."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
