"""How long a GIF of 100 frames takes: a 10 x 10 output of the step player, encoded alone and drawn as well.

Encoding is what stands between painted pictures and the file: the shared palette applied, changes found, compressed
and put together. Times are the thread's own time on a core, so that other programs do not count.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from cnnviz.core.conv import ConvSpec
from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.palette import Theme
from cnnviz.figures.play import Play
from cnnviz.figures.player_frame import Player
from cnnviz.figures.raster import FilmFrame
from cnnviz.media.animation import encode
from cnnviz.media.film import Film
from cnnviz.media.gif import GifWriter, shared_palette
from tests.benchmarks.table import Row

ROUNDS, BAR_MS = 7, 100.0


def main() -> None:
    """Print every figure."""
    for name, value in figures().items():
        print(f"{name:<28} {value:.4g}")


def measure() -> list[Row]:
    """The rows of the table: the bar for encoding, and the whole way from numbers to the file beside it."""
    found = figures()
    note = f"{found['width']:.0f} x {found['height']:.0f} pixels, {found['kilobytes']:.0f} kB"
    return [
        Row.at_most("GIF of 100 frames, encoding", found["encoding, ms"], BAR_MS, " ms", note),
        Row("GIF of 100 frames, drawing and palette too", f"{found['whole, ms']:.3g} ms"),
    ]


def figures() -> dict[str, float]:
    """Median milliseconds over the rounds, after one to warm up, and the size of what was made."""
    drawings = _drawings()
    film = Film(tuple(drawings))
    painted = [FilmFrame(frame.image.copy(), frame.changed) for frame in film.frames()]
    palette = shared_palette(film)

    def encoding() -> bytes:
        writer = GifWriter(film.size, palette)
        for frame, wait in zip(painted, film.ticks(100), strict=True):
            writer.add(frame, wait)
        return writer.close()

    width, height = film.size
    return {
        "frames": len(drawings),
        "width": width,
        "height": height,
        "kilobytes": len(encoding()) / 1000,
        "encoding, ms": _median(encoding),
        "whole, ms": _median(lambda: encode(_drawings(), "gif")),
    }


def _drawings() -> list[Drawing]:
    numbers = np.random.default_rng(0).integers(-9, 10, (10, 10))
    play = Play.of(ConvSpec(3, padding=1), numbers, [[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    return list(Player(play, Theme.LIGHT, Captions()).frames())


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS + 1):
        start = time.thread_time()
        work()
        times.append((time.thread_time() - start) * 1000)
    return statistics.median(times[1:])


if __name__ == "__main__":
    main()
