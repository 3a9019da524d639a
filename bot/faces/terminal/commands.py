"""Commands of a conversation in the terminal that ask for more than an answer: `/stats`, `/status`, `/compare fees`."""

from collections.abc import Awaitable, Callable, Mapping

from bot.model.question import Place
from bot.model.reply import Paragraph, Reply
from bot.pipeline import Pipeline
from bot.reply.claims import drift_reply

NO_PICTURES = "A terminal shows no pictures. `python -m bot chart fees 7d` draws one into a file."
Done = Awaitable[Reply | None]


async def _compare(pipeline: Pipeline, topic: str) -> Reply | None:
    return (await pipeline.compare(topic, Place.TERMINAL)).reply


async def _drift(pipeline: Pipeline, _: str) -> Reply:
    return drift_reply(await pipeline.drift(), pipeline.clock())


def _at_once(reply: Callable[[Pipeline], Reply]) -> Callable[[Pipeline, str], Done]:
    async def done(pipeline: Pipeline, _: str) -> Reply:
        return reply(pipeline)

    return done


COMMANDS: Mapping[str, Callable[[Pipeline, str], Done]] = {
    "/start": _at_once(lambda pipeline: pipeline.composer.welcome()),
    "/help": _at_once(lambda pipeline: pipeline.composer.welcome()),
    "/topics": _at_once(lambda pipeline: pipeline.composer.topics(0)),
    "/status": _at_once(lambda pipeline: pipeline.status()),
    "/chart": _at_once(lambda _: Reply((Paragraph(NO_PICTURES),))),
    "/compare": _compare,
    "/drift": _drift,
    "/fees": lambda pipeline, _: pipeline.statistic("fee"),
    "/stats": lambda pipeline, _: pipeline.statistics(),
    "/card": lambda pipeline, _: pipeline.gallery.card(),
}


def commanded(pipeline: Pipeline, text: str) -> Done | None:
    """Return what carries a command out; None where a text is none of these."""
    name, _, said = text.strip().partition(" ")
    command = COMMANDS.get(name.casefold())
    return command(pipeline, said) if command else None
