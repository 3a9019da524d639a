"""The decision on rankings made by hand, and the matcher on a pack of a few lines."""

from datetime import UTC, datetime

import pytest

from bot.library import load_library
from bot.match import Matcher, decide, make_matcher, thresholds
from bot.match.matcher import Ranking
from bot.model.knowledge import Entry, Origin, Refusal
from bot.model.question import Place, Question
from bot.model.verdict import Answer, Choice, Match, Refuse, Rule, Silence, Verdict

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Origin("faq.yml", 1)
SURE = thresholds.ANSWER + 0.1


def entry(key: str) -> Entry:
    return Entry(key, "pack", key, key, (key,), "Yes.", HERE)


def refusal(key: str, *, quiet: bool = False) -> Refusal:
    return Refusal(key, "pack", key, (key,), "No.", HERE, quiet=quiet)


def ranking(
    *matches: tuple[Entry | Refusal, float], place: Place = Place.PRIVATE, elsewhere: Refusal | None = None
) -> Ranking:
    found = tuple(Match(target, score, "") for target, score in matches)
    return Ranking(Question("text", NOW, place), found, 1.0, is_empty=False, is_secret=False, elsewhere=elsewhere)


def kind(verdict: Verdict) -> tuple[type[Verdict], Rule]:
    return type(verdict), verdict.rule


FAR = Entry("far", "other", "far", "far", ("far",), "Yes.", HERE)
A, B, NO, QUIET = entry("a"), entry("b"), refusal("no"), refusal("hush", quiet=True)
UNSURE = thresholds.ANSWER - 0.01

CASES: dict[str, tuple[Ranking, type[Verdict], Rule]] = {
    "clear": (ranking((A, SURE), (B, 0.1)), Answer, Rule.ABOVE_THRESHOLD),
    "a close rival": (ranking((A, UNSURE), (B, thresholds.OPTION)), Choice, Rule.CLOSE_CALL),
    "a close refusal": (ranking((A, UNSURE), (NO, UNSURE - 0.01), (B, thresholds.OPTION)), Choice, Rule.CLOSE_CALL),
    "a rival of another pack": (ranking((A, UNSURE), (FAR, thresholds.OPTION)), Refuse, Rule.NOTHING_NEAR),
    "a pack that is off": (ranking((A, SURE), elsewhere=NO), Refuse, Rule.ELSEWHERE),
    "unsure and alone": (ranking((A, UNSURE), (B, 0.0)), Refuse, Rule.NOTHING_NEAR),
    "weak": (ranking((A, thresholds.CHOICE / 2), (B, 0.0)), Refuse, Rule.NOTHING_NEAR),
    "a refusal": (ranking((NO, SURE), (A, 0.1)), Refuse, Rule.OUT_OF_SCOPE),
    "a weak refusal": (ranking((NO, thresholds.REFUSE / 2), (A, 0.0)), Refuse, Rule.NOTHING_NEAR),
    "nothing": (ranking(), Refuse, Rule.NOTHING_NEAR),
    "overheard and as good as certain": (
        ranking((A, thresholds.OVERHEARD), place=Place.OVERHEARD),
        Answer,
        Rule.ABOVE_THRESHOLD,
    ),
    "overheard and likely": (
        ranking((A, thresholds.OVERHEARD - 0.01), place=Place.OVERHEARD),
        Silence,
        Rule.UNADDRESSED,
    ),
    "overheard, of a pack that is off": (
        ranking((A, 1.0), elsewhere=NO, place=Place.OVERHEARD),
        Silence,
        Rule.UNADDRESSED,
    ),
    "overheard and out of scope": (ranking((NO, 1.0), place=Place.OVERHEARD), Silence, Rule.UNADDRESSED),
    "chatter in a group": (ranking((A, 1.0), place=Place.GROUP), Silence, Rule.UNADDRESSED),
    "addressed chatter": (ranking((QUIET, SURE), place=Place.GROUP_ADDRESSED), Silence, Rule.OUT_OF_SCOPE),
    "addressed, chatter or a question": (
        ranking((QUIET, SURE), (A, SURE - 0.1), place=Place.GROUP_ADDRESSED),
        Refuse,
        Rule.NOTHING_NEAR,
    ),
    "private chatter": (ranking((QUIET, SURE)), Refuse, Rule.OUT_OF_SCOPE),
}


@pytest.mark.parametrize(("found", "wanted", "rule"), CASES.values(), ids=CASES)
def test_decide(found: Ranking, wanted: type[Verdict], rule: Rule) -> None:
    """Each rule of the decision, by itself."""
    assert kind(decide(found)) == (wanted, rule)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    folder = tmp_path_factory.mktemp("faq")
    lines = [
        "opening:\n  ask: [when do you open, opening hours, are you open on sunday]\n  verdict: At nine.\n",
        "parking:\n  ask: [where can i park, is there a car park, parking nearby]\n  verdict: Behind the house.\n",
        "tickets:\n  ask: [how much is a ticket]\n  verdict: Ten.\n",
    ]
    (folder / "faq.yml").write_text("".join(lines), "utf-8")
    return make_matcher(load_library(folder, [], ()), {})


MEANT = {
    "parking": "parking",
    "is there somewhere to park?": "parking",
    "wher can i prak": "parking",
    "OPENING HOURS!!!": "opening",
    "u open sunday??": "opening",
    "how much is the ticket": "tickets",
    "ticket price pls": "tickets",
    "openinghours": "opening",
}


@pytest.mark.parametrize(("text", "wanted"), MEANT.items())
def test_a_foreign_pack_is_understood(text: str, wanted: str, small: Matcher) -> None:
    """A pack of a few lines finds its entries through typos, shouting, chat spelling and joined words."""
    assert small.rank(Question(text, NOW)).matches[0].target.id == wanted


@pytest.mark.parametrize("text", ["", "   ", "🤔🤔🤔", "?!...", "\u200b\u200d\ufe0f", "\x00\x01"])
def test_a_message_without_words_is_empty(text: str, small: Matcher) -> None:
    """Nothing to read means empty, which is asked about in private and silence in a group."""
    private = decide(small.rank(Question(text, NOW)))
    group = decide(small.rank(Question(text, NOW, Place.GROUP_ADDRESSED)))

    assert kind(private) == (Refuse, Rule.EMPTY)
    assert kind(group) == (Silence, Rule.EMPTY)


@pytest.mark.parametrize(
    "text", ["x" * 4096, "park " * 819, "\u202eparking\u202c", "كم رسوم بيتكوين", "<b>parking</b>"]
)
def test_hostile_text_is_ranked_without_harm(text: str, small: Matcher) -> None:
    """Junk, right-to-left text and markup give scores between 0 and 1 and no exception."""
    found = small.rank(Question(text, NOW))

    assert all(0 <= match.score <= 1 for match in found.matches)


def test_the_same_question_gives_the_same_ranking(small: Matcher) -> None:
    """Nothing in the matcher depends on chance."""
    first, second = (small.rank(Question("park on sunday", NOW)) for _ in range(2))

    assert first.matches == second.matches
