"""The command line: one table of commands; exit codes 0 fine, 1 findings, 2 wrong input."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from bot import log
from bot.commands.outcome import FINDINGS, FINE, WRONG_INPUT
from bot.config import Settings, load_settings
from bot.errors import BackupError, ConfigError, EditError, KnowledgeError, StoreError
from bot.loop import Loop
from bot.secrecy import Secrets, secrets_in

Run = Callable[[argparse.Namespace, Settings], Coroutine[None, None, int]]
Argument = tuple[tuple[str, ...], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what it does in one line, module and function that do it, and its own arguments."""

    name: str
    summary: str
    runs: str
    arguments: tuple[Argument, ...] = ()


OFFLINE: Argument = (("--offline",), {"action": "store_true", "help": "no web at all: curated text only"})
COMMANDS = (
    Command("run", "answer in Telegram", "starting:run", (OFFLINE,)),
    Command("chat", "talk in the terminal", "answering:chat", (OFFLINE,)),
    Command(
        "ask",
        "answer one question",
        "answering:ask",
        (
            (("question",), {"nargs": "*", "help": "the question"}),
            (("--json",), {"action": "store_true", "help": "print one JSON object"}),
            (("--explain",), {"action": "store_true", "help": "say why instead: rule, candidates, evidence"}),
            (("--jsonl",), {"action": "store_true", "help": "read JSON lines from standard input"}),
            OFFLINE,
        ),
    ),
    Command(
        "check",
        "validate the knowledge and sit its exam",
        "examining:check",
        (
            (("--verbose",), {"action": "store_true", "help": "name each exam question that failed"}),
            (("--strict",), {"action": "store_true", "help": "exit 1 for warnings too"}),
            (("--json",), {"action": "store_true", "help": "print one JSON object: findings, and exams by pack"}),
        ),
    ),
    Command(
        "diff",
        "say which questions change owner from one state of the knowledge to another",
        "examining:diff",
        (
            (("old",), {"metavar": "OLD", "help": "a knowledge folder, or a revision of git: NEW as it was then"}),
            (("new",), {"metavar": "NEW", "type": Path, "help": "a knowledge folder"}),
            (("--json",), {"action": "store_true", "help": "print one JSON object"}),
            (("--questions",), {"type": Path, "metavar": "FILE", "help": "ask these too: JSON lines as for eval"}),
        ),
    ),
    Command(
        "eval",
        "measure the bot on files of questions",
        "examining:evaluate",
        (
            (("files",), {"nargs": "+", "type": Path, "help": 'JSON lines of {"text", "accept": [topics]}'}),
            (("--json",), {"type": Path, "metavar": "FILE", "help": "write each question's result there"}),
            (("--against",), {"type": Path, "metavar": "FILE", "help": "name what went differently in that run"}),
            (("--min",), {"type": float, "default": 0.0, "help": "exit 1 below this share of questions resolved"}),
        ),
    ),
    Command(
        "stats",
        "print live numbers of both chains",
        "listing:stats",
        (
            (("keys",), {"nargs": "*", "metavar": "KEY", "help": "statistics; all of them without"}),
            (("--json",), {"action": "store_true", "help": "a JSON list, one object for each statistic and coin"}),
            OFFLINE,
        ),
    ),
    Command(
        "drift",
        "hold what the knowledge claims against live numbers",
        "measuring:drift",
        ((("--json",), {"action": "store_true", "help": "a JSON list, one object for each claim"}), OFFLINE),
    ),
    Command(
        "chart",
        "draw a statistic over time into a PNG",
        "measuring:chart",
        (
            (("what",), {"nargs": "*", "help": "statistic and span, such as: fees 7d"}),
            (("--out",), {"type": Path, "metavar": "FILE", "default": Path("chart.png"), "help": "default: chart.png"}),
            OFFLINE,
        ),
    ),
    Command(
        "backup",
        "write the database and the knowledge into one file, while a bot may run",
        "keeping:backup",
        ((("file",), {"type": Path, "metavar": "FILE", "help": "a ZIP file that is not there yet"}),),
    ),
    Command(
        "restore",
        "bring a backup back, where no bot runs",
        "keeping:bring_back",
        (
            (("file",), {"type": Path, "metavar": "FILE", "help": "what `backup` wrote"}),
            (("--force",), {"action": "store_true", "help": "also where something is already; it is kept beside it"}),
        ),
    ),
    Command(
        "doctor",
        "look whether everything this installation needs is there",
        "looking:doctor",
        ((("--json",), {"action": "store_true", "help": "a JSON list, one object for each check"}), OFFLINE),
    ),
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command table."""
    top = argparse.ArgumentParser("bot", description="Settles Bitcoin vs Bitcoin Cash questions.")
    table = top.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        below = table.add_parser(command.name, help=command.summary, description=command.summary)
        below.add_argument("--config", type=Path, help="another config.yml")
        below.add_argument("--knowledge", type=Path, help="another knowledge folder")
        for names, how in command.arguments:
            below.add_argument(*names, **how)  # type: ignore[arg-type]  # argparse's keywords are a mix of types
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parser().parse_args(given or ["run"])
    try:
        with asyncio.Runner(loop_factory=Loop) as runner:
            return runner.run(_run(options))
    except (ConfigError, StoreError, BackupError, EditError) as error:
        return _stop(error, WRONG_INPUT)
    except KnowledgeError as error:
        return _stop(error, FINDINGS)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return FINE


async def _run(options: argparse.Namespace) -> int:
    settings = load_settings(options.config, os.environ)
    if options.knowledge:
        knowledge = settings.knowledge.model_copy(update={"path": options.knowledge})
        settings = settings.model_copy(update={"knowledge": knowledge})
    command = next(command for command in COMMANDS if command.name == (options.command or "run"))
    is_heard = command.name == "run" or settings.log.level == "debug"  # a terminal shows answers, which say what failed
    level = settings.log.level if is_heard else "error"
    log.set_up(level, secrets_in({**os.environ, "database.url": settings.database.url}))
    module, _, function = command.runs.partition(":")
    run: Run = getattr(import_module(f"bot.commands.{module}"), function)  # a start need not wait for all of them
    return await run(options, settings)


def _stop(error: Exception, code: int) -> int:
    sys.stderr.write(Secrets(secrets_in(os.environ)).hidden_in(f"{error}\n"))
    return code
