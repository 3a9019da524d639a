"""How often the bot speaks in a group: to one asker, in all, and unasked; kept in memory, for an hour at most."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from bot.model.clock import Clock

T = TypeVar("T")

BURST = 3  # answers to one asker within the cooldown of a chat
MINUTE = timedelta(minutes=1)
PER_CHAT = 15  # answers a minute; Telegram lets twenty messages through
WITH_NOTICES = 18
NOTICE_EVERY = timedelta(minutes=10)  # to one asker
REMEMBERED = 10_000  # askers and chats; beyond this the one that was quiet longest is forgotten


@dataclass(slots=True)
class Cooldowns:
    """When who was last answered where, for as long as the longest cooldown that was asked about so far."""

    clock: Clock
    answers: OrderedDict[Hashable, tuple[datetime, ...]] = field(default_factory=OrderedDict)
    _notices: OrderedDict[Hashable, datetime] = field(default_factory=OrderedDict)
    _chimes: OrderedDict[Hashable, datetime] = field(default_factory=OrderedDict)
    _longest: timedelta = MINUTE

    def is_spent(self, chat: int, asker: int, cooldown: int) -> bool:
        """Tell whether an asker has had their answers within `cooldown` seconds, or the chat those of this minute."""
        time = timedelta(seconds=cooldown)
        self._longest = max(self._longest, time)
        own = self._within((chat, asker), time)
        return (cooldown > 0 and own >= BURST) or self._within(chat, MINUTE) >= PER_CHAT

    def answered(self, chat: int, asker: int) -> None:
        """Note an answer."""
        self._note((chat, asker), BURST)
        self._note(chat, WITH_NOTICES)

    def takes_notice(self, chat: int, asker: int) -> bool:
        """Tell whether an asker may be told that they ask too often, and note that they are."""
        now, key = self.clock(), (chat, asker)
        last = self._notices.get(key)
        if (last and now - last < NOTICE_EVERY) or self._within(chat, MINUTE) >= WITH_NOTICES:
            return False
        self._notices[key] = now
        _renew(self._notices, key)
        self._note(chat, WITH_NOTICES)
        return True

    def may_chime(self, chat: int, every: int) -> bool:
        """Tell whether the bot may speak unasked, for the first time in so many minutes."""
        last = self._chimes.get(chat)
        return last is None or self.clock() - last >= timedelta(minutes=every)

    def chimed(self, chat: int) -> None:
        """Note that the bot spoke unasked."""
        self._chimes[chat] = self.clock()
        _renew(self._chimes, chat)

    def _note(self, key: Hashable, most: int) -> None:
        """Keep when something was said, of each key so many times, and of none what no cooldown reaches."""
        now = self.clock()
        self.answers[key] = (*self.answers.get(key, ()), now)[-most:]
        _renew(self.answers, key)
        while now - next(iter(self.answers.values()))[-1] > self._longest:
            self.answers.popitem(last=False)

    def _within(self, key: Hashable, time: timedelta) -> int:
        now = self.clock()
        return sum(now - at < time for at in self.answers.get(key, ()))


def _renew(kept: OrderedDict[Hashable, T], key: Hashable) -> None:
    kept.move_to_end(key)
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
