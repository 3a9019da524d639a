"""The gate for files that people send: a name that is known, text that is plain YAML, nothing else comes in."""

import re
from collections.abc import Collection

from bot.errors import EditError
from bot.library.kinds import ReplaceFile
from bot.library.problems import nearest
from bot.library.strict import MAX_BYTES, parse_document

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\.ya?ml")  # ASCII only: no letter looks like another
_PACK = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def read_upload(name: str, content: bytes, known: Collection[str], pack: str = "") -> ReplaceFile:
    """Return the edit that puts a sent file in a known one's place.

    Args:
        name: as the sender gave it; it is compared with known names, and never used as a path.
        content: the bytes that were sent.
        known: the files of the packs in use, relative to the knowledge folder, with `/`.
        pack: the pack it is for; needed where several have a file of that name.

    Raises:
        EditError: the name is not that of one known file, or the file is too large or empty.
        KnowledgeError: it is not UTF-8 or not plain YAML; with name and line.
    """
    if not _NAME.fullmatch(name):
        raise EditError(
            "a file's name may hold only a-z, 0-9, '-' and '_', and ends in .yml; rename it and send it again"
        )
    if pack and not _PACK.fullmatch(pack):
        raise EditError("that is no name of a pack")
    fitting = [file for file in known if file.rpartition("/")[2] == name and (not pack or _folder(file) == pack)]
    if not fitting:
        names = sorted({file.rpartition("/")[2] for file in known})
        raise EditError(f"'{name}' is not a file of the knowledge{nearest(name, names)}")
    if len(fitting) > 1:
        packs = " or ".join(_folder(file) for file in fitting)
        raise EditError(f"several packs have a '{name}'; say which one it is for: {packs}")
    if len(content) > MAX_BYTES:
        raise EditError(f"'{name}' is larger than {MAX_BYTES:,} bytes; split it by topic")
    if not content.strip():
        raise EditError(f"'{name}' is empty")
    parse_document(content, fitting[0])
    return ReplaceFile(fitting[0], content.decode())


def _folder(file: str) -> str:
    return file.rpartition("/")[0]
