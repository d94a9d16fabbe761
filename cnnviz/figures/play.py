"""What a step player shows, before anything is drawn: a layer and its numbers go in, grids and steps come out.

Where a window lies is asked of the layer's `Step`s and nothing else. One dimension is shown as a grid of one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.arithmetic import Derivation
from cnnviz.core.conv import ConvSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.step import Step, Tap, Trace
from cnnviz.core.transposed import TransposedConvSpec
from cnnviz.core.unpool import Unpooling

Weightless = PoolSpec | AdaptivePoolSpec | Unpooling
Layer = ConvSpec | TransposedConvSpec | Weightless
Cell = tuple[int, int]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Play:
    """One channel of a layer at work. Arrays are 2-D, float64.

    `padded` is the input with its padding, its first pixel at the cell `origin`; `output` is filled completely, a
    frame shows a part of it. `kernel` is None for pooling.

    >>> play = Play.of(ConvSpec(2, padding=1), [[1, 2], [3, 4]], [[1, 0], [0, 1]])
    >>> play.padded.shape, play.origin, play.output.tolist()
    ((4, 4), (1, 1), [[1.0, 2.0, 0.0], [3.0, 5.0, 2.0], [0.0, 3.0, 4.0]])
    >>> play.window(play.trace[0])
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """

    trace: Trace
    padded: Numbers
    origin: Cell
    size: Cell
    amount: tuple[int, int, int, int]  # of padding: top, bottom, left, right; what hangs over the end is not counted
    unvisited: NDArray[np.bool_]
    kernel: Numbers | None
    output: Numbers
    derivations: tuple[Derivation, ...]
    flipped: bool

    @classmethod
    def of(cls, layer: Layer, input: ArrayLike, weight: ArrayLike | None = None, bias: float = 0.0) -> Play:
        """The play of a layer with one channel in and out; `input` and `weight` hold its spatial axes only.

        Raises InvalidSpec where layer and numbers do not fit together.
        """
        numbers = np.asarray(input, float)
        trace, kernel = _trace(layer, numbers, weight, bias)
        padded, origin = _padded(layer, numbers, trace)
        return cls(
            trace=trace,
            padded=padded,
            origin=origin,
            size=_rows_columns(_plane(numbers)),
            amount=_amount(layer, numbers.shape),
            unvisited=_unvisited(layer, numbers.shape),
            kernel=kernel,
            output=_plane(np.array([step.total for step in trace]).reshape(trace.shape[1:])),
            derivations=tuple(layer.derivation(numbers.shape)),
            flipped=isinstance(layer, ConvSpec) and layer.flip,
        )

    def is_inside(self, at: Cell) -> bool:
        """Whether a cell of `padded` is a pixel of the input."""
        return all(0 <= place - first < size for place, first, size in zip(at, self.origin, self.size, strict=True))

    def is_unvisited(self, at: Cell) -> bool:
        """Whether it is a pixel that no window meets."""
        return self.is_inside(at) and bool(self.unvisited[at[0] - self.origin[0], at[1] - self.origin[1]])

    def window(self, step: Step) -> list[Cell]:
        """The cells of `padded` under the window of a step."""
        return [self._cell(tap) for tap in step.taps]

    def winner(self, step: Step) -> Cell | None:
        """For max pooling, the cell that was taken."""
        return None if step.winner is None else self._cell(step.taps[step.winner])

    def weights(self, step: Step) -> list[Cell]:
        """The cells of the kernel, or of the pooling window, that a step uses."""
        return [_flat(tap.weight_index[-len(tap.position) :]) for tap in step.taps]

    def at(self, step: Step) -> Cell:
        """The cell of `output` that a step fills."""
        return _flat(step.at[1:])

    def _cell(self, tap: Tap) -> Cell:
        row, column = _flat(tap.position)
        return row + self.origin[0], column + self.origin[1]


def _plane(values: NDArray[np.float64]) -> Numbers:
    return np.atleast_2d(values)


def _rows_columns(plane: Numbers) -> Cell:
    return int(plane.shape[0]), int(plane.shape[1])


def _flat(index: Sequence[int]) -> Cell:
    """A spatial index as (row, column); in one dimension the row is 0."""
    return (0, index[0]) if len(index) == 1 else (index[0], index[1])


def _trace(layer: Layer, numbers: Numbers, weight: ArrayLike | None, bias: float) -> tuple[Trace, Numbers | None]:
    if isinstance(layer, Weightless):
        return layer.trace(numbers[None]), None
    kernel = np.asarray(weight, float)
    return layer.trace(numbers[None], kernel[None, None], np.array([bias])), _plane(kernel)


def _amount(layer: Layer, size: Sequence[int]) -> tuple[int, int, int, int]:
    if isinstance(layer, TransposedConvSpec):  # its padding crops the output
        return 0, 0, 0, 0
    pairs = layer.padding_for(size)
    (top, bottom), (left, right) = pairs if len(pairs) == 2 else ((0, 0), pairs[0])
    return top, bottom, left, right


def _unvisited(layer: Layer, size: Sequence[int]) -> NDArray[np.bool_]:
    if isinstance(layer, TransposedConvSpec):
        return np.zeros(_flat(size) if len(size) == 2 else (1, *size), bool)
    lines = layer.unvisited(size)
    rows, columns = lines if len(lines) == 2 else (np.zeros(1, bool), lines[0])
    return rows[:, None] | columns[None, :]


def _padded(layer: Layer, numbers: Numbers, trace: Trace) -> tuple[Numbers, Cell]:
    """The input as the windows see it, and the cell of its first pixel."""
    if isinstance(layer, ConvSpec):
        before = tuple(pair[0] for pair in layer.padding_for(numbers.shape))
        return _plane(layer.pad(numbers[None])[0].numpy()), _flat(before)
    met = {_flat(tap.position): tap.value for step in trace for tap in step.taps}
    plane = _plane(numbers)
    first = tuple(min([0, *(cell[axis] for cell in met)]) for axis in (0, 1))
    ends = [max([size, *(cell[axis] + 1 for cell in met)]) for axis, size in enumerate(plane.shape)]
    padded = np.full((ends[0] - first[0], ends[1] - first[1]), np.nan)
    origin = (-first[0], -first[1])
    padded[origin[0] : origin[0] + plane.shape[0], origin[1] : origin[1] + plane.shape[1]] = plane
    for cell, value in met.items():
        padded[cell[0] + origin[0], cell[1] + origin[1]] = value
    return padded, origin
