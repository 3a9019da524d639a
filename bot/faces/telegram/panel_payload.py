"""Buttons of the settings panel as callback data and back: a version, a dot, a letter for the kind, then its fields."""

from re import ASCII
from re import compile as pattern

from bot.faces.telegram.codec import Codec
from bot.model.chat_buttons import (
    ChatButton,
    ExportSettings,
    ImportSettings,
    OpenPanel,
    OpenSetting,
    ProveIt,
    SetTo,
    UndoSettings,
)

START = "1."  # the 1 is raised when a kind changes its meaning; the dot is no letter of other payloads

# A letter stays with its kind for ever.
KINDS: dict[str, type[ChatButton]] = {
    "p": OpenPanel,
    "o": OpenSetting,
    "s": SetTo,
    "u": UndoSettings,
    "x": ExportSettings,
    "i": ImportSettings,
    "v": ProveIt,
}
_CODEC: Codec[ChatButton] = Codec(START, KINDS, pattern(r"-?\d{1,16}", ASCII), ends_open=True)


def encode(button: ChatButton) -> str:
    """Return a button's callback data; its value comes last, for it may hold colons."""
    return _CODEC.encode(button)


def decode(data: str | None) -> ChatButton | None:
    """Return the button that callback data stands for; None if it is forged or of another version."""
    return _CODEC.decode(data)
