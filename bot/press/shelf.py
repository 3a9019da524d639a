"""The knowledge folder as its editors see it: which files there are, and whether a change of one would be good."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.errors import EditError, KnowledgeError
from bot.library import load_library
from bot.library.kinds import AddEntry, Edit, ReplaceFile
from bot.library.load import knowledge_files
from bot.library.problems import nearest
from bot.library.strict import parse_document
from bot.press.disk import read_file

NO_ENTRIES = {"pack", "exam"}  # stems of the files whose keys are no ids


@dataclass(frozen=True, slots=True)
class Shelf:
    """A knowledge folder, the ids of the packs in use, and the keys of the statistics an entry may show."""

    folder: Path
    packs: tuple[str, ...]
    stats: Collection[str]

    def path(self, file: str) -> Path:
        """Return where a file lies that is named relative to the folder."""
        return self.folder / file

    def files(self) -> tuple[str, ...]:
        """Return the files of the packs in use, relative to the folder."""
        return knowledge_files(self.folder, self.packs)

    def file_of(self, edit: Edit) -> str:
        """Return the file an edit is about.

        Raises:
            EditError: there is no such file or entry.
        """
        if isinstance(edit, AddEntry | ReplaceFile):
            if edit.file not in self.files():
                raise EditError(f"'{edit.file}' is not a file of the knowledge{nearest(edit.file, [*self.files()])}")
            return edit.file
        files = [file for file in self.files() if Path(file).stem not in NO_ENTRIES]
        ids: list[str] = []
        for file in sorted(files, key=lambda file: Path(file).stem == "refusals"):  # an entry wins over a refusal
            found = self._ids(file)
            if edit.entry in found:
                return file
            ids += found
        raise EditError(f"there is no entry '{edit.entry}'{nearest(edit.entry, ids)}")

    def problems(self, file: str, content: bytes) -> tuple[str, ...]:
        """Return what would be wrong with the knowledge if a file held that, with file:line."""
        try:
            load_library(self.folder, self.packs, self.stats, {self.path(file): content})
        except KnowledgeError as error:
            return tuple(problem.replace(f"{self.folder}/", "") for problem in error.problems)
        return ()

    def _ids(self, file: str) -> list[str]:
        try:
            tree = parse_document(read_file(self.path(file)) or b"", file).tree
        except KnowledgeError:
            return []  # whoever mends it sends the whole file
        return list(tree) if isinstance(tree, dict) else []
