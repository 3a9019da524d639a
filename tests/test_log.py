"""Logs hold no arguments of the libraries' messages, which may carry a token or what somebody wrote."""

import logging
import re
import subprocess
import sys
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
import structlog

from bot import log
from bot.cli import COMMANDS, main, parser
from bot.secrecy import HIDDEN


def test_our_events_are_one_line_of_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    """An event shows its name and its pairs, an exception only its class."""
    log.set_up("info")
    structlog.get_logger().warning("stat.source_failed", source="Kraken", exc_info=ValueError("secret words"))

    (line,) = capsys.readouterr().err.splitlines()
    assert "event=stat.source_failed" in line
    assert "source=Kraken" in line
    assert "error=ValueError" in line
    assert "secret words" not in line


def test_what_libraries_fill_in_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """The template of a record stays, its arguments and ready-made texts go."""
    log.set_up("debug")
    library = logging.getLogger("telegram.ext")
    library.warning("Received %s from %s", "a private message", "Ann")
    library.warning("no template, but a token 123:abc")

    first, second = capsys.readouterr().err.splitlines()
    assert 'said="Received %s from %s"' in first
    assert "private message" not in first
    assert "123:abc" not in second


def test_requests_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """httpx logs every URL, and a bot's URL holds its token."""
    log.set_up("info")
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot123:abc/getMe")

    assert capsys.readouterr().err == ""


def test_a_log_that_cannot_be_written_costs_nothing_else() -> None:
    """A full disk takes lines, and nobody hears of it but whoever looks for them."""
    code = "from bot import log; import structlog; log.set_up('info'); structlog.get_logger().error('x'); print('on')"
    with Path("/dev/full").open("wb") as full:
        said = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=full, check=False).stdout

    assert said == b"on\n"


SECRET = "1234567:AAF-x_9Kq2v8LmZr4T"


class ShoutingError(Exception):
    """Says a secret whenever it is written."""

    def __str__(self) -> str:
        return f"cannot reach https://api.telegram.org/bot{SECRET}/getMe"


def shout() -> None:
    raise ShoutingError


def test_our_events_hold_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is put into an event by mistake."""
    log.set_up("debug", [SECRET])
    structlog.get_logger().info("telegram.ready", address=f"/bot{SECRET}", error=ShoutingError(), half=SECRET[8:])

    printed = capsys.readouterr().err
    assert "telegram.ready" in printed
    assert SECRET[8:] not in printed


def test_a_line_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing that is logged begins a line, moves the cursor or turns the text around."""
    log.set_up("debug")
    structlog.get_logger().info("x", what="a\nlevel=error\r\x1b[2J\u2028\u202eb\ud800")
    logging.getLogger("library").warning("bad\x1b[31m %s\nsecond line", 1)

    first, second = capsys.readouterr().err.splitlines()
    assert r"\x1b[2J\u2028\u202eb\ud800" in first
    assert "level=info" in first
    assert r"bad\x1b[31m %s" in second


class Elsewhere(logging.StreamHandler[StringIO]):
    """A handler that is not ours."""

    def __init__(self) -> None:
        super().__init__(StringIO())
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


def test_no_handler_gets_a_secret() -> None:
    """Whoever listens by himself gets a library's words, numbers and tracebacks, without secrets in them."""
    log.set_up("debug", [SECRET])
    library, elsewhere = logging.getLogger("library"), Elsewhere()
    library.addHandler(elsewhere)
    try:
        library.warning(f"said {SECRET}")
        library.warning("%s %r %d %.1f %s", SECRET, ShoutingError(), 7, 0.25, None)
        library.warning("%(where)s", {"where": SECRET})
        library.warning("%d %.1f", Decimal(7), Decimal("0.25"))
        try:
            shout()
        except ShoutingError:
            library.exception("failed: %s", ShoutingError())
    finally:
        library.removeHandler(elsewhere)

    said, filled, named, numbers, failed, trace, *_ = elsewhere.lines
    assert SECRET[8:] not in "".join(elsewhere.lines)
    assert said == f"library said {HIDDEN}"
    assert filled.endswith(" 7 0.2 None")
    assert named == f"library {HIDDEN}"
    assert numbers == "library 7 0.2"
    assert failed.startswith("library failed: cannot reach")
    assert trace.startswith("Traceback")


def test_a_record_that_cannot_be_written_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """A library that fills its template wrongly shows neither what it filled in nor what was said."""
    log.set_up("debug")
    library, elsewhere = logging.getLogger("library"), Elsewhere()
    library.addHandler(elsewhere)
    library.warning("%d things", "a private message")
    library.removeHandler(elsewhere)

    assert "private" not in capsys.readouterr().err


def test_a_crash_shows_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    """The traceback at the end of the program is printed, its text without the secret."""
    log.set_up("info", [SECRET])
    try:
        shout()
    except ShoutingError as error:
        sys.excepthook(ShoutingError, error, error.__traceback__)

    printed = capsys.readouterr().err
    assert "cannot reach" in printed
    assert SECRET[8:] not in printed


def test_a_program_that_stops_shows_no_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error message that quotes the environment does not quote secrets of it."""
    monkeypatch.setenv("BOT__HTTP__LISTEN", "hunter2222")
    monkeypatch.setenv("BOT_SALT", "hunter2222")
    monkeypatch.setenv("BOT_CONFIG", str(tmp_path / "hunter2222.yml"))

    assert main(["doctor"]) == 2
    printed = capsys.readouterr().err
    assert HIDDEN in printed
    assert "hunter2222" not in printed


def test_no_secret_is_taken_from_the_command_line() -> None:
    """Everybody on the machine can read with what arguments a program was started."""
    options = [name for command in COMMANDS for names, _ in command.arguments for name in names]

    assert not re.search(r"--\w*(token|key|secret|password|salt)", f"{options} {parser().format_help()}", re.IGNORECASE)
