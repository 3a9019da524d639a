"""Logs hold no arguments of the libraries' messages, which may carry a token or what somebody wrote."""

import logging

import pytest
import structlog

from bot import log


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
