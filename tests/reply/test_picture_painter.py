"""The drawing process: there when needed, replaced when it fails, gone afterwards."""

import asyncio
import os
import pickle
import select
import signal
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import cast

import pytest

from bot.errors import PictureError
from bot.reply.picture import card, chart
from bot.reply.picture.painter import Painter
from bot.reply.picture.studio import Studio
from bot.reply.picture.worker import Plan, serve
from tests.reply.pictures import AT, DAY, FIVE, PRICE, SERIES, price_30_days, series

PLENTY = timedelta(minutes=1)
SIGNATURE = b"\x89PNG\r\n\x1a\n"
PLAN = card.lay_out(FIVE[:1], AT)
OUTLIVED = """
import os, signal
from bot.reply.picture.studio import Studio
from tests.reply.test_picture_painter import PLAN, PLENTY
studio = Studio()
studio.draw(PLAN, PLENTY)
print(studio.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def pid_of(studio: Studio) -> int:
    assert studio.pid is not None
    return studio.pid


def wait_for_end(pid: int) -> bool:
    """Wait until a process has ended; False when it has not after a minute."""
    try:
        end = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([end], [], [], 60)[0])
    finally:
        os.close(end)


def resident() -> int:
    """Return the memory this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_several_pictures_at_once_are_drawn_one_after_the_other() -> None:
    """The same series is the same bytes, from one process and from its successor."""
    async with Painter(deadline=PLENTY) as painter:
        first, other, again = await asyncio.gather(
            painter.chart(price_30_days()), painter.card(list(FIVE), AT), painter.chart(price_30_days())
        )
        painter._studio.end()
        later = await painter.chart(price_30_days())

    assert first.startswith(SIGNATURE)
    assert other.startswith(SIGNATURE)
    assert first != other
    assert first == again == later


async def test_what_cannot_be_laid_out_starts_no_process() -> None:
    async with Painter(deadline=PLENTY) as painter:
        with pytest.raises(PictureError, match="nothing recorded yet"):
            await painter.chart(series(PRICE, (), (), DAY, since=None))
        with pytest.raises(PictureError, match="not 0"):
            await painter.card([], AT)

        assert painter._studio.pid is None


async def test_the_process_ends_when_it_has_nothing_to_do() -> None:
    async with Painter(deadline=PLENTY, idle=timedelta(0)) as painter:
        await painter.card(FIVE[:1], AT)

        assert await asyncio.to_thread(wait_for_end, pid_of(painter._studio))


async def test_a_closed_painter_draws_no_more() -> None:
    painter = Painter()
    await painter.aclose()
    await painter.aclose()

    with pytest.raises(PictureError, match="drawing has ended"):
        await painter.chart(price_30_days())


async def test_closing_fails_what_is_being_drawn() -> None:
    painter = Painter(deadline=PLENTY)
    await painter.card(FIVE[:1], AT)
    pid = pid_of(painter._studio)
    os.kill(pid, signal.SIGSTOP)
    pictures = [asyncio.ensure_future(painter.card(FIVE, AT)) for _ in range(2)]
    await asyncio.sleep(0)

    await painter.aclose()

    results = await asyncio.gather(*pictures, return_exceptions=True)
    assert [str(result) for result in results] == ["drawing has ended"] * 2
    assert await asyncio.to_thread(wait_for_end, pid)


async def test_the_bot_s_own_memory_stays_as_it_is() -> None:
    """Twenty pictures leave nothing behind in the process that asks for them."""
    async with Painter(deadline=PLENTY) as painter:
        for _ in range(3):
            await painter.card(FIVE[:1], AT)
        before = resident()

        for _ in range(20):
            await painter.card(FIVE[:1], AT)

        assert resident() - before < 4_000_000


def test_a_killed_process_is_replaced() -> None:
    studio = Studio()
    first = studio.draw(PLAN, PLENTY)
    os.kill(pid_of(studio), signal.SIGKILL)

    second = studio.draw(PLAN, PLENTY)

    studio.end()
    assert first == second


def test_a_process_that_takes_too_long_is_replaced() -> None:
    studio = Studio()
    studio.draw(PLAN, PLENTY)
    pid = pid_of(studio)
    os.kill(pid, signal.SIGSTOP)

    with pytest.raises(PictureError, match="took longer than 0 s"):
        studio.draw(PLAN, timedelta(milliseconds=50))

    assert studio.pid is None
    assert wait_for_end(pid)
    assert studio.draw(PLAN, PLENTY).startswith(SIGNATURE)
    studio.end()


def test_a_process_that_fails_says_why_and_is_replaced(capfd: pytest.CaptureFixture[str]) -> None:
    studio = Studio()

    with pytest.raises(PictureError, match="ended before its work was done"):
        studio.draw(cast("Plan", "not a plan"), PLENTY)

    assert "AttributeError" in capfd.readouterr().err
    assert studio.draw(PLAN, PLENTY).startswith(SIGNATURE)
    studio.end()


def test_without_matplotlib_the_reader_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "matplotlib.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    studio = Studio()

    with pytest.raises(PictureError, match="drawing needs matplotlib, which is not installed"):
        studio.draw(PLAN, PLENTY)

    studio.end()


def test_the_process_ends_when_the_bot_is_killed() -> None:
    killed = subprocess.run([sys.executable, "-c", OUTLIVED], stdout=subprocess.PIPE, text=True, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert wait_for_end(int(killed.stdout))


def test_the_bot_never_loads_matplotlib() -> None:
    code = "import sys, bot.reply.picture.painter; sys.exit('matplotlib' in sys.modules or 'numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_plans_are_answered_in_turn() -> None:
    answers = BytesIO()

    serve(BytesIO(pickle.dumps(PLAN) + pickle.dumps(chart.lay_out(SERIES["change"]))), answers)

    answers.seek(0)
    pictures = [pickle.load(answers) for _ in range(2)]  # noqa: S301 - written three lines above
    assert [png[:8] for png in pictures] == [SIGNATURE] * 2
    assert pictures[0] != pictures[1]
