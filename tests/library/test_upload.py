"""The gate for sent files: known names only, never paths; text that is plain YAML."""

import pytest

from bot.errors import EditError, KnowledgeError
from bot.library.kinds import ReplaceFile
from bot.library.strict import MAX_BYTES
from bot.library.upload import read_upload

KNOWN = ("cats/basics.yml", "cats/food.yml", "dogs/basics.yml", "own.yaml")
GOOD = "еда:\r\n  ask: x\r\n  verdict: y\r\n"


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
@pytest.mark.parametrize(
    ("name", "pack", "file"),
    [("food.yml", "", "cats/food.yml"), ("basics.yml", "dogs", "dogs/basics.yml"), ("own.yaml", "", "own.yaml")],
)
def test_a_known_file_comes_in_as_it_is(*, name: str, pack: str, file: str, mark: str) -> None:
    """Byte order mark and line ends stay."""
    content = (mark + GOOD).encode()

    edit = read_upload(name, content, KNOWN, pack)

    assert edit == ReplaceFile(file, mark + GOOD)
    assert edit.text.encode() == content


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".yml",
        "..",
        "../food.yml",
        "cats/food.yml",
        "cats\\food.yml",
        "/etc/food.yml",
        "C:food.yml",
        "~/food.yml",
        "food.yml/",
        "food.yml\0",
        "food\0.yml",
        "food.yml\n",
        "\nfood.yml",
        " food.yml",
        "food .yml",
        ".food.yml",
        "-food.yml",
        "food..yml",
        "food.yml.yml",
        "food.txt",
        "food",
        "FOOD.yml",
        "f\u043e\u043ed.yml",
        "\uff46ood.yml",
        "food\u2024yml",
        "food\u2215x.yml",
        "food\u202elmy.yml",
        "food\u200b.yml",
        "%2e%2e%2ffood.yml",
        "food%2fx.yml",
        "f" * 65 + ".yml",
        "$(food).yml",
        "food.yml;x",
        ":(top)food.yml",
    ],
)
def test_a_name_that_could_be_more_than_a_name_is_refused(name: str) -> None:
    """Separators, dots, control characters, look-alikes: none is taken for a file, even where one is known."""
    with pytest.raises(EditError, match="a file's name may hold only"):
        read_upload(name, GOOD.encode(), (*KNOWN, name))


REFUSED = {
    "unknown": ("foods.yml", GOOD.encode(), "", "is not a file of the knowledge; did you mean 'food.yml'"),
    "device": ("con.yml", GOOD.encode(), "", "is not a file of the knowledge"),
    "other pack": ("food.yml", GOOD.encode(), "dogs", "is not a file of the knowledge"),
    "pack that is a path": ("food.yml", GOOD.encode(), "../cats", "no name of a pack"),
    "several": ("basics.yml", GOOD.encode(), "", "several packs have a 'basics.yml'; .* cats or dogs"),
    "large": ("food.yml", b"#" * (MAX_BYTES + 1), "", "larger than 1,000,000 bytes"),
    "empty": ("food.yml", b" \r\n", "", "is empty"),
}


@pytest.mark.parametrize(("name", "content", "pack", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_cannot_be_meant_is_refused(*, name: str, content: bytes, pack: str, why: str) -> None:
    """A sentence says what to do."""
    with pytest.raises(EditError, match=why):
        read_upload(name, content, KNOWN, pack)


BROKEN = {
    "latin-1": ("a: 1\nb: é\n".encode("latin-1"), r"cats/food\.yml:2: not UTF-8 text"),
    "utf-16": (GOOD.encode("utf-16"), r"cats/food\.yml:1: not UTF-8 text"),
    "NUL": (b"a: b\0c\n", r"cats/food\.yml:1: not valid YAML"),
    "anchor": (b"a: 1\nb: &x c\n", r"cats/food\.yml:2: '&x' is an anchor"),
    "picture": (b"\x89PNG\r\n\x1a\n", r"cats/food\.yml:1: not UTF-8 text"),
}


@pytest.mark.parametrize(("content", "why"), BROKEN.values(), ids=BROKEN.keys())
def test_content_that_is_not_plain_yaml_is_named_by_line(content: bytes, why: str) -> None:
    with pytest.raises(KnowledgeError, match=why):
        read_upload("food.yml", content, KNOWN)
