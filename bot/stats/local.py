"""Prices in other money than US dollars: the price times what a dollar is worth."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.model.money import Fiat
from bot.model.quote import Coin, Quote, Unit
from bot.stats.catalog.price import STATISTIC as PRICE
from bot.stats.metric import CURRENCIES, Metric
from bot.stats.statistic import Recipe, Statistic


def _product(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    price, rate = (Decimal(repr(quote.value)) for quote in quotes)
    return float(price * rate)


def _price_in(fiat: Fiat) -> Statistic:
    """Return the price in a currency; its rate is the same for both chains, and looked up once."""
    rate = (CURRENCIES[fiat.name], Coin.BTC)
    return Statistic(
        replace(
            PRICE.stat,
            key=f"price-{fiat}",
            title=f"Price in {fiat.name}",
            unit=Unit(fiat),
            ask=(),
            names=(),
            has_ratio=False,
        ),
        PRICE.row,
        (Recipe(lambda coin: ((Metric.PRICE, coin), rate), _product),),
    )


LOCAL_PRICES: Mapping[Fiat, Statistic] = {fiat: _price_in(fiat) for fiat in Fiat if fiat is not Fiat.USD}
