"""A thousand readers come, change something and go: does the server's memory stay where it was?"""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.benchmarks.crowd import PAGE, PART, change
from tests.benchmarks.reader import Reader
from tests.benchmarks.table import Row
from tests.serving import Server, serving

SESSIONS, SETTLED, AT_ONCE, CHANGES = 1000, 300, 4, 3
MOST_GROWTH = 1.1


def resident(pid: int) -> float:
    """Megabytes of memory the process holds."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


async def one(server: Server, number: int) -> None:
    """A reader's stay."""
    reader = await Reader.arrive(server.url, PAGE)
    for turn in range(CHANGES):
        await reader.change(PART, change(number + turn))
    await reader.leave()


async def many(server: Server, first: int, last: int) -> None:
    """Readers first to last, a few at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def stay(number: int) -> None:
        async with gate:
            await one(server, number)

    await asyncio.gather(*(stay(number) for number in range(first, last)))


def measure() -> list[Row]:
    """Memory after a thousand sessions over memory once it has settled; Streamlit itself keeps the last 128."""
    with serving() as server:
        at_first = resident(server.pid)
        asyncio.run(many(server, 0, SETTLED))
        settled = resident(server.pid)
        asyncio.run(many(server, SETTLED, SESSIONS))
        at_last = resident(server.pid)
    note = f"{at_first:.0f} MB at first, {settled:.0f} after {SETTLED}, {at_last:.0f} after {SESSIONS}"
    return [
        Row.at_most(
            f"memory after {SESSIONS} sessions, of that after {SETTLED}", at_last / settled, MOST_GROWTH, "x", note
        )
    ]
