"""Commits a knowledge file with Git, where its folder is in a work tree; failing is no reason to stop."""

import asyncio
import os
import re
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import structlog

from bot.model.version import Version

PATIENCE = timedelta(seconds=30)
_FORBIDDEN = re.compile(r"[<>\x00-\x1f\x7f]")  # in a name, as Git writes it
SETTINGS = {
    "GIT_COMMITTER_NAME": "Knowledge",
    "GIT_COMMITTER_EMAIL": "knowledge@bot.invalid",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
}

log = structlog.get_logger()


async def commit_file(path: Path, version: Version, patience: timedelta = PATIENCE) -> bool:
    """Commit one file, and nothing else that may be staged, in the name of the version's editor.

    Returns:
        Whether it was committed; if not, a line is logged.
    """
    target = await asyncio.to_thread(path.resolve)
    name = _FORBIDDEN.sub("", version.editor.name).strip() or "unknown"
    author = f"--author={name} <{version.editor.id}@telegram.invalid>"
    message = f"--message={_FORBIDDEN.sub(' ', version.what).strip() or 'Change the knowledge'}"
    steps = (
        ("add", "--", target.name),
        ("commit", "--quiet", "--only", "--no-gpg-sign", author, message, "--", target.name),
    )
    for step in steps:
        problem = await _problem(target.parent, step, patience)
        if problem:
            log.warning("knowledge.not_committed", step=step[0], reason=problem)
            return False
    return True


async def _problem(folder: Path, arguments: Sequence[str], patience: timedelta) -> str:
    """Run Git in a folder; return why it failed, or nothing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | SETTINGS
    try:
        git = await asyncio.create_subprocess_exec(
            "git", *arguments, cwd=folder, env=environment, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
        )
    except OSError as error:
        return f"git cannot be started: {error.strerror}"
    try:
        async with asyncio.timeout(patience.total_seconds()):
            _, said = await git.communicate()
    except TimeoutError:
        git.kill()
        await git.wait()
        return "git took too long"
    return "" if git.returncode == 0 else said.decode(errors="replace").partition("\n")[0] or f"code {git.returncode}"
