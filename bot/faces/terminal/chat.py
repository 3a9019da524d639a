"""A conversation in the terminal: type a question, a command, or the number of a button."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.faces.recent import Recent
from bot.faces.terminal.commands import commanded
from bot.model.question import Place, Question
from bot.model.reply import Button, Reply
from bot.pipeline import Pipeline
from bot.reply.terminal import button_titles, plain

Say = Callable[[str], None]
GOODBYE = {"quit", "exit", "/quit", "/exit", ":q"}
HINT = "Type a question, a command such as /cost 25 USD, the number of a button, or quit."


@dataclass(slots=True)
class Chat:
    """One conversation; remembers the buttons it showed last."""

    pipeline: Pipeline
    say: Say
    buttons: list[tuple[str, Button]] = field(default_factory=list)
    recent: Recent = field(default_factory=Recent)

    async def run(self, lines: Iterable[str]) -> None:
        """Answer lines until they end or somebody says goodbye."""
        self.show(self.pipeline.composer.welcome())
        self.say(HINT)
        for line in lines:
            text = line.strip()
            if text.casefold() in GOODBYE:
                return
            if text:
                self.show(await self.reply(text))

    async def reply(self, text: str) -> Reply | None:
        """Return the reply to a line: a press if it is a button's number, a command, else a question."""
        if text.isdecimal() and 0 < int(text) <= len(self.buttons):
            return await self.pipeline.pressed(self.buttons[int(text) - 1][1])
        if command := commanded(self.pipeline, text):
            return await command
        now, here = self.pipeline.clock(), Place.TERMINAL
        outcome = await self.pipeline.answer(Question(text, now, here, self.recent.earlier(here, now)))
        self.recent.note(here, text, now)
        return outcome.reply

    def show(self, reply: Reply | None) -> None:
        """Print a reply and its numbered buttons."""
        if reply is None:
            return
        self.buttons = button_titles(reply)
        choices = "\n".join(f"  [{number}] {title}" for number, (title, _) in enumerate(self.buttons, 1))
        self.say("\n".join(part for part in ("", plain(reply), choices, "") if part or part == ""))
