"""Listens to a whole run of the tests at DEBUG: whatever is logged or printed must hold no secret, and no person.

`BOT_TESTS_LISTEN=1 python -m pytest` lets every test log as the program does with `log.level: debug`, libraries too,
with the secrets of the tests known as they are in a run. A hit names the test, and fails the run at its end. Tests
that read their own output keep it to themselves. It takes more time, so it is not done always.
"""

import logging
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest

from bot import log

TOKEN = "4200042:local-token"
SECRETS = (
    TOKEN,
    "a-secret-of-more-than-32-characters",
    "CG-provider-key-1f9d",
    "correct-horse-battery",
)
PEOPLE = ("Wilhelmina", "wilhelmina_q", "wobbly zeppelin")
VARIABLE = "BOT_TESTS_LISTEN"


def speak() -> None:
    """Let everybody speak at DEBUG, as in a run."""
    log.set_up("debug", SECRETS)
    logging.getLogger().setLevel(logging.DEBUG)
    for name in log.QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG)


def spellings(secret: str) -> set[str]:
    """Return how a secret may stand somewhere; of a token its second half is enough."""
    half = secret.rpartition(":")[2]
    return {half, quote(secret, safe=""), b64encode(secret.encode()).decode().rstrip("=")}


@dataclass(eq=False)
class Listener:
    """Looks through what each test left behind."""

    hits: list[str] = field(default_factory=list)
    heard: int = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look through one report; what another handler of a library's records gets holds what people wrote."""
        for name, text in report.sections:
            self.heard += len(text)
            words = [word for secret in SECRETS for word in spellings(secret)]
            if "log" not in name:
                words += PEOPLE
            self.hits += [f"{report.nodeid}, {name}: {word}" for word in words if word in text]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run if anything was heard."""
        if self.hits:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was heard."""
        terminalreporter.write_line(f"listened to {self.heard} characters: {len(self.hits)} hits")
        for hit in self.hits:
            terminalreporter.write_line(hit, red=True)
