"""Whether an edit that was made for one version of a file still fits another."""

from bot.errors import EditError, KnowledgeError
from bot.library.edit import edited
from bot.library.intended import touched
from bot.library.kinds import Edit
from bot.library.strict import parse_document


def misfit(edit: Edit, base: bytes, now: bytes, file: str) -> str:
    """Return why an edit does not fit what a file is now, or nothing where it does.

    What the edit puts another text in place of must be as it was, or somebody else's edit would be lost.
    """
    try:
        edited(now, edit, file)
        before, after = parse_document(base, file).tree, parse_document(now, file).tree
    except (EditError, KnowledgeError) as error:
        return str(error)
    same = touched(before, edit) == touched(after, edit)
    return "" if same else "the same place was changed in the meantime"
