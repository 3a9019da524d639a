"""Work that goes on beside other work, and ends with it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def meanwhile(*works: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Let some work go on meanwhile, and give it up afterwards; one that fails is no end of the others."""
    tasks = [asyncio.create_task(work()) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
