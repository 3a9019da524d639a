"""What buttons around posts do; who presses, and whether they may post there now, is looked at with every press."""

from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.errors import StoreError
from bot.faces.telegram.delivery import Delivered
from bot.faces.telegram.face import STALE, Context
from bot.faces.telegram.outcome import Result
from bot.faces.telegram.pace import Urgency
from bot.faces.telegram.post_payload import decode
from bot.faces.telegram.postings import REFUSALS, UNCHOSEN, Postings, note
from bot.faces.telegram.rights import MayPost
from bot.model.post_buttons import (
    AskWhen,
    ChooseChannel,
    DropDraft,
    DropPlan,
    PausePlan,
    PostButton,
    Publish,
    ResumePlan,
)
from bot.model.reply import Reply
from bot.model.schedule import Draft
from bot.reply import posting
from bot.reply.posting import said


@dataclass(frozen=True, slots=True)
class PostPanel:
    """Carries out what is pressed."""

    postings: Postings

    async def press(self, update: Update, _: Context) -> None:
        """Carry out a press; what is pressed belongs to whoever pressed, or it is refused."""
        query = update.callback_query
        if query is None:
            return
        button, shown = decode(query.data), query.message
        if button is None or not isinstance(shown, Message) or shown.chat.type != ChatType.PRIVATE:
            await self._refuse(query, STALE)
            return
        try:
            await self._carry_out(query, shown, button)
        except StoreError as error:
            note(error)
            await self._refuse(query, posting.UNSAVED)

    async def _carry_out(self, query: CallbackQuery, shown: Message, button: PostButton) -> None:
        match button:
            case ChooseChannel():
                await self._choose(query, shown, button)
            case Publish():
                await self._publish(query, shown, button.draft)
            case AskWhen():
                await self._ask_when(query, shown, button.draft)
            case DropDraft():
                await self.postings.drafts.take(button.draft, query.from_user.id)
                await self._show(query, shown, said(posting.DROPPED))
            case ResumePlan():
                await self._resume(query, shown, button.plan)
            case PausePlan():
                await self.postings.schedules.pause(button.plan, query.from_user.id)
                await self._show(query, shown, await self.postings.plans(query.from_user.id))
            case DropPlan():
                await self.postings.schedules.drop(button.plan, query.from_user.id)
                await self._show(query, shown, await self.postings.plans(query.from_user.id))

    async def _choose(self, query: CallbackQuery, shown: Message, button: ChooseChannel) -> None:
        person = query.from_user.id
        draft = await self._allowed(query, button.draft, button.channel)
        if draft and await self.postings.drafts.take(draft.id, person):
            await self._show(query, shown, said(f"To “{await self.postings.rights.title(button.channel)}”:"))
            await self.postings.preview(shown, person, button.channel, draft.what)

    async def _publish(self, query: CallbackQuery, shown: Message, number: int) -> None:
        if not await self._allowed(query, number):
            return
        draft = await self.postings.drafts.take(number, query.from_user.id)
        if draft is None:  # another press was faster
            await self._refuse(query, posting.OLD_DRAFT)
            return
        await self.postings.sender.acknowledge(query)
        done = await self.postings.columnist.publish(draft.channel, draft.post, Urgency.ANSWER)
        await self.postings.sender.replace(shown, said(_told(done)))

    async def _ask_when(self, query: CallbackQuery, shown: Message, number: int) -> None:
        if await self._allowed(query, number):
            await self.postings.sender.acknowledge(query)
            await self.postings.sender.answer(
                shown, posting.when_reply(number, await self.postings.zone(query.from_user.id))
            )

    async def _resume(self, query: CallbackQuery, shown: Message, number: int) -> None:
        person = query.from_user.id
        plan = next((one for one in await self.postings.schedules.of(person) if one.id == number), None)
        if plan and (refusal := REFUSALS.get(await self.postings.rights.may_post(plan.channel, person))):
            await self._refuse(query, refusal)
            return
        await self.postings.schedules.resume(number, person)
        await self._show(query, shown, await self.postings.plans(person))

    async def _allowed(self, query: CallbackQuery, number: int, channel: int = UNCHOSEN) -> Draft | None:
        """Return a draft of whoever pressed, if they may post it now; else say why not."""
        draft = await self.postings.drafts.draft(number, query.from_user.id)
        if draft is None or bool(channel) is bool(draft.channel):
            await self._refuse(query, posting.OLD_DRAFT)
            return None
        answer = await self.postings.rights.may_post(draft.channel or channel, query.from_user.id)
        if answer is not MayPost.YES:
            await self._refuse(query, REFUSALS[answer])
            return None
        return draft

    async def _show(self, query: CallbackQuery, shown: Message, reply: Reply) -> None:
        await self.postings.sender.acknowledge(query)
        await self.postings.sender.replace(shown, reply)

    async def _refuse(self, query: CallbackQuery, text: str) -> None:
        await self.postings.sender.acknowledge(query, text, is_alert=True)


def _told(done: tuple[Delivered, ...]) -> str:
    """Return what became of a post; of several messages the first decides whether it is there."""
    match done[0].result:
        case Result.SENT:
            return posting.PUBLISHED
        case Result.UNKNOWN:
            return posting.PERHAPS
        case _:
            return posting.NOT_SENT
