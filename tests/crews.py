"""Programs that share a PostgreSQL, several of them in this one."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from bot.model.clock import Clock, utc_now
from bot.store import Crew, Store, open_store
from bot.store.crew import Tempo

QUICK = Tempo(look=0.02)
DEAF = Tempo(look=3600.0)  # looks when it is told to, and comes back from nowhere


@asynccontextmanager
async def open_crew(
    url: str, count: int = 2, clock: Clock = utc_now, tempo: Callable[[int], Tempo] = lambda _: QUICK
) -> AsyncIterator[list[tuple[Store, Crew]]]:
    """Give the stores of several programs, and the crew as each of them sees it."""
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(open_store(url, clock)) for _ in range(count)]
        yield [(store, Crew(store._engine, clock, tempo(number))) for number, store in enumerate(stores)]
