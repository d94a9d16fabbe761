"""A drawing as strokes: what a pen left, short enough for a link, and the picture of it that a network is shown.

A drawing lies on a square of 256 units. It is packed stroke by stroke: a byte for the pen (bit 7: eraser; the rest its
thickness in units), two for the number of points, the first point as two bytes, then a byte a point for the way to it:
dx + 8 in the upper, dy + 8 in the lower half; 0 says that a point follows as two bytes. `components/lenet/strokes.js`
says the same. Packed drawings come from outside: everything is bounded before it is drawn.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

SIDE = 256
LONGEST = 3000  # letters of a packed drawing
MOST_STROKES = 200
THICKNESS = (8, 60)
NOTHING = "-"
STEP = 7  # the farthest way that one byte says, in units on each axis

Point = tuple[int, int]


@dataclass(frozen=True)
class Stroke:
    """One line of the pen: its points (x, y) from the top left, its thickness in units, whether it rubs out."""

    points: tuple[Point, ...]
    thickness: int = 26
    eraser: bool = False


def packed(strokes: Sequence[Stroke]) -> str:
    """The drawing as text.

    >>> packed([]), packed([Stroke(((10, 10), (12, 17), (100, 17)))])
    ('-', 'GgMACgqvAGQR')
    """
    raw = b"".join(_packed(stroke) for stroke in strokes)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=") if raw else NOTHING


def _packed(stroke: Stroke) -> bytes:
    out = bytearray([stroke.eraser << 7 | stroke.thickness])
    out += len(stroke.points).to_bytes(2, "little")
    before: Point | None = None
    for x, y in stroke.points:
        if before is None:
            out += bytes([x, y])
        else:
            dx, dy = x - before[0], y - before[1]
            near = max(abs(dx), abs(dy)) <= STEP
            out += bytes([(dx + 8) << 4 | (dy + 8)]) if near else bytes([0, x, y])
        before = x, y
    return bytes(out)


def unpacked(text: str) -> tuple[Stroke, ...]:
    """The strokes of a packed drawing; raises ValueError for what is none.

    >>> unpacked("GgMACgqvAGQR")[0].points
    ((10, 10), (12, 17), (100, 17))
    """
    if text == NOTHING:
        return ()
    if len(text) > LONGEST:
        raise ValueError(f"a drawing of {len(text)} letters is longer than {LONGEST}")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as fault:  # binascii.Error is one, and so is the complaint about letters outside ASCII
        raise ValueError("not a packed drawing") from fault
    strokes, at = [], 0
    try:
        while at < len(raw):
            stroke, at = _stroke(raw, at)
            strokes.append(stroke)
    except IndexError as fault:
        raise ValueError("a drawing that breaks off") from fault
    if len(strokes) > MOST_STROKES:
        raise ValueError(f"{len(strokes)} strokes are more than {MOST_STROKES}")
    return tuple(strokes)


def _stroke(raw: bytes, at: int) -> tuple[Stroke, int]:
    """The stroke that begins there, and where the next one does."""
    thickness, count = raw[at] & 0x7F, raw[at + 1] | raw[at + 2] << 8
    if not THICKNESS[0] <= thickness <= THICKNESS[1] or not 1 <= count <= len(raw):
        raise ValueError("a stroke that no pen draws")
    points = [(raw[at + 3], raw[at + 4])]
    eraser, at = bool(raw[at] & 0x80), at + 5
    while len(points) < count:
        way, at = raw[at], at + 1
        if way:
            x, y = points[-1][0] + (way >> 4) - 8, points[-1][1] + (way & 15) - 8
        else:
            x, y, at = raw[at], raw[at + 1], at + 2
        if not (0 <= x < SIDE and 0 <= y < SIDE):
            raise ValueError("a point outside the square")
        points.append((x, y))
    return Stroke(tuple(points), thickness, eraser), at


def drawn(strokes: Sequence[Stroke]) -> npt.NDArray[np.float32]:
    """(256, 256), ink 1 on paper 0, as the browser draws it: round ends and round corners.

    >>> float(drawn([Stroke(((128, 128),), 20)]).sum() // 10)
    34.0
    """
    image = Image.new("L", (SIDE, SIDE))
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        ink, half = 0 if stroke.eraser else 255, stroke.thickness / 2
        pen.line(stroke.points, fill=ink, width=stroke.thickness)
        for x, y in stroke.points:
            pen.ellipse((x - half, y - half, x + half, y + half), fill=ink)
    return np.asarray(image, np.float32) / np.float32(255)


@dataclass(frozen=True)
class InkRule:
    """The rule of a scene's drawing: a packed one, or "-" for an empty sheet.

    >>> InkRule().parse("-")
    '-'
    """

    def parse(self, text: str) -> str:
        return self.accept(text)

    def accept(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValueError("not a drawing")
        unpacked(value)
        return value

    def show(self, value: str) -> str:
        return value
