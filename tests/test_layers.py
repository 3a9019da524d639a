"""Imports point downwards; only two faces know Telegram."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = (
    ("model", "errors", "text", "memory", "meanwhile"),
    ("library", "match", "stats", "reply", "store"),
    (
        *(
            "pipeline",
            "gallery",
            "reckoning",
            "recorder",
            "journal",
            "gaps",
            "press",
            "edition",
            "bindery",
            "watch",
            "study",
        ),
        *("archive", "workshop", "prover", "publisher", "check", "lint", "changes", "recall", "drift", "evaluate"),
        *("house", "stack", "offers", "watchdog", "health", "meters", "supervisor", "lookout", "quiz", "column"),
    ),
    ("faces",),
    (
        *("config", "log", "secrecy", "loop", "supply", "wiring", "serving", "running", "doctor", "commands", "cli"),
        "__main__",
    ),
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
ROOMS = 1  # the floor whose rooms never import one another
OUTLETS = {"bot/faces/telegram", "bot/faces/simulator"}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively; write the whole name"
            yield node.lineno, node.module or ""


def wrong_import(here: str, there: str) -> bool:
    if here == there:
        return False
    return FLOOR[there] > FLOOR[here] or (FLOOR[there] == FLOOR[here] == ROOMS)


def findings(root: Path) -> Iterator[str]:
    for path in sorted(root.glob("bot/**/*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if parts == ("bot", "__init__"):
            continue
        for line, name in imports(path):
            steps = name.split(".")
            if steps[0] == "telegram" and str(path.parent.relative_to(root)) not in OUTLETS:
                yield f"{path.relative_to(root)}:{line} imports telegram outside of its faces"
            if steps[0] == "bot" and len(steps) > 1 and wrong_import(parts[1], steps[1]):
                yield f"{path.relative_to(root)}:{line} {parts[1]} imports {steps[1]}"


def test_imports_point_downwards() -> None:
    assert list(findings(ROOT)) == []


def test_an_upward_import_is_named(tmp_path: Path) -> None:
    room = tmp_path / "bot" / "match"
    room.mkdir(parents=True)
    (room / "wrong.py").write_text("import telegram\nfrom bot.stats import desk\nfrom bot.pipeline import Pipeline\n")

    found = list(findings(tmp_path))

    assert found == [
        "bot/match/wrong.py:1 imports telegram outside of its faces",
        "bot/match/wrong.py:2 match imports stats",
        "bot/match/wrong.py:3 match imports pipeline",
    ]


def test_nothing_is_kept_in_the_library_s_data_bags() -> None:
    for path in sorted(ROOT.glob("bot/**/*.py")):
        text = path.read_text("utf-8")
        assert not any(f"context.{bag}" in text for bag in ("bot_data", "chat_data", "user_data")), path
