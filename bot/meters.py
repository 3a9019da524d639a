"""What is counted and measured, for Prometheus: figures only, never who or what was said."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.edition import Shelf
from bot.model.record import Kind
from bot.model.source import SourceState
from bot.model.trouble import Trouble
from bot.watchdog import is_down

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
OUTCOMES = {Kind.ANSWERED: "answer", Kind.ASKED_BACK: "choice", Kind.REFUSED: "refusal", Kind.SILENT: "silence"}

Metric = CounterMetricFamily | GaugeMetricFamily


@dataclass(slots=True)
class Meters:
    """Counts on a registry of its own; made once and handed to whoever has something to count."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _questions: Counter = field(init=False)
    _latency: Histogram = field(init=False)
    _sends: Counter = field(init=False)
    _floods: Counter = field(init=False)
    _flood_seconds: Counter = field(init=False)
    _webhook: Counter = field(init=False)
    _lag: Histogram = field(init=False)

    def __post_init__(self) -> None:
        where = self.registry
        self._questions = Counter("bot_questions", "Questions by what became of them", ["outcome"], registry=where)
        self._latency = Histogram(
            "bot_answer_seconds", "From an update to the call that sends its answer", buckets=SECONDS, registry=where
        )
        self._sends = Counter("bot_sends", "Calls that send or edit, by their end", ["result"], registry=where)
        self._floods = Counter("bot_flood_waits", "Times that Telegram asked to wait", registry=where)
        self._flood_seconds = Counter("bot_flood_wait_seconds", "Seconds that it asked for", registry=where)
        self._webhook = Counter("bot_webhook_requests", "Requests to the webhook by status", ["status"], registry=where)
        self._lag = Histogram("bot_loop_lag_seconds", "How late the event loop was", buckets=LAGS, registry=where)
        for outcome in OUTCOMES.values():
            self._questions.labels(outcome)
        ProcessCollector(registry=where)

    def asked(self, kind: Kind) -> None:
        """Count a question by what became of it."""
        self._questions.labels(OUTCOMES[kind]).inc()

    def answered(self, seconds: float) -> None:
        """Measure how long an update waited until its answer was handed to Telegram."""
        self._latency.observe(max(0.0, seconds))

    def sent(self, result: str) -> None:
        """Count a call that sends or edits; `result` is one of a few words: sent, unknown, refused, failed."""
        self._sends.labels(result).inc()

    def flooded(self, seconds: float) -> None:
        """Count a flood wait."""
        self._floods.inc()
        self._flood_seconds.inc(seconds)

    def requested(self, status: int) -> None:
        """Count a request to the webhook."""
        self._webhook.labels(str(status)).inc()

    def lagged(self, seconds: float) -> None:
        """Measure how late the event loop was."""
        self._lag.observe(seconds)

    def look_at(self, collect: Callable[[], Iterator[Metric]]) -> None:
        """Ask for some figures whenever somebody looks."""
        self.registry.register(_Asked(collect))

    def text(self) -> bytes:
        """Return everything in the text format of Prometheus."""
        return generate_latest(self.registry)


@dataclass(frozen=True, slots=True)
class _Asked(Collector):
    """Figures that are asked for at the time somebody looks."""

    ask: Callable[[], Iterator[Metric]]

    def collect(self) -> Iterator[Metric]:
        """Return them."""
        return self.ask()


def queue_depth(depth: Callable[[], int]) -> Callable[[], Iterator[Metric]]:
    """Return how many updates wait."""

    def collect() -> Iterator[Metric]:
        yield GaugeMetricFamily("bot_queue_depth", "Updates that wait to be handled", depth())

    return collect


def sources(states: Callable[[], Sequence[SourceState]]) -> Callable[[], Iterator[Metric]]:
    """Return how each source of live numbers is doing."""

    def collect() -> Iterator[Metric]:
        up = GaugeMetricFamily("bot_source_up", "Whether a source answered when it was last asked", labels=["source"])
        left = GaugeMetricFamily("bot_source_budget", "Requests that are left this minute", labels=["source"])
        for state in states():
            up.add_metric([state.name], float(state.answered_at is not None and not is_down(state)))
            left.add_metric([state.name], state.left)
        yield up
        yield left

    return collect


def knowledge(shelf: Shelf) -> Callable[[], Iterator[Metric]]:
    """Return which knowledge is in use, and how much of it there is."""

    def collect() -> Iterator[Metric]:
        library = shelf.current.library
        in_use = GaugeMetricFamily("bot_knowledge_info", "The version of the knowledge in use", labels=["version"])
        in_use.add_metric([library.version], 1)
        yield in_use
        yield GaugeMetricFamily("bot_knowledge_entries", "Entries of the knowledge in use", len(library.entries))

    return collect


def troubles(wrong: Callable[[], Sequence[Trouble]]) -> Callable[[], Iterator[Metric]]:
    """Return what is wrong."""

    def collect() -> Iterator[Metric]:
        now = set(wrong())
        family = GaugeMetricFamily("bot_trouble", "Whether something is wrong", labels=["trouble"])
        for trouble in Trouble:
            family.add_metric([trouble.value], float(trouble in now))
        yield family

    return collect
