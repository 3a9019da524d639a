"""What sending and converting an amount says, from figures worked out elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.model.money import Amount, ConvertRequest, CostRequest, Currency, Fiat, ScriptType
from bot.model.quote import Coin, Missing, Quality, Quote
from bot.model.reply import Headline, Note, Paragraph, Reply, VersusTable
from bot.reply.costs import Conversion, Converted, CostSheet, Speed, conversion_reply, cost_reply
from bot.reply.numbers import exact_money, money, rounded, share
from bot.reply.telegram_html import render
from bot.reply.terminal import plain

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
AMOUNT = Amount(Decimal(25), Fiat.USD)
DOWN = Missing("mempool.space timed out")


def quote(source: str, *, seconds: int, quality: Quality = Quality.LIVE) -> Quote:
    then = AT - timedelta(seconds=seconds)
    return Quote(1.0, source, then, then, quality)


def speed(name: str, rate: str, fee: str, percent: str | None) -> Speed:
    """One of BTC's speeds; the size is 141 vB."""
    return Speed(
        name,
        Decimal(rate),
        "vB",
        int(Decimal(rate) * 141),
        Decimal(fee),
        Decimal(percent) if percent else None,
        quote("mempool.space", seconds=12),
    )


BTC = CostSheet(
    Coin.BTC,
    ScriptType.P2WPKH,
    141,
    "vB",
    (
        speed("Next block", "3", "0.3207", "1.2828"),
        speed("About an hour", "2", "0.2138", "0.8552"),
        speed("Economy", "1", "0.1069", "0.4276"),
    ),
    quote("CoinGecko", seconds=40),
    33_000,
)
BCH = CostSheet(
    Coin.BCH,
    ScriptType.P2PKH,
    226,
    "B",
    (
        Speed(
            "Next block",
            Decimal(1),
            "B",
            226,
            Decimal("0.00108"),
            Decimal("0.00432"),
            quote("bchexplorer", seconds=200, quality=Quality.LAST_KNOWN),
        ),
    ),
    quote("CoinGecko", seconds=40),
    5_200_000,
)


def headline(reply: Reply) -> str:
    return next(block.text for block in reply.blocks if isinstance(block, Headline))


def notes(reply: Reply) -> str:
    return "\n".join(block.text for block in reply.blocks if isinstance(block, Note))


def warnings(reply: Reply) -> list[str]:
    return [block.text for block in reply.blocks if isinstance(block, Paragraph)]


def cost(btc: CostSheet = BTC, bch: CostSheet = BCH, amount: Amount | None = AMOUNT) -> Reply:
    return cost_reply(CostRequest(amount), (btc, bch), Fiat.USD, AT)


def without_amount(sheet: CostSheet) -> CostSheet:
    speeds = () if isinstance(sheet.speeds, Missing) else sheet.speeds
    return replace(sheet, speeds=tuple(replace(one, percent=None) for one in speeds), amount_sat=None)


def without_price(sheet: CostSheet) -> CostSheet:
    speeds = () if isinstance(sheet.speeds, Missing) else sheet.speeds
    bare = tuple(replace(one, fee_fiat=None, percent=None) for one in speeds)
    return replace(sheet, speeds=bare, price=Missing("no exchange answers"), amount_sat=None)


def test_the_verdict_gives_both_costs_and_shares() -> None:
    assert headline(cost()) == (
        "Sending $25 costs about $0.32 (1.3 %) on BTC and $0.0011 (0.0043 %) on BCH for the next block."
    )


def test_a_coin_amount_is_its_worth_on_the_other_chain() -> None:
    assert headline(cost(amount=Amount(Decimal("0.0100"), Coin.BCH))).startswith(
        "Sending 0.01 BCH, or its worth in BTC, costs about $0.32 (1.3 %) on BTC"
    )


def test_without_an_amount_a_payment_as_such_is_priced() -> None:
    reply = cost(without_amount(BTC), without_amount(BCH), None)

    assert headline(reply) == "A payment costs about $0.32 on BTC and $0.0011 on BCH for the next block."
    assert warnings(reply) == []


def test_the_table_has_a_row_for_each_speed_and_a_dash_where_a_chain_has_none() -> None:
    table = next(block for block in cost().blocks if isinstance(block, VersusTable))

    assert table.columns == ("BTC", "BCH")
    assert [(row.what, row.cells) for row in table.rows] == [
        ("Next block", ("423 sat, $0.32, 1.3 % (3 sat/vB)", "226 sat, $0.0011, 0.0043 % (1 sat/B)")),
        ("About an hour", ("282 sat, $0.21, 0.86 % (2 sat/vB)", "–")),
        ("Economy", ("141 sat, $0.11, 0.43 % (1 sat/vB)", "–")),
    ]


def test_the_assumed_transaction_is_stated() -> None:
    reply = cost_reply(CostRequest(AMOUNT, inputs=3, outputs=1), (BTC, BCH), Fiat.USD, AT)

    assert "Assumed: a transaction with 3 inputs, 1 output (BTC P2WPKH, 141 vB; BCH P2PKH, 226 B)." in notes(reply)


def test_every_number_has_its_source_and_age() -> None:
    for line in (
        "BTC fee rate: mempool.space, 12 s ago",
        "BTC price: CoinGecko, 40 s ago",
        "BCH fee rate: bchexplorer, ⚠ last known, 3 min ago",
        "BCH price: CoinGecko, 40 s ago",
    ):
        assert notes(cost()).splitlines().count(line) == 1


def test_a_source_shows_the_age_of_its_oldest_number() -> None:
    fast, *rest = BTC.speeds if not isinstance(BTC.speeds, Missing) else ()
    old = replace(fast, name="Old", quote=quote("mempool.space", seconds=50))

    assert "BTC fee rate: mempool.space, 50 s ago" in notes(cost(replace(BTC, speeds=(fast, old, *rest))))


def test_a_chain_without_fee_rates_is_named_with_the_reason() -> None:
    reply = cost(replace(BTC, speeds=DOWN))

    assert headline(reply) == (
        "Sending $25 costs about $0.0011 (0.0043 %) on BCH for the next block; the fee on BTC is not known right now."
    )
    assert "No live fee rate for BTC: mempool.space timed out." in notes(reply)
    assert "BTC price" not in notes(reply)


def test_with_no_fee_rate_at_all_nothing_is_claimed() -> None:
    reply = cost(replace(BTC, speeds=DOWN), replace(BCH, speeds=DOWN))

    assert headline(reply) == "No live fee rates right now, so I cannot say what a payment costs."
    assert not any(isinstance(block, VersusTable) for block in reply.blocks)
    assert "ago" not in notes(reply)


def test_without_prices_costs_are_in_satoshis() -> None:
    reply = cost(without_price(BTC), without_price(BCH))

    assert headline(reply) == "Sending $25 costs about 423 sat on BTC and 226 sat on BCH for the next block."
    assert "No price of BTC in USD: no exchange answers." in notes(reply)


def test_a_fee_above_the_amount_is_warned_of() -> None:
    dear = replace(BTC, speeds=(speed("Next block", "30", "3.2", "128"), speed("Economy", "20", "2.1", "100")))

    assert warnings(cost(dear)) == ["⚠ On BTC the fee is higher than the amount itself (Next block)."]


LIMITS = {
    ScriptType.P2WPKH: 294,
    ScriptType.P2TR: 330,
    ScriptType.P2SH_P2WPKH: 540,
    ScriptType.P2PKH: 546,
}


@pytest.mark.parametrize(("script", "limit"), LIMITS.items(), ids=LIMITS.keys())
def test_an_amount_below_the_dust_limit_is_warned_of(script: ScriptType, limit: int) -> None:
    amount = Amount(Decimal("0.1"), Fiat.USD)

    below = cost(replace(BTC, script=script, amount_sat=limit - 1), amount=amount)
    at_it = cost(replace(BTC, script=script, amount_sat=limit), amount=amount)

    [warning] = warnings(below)
    assert warning.startswith(
        f"⚠ On BTC $0.10 is {limit - 1} sat, below the dust limit of {limit} sat for {script.upper()}"
    )
    assert warnings(at_it) == []


def test_a_cost_reply_is_rendered_everywhere() -> None:
    assert "Sending $25 costs" in plain(cost())
    assert len(render(cost())) == 1


def converted(
    into: Currency, value: str, rate: str, pair: tuple[Currency, Currency] = (Coin.BCH, Fiat.EUR)
) -> Conversion:
    one, other = pair
    return Conversion(into, Converted(Decimal(value), one, Decimal(rate), other, (quote("CoinGecko", seconds=40),)))


EUROS = ConvertRequest(Amount(Decimal(100), Fiat.EUR), (Coin.BCH,))


def test_a_conversion_gives_the_worth_the_rate_and_its_age() -> None:
    reply = conversion_reply(EUROS, (converted(Coin.BCH, "0.241288", "414.4425"),), AT)

    assert headline(reply) == "€100 ≈ 0.2413 BCH"
    assert warnings(reply) == ["1 BCH = €414.44"]
    assert notes(reply) == "BCH in EUR: CoinGecko, 40 s ago"


def test_small_sums_of_coins_come_in_satoshis_too() -> None:
    reply = conversion_reply(EUROS, (converted(Coin.BTC, "0.00158649", "63032.1", (Coin.BTC, Fiat.EUR)),), AT)

    assert headline(reply) == "€100 ≈ 0.001586 BTC (158,600 sat)"


def test_an_amount_of_coins_says_its_satoshis() -> None:
    request = ConvertRequest(Amount(Decimal(1), Coin.BTC), (Fiat.USD, Coin.BCH))
    results = (
        converted(Fiat.USD, "75818.4", "75818.4", (Coin.BTC, Fiat.USD)),
        converted(Coin.BCH, "220.614", "220.614", (Coin.BTC, Coin.BCH)),
    )

    reply = conversion_reply(request, results, AT)

    assert headline(reply) == "1 BTC (100,000,000 sat) ≈ $75,818 or 220.6 BCH"
    assert warnings(reply) == ["1 BTC = $75,818\n1 BTC = 220.6 BCH"]


def test_a_missing_price_is_named_beside_a_known_one() -> None:
    results = (converted(Coin.BCH, "0.241288", "414.4425"), Conversion(Coin.BTC, Missing("Kraken is down")))

    reply = conversion_reply(EUROS, results, AT)

    assert headline(reply) == "€100 ≈ 0.2413 BCH"
    assert "No price for EUR in BTC: Kraken is down." in notes(reply)


def test_with_no_price_at_all_nothing_is_claimed() -> None:
    reply = conversion_reply(EUROS, (Conversion(Coin.BCH, DOWN),), AT)

    assert headline(reply) == "No live prices right now, so I cannot say what €100 is worth."
    assert notes(reply) == "No price for EUR in BCH: mempool.space timed out."


SUMS = {
    "whole dollars": ("75818.4", Fiat.USD, "$75,818"),
    "cents": ("343.715", Fiat.USD, "$343.72"),
    "a fee": ("0.00108", Fiat.USD, "$0.0011"),
    "nearly one": ("0.999", Fiat.EUR, "€1"),
    "millions": ("2500000", Fiat.GBP, "£2.50 M"),
    "yen": ("5432.1", Fiat.JPY, "¥5,432"),
    "few yen": ("12.5", Fiat.JPY, "¥13"),
    "part of a yen": ("0.0123", Fiat.JPY, "¥0.012"),
    "francs": ("20", Fiat.CHF, "CHF 20.00"),
    "coins": ("0.241288", Coin.BCH, "0.2413 BCH"),
    "many coins": ("20999999.5", Coin.BTC, "21,000,000 BTC"),
    "a satoshi": ("0.00000001", Coin.BTC, "0.00000001 BTC"),
    "some satoshis": ("0.000000123456", Coin.BTC, "0.00000012 BTC"),
    "less than a satoshi": ("0.000000004", Coin.BTC, "< 0.00000001 BTC"),
    "nothing": ("0", Coin.BTC, "0 BTC"),
}


@pytest.mark.parametrize(("value", "currency", "text"), SUMS.values(), ids=SUMS.keys())
def test_sums_are_rounded(value: str, currency: Currency, text: str) -> None:
    assert money(Decimal(value), currency) == text


EXACT = {
    "$25": ("25.00", Fiat.USD),
    "$25.50": ("25.5", Fiat.USD),
    "CA$1,234.56": ("1234.56", Fiat.CAD),
    "A$1.2340": ("1.234", Fiat.AUD),
    "CHF 0.0001": ("0.0001", Fiat.CHF),
    "£1,000,000": ("1E+6", Fiat.GBP),
    "0.01 BCH": ("0.010", Coin.BCH),
    "1,234.5 BTC": ("1234.5", Coin.BTC),
    "0.00000001 BTC": ("1E-8", Coin.BTC),
}


@pytest.mark.parametrize(("text", "amount"), EXACT.items(), ids=EXACT.keys())
def test_amounts_keep_their_digits(text: str, amount: tuple[str, Currency]) -> None:
    value, currency = amount

    assert exact_money(Amount(Decimal(value), currency)) == text


SHARES = {
    "1.2828": "1.3 %",
    "0.00432": "0.0043 %",
    "128": "128 %",
    "1300.4": "1,300 %",
    "0.00001": "< 0.0001 %",
    "0": "0 %",
}


@pytest.mark.parametrize(("percent", "text"), SHARES.items(), ids=SHARES.keys())
def test_shares_are_rounded(percent: str, text: str) -> None:
    assert share(Decimal(percent)) == text


def test_halves_go_up() -> None:
    assert rounded(Decimal("0.125"), 2) == Decimal("0.13")
    assert rounded(Decimal("12345.5"), 2) == Decimal(12346)
