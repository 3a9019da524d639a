"""Holds what a call brings against the Bot API as data: every parameter, and every field of every nested object."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import bad_request, missing

ARRAY = "Array of "
TRUTHS = frozenset({"true", "false"})
FILE = "InputFile"
RICH = "RichText"  # a text, or a list of rich texts, or an object
ATTACHED = re.compile(r'attach://([^"\\\s]+)')
WRITTEN = {"Integer": re.compile(r"-?\d+"), "Float": re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")}
HELD: Mapping[str, Any] = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    FILE: lambda value: isinstance(value, str),
}


class MisfitError(Exception):
    """A value is not what the Bot API says it is; the text names the place and what belongs there."""


class Shapes:
    """The Bot API as data: `methods` → name → `params`, `types` → name → `fields` or `subtypes`."""

    def __init__(self, api: Mapping[str, Any]) -> None:
        self._methods: Mapping[str, Any] = api["methods"]
        self._types: Mapping[str, Any] = api.get("types", {})

    def check_names(self, method: str, given: Parameters) -> None:
        """Refuse names a method does not have and the absence of those it needs.

        Raises:
            RefusedError: there are such.
        """
        rules = self._rules(method)
        attached = set(ATTACHED.findall(" ".join(given.values.values())))
        for name in {*given.values, *given.files} - rules.keys() if rules else ():
            if name not in attached or name not in given.files:
                raise bad_request(f"{method} has no parameter {name}")
        for name, rule in rules.items():
            if rule.get("required") and name not in given.values and name not in given.files:
                raise missing(name)

    def misfits(self, method: str, given: Parameters) -> list[str]:
        """Return what does not fit in the values of a call, most of which Telegram would overlook."""
        rules = self._rules(method)
        return [
            words
            for name, text in given.values.items()
            if name in rules and (words := self._misfit(text, rules[name]["types"], f"{method}.{name}"))
        ]

    def _rules(self, method: str) -> Mapping[str, Any]:
        rules: Mapping[str, Any] = self._methods.get(method, {}).get("params", {})
        return rules

    def _misfit(self, text: str, types: Sequence[str], where: str) -> str:
        try:
            self._check_text(text, types, where)
        except MisfitError as misfit:
            return str(misfit)
        return ""

    def _check_text(self, text: str, types: Sequence[str], where: str) -> None:
        """Check a parameter, which comes as text whatever it is."""
        if not ({"String", FILE}.isdisjoint(types)):
            return
        if any(WRITTEN[one].fullmatch(text) for one in WRITTEN.keys() & set(types)):
            return
        if not {"Boolean", "True"}.isdisjoint(types) and text in TRUTHS:
            return
        nested = [one for one in types if one not in HELD]
        if not nested:
            raise MisfitError(f"{where} must be {' or '.join(types)}")
        try:
            value = json.loads(text)
        except ValueError:
            raise MisfitError(f"{where} is no JSON") from None
        self._check(value, nested, where)

    def _check(self, value: Any, types: Sequence[str], where: str) -> None:
        """Check a value against several types, one of which must fit; the complaint is that of the likeliest."""
        complaints = [complaint for one in types if (complaint := self._complaint(value, one, where)) is not None]
        if len(complaints) == len(types):
            raise max(complaints, key=lambda found: len(str(found).partition(" ")[0]))

    def _complaint(self, value: Any, kind: str, where: str) -> MisfitError | None:
        try:
            self._fit(value, kind, where)
        except MisfitError as misfit:
            return misfit
        return None

    def _fit(self, value: Any, kind: str, where: str) -> None:
        if kind in HELD:
            if not HELD[kind](value):
                raise MisfitError(f"{where} must be {kind}")
        elif kind == RICH and isinstance(value, str):
            return
        elif kind == RICH and isinstance(value, list):
            self._fit(value, ARRAY + RICH, where)
        elif kind.startswith(ARRAY):
            if not isinstance(value, list):
                raise MisfitError(f"{where} must be {kind}")
            for number, one in enumerate(value):
                self._fit(one, kind.removeprefix(ARRAY), f"{where}[{number}]")
        else:
            self._fit_object(value, kind, where)

    def _fit_object(self, value: Any, kind: str, where: str) -> None:
        if not isinstance(value, dict):
            raise MisfitError(f"{where} must be {kind}")
        rules = self._types[kind]
        if rules.get("subtypes"):
            self._check(value, self._candidates(value, rules["subtypes"]), where)
            return
        fields = rules["fields"]
        for name, held in value.items():
            if name not in fields:
                raise MisfitError(f"{where}.{name} is no field of {kind}")
            self._check(held, fields[name]["types"], f"{where}.{name}")
            constant = fields[name].get("const", held)
            if constant != held:
                raise MisfitError(f"{where}.{name} must be {constant}")
        for name, rule in fields.items():
            if rule.get("required") and name not in value:
                raise MisfitError(f"{where}.{name} is needed in {kind}")

    def _candidates(self, value: Mapping[str, Any], kinds: Sequence[str]) -> Sequence[str]:
        """Return the subtypes an object says it is, by its constant field; all where none says so."""
        named = [kind for kind in kinds if self._is_named(value, self._types[kind].get("fields", {}))]
        return named or kinds

    def _is_named(self, value: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
        constants = {name: rule["const"] for name, rule in fields.items() if rule.get("const") is not None}
        return bool(constants) and all(value.get(name) == constant for name, constant in constants.items())
