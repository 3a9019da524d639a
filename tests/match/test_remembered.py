"""What is asked again is not read again, and ranked as before."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.library import load_library
from bot.match import Matcher, Meanings, make_matcher, open_encoder
from bot.match.encoder import Encoder
from bot.match.features import Floats
from bot.match.remembered import Remembered
from bot.model.question import Question

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHOP = """
opening: {ask: [what are your opening hours], verdict: Nine to five.}
parking: {ask: [where can i park my car], verdict: Behind the house.}
refund: {ask: [how do i get my money back], verdict: At the counter.}
"""


@dataclass(frozen=True, slots=True)
class Counting(Encoder):
    """Notes what it reads."""

    texts: list[tuple[str, ...]] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> Floats:
        self.texts.append(tuple(texts))
        return Encoder.encode(self, texts)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "faq.yml").write_text(SHOP, "utf-8")
    return make_matcher(load_library(folder, [], ()), {}, open_encoder())


@pytest.fixture
def counting(plain: Matcher) -> Counting:
    encoder = plain.reader.encoder
    assert encoder
    return Counting(encoder.session, encoder.pieces, encoder.version)


@pytest.fixture
def matcher(plain: Matcher, counting: Counting) -> Matcher:
    return replace(plain, reader=replace(plain.reader, encoder=counting))


def asked(text: str, *earlier: str) -> Question:
    return Question(text, NOW, earlier=earlier)


def test_a_question_that_is_asked_again_is_read_once(matcher: Matcher, counting: Counting) -> None:
    """What is found is the same, and says whose question it is."""
    first = matcher.rank(asked("where can i park the car of my friend for the whole weekend"))
    again = matcher.rank(
        asked("where can i park the car of my friend for the whole weekend", "what are your opening hours")
    )

    assert len(counting.texts) == 1
    assert again == replace(first, question=again.question)
    assert again.question.earlier


def test_what_is_remembered_is_what_a_fresh_matcher_finds(matcher: Matcher, plain: Matcher) -> None:
    """For each of some questions, after all of them."""
    texts = ["when do you open", "Can I park my CAR?", "can i park my car", "money back", "opening hours and parking"]
    for text in texts:
        matcher.rank(asked(text))

    for text in texts:
        assert matcher.rank(asked(text)) == replace(plain, reader=plain.reader).rank(asked(text))


def test_a_text_that_means_something_else_in_a_conversation_is_worked_out(matcher: Matcher, counting: Counting) -> None:
    """Of what leans on an earlier question nothing is remembered."""
    alone = matcher.rank(asked("what about it then"))
    leaning = matcher.rank(asked("what about it then", "when can i come for parking"))

    assert leaning.matches[0].target.id == "parking"
    assert leaning.matches != alone.matches
    assert len(counting.texts) > 1
    assert matcher.rank(asked("what about it then")).matches == alone.matches


def test_what_is_certain_by_itself_leans_on_nothing(matcher: Matcher, counting: Counting) -> None:
    """Whatever words it begins with."""
    alone = matcher.rank(asked("what about a refund"))

    assert matcher.rank(asked("what about a refund", "when can i come for parking")).matches == alone.matches
    assert len(counting.texts) == 1


def test_another_matcher_remembers_nothing_of_the_first(matcher: Matcher) -> None:
    """A changed knowledge, or another encoder, begins anew."""
    matcher.rank(asked("can i park somewhere"))
    other = replace(matcher, reader=matcher.reader)

    assert other.known == Remembered(other.known.most)
    assert other.known is not matcher.known


def test_what_a_text_means_is_read_once(matcher: Matcher, counting: Counting) -> None:
    """A question that was kept before has the vector it had."""
    meanings = Meanings(matcher)

    first, again = meanings.vectors(["can i park"]), meanings.vectors(["can i park"])

    assert first == again
    assert len(counting.texts) == 1


def test_no_more_than_so_many_things_are_remembered() -> None:
    """Those go that were not asked for the longest time."""
    known, worked_out = Remembered[str, str](2), list[str]()

    def get(key: str) -> str:
        return known.get(key, lambda: worked_out.append(key) or key)  # type: ignore[func-returns-value]  # for its side

    for key in "abacbab":
        assert get(key) == key

    assert worked_out == ["a", "b", "c", "b", "a"]


def test_a_matcher_travels(plain: Matcher) -> None:
    """The process that binds an edition sends its matcher, without the encoder, to the one that answers."""
    sent = replace(plain, reader=replace(plain.reader, encoder=None))
    arrived: Matcher = pickle.loads(pickle.dumps(sent))  # noqa: S301 - made here
    back = replace(arrived, reader=replace(arrived.reader, encoder=plain.reader.encoder))

    question = asked("can i park somewhere")
    assert [(one.target.id, one.score) for one in back.rank(question).matches] == [
        (one.target.id, one.score) for one in plain.rank(question).matches
    ]
