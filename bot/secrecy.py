"""Secrets, and how they are kept out of what the program prints."""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from urllib.parse import quote, unquote, urlsplit

SHORTEST = 6  # characters; what is shorter would hide ordinary words
HIDDEN = "[hidden]"
NAMES = re.compile(r"(?:^|_)(?:TOKEN|KEY|SECRET|PASSWORD|PASSPHRASE|SALT)$", re.IGNORECASE)

# A token as it stands in an address, a token as @BotFather gives it, and a password in an address.
SHAPES = r"(?<=/bot)\d+(?::|%3A)[\w-]+|\b\d{6,}(?::|%3A)[\w-]{30,}|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"


class Secrets:
    """Texts that must not be seen, in any of their spellings."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for part in _parts(secret) for form in _forms(part)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join([*map(re.escape, longest_first), SHAPES]), re.IGNORECASE)

    def hidden_in(self, text: str) -> str:
        """Return a text without the secrets, and without what has the shape of one."""
        return self._pattern.sub(HIDDEN, text)


def secrets_in(values: Mapping[str, str]) -> Iterator[str]:
    """Find the secrets among named values: what is named so, such as FOO_KEY, and the passwords in addresses."""
    for name, value in values.items():
        if NAMES.search(name):
            yield value
        with suppress(ValueError):  # no address
            if "://" in value and (password := urlsplit(value).password):
                yield password
                yield unquote(password)


def _parts(secret: str) -> list[str]:
    """Return a secret, and its second half where it has two, as a token has."""
    return [part for part in {secret, secret.partition(":")[2]} if len(part) >= SHORTEST]


def _forms(secret: str) -> Iterator[str]:
    """Spell a secret: as it is, in an address, in JSON, in hexadecimal digits, in Base64 wherever it begins."""
    data = secret.encode("utf-8", "surrogatepass")
    yield from (secret, quote(data, safe=""), repr(secret)[1:-1], data.hex())
    for before in range(3):
        first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(bytes(before) + data).decode()[first:last]
