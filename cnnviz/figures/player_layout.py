"""Where everything of a player figure stands: a `Play` goes in, placed grids and the canvas size come out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnnviz.figures import fonts
from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Run
from cnnviz.figures.grids import Grid, readable_digits
from cnnviz.figures.numbers import number_text, sizes
from cnnviz.figures.palette import Role, Theme, colour
from cnnviz.figures.play import Numbers, Play

MARGIN = 24
HEADING = 13.0
NOTE = 13.0
EQUATION = 20.0
PANEL_HEIGHT = 80
_TOP = 56  # of the grids: a heading stands above them
_BETWEEN = 44
_NARROWEST = 720
_FORMULA = 16.0
_LINE = 26


@dataclass(frozen=True)
class Layout:
    """Grids at their places, the words above and below them, and how large it all is."""

    input: Grid
    middle: Grid  # the kernel, or the window where there is none
    output: Grid
    headings: tuple[tuple[float, Run], ...]  # x and words
    notes: tuple[tuple[float, float, tuple[Run, ...], float], ...]  # x, baseline, words, type size
    width: int
    height: int

    @property
    def heading_y(self) -> int:
        """Baseline of the headings."""
        return _TOP - 14

    @property
    def panel_y(self) -> int:
        """Top of the panel with the arithmetic."""
        return self.height - MARGIN - PANEL_HEIGHT


def lay_out(play: Play, theme: Theme, captions: Captions) -> Layout:
    """The layout of a play: input, kernel and output side by side, notes beneath, then the panel."""
    titles = _headings(play, theme, captions)
    middle = play.kernel if play.kernel is not None else _empty_window(play)
    left = _grid(play.padded, MARGIN, _cell(play.padded, 400, 28, 44), theme)
    x = MARGIN + _column(left.width, titles[0]) + _BETWEEN
    between = _grid(middle, x, _cell(middle, 240, 28, 44), theme, signed=play.kernel is not None)
    under_kernel = _kernel_notes(play, theme, captions)
    x += _column(between.width, titles[1], *under_kernel) + _BETWEEN
    right = _grid(play.output, x, _cell(play.output, 400, 28, 56), theme, signed=True)
    formulas = _formulas(play, theme)
    width = max(_NARROWEST, x + _column(right.width, titles[2], *formulas, size=_FORMULA) + MARGIN)
    under_input = [captions.run("unvisited", colour(Role.SOFT, theme))] if play.unvisited.any() else []
    notes = (
        *_stacked(left, [(run,) for run in under_input], NOTE),
        *_stacked(between, [(run,) for run in under_kernel], NOTE),
        *_stacked(right, formulas, _FORMULA),
    )
    bottom = max([grid.y + grid.height for grid in (left, between, right)] + [round(note[1]) + 6 for note in notes])
    headings = tuple((float(grid.x), run) for grid, run in zip((left, between, right), titles, strict=True))
    height = bottom + 20 + PANEL_HEIGHT + MARGIN
    return Layout(left, between, right, headings, notes, width + width % 2, height + height % 2)


def _grid(values: Numbers, x: int, cell: int, theme: Theme, *, signed: bool = False) -> Grid:
    limit = float(np.nanmax(np.abs(values))) if signed and np.isfinite(values).any() else 0.0
    return Grid(values, x, _TOP, cell, theme, limit, readable_digits(values, cell, theme))


def _cell(values: Numbers, room: int, smallest: int, largest: int) -> int:
    """The side of a cell so that a grid about fits its room; never too small for its numbers."""
    longest = int(max(values.shape))
    return max(smallest, min(largest, (room if longest < 10 else room * 5 // 6) // longest))


def _column(grid_width: int, *lines: Run | tuple[Run, ...], size: float = HEADING) -> int:
    """How wide a column is: its grid, or the longest of its lines."""
    runs = [(line,) if isinstance(line, Run) else line for line in lines]
    return max(grid_width, *(int(fonts.line_width(line, size) * 1.04) + 1 for line in runs), 0)


def _headings(play: Play, theme: Theme, captions: Captions) -> tuple[Run, Run, Run]:
    top, bottom, left, right = play.amount
    padding = _padding_text(top, bottom, left, right)
    first = captions.run(
        "padded" if padding else "input", colour(Role.INPUT, theme), True, size=sizes(play.size), padding=padding
    )
    name, shape = ("kernel", play.kernel.shape) if play.kernel is not None else ("window", _empty_window(play).shape)
    middle = captions.run(name, colour(Role.KERNEL, theme), True, size=sizes(shape))
    last = captions.run("output", colour(Role.OUTPUT, theme), True, size=sizes(play.output.shape))
    return first, middle, last


def _padding_text(top: int, bottom: int, left: int, right: int) -> str:
    """The amount of padding as short as it can be said; empty where there is none.

    >>> _padding_text(1, 1, 1, 1), _padding_text(1, 1, 2, 2), _padding_text(0, 1, 0, 0), _padding_text(0, 0, 0, 0)
    ('1', '1 × 2', '(0, 1) × (0, 0)', '')
    """
    if not top + bottom + left + right:
        return ""
    rows, columns = ((str(a) if a == b else f"({a}, {b})") for a, b in ((top, bottom), (left, right)))
    if top == bottom and left == right:
        return rows if rows == columns else f"{rows} × {columns}"
    return f"({top}, {bottom}) × ({left}, {right})"


def _empty_window(play: Play) -> Numbers:
    """The grid of a pooling window, waiting for the numbers of a step."""
    places = [place for step in play.trace for place in play.weights(step)]
    return np.full([1 + max((place[axis] for place in places), default=0) for axis in (0, 1)], np.nan)


def _kernel_notes(play: Play, theme: Theme, captions: Captions) -> list[Run]:
    if play.kernel is None:
        return []
    soft = colour(Role.SOFT, theme)
    notes = [captions.run("bias", soft, bias=number_text(play.trace[0].bias))]
    return [*notes, captions.run("flipped", soft)] if play.flipped else notes


def _formulas(play: Play, theme: Theme) -> list[tuple[Run, ...]]:
    """The output size worked out: one line where both axes agree, else one each."""
    roles = {"size": Role.INPUT, "kernel_size": Role.KERNEL, "output": Role.OUTPUT}
    lines = [
        tuple(
            Run(term.text, colour(roles.get(term.name or "", Role.INK), theme), term.name == "output")
            for term in derivation.terms
        )
        for derivation in play.derivations
    ]
    return lines if len({"".join(run.text for run in line) for line in lines}) > 1 else lines[:1]


def _stacked(
    grid: Grid, lines: list[tuple[Run, ...]], size: float
) -> list[tuple[float, float, tuple[Run, ...], float]]:
    """Lines of words under a grid."""
    first = grid.y + grid.height + _LINE
    return [(float(grid.x), float(first + number * _LINE), runs, size) for number, runs in enumerate(lines)]
