"""Gaps in the knowledge: what was asked and not, or not well, answered, put together by meaning."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.journal import Journal
from bot.match import CERTAIN, Meanings
from bot.model.knowledge import Library
from bot.model.record import Gap, Missed, Reason, Settled

SHOWN = 3  # wordings of a gap


@dataclass(frozen=True, slots=True)
class Gaps:
    """Finds gaps and settles them."""

    journal: Journal
    meanings: Callable[[], Meanings]
    library: Callable[[], Library]

    async def found(self, last: int | None = None) -> tuple[Gap, ...] | None:
        """Return the gaps in questions up to `last`, those of the most askers first; None if they cannot be read."""
        classes = [refusal.id for refusal in self.library().refusals if refusal.gap]
        missed = await self.journal.told(lambda records: records.missed(CERTAIN, classes))
        if missed is None:
            return None
        heard = [one for one in missed if last is None or one.id <= last]
        groups = await asyncio.to_thread(
            self.meanings().groups, [one.text for one in heard], [one.vector for one in heard]
        )
        parts = ([heard[number] for number in group] for group in groups)
        newest = max((one.id for one in heard), default=0)
        found = [_gap(part, newest, self.library()) for part in parts if not any(one.is_foreign for one in part)]
        return tuple(sorted(found, key=lambda gap: (-gap.askers, -gap.times, gap.seed)))

    async def settle(self, gap: Gap, how: Settled, owner: int) -> bool:
        """Note what an owner did about a gap; tell whether it is kept."""
        return await self.journal.settle(gap.questions, how, owner)


def _gap(part: Sequence[Missed], newest: int, library: Library) -> Gap:
    texts = Counter(text for one in part for text in (*one.words, one.text))
    usual = [text for text, _ in texts.most_common()]
    entry = library.entry(_nearest(part, library))
    return Gap(
        seed=part[0].id,
        last=newest,
        questions=tuple(one.id for one in part),
        askers=len({one.asker for one in part}),
        times=len(part),
        reasons=tuple(reason for reason in Reason if any(reason in one.reasons for one in part)),
        wordings=tuple(usual[:SHOWN]),
        others=max(len(usual) - SHOWN, 0),
        entry=entry.id if entry else "",
        title=entry.title if entry else "",
    )


def _nearest(part: Sequence[Missed], library: Library) -> str:
    """Return the entry that was meant most, else the likeliest that did not answer badly; empty where there is none."""
    chances: defaultdict[str, float] = defaultdict(float)
    for one in part:
        disliked = one.target if Reason.DISLIKED in one.reasons else ""
        for target in one.meant:
            chances[target] += 1
        for candidate in one.candidates:
            if candidate.target != disliked:
                chances[candidate.target] += candidate.score
    likeliest = sorted(chances, key=lambda target: -chances[target])
    return next((target for target in likeliest if library.entry(target)), "")
