"""Base58Check, in which old addresses are written.

Source: en.bitcoin.it/wiki/Base58Check_encoding; the vectors of the tests are Bitcoin Core's base58_keys_valid.json.
"""

from hashlib import sha256

DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CHECKSUM = 4  # bytes at the end

_VALUE = {digit: value for value, digit in enumerate(DIGITS)}


def decoded(text: str) -> bytes | None:
    """Return the bytes of a text without their checksum; None where a sign is none of Base58 or the checksum fails."""
    number = 0
    for sign in text:
        if sign not in _VALUE:
            return None
        number = number * len(DIGITS) + _VALUE[sign]
    zeros = len(text) - len(text.lstrip(DIGITS[0]))
    whole = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    content, checksum = whole[:-CHECKSUM], whole[-CHECKSUM:]
    return content if sha256(sha256(content).digest()).digest()[:CHECKSUM] == checksum else None
