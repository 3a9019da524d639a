"""Fuzzers: the same few hundred inputs each time, or as many new ones as HOSTILE_EXAMPLES says."""

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.faces.telegram import payload
from bot.match import Matcher, decide
from bot.model.mark import Forget, Meant, Turn, Vote, Why
from bot.model.question import Place, Question
from bot.model.reply import Ask, Browse, Choose, Draw, Paragraph, Refresh, Reply
from bot.reply.telegram_html import render
from tests.conftest import StandingClock
from tests.hostile.messages import EMOJI, FAMILIES, UNSEEN
from tests.hostile.targets import TARGETS
from tests.library.test_broken import ENTRY

MORE = int(os.environ.get("HOSTILE_EXAMPLES", "0"))
FUZZ = settings(
    max_examples=MORE or 100,
    derandomize=not MORE,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SIGNS = "\u0301\u200d\u202e\ufe0f🚀👍🏿🇧₿$€ 0123456789.,:-+@/<>&\"'`*_[](){}\n\tab\ud800"
SEEDS = {
    "callbacks": ["1a", "1sp2wpkh:1:1:25:usd", "1oy1", "1m1:x", "1d24:fee", "1xn1:1:"],
    "amounts": ["25 usd to bch", "1,234.56 eur", "chart of fees 7d", "fee to send $5", "two and a half k usd"],
    "redaction": ["a.b@c.example", "https://x.example/a", "+44 20 7946 0958", "my name is Ann", "seed: x"],
    "splitter": ["<b>", "👩\u200d👩 ", "x " * 3000, "&" * 3000],
    "yaml": [ENTRY, "a: [b, {c: d}]\n", "a: |\n  b\n", "? a\n: b\n", "- 'x'\n", '"\\u202e"', "a: &a [*a]"],
    "pack": [ENTRY, ENTRY.replace("food", "x"), "x: {ask: [y], verdict: z}\n"],
    "uploads": ["food.yml\0a: b", "../food.yml\0", "\0"],
}


def data(target: str) -> st.SearchStrategy[bytes]:
    """Return bytes of many sorts, most of them near what the target reads."""
    pieces = st.one_of(st.sampled_from(SEEDS[target]), st.text(SIGNS, max_size=12), st.text(max_size=12))
    texts = st.lists(pieces, max_size=12).map(lambda found: "".join(found).encode("utf-8", "surrogatepass"))
    long = st.tuples(st.text(SIGNS, min_size=1, max_size=8), st.integers(1, 4096)).map(
        lambda one: (one[0] * one[1])[:4096].encode("utf-8", "surrogatepass")
    )
    return st.one_of(texts, long, st.binary(max_size=400))


@pytest.mark.parametrize("target", TARGETS)
def test_whatever_comes_the_promise_is_kept(target: str) -> None:
    """No input raises anything, or is taken for what it is not."""
    check: Callable[[bytes], None] = TARGETS[target]

    @FUZZ
    @given(data(target))
    def held(given: bytes) -> None:
        check(given)

    held()


@pytest.mark.parametrize("target", ["amounts", "redaction", "splitter"])
def test_the_corpus_keeps_the_promises_too(target: str) -> None:
    for texts in FAMILIES.values():
        for text in texts.values():
            TARGETS[target](text.encode("utf-8", "surrogatepass"))


numbers = st.integers(0, 9999)
ids = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,31}", fullmatch=True)
buttons = st.one_of(
    ids.map(lambda key: Ask(key, "")),
    ids.map(lambda key: Choose(key, "")),
    ids.map(Refresh),
    numbers.map(lambda page: Browse(page, "")),
    st.builds(Draw, ids, numbers),
    st.booleans().map(lambda is_up: Vote(is_up=is_up)),
    st.just(Why()),
    st.builds(Meant, numbers, ids),
    st.builds(Forget, numbers),
    st.builds(Turn, numbers),
)


@FUZZ
@given(buttons)
def test_a_button_comes_back_as_it_was(button: object) -> None:
    """And its data has at most 64 bytes."""
    written = payload.encode(button)  # type: ignore[arg-type]

    assert payload.decode(written) == button
    assert len(written.encode()) <= 64


@FUZZ
@given(st.lists(st.text(max_size=400), min_size=1, max_size=4))
@example([UNSEEN["a sign that becomes eighteen"]])
@example([EMOJI["4096 units"]])
@example(["why did bch fork " * 20, "no sorry i meant btc"])
def test_every_text_is_ranked_and_decided(matcher: Matcher, turns: list[str]) -> None:
    """Whatever was said before: a verdict, with chances between nothing and certainty."""
    ranking = matcher.rank(Question(turns[-1], StandingClock().now, Place.PRIVATE, tuple(turns[:-1])))

    decide(ranking)

    assert all(0 <= match.score <= 1 for match in ranking.matches)
    assert 0 <= ranking.coverage <= 1


@pytest.mark.parametrize(
    "sign",
    ["e\u0301", "👩\u200d👩\u200d👧", "👍🏿", "🇩🇪", "❤\ufe0f", "x"],
    ids=["accent", "family", "tone", "flag", "heart", "x"],
)
@pytest.mark.parametrize("before", range(12))
def test_no_sign_is_cut_in_two(sign: str, before: int) -> None:
    """Where a text has no space, it is cut between what a reader sees as signs."""
    messages = render(Reply((Paragraph("y" * before + sign * 5000),)))

    assert len(messages) > 1
    assert all(message.removeprefix("y" * before).replace(sign, "") == "" for message in messages)
