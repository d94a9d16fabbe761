"""One picture being painted, under the pixel writer `raster`: leaves of a drawing come in, pixels change.

Shapes are snapped to whole pixels, so that lines are crisp; letters and round corners keep their smooth edges.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

from PIL import Image, ImageDraw

from cnnviz.figures import fonts
from cnnviz.figures.drawing import Anchor, Hatch, Leaf, Line, Raster, Rect, Run, Text
from cnnviz.figures.glyphs import sign_mask

_SHADES = [round(level / 17) * 17 for level in range(256)]  # 16 shades look like 256, and suit the palette of a GIF
_FAUX_BOLD = 0.022  # the bundled font has one weight: bold is its outline this much thicker, in units of the size


class Box(NamedTuple):
    """Whole pixels: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: Box) -> bool:
        """Whether the two share a pixel."""
        left, top, right, bottom = self
        return left < other[2] and other[0] < right and top < other[3] and other[1] < bottom

    def union(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(*map(min, self[:2], other[:2]), *map(max, self[2:], other[2:]))


def bounds(leaf: Leaf, scale: int = 1) -> Box:
    """A box of whole pixels that holds everything the leaf paints.

    >>> bounds(Rect(1, 1, 4, 4, stroke="#000000", stroke_width=2))
    Box(left=-1, top=-1, right=7, bottom=7)
    """
    if isinstance(leaf, Line):
        xs, ys, edge = (leaf.x1, leaf.x2), (leaf.y1, leaf.y2), leaf.stroke_width / 2 + 1
    elif isinstance(leaf, Text):
        wide = fonts.line_width(leaf.runs, leaf.size * scale) / scale
        left = leaf.x - wide * _SHIFT[leaf.anchor]
        xs, ys, edge = (left, left + wide), (leaf.y - leaf.size, leaf.y + 0.35 * leaf.size), 2.0
    else:
        xs, ys = (leaf.x, leaf.x + leaf.width), (leaf.y, leaf.y + leaf.height)
        edge = leaf.stroke_width / 2 + 1 if isinstance(leaf, Rect) and leaf.stroke else 0.0
    low, high = (min(xs) - edge, min(ys) - edge), (max(xs) + edge, max(ys) + edge)
    return Box(*(floor(v * scale) for v in low), *(ceil(v * scale) for v in high))


_SHIFT = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}


def snap(value: float) -> int:
    """Halves go up everywhere, so that equal strokes stay equally wide wherever they lie."""
    return floor(value + 0.5)


class Canvas:
    """A picture, its scale, and the pixel of the whole that is its top left."""

    def __init__(self, image: Image.Image, scale: int, left: int = 0, top: int = 0) -> None:
        self.image, self.scale, self.left, self.top = image, scale, left, top
        self.pen = ImageDraw.Draw(image)

    def paint(self, leaf: Leaf) -> None:
        """Paint one leaf; what lies outside is cut off."""
        match leaf:
            case Rect():
                self._rect(leaf)
            case Line():
                self._line(leaf)
            case Hatch():
                self._hatch(leaf)
            case Text():
                self._text(leaf)
            case Raster():
                self._raster(leaf)

    def _edges(self, x: float, y: float, width: float, height: float) -> Box:
        s = self.scale
        return Box(
            snap(x * s) - self.left,
            snap(y * s) - self.top,
            snap((x + width) * s) - self.left,
            snap((y + height) * s) - self.top,
        )

    def _fill(self, box: Box, ink: str) -> None:
        if box.right > box.left and box.bottom > box.top:
            self.pen.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill=ink)

    def _rect(self, rect: Rect) -> None:
        box = self._edges(rect.x, rect.y, rect.width, rect.height)
        if rect.radius:
            self._rounded(rect, box)
            return
        if rect.fill:
            self._fill(box, rect.fill)
        if rect.stroke:
            thick = max(1, snap(rect.stroke_width * self.scale))
            for bar, level in _bars(box, thick):
                for part in _dashes(bar, level, rect.dash, self.scale):
                    self._fill(part, rect.stroke)

    def _rounded(self, rect: Rect, box: Box) -> None:
        thick = rect.stroke_width * self.scale if rect.stroke else 0.0
        corner, size = rect.radius * self.scale, (box.right - box.left, box.bottom - box.top)
        whole, edge = _rounded_masks(size, corner, thick)
        if rect.fill:
            self.image.paste(rect.fill, box, whole)
        if rect.stroke:
            self.image.paste(rect.stroke, box, edge)

    def _line(self, line: Line) -> None:
        s = self.scale
        thick = max(1, snap(line.stroke_width * s))
        if line.x1 == line.x2 or line.y1 == line.y2:
            left, top, right, bottom = self._edges(*_corner_and_size(line))
            out = thick // 2
            level = Box(left, top - out, right, top - out + thick)
            self._fill(level if line.y1 == line.y2 else Box(left - out, top, left - out + thick, bottom), line.stroke)
            return
        ends = [(line.x1 * s - self.left, line.y1 * s - self.top), (line.x2 * s - self.left, line.y2 * s - self.top)]
        self.pen.line(ends, fill=line.stroke, width=thick)

    def _hatch(self, hatch: Hatch) -> None:
        box, gap = self._edges(hatch.x, hatch.y, hatch.width, hatch.height), snap(hatch.gap * self.scale)
        wide, high = box.right - box.left, box.bottom - box.top
        mask = Image.new("L", (max(wide, 1), max(high, 1)))
        pen = ImageDraw.Draw(mask)
        start = (box.left + self.left + box.top + self.top) % gap  # neighbouring cells continue each other's strokes
        for offset in range(-start, wide + high + gap, gap):
            pen.line([(offset, 0), (offset - high, high)], fill=255, width=self.scale)
        self.image.paste(hatch.stroke, (box.left, box.top), mask)

    def _raster(self, raster: Raster) -> None:
        box = self._edges(raster.x, raster.y, raster.width, raster.height)
        size = (box.right - box.left, box.bottom - box.top)
        picture = Image.fromarray(raster.pixels)
        larger = size[0] >= picture.width and size[1] >= picture.height
        way = Image.Resampling.NEAREST if larger else Image.Resampling.BOX
        self.image.paste(picture.resize(size, way), box[:2])

    def _text(self, text: Text) -> None:
        size = text.size * self.scale
        wide = fonts.line_width(text.runs, size) if text.anchor is not Anchor.START else 0.0
        x = float(snap(text.x * self.scale - wide * _SHIFT[text.anchor]) - self.left)
        y = snap(text.y * self.scale) - self.top
        for run in text.runs:
            x = self._run(run, x, y, size)

    def _run(self, run: Run, x: float, y: int, size: float) -> float:
        """Write a run from pen position x on the baseline y; returns where the pen ends."""
        for piece, font in fonts.pieces(fonts.readable(run), size, run.bold):
            if font is None:
                mask, above = sign_mask(piece, size, run.bold)
                self.image.paste(run.fill, (snap(x), y - above), mask)
            else:
                mask, left, above = _letters(piece, size, run.bold, font, round(x % 1 * 4) / 4)
                self.image.paste(run.fill, (int(x // 1) + left, y + above), mask)
            x += fonts.width(piece, size, run.bold)
        return x


@lru_cache(maxsize=8192)
def _letters(text: str, size: float, bold: bool, font: fonts.Font, shift: float) -> tuple[Image.Image, int, int]:
    """Coverage of a piece of text `shift` of a pixel right of the pen, and where its left top lies from the pen.

    Films draw the same numbers again and again: they are drawn once, then pasted.
    """
    heavier = size * _FAUX_BOLD if bold and font is fonts.latin(size) else 0.0
    left, top, right, bottom = font.getbbox(text, anchor="ls", stroke_width=heavier)
    left, top = floor(left) - 1, floor(top) - 1
    mask = Image.new("L", (ceil(right) + 2 - left, ceil(bottom) + 1 - top))
    pen = ImageDraw.Draw(mask)
    pen.text((shift - left, -top), text, fill=255, font=font, anchor="ls", stroke_width=heavier)
    return mask.point(_SHADES), left, top


@lru_cache(maxsize=16)
def _rounded_masks(size: tuple[int, int], corner: float, thick: float) -> tuple[Image.Image, Image.Image]:
    """Coverage of a round-cornered box and of its stroke: drawn larger and averaged, as Pillow's own are stepped."""
    finer = 4
    large = Image.new("L", (size[0] * finer, size[1] * finer))
    pen, inset = ImageDraw.Draw(large), round(thick * finer)
    pen.rounded_rectangle((0, 0, large.width - 1, large.height - 1), corner * finer, fill=255)
    whole = large.reduce(finer)
    pen.rounded_rectangle(
        (inset, inset, large.width - 1 - inset, large.height - 1 - inset), corner * finer - inset, fill=0
    )
    return whole, large.reduce(finer)


def _corner_and_size(line: Line) -> tuple[float, float, float, float]:
    left, top = min(line.x1, line.x2), min(line.y1, line.y2)
    return left, top, abs(line.x2 - line.x1), abs(line.y2 - line.y1)


def _bars(box: Box, thick: int) -> list[tuple[Box, bool]]:
    """The four sides of a stroke astride a box, each with whether it is level; corners belong to the level ones."""
    out = thick // 2
    left, top, right, bottom = box.left - out, box.top - out, box.right - out + thick, box.bottom - out + thick
    return [
        (Box(left, top, right, top + thick), True),
        (Box(left, bottom - thick, right, bottom), True),
        (Box(left, top + thick, left + thick, bottom - thick), False),
        (Box(right - thick, top + thick, right, bottom - thick), False),
    ]


def _dashes(bar: Box, level: bool, dash: tuple[float, float] | None, scale: int) -> Iterator[Box]:
    if dash is None:
        yield bar
        return
    on, off = (max(1, snap(part * scale)) for part in dash)
    start, end = (bar.left, bar.right) if level else (bar.top, bar.bottom)
    for place in range(start, end, on + off):
        stop = min(place + on, end)
        yield Box(place, bar.top, stop, bar.bottom) if level else Box(bar.left, place, bar.right, stop)
