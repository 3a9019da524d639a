"""What can be set about a provider of live numbers."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto


class Kind(Enum):
    """What is spoken with a provider."""

    HTTP = auto()
    RPC = auto()
    ELECTRUM = auto()


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Where a provider is, and how it may be asked.

    Args:
        base_url: `https://…`; for Electrum servers `ssl://host:port` or `tcp://host:port`.
        enabled: whether it is asked at all.
        priority: who is asked first; equals are asked in the order of the routes.
        per_minute: requests at most.
        timeout: of one request.
        key: sent with each request, in the header that belongs to the provider.
        user: the name for a node's JSON-RPC, whose password is the key.
        kind: what is spoken.
        key_header: where the key goes.
    """

    base_url: str
    enabled: bool = True
    priority: int = 50
    per_minute: int = 60
    timeout: timedelta = timedelta(seconds=4)
    key: str | None = field(default=None, repr=False)
    user: str = ""
    kind: Kind = Kind.HTTP
    key_header: str = ""
