"""What owners get: the gaps in the knowledge with buttons that settle them, and how things went."""

from collections.abc import Mapping
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.errors import PictureError
from bot.faces.telegram.editing import editor
from bot.faces.telegram.face import STALE, Context, Face
from bot.faces.telegram.payload import decode
from bot.gaps import Gaps
from bot.model.mark import Page, Settle, Turn, Work
from bot.model.record import Gap, Settled
from bot.model.reply import Paragraph, Reply
from bot.model.version import Editor
from bot.reply.gaps import PAGE, SUBSCRIBED, UNSUBSCRIBED, gaps_page
from bot.reply.insight import insight_reply
from bot.reply.privacy import FAILED

DAYS = 30  # that /insight looks back
NOT_AN_OWNER = "Only owners may do that, in a private chat."
SET_ASIDE = "Set aside as not ours."
TAKEN_UP = "Taken up."
GONE = "That is settled already, or no longer kept."
WEEKLY: Mapping[tuple[str, ...], bool] = {("weekly", "on"): True, ("weekly", "off"): False}
UNREADABLE = Reply((Paragraph(FAILED),))


def is_work(data: object) -> bool:
    """Tell whether callback data is for here."""
    return isinstance(data, str) and isinstance(decode(data), Work)


@dataclass(frozen=True, slots=True)
class Reports:
    """Whoever presses must be an owner, in a private chat, at every press."""

    face: Face

    @property
    def gaps(self) -> Gaps:
        """The gaps of what is kept."""
        pipeline = self.face.pipeline
        return Gaps(self.face.journal, lambda: pipeline.meanings, lambda: pipeline.library)

    async def show_gaps(self, update: Update, context: Context) -> None:
        """Answer `/gaps` and `/gaps weekly on|off`."""
        wanted = WEEKLY.get(tuple(word.casefold() for word in context.args or ()))
        owner = update.effective_user
        if wanted is None or owner is None:
            page = await self.page(0)
            await self.face.show(update, page.reply, page.marks)
        else:
            is_done = await self.face.journal.subscribe(owner.id, is_on=wanted)
            await self.face.show(update, (SUBSCRIBED if wanted else UNSUBSCRIBED) if is_done else UNREADABLE)

    async def show_insight(self, update: Update, _: Context) -> None:
        """Answer `/insight`."""
        await self.face.show(update, await self.insight())

    async def press(self, update: Update, _: Context) -> None:
        """Answer a pressed button of the gaps."""
        query = update.callback_query
        if query is None:
            return
        match decode(query.data), query.message:
            case _, Message() as shown if not self._may(query, shown):
                await self.face.sender.acknowledge(query, NOT_AN_OWNER, is_alert=True)
            case Turn(page=number), Message() as shown:
                await self.face.sender.acknowledge(query)
                await self._turn(shown, number)
            case Settle() as settle, Message() as shown:
                await self._settle(query, shown, settle)
            case _:  # a message that Telegram shows no more
                await self.face.sender.acknowledge(query, STALE, is_alert=True)

    def _may(self, query: CallbackQuery, shown: Message) -> bool:
        return query.from_user.id in self.face.owners and shown.chat.type == ChatType.PRIVATE

    async def page(self, number: int) -> Page:
        """Return one page of the gaps."""
        found = await self.gaps.found()
        return Page(UNREADABLE) if found is None else gaps_page(found, number, can_edit=self.face.editing is not None)

    async def insight(self) -> Reply:
        """Return how things went, with a chart where one can be drawn."""
        insight = await self.face.journal.told(lambda records: records.insight(DAYS))
        if insight is None:
            return UNREADABLE
        library = self.face.pipeline.library
        try:
            return insight_reply(insight, library, await self.face.pipeline.gallery.painter.days(insight.days))
        except PictureError as error:
            return insight_reply(insight, library, b"", str(error))

    async def _settle(self, query: CallbackQuery, shown: Message, settle: Settle) -> None:
        """Do what the button says to the gap as it was shown; then show the page again, without it."""
        before = await self.gaps.found(settle.last) or ()
        place, gap = next(
            ((place, gap) for place, gap in enumerate(before) if settle.question in gap.questions), (0, None)
        )
        words = await self._done(gap, settle, editor(query.from_user), shown) if gap else GONE
        await self.face.sender.acknowledge(query, words, is_alert=words in {GONE, STALE})
        await self._turn(shown, place // PAGE)

    async def _done(self, gap: Gap, settle: Settle, owner: Editor, shown: Message) -> str:
        """Settle a gap and return what happened; what editing does not take up stays a gap."""
        if settle.how is Settled.NOT_OURS:
            return SET_ASIDE if await self.gaps.settle(gap, settle.how, owner.id) else FAILED
        told = await self._edited(gap, settle, owner)
        if told is None:
            return STALE
        await self.gaps.settle(gap, settle.how, owner.id)
        await self.face.sender.answer(shown, told)
        return TAKEN_UP

    async def _edited(self, gap: Gap, settle: Settle, owner: Editor) -> Reply | None:
        editing = self.face.editing
        if editing is None:
            return None
        if settle.how is Settled.DRAFT:
            return await editing.draft_entry(gap.wordings[0], owner)
        is_there = self.face.pipeline.library.entry(settle.entry) is not None
        return await editing.propose_phrasing(gap.wordings[0], settle.entry, owner) if is_there else None

    async def _turn(self, shown: Message, number: int) -> None:
        page = await self.page(number)
        await self.face.sender.replace(shown, page.reply, page.marks)
