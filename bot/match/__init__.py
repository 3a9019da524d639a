"""Understanding questions: normalise, rank every candidate, decide; knows nothing of Telegram, HTTP or YAML."""

from bot.match.addresses import find_addresses
from bot.match.alert_wishes import find_alert, read_alert
from bot.match.amount_questions import find_convert, find_cost
from bot.match.amounts import read_convert, read_cost
from bot.match.build import make_matcher
from bot.match.charts import find_chart, read_chart
from bot.match.clusters import Meanings
from bot.match.decide import decide
from bot.match.encoder import open_encoder
from bot.match.matcher import Matcher, Ranking
from bot.match.parts import parts
from bot.match.price_questions import fiat_named, find_price
from bot.match.redact import redacted
from bot.match.secrets import seed_lists
from bot.match.thresholds import CERTAIN

__all__ = [
    "CERTAIN",
    "Matcher",
    "Meanings",
    "Ranking",
    "decide",
    "fiat_named",
    "find_addresses",
    "find_alert",
    "find_chart",
    "find_convert",
    "find_cost",
    "find_price",
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
