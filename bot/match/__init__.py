"""Understanding questions: normalise, rank every candidate, decide; knows nothing of Telegram, HTTP or YAML."""

from bot.match.alert_wishes import find_alert, read_alert
from bot.match.amounts import read_convert, read_cost
from bot.match.build import make_matcher
from bot.match.charts import read_chart
from bot.match.clusters import Meanings
from bot.match.decide import decide
from bot.match.encoder import open_encoder
from bot.match.matcher import Matcher, Ranking
from bot.match.parts import parts
from bot.match.price_questions import fiat_named
from bot.match.redact import redacted
from bot.match.secrets import seed_lists
from bot.match.thresholds import CERTAIN
from bot.match.wanted import Wants

__all__ = [
    "CERTAIN",
    "Matcher",
    "Meanings",
    "Ranking",
    "Wants",
    "decide",
    "fiat_named",
    "find_alert",
    "make_matcher",
    "open_encoder",
    "parts",
    "read_alert",
    "read_chart",
    "read_convert",
    "read_cost",
    "redacted",
    "seed_lists",
]
