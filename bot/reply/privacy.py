"""What is kept of people and for how long, and the question whether to delete it."""

from bot.model.mark import Forget, Page
from bot.model.record import Kept
from bot.model.reply import Headline, Note, Paragraph, Reply
from bot.text import counted

NOTHING = "There is nothing of you here."
FORGOTTEN = "Done: everything I had of you is deleted."
FAILED = "I cannot get at what is kept just now. Please try again later."
HANDLING = (
    "Until I have dealt with it, which takes moments, a message lies in my database as it came; then only its number "
    "stays, for a day."
)
ALERTS = (
    "Until you delete them, with /alerts or /forgetme: the alerts you set, with the ids of you and the chat, for I "
    "have to write there. A chat that blocks me or puts me out loses its alerts."
)
MEMORY = (
    "In memory only: your last three questions, for ten minutes, so that I understand “and bch?”. My logs hold no "
    "texts and no names."
)
SETTINGS = (
    "What you choose in /settings, and posts you plan for a channel with the numbers in them, under your Telegram id, "
    "until you delete it. Which channels I may post in, and who let me."
)
ELSEWHERE = (
    "Of what you type behind my name in other chats, only an answer you insert is kept, as above. Nothing stays of "
    "messages that call me into a chat I am not in."
)


def privacy_reply(days: int) -> Reply:
    """Return what is kept: questions for so many days; with 0 nothing is."""
    if not days:
        words = ("Of questions nothing is written down.", ALERTS, HANDLING, MEMORY)
        return Reply((Headline("What I keep"), *map(Paragraph, words)))
    blocks = (
        Headline("What I keep"),
        Paragraph(
            f"For {days} days: questions that were put to me, so that gaps in my knowledge can be closed. Before "
            "anything is written I take out seed phrases, keys, e-mail addresses, phone numbers, links, @names and the "
            "like. With each goes what I answered, how sure I was, when, your client's language and the kind of chat."
        ),
        Paragraph(
            "As long: your 👍 or 👎, and what you said you meant. Who you are and which chat it was is kept as a hash "
            "with a secret salt only. Names are never kept."
        ),
        Paragraph(
            "Nothing from groups that was not addressed to me, and nothing of a message that gets no reply but that it "
            "came."
        ),
        Paragraph(SETTINGS),
        Paragraph(ALERTS),
        Paragraph(ELSEWHERE),
        Paragraph(HANDLING),
        Paragraph(MEMORY),
        Note("/forgetme deletes what there is of you at once."),
    )
    return Reply(blocks)


def forget_page(kept: Kept, person: int) -> Page:
    """Return the question whether everything of somebody is to be deleted."""
    if kept == Kept(0, 0, 0):
        return Page(Reply((Paragraph(NOTHING),)))
    counts = f"{kept.questions} questions, {kept.votes} votes, {kept.remarks} remarks on what you meant, "
    counts += counted(kept.alerts, "alert") + (", your settings" if kept.settings else "")
    counts += f", {counted(kept.plans, 'planned post')}" if kept.plans else ""
    text = f"I have of you: {counts}. Delete all of it? There is no way back."
    return Page(Reply((Paragraph(text),)), ((Forget(person, "Delete everything of mine"),),))
