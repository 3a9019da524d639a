"""Sizes of payments, as measured on real nodes."""

from decimal import Decimal

import pytest

from bot.model.money import MOST_PARTS, ScriptType
from bot.model.quote import Coin
from bot.stats.derive import PAYMENT_SIZE
from bot.stats.sizes import fee_sat, size, weight

ONE_TO_TWO = {
    ScriptType.P2WPKH: (561, 141),
    ScriptType.P2TR: (616, 154),
    ScriptType.P2SH_P2WPKH: (661, 166),
    ScriptType.P2PKH: (904, 226),
}


@pytest.mark.parametrize(("script", "measured"), ONE_TO_TWO.items())
def test_a_usual_payment(script: ScriptType, measured: tuple[int, int]) -> None:
    """One input and two outputs weigh what nodes say they do."""
    assert (weight(script, 1, 2), size(Coin.BTC, script, 1, 2)) == measured
    assert size(Coin.BCH, script, 1, 2) == 226


def test_the_typical_payment_is_the_same_everywhere() -> None:
    """The statistic and the sheet assume the same transaction."""
    assert {coin: size(coin, ScriptType.P2WPKH, 1, 2) for coin in Coin} == PAYMENT_SIZE


@pytest.mark.parametrize("counts", [(0, 1), (1, 0), (MOST_PARTS + 1, 1), (1, MOST_PARTS + 1), (-1, 2)])
def test_what_is_no_payment_is_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        weight(ScriptType.P2TR, *counts)


@pytest.mark.parametrize(
    ("units", "rate", "fee"), [(141, "1", 141), (141, "0.1", 15), (226, "1.0", 226), (141, "2.5", 353)]
)
def test_a_fee_is_rounded_up(units: int, rate: str, fee: int) -> None:
    """A part of a satoshi cannot be paid."""
    assert fee_sat(units, Decimal(rate)) == fee
