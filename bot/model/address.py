"""What a pasted address may be, and what is said about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model.quote import Coin


class AddressKind(StrEnum):
    """What a piece of text is, as far as it can be told without looking anything up."""

    LEGACY = "legacy"  # 1… or 3…, of both chains
    SEGWIT = "segwit"
    CASHADDR = "cashaddr"
    TESTNET = "testnet"
    BROKEN = "broken"  # the checksum does not fit
    HASH = "hash"  # of a transaction or block


CHAINS: Mapping[AddressKind, tuple[Coin, ...]] = {
    AddressKind.LEGACY: tuple(Coin),
    AddressKind.SEGWIT: (Coin.BTC,),
    AddressKind.CASHADDR: (Coin.BCH,),
    AddressKind.TESTNET: (),
    AddressKind.BROKEN: (),
    AddressKind.HASH: tuple(Coin),
}
"""On which chains each kind means something."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something in a text that is, or should be, an address or a hash; `text` is as it is looked up."""

    kind: AddressKind
    text: str


@dataclass(frozen=True, slots=True)
class Explorer:
    """A site where a chain can be looked into; in its links `{it}` stands for what is looked up."""

    title: str
    side: str
    address: str
    hash: str


@dataclass(frozen=True, slots=True)
class Guard:
    """What a pack says of addresses: a sentence for each kind; `entry` is the answer that it is part of."""

    entry: str
    says: Mapping[AddressKind, str]
    explorers: tuple[Explorer, ...] = ()
