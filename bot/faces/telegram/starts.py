"""What `/start` opens: a table of the kinds of start parameters, by what they begin with."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import Update

from bot.faces.telegram.face import Context, Face
from bot.faces.telegram.links import ANSWER, read_answer
from bot.model.fingerprint import fingerprint
from bot.model.reply import Note, Reply

UNKNOWN = "I do not know that link; ask me in your own words."
GONE = "The answer that this link led to is no longer there."
CHANGED = "This answer has changed since it was shared."

Start = Callable[[Face, Update, str], Awaitable[bool]]


async def open_answer(face: Face, update: Update, parameter: str) -> bool:
    """Show the answer that was shared, and say so where it is not what it was or not there at all."""
    shared = read_answer(parameter)
    if shared is None:
        return False
    outcome = await face.pipeline.entry(shared.entry)
    entry = face.pipeline.library.entry(shared.entry)
    if entry is None or outcome is None or outcome.reply is None:
        await _welcome(face, update, GONE)
        return True
    notes = (Note(CHANGED),) if shared.is_changed(fingerprint(entry)) else ()
    await face.show(update, Reply((*notes, *outcome.reply.blocks), outcome.reply.buttons))
    return True


STARTS: Mapping[str, Start] = {
    ANSWER: open_answer,
}


async def start(face: Face, update: Update, context: Context) -> None:
    """Answer `/start`, alone or with what stood behind a link; what nobody knows is a welcome with a sentence."""
    parameter = " ".join(context.args or ())
    if not parameter:
        await face.welcome(update, context)
        return
    known = next((open_ for prefix, open_ in STARTS.items() if parameter.startswith(prefix)), None)
    if known is None or not await known(face, update, parameter):
        await _welcome(face, update, UNKNOWN)


async def _welcome(face: Face, update: Update, sentence: str) -> None:
    welcome = face.pipeline.composer.welcome()
    await face.show(update, Reply((Note(sentence), *welcome.blocks), welcome.buttons))
