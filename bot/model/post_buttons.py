"""Buttons around posts for channels: of a draft by its number, of a plan by its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChooseChannel:
    """Shows how a draft looks that is to go to this channel."""

    channel: int
    draft: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Publish:
    """Posts a draft."""

    draft: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class AskWhen:
    """Asks when a draft is to come again and again; under that question it says whose times are asked for."""

    draft: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class DropDraft:
    """Forgets a draft."""

    draft: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class PausePlan:
    """Stops a plan for a while."""

    plan: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class ResumePlan:
    """Goes on with a plan."""

    plan: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class DropPlan:
    """Forgets a plan."""

    plan: int
    title: str = ""


PostButton = ChooseChannel | Publish | AskWhen | DropDraft | PausePlan | ResumePlan | DropPlan
