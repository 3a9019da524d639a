"""Loads a knowledge folder: which packs, which files, and everything that must hold between them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from bot.errors import KnowledgeError
from bot.library.pack import read_about, read_pack
from bot.model.knowledge import Entry, Library, Pack, Refusal

SUFFIXES = {".yml", ".yaml"}
ELSEWHERE = "elsewhere"  # the class of questions that belong to a pack that is not in use
NO_DRAFTS: Mapping[Path, bytes] = MappingProxyType({})


def load_library(
    folder: Path, wanted: Sequence[str], stats: Collection[str], drafts: Mapping[Path, bytes] = NO_DRAFTS
) -> Library:
    """Load the packs of a knowledge folder.

    A folder that holds YAML files itself is one pack; else every sub-folder is one. Of those, the `wanted` ones are
    loaded, or all where none of them is there; of the others no more than their names is known.

    Args:
        folder: the knowledge folder.
        wanted: ids of packs.
        stats: keys of the statistics an entry may show.
        drafts: what to read in place of files, by their paths: what the library would be.

    Raises:
        KnowledgeError: something in the files is wrong; every problem found is named.
    """
    homes, others = _homes(folder, wanted)
    if not homes:
        raise KnowledgeError([f"{folder}:1: no YAML files here; set knowledge.path to the folder of your packs"])
    problems: list[str] = []
    packs: list[Pack] = []
    for home in homes:
        files = sorted({*_files(home), *(path for path in drafts if path.parent == home)})
        try:
            packs.append(read_pack(home.resolve().name, files, stats, drafts))
        except KnowledgeError as error:
            problems += error.problems
    problems += _clashes(packs)
    if problems:
        raise KnowledgeError(problems)
    return Library({pack.id: pack for pack in packs}, _version(homes, drafts), tuple(_off(others, packs[0])))


def _version(homes: Sequence[Path], drafts: Mapping[Path, bytes]) -> str:
    version = sha256()
    for home in homes:
        for file in sorted({*_files(home), *(path for path in drafts if path.parent == home)}):
            version.update(file.name.encode() + (drafts[file] if file in drafts else file.read_bytes()))
    return version.hexdigest()[:12]


def knowledge_files(folder: Path, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the files `load_library` would load, relative to the folder, with `/`."""
    homes, _ = _homes(folder, wanted)
    return tuple(file.relative_to(folder).as_posix() for home in homes for file in _files(home))


def _files(home: Path) -> list[Path]:
    return sorted(path for path in home.iterdir() if path.suffix.lower() in SUFFIXES and not path.is_dir())


def _homes(folder: Path, wanted: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """Return the folders of the packs to load, in the order they are wanted, and those of the others."""
    if not folder.is_dir():
        return [], []
    if _files(folder):
        return [folder], []
    packs = {path.name: path for path in sorted(folder.iterdir()) if path.is_dir() and _files(path)}
    chosen = [packs[name] for name in wanted if name in packs] or list(packs.values())
    return chosen, [path for path in packs.values() if path not in chosen]


def _clashes(packs: Sequence[Pack]) -> Iterator[str]:
    """Name each entry whose id another pack has too: a button holds nothing but an id."""
    first: dict[str, Entry] = {}
    for pack in packs:
        for entry in pack.entries.values():
            owner = first.setdefault(entry.id, entry)
            if owner is not entry:
                yield f"{entry.origin}: the id '{entry.id}' is taken by {owner.origin}; choose another"


def _off(homes: Sequence[Path], voice: Pack) -> Iterator[Refusal]:
    """Yield what a pack in use says to a question that belongs to one that is not."""
    see = (voice.home,) if voice.home else ()
    for home in homes:
        about = read_about(_files(home))
        if about and about[0].names:
            fields, origin = about
            say = voice.manners.elsewhere.replace("{title}", fields.title)
            yield Refusal(ELSEWHERE, voice.id, fields.title[:48], tuple(fields.names), say, origin, see)
