"""Writes `bot/match/model/vectors.npz`: what the shipped pack's phrasings mean, so that the first start is a short one.

`python training/vectors.py`, after the encoder or many phrasings have changed; the bot computes what is not in it.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from bot.config import load_settings
from bot.match import make_matcher, open_encoder
from bot.match.vectors import SHIPPED
from bot.wiring import open_library, statistics_phrasings


def main() -> None:
    """Encode every phrasing and keep the vectors."""
    SHIPPED.unlink(missing_ok=True)
    with TemporaryDirectory() as folder:
        made = Path(folder) / "vectors.npz"
        make_matcher(open_library(load_settings(None, {})), statistics_phrasings(), open_encoder(), made)
        SHIPPED.write_bytes(made.read_bytes())


if __name__ == "__main__":
    main()
