"""Structured logs: one line an event, `key=value` pairs; no message texts, no names, no secrets.

Libraries put URLs, and with them the bot's token, and whole updates into their messages. Of their records only the
logger's name, the unfilled template and the class of an exception are kept. Whoever else listens to them, by a handler
of his own, gets them whole, but for the secrets.
"""

import logging
import sys
import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TextIO, cast
from unicodedata import category

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.secrecy import Secrets

# They log every request, every change of a file, or nothing a person can use.
QUIET = ("httpx", "httpcore", "asyncio", "apscheduler", "watchfiles")

SIGNS = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # what ends a line, moves the cursor, turns the text around or is not seen


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Send our events and what the libraries say, at `level` or above, to standard error, `secrets` hidden."""
    number = logging.getLevelNamesMapping()[level.upper()]
    seal = Seal(Secrets(secrets))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso"),
            _exception_class,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            seal.last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Lossy(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ForeignFormatter())
    logging.basicConfig(level=max(number, logging.INFO), handlers=[handler], force=True)
    logging.setLogRecordFactory(seal.record)
    logging.raiseExceptions = False  # else a record that cannot be written is printed, arguments and all
    sys.excepthook = seal.crash
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Lossy:
    """A stream that loses what it cannot write: where the disk of a log is full, answers go on."""

    stream: TextIO

    def write(self, text: str) -> int:
        """Write, if it can be done."""
        with suppress(OSError):
            return self.stream.write(text)
        return 0

    def flush(self) -> None:
        """Bring it where it belongs, if it can be done."""
        with suppress(OSError):
            self.stream.flush()


def _exception_class(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
    return event


def visible(line: str) -> str:
    """Return a text on one line, every sign that is not seen spelled out."""
    return "".join(_spelled(sign) if category(sign) in SIGNS else sign for sign in line)


def _spelled(sign: str) -> str:
    return sign.encode("unicode_escape").decode()


@dataclass(frozen=True, slots=True)
class Seal:
    """What every line passes last."""

    secrets: Secrets

    def last(self, _: WrappedLogger, __: str, line: Any) -> str:
        """Return a rendered event as it may be seen."""
        return visible(self.secrets.hidden_in(line))

    def record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """Make a library's record, for whatever handler, without secrets in its text, arguments and traceback."""
        record = logging.LogRecord(*args, **kwargs)
        record.msg = self._hidden(record.msg)
        if isinstance(record.args, Mapping):
            record.args = {name: self._hidden(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(map(self._hidden, record.args))
        if record.exc_info and record.exc_info[0]:
            record.exc_text = self.secrets.hidden_in("".join(traceback.format_exception(*record.exc_info))).rstrip()
        return record

    def crash(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Print the traceback the program ends with."""
        sys.stderr.write(self.secrets.hidden_in("".join(traceback.format_exception(kind, error, trace))))

    def _hidden(self, value: object) -> object:
        if isinstance(value, str):
            return self.secrets.hidden_in(value)
        return value if isinstance(value, int | float | None) else Hidden(value, self.secrets)


@dataclass(frozen=True, slots=True, repr=False)
class Hidden:
    """Something that is written without secrets, if it is written at all."""

    value: Any
    secrets: Secrets

    def __str__(self) -> str:
        return self.secrets.hidden_in(str(self.value))

    def __repr__(self) -> str:
        return self.secrets.hidden_in(repr(self.value))

    def __int__(self) -> int:
        return int(self.value)

    def __float__(self) -> float:
        return float(self.value)


class ForeignFormatter(logging.Formatter):
    """Shows a library's record without its arguments: they may hold a token or what somebody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one `key=value` line."""
        template = str(record.msg).splitlines()[0] if record.args and str(record.msg) else record.name
        error = f" error={record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        level, time = record.levelname.lower(), self.formatTime(record)
        said = template.replace('"', "'")
        return visible(f'timestamp={time} level={level} event={record.name} said="{said}"{error}')
