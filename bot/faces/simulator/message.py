"""What stands in a chat: messages and their buttons, kept as the JSON the Bot API shows."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.faces.simulator.entities import JSON
from bot.faces.simulator.rich import text_of

if TYPE_CHECKING:
    from bot.faces.simulator.chat import Chat


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: its label, and behind it callback data, a link, an inline query, or a text to copy."""

    label: str
    data: str = ""
    url: str = ""
    query: str | None = None
    copied: str = ""
    style: str = ""


@dataclass(slots=True, eq=False)
class Message:
    """One message as it stands now.

    `raw` is the Bot API's object, `html` the text as the bot sent it, `is_by_bot` whether the bot under test wrote
    it, `upload` the bytes of an uploaded photo, `reactions` those of each person by id, `voters` who voted in a poll,
    `inline_id` the inline_message_id of one that was inserted through the bot or sent by it as a guest.
    """

    chat: "Chat" = field(repr=False)
    raw: JSON
    html: str = ""
    is_by_bot: bool = False
    upload: bytes = field(default=b"", repr=False)
    deleted: bool = field(default=False, init=False)
    inline_id: str = field(default="", init=False)
    reactions: dict[int, tuple[JSON, ...]] = field(default_factory=dict, init=False, repr=False)
    voters: set[int] = field(default_factory=set, init=False, repr=False)

    @property
    def id(self) -> int:
        """The message_id."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """The plain text or caption; of a rich message all of its texts."""
        return str(self.raw.get("text") or self.raw.get("caption") or text_of(self.raw.get("rich_message", {})))

    @property
    def entities(self) -> list[JSON]:
        """The entities of the text or caption."""
        return list(self.raw.get("entities") or self.raw.get("caption_entities") or ())

    @property
    def buttons(self) -> list[list[Button]]:
        """The inline keyboard, in rows."""
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", ())
        return [[_button(one) for one in row] for row in rows]

    @property
    def thread(self) -> int | None:
        """The topic the message stands in; None in General and outside forums."""
        return self.raw.get("message_thread_id") if self.raw.get("is_topic_message") else None

    @property
    def reply_to(self) -> int | None:
        """The message_id of what this answers; the opening of its topic does not count."""
        answered = self.raw.get("reply_to_message", {})
        return None if "forum_topic_created" in answered else answered.get("message_id")

    @property
    def edited(self) -> bool:
        """Whether the text or the buttons were changed after sending."""
        return "edit_date" in self.raw

    def button(self, what: str) -> Button:
        """Return the first button with that label or data.

        Raises:
            LookupError: there is none.
        """
        for one in (one for row in self.buttons for one in row):
            if what in {one.label, one.data}:
                return one
        raise LookupError(f"no button {what!r} under message {self.id}, only {self.buttons}")

    def snapshot(self) -> JSON:
        """Return the object as it is now, safe from later edits."""
        return dict(self.raw)

    def quoted(self) -> JSON:
        """Return the object as it stands inside an answer to it: one level deep."""
        return {key: value for key, value in self.raw.items() if key != "reply_to_message"}


def _button(raw: JSON) -> Button:
    return Button(
        raw["text"],
        raw.get("callback_data", ""),
        raw.get("url", ""),
        raw.get("switch_inline_query"),
        raw.get("copy_text", {}).get("text", ""),
        raw.get("style", ""),
    )
