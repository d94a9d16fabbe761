"""Ten digits drawn by cnnviz itself: what lies on the sheet before a reader takes the pen."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, hypot

from cnnviz.core.ink import SIDE, Point, Stroke, packed

# Corner points on a square of 100, a smooth line through them; a lone "/" lifts the pen.
_DRAWN = """
52,18 34,28 28,52 34,76 50,84 66,74 72,50 66,27 50,18
40,30 54,18 52,50 50,84
30,34 38,20 56,17 68,28 66,44 50,62 30,82 30,82 50,79 74,80
32,24 50,16 66,26 62,42 46,48 46,48 64,54 68,70 52,84 30,78
58,16 44,38 28,58 28,58 50,58 76,56 / 60,34 58,60 56,86
68,18 50,19 36,20 36,20 34,34 33,46 33,46 50,42 66,52 68,68 54,82 32,80
62,16 44,30 34,52 34,70 48,84 64,76 66,62 54,54 36,64
28,22 50,20 72,20 72,20 60,42 50,64 44,86
64,26 50,17 37,26 42,42 58,54 66,70 52,84 36,74 40,58 58,42 66,28 58,18
66,34 54,18 38,24 36,40 50,48 64,38 66,30 66,30 64,56 58,86
"""
THICKNESS = 24
SPACING = 6  # units between two points: one byte says the way


@lru_cache(maxsize=1)
def samples() -> tuple[str, ...]:
    """The ten drawings, packed, 0 to 9.

    >>> len(samples()), max(map(len, samples())) < 300
    (10, True)
    """
    return tuple(packed(_strokes(line)) for line in _DRAWN.strip().splitlines())


def _strokes(line: str) -> list[Stroke]:
    parts = [[tuple(map(float, pair.split(","))) for pair in part.split()] for part in line.split("/")]
    return [Stroke(_line([(p[0] * SIDE / 100, p[1] * SIDE / 100) for p in part]), THICKNESS) for part in parts]


def _line(corners: list[tuple[float, float]]) -> tuple[Point, ...]:
    """Points on a Catmull-Rom curve through the corners; a corner said twice stays sharp."""
    out: list[Point] = []
    ends = [corners[0], *corners, corners[-1]]
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        pieces = max(1, ceil(hypot(end[0] - start[0], end[1] - start[1]) / SPACING))
        for number in range(pieces + 1):
            t = number / pieces
            point = tuple(round(_between(*four, t)) for four in zip(before, start, end, after, strict=True))
            if not out or out[-1] != point:
                out.append((point[0], point[1]))
    return tuple(out)


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
