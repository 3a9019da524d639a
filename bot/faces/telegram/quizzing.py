"""Quizzes in chats: a native poll made from the knowledge, with the verdict as its explanation."""

from dataclasses import dataclass

from telegram import Update

from bot.faces.telegram.face import Context, Face
from bot.faces.telegram.intake import is_machine
from bot.faces.telegram.outcome import Result
from bot.model.reply import Ask, Paragraph, Reply
from bot.quiz import make_quiz

NONE = Reply((Paragraph("I have nothing to ask: no answer here compares what can be guessed."),))
REFUSED = Reply((Paragraph("I may not send polls here."),))
ANSWER = "The whole answer"


@dataclass(frozen=True, slots=True)
class Quizzing:
    """Poses quizzes; where polls are refused, that is said."""

    face: Face

    async def quiz(self, update: Update, _: Context) -> None:
        """Answer `/quiz`."""
        message = update.effective_message
        if message is None or is_machine(message):
            return
        pipeline = self.face.pipeline
        made = make_quiz(pipeline.library, f"{message.chat.id}", pipeline.clock())
        if made is None:
            await self.face.show(update, NONE)
        elif await self.face.sender.pose(message, made, ((Ask(made.entry, ANSWER),),)) is Result.REFUSED:
            await self.face.show(update, REFUSED)
