"""Trouble of the running bot in words, for its owners: one short message each."""

from datetime import timedelta

from bot.model.reply import Headline, Note, Paragraph, Reply
from bot.model.trouble import Alarm, Alert, Trouble

BEGUN = {
    Trouble.POLL: ("Telegram sends me nothing.", "I keep trying. If it stays so, look at the network of my machine."),
    Trouble.CONFLICT: (
        "Somebody else gets my messages.",
        "Another copy of me runs, or the token leaked. Stop the copy; if there is none, let @BotFather revoke it.",
    ),
    Trouble.WEBHOOK: (
        "Telegram does not get through to my webhook.",
        "Look at the proxy before me, its certificate, and whether another copy of me has set a webhook of its own.",
    ),
    Trouble.LOOP: ("I am very slow.", "Something holds me up. Look at my log and at the load of my machine."),
    Trouble.DATABASE: (
        "I cannot write to my database.",
        "I answer from memory where I can; what I cannot take waits at Telegram for a day. Look at the disk.",
    ),
    Trouble.DISK: ("My disk is nearly full.", "Make room soon; without it I cannot take messages."),
    Trouble.SOURCES: (
        "No source of live numbers answers.",
        "Answers go on with the last known numbers and their age. /status tells more.",
    ),
}
OVER = {
    Trouble.POLL: "Telegram sends me messages again",
    Trouble.CONFLICT: "My messages come to me alone again",
    Trouble.WEBHOOK: "Telegram gets through to my webhook again",
    Trouble.LOOP: "I am quick again",
    Trouble.DATABASE: "I can write to my database again",
    Trouble.DISK: "My disk has room again",
    Trouble.SOURCES: "Live numbers come in again",
}


def alert_reply(alert: Alert) -> Reply:
    """Return what is said when trouble begins, and when it is over."""
    if isinstance(alert, Alarm):
        what, cure = BEGUN[alert.trouble]
        detail = (Paragraph(alert.detail),) if alert.detail else ()
        return Reply((Headline(what), *detail, Note(f"{cure} I write again when it is over.")))
    return Reply((Headline(f"{OVER[alert.trouble]}, after {_spoken(alert.lasted)}."),))


def _spoken(time: timedelta) -> str:
    minutes = round(time / timedelta(minutes=1))
    if minutes < 2:  # noqa: PLR2004 - one minute is said in seconds
        return f"{round(time.total_seconds())} seconds"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} minutes"
    return f"{hours} h {rest} min"
