"""A knowledge folder as it was in a revision of git, to compare it with what it is."""

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import ConfigError


@contextmanager
def folder_of(state: str, folder: Path) -> Iterator[Path]:
    """Give the folder named `state`; or a copy of `folder` as it was in that revision, for as long as it is needed.

    Raises:
        ConfigError: there is no git, no such revision, or the folder was not there in it.
    """
    if Path(state).is_dir():
        yield Path(state)
        return
    git = shutil.which("git")
    if not git or state.startswith("-") or not folder.is_dir():
        raise ConfigError(f"'{state}' is not a folder; give two knowledge folders, or a revision of git and a folder")
    command = [git, "-C", str(folder), "archive", "--format=tar", state, "."]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell, and no option of git
    if done.returncode:
        raise ConfigError(f"'{state}' is neither a folder nor a revision of git that holds {folder}; give one of them")
    with TemporaryDirectory() as place, tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        home = Path(place) / folder.resolve().name
        archive.extractall(home, filter="data")
        yield home
