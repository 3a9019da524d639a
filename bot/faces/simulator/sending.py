"""The methods with which the bot writes: send, edit, delete, answer a pressed button."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.faces.simulator import ephemeral, media, rich
from bot.faces.simulator.access import check_presence, find_chat, own_message, replied, thread_of, writable_chat
from bot.faces.simulator.chat import IN_CHARGE, Chat, Kind
from bot.faces.simulator.entities import JSON, units
from bot.faces.simulator.keyboard import read_markup
from bot.faces.simulator.message import Message
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import bad_request, missing
from bot.faces.simulator.text import LONGEST_TEXT, formatted

if TYPE_CHECKING:
    from bot.faces.simulator.world import LocalTelegram

LONGEST_CAPTION = 1024
LONGEST_ANSWER = 200
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def _text(given: Parameters, too_long: str) -> JSON:
    if not given.text("text"):
        raise missing("text")
    text, entities = formatted(given, "text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request(too_long)
    preview = given.parsed("link_preview_options")
    return {"text": text} | _unless_empty("entities", entities) | _unless_empty("link_preview_options", preview)


def _unless_empty(name: str, value: Any) -> JSON:
    return {name: value} if value else {}


def send_message(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out sendMessage."""
    content = _text(given, "message is too long")
    return _send(world, given, content, given.text("text")).snapshot()


def send_rich_message(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out sendRichMessage."""
    return _send(world, given, rich.content(given), "").snapshot()


def send_photo(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out sendPhoto, with an upload or a name of a file."""
    text, entities = formatted(given, "caption", "caption_entities")
    if units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    upload = given.files.get(given.text("photo").removeprefix("attach://") or "photo", b"")
    if not upload and not given.text("photo"):
        raise bad_request("there is no photo in the request")
    caption = _unless_empty("caption", text) | _unless_empty("caption_entities", entities)
    message = _send(world, given, media.photo(upload) | caption, given.text("caption"))
    message.upload = upload
    return message.snapshot()


def send_document(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out sendDocument, with an upload."""
    text, entities = formatted(given, "caption", "caption_entities")
    if units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    field = given.text("document").removeprefix("attach://") or "document"
    upload = given.files.get(field, b"")
    if not upload:
        raise bad_request("there is no document in the request")
    caption = _unless_empty("caption", text) | _unless_empty("caption_entities", entities)
    sent = media.document(given.names.get(field, field), upload)
    message = _send(world, given, sent | caption, given.text("caption"))
    message.upload = upload
    return message.snapshot()


def _send(world: "LocalTelegram", given: Parameters, content: JSON, source: str) -> Message:
    markup = _unless_empty("reply_markup", read_markup(given))
    chat = writable_chat(world, given)
    kind = next((kind for kind in ("photo", "document") if kind in content), None)
    if kind and not chat.bot_may_show:
        raise bad_request(f"not enough rights to send {kind}s to the chat")
    only = ephemeral.receiver(world, chat, given)
    thread = thread_of(world, chat, given)
    answered = replied(chat, given)
    where = chat.place(thread or (answered.thread if answered else 0) or 0, answered)
    write = partial(ephemeral.whisper, chat) if only else partial(world.write, chat)
    message = write(world.bot.sender(chat), where | content | markup | ephemeral.addressed(only))
    message.html, message.is_by_bot = source, True
    return message


def edit_message_text(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out editMessageText, which makes rich messages of texts and the other way round."""
    message = _reworded(world, given, own_message)
    return _edited(message, given)


def edit_ephemeral_message_text(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out editEphemeralMessageText."""
    _reworded(world, given, ephemeral.own_whisper)
    return True


def _reworded(
    world: "LocalTelegram", given: Parameters, found: Callable[["LocalTelegram", Parameters], Message]
) -> Message:
    if given.text("rich_message") and given.text("text"):
        raise bad_request("exactly one of text and rich_message must be specified")
    content = rich.content(given) if given.text("rich_message") else _text(given, "MESSAGE_TOO_LONG")
    content |= _unless_empty("reply_markup", read_markup(given))
    message = found(world, given)
    if message.raw.keys().isdisjoint({"text", "rich_message"}):
        raise bad_request("there is no text in the message to edit")
    _change(world, message, content, ("text", "entities", "rich_message", "reply_markup", "link_preview_options"))
    message.html = given.text("text")
    return message


def edit_message_media(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out editMessageMedia, of a photo by another one that is uploaded."""
    new = given.parsed("media")
    upload = given.files.get(str(new.get("media", "")).removeprefix("attach://"), b"") if isinstance(new, dict) else b""
    if not upload:
        raise bad_request("there is no photo in the request")
    caption = Parameters({name: str(new[name]) for name in ("caption", "parse_mode") if name in new})
    text, entities = formatted(caption, "caption", "caption_entities")
    if units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    message = own_message(world, given)
    if "photo" not in message.raw:
        raise bad_request("there is no media in the message to edit")
    content = media.photo(upload) | _unless_empty("caption", text) | _unless_empty("caption_entities", entities)
    content |= _unless_empty("reply_markup", read_markup(given))
    _change(world, message, content, ("photo", "caption", "caption_entities", "reply_markup"))
    message.html, message.upload = caption.text("caption"), upload
    return message.snapshot()


def edit_message_reply_markup(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out editMessageReplyMarkup."""
    content = _unless_empty("reply_markup", read_markup(given))
    message = own_message(world, given)
    _change(world, message, content, ("reply_markup",))
    return _edited(message, given)


def _edited(message: Message, given: Parameters) -> object:
    """Return what an edit gives: of an inline message the bot is shown nothing."""
    return True if given.text("inline_message_id") else message.snapshot()


def _change(world: "LocalTelegram", message: Message, content: JSON, fields: tuple[str, ...]) -> None:
    old = {name: message.raw[name] for name in fields if name in message.raw}
    if old == content:
        words = "specified new message content and reply markup are exactly the same as a current content"
        raise bad_request(f"message is not modified: {words} and reply markup of the message")
    for name in old:
        del message.raw[name]
    message.raw |= content | {"edit_date": world.now()}
    world.changes.happened()


def delete_message(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out deleteMessage."""
    chat = find_chat(world, given)
    check_presence(world, chat)
    message = chat.find(given.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not _may_delete(world, chat, message):
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    return True


def _may_delete(world: "LocalTelegram", chat: Chat, message: Message) -> bool:
    return message.is_by_bot or chat.kind is Kind.PRIVATE or chat.status(world.bot.id) in IN_CHARGE


def send_chat_action(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out sendChatAction."""
    if given.required("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread_of(world, writable_chat(world, given), given)
    return True


def answer_callback_query(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out answerCallbackQuery: once for every press, and in time."""
    press = world.presses.get(given.text("callback_query_id"))
    if press is None or press.is_too_old or press.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if units(given.text("text")) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if given.text("url") and not given.text("url").startswith(f"https://t.me/{world.bot.username}?start="):
        raise bad_request("URL_INVALID")
    press.answer = {"text": given.text("text"), "show_alert": given.flag("show_alert"), "url": given.text("url")}
    return True
