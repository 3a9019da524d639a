"""Amounts of money, and what people ask to be worked out about them."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.model.quote import Coin


class Fiat(StrEnum):
    """A state's money that coins are priced in."""

    USD = "usd"
    EUR = "eur"
    GBP = "gbp"
    JPY = "jpy"
    CHF = "chf"
    CAD = "cad"
    AUD = "aud"


Currency = Coin | Fiat

CURRENCIES: tuple[Currency, ...] = (*Coin, *Fiat)
COIN_PLACES = 8  # decimals of a coin: one satoshi is the smallest part of either chain's coin
MOST_PARTS = 100  # inputs, and outputs, of a payment; wallets make no larger ones
MOST_COINS = Decimal(21_000_000)  # of either coin; the subsidies sum up to just below
MOST_FIAT = Decimal(10) ** 15  # more than all the money of any of these currencies


class ScriptType(StrEnum):
    """What a transaction's inputs and outputs are locked with."""

    P2WPKH = "p2wpkh"
    P2TR = "p2tr"
    P2SH_P2WPKH = "p2sh-p2wpkh"
    P2PKH = "p2pkh"


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in whole units of its currency, above zero; exact, with at most `COIN_PLACES` decimals."""

    value: Decimal
    currency: Currency


@dataclass(frozen=True, slots=True)
class CostRequest:
    """What does sending this cost? No amount asks for a payment as such.

    `script` is used on BTC; BCH has no segregated witness and sends P2PKH. `inputs` and `outputs` are at least one.
    """

    amount: Amount | None
    script: ScriptType = ScriptType.P2WPKH
    inputs: int = 1
    outputs: int = 2


@dataclass(frozen=True, slots=True)
class ConvertRequest:
    """What is this worth in each of these currencies? `into` is never empty and never the amount's own currency."""

    amount: Amount
    into: tuple[Currency, ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """An amount could not be read; `sentence` tells a person what is wrong and what to write instead."""

    sentence: str
