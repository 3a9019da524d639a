"""The command line as scripts use it: output, exit codes, one clear sentence for each mistake."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import COMMANDS, main
from bot.faces.simulator import LocalTelegram
from bot.faces.simulator.server import serve
from bot.model.clock import utc_now
from bot.model.quote import Coin, Quality, Quote
from bot.stats import STATS
from bot.store import KnownNumber, open_store
from tests.conftest import ROOT
from tests.web import Web, open_web

MINIMAL = "capital:\n  ask: [what is the capital of france, capital city of france]\n  verdict: Paris is.\n"
DATABASE, IN_MEMORY = "BOT__DATABASE__URL", "sqlite+aiosqlite://"  # where nothing is known from before
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith(("BOT_", "TELEGRAM_"))} | {
    DATABASE: IN_MEMORY
}


@pytest.fixture(autouse=True)
def _knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE, IN_MEMORY)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """Serve the numbers of just now: a program of its own has the real time."""
    async with open_web(utc_now()) as web:
        yield web


def run(
    *arguments: str, lines: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=lines,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**CLEAN, **(environment or {})},
        check=False,
    )


async def run_beside(*arguments: str, environment: dict[str, str]) -> str:
    """Run the program while this process goes on serving it, and return what it prints; no log is among it."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.patiently",
        *arguments,
        cwd=ROOT,
        env=CLEAN | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, beside = await program.communicate()
    assert b"level=" not in beside
    return out.decode()


def test_a_question_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    """`ask` prints the verdict, both sides, the date and the sources."""
    code = main(["ask", "--offline", "y did bch fork"])

    out = capsys.readouterr().out
    assert code == 0
    assert "BTC" in out
    assert "As of 20" in out
    assert "Sources: " in out


def test_json_is_one_object_of_the_documented_shape(capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` prints exactly the fields that scripts rely on."""
    main(["ask", "--offline", "--json", "what are the fees"])

    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == [
        "id",
        "kind",
        "entry",
        "topic",
        "score",
        "topk",
        "alternatives",
        "refusal",
        "answer_text",
        "live",
    ]
    assert answer["kind"] == "answer"
    assert answer["topk"][0] == answer["topic"]
    assert "fee" in answer["live"]


def test_lines_in_are_lines_out() -> None:
    """`--jsonl` answers line by line, in order; a bad line is named and does not stop the rest."""
    lines = [
        '{"id": "a", "text": "why did bch fork"}',
        "not json",
        "",
        '{"id": 2, "turns": ["hi", "is bitcoin dead"], "place": "private"}',
        '{"id": "c", "text": "lol same", "place": "group"}',
        '{"id": "d"}',
    ]

    done = run("ask", "--jsonl", "--offline", lines="\n".join(lines))

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, 2, "c", None]
    assert [answer.get("kind") for answer in answers] == ["answer", None, "answer", "silence", None]
    assert "line 2" in answers[1]["error"]
    assert "line 6" in answers[4]["error"]
    assert done.returncode == 2


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` works everywhere."""
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])

    assert end.value.code == 0
    assert "--knowledge" in capsys.readouterr().out


def test_a_pack_of_two_fields_is_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Any FAQ of `ask` and `verdict` answers, and nothing of ours gets into it."""
    (tmp_path / "faq.yml").write_text(MINIMAL, "utf-8")

    code = main(["ask", "--offline", "--json", "--knowledge", str(tmp_path), "whats the capital of france"])
    answer = json.loads(capsys.readouterr().out)
    main(["ask", "--offline", "--json", "--knowledge", str(tmp_path), "bch fees?"])
    foreign = json.loads(capsys.readouterr().out)

    assert code == 0
    assert answer["answer_text"].startswith("Paris is.")
    assert foreign["kind"] == "refusal"
    assert foreign["topic"] is None


MISTAKES = {
    "syntax": ("capital: [unclosed\n", "faq.yml:"),
    "unknown field": (MINIMAL + "  anwser: x\n", "faq.yml:4: 'anwser' is not a field"),
    "duplicate id": (MINIMAL + MINIMAL, "faq.yml:4:"),
    "unknown statistic": (MINIMAL + "  live: [feee]\n", "did you mean 'fee'"),
    "dangling see": (MINIMAL + "  see: [nowhere]\n", "'nowhere'"),
}


@pytest.mark.parametrize(("text", "complaint"), MISTAKES.values(), ids=MISTAKES)
@pytest.mark.parametrize(
    "command", [("check",), ("chat", "--offline"), ("ask", "--offline", "x")], ids=lambda row: row[0]
)
def test_broken_knowledge_stops_with_one_sentence(
    *, command: tuple[str, ...], text: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every kind of mistake stops `check` and every start with file:line, and no traceback."""
    (tmp_path / "faq.yml").write_text(text, "utf-8")

    code = main([*command, "--knowledge", str(tmp_path)])

    error = capsys.readouterr().err
    assert code == 1
    assert complaint in error
    assert len(error.splitlines()) == 1


def test_a_wrong_config_stops_with_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown key is named with its place and its nearest neighbour."""
    (tmp_path / "config.yml").write_text("telegram:\n  mod: polling\n", "utf-8")

    code = main(["check", "--config", str(tmp_path / "config.yml")])

    assert code == 2
    assert "config.yml:2: 'mod' is not a field; did you mean 'mode'?" in capsys.readouterr().err


def test_ask_without_a_question_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty `ask` is wrong input."""
    assert main(["ask", "--offline"]) == 2
    assert "Ask something" in capsys.readouterr().out


def test_run_without_a_token_says_how_to_get_one() -> None:
    """The first thing a newcomer may try leads on."""
    done = run("run")

    assert done.returncode == 2
    assert "BotFather" in done.stdout
    assert "chat" in done.stdout


def test_eval_measures_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`eval` says how questions in and out of scope went, and names a bad line."""
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"text": "is bitcoin dead", "accept": ["is-bitcoin-dead"]}\n'
        '{"text": "is bitcoin dead", "accept": ["segwit"]}\n'
        '{"text": "is bitcoin dead", "accept": []}\n'
        '{"text": "is bitcoin dead", "accept": [], "tolerate": ["is-bitcoin-dead"]}\n',
        "utf-8",
    )

    kept = tmp_path / "kept.json"
    code = main(["eval", str(questions), "--json", str(kept)])
    out = capsys.readouterr().out
    low = main(["eval", str(questions), "--min", "0.9"])
    kept.write_text(kept.read_text("utf-8").replace("answered right", "declined"), "utf-8")
    main(["eval", str(questions), "--against", str(kept)])
    compared = capsys.readouterr().out
    questions.write_text("nonsense\n", "utf-8")
    wrong = main(["eval", str(questions)])

    assert code == 0
    assert "answered right: 1 (50.0%)" in out
    assert "answered wrongly: 1 (50.0%)" in out
    assert "falsely answered: 1 (50.0%)" in out
    assert "segwit -> is-bitcoin-dead: 1" in out
    assert low == 1
    assert "1: declined -> answered right: is bitcoin dead" in compared
    assert main(["eval", str(questions), "--against", str(questions)]) == 2
    assert wrong == 2
    assert "questions.jsonl:1:" in capsys.readouterr().err


def test_a_verdict_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """`--explain` shows the rule, the candidates and their evidence instead of the answer."""
    main(["ask", "--offline", "--explain", "y did bch fork"])

    rule, head, best, *_ = capsys.readouterr().out.splitlines()
    assert rule == "rule: above-threshold"
    assert head.split() == ["chance", "letters", "meaning", "candidate:", "nearest", "phrasing"]
    assert "fork-reason: y did bch fork" in best


def test_two_questions_get_two_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """A message with two clear questions is answered twice, in one reply."""
    main(["ask", "--offline", "Is bitcoin dead? And who is satoshi nakamoto?"])

    out = capsys.readouterr().out
    assert out.count("As of 20") == 2
    assert "pseudonym" in out


def test_doctor_offline_is_content(capsys: pytest.CaptureFixture[str]) -> None:
    """Offline nothing is missing that could be there."""
    assert main(["doctor", "--offline"]) == 0
    assert "btc-vs-bch" in capsys.readouterr().out


async def test_a_live_question_from_the_command_line(web: Web) -> None:
    """`ask "bch fees?"` shows both fee rates, the payment's cost, the ratio, sources and ages."""
    out = await run_beside("ask", "bch fees?", environment=web.environment())

    assert "2.5 sat/vB" in out
    assert "1 sat/B" in out
    assert "BTC 2.5×" in out
    assert "$0.32" in out
    assert "mempool.space, " in out
    assert "bchexplorer.cash, " in out
    assert " ago" in out


@pytest.mark.parametrize("fault", ["500", "html", "nan", "negative", "null", "hang"])
async def test_a_live_question_with_the_first_provider_failing(fault: str, web: Web) -> None:
    """The second provider's numbers are shown under its own name."""
    web.fail(fault, "mempool_space", "bchexplorer")

    out = await run_beside("ask", "bch fees?", environment=web.environment())

    assert "3.5 sat/vB" in out
    assert "2 sat/B" in out
    assert "Blockstream" in out
    assert "Blockchair" in out


COMMANDED = {
    "/cost 25 USD": "Sending $25 costs about $0.32",
    "/convert 100 EUR BCH": "€100 ≈ 0.2554 BCH",
    "/stats": "Mean hash rate",
}


@pytest.mark.parametrize(("command", "words"), COMMANDED.items(), ids=COMMANDED)
async def test_a_command_may_be_asked(command: str, words: str, web: Web) -> None:
    """`ask` carries out what one would type in a chat."""
    assert words in await run_beside("ask", command, environment=web.environment())


async def test_a_live_question_with_every_provider_failing(web: Web) -> None:
    """The curated text still answers, and says which numbers are missing and why."""
    web.fail("500")

    out = await run_beside("ask", "bch fees?", environment=web.environment())

    assert "No live number for Next-block fee" in out
    assert "bchexplorer.cash answered HTTP 500" in out
    assert "As of 20" in out


async def test_statistics_as_json(web: Web) -> None:
    """`stats --json` is one list with every statistic of both coins, each number with source, age and quality."""
    numbers = json.loads(await run_beside("stats", "--json", environment=web.environment()))

    assert [(number["stat"], number["coin"]) for number in numbers] == [(key, coin) for key in STATS for coin in Coin]
    for number in numbers:
        assert {"value", "unit", "source", "observed_at", "age", "quality"} <= number.keys()
        assert number["quality"] == "missing" or (number["source"] and number["age"] >= 0)


async def test_statistics_are_in_the_money_of_the_place(web: Web) -> None:
    """Where answers show prices in euros as well, so does the list; others may be asked for by their keys."""
    environment = web.environment() | {"BOT__ANSWERS__CURRENCY": "eur"}

    numbers = json.loads(await run_beside("stats", "--json", environment=environment))
    yen = json.loads(await run_beside("stats", "price-jpy", "--json", environment=environment))

    assert [one["stat"] for one in numbers][:6:2] == ["price", "price-eur", "change-24h"]
    assert [(one["value"], one["unit"], one["source"]) for one in numbers[2:4]] == [
        (78_300, "eur", "CoinGecko"),
        (391.5, "eur", "CoinGecko"),
    ]
    assert [(one["value"], one["unit"]) for one in yen] == [(13_500_000, "jpy"), (67_500, "jpy")]


@pytest.mark.parametrize("fault", ["500", "hang", "reset"])
async def test_statistics_with_every_source_dead(fault: str, web: Web) -> None:
    """Dead sources are told about, number by number, and are no failure of the command."""
    web.fail(fault)

    numbers = json.loads(await run_beside("stats", "--json", environment=web.environment()))

    assert {number["quality"] for number in numbers} == {"missing"}
    assert all(number["reason"] and number["value"] is None for number in numbers)


LAST_KNOWN = {
    "sources dead": ("stats", "fee", "price", "--json"),
    "offline": ("stats", "fee", "price", "--json", "--offline"),
}


@pytest.mark.parametrize("arguments", LAST_KNOWN.values(), ids=LAST_KNOWN)
async def test_statistics_show_what_the_bot_last_knew(arguments: tuple[str, ...], web: Web, tmp_path: Path) -> None:
    """Where no source answers, numbers that `run` left in the database are shown with their age, the old ones not."""
    environment = web.environment() | {DATABASE: f"sqlite+aiosqlite:///{tmp_path}/bot.db"}
    at = utc_now()
    async with open_store(environment[DATABASE], utc_now) as store:
        for metric, age in (("price", timedelta(minutes=90)), ("fee", timedelta(minutes=90))):
            quote = Quote(450.0, "Kraken", at - age, at - age, Quality.LIVE)
            await store.remember([KnownNumber(metric, coin, quote) for coin in Coin])
    web.fail("500")

    numbers = json.loads(await run_beside(*arguments, environment=environment))
    answer = await run_beside("ask", "btc price", "--offline", environment=environment)

    assert [one["quality"] for one in numbers] == ["missing", "missing", "last-known", "last-known"]
    assert [one["value"] for one in numbers[2:]] == [450, 450]
    assert all(one["source"] == "Kraken" and 5_400 <= one["age"] < 6_000 for one in numbers[2:])
    assert "$450.00" in answer
    assert "⚠ last known, 2 h ago" in answer


async def test_a_database_that_cannot_be_read_is_no_obstacle(web: Web, tmp_path: Path) -> None:
    """Numbers come from the web all the same."""
    (tmp_path / "bot.db").write_bytes(b"no database")
    environment = web.environment() | {DATABASE: f"sqlite+aiosqlite:///{tmp_path}/bot.db"}

    numbers = json.loads(await run_beside("stats", "fee", "--json", environment=environment))

    assert [one["value"] for one in numbers] == [2.5, 1]


def test_an_unknown_statistic_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip gets the nearest statistic and exit code 2."""
    assert main(["stats", "--offline", "fea"]) == 2
    assert "did you mean 'fee'" in capsys.readouterr().out
    assert main(["stats", "--offline", "fee"]) == 0
    assert "offline" in capsys.readouterr().out


async def test_run_answers_in_telegram_and_ends_on_sigterm(tmp_path: Path) -> None:
    """The whole program in its own process, over HTTP: ready, answers, stops cleanly, logs no token and no texts."""
    telegram = LocalTelegram("duel_bot")
    async with serve(telegram) as base_url:
        environment = CLEAN | {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "BOT__TELEGRAM__BASE_URL": base_url,
            "BOT__LOG__LEVEL": "debug",
        }
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            "--offline",
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        ann = telegram.person("Annabella")
        ann.say(ann.private, "why did bch fork")
        (answer,) = await telegram.written(ann.private)
        program.send_signal(signal.SIGTERM)
        out, _ = await program.communicate()

    log = out.decode()
    assert "2017" in answer.text
    assert program.returncode == 0
    assert "telegram.ready" in log
    assert telegram.token not in log
    assert "local-token" not in log
    assert "why did bch fork" not in log
    assert "Annabella" not in log


async def test_an_unknown_token_stops_with_a_sentence() -> None:
    """A token Telegram does not know is wrong input, not a traceback."""
    telegram = LocalTelegram("duel_bot")
    async with serve(telegram) as base_url:
        environment = {"TELEGRAM_BOT_TOKEN": "1234567:wrong", "BOT__TELEGRAM__BASE_URL": base_url}
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=ROOT,
            env=CLEAN | environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await program.communicate()

    assert program.returncode == 2
    assert "BotFather" in errors.decode()
    assert "Traceback" not in errors.decode()
