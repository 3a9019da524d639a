"""Buttons of the settings panel; `chat` is whose settings they are, `topic` where the panel was asked for, or 0."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenPanel:
    """Shows all settings."""

    chat: int
    topic: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class OpenSetting:
    """Shows what a setting can be."""

    chat: int
    topic: int
    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class SetTo:
    """Gives a setting a value, as it is written; of lists it is what is put in or taken out."""

    chat: int
    topic: int
    name: str
    value: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class UndoSettings:
    """Takes the last change back."""

    chat: int
    topic: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Sends the settings as text."""

    chat: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """Asks for settings as text; under that question it says whose they are."""

    chat: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class ProveIt:
    """Whoever presses shows that they are an administrator of the group it stands in."""

    topic: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class OpenLink:
    """Opens an address."""

    url: str
    title: str = ""


ChatButton = OpenPanel | OpenSetting | SetTo | UndoSettings | ExportSettings | ImportSettings | ProveIt
