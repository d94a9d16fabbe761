"""Signs of arithmetic drawn by hand for the raster writer, because the bundled font has none of them.

Each is a few strokes in units of the type size, x from the pen, y upwards from the baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, sin, tau

from PIL import Image, ImageDraw

Point = tuple[float, float]

_STEM = 0.075  # stroke width of the bundled font, in units of the size
_BOLD = 1.6
_FINER = 8  # strokes are drawn this much larger, then averaged, so that their edges are smooth


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign: how far the pen moves on, and its polylines."""

    advance: float
    strokes: tuple[tuple[Point, ...], ...]


_LOOP = tuple(
    (0.42 + 0.34 * cos(t) / (1 + sin(t) ** 2), 0.32 + 0.42 * sin(t) * cos(t) / (1 + sin(t) ** 2))
    for t in (tau * step / 48 for step in range(49))
)  # Bernoulli's lemniscate: the sign of infinity

HAND_DRAWN = {
    "∞": Sign(0.84, (_LOOP,)),
    "−": Sign(0.53, (((0.07, 0.32), (0.46, 0.32)),)),
    "×": Sign(0.5, (((0.10, 0.17), (0.40, 0.47)), ((0.10, 0.47), (0.40, 0.17)))),
    "⌊": Sign(0.32, (((0.10, 0.80), (0.10, -0.16), (0.30, -0.16)),)),
    "⌋": Sign(0.32, (((0.22, 0.80), (0.22, -0.16), (0.02, -0.16)),)),
    "⌈": Sign(0.32, (((0.30, 0.80), (0.10, 0.80), (0.10, -0.16)),)),
    "⌉": Sign(0.32, (((0.02, 0.80), (0.22, 0.80), (0.22, -0.16)),)),
    "→": Sign(0.8, (((0.06, 0.32), (0.72, 0.32)), ((0.52, 0.50), (0.72, 0.32), (0.52, 0.14)))),
    "Σ": Sign(0.62, (((0.55, 0.66), (0.10, 0.66), (0.36, 0.34), (0.10, 0.03), (0.56, 0.03)),)),
    "√": Sign(0.62, (((0.04, 0.30), (0.14, 0.36), (0.28, 0.02), (0.48, 0.76), (0.62, 0.76)),)),
    "²": Sign(0.34, (((0.05, 0.62), (0.12, 0.70), (0.22, 0.70), (0.27, 0.62), (0.05, 0.40), (0.29, 0.40)),)),
}
"""The signs by their character; coordinates in units of the type size."""


@lru_cache(maxsize=512)
def sign_mask(character: str, size: float, bold: bool) -> tuple[Image.Image, int]:
    """Coverage of a sign as an "L" picture, and how many pixels above the baseline its top lies.

    >>> mask, above = sign_mask("−", 20.0, False)
    >>> mask.mode, mask.size, above
    ('L', (11, 24), 18)
    """
    sign = HAND_DRAWN[character]
    above, below = round(size * 0.9), round(size * 0.3)
    small = (max(1, round(sign.advance * size)), above + below)
    large = Image.new("L", (small[0] * _FINER, small[1] * _FINER))
    pen, stroke = ImageDraw.Draw(large), max(1.0, size * _STEM * (_BOLD if bold else 1))
    for points in sign.strokes:
        spots = [(x * size * _FINER, (above - y * size) * _FINER) for x, y in points]
        pen.line(spots, fill=255, width=round(stroke * _FINER), joint="curve")
    return large.reduce(_FINER), above
