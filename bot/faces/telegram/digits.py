"""Numbers in callback data."""


def is_number(text: str, digits: int) -> bool:
    """Tell whether a text is a whole number of so many digits at most; what is forged may be anything."""
    return text.isdecimal() and text.isascii() and len(text) <= digits
