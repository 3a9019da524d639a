"""Looks whether an installation has what it needs: each look yields checks, and changes nothing."""

from bot.doctor.examination import examine

__all__ = ["examine"]
