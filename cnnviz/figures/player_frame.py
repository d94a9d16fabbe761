"""The step player as a picture: a layer and its numbers go in, one `Drawing` for each step comes out.

A `Player` lays everything out once; its frames share every item that does not change, so that films repaint only
what does.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.core.step import Reduction, Step
from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Drawing, Item, Rect, Run, Text
from cnnviz.figures.equation import Notation, multiply_add, plain
from cnnviz.figures.grids import (
    Cell,
    Grid,
    current_cell,
    empty_cell,
    padding_cell,
    plain_cell,
    type_size,
    unvisited_cell,
    window_cells,
)
from cnnviz.figures.palette import Role, Theme, colour
from cnnviz.figures.play import Layer, Play
from cnnviz.figures.player_layout import EQUATION, HEADING, MARGIN, PANEL_HEIGHT, Layout, lay_out


def player_frame(
    layer: Layer,
    input: ArrayLike,
    weight: ArrayLike | None = None,
    bias: float = 0.0,
    step: int = 0,
    *,
    theme: Theme = Theme.LIGHT,
    captions: Captions | None = None,
    symbolic: bool = False,
) -> Drawing:
    """The player at one step (counted from 0; negative from the end) of a layer with one channel in and out.

    `input` and `weight` hold the spatial axes only, one or two of them; `weight` is None for pooling.
    Raises InvalidSpec where layer and numbers do not fit, IndexError where there is no such step.

    >>> from cnnviz.core.conv import ConvSpec
    >>> drawing = player_frame(ConvSpec(2), [[1, 2, 3], [4, 5, 6]], [[1, 0], [0, -1]], step=1)
    >>> drawing.description
    'Step 2 of 2 · output [0, 1]: 2·1 + 3·0 + 5·0 + 6·(−1) + 0 = −4'
    """
    return Player(Play.of(layer, input, weight, bias), theme, captions or Captions(), symbolic).frame(step)


class Player:
    """All frames of one play, made when asked for."""

    def __init__(self, play: Play, theme: Theme, captions: Captions, symbolic: bool = False) -> None:
        self.play, self.theme, self.captions = play, theme, captions
        self.layout: Layout = lay_out(play, theme, captions)
        self.notation = Notation(theme, symbolic)
        self._types = {
            id(grid): type_size(grid) for grid in (self.layout.input, self.layout.middle, self.layout.output)
        }

    def __len__(self) -> int:
        return len(self.play.trace)

    def frames(self, steps: Iterable[int] | None = None) -> Iterable[Drawing]:
        """The frames of the given steps, or of all."""
        return (self.frame(step) for step in (range(len(self)) if steps is None else steps))

    def frame(self, number: int) -> Drawing:
        """The picture of a step: the output is filled up to it."""
        step = self.play.trace[number]
        place = self.play.at(step)
        filled = place[0] * self.layout.output.columns + place[1] + 1
        items = (*self._still, *self._output[0][:filled], *self._output[1][filled:], *self._moving(step))
        title = self._title(step).text
        return Drawing(
            self.layout.width, self.layout.height, colour(Role.BACKGROUND, self.theme), items,
            title=title, description=f"{title}: {plain(step)}",
        )  # fmt: skip

    @cached_property
    def _still(self) -> tuple[Item, ...]:
        """What no step changes: headings, notes, the input, the kernel, the panel."""
        layout = self.layout
        words = [Text(x, layout.heading_y, (run,), HEADING) for x, run in layout.headings]
        notes = [Text(x, y, runs, size) for x, y, runs, size in layout.notes]
        line, panel = colour(Role.LINE, self.theme), colour(Role.PANEL, self.theme)
        wide = layout.width - 2 * MARGIN
        box = Rect(MARGIN, layout.panel_y, wide, PANEL_HEIGHT, panel, line, 1.0, radius=10)
        kernel = [] if self.play.kernel is None else self._plain(layout.middle)
        return (*words, *notes, *self._input(), *kernel, box)

    def _plain(self, grid: Grid) -> list[Item]:
        return [plain_cell(grid, at, self._type(grid)) for at in _cells(grid)]

    def _input(self) -> list[Item]:
        """Padding first, so that its dashes never lie over the line of a pixel."""
        grid, play = self.layout.input, self.play
        size, cells = self._type(grid), list(_cells(self.layout.input))
        outside = [padding_cell(grid, at, size) for at in cells if not play.is_inside(at)]
        pixels = [
            unvisited_cell(grid, at, size) if play.is_unvisited(at) else plain_cell(grid, at, size)
            for at in cells
            if play.is_inside(at)
        ]
        return [*outside, *pixels]

    @cached_property
    def _output(self) -> tuple[list[Item], list[Item]]:
        """Every output cell filled, and every one still empty."""
        grid = self.layout.output
        return self._plain(grid), [empty_cell(grid, at) for at in _cells(grid)]

    def _moving(self, step: Step) -> list[Item]:
        layout, play = self.layout, self.play
        grid, panel = layout.input, colour(Role.PANEL, self.theme)
        window = play.window(step)
        fills = {at: panel for at in window if not play.is_inside(at)}
        items: list[Item] = [window_cells(grid, window, fills, self._type(grid), Role.KERNEL)]
        if (winner := play.winner(step)) is not None:
            items.append(current_cell(grid, winner, self._type(grid)))
        items += self._middle(step)
        items.append(current_cell(layout.output, play.at(step), self._type(layout.output)))
        return [*items, *self._panel(step)]

    def _middle(self, step: Step) -> list[Item]:
        """The weights in use where that is not all of them; the window's numbers where there are no weights."""
        grid, play = self.layout.middle, self.play
        if play.kernel is None:
            return self._patch(step)
        used = play.weights(step)
        if len(used) == grid.values.size:
            return []
        return [window_cells(grid, used, {}, self._type(grid), Role.KERNEL)]

    def _patch(self, step: Step) -> list[Item]:
        layout = self.layout
        values = np.full(layout.middle.values.shape, np.nan)
        for at, tap in zip(self.play.weights(step), step.taps, strict=True):
            values[at] = tap.value
        grid = Grid(values, layout.middle.x, layout.middle.y, layout.middle.cell, self.theme, 0.0, layout.input.digits)
        size = self._type(layout.input) * min(1.0, grid.cell / layout.input.cell)
        items: list[Item] = [plain_cell(grid, at, size) for at in _cells(grid)]
        if step.reduction is Reduction.MAX and step.winner is not None:
            items.append(current_cell(grid, self.play.weights(step)[step.winner], size))
        return items

    def _panel(self, step: Step) -> list[Item]:
        x, y = MARGIN + 16, self.layout.panel_y
        room = self.layout.width - 2 * (MARGIN + 16)
        line = multiply_add(step, self.notation, room * 0.97, EQUATION)
        return [Text(x, y + 30, (self._title(step),), HEADING), Text(x, y + 60, line, EQUATION)]

    def _title(self, step: Step) -> Run:
        place = ", ".join(map(str, step.at[1:]))
        number = int(np.ravel_multi_index(self.play.at(step), self.play.output.shape)) + 1
        soft = colour(Role.SOFT, self.theme)
        return self.captions.run("step", soft, True, step=number, steps=len(self), at=f"[{place}]")

    def _type(self, grid: Grid) -> float:
        return self._types[id(grid)]


def _cells(grid: Grid) -> Iterable[Cell]:
    return ((row, column) for row in range(grid.rows) for column in range(grid.columns))
