"""News of the knowledge and the database in words, for whoever looks after it: one message each."""

from collections.abc import Sequence

from bot.model.news import Broken, Impaired, Mended, News, Short
from bot.model.reply import Headline, Note, Paragraph, Reply
from bot.text import utf16_length

ROOM = 3_500  # UTF-16 units for problems, so that all of it is one message


def news_reply(news: News) -> Reply:
    """Return what is said of the news."""
    match news:
        case Broken(problems=problems):
            count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
            note = Note("Answers stay as they were before. I write again when it is mended.")
            return Reply((Headline(f"What was saved is not live: it has {count}."), *_listed(problems), note))
        case Mended(version=version):
            return Reply((Headline("The knowledge is live again."), Note(f"Version {version}.")))
        case Short(findings=findings):
            note = Note("What was saved is live. python -m bot check --verbose names the questions that failed.")
            return Reply((Headline("The exam of the knowledge fell below its floor."), *_listed(findings), note))
        case Impaired(sentence=sentence):
            return Reply((Headline("I started, and something is wrong here."), Paragraph(sentence)))
        case _:
            return Reply((Headline("The exam of the knowledge is passed again."), Note(f"Version {news.version}.")))


def _listed(sentences: Sequence[str]) -> list[Paragraph]:
    """Return the sentences that fit into one message, and how many did not."""
    room, shown = ROOM, list[Paragraph]()
    for sentence in sentences:
        room -= utf16_length(sentence) + 2
        if room < 0 and shown:
            more = len(sentences) - len(shown)
            return [*shown, Paragraph(f"… and {more} more; python -m bot check names all.")]
        shown.append(Paragraph(sentence))
    return shown
