"""Why an answer was given, in words for whoever asked."""

from collections.abc import Iterator, Mapping

from bot.model.knowledge import Library
from bot.model.mark import Meant, Page
from bot.model.record import Candidate, Decision
from bot.model.reply import Block, Headline, Note, Paragraph, Reply
from bot.model.verdict import Rule

RULES: Mapping[Rule, str] = {
    Rule.SECRET: "It looked like a secret, which comes before everything else.",
    Rule.EMPTY: "There were no words in it that I could read.",
    Rule.UNADDRESSED: "It was not meant for me.",
    Rule.ABOVE_THRESHOLD: "The best match was likely enough to answer at once.",
    Rule.CLOSE_CALL: "No match was likely enough by itself, so I asked back.",
    Rule.OUT_OF_SCOPE: "It came nearest to a kind of question that I do not answer.",
    Rule.ELSEWHERE: "It names a subject that is not switched on here.",
    Rule.NOTHING_NEAR: "Nothing I have was likely enough, and I do not guess.",
    Rule.CHOSEN: "It was chosen by its name or a button.",
    Rule.WORKED_OUT: "It asked for a number, a sum or a chart, which I worked out.",
}
TITLE = "Why this answer?"
ASK = "Not what you asked? Tell me what you meant:"
CHOICES = 3  # entries that may have been meant instead
ELSE = "Something else"
ANEW = "Ask it in other words, please. I answer as usual, and note that this is what you meant."
NOTED = "Noted, thank you. Here is that answer."


def why_page(decision: Decision, library: Library, message: int) -> Page:
    """Return why the answer `message` was given, with buttons for what may have been meant instead."""
    titles = _titles(library)
    lines = [Paragraph(line) for line in _lines(decision, titles)]
    blocks: tuple[Block, ...] = (Headline(TITLE), *lines, Note(ASK))
    others = [one.target for one in decision.candidates if one.target != decision.target and library.entry(one.target)]
    meant = [Meant(message, target, f"I meant: {titles[target]}") for target in others[:CHOICES]]
    return Page(Reply(blocks), (*((one,) for one in meant), (Meant(message, "", ELSE),)))


def why_line(decision: Decision, library: Library) -> str:
    """Return the same as one short text."""
    return "\n".join(_lines(decision, _titles(library)))


def _lines(decision: Decision, titles: Mapping[str, str]) -> Iterator[str]:
    """Yield the best match, the runner-up and the rule; what was worked out matched no phrasing."""
    found = [one for one in decision.candidates if one.phrase]
    for name, one in zip(("Matched", "Next"), found, strict=False):
        yield f"{name}: {_shown(one, titles)}"
    yield f"Rule: {RULES[decision.rule]}"


def _shown(one: Candidate, titles: Mapping[str, str]) -> str:
    return f"“{one.phrase}” of {titles.get(one.target, one.target)}, {one.score:.0%} likely"


def _titles(library: Library) -> Mapping[str, str]:
    entries = {entry.id: entry.title for entry in library.entries}
    return {refusal.id: refusal.title for refusal in library.refusals} | entries
