"""Edits of knowledge files: only the lines concerned change, every other byte stays.

Whatever the splicing does, the result is read again and must say exactly what was meant, or nothing is changed.
"""

from bot.errors import EditError, KnowledgeError
from bot.library.intended import intended
from bot.library.kinds import Edit, ReplaceFile, Splice
from bot.library.splice import UNSAFE, spliced
from bot.library.strict import Tree, parse_document

BOM = "\ufeff"


def edited(content: bytes, edit: Edit, shown_as: str = "the file") -> bytes:
    """Return the bytes of a file after an edit.

    Args:
        content: the bytes of the file.
        edit: what to change; a file it names is not looked at.
        shown_as: how errors name the file.

    Raises:
        EditError: the edit does not fit the file, changes nothing, or cannot be made safely.
        KnowledgeError: the file, or the one to replace it, is not plain YAML; an anchor, for example.
    """
    try:
        if isinstance(edit, ReplaceFile):
            new = edit.text.encode()
            parse_document(new, shown_as)
        else:
            new = _amended(content, edit, shown_as)
    except UnicodeEncodeError as error:
        raise EditError("the text holds half a character; write it anew") from error
    if new == content:
        raise EditError("that changes nothing: it is already so")
    return new


def _amended(content: bytes, edit: Splice, shown_as: str) -> bytes:
    tree = parse_document(content, shown_as).tree
    wanted = intended(tree, edit)
    text = content.decode()
    mark = BOM if text.startswith(BOM) else ""
    new = (mark + spliced(text.removeprefix(BOM), edit)).encode()
    try:
        found = parse_document(new, shown_as).tree
    except KnowledgeError as error:
        raise EditError(UNSAFE) from error
    if _stripped(found) != _stripped(wanted) or list(found) != list(wanted):
        raise EditError(UNSAFE)
    return new


def _stripped(tree: Tree) -> Tree:
    """Return a tree without the blanks around texts, which no field keeps."""
    match tree:
        case str():
            return tree.strip()
        case list():
            return [_stripped(one) for one in tree]
        case _:
            return {key: _stripped(one) for key, one in tree.items()}
