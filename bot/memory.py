"""Keeps the memory of a long-running program small."""

import ctypes
import gc


def settle() -> None:
    """Give what reading and learning took back to the system, and look for garbage only in what comes from now on."""
    gc.collect()
    gc.freeze()  # looking through what is here for good took a tenth of a second, now and then
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc keeps freed memory for itself
    if trim:
        trim(0)
