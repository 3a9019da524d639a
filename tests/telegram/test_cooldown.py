"""What is remembered of answers in groups, and for how long."""

from datetime import timedelta

from bot.faces.telegram.cooldown import BURST, MINUTE, WITH_NOTICES, Cooldowns
from bot.faces.telegram.visit import SAME_FOR, Repeats
from tests.conftest import StandingClock

CLUB, ANN, BOB = -1, 1, 2
HOUR = 3_600  # seconds


def test_no_more_is_kept_than_is_looked_at(clock: StandingClock) -> None:
    """Of one who asks all the time the last few answers, of the chat those of a minute."""
    cooldowns = Cooldowns(clock)

    for _ in range(2 * WITH_NOTICES):
        cooldowns.answered(CLUB, ANN)

    assert {key: len(times) for key, times in cooldowns.answers.items()} == {(CLUB, ANN): BURST, CLUB: WITH_NOTICES}
    assert cooldowns.is_spent(CLUB, ANN, 1)


def test_who_is_silent_for_longer_than_any_cooldown_is_forgotten(clock: StandingClock) -> None:
    """An answer counts for the longest cooldown of a chat, and is gone after it once another is given."""
    cooldowns = Cooldowns(clock)
    cooldowns.is_spent(CLUB, BOB, HOUR)
    for _ in range(BURST):
        cooldowns.answered(CLUB, ANN)
    clock.pass_by(timedelta(seconds=HOUR - 1))
    cooldowns.answered(CLUB, BOB)
    assert cooldowns.is_spent(CLUB, ANN, HOUR)

    clock.pass_by(timedelta(seconds=2))
    cooldowns.answered(CLUB, BOB)

    assert list(cooldowns.answers) == [(CLUB, BOB), CLUB]


def test_no_chat_is_remembered_for_longer_than_any_wants(clock: StandingClock) -> None:
    """Where all cooldowns are short, an answer counts for the minute that is looked at of every chat, and no longer."""
    cooldowns = Cooldowns(clock)
    cooldowns.is_spent(CLUB, ANN, 30)
    cooldowns.answered(CLUB, ANN)
    clock.pass_by(MINUTE + timedelta(seconds=1))

    cooldowns.answered(CLUB, BOB)

    assert list(cooldowns.answers) == [(CLUB, BOB), CLUB]


def test_an_answer_is_remembered_for_ten_minutes(clock: StandingClock) -> None:
    """What was answered before is gone once something else is answered."""
    repeats = Repeats(clock)
    repeats.note((CLUB, None, "fees"), 7)
    clock.pass_by(SAME_FOR)

    repeats.note((CLUB, None, "speed"), 8)

    assert list(repeats.answers) == [(CLUB, None, "speed")]
