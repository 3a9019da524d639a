"""A PostgreSQL of the tests' own: a throw-away cluster on a socket in a folder, from the binaries of this machine."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

DEBIAN = Path("/usr/lib/postgresql")
OWNER = "postgres"  # the server refuses to run as root
MISSING = "there is no PostgreSQL on this machine: apt-get install postgresql"
OPTIONS = {
    "fsync": "off",  # nobody cuts the power of a test
    "shared_buffers": "16MB",
    "max_connections": "40",
    "listen_addresses": "",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; `prefix` makes its owner run a command."""

    programs: Path
    folder: Path
    prefix: Sequence[str]

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs and return what it says."""
        line = [*self.prefix, str(self.programs / program), *arguments]
        done = subprocess.run(line, capture_output=True, text=True, check=False, cwd="/")
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Carry out a statement and return its rows, one a line."""
        return self.run("psql", "-h", str(self.folder), "-U", OWNER, "-d", database, "-AtqXc", statement)

    def new_database(self) -> str:
        """Make an empty database, and return its URL."""
        name = f"t{uuid4().hex}"
        self.sql(f"create database {name} template template0")
        return f"postgresql+asyncpg://{OWNER}@/{name}?host={self.folder}"


def programs() -> Path | None:
    """Return where PostgreSQL's programs are, the newest of Debian's where there are several."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parent.parent.name))
    return debian[-1].parent if debian else None


@contextmanager
def cluster() -> Iterator[Cluster | None]:
    """Give a server that is gone afterwards; None where there is no PostgreSQL, or nobody who may run it."""
    found = programs()
    is_root = os.geteuid() == 0
    if found is None or (is_root and not _is_there(OWNER)):
        yield None
        return
    with TemporaryDirectory(prefix="pg", dir="/tmp") as made:  # a socket's path must be short
        folder = Path(made)
        if is_root:
            shutil.chown(folder, OWNER)
        server = Cluster(found, folder, ("runuser", "-u", OWNER, "--") if is_root else ())
        data = str(folder / "data")
        server.run("initdb", "-D", data, "-U", OWNER, "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        options = " ".join(f"-c {name}='{value}'" for name, value in OPTIONS.items())
        server.run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", f"{options} -k {folder}", "start")
        try:
            yield server
        finally:
            server.run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def _is_there(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
