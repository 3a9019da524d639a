"""One process that draws: started when needed, replaced when it dies or takes too long.

The process hangs on a pipe from the bot: when the bot goes, however it goes, the pipe closes and the process ends. (The
workers of a ProcessPoolExecutor outlive a killed bot, cannot be killed through it before Python 3.14, and import the
whole bot again where it was started by its console script.)
"""

import pickle
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from threading import Event, Timer
from typing import IO, cast

from bot.errors import PictureError
from bot.reply.numbers import duration
from bot.reply.picture.worker import Plan

# The worker finds modules where this process does.
START = "import sys; sys.path[:] = sys.argv[1:]; from bot.reply.picture.worker import main; main()"

Answer = bytes | PictureError


class Studio:
    """Draws in a process of its own; one thread at a time may call `draw` and `end`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process's number, None while there is none."""
        return self._process.pid if self._process else None

    def draw(self, plan: Plan, deadline: timedelta) -> bytes:
        """Return the picture of a plan; a process that died since the last picture is replaced first.

        Raises:
            PictureError: matplotlib is not installed, the process ended while drawing, the deadline passed, or the
                studio is closed.
        """
        is_warm = self._process is not None
        answer = self._ask(plan, deadline)
        if answer is None and is_warm:
            answer = self._ask(plan, deadline)
        match answer:
            case bytes():
                return answer
            case PictureError():
                raise answer
        raise PictureError("the drawing process ended before its work was done")

    def end(self) -> None:
        """End the process and give its memory back; the next picture starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(BrokenPipeError), process:
                pass  # closes the pipes and waits

    def close(self) -> None:
        """Fail a `draw` under way and all later ones; may be called from any thread, `end` cleans up after it."""
        self._is_closed = True
        process = self._process
        if process is not None:
            process.kill()

    def _ask(self, plan: Plan, deadline: timedelta) -> Answer | None:
        """Return the answer to a plan, None where the process ended without one."""
        process = self._process = self._process or _started()
        if self._is_closed:
            raise PictureError("drawing has ended")
        is_late = Event()
        timer = Timer(deadline.total_seconds(), _stop, (process, is_late))
        timer.start()
        try:
            return _exchange(process, plan)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.end()
            if is_late.is_set():
                raise PictureError(f"drawing took longer than {duration(deadline.total_seconds())}") from None
            return None
        finally:
            timer.cancel()


def _exchange(process: subprocess.Popen[bytes], plan: Plan) -> Answer:
    plans, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    pickle.dump(plan, plans)
    plans.flush()
    answer: Answer = pickle.load(answers)  # noqa: S301 - it comes from the process started here
    return answer


def _started() -> subprocess.Popen[bytes]:
    """Start a worker in a session of its own, so that Ctrl-C in a terminal reaches the bot alone."""
    return subprocess.Popen(  # noqa: S603 - the project's own worker
        [sys.executable, "-c", START, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def _stop(process: subprocess.Popen[bytes], is_late: Event) -> None:
    is_late.set()
    process.kill()
