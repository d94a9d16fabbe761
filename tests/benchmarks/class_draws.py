"""A class that draws on the lenet page: how soon the server answers the pen, how often, and what memory it takes.

Every reader has opened the page and asks over the page's own way, as the browser does: one question on its way at a
time, and the next one says the latest. The pen moves every 50 ms (20 updates a second are promised) for 2 s of every
6 s, each reader beginning at another moment: a class does not draw in step. A movement waits from the moment the pen
made it, so a question that had to wait for the one before counts in full. When the pen rests the page is told.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import statistics
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from cnnviz.core.ink import SIDE, Stroke, packed
from tests.benchmarks.reader import Reader
from tests.benchmarks.sessions import resident
from tests.benchmarks.table import Row, p95, printed
from tests.serving import Server, serving

CLASSES = (1, 30, 60)
MOVE, DOWN, ROUND = 0.05, 2.0, 6.0  # seconds between movements, of the pen down, from one drawing to the next
WARM_UP, SECONDS = 9.0, 30.0
AT_ONCE = 4  # readers that open the page at the same moment
PAGE, PART = "lenet", "lenet-live"
POINTS = 3  # of the pen a movement: a mouse tells its place about 60 times a second


@dataclass
class Drawn:
    """What one reader met: seconds from movement to answer, and from putting the pen down to lifting it."""

    waits: list[float] = field(default_factory=list)
    down: float = 0.0


def stroke(number: int) -> Iterator[tuple[int, int]]:
    """The places of a pen on its way, each reader's own curve."""
    turn = random.Random(number)
    wide, high, phase = turn.uniform(40, 90), turn.uniform(60, 100), turn.uniform(0, 6)
    for step in range(10_000):
        angle = step / 18
        x, y = SIDE / 2 + wide * math.sin(angle * 1.3 + phase), SIDE / 2 + high * math.cos(angle)
        yield round(x), round(y)


class Pen:
    """A reader's own way to the server, and the scene it last heard of."""

    def __init__(self, way: ClientConnection, number: int) -> None:
        self.way, self.number, self.edit = way, number, 0
        self.scene: dict[str, Any] = {}
        self.key = ""

    @classmethod
    async def open(cls, url: str, number: int) -> Pen:
        """Connected, and told about the network once."""
        pen = cls(await connect(url.replace("http", "ws", 1) + f"/answers/{PAGE}", max_size=None), number)
        header = head(await pen.ask())
        pen.scene, pen.key = header["scene"], header["key"]
        return pen

    async def ask(self) -> bytes:
        """One question and its answer, packed."""
        self.edit += 1
        await self.way.send(json.dumps({"scene": self.scene, "edit": self.edit, "have": self.key, "lang": "en"}))
        answer = await self.way.recv()
        if not isinstance(answer, bytes) or not answer:
            raise ConnectionError("the server did not take the question for one")
        return answer

    async def draw(self, met: Drawn) -> None:
        """Put the pen down for a while; every movement is asked about as soon as the way is free."""
        places = stroke(self.number + self.edit)
        points = [next(places)]
        start, told = time.perf_counter(), 0
        while (due := start + told * MOVE) < start + DOWN:
            await asyncio.sleep(due - time.perf_counter())
            now = 1 + int((time.perf_counter() - start) / MOVE)
            points += [next(places) for _ in range(POINTS * max(1, now - told))]
            told = max(now, told + 1)
            self.scene["ink"] = packed([Stroke(tuple(points))])
            await self.ask()
            met.waits.append(time.perf_counter() - due)
        met.down += max(DOWN, time.perf_counter() - start)


def head(answer: bytes) -> dict[str, Any]:
    """The header of a packed answer."""
    (length,) = struct.unpack("<I", answer[:4])
    return dict(json.loads(answer[4 : 4 + length]))


async def sit(server: Server, number: int, gate: asyncio.Semaphore, all_here: asyncio.Barrier) -> Drawn:
    """One reader's lesson; what was met in the first moments does not count."""
    async with gate:
        reader = await Reader.arrive(server.url, PAGE)
        pen = await Pen.open(server.url, number)
    await all_here.wait()
    start = time.perf_counter()
    turn, met = start + random.Random(number).uniform(0, ROUND), Drawn()
    while turn < start + WARM_UP + SECONDS:
        await asyncio.sleep(turn - time.perf_counter())
        await pen.draw(met if time.perf_counter() > start + WARM_UP else Drawn())
        await reader.change(PART, {"scene": {"ink": pen.scene["ink"]}, "edit": pen.edit, "have": pen.key})
        turn = max(turn + ROUND, time.perf_counter())
    await pen.way.close()
    await reader.leave()
    return met


async def lesson(server: Server, readers: int) -> list[Drawn]:
    """All readers of a class, drawing once all have come."""
    gate, all_here = asyncio.Semaphore(AT_ONCE), asyncio.Barrier(readers)
    return await asyncio.gather(*(sit(server, number, gate, all_here) for number in range(readers)))


def measure() -> list[Row]:
    """A row for each class, each with a server of its own."""
    return [row for readers in CLASSES for row in _class(readers)]


def _class(readers: int) -> list[Row]:
    with serving() as server:
        before = resident(server.pid)
        met = asyncio.run(lesson(server, readers))
        after = resident(server.pid)
    waits = [1000 * wait for one in met for wait in one.waits]
    rate = len(waits) / sum(one.down for one in met)
    who = f"{readers} readers drawing" if readers > 1 else "one reader drawing"
    note = f"median {statistics.median(waits):.1f} ms, longest {max(waits):.0f}, of {len(waits)} movements"
    return [
        Row(f"{who}, pen to answer, 95th percentile", f"{p95(waits):.3g} ms ({note})"),
        Row(f"{who}, updates a second for each while the pen is down", f"{rate:.1f}/s of {1 / MOVE:g}"),
        Row(f"{who}, memory of the server", f"{after:.0f} MB, {before:.0f} before they came"),
    ]


if __name__ == "__main__":
    print(printed(measure()))
