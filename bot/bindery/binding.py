"""Makes one edition in a process of its own, so that what learning takes of memory goes with it."""

import asyncio

from bot.bindery.bindery import open_bindery
from bot.bindery.shared import with_shared
from bot.bindery.worker import Bound, Order, Spoiled
from bot.edition import Edition, Shelf
from bot.errors import KnowledgeError
from bot.memory import give_back
from bot.model.clock import Clock


async def bind(order: Order, shelf: Shelf, clock: Clock) -> Edition:
    """Return the edition an order leads to, which shares with the one on the shelf.

    Raises:
        KnowledgeError: the files are wrong, or the process ended early.
        OSError: no process can be started.
    """
    async with open_bindery() as bindery:
        await bindery.send(order)
        sheet = await bindery.receive()
    await asyncio.to_thread(give_back)
    match sheet:
        case Bound(library=library, matcher=matcher):
            return Edition(library, with_shared(matcher, shelf.current.matcher.reader), clock())
        case Spoiled(problems=problems):
            raise KnowledgeError(problems)
    raise KnowledgeError(["the process that reads the knowledge ended early"])
