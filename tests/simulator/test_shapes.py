"""Calls held against the Bot API as data, to the last nested field."""

import json
from typing import Any

import pytest

from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import RefusedError
from bot.faces.simulator.shapes import Shapes

API: Any = {
    "methods": {
        "say": {
            "params": {
                "chat": {"types": ["Integer", "String"], "required": True},
                "count": {"types": ["Integer"]},
                "share": {"types": ["Float"]},
                "loud": {"types": ["Boolean"]},
                "photo": {"types": ["InputFile", "String"]},
                "rows": {"types": ["Array of Array of Cell"]},
                "content": {"types": ["Content"]},
            }
        }
    },
    "types": {
        "Cell": {"fields": {"text": {"types": ["String"], "required": True}, "width": {"types": ["Integer"]}}},
        "Content": {"subtypes": ["Words", "Sum"]},
        "Words": {"fields": {"type": {"types": ["String"], "const": "words"}, "said": {"types": ["String"]}}},
        "Sum": {
            "fields": {
                "type": {"types": ["String"], "const": "sum", "required": True},
                "value": {"types": ["Float"], "required": True},
                "is_round": {"types": ["True"]},
            }
        },
    },
}
FINE: list[dict[str, Any]] = [
    {"chat": "-5"},
    {"chat": "@name", "count": "-3", "share": "0.5", "loud": "false"},
    {"chat": "1", "share": "2", "photo": "https://example.org/a.png"},
    {"chat": "1", "rows": [[{"text": "a", "width": 3}], []]},
    {"chat": "1", "content": {"type": "sum", "value": 1, "is_round": True}},
    {"chat": "1", "content": {"type": "words"}},
]
MISFITS: dict[str, tuple[dict[str, Any], str]] = {
    "no number": ({"chat": "1", "count": "many"}, "say.count must be Integer"),
    "a fraction": ({"chat": "1", "count": "1.5"}, "say.count must be Integer"),
    "no truth": ({"chat": "1", "loud": "perhaps"}, "say.loud must be Boolean"),
    "no JSON": ({"chat": "1", "content": "{"}, "say.content is no JSON"),
    "no list": ({"chat": "1", "rows": [{"text": "a"}]}, "say.rows[0] must be Array of Cell"),
    "no object": ({"chat": "1", "rows": [["a"]]}, "say.rows[0][0] must be Cell"),
    "nested needed": ({"chat": "1", "rows": [[{}]]}, "say.rows[0][0].text is needed in Cell"),
    "nested type": ({"chat": "1", "rows": [[{"text": 1}]]}, "say.rows[0][0].text must be String"),
    "nested truth for a number": ({"chat": "1", "rows": [[{"text": "", "width": True}]]}, "width must be Integer"),
    "nested name": ({"chat": "1", "rows": [[{"text": "", "x": 1}]]}, "say.rows[0][0].x is no field of Cell"),
    "of the subtype it says": ({"chat": "1", "content": {"type": "sum"}}, "say.content.value is needed in Sum"),
    "never false": ({"chat": "1", "content": {"type": "sum", "value": 1, "is_round": False}}, "is_round must be True"),
    "no subtype": ({"chat": "1", "content": {"type": "picture"}}, "say.content.type must be"),
}
NAMES: dict[str, tuple[dict[str, Any], str]] = {
    "needed": ({"count": "1"}, "parameter chat is not specified"),
    "unknown": ({"chat": "1", "colour": "red"}, "say has no parameter colour"),
}


def given(values: dict[str, Any], files: tuple[str, ...] = ()) -> Parameters:
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
    return Parameters(texts, dict.fromkeys(files, b"x"))


@pytest.mark.parametrize("values", FINE, ids=str)
def test_what_fits_passes(values: dict[str, Any]) -> None:
    Shapes(API).check_names("say", given(values))

    assert Shapes(API).misfits("say", given(values)) == []


@pytest.mark.parametrize(("values", "words"), MISFITS.values(), ids=MISFITS)
def test_what_does_not_fit_is_named(values: dict[str, Any], words: str) -> None:
    (said,) = Shapes(API).misfits("say", given({"chat": "1"} | values))

    assert words in said


def test_every_misfit_of_a_call_is_named() -> None:
    assert len(Shapes(API).misfits("say", given({"chat": "1", "count": "x", "share": "x"}))) == 2


@pytest.mark.parametrize(("values", "words"), NAMES.values(), ids=NAMES)
def test_a_call_has_the_names_it_must_have(values: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError) as error:
        Shapes(API).check_names("say", given(values))

    assert words in error.value.description


def test_an_upload_is_named_by_the_call_or_attached_to_it() -> None:
    Shapes(API).check_names("say", given({"chat": "1"}, ("photo",)))
    Shapes(API).check_names("say", given({"chat": "1", "photo": "attach://one"}, ("one",)))

    with pytest.raises(RefusedError, match="no parameter two"):
        Shapes(API).check_names("say", given({"chat": "1", "photo": "attach://one"}, ("one", "two")))


def test_a_method_that_nothing_is_known_of_passes() -> None:
    Shapes(API).check_names("whisper", given({"anything": "at all"}))
