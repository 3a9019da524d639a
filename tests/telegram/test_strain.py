"""Floods: the whole bot is strained only where most calls are flooded, and a thousand of them are few lines."""

from structlog.testing import capture_logs

from bot.faces.telegram.strain import STRAINED_BY, STRAINED_FOR, TELL_EVERY, Strain


def test_floods_are_told_at_once_and_then_once_a_minute() -> None:
    """The line says how many there were since the one before."""
    strain = Strain()
    with capture_logs() as lines:
        for second in range(int(TELL_EVERY) + 1):
            strain.flooded(5.0, float(second))
    assert [(line["event"], line["floods"]) for line in lines] == [
        ("telegram.flood", 1),
        ("telegram.flood", TELL_EVERY),
    ]


def test_a_flood_now_and_then_is_no_strain_and_many_in_a_row_are() -> None:
    """Calls that pass count against it."""
    strain = Strain()
    for _ in range(STRAINED_BY):
        strain.flooded(1.0, 0.0)
        strain.passed()
        strain.passed()
    assert strain.until == 0.0
    for _ in range(STRAINED_BY):
        strain.flooded(1.0, 7.0)
    assert strain.until == 7.0 + STRAINED_FOR
