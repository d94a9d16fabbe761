"""Grids of numbered cells, the part every player figure is made of: an array goes in, drawing items come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from cnnviz.figures import fonts
from cnnviz.figures.drawing import Group, Hatch, Item, Rect, Text, centred
from cnnviz.figures.numbers import number_text
from cnnviz.figures.palette import Role, Theme, colour, signed_cell

Cell = tuple[int, int]
DASH = (3.0, 3.0)
_SMALLEST_TYPE = 6.0
_LARGEST_TYPE = 20.0


@dataclass(frozen=True)
class Grid:
    """Where a grid lies and how its cells look: (rows, columns) cells of `cell` pixels, its top left at (x, y).

    >>> grid = Grid(np.array([[1.0, -2.0]]), x=10, y=20, cell=40, theme=Theme.LIGHT)
    >>> grid.width, grid.height, grid.corner((0, 1)), grid.text((0, 1))
    (80, 40, (50, 20), '−2')
    """

    values: NDArray[np.float64]
    x: int
    y: int
    cell: int
    theme: Theme
    limit: float = 0.0  # ends of the diverging scale; 0 leaves cells uncoloured
    digits: int = 3

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.values.shape[0])

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.values.shape[1])

    @property
    def width(self) -> int:
        """In pixels."""
        return self.columns * self.cell

    @property
    def height(self) -> int:
        """In pixels."""
        return self.rows * self.cell

    def corner(self, at: Cell) -> tuple[int, int]:
        """Top left of a cell."""
        return self.x + at[1] * self.cell, self.y + at[0] * self.cell

    def text(self, at: Cell) -> str:
        """The number as it stands in the cell; empty where there is none (NaN)."""
        value = float(self.values[at])
        return "" if isnan(value) else number_text(value, self.digits)

    def fill(self, at: Cell) -> str:
        """The colour behind a number."""
        return signed_cell(float(self.values[at]), self.limit, self.theme)

    def square(self, at: Cell, fill: str | None, stroke: str | None, thick: float = 1.0) -> Rect:
        """A cell's rectangle."""
        x, y = self.corner(at)
        return Rect(x, y, self.cell, self.cell, fill, stroke, thick)

    def number(self, at: Cell, size: float, role: Role = Role.INK, *, bold: bool = False) -> Text:
        """A cell's number, in its middle; smaller than the others where it is too long for its cell."""
        (x, y), text, ink = self.corner(at), self.text(at), colour(role, self.theme)
        fitting = min(size, self.room / max(fonts.em_width(text, bold), 0.1) // 0.5 / 2)
        return centred(x + self.cell / 2, y + self.cell / 2, text, ink, max(fitting, _SMALLEST_TYPE), bold=bold)

    @property
    def room(self) -> float:
        """How wide a number may be, in pixels."""
        return self.cell - max(3.0, self.cell * 0.17)


def type_size(grid: Grid) -> float:
    """The type size at which every number of a grid fits its cell, powers of ten left aside.

    >>> type_size(Grid(np.array([[1.0]]), 0, 0, 44, Theme.LIGHT))
    16.0
    """
    texts = {grid.text((row, column)) for row in range(grid.rows) for column in range(grid.columns)}
    widest = max([fonts.em_width(text, True) for text in texts if "e" not in text], default=0.1)
    wanted = grid.cell * (0.37 if grid.cell >= 36 else 0.44)
    return max(_SMALLEST_TYPE, min(_LARGEST_TYPE, float(round(wanted)), grid.room / max(widest, 0.1) // 0.5 / 2))


def readable_digits(values: NDArray[np.float64], cell: int, theme: Theme) -> int:
    """How many digits numbers get in cells of this size: three where they are readable, else two."""
    return 3 if type_size(Grid(values, 0, 0, cell, theme)) >= min(10, cell // 3) else 2


def plain_cell(grid: Grid, at: Cell, size: float) -> Group:
    """A cell with its number on its colour, in the thin line of the theme."""
    square = grid.square(at, grid.fill(at), colour(Role.LINE, grid.theme))
    return Group((square, grid.number(at, size)))


def empty_cell(grid: Grid, at: Cell) -> Rect:
    """A cell whose number has not come yet."""
    return grid.square(at, colour(Role.BACKGROUND, grid.theme), colour(Role.LINE, grid.theme))


def padding_cell(grid: Grid, at: Cell, size: float) -> Group:
    """A cell outside the picture: dashed, on the panel colour, its number soft."""
    x, y = grid.corner(at)
    panel, line = colour(Role.PANEL, grid.theme), colour(Role.SOFT, grid.theme)
    square = Rect(x, y, grid.cell, grid.cell, panel, line, 1.0, DASH)
    return Group((square, grid.number(at, size, Role.SOFT)))


def unvisited_cell(grid: Grid, at: Cell, size: float) -> Group:
    """A pixel that no window meets: hatched, its number soft."""
    x, y = grid.corner(at)
    hatch = Hatch(x + 1, y + 1, grid.cell - 1, grid.cell - 1, colour(Role.LINE, grid.theme))
    square = grid.square(at, grid.fill(at), colour(Role.LINE, grid.theme))
    return Group((square, hatch, grid.number(at, size, Role.SOFT)))


def window_cells(grid: Grid, cells: Iterable[Cell], fills: dict[Cell, str], size: float, role: Role) -> Group:
    """The cells under the window: outlined solid in the colour of a role, their numbers bold."""
    ink = colour(role, grid.theme)
    items: list[Item] = []
    for at in cells:
        items += [grid.square(at, fills.get(at) or grid.fill(at), ink, 2.0)]
        items += [grid.number(at, size, bold=True)]
    return Group(tuple(items))


def current_cell(grid: Grid, at: Cell, size: float) -> Group:
    """The output cell of this step: outlined double, its number bold."""
    ink, (x, y) = colour(Role.OUTPUT, grid.theme), grid.corner(at)
    outer = grid.square(at, grid.fill(at), ink, 2.0)
    inner = Rect(x + 3, y + 3, grid.cell - 6, grid.cell - 6, None, ink, 1.0)
    return Group((outer, inner, grid.number(at, size, bold=True)))
