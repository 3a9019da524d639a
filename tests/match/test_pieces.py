"""Word pieces, as the tokenizer that the encoder was trained with cuts them (its own answers, library `tokenizers`)."""

import pytest

from bot.match.encoder import FOLDER
from bot.match.pieces import Pieces, open_pieces

MOST = 16
CASES: tuple[tuple[str, list[int]], ...] = (
    ("why are fees lower on bch?", [2339, 2024, 9883, 2896, 2006, 4647, 2232, 1029]),
    ("Bitcoin Cash's ASERT", [2978, 3597, 2378, 5356, 1005, 1055, 2004, 8743]),
    ("don't", [2123, 1005, 1056]),
    ("$BCH/BTC 0.005", [1002, 4647, 2232, 1013, 18411, 2278, 1014, 1012, 4002, 2629]),
    ("10_000", [2184, 1035, 2199]),
    ("sat/vB", [2938, 1013, 1058, 2497]),
    ("naïve café Ærøskøbing", [15743, 7668, 1097, 2099, 16415, 6711, 16415, 10472]),
    ("STRASSE straße İstanbul", [2358, 8180, 3366, 2358, 27807, 9960]),
    ("e\u0301e", [25212]),
    ("\u017ftraße \ufb01n", [100, 1984, 2078]),
    ("比特币 cash 数字", [1890, 100, 100, 5356, 100, 100]),
    ("ビットコイン", [1719, 30237, 30240, 30230, 30221, 30263]),
    ("한국", [1469, 30006, 30021, 29991, 30014, 30020]),
    ("как дела", [1189, 10260, 23925, 1184, 15290, 29436, 10260]),
    ("\U0001f600 ok", [100, 7929]),
    ("a\u200bb\u00adc", [5925]),
    ("x\x00y\x1fz", [1060, 2100, 2480]),
    ("tab\tline\nend\rreturn", [21628, 2240, 2203, 2709]),
    ("no\u00a0break\u3000wide", [2053, 3338, 2898]),
    ("\u201cquoted\u201d \u2013 dashed\u2026", [1523, 9339, 1524, 1516, 18198, 1529]),
    ("x" * 101, [100]),
    ("x" * 100, [22038, *[20348] * 13]),
    ("##ing", [1001, 1001, 13749]),
    ("unaffordabilities", [14477, 4246, 8551, 28518, 15909, 3111]),
    ("hodl hodlers", [7570, 19422, 7570, 21222, 2015]),
    (
        "a b c d e f g h i j k l m n o p",
        [1037, 1038, 1039, 1040, 1041, 1042, 1043, 1044, 1045, 1046, 1047, 1048, 1049, 1050],
    ),
    ("\ufffd?", [1029]),
    ("   ", []),
    ("", []),
)


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return open_pieces(FOLDER / "tokenizer.json")


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_a_text_is_cut_as_the_encoder_learned_it(text: str, wanted: list[int], pieces: Pieces) -> None:
    assert pieces.of(text, MOST) == [101, *wanted, 102]


@pytest.mark.parametrize("mark", ["[CLS]", "[SEP]", "[PAD]", "[MASK]"])
def test_a_mark_that_somebody_writes_is_text(mark: str, pieces: Pieces) -> None:
    """The library takes it for the mark itself, so anybody could end a sentence for the encoder."""
    assert pieces.numbers[mark] not in pieces.of(f"so {mark} what", MOST)[1:-1]
