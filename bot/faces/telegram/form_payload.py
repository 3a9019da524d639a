"""Buttons about the form of an answer as callback data and back."""

from bot.model.form_buttons import FormButton, Plainly, Publish

START = "1="  # the 1 is raised when a kind changes its meaning; no letter of other payloads is a sign
LONGEST = 32  # signs of an entry's id

KINDS: dict[str, type[FormButton]] = {"p": Plainly, "s": Publish}
LETTERS = {kind: letter for letter, kind in KINDS.items()}


def encode(button: FormButton) -> str:
    """Return a button's callback data."""
    return START + LETTERS[type(button)] + button.entry


def decode(data: str | None) -> FormButton | None:
    """Return the button that callback data stands for; None if it is forged or of another version."""
    if not data or not data.startswith(START):
        return None
    kind, entry = KINDS.get(data[len(START) : len(START) + 1]), data[len(START) + 1 :]
    return kind(entry) if kind and len(entry) <= LONGEST else None
