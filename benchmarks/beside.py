"""What goes on beside a running bot: somebody edits its knowledge, somebody makes backups; for the benchmarks."""

import asyncio
import sqlite3
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from zipfile import ZipFile

from benchmarks.running import Program

EDIT = 1.0  # seconds between two edits


@dataclass(slots=True)
class Editor:
    """Somebody who saves an entry of the knowledge again and again, as editors do."""

    folder: Path
    saved: int = 0

    async def run(self) -> None:
        """Save for ever."""
        for number in count():
            await asyncio.sleep(EDIT)
            text = f"sponges:\n  ask: [where do i find sponges]\n  verdict: They were moved {number} times.\n"
            new = self.folder / "sponges.yml.new"
            new.write_text(text, "utf-8")
            new.replace(self.folder / "sponges.yml")
            self.saved += 1


@dataclass(slots=True)
class Keeper:
    """Somebody who makes backups of the running bot; `files` are those that were finished."""

    home: Path
    program: Program
    files: list[Path] = field(default_factory=list)

    async def run(self) -> None:
        """Make one after the other for ever."""
        for number in count():
            file = self.home / f"backup{number}.zip"
            command = ("-m", "bot", "backup", str(file))
            making = Program(command, self.program.environment, self.home / "backups.txt")
            await making.start()
            assert making.process  # noqa: S101 - it was started
            if await making.process.wait() == 0:
                self.files.append(file)

    def broken(self) -> int:
        """Return how many of the files do not hold a whole database."""
        return sum(not self._is_whole(file) for file in self.files)

    def _is_whole(self, file: Path) -> bool:
        with ZipFile(file) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".db"))
            copy = Path(archive.extract(name, self.home / "unpacked"))
        with sqlite3.connect(copy) as database:
            return bool(database.execute("pragma integrity_check").fetchone() == ("ok",))
