"""A program that is killed in the middle of 200 approved edits: the file is whole, nothing approved is lost."""

import asyncio
import os
import random
import signal
import sqlite3
import sys
import time
import zlib
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from bot.library.strict import parse_document
from tests.conftest import ROOT
from tests.press.places import FOOD, database

EDITS, KILLS = 200, 25

# The parent holds the imports and forks a child for each start, so that a start costs no second.
PROGRAM = """
import asyncio, os, sys
from pathlib import Path
import alembic.command, alembic.runtime.migration, aiosqlite, sqlalchemy.dialects.sqlite.aiosqlite
from bot.library.kinds import AddPhrasing
from bot.model.clock import utc_now
from bot.press import Applied
from bot.store import open_store
from tests.press.places import ADA, database, open_again

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())  # a kill never leaves half a line

async def edit(folder, edits):
    async with open_store(database(folder), utc_now) as store:
        press = open_again(folder / "knowledge", store, utc_now)
        await press.recover()
        say("ready")
        text = (folder / "knowledge/cats/food.yml").read_text()
        for number in range(edits):
            if f"phrase {number}." not in text:
                proposal = await press.propose(AddPhrasing("food", f"phrase {number}."), ADA)
                say("approving", number)
                assert isinstance(await press.approve(proposal.id, ADA), Applied)
                say("approved", number)
    say("finished")

for line in sys.stdin:
    child = os.fork()
    if not child:
        say("child", os.getpid())
        asyncio.run(edit(Path(sys.argv[1]), int(sys.argv[2])))
        os._exit(0)
    os.waitpid(child, 0)
    say("ended")
"""


@pytest.fixture
async def program(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, str(folder.parent), str(EDITS)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    yield program
    if program.returncode is None:
        program.kill()
    await program.wait()


async def run(program: asyncio.subprocess.Process, dice: random.Random | None) -> list[str]:
    """Start a child, kill it at a random moment of its work if there are dice, and return what it said.

    The moment is a random share of as long as its last approval took, so that every step is hit on every machine.
    """
    assert program.stdin
    assert program.stdout
    program.stdin.write(b"go\n")
    said: list[str] = []
    left = dice.randint(0, 6) if dice else -1  # approvals before the kill; with none, it may not even have begun
    begun, took = time.monotonic(), 0.05
    while not said or said[-1] != "ended":
        said.append((await program.stdout.readline()).decode().strip())
        if said[-1].startswith("approving"):
            begun = time.monotonic()
        elif said[-1].startswith("approved"):
            took, left = time.monotonic() - begun, left - 1
        if dice and not left and not said[-1].startswith("approved"):
            left -= 1
            await asyncio.sleep(dice.uniform(0, took))
            os.kill(int(said[0].split()[1]), signal.SIGKILL)
    return said


def versions(folder: Path) -> list[tuple[int, str, bytes, int, int]]:
    with sqlite3.connect(database(folder).removeprefix("sqlite+aiosqlite:///")) as opened:
        rows = opened.execute("select id, fingerprint, content, previous, is_written from versions order by id")
        return [(row[0], row[1], zlib.decompress(row[2]), row[3], row[4]) for row in rows]


async def test_killed_at_random_moments(program: asyncio.subprocess.Process, folder: Path) -> None:
    """After each kill the file is the old or the new version; after the next start all that was approved is there."""
    dice = random.Random(20261123)  # noqa: S311 - the moments are to be the same each time
    approved: set[str] = set()
    kills = 0
    while "finished" not in (said := await run(program, dice if kills < KILLS else None)):
        kills += 1
        approved |= {line.split()[1] for line in said if line.startswith("approved")}
        content = (folder / FOOD).read_bytes()
        kept = versions(folder.parent)
        assert isinstance(parse_document(content, FOOD).tree, dict)
        assert content in {one[2] for one in kept[-2:]} or not kept
        assert all(is_written for *_, is_written in kept[:-1])
        assert {number for number in approved if f"phrase {number}.".encode() not in content} == set()

    content = (folder / FOOD).read_bytes()
    kept = versions(folder.parent)
    assert kills >= KILLS / 2
    assert all(content.count(f"    - phrase {number}.\n".encode()) == 1 for number in range(EDITS))
    assert [previous for *_, previous, _ in kept] == [0, *(number for number, *_ in kept[:-1])]
    assert len(kept) == EDITS + 1
    assert all(sha256(was).hexdigest() == fingerprint for _, fingerprint, was, *_ in kept)
    assert kept[-1][2] == content
    assert [path.name for path in (folder / FOOD).parent.iterdir() if path.suffix != ".yml"] == []
