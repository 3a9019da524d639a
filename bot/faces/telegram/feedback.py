"""What people say of answers, and what they may do about what is kept of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import CallbackQuery, Message, ReactionType, ReactionTypeEmoji, Update
from telegram.constants import ChatType

from bot.faces.telegram.face import STALE, Context, Face
from bot.faces.telegram.keyboard import feedback_marks
from bot.faces.telegram.payload import decode
from bot.model.mark import Feedback as FeedbackMark
from bot.model.mark import Forget, Meant, Vote, Why
from bot.model.record import Spot
from bot.model.reply import Paragraph, Reply
from bot.reply.privacy import FAILED, FORGOTTEN, forget_page, privacy_reply
from bot.reply.why import ANEW, NOTED, why_line, why_page

THANKS = "Thank you."
WITHDRAWN = "Your vote is withdrawn."
UNKEPT = "I no longer keep that answer. Please ask again."
NOT_YOURS = "This button is somebody else's."
ALERT = 200  # characters of an alert
GOOD = frozenset("👍❤🔥👏🎉💯🏆🙏🤩🥰")
BAD = frozenset("👎💩🤮🤬")
VARIANT = "\ufe0f"  # some clients send a heart with it


def is_feedback(data: object) -> bool:
    """Tell whether callback data is for here."""
    return isinstance(data, str) and isinstance(decode(data), FeedbackMark)


@dataclass(frozen=True, slots=True)
class Feedback:
    """Votes, reactions, why, what was meant; privacy."""

    face: Face

    async def press(self, update: Update, _: Context) -> None:
        """Answer a pressed button under an answer or an explanation."""
        query = update.callback_query
        if query is None:
            return
        match decode(query.data), query.message:
            case Vote(is_up=is_up), Message() as shown:
                await self._vote(query, shown, is_up=is_up)
            case Why(), Message() as shown:
                await self._why(query, shown)
            case Meant() as meant, Message() as shown:
                await self._meant(query, shown, meant)
            case Forget(person=person), Message() as shown:
                await self._forget(query, shown, person)
            case _:  # a message that Telegram shows no more, or no data at all
                await self.face.sender.acknowledge(query, STALE, is_alert=True)

    async def react(self, update: Update, _: Context) -> None:
        """Count a reaction to an answer as a vote; one that is taken back withdraws it."""
        reaction = update.message_reaction
        if reaction is None:
            return
        voter = reaction.user or reaction.actor_chat
        before, after = choice_of(reaction.old_reaction), choice_of(reaction.new_reaction)
        if voter and before is not after:
            await self.face.journal.vote(Spot(reaction.chat.id, reaction.message_id), voter.id, after)

    async def privacy(self, update: Update, _: Context) -> None:
        """Answer `/privacy`."""
        await self.face.show(update, privacy_reply(self.face.journal.keep.days if self.face.journal.is_open else 0))

    async def forget(self, update: Update, _: Context) -> None:
        """Answer `/forgetme` with the question whether that is meant."""
        person = update.effective_user
        if person is None:
            return
        kept = await self.face.journal.told(lambda records: records.kept(person.id))
        if kept is None:
            await self.face.show(update, Reply((Paragraph(FAILED),)))
        else:
            page = forget_page(kept, person.id)
            await self.face.show(update, page.reply, page.marks)

    async def _vote(self, query: CallbackQuery, shown: Message, *, is_up: bool) -> None:
        tally = await self.face.journal.vote(spot_of(shown), query.from_user.id, is_up, toggles=True)
        if tally is None:
            await self.face.sender.acknowledge(query, UNKEPT, is_alert=True)
            return
        await self.face.sender.mark(shown, feedback_marks(tally, is_private=is_private(shown)))
        await self.face.sender.acknowledge(query, WITHDRAWN if tally.own is None else THANKS)

    async def _why(self, query: CallbackQuery, shown: Message) -> None:
        """Explain: in private by a message with buttons, elsewhere to the one who pressed alone."""
        decision = await self.face.journal.told(lambda records: records.decision(spot_of(shown)))
        library = self.face.pipeline.library
        if decision is None:
            await self.face.sender.acknowledge(query, UNKEPT, is_alert=True)
        elif is_private(shown):
            page = why_page(decision, library, shown.message_id)
            await self.face.sender.acknowledge(query)
            await self.face.sender.answer(shown, page.reply, page.marks)
        else:
            await self.face.sender.acknowledge(query, why_line(decision, library)[:ALERT], is_alert=True)

    async def _meant(self, query: CallbackQuery, shown: Message, meant: Meant) -> None:
        """Note what was meant and answer that; something else is asked for in other words."""
        outcome = await self.face.pipeline.entry(meant.entry) if meant.entry else None
        reply = outcome.reply if outcome else None
        is_known = reply is not None or not meant.entry
        spot = Spot(shown.chat.id, meant.message)
        if not is_known or not await self.face.journal.remark(spot, query.from_user.id, meant.entry):
            await self.face.sender.acknowledge(query, STALE, is_alert=True)
            return
        await self.face.sender.acknowledge(query, NOTED if reply else "")
        await self.face.sender.replace(shown, reply or Reply((Paragraph(ANEW),)))

    async def _forget(self, query: CallbackQuery, shown: Message, person: int) -> None:
        if query.from_user.id != person:
            await self.face.sender.acknowledge(query, NOT_YOURS, is_alert=True)
            return
        is_done = await self.face.journal.forget(person)
        self.face.recent.forget(lambda key: isinstance(key, tuple) and key[1] == person)
        await self.face.sender.acknowledge(query)
        await self.face.sender.replace(shown, Reply((Paragraph(FORGOTTEN if is_done else FAILED),)))


def spot_of(message: Message) -> Spot:
    """Return where a message stands."""
    return Spot(message.chat.id, message.message_id)


def is_private(message: Message) -> bool:
    """Tell whether a message stands in a private chat."""
    return message.chat.type == ChatType.PRIVATE


def choice_of(reactions: Sequence[ReactionType]) -> bool | None:
    """Return the vote that reactions stand for; most stand for none."""
    emoji = {one.emoji.removesuffix(VARIANT) for one in reactions if isinstance(one, ReactionTypeEmoji)}
    if emoji & GOOD:
        return True
    return False if emoji & BAD else None
