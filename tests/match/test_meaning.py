"""The encoder in the box, its cache, and life without it."""

import tracemalloc
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import structlog

from bot.library import load_library
from bot.match import Matcher, decide, make_matcher, open_encoder
from bot.match.encoder import FOLDER, Encoder
from bot.match.meaning import make_meaning
from bot.match.parts import parts
from bot.match.vectors import rounded
from bot.model.knowledge import Library
from bot.model.question import Question
from bot.model.verdict import Answer
from bot.wiring import statistics_phrasings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHOP = "".join(
    f"{key}:\n  ask: [{ask}]\n  verdict: Yes.\n"
    for key, ask in {
        "opening": "what are your opening hours",
        "parking": "where can i park my car",
        "refund": "how do i get my money back",
        "delivery": "when will my parcel arrive",
    }.items()
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    found = open_encoder()
    assert found
    return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "faq.yml").write_text(SHOP, "utf-8")
    return load_library(folder, [], ())


def test_the_encoder_is_the_one_of_its_checksums() -> None:
    """Nobody has changed the weights or the tokenizer."""
    lines = (FOLDER / "SHA256SUMS").read_text("utf-8").splitlines()

    for line in lines:
        wanted, name = line.split()
        assert sha256((FOLDER / name).read_bytes()).hexdigest() == wanted


def test_meaning_is_near_for_other_words_and_far_for_other_things(encoder: Encoder) -> None:
    """Vectors have length 1; a paraphrase is nearer than an unrelated sentence."""
    one, same, other = encoder.encode(["how do i get a refund", "can i have my money back", "the weather is nice"])

    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-3)
    assert one @ same > one @ other + 0.3


def test_the_order_of_texts_does_not_matter(encoder: Encoder) -> None:
    """A text has the same vector alone and in a batch of others."""
    texts = ["a", "why is the sky blue", "one two three four five six seven"]

    together = encoder.encode(texts)
    alone = np.vstack([encoder.encode([text]) for text in texts])

    assert np.abs(together - alone).max() < 1e-5


PARAPHRASES = {
    "do you give refunds": "refund",
    "i want to return this and be reimbursed": "refund",
    "has my package been shipped": "delivery",
    "is there a garage nearby": "parking",
    "are you open on sundays": "opening",
}


@pytest.mark.parametrize(("text", "wanted"), PARAPHRASES.items())
def test_one_phrasing_is_enough_to_be_found(*, text: str, wanted: str, shop: Library, encoder: Encoder) -> None:
    """An entry with a single phrasing is found by questions that share no word with it."""
    matcher = make_matcher(shop, {}, encoder)

    assert matcher.rank(Question(text, NOW)).matches[0].target.id == wanted


def test_without_the_encoder_words_still_answer(tmp_path: Path, shop: Library) -> None:
    """A missing file is logged and costs the meaning only."""
    with structlog.testing.capture_logs() as logs:
        missing = open_encoder(tmp_path)
    matcher = make_matcher(shop, {}, missing)

    found = matcher.rank(Question("wher can i prak my car", NOW)).matches[0]
    assert missing is None
    assert logs[0]["event"] == "match.encoder_missing"
    assert (found.target.id, found.meaning) == ("parking", None)


def test_a_cached_start_gives_the_same_verdicts(tmp_path: Path, shop: Library, encoder: Encoder) -> None:
    """What is computed and what was kept lead to the very same scores."""
    cache = tmp_path / "deep"
    question = Question("money back please", NOW)

    first = make_matcher(shop, {}, encoder, cache).rank(question)
    second = make_matcher(shop, {}, encoder, cache).rank(question)

    assert sorted(file.name for file in cache.iterdir()) == ["learned.npz", "letters.npz", "vectors.npz"]
    assert first.matches == second.matches


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04broken"])
def test_a_broken_cache_is_replaced(*, content: bytes, tmp_path: Path, shop: Library, encoder: Encoder) -> None:
    """A cache that cannot be read is made anew."""
    for name in ("vectors.npz", "learned.npz", "letters.npz"):
        (tmp_path / name).write_bytes(content)
    question = Question("money back please", NOW)

    with structlog.testing.capture_logs() as logs:
        first = make_matcher(shop, {}, encoder, tmp_path).rank(question)
    again = make_matcher(shop, {}, encoder, tmp_path).rank(question)

    assert [log["event"] for log in logs] == ["match.cache_unreadable"] * 3
    assert first.matches == again.matches


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, shop: Library, encoder: Encoder) -> None:
    """A folder that is a file costs lines in the log."""
    (tmp_path / "file").write_text("x", "utf-8")

    with structlog.testing.capture_logs() as logs:
        found = make_matcher(shop, {}, encoder, tmp_path / "file").rank(Question("money back please", NOW))

    assert found.matches[0].target.id == "refund"
    assert [log["event"] for log in logs] == ["match.cache_not_kept"] * 3


def test_what_was_learned_from_other_texts_is_not_used(tmp_path: Path, shop: Library, encoder: Encoder) -> None:
    """A kept file of another library is passed over and replaced."""
    make_matcher(shop, {}, encoder, tmp_path)
    other = make_matcher(shop, {"parking": ["where do cars go"]}, encoder, tmp_path)

    assert other.duals.shape[0] == len(other.phrases)
    assert other.rank(Question("where do cars go", NOW)).matches[0].score == 1


def test_two_builds_decide_alike(library: Library, matcher: Matcher, encoder: Encoder) -> None:
    """Nothing in a build depends on chance."""
    again = make_matcher(library, statistics_phrasings(), encoder)
    questions = [Question(exam.text, NOW) for exam in library.packs["btc-vs-bch"].exams[::40]]

    assert [again.rank(one).matches for one in questions] == [matcher.rank(one).matches for one in questions]


def test_a_big_library_learns_from_a_part_of_its_phrasings(
    shop: Library, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more phrasings than are learned from, every entry still gives some, and all are searched."""
    monkeypatch.setattr("bot.match.build.LEARNED_FROM", 6)

    matcher = make_matcher(shop, {}, encoder)

    assert len(matcher.chosen) == 6
    assert len(matcher.owners) > 6


SPLIT = {
    "two questions": ("is bitcoin dead? who is satoshi nakamoto?", 2),
    "two lines": ("is bitcoin dead\nwho is satoshi", 2),
    "one question": ("is bitcoin dead?", 1),
    "an aside": ("what? is bitcoin dead?", 1),
    "three": ("is bitcoin dead? who is satoshi? what is a fork?", 1),
}


@pytest.mark.parametrize(("text", "count"), SPLIT.values(), ids=SPLIT)
def test_parts(text: str, count: int) -> None:
    """Only a message of exactly two whole questions is taken apart."""
    assert len(parts(text)) == count


ROLES = {
    "isn't btc cheaper than bch": "fees-compare",
    "why is bch not as safe as btc": "security-hashrate",
    "is bch cheaper than btc": "fees-compare",
    "which of them has lower fees": "fees-compare",
    "is btc slower than bch": "tx-speed",
    "is bch slower than btc": "tx-speed",
    "bitcoin price prediction 2030": "",
    "what are the fees right now": "live-fee",
    "why are bch fees lower": "fees-compare",
}


@pytest.mark.parametrize(("text", "topic"), ROLES.items())
def test_roles_negations_and_kinds(*, text: str, topic: str, matcher: Matcher) -> None:
    """Whichever side is asked about, and however it is negated, the comparison of both sides answers."""
    verdict = decide(matcher.rank(Question(text, NOW)))

    assert (verdict.entry.topic if isinstance(verdict, Answer) else "") == topic


def test_whole_numbers_give_the_cosines_of_the_vectors(encoder: Encoder) -> None:
    """The product in bytes is the product of the kept vectors, for every row, up to the steps of the question."""
    texts = ["where can i park", "is there a refund", "the weather is nice"]
    vectors = encoder.encode([*texts, "parking"])
    meaning = make_meaning(rounded(vectors[: len(texts)]))

    found = meaning.cosines(vectors)

    assert found.shape == (len(vectors), len(texts))
    assert np.abs(found - vectors @ meaning.vectors.T).max() < 0.005


@pytest.mark.parametrize("count", [1, 127, 128, 300])
def test_every_number_of_phrasings_can_be_compared(count: int) -> None:
    """The largest bytes neither overflow nor lose their place, however many phrasings there are."""
    steps = np.full((count, 448), 127, np.int8)
    steps[::2] = -127

    found = make_meaning(steps).cosines(np.full((1, 448), 0.1, np.float32))

    assert found.shape == (1, count)
    assert found[0, 0] == pytest.approx(448 * 0.1 * -127 / 400, rel=1e-4)
    assert found[0, 1::2] == pytest.approx(448 * 0.1 * 127 / 400, rel=1e-4)


def test_the_steps_are_held_once() -> None:
    """What phrasings mean lies in the model of the product, and is read there."""
    wanted = np.random.default_rng(1).integers(-127, 127, (2_000, 448), np.int8, endpoint=True)
    make_meaning(wanted)  # what is loaded and kept at the first time is no part of it

    tracemalloc.start()
    meaning = make_meaning(wanted.copy())
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert np.array_equal(meaning.steps, wanted)
    assert held < 1.1 * wanted.nbytes
