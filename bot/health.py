"""Whether the bot is well, as those who look after it are told; no ids, no names, no texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.model.trouble import Trouble
from bot.model.vitals import Organ, Vitals
from bot.watchdog import DEADLY


@dataclass(slots=True)
class Health:
    """Green unless something that is `DEADLY` is wrong; ready while it is green and answers."""

    vitals: Vitals
    wrong: Callable[[], Mapping[Trouble, str]]
    version: Callable[[], str]
    is_open: bool = field(default=False)

    @property
    def is_green(self) -> bool:
        """Whether the bot lives: it hears, it moves, it can write."""
        return DEADLY.isdisjoint(self.wrong())

    @property
    def is_ready(self) -> bool:
        """Whether the bot lives and answers."""
        return self.is_open and self.is_green

    def report(self, *, is_fine: bool) -> dict[str, object]:
        """Return the report as JSON: the age of each organ's last work in seconds, and every trouble by its name."""
        ages = {organ.name.lower(): self.vitals.silence(organ) for organ in Organ}
        return {
            "status": "ok" if is_fine else "failing",
            "ready": self.is_ready,
            "organs": {
                name: {"age_seconds": None if age is None else round(age.total_seconds(), 1)}
                for name, age in ages.items()
            },
            "troubles": sorted(trouble.value for trouble in self.wrong()),
            "knowledge": self.version(),
        }
