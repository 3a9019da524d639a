"""What the bot is in each chat: added, removed, muted, moved; and what Telegram says when it may not speak."""

from collections.abc import Mapping
from dataclasses import dataclass

from telegram import ChatMember, ChatMemberRestricted, Update
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.faces.telegram.earshot import GROUPS
from bot.faces.telegram.face import Context
from bot.faces.telegram.settings import Panels
from bot.house import House
from bot.model.standing import GONE, Role, Trouble
from bot.reply.panel import troubles_reply, welcome_reply

ROLES: Mapping[str, Role] = {
    ChatMemberStatus.OWNER: Role.ADMIN,
    ChatMemberStatus.ADMINISTRATOR: Role.ADMIN,
    ChatMemberStatus.MEMBER: Role.MEMBER,
    ChatMemberStatus.RESTRICTED: Role.RESTRICTED,
    ChatMemberStatus.LEFT: Role.LEFT,
    ChatMemberStatus.BANNED: Role.KICKED,
}
SAID: Mapping[str, Trouble] = {  # what Telegram says, in lower case
    "not enough rights to send text": Trouble.SILENCED,
    "have no rights to send a message": Trouble.SILENCED,
    "chat_write_forbidden": Trouble.SILENCED,
    "not enough rights to send photo": Trouble.NO_MEDIA,
    "chat_send_photos_forbidden": Trouble.NO_MEDIA,
    "topic_closed": Trouble.TOPIC_CLOSED,
}


@dataclass(frozen=True, slots=True)
class Membership:
    """Keeps what the bot is where, and introduces it to a group once it is added."""

    panels: Panels

    @property
    def house(self) -> House:
        """What keeps it."""
        return self.panels.house

    async def changed(self, update: Update, context: Context) -> None:
        """Note what the bot became in a chat; a group it was added to is told what it hears."""
        change = update.my_chat_member
        if change is None:
            return
        chat, before, after = change.chat, role_of(change.old_chat_member), role_of(change.new_chat_member)
        self.panels.rights.forget(chat.id, context.bot.id)
        await self.house.told(lambda chats: chats.stand(chat.id, after, trouble_of(change.new_chat_member)))
        if before in GONE and after not in GONE and chat.type in GROUPS:
            hears_all = await self.panels.rights.hears_all(chat.id)
            manners = await self.house.manners(chat.id, is_group=True)
            reply = welcome_reply(manners, self.panels.link(chat.id), hears_all=hears_all)
            await self.panels.gate.face.sender.tell(chat.id, reply)

    async def member(self, update: Update, _: Context) -> None:
        """Ask again what somebody may do whose rights were changed."""
        change = update.chat_member
        if change:
            self.panels.rights.forget(change.chat.id, change.new_chat_member.user.id)

    async def migrated(self, update: Update, _: Context) -> None:
        """Let a supergroup have what its group had; either of the two messages about it is enough."""
        message = update.effective_message
        if message and message.migrate_to_chat_id:
            await self.house.moved(message.chat.id, message.migrate_to_chat_id)
        elif message and message.migrate_from_chat_id:
            await self.house.moved(message.migrate_from_chat_id, message.chat.id)

    async def status(self, update: Update, context: Context) -> None:
        """Answer `/status` of an owner, with the groups where something keeps the bot from speaking."""
        face = self.panels.gate.face
        await face.status(update, context)
        if troubled := await self.house.in_trouble():
            await face.show(update, troubles_reply(troubled))

    async def noticed(self, chat: int, error: TelegramError) -> None:
        """Note what keeps something from a chat that is still there."""
        match error:
            case RetryAfter():
                await self.house.troubled(chat, Trouble.SLOW_MODE)
            case BadRequest():
                said = error.message.lower()
                if trouble := next((trouble for words, trouble in SAID.items() if words in said), None):
                    await self.house.troubled(chat, trouble)


def role_of(member: ChatMember) -> Role:
    """Return what somebody is; who is restricted may be outside as well."""
    if isinstance(member, ChatMemberRestricted) and not member.is_member:
        return Role.LEFT
    return ROLES[member.status]


def trouble_of(member: ChatMember) -> Trouble:
    """Return what keeps somebody from speaking who is this."""
    if role_of(member) is Role.KICKED:
        return Trouble.KICKED
    if not isinstance(member, ChatMemberRestricted):
        return Trouble.NONE
    if not member.can_send_messages:
        return Trouble.SILENCED
    return Trouble.NONE if member.can_send_photos else Trouble.NO_MEDIA
