"""The drawing process: answers each plan on its input with a PNG, and ends when its input does.

It is started by `Studio` and by nothing else. matplotlib is imported here alone, so the bot's own process never holds
it. A fault while drawing ends the process with a traceback; the studio starts another.
"""

import gc
import os
import pickle
import sys
from collections.abc import Callable
from typing import BinaryIO

from bot.errors import PictureError
from bot.reply.picture.card import Card
from bot.reply.picture.chart import Chart
from bot.reply.picture.days import Days

ABSENT = "drawing needs matplotlib, which is not installed: pip install 'btc-bch-bot[charts]'"

Plan = Chart | Card | Days


def main() -> None:  # pragma: no cover - runs in a process of its own
    """Serve standard input and output; whatever else writes to standard output is sent to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


def serve(plans: BinaryIO, answers: BinaryIO) -> None:
    """Answer pickled plans with pickled bytes, or with a PictureError where matplotlib cannot be imported."""
    draw = _drawing()
    while True:
        try:
            plan: Plan = pickle.load(plans)  # noqa: S301 - it comes from the process that started this one
        except EOFError:
            return
        pickle.dump(draw(plan), answers)
        answers.flush()
        gc.collect()  # a figure is a web of cycles: thirty left to themselves held 45 MB


def _drawing() -> Callable[[Plan], bytes | PictureError]:
    try:
        from bot.reply.picture import card_drawing, chart_drawing, days_drawing  # noqa: PLC0415 - matplotlib may not be there
    except ImportError:  # pragma: no cover - tested in a process of its own
        return lambda _plan: PictureError(ABSENT)

    def draw(plan: Plan) -> bytes:
        if isinstance(plan, Chart):
            return chart_drawing.draw(plan).png()
        if isinstance(plan, Days):
            return days_drawing.draw(plan).png()
        return card_drawing.draw(plan).png()

    return draw
