"""The pace: hours pass here in a leaping loop, with the real Bot and a Telegram that notes when it is called."""

import asyncio
import json
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import ConnectionTimeoutError
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.faces.telegram.pace import KEPT, Pace, Urgency
from bot.faces.telegram.quota import PRIVATE
from bot.model.vitals import Organ, Vitals
from tests.timelapse import lapse

ANN, BOB, CLUB = 1, 2, -1_000
ME = {"id": 42, "is_bot": True, "first_name": "Bot", "username": "duel_bot"}

Trouble = Callable[["Line", str, int], tuple[int, object] | Exception | None]


@dataclass(frozen=True, slots=True)
class Heard:
    """A call that Telegram got: when, which, for whom, and whether it was carried out."""

    at: float
    method: str
    chat: int
    text: str
    done: bool


def flood(seconds: int) -> tuple[int, object]:
    words = f"Too Many Requests: retry after {seconds}"
    return 429, {"ok": False, "error_code": 429, "description": words, "parameters": {"retry_after": seconds}}


def never_left() -> NetworkError:
    error = NetworkError("aiohttp.ConnectionTimeoutError")
    error.__cause__ = ConnectionTimeoutError()
    return error


def no_trouble(_line: "Line", _method: str, _chat: int) -> None:
    return None


@dataclass
class Line(BaseRequest):
    """What the bot speaks through; `trouble` says how a call fails, None that it does not."""

    trouble: Trouble = no_trouble
    heard: list[Heard] = field(default_factory=list)

    read_timeout = 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        given: dict[str, Any] = request_data.parameters if request_data else {}
        name, chat = url.rpartition("/")[2], given.get("chat_id", 0)
        result = self.trouble(self, name, chat) if name != "getMe" else None
        now = asyncio.get_running_loop().time()
        self.heard.append(Heard(now, name, chat, given.get("text", ""), result is None))
        if isinstance(result, Exception):
            raise result
        message = {"message_id": len(self.heard), "date": 0, "chat": {"id": chat, "type": "private"}}
        status, body = result or (200, {"ok": True, "result": _results(message).get(name, True)})
        return status, json.dumps(body).encode()

    def to(self, chat: int) -> list[Heard]:
        return [one for one in self.heard if one.chat == chat]


def _results(message: dict[str, Any]) -> dict[str, object]:
    return {"getMe": ME, "sendMessage": message, "editMessageText": message}


def once(*failures: tuple[int, object] | Exception) -> Trouble:
    """Fail the first calls so, one after the other."""
    waiting = list(failures)
    return lambda *_: waiting.pop(0) if waiting else None


@dataclass
class Marks:
    """Counts, as a tally does."""

    results: Counter[str] = field(default_factory=Counter)
    floods: int = 0

    def sent(self, result: str) -> None:
        self.results[result] += 1

    def flooded(self, _seconds: float) -> None:
        self.floods += 1


@asynccontextmanager
async def talking(line: Line, pace: Pace | None = None) -> AsyncIterator[ExtBot[Urgency]]:
    bot = ExtBot("42:token", request=line, get_updates_request=Line(), rate_limiter=pace or Pace())
    async with bot:
        line.heard.clear()
        yield bot


def now() -> float:
    return asyncio.get_running_loop().time()


async def say(bot: ExtBot[Urgency], chat: int, texts: Iterable[object]) -> None:
    for text in texts:
        await bot.send_message(chat, str(text))


def most_in(times: list[float], seconds: float) -> int:
    """Return how many of some moments fall into the fullest stretch of so many seconds."""
    return max(sum(begin <= time < begin + seconds for time in times) for begin in times)


def test_a_flood_silences_its_chat_for_as_long_as_it_says_and_no_other() -> None:
    """Nobody writes to Ann for seven seconds; to all others without delay; Ann's answer comes once."""
    line = Line(lambda line, _, chat: flood(7) if chat == ANN and len(line.to(ANN)) == 0 else None)

    async def main() -> None:
        async with talking(line) as bot:
            first = asyncio.create_task(bot.send_message(ANN, "a"))
            await asyncio.gather(*(bot.send_message(chat, "b") for chat in range(BOB, 27)))
            await asyncio.gather(first, bot.send_message(ANN, "c"))

    lapse(main())

    refused, *answers = line.to(ANN)
    assert not refused.done
    assert sorted(one.text for one in answers) == ["a", "c"]
    assert all(one.at >= refused.at + 7 for one in answers)
    assert all(one.at <= 7.1 for one in answers)
    assert {one.at for one in line.heard if one.chat != ANN} == {0.0}


def test_a_flood_of_a_day_is_given_up_at_once() -> None:
    """Nobody sleeps for a day: the call fails now, and those after it without being made."""
    line = Line(once(flood(86_400)))

    async def main() -> float:
        async with talking(line) as bot:
            for _ in range(2):
                with pytest.raises(RetryAfter):
                    await bot.send_message(ANN, "a")
            with pytest.raises(RetryAfter):
                await bot.send_message(ANN, "a", rate_limit_args=Urgency.BROADCAST)
            await bot.send_message(BOB, "b")
            return now()

    assert lapse(main()) == 0.0
    assert [one.chat for one in line.heard] == [ANN, BOB]


def test_a_minute_of_floods_costs_no_answer() -> None:
    """However often a call is flooded: once Telegram lets it pass, it comes, once; who waits makes room meanwhile."""
    began = 0.0
    line = Line(lambda *_: flood(3) if now() - began < 61 else None)
    pace, entered = Pace(), list[float]()

    @contextmanager
    def aside(after: float) -> Iterator[None]:
        entered.append(after)
        yield

    async def main() -> None:
        nonlocal began
        pace.aside = aside
        async with talking(line, pace) as bot:
            began = now()
            await say(bot, ANN, ["a"])

    lapse(main())

    assert [one.done for one in line.to(ANN)].count(True) == 1
    assert len(line.to(ANN)) == 22
    assert entered.count(0.0) == 21


def test_a_broadcast_has_more_patience() -> None:
    """What nobody waits for outlasts a flood of half an hour, and not one of two hours."""
    line = Line(once(flood(1_800), flood(7_200)))

    async def main() -> float:
        async with talking(line) as bot:
            with pytest.raises(RetryAfter):
                await bot.send_message(ANN, "a", rate_limit_args=Urgency.BROADCAST)
            return now()

    assert 1_800 <= lapse(main()) <= 1_801
    assert len(line.heard) == 2


def test_a_thousand_messages_among_random_floods() -> None:
    """One call of ten is flooded: all arrive once, in order, none within a silence, none beyond a limit."""
    chance = random.Random(6)  # noqa: S311 - floods need not be secret
    silent: dict[int, float] = defaultdict(float)
    broken: list[int] = []

    def trouble(_line: Line, _method: str, chat: int) -> tuple[int, object] | None:
        if now() < silent[chat]:
            broken.append(chat)
        if chance.random() >= 0.1:
            return None
        seconds = chance.choice((1, 2, 5))
        silent[chat] = now() + seconds
        return flood(seconds)

    line = Line(trouble)
    chats = [*range(1, 81), *range(-20, 0)]

    async def main() -> None:
        async with talking(line) as bot:
            await asyncio.gather(*(say(bot, chat, range(10)) for chat in chats))

    lapse(main())

    arrived = {chat: [one.text for one in line.to(chat) if one.done] for chat in chats}
    assert arrived == {chat: [str(number) for number in range(10)] for chat in chats}
    assert broken == []
    assert len(line.heard) > 1_050
    assert max(most_in([one.at for one in line.to(chat)], 10) for chat in chats) <= 10


@pytest.mark.parametrize(("chat", "most"), [(ANN, {10: 10, 60: 60}), (CLUB, {5: 5, 60: 20})], ids=["private", "group"])
def test_a_chat_is_not_talked_to_death(chat: int, most: dict[int, int]) -> None:
    """A message a second on average, in groups 20 in any minute, however many wait."""
    line = Line()

    async def main() -> None:
        async with talking(line) as bot:
            await asyncio.gather(*(bot.send_message(chat, str(number)) for number in range(100)))

    lapse(main())

    times = [one.at for one in line.heard]
    assert [one.text for one in line.heard] == [str(number) for number in range(100)]
    assert {seconds: most_in(times, seconds) for seconds in most} == most


def test_edits_count_in_groups_only() -> None:
    """Whoever leafs through topics in private is not slowed down; a group's limit holds for edits too."""
    line = Line()

    async def main() -> None:
        async with talking(line) as bot:
            for chat in (ANN, CLUB):
                await asyncio.gather(*(bot.edit_message_text(str(number), chat, 7) for number in range(30)))

    lapse(main())

    assert {one.at for one in line.to(ANN)} == {0.0}
    assert most_in([one.at for one in line.to(CLUB)], 60) == 20


def test_a_press_is_answered_now_or_not_at_all() -> None:
    """A flood of answers to presses is raised at once, and nothing is sent while it lasts; messages go on."""
    line = Line(lambda line, method, _: flood(9) if method == "answerCallbackQuery" else None)

    async def main() -> float:
        async with talking(line) as bot:
            for _ in range(3):
                with pytest.raises(RetryAfter):
                    await bot.answer_callback_query("1")
            await bot.send_message(ANN, "a")
            return now()

    assert lapse(main()) == 0.0
    assert [one.method for one in line.heard] == ["answerCallbackQuery", "sendMessage"]


def test_typing_takes_no_place_and_is_not_shown_in_a_silent_chat() -> None:
    """Any number of them delays no answer."""
    line = Line(lambda line, method, _: flood(3) if method == "sendMessage" and len(line.heard) == 20 else None)

    async def main() -> float:
        async with talking(line) as bot:
            for _ in range(20):
                await bot.send_chat_action(ANN, "typing")
            answer = asyncio.create_task(bot.send_message(ANN, "a"))
            await asyncio.sleep(1)
            with pytest.raises(RetryAfter):
                await bot.send_chat_action(ANN, "typing")
            await answer
            return now()

    assert 3.0 <= lapse(main()) <= 3.1
    assert [one.method for one in line.heard[20:]] == ["sendMessage", "sendMessage"]


def test_typing_that_never_left_is_not_tried_again() -> None:
    """It would be shown when the answer is there."""
    line = Line(lambda *_: never_left())

    async def main() -> float:
        async with talking(line) as bot:
            with pytest.raises(NetworkError):
                await bot.send_chat_action(ANN, "typing")
            return now()

    assert lapse(main()) == 0.0
    assert len(line.heard) == 1


def broadcast(bot: ExtBot[Urgency], chats: Iterable[int]) -> list[Coroutine[Any, Any, Any]]:
    return [bot.send_message(chat, "news", rate_limit_args=Urgency.BROADCAST) for chat in chats]


def test_a_broadcast_delays_no_answer() -> None:
    """News for a thousand go at less than 30 a second; whoever asks meanwhile is answered in the same moment."""
    line = Line()
    late: list[float] = []

    async def main() -> None:
        async with talking(line) as bot:
            news = [asyncio.create_task(one) for one in broadcast(bot, range(1, 1_001))]
            for chat in range(1, 41):
                await asyncio.sleep(0.9)
                begun = now()
                await bot.send_message(chat, "answer")
                late.append(now() - begun)
            await asyncio.gather(*news)

    lapse(main())

    assert Counter(one.text for one in line.heard) == {"news": 1_000, "answer": 40}
    assert max(late) == 0.0
    assert most_in([one.at for one in line.heard], 1) <= 30


def test_news_leave_room_in_their_chat() -> None:
    """News that pile up for a group never take the last places, so an answer goes at once."""
    line = Line()
    late: list[float] = []

    async def main() -> None:
        async with talking(line) as bot:
            news = [asyncio.create_task(one) for one in broadcast(bot, [CLUB] * 40)]
            for _ in range(10):
                await asyncio.sleep(30)
                begun = now()
                await bot.send_message(CLUB, "answer")
                late.append(now() - begun)
            await asyncio.gather(*news)

    lapse(main())

    assert max(late) == 0.0
    assert most_in([one.at for one in line.heard], 60) <= 20


async def many_answers(bot: ExtBot[Urgency]) -> None:
    """Fifty a second, for forty seconds."""
    for number in range(2_000):
        await bot.send_message(1 + number % 200, "answer")
        await asyncio.sleep(0.02)


def test_a_bot_that_is_never_quiet_tells_news_slowly() -> None:
    """After half a minute of waiting one goes each second, so that nothing starves."""
    line = Line()

    async def main() -> None:
        async with talking(line) as bot:
            answers = asyncio.create_task(many_answers(bot))
            await asyncio.sleep(1)
            await asyncio.gather(*broadcast(bot, range(100_001, 100_006)))
            await answers

    lapse(main())

    times = [one.at for one in line.heard if one.text == "news"]
    assert times[0] >= 31.0
    assert times[-1] <= 37.0
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(times))


def test_a_bot_that_is_flooded_everywhere_slows_down() -> None:
    """When most calls are flooded, it is the bot that is meant: answers too keep to 30 a second."""
    line = Line(lambda line, _, __: flood(1) if now() < 2 else None)

    async def main() -> None:
        async with talking(line) as bot:
            await asyncio.gather(*(bot.send_message(chat, "a") for chat in range(1, 301)))

    lapse(main())

    assert Counter(one.done for one in line.heard)[True] == 300
    assert most_in([one.at for one in line.heard if one.at > 0], 1) <= 30


def test_chats_where_nothing_happens_are_forgotten() -> None:
    """Memory is bounded by what happens at the moment; a silent chat is remembered."""
    line = Line(once(flood(3_000)))
    pace = Pace()

    async def main() -> None:
        async with talking(line, pace) as bot:
            with pytest.raises(RetryAfter):
                await bot.send_message(ANN, "a")
            for chat in range(10, 5_000):
                await bot.send_message(chat, "a")
                await asyncio.sleep(0.02)
            with pytest.raises(RetryAfter):
                await bot.send_message(ANN, "a")

    lapse(main())

    assert len(pace._quotas) <= 2 * KEPT
    assert len(line.to(ANN)) == 1


def test_what_never_left_is_tried_again() -> None:
    """With pauses that grow, until it arrives, once."""
    line = Line(once(never_left(), never_left(), never_left()))
    vitals, marks = Vitals(), Marks()

    async def main() -> float:
        async with talking(line, Pace(vitals, marks)) as bot:
            await bot.send_message(ANN, "a")
            return now()

    assert lapse(main()) == 0.5 + 1 + 2
    assert [one.done for one in line.heard] == [False, False, False, True]
    assert marks.results == {"sent": 1}
    assert vitals.silence(Organ.SENDING) is not None


def test_what_never_leaves_is_given_up_within_a_minute() -> None:
    """And its last error is raised."""
    line = Line(lambda *_: never_left())
    vitals, marks = Vitals(), Marks()

    async def main() -> float:
        async with talking(line, Pace(vitals, marks)) as bot:
            with pytest.raises(NetworkError):
                await bot.send_message(ANN, "a")
            return now()

    assert 30 <= lapse(main()) <= timedelta(minutes=1).total_seconds()
    assert marks.results == {"unsent": 1}


@pytest.mark.parametrize(
    "error",
    [TimedOut(), NetworkError("aiohttp.ClientOSError"), (502, {}), (200, {"ok": True}), (200, [])],
    ids=["timed out", "reset", "gateway", "no result", "no object"],
)
def test_what_may_have_arrived_is_not_sent_again(error: tuple[int, object] | Exception) -> None:
    """It is raised, and counted as an outcome nobody knows."""
    line = Line(once(error))
    marks = Marks()

    async def main() -> None:
        async with talking(line, Pace(tally=marks)) as bot:
            with pytest.raises(TelegramError):
                await bot.send_message(ANN, "a")

    lapse(main())

    assert len(line.heard) == 1
    assert marks.results == {"unknown": 1}


def test_a_method_without_a_chat_waits_out_its_flood_only() -> None:
    """What concerns no chat is repeated after a flood; who starts the bot tries again where it was not reached."""
    line = Line(once(flood(5), never_left()))

    async def main() -> float:
        async with talking(line) as bot:
            with pytest.raises(NetworkError):
                await bot.set_my_commands([])
            return now()

    assert 5.0 <= lapse(main()) <= 5.1


def test_a_flood_that_says_it_in_words_only_is_one() -> None:
    """The seconds are read from the description where the parameters are missing."""
    line = Line(once((429, {"ok": False, "description": "Too Many Requests: retry after 4"}), (429, {"ok": False})))
    marks = Marks()

    async def main() -> float:
        async with talking(line, Pace(tally=marks)) as bot:
            await bot.send_message("@club", "a")
            return now()

    assert 5.0 <= lapse(main()) <= 5.1
    assert (marks.floods, marks.results) == (2, {"sent": 1})


def test_a_flood_that_comes_while_a_message_waits_holds_for_it() -> None:
    """Whoever waits for a place among everybody looks again whether its own chat must be silent by then."""
    line = Line(lambda line, _, __: flood(1) if now() < 0.1 else None)
    pace = Pace()
    called: list[float] = []

    async def late_flood() -> None:
        await asyncio.sleep(0.5)
        if not called:
            called.append(now())
            raise RetryAfter(5)

    async def main() -> None:
        async with talking(line, pace) as bot:
            await asyncio.gather(
                *(bot.send_message(chat, "a") for chat in range(100, 130))
            )  # from now on all keep to 30
            in_flight = asyncio.create_task(
                pace.process_request(late_flood, (), {}, "sendMessage", {"chat_id": ANN}, None)
            )
            await asyncio.sleep(0)
            await asyncio.gather(*(bot.send_message(chat, "b") for chat in range(200, 230)), bot.send_message(ANN, "c"))
            await in_flight

    lapse(main())

    (after,) = line.to(ANN)
    assert after.at >= called[0] + 5


def test_a_chat_is_remembered_while_a_call_is_under_way() -> None:
    """A flood that ends a slow call silences its chat, however many others came meanwhile."""
    line, pace = Line(), Pace()

    async def slow_flood() -> None:
        await asyncio.sleep(100)
        raise RetryAfter(3_000)

    async def main() -> None:
        async with talking(line, pace) as bot:
            under_way = asyncio.create_task(
                pace.process_request(slow_flood, (), {}, "sendMessage", {"chat_id": ANN}, None)
            )
            await asyncio.sleep(50)
            for chat in range(10, 10 + 2 * KEPT):
                await bot.send_message(chat, "a")
            with pytest.raises(RetryAfter):
                await under_way
            with pytest.raises(RetryAfter):
                await bot.send_message(ANN, "a")

    lapse(main())

    assert line.to(ANN) == []


@dataclass
class Together:
    """Counts the messages of several programs to a chat, as many as there are places at a time."""

    places: int
    taken: list[float] = field(default_factory=list)
    silent_until: float = 0.0

    async def reserve(self, chat: str, windows: Sequence[tuple[int, float]]) -> float:
        assert (chat, windows[0]) == (str(ANN), PRIVATE)
        wait = max(self.silent_until, *(taken + 10 for taken in self.taken[-self.places :][:1]), 0.0) - now()
        if wait > 0 and (len(self.taken) >= self.places or self.silent_until > now()):
            return wait
        self.taken.append(now())
        return 0.0

    async def silence(self, _chat: str, seconds: float) -> None:
        self.silent_until = now() + seconds


def test_programs_share_what_a_chat_may_get() -> None:
    """A message waits for the places that others have taken; a flood silences all; a method without a chat nobody."""
    together, first, second = Together(4), Line(), Line(once(flood(30)))

    async def main() -> None:
        async with talking(first, Pace(shares=together)) as one, talking(second, Pace(shares=together)) as two:
            await asyncio.gather(say(one, ANN, range(4)))
            flooded = asyncio.create_task(say(two, ANN, ["flooded"]))
            await asyncio.sleep(11)
            await asyncio.gather(flooded, say(one, ANN, ["after"]))
            await one.get_me()
            together.silent_until = now() + 301
            with pytest.raises(RetryAfter):
                await say(one, ANN, ["given up"])

    lapse(main())

    assert [one.at for one in first.to(ANN)] == [0.0] * 4 + [40.0]
    assert [one.at for one in second.to(ANN)] == [10.0, 40.0]
