"""How large a transaction is, and what it costs in satoshis.

Sizes in weight units, of which a virtual byte has four: BIP141; inputs and outputs as Bitcoin Core serialises them,
with signatures of 71 bytes in witnesses, and P2PKH's customary 148 bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from bot.model.money import MOST_PARTS, ScriptType
from bot.model.quote import Coin

WITNESS_FACTOR = 4  # weight units of a byte outside of the witness, and of a virtual byte
OVERHEAD = 10  # bytes: version, counts, lock time
SEGWIT_MARK = 2  # weight units: marker and flag


@dataclass(frozen=True, slots=True)
class Parts:
    """What an input and an output of a type take: bytes of the base, weight units of the input's witness."""

    input_bytes: int
    witness: int
    output_bytes: int


PARTS: Mapping[ScriptType, Parts] = {
    ScriptType.P2WPKH: Parts(41, 107, 31),
    ScriptType.P2TR: Parts(41, 66, 43),
    ScriptType.P2SH_P2WPKH: Parts(64, 107, 32),
    ScriptType.P2PKH: Parts(148, 0, 34),
}


def weight(script: ScriptType, inputs: int, outputs: int) -> int:
    """Return the weight of a transaction whose inputs and outputs are all of one type, in weight units.

    Raises:
        ValueError: there are no inputs or outputs, or too many.
    """
    if not (1 <= inputs <= MOST_PARTS and 1 <= outputs <= MOST_PARTS):
        raise ValueError(f"a payment has 1 to {MOST_PARTS} inputs and outputs, not {inputs} and {outputs}")
    parts = PARTS[script]
    base = OVERHEAD + inputs * parts.input_bytes + outputs * parts.output_bytes
    witness = SEGWIT_MARK + inputs * parts.witness if parts.witness else 0
    return base * WITNESS_FACTOR + witness


def size(coin: Coin, script: ScriptType, inputs: int, outputs: int) -> int:
    """Return what a fee rate is multiplied by: virtual bytes, rounded up, on BTC; bytes of a P2PKH payment on BCH."""
    used = script if coin is Coin.BTC else ScriptType.P2PKH
    return -(-weight(used, inputs, outputs) // WITNESS_FACTOR)


def fee_sat(units: int, rate: Decimal) -> int:
    """Return the fee in satoshis, rounded up, of so many vB or B at a rate in sat/vB or sat/B."""
    return int((units * rate).to_integral_value(ROUND_CEILING))
