"""What the pace costs a call that need not wait, and what it keeps of many chats.

`python -m benchmarks.sending [CALLS]`: calls to as many chats, one each, beside the same calls without a pace.
"""

import asyncio
import sys
import tracemalloc
from time import perf_counter
from typing import Any

from bot.faces.telegram.pace import Pace

CALLS = 100_000


async def carried_out(*_: Any) -> bool:
    """Do as if Telegram had answered."""
    await asyncio.sleep(0)
    return True


async def main(calls: int) -> None:
    """Measure and print."""
    begun = perf_counter()
    for chat in range(1, calls + 1):
        await carried_out(chat)
    bare = perf_counter() - begun
    pace = Pace()
    tracemalloc.start()
    begun = perf_counter()
    for chat in range(1, calls + 1):
        await pace.process_request(carried_out, (), {}, "sendMessage", {"chat_id": chat}, None)
    traced, (kept, _) = perf_counter() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    pace = Pace()
    begun = perf_counter()
    for chat in range(1, calls + 1):
        await pace.process_request(carried_out, (), {}, "sendMessage", {"chat_id": chat}, None)
    paced = perf_counter() - begun
    print(f"a call: {1e6 * (paced - bare) / calls:.1f} µs more than without a pace ({calls} calls)")
    print(f"kept after {calls} chats in {traced:.0f} s: {kept / 2**20:.1f} MiB")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS))
