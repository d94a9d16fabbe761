"""All steps of a small layer as a few arrays, for whatever draws them elsewhere: the browser gets these, once.

Windows may differ in length (adaptive pooling, cropped borders), so taps stand one after the other, and `first` says
where each step's begin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.step import Step, Trace

MAX_TAPS = 2**20


@dataclass(frozen=True, eq=False)
class StepTable:
    """Step i has the taps from `first[i]` to `first[i + 1]`; steps are in raster order.

    `position` (taps, axes) is each tap's place on the spatial axes, `place` (taps, axes) its place in the kernel or
    window; `inside` whether there is a pixel; `value`, `weight` (nan for max) and `product` its numbers. `total` is
    each step's result, `winner` the tap that max pooling took, counted from the step's first (−1 for none).
    """

    first: NDArray[np.int32]
    position: NDArray[np.int32]
    place: NDArray[np.int32]
    inside: NDArray[np.uint8]
    value: NDArray[np.float32]
    weight: NDArray[np.float32]
    product: NDArray[np.float32]
    total: NDArray[np.float32]
    winner: NDArray[np.int32]


def step_table(trace: Trace) -> StepTable:
    """The table of a trace; InvalidSpec where it would be longer than the browser can take.

    >>> from cnnviz.core.pool import PoolSpec
    >>> table = step_table(PoolSpec((2,)).trace([[1, 3, 2, 0]]))
    >>> table.first.tolist(), table.position[:, 0].tolist(), table.total.tolist(), table.winner.tolist()
    ([0, 2, 4], [0, 1, 2, 3], [3.0, 2.0], [1, 0])
    """
    if len(trace) * max(1, len(trace[0].taps)) > MAX_TAPS:
        raise InvalidSpec("too_large", name="trace", elements=len(trace) * len(trace[0].taps), limit=MAX_TAPS)
    steps = list(trace)
    taps = [tap for step in steps for tap in step.taps]
    axes = len(trace.shape) - 1
    return StepTable(
        first=np.cumsum([0, *(len(step.taps) for step in steps)], dtype=np.int32),
        position=_whole([tap.position for tap in taps], axes),
        place=_whole([tap.weight_index[-axes:] for tap in taps], axes),
        inside=np.array([tap.input_index is not None for tap in taps], dtype=np.uint8),
        value=np.array([tap.value for tap in taps], dtype=np.float32),
        weight=np.array([np.nan if tap.weight is None else tap.weight for tap in taps], dtype=np.float32),
        product=np.array([tap.product for tap in taps], dtype=np.float32),
        total=np.array([step.total for step in steps], dtype=np.float32),
        winner=np.array([_winner(step) for step in steps], dtype=np.int32),
    )


def _whole(rows: list[tuple[int, ...]], axes: int) -> NDArray[np.int32]:
    return np.array(rows, dtype=np.int32).reshape(len(rows), axes)


def _winner(step: Step) -> int:
    return -1 if step.winner is None else step.winner
