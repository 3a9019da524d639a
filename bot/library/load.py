"""Loads a knowledge folder: which packs, which files, and everything that must hold between them."""

from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from bot.errors import KnowledgeError
from bot.library.pack import read_pack
from bot.model.knowledge import Library, Pack

SUFFIXES = {".yml", ".yaml"}


def load_library(folder: Path, wanted: Sequence[str], stats: Collection[str]) -> Library:
    """Load the packs of a knowledge folder.

    A folder that holds YAML files itself is one pack; else every sub-folder is one. Of those, the `wanted` ones are
    loaded, or all where none of them is there.

    Args:
        folder: the knowledge folder.
        wanted: ids of packs.
        stats: keys of the statistics an entry may show.

    Raises:
        KnowledgeError: something in the files is wrong; every problem found is named.
    """
    homes = list(_homes(folder, wanted))
    if not homes:
        raise KnowledgeError([f"{folder}:1: no YAML files here; set knowledge.path to the folder of your packs"])
    problems: list[str] = []
    packs: list[Pack] = []
    version = sha256()
    for home in homes:
        files = _files(home)
        for file in files:
            version.update(file.name.encode() + file.read_bytes())
        try:
            packs.append(read_pack(home.resolve().name, files, stats))
        except KnowledgeError as error:
            problems += error.problems
    if problems:
        raise KnowledgeError(problems)
    return Library({pack.id: pack for pack in packs}, version.hexdigest()[:12])


def _files(home: Path) -> list[Path]:
    return sorted(path for path in home.iterdir() if path.suffix in SUFFIXES and path.is_file())


def _homes(folder: Path, wanted: Sequence[str]) -> Iterator[Path]:
    if not folder.is_dir():
        return
    if _files(folder):
        yield folder
        return
    packs = {path.name: path for path in sorted(folder.iterdir()) if path.is_dir() and _files(path)}
    yield from ([packs[name] for name in wanted if name in packs] or packs.values())
