"""How much room a block has: a weight on BTC, bytes on BCH."""

from bot.model.quote import Coin

MOST_WEIGHT = 4_000_000  # weight units of a block of BTC (BIP 141)
MOST_VSIZE = MOST_WEIGHT // 4  # vB, as one of them is four weight units
LEAST_LIMIT = 32_000_000  # B, below which BCH's adaptive limit never falls (CHIP-2023-04, in force since May 2024)


def weight_or_bytes(coin: Coin, known: float = LEAST_LIMIT) -> float:
    """Return the limit of a block in its chain's own measure; `known` is BCH's, where a source gives it."""
    return MOST_WEIGHT if coin is Coin.BTC else known
