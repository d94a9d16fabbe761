"""A class of sixty in the kernel lab, each changing it every two seconds: how long the server takes to answer."""

from __future__ import annotations

import asyncio
import random
import statistics

from tests.benchmarks.reader import Reader
from tests.benchmarks.table import Row, p95
from tests.serving import Server, serving

READERS, SECONDS_BETWEEN, SECONDS, WARM_UP = 60, 2.0, 30.0, 8.0
PAGE, PART = "kernels", "kernel-lab"
KERNELS = ("sobel_x", "sobel_y", "laplacian_4", "gaussian_5", "sharpen", "emboss", "box_3", "scharr_x")


def change(turn: int) -> dict[str, object]:
    """What the lab sends when another kernel is chosen; never the same twice in a row."""
    return {"scene": {"kernel": KERNELS[turn % len(KERNELS)], "bias": (turn % 7) / 10}, "edit": turn}


async def sit(url: str, number: int, until: float) -> list[float]:
    """One reader: the seconds each change took, after the first moments."""
    loop = asyncio.get_running_loop()
    reader = await Reader.arrive(url, PAGE)
    await asyncio.sleep(random.Random(number).uniform(0, SECONDS_BETWEEN))
    start, taken, turn = loop.time(), [], number
    while loop.time() < until:
        seconds = await reader.change(PART, change(turn))
        turn += 1
        if loop.time() > until - SECONDS:
            taken.append(seconds)
        start = max(start + SECONDS_BETWEEN, loop.time())
        await asyncio.sleep(start - loop.time())
    await reader.leave()
    return taken


async def crowd(server: Server, readers: int) -> list[float]:
    """Every change of every reader."""
    until = asyncio.get_running_loop().time() + WARM_UP + SECONDS
    lists = await asyncio.gather(*(sit(server.url, number, until) for number in range(readers)))
    return [seconds for one in lists for seconds in one]


def measure() -> list[Row]:
    """The 95th percentile for the class, beside one reader alone."""
    with serving() as server:
        alone = asyncio.run(crowd(server, 1))
        together = asyncio.run(crowd(server, READERS))
    note = f"median {1000 * statistics.median(together):.0f} ms of {len(together)} changes"
    note += f"; one reader alone {1000 * statistics.median(alone):.0f} ms"
    what = f"{READERS} readers in the kernel lab, a change every {SECONDS_BETWEEN:g} s each, 95th percentile"
    return [Row.at_most(what, 1000 * p95(together), 150, " ms", note)]
