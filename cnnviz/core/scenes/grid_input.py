"""The small input of a page with a step player: a pattern, a painted grid or a piece of a picture, as Scene fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.patterns import PATTERNS, Numbers, pattern, piece
from cnnviz.core.rules import Choice, Grid, Matrix, Several, Switch, Whole
from cnnviz.core.scene import Scene, field
from cnnviz.core.scenes import PICTURE_RULE

LARGEST_INPUT = 32
SOURCES = (*PATTERNS, "hand", "picture")
FALLBACK = "textbook"


@dataclass(frozen=True)
class GridInput(Scene):
    """What the input's numbers are; a page's scene inherits these fields.

    >>> GridInput.from_link({"in": "count", "size": "2,3"}).input().tolist()
    [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    """

    source: str = field(Choice(SOURCES), FALLBACK, link="in")
    size: tuple[int, ...] = field(Several(Whole(1, LARGEST_INPUT), 2), (4, 4))
    seed: int = field(Whole(0, 9999), 0)
    cells: Matrix = field(Grid(LARGEST_INPUT, LARGEST_INPUT, limit=9999), (), link="x")
    picture: str = field(PICTURE_RULE, "cat")
    piece: tuple[int, ...] = field(Several(Whole(0, 1023), 2), (0, 0))
    every: int = field(Whole(1, 32), 4)
    unit: bool = field(Switch(), False)

    def with_cells(self) -> Self:
        """A painted input has the size of its cells; without cells there is nothing painted."""
        if self.source != "hand":
            return replace(self, cells=())
        if not self.cells:
            return replace(self, source=FALLBACK)
        return replace(self, size=(len(self.cells), len(self.cells[0])))

    def input(self, grey: NDArray[np.uint8] | None = None) -> Numbers:
        """The input as float64, shape `size`; `grey` is the picture (H, W) that `source` "picture" takes it from."""
        rows, columns = self.size
        if self.source == "hand":
            return np.array(self.cells, float)
        if self.source != "picture":
            return pattern(self.source, rows, columns, self.seed)
        if grey is None:
            return np.zeros((rows, columns))
        numbers = piece(grey, (self.piece[0], self.piece[1]), self.every, rows, columns)
        return numbers / 255 if self.unit else numbers
