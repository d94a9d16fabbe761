"""A picture declared as data, between the figures that compose it and the two writers (`svg`, `raster`).

Lengths are CSS pixels, x to the right and y downwards. Primitives are immutable, so frames of one film share
those that do not change, and the raster writer repaints only what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray


class Anchor(Enum):
    """Which end of a text stands at its x; the values are SVG's."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; its stroke lies astride its edge, `dash` is (on, off) or empty for solid."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 1.0
    dash: tuple[float, float] | None = None
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight stroke from (x1, y1) to (x2, y2)."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str
    stroke_width: float = 1.0


@dataclass(frozen=True, slots=True)
class Hatch:
    """Diagonal strokes `gap` apart, clipped to a rectangle: "not used" said without colour."""

    x: float
    y: float
    width: float
    height: float
    stroke: str
    gap: float = 6.0


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one colour and weight; `english` is drawn instead where no font has its glyphs."""

    text: str
    fill: str
    bold: bool = False
    english: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on the baseline y, made of runs that follow each other."""

    x: float
    y: float
    runs: tuple[Run, ...]
    size: float = 14.0
    anchor: Anchor = Anchor.START

    @property
    def string(self) -> str:
        """The line without its colours.

        >>> Text(0, 0, (Run("2", "#000000"), Run("·3", "#000000"))).string
        '2·3'
        """
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A picture in the picture: `pixels` (rows, columns, 3) uint8 stretched over a rectangle.

    Enlarged, its pixels stay squares; shrunk, they are averaged.
    """

    x: float
    y: float
    width: float
    height: float
    pixels: NDArray[np.uint8]
    label: str = ""

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            got = f"{self.pixels.shape} of {self.pixels.dtype}"
            raise ValueError(f"`pixels` must be (rows, columns, 3) of uint8, not {got}")


@dataclass(frozen=True, slots=True)
class Group:
    """Items moved together by (dx, dy)."""

    items: tuple[Item, ...]
    dx: float = 0.0
    dy: float = 0.0


Leaf = Rect | Line | Hatch | Text | Raster
Item = Leaf | Group


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole picture: its size in CSS pixels, its ground, what is painted on it in order, and what it says.

    `title` and `description` are for readers who do not see it: they become SVG's <title> and <desc>.

    >>> Drawing(20, 10, "#ffffff", (Rect(0, 0, 5, 5, fill="#000000"),)).size
    (20, 10)
    """

    width: int
    height: int
    background: str
    items: tuple[Item, ...] = field(default=())
    title: str = ""
    description: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in CSS pixels."""
        return self.width, self.height

    def leaves(self) -> Iterator[Leaf]:
        """Everything painted, in order, groups dissolved."""
        return flatten(self.items)


def flatten(items: Iterable[Item], dx: float = 0.0, dy: float = 0.0) -> Iterator[Leaf]:
    """The leaves of nested groups at their final places.

    >>> [leaf.x for leaf in flatten([Group((Rect(1, 0, 2, 2), Group((Rect(1, 0, 2, 2),), 10)), 100)])]
    [101.0, 111.0]
    """
    for item in items:
        if isinstance(item, Group):
            yield from flatten(item.items, dx + item.dx, dy + item.dy)
        else:
            yield moved(item, dx, dy)


def moved(leaf: Leaf, dx: float, dy: float) -> Leaf:
    """The same leaf elsewhere; itself, not a copy, where it does not move."""
    if not dx and not dy:
        return leaf
    if isinstance(leaf, Line):
        return replace(leaf, x1=leaf.x1 + dx, y1=leaf.y1 + dy, x2=leaf.x2 + dx, y2=leaf.y2 + dy)
    return replace(leaf, x=leaf.x + dx, y=leaf.y + dy)


def line_of(x: float, y: float, text: str, fill: str, size: float, *, bold: bool = False, english: str = "") -> Text:
    """A text of one run, starting at x.

    >>> line_of(0, 12, "input", "#000000", 12).string
    'input'
    """
    return Text(x, y, (Run(text, fill, bold, english),), size)


def centred(x: float, y: float, text: str, fill: str, size: float, *, bold: bool = False) -> Text:
    """A number in the middle of its cell: (x, y) is the cell's centre, digits are about 0.7 of the size tall.

    >>> centred(22, 22, "−3", "#000000", 16).y
    27.6
    """
    return Text(x, round(y + 0.35 * size, 2), (Run(text, fill, bold),), size, Anchor.MIDDLE)
