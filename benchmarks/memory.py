"""What a process holds."""

from pathlib import Path

STATUS = Path("/proc/self/status")


def resident_megabytes() -> float:
    """Return this process's resident memory."""
    line = next(line for line in STATUS.read_text("utf-8").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
