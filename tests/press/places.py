"""The knowledge the tests of the press edit."""

from pathlib import Path

from bot.model.version import Editor
from bot.press import Ledger, Press, Shelf
from bot.store import Store
from tests.conftest import StandingClock

ADA, BOB = Editor(7_000_000_001, "Ada"), Editor(2, "Bob")
FOOD = "cats/food.yml"
PACK = "title: Cats\n"
CATS = """\
# what cats eat
food:
  ask:
    - what do cats eat
  verdict: Meat.
  see: [milk]

milk:
  ask: [milk]
  verdict: No.  # really
"""
REFUSALS = "dogs:\n  title: Dogs\n  ask:\n    - what do dogs eat\n  say: Ask a dog.\n"


def database(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/bot.db"


def open_again(folder: Path, store: Store, clock: StandingClock, *, commit: bool = False) -> Press:
    """Return another press over the same files, as a program that starts anew has it."""
    return Press(Ledger(Shelf(folder, ("cats",), ("price",)), store.versions, clock, commit))
