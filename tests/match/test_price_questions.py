"""In whose money a price is asked for."""

import pytest

from bot.match import fiat_named
from bot.match.price_questions import find_price
from bot.model.money import Fiat

ASKED = {
    "btc price in euros": Fiat.EUR,
    "what's the price of bitcoin cash in gbp right now?": Fiat.GBP,
    "bitcoin in swiss francs": Fiat.CHF,
    "BCH EUR": Fiat.EUR,
    "how much is bitcoin in canadian dollars": Fiat.CAD,
    "price in yen please": Fiat.JPY,
    "bch prce in euro": Fiat.EUR,
    "waht is btc wroth in gbp": Fiat.GBP,
    "btc price": None,
    "bch piece in euro": None,
    "btc price in dollars": None,
    "price in euros and pounds": None,
    "why is the euro weaker than bitcoin": None,
    "can i pay in euros with bitcoin cash": None,
    "euro": None,
    "will the price of btc in eur go up": None,
    "do exchanges in europe list bch in eur": None,
    "": None,
}


@pytest.mark.parametrize(("text", "fiat"), ASKED.items())
def test_a_price_in_other_money_is_understood(text: str, fiat: Fiat | None) -> None:
    """A price or a coin, one currency, and next to nothing else; dollars are shown anyhow."""
    assert find_price(text) is fiat


@pytest.mark.parametrize(
    ("text", "fiat"),
    [("eur", Fiat.EUR), ("in Swiss Francs", Fiat.CHF), ("australian dollars", Fiat.AUD), ("bch", None), ("sats", None)],
)
def test_a_currency_is_found_in_an_argument(text: str, fiat: Fiat | None) -> None:
    """Codes and names count, the longer name first."""
    assert fiat_named(text) is fiat
