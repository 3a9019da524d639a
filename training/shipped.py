"""Writes `bot/match/model/{vectors,learned}.npz`: what follows from the shipped pack, so that the first start is short.

`python training/shipped.py`, before a release; the bot computes and keeps what is not in them.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from bot.config import load_settings
from bot.match import make_matcher, open_encoder
from bot.match.encoder import FOLDER
from bot.wiring import open_library, statistics_phrasings

NAMES = ("vectors.npz", "learned.npz")


def main() -> None:
    """Encode and learn from every phrasing and keep the result."""
    for name in NAMES:
        (FOLDER / name).unlink(missing_ok=True)
    with TemporaryDirectory() as folder:
        made = Path(folder)
        make_matcher(open_library(load_settings(None, {})), statistics_phrasings(), open_encoder(), made)
        for name in NAMES:
            (FOLDER / name).write_bytes((made / name).read_bytes())


if __name__ == "__main__":
    main()
