"""How ids of people and chats are kept: as hashes with a secret salt, which cannot be counted through without it."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from bot.model.record import Spot

LENGTH = 32  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Hasher:
    """Hashes ids; what is hashed for one purpose says nothing about another."""

    salt: str

    def person(self, number: int) -> str:
        """Return the hash of somebody who asks or votes."""
        return self._hash(f"person {number}")

    def chat(self, number: int) -> str:
        """Return the hash of a chat."""
        return self._hash(f"chat {number}")

    def spot(self, spot: Spot) -> str:
        """Return the hash of where an answer stands."""
        return self._hash(f"answer {spot.chat} {spot.message}")

    def _hash(self, text: str) -> str:
        return hmac.new(self.salt.encode(), text.encode(), sha256).hexdigest()[:LENGTH]
