"""Structured logs: one line an event, `key=value` pairs; no message texts, no names, no token.

Libraries put URLs, and with them the bot's token, and whole updates into their messages. Of their records only the
logger's name, the unfilled template and the class of an exception are kept.
"""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

# They log every request, every change of a file, or nothing a person can use.
QUIET = ("httpx", "httpcore", "asyncio", "apscheduler", "watchfiles")


def set_up(level: str) -> None:
    """Send our events and what the libraries say, at `level` or above, to standard error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper("iso"),
    ]
    structlog.configure(
        processors=[
            *shared,
            _exception_class,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ForeignFormatter())
    logging.basicConfig(level=max(number, logging.INFO), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _exception_class(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
    return event


class ForeignFormatter(logging.Formatter):
    """Shows a library's record without its arguments: they may hold a token or what somebody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one `key=value` line."""
        template = str(record.msg).splitlines()[0] if isinstance(record.msg, str) and record.msg else ""
        error = f" error={record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        said = template.replace('"', "'") if record.args or "%" in template else record.name
        level, time = record.levelname.lower(), self.formatTime(record)
        return f'timestamp={time} level={level} event={record.name} said="{said}"{error}'
