"""The settings panel of a chat in words and buttons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.model.chat_buttons import (
    ChatButton,
    ExportSettings,
    ImportSettings,
    OpenLink,
    OpenPanel,
    OpenSetting,
    ProveIt,
    SetTo,
    UndoSettings,
)
from bot.model.manners import GENERAL, Manners, Written, read, written
from bot.model.reply import Headline, Note, Paragraph, Reply
from bot.model.standing import Standing

ALL = "all"  # in place of a topic: no topic is left out
OWN = ("packs", "currency", "detail", "tables")  # what a person may set for themselves
NOBODY = "Only administrators of this group may change how I behave here."
NOT_YOURS = "Only administrators of that group may see or change its settings. Are you one of them now?"
PROVE = "You write as the group, so I cannot see who you are. Press the button, and I look whether you are an admin."
LAST_PACK = "One subject has to stay on."

TITLES: Mapping[str, str] = {
    "mode": "I answer to",
    "topics": "Topics",
    "packs": "Subjects",
    "currency": "Currency",
    "detail": "Answers",
    "tables": "Tables",
    "ephemeral": "For the asker's eyes",
    "cooldown": "Cooldown",
    "listen_every": "Unasked at most every",
    "quiet": "Quiet hours",
    "zone": "Time zone",
    "delete_after": "Answers go after",
}
HINTS: Mapping[str, str] = {
    "mode": "commands: only these. addressed: also mentions and replies to me. listening: also questions to everybody, "
    "where I am as good as certain.",
    "topics": "Where in a forum I may speak at all. To name a topic, send /settings in it.",
    "packs": "What I know about here.",
    "currency": "What prices are shown in beside US dollars.",
    "detail": "short: the verdict and a few rows, with a button to the rest. full: everything.",
    "tables": "rich: Telegram's own tables, which older apps do not show. classic: text.",
    "ephemeral": "on: where Telegram can, an answer is shown to whoever asked, who may share it.",
    "cooldown": "An asker gets three answers within this time.",
    "listen_every": "How often I answer a question that nobody asked me.",
    "quiet": "Meanwhile I answer commands only. Other hours than these come in by Import.",
    "zone": "Whose clock the quiet hours go by. Other zones than these come in by Import.",
    "delete_after": "I delete my answers, and the commands they answer if I may.",
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "mode": ("commands", "addressed", "listening"),
    "currency": ("usd", "eur", "gbp", "jpy", "chf", "cad", "aud"),
    "detail": ("short", "full"),
    "tables": ("classic", "rich"),
    "ephemeral": ("off", "on"),
    "cooldown": ("0", "10", "30", "60", "300"),
    "listen_every": ("5", "15", "60", "240"),
    "quiet": ("off", "22:00-07:00", "23:00-08:00", "00:00-06:00"),
    "zone": ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo"),
    "delete_after": ("0", "5", "60", "1440"),
}
UNITS: Mapping[str, str] = {"cooldown": "s", "listen_every": "min", "delete_after": "min"}
NONE: Mapping[str, str] = {"cooldown": "none", "delete_after": "never"}


@dataclass(frozen=True, slots=True)
class View:
    """What a panel shows: the settings of `chat`, asked for in `topic` (0 for none).

    `title` is what the group is called, empty for a person's own settings; `packs` are those one can choose from,
    `chosen` those that are on; `remarks` are what keeps the settings from working as they say.
    """

    chat: int
    topic: int
    title: str
    manners: Manners
    packs: tuple[str, ...]
    chosen: tuple[str, ...]
    can_undo: bool
    remarks: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether these are somebody's own settings."""
        return self.chat > 0

    @property
    def names(self) -> tuple[str, ...]:
        """The settings there are to choose here."""
        names = OWN if self.is_own else tuple(TITLES)
        return tuple(name for name in names if name != "packs" or len(self.packs) > 1)


def panel_reply(view: View) -> Reply:
    """Return all settings, a button for each."""
    headline = "Your settings" if view.is_own else f"Settings of “{view.title or 'the group'}”"
    buttons = [OpenSetting(view.chat, view.topic, name, f"{TITLES[name]}: {_value(view, name)}") for name in view.names]
    rows: list[tuple[ChatButton, ...]] = [(button,) for button in buttons]
    if view.can_undo:
        rows.append((UndoSettings(view.chat, view.topic, "Undo the last change"),))
    rows.append((ExportSettings(view.chat, "Export"), ImportSettings(view.chat, "Import")))
    return Reply((Headline(headline), *map(Note, view.remarks)), tuple(rows))


def setting_reply(view: View, name: str) -> Reply:
    """Return what one setting can be."""
    rows = [(button,) for button in _choices(view, name)]
    back = (OpenPanel(view.chat, view.topic, "‹ Back"),)
    return Reply((Headline(TITLES[name]), Paragraph(HINTS[name])), (*rows, back))


def _choices(view: View, name: str) -> Iterator[SetTo]:
    def offer(value: str, title: str, *, is_on: bool) -> SetTo:
        return SetTo(view.chat, view.topic, name, value, f"✓ {title}" if is_on else title)

    now = written(view.manners)[name]
    if name == "packs":
        yield from (offer(str(number), pack, is_on=pack in view.chosen) for number, pack in enumerate(view.packs))
    elif name == "topics":
        topics = dict.fromkeys((GENERAL, *view.manners.topics, *([view.topic] if view.topic else [])))
        yield offer(ALL, "everywhere", is_on=not now)
        yield from (offer(str(topic), _topic(topic, view.topic), is_on=str(topic) in now) for topic in topics)
    else:
        yield from (offer(value, _shown(name, value), is_on=value == now) for value in CHOICES[name])


def _value(view: View, name: str) -> str:
    now = written(view.manners)[name]
    if name == "packs":
        return ", ".join(view.chosen)
    if name == "topics":
        return ", ".join(_topic(topic, view.topic) for topic in view.manners.topics) or "everywhere"
    return _shown(name, now)


def _shown(name: str, value: Written) -> str:
    if value == "0" and name in NONE:
        return NONE[name]
    return f"{value} {UNITS[name]}" if name in UNITS else str(value)


def _topic(topic: int, here: int) -> str:
    if topic == GENERAL:
        return "General"
    return f"the one you came from (#{topic})" if topic == here else f"#{topic}"


def chosen(view: View, name: str, value: str) -> Written | None:
    """Return what a setting becomes when a value is pressed; None where that cannot be."""
    if name not in view.names:
        return None
    if name == "packs":
        return _toggled_pack(view, value)
    if name == "topics":
        return _toggled_topic(view, value)
    return value if value in CHOICES[name] else None


def _toggled_topic(view: View, value: str) -> Written | None:
    if value == ALL:
        return ()
    topics = tuple(map(str, view.manners.topics))
    after = tuple(one for one in topics if one != value) if value in topics else (*topics, value)
    try:
        read("topics", after)
    except ValueError:
        return None
    return after


def _toggled_pack(view: View, value: str) -> Written | None:
    number = int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else len(view.packs)  # noqa: PLR2004
    if number >= len(view.packs):
        return None
    pack = view.packs[number]
    left = [one for one in view.packs if (one in view.chosen) is not (one == pack)]
    return tuple(left) or None


def export_reply(view: View) -> Reply:
    """Return the settings as text that can be imported anywhere."""
    return Reply((Paragraph(exported(view)),))


def exported(view: View) -> str:
    """Return the settings of a chat as YAML."""
    now = written(view.manners) | {"packs": view.chosen}
    names = OWN if view.is_own else tuple(TITLES)
    return "\n".join(f"{name}: {_yaml(now[name])}" for name in names)


def _yaml(value: Written) -> str:
    return value if isinstance(value, str) else f"[{', '.join(value)}]"


def import_reply(chat: int) -> Reply:
    """Return the question for settings as text."""
    text = (
        "Reply to this message with settings as text, as Export gives them. A line for each is enough: mode: listening"
    )
    return Reply((Paragraph(text),), ((ImportSettings(chat, "I wait for your reply"),),))


def open_reply(link: str) -> Reply:
    """Return where the settings of a group are changed."""
    return Reply((Paragraph("My settings for this group open in our private chat."),), ((OpenLink(link, "Settings"),),))


def prove_reply(topic: int) -> Reply:
    """Return the question who somebody is that writes as the group."""
    return Reply((Paragraph(PROVE),), ((ProveIt(topic, "I am an admin"),),))


def welcome_reply(manners: Manners, link: str, *, hears_all: bool) -> Reply:
    """Return the first words in a group: what is heard there, and where that is set."""
    hears = (
        "I can see every message here, and answer only commands, mentions of me and replies to me."
        if hears_all
        else "I am deaf to most of what is said here: only commands, mentions of me and replies to me reach me. "
        "That is all I need."
    )
    lines = [Paragraph("Hello. I settle questions when I am asked, and keep quiet otherwise."), Paragraph(hears)]
    return Reply((*lines, *map(Note, deaf_remarks(manners, hears_all=hears_all))), ((OpenLink(link, "Settings"),),))


def deaf_remarks(manners: Manners, *, hears_all: bool) -> tuple[str, ...]:
    """Return what is to be done where the bot should listen and cannot hear."""
    if hears_all or manners.mode != "listening":
        return ()
    cure = "Make me an administrator, or switch my privacy mode off at @BotFather and add me anew."
    return (f"I should listen here, but only what is addressed to me reaches me. {cure}",)


def troubles_reply(standings: tuple[Standing, ...], most: int = 20) -> Reply:
    """Return the groups where something keeps the bot from speaking, by their numbers, newest first."""
    lines = [f"{one.chat}: {one.trouble or one.role}, {one.at:%Y-%m-%d %H:%M} UTC" for one in standings[:most]]
    more = [f"and {len(standings) - most} more"] if len(standings) > most else []
    return Reply((Headline("Groups I cannot speak in"), Paragraph("\n".join((*lines, *more)))))
