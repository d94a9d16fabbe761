"""How one output element comes about, as data: the single declaration that pictures, formulas and tests read.

A `Step` lists its taps (which input met which weight) and what they add up to. A `Trace` is all steps of one layer,
computed only when asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, overload

Index: TypeAlias = tuple[int, ...]


class Reduction(StrEnum):
    """How the taps of a step become its total."""

    SUM = "sum"  # bias + the sum of the products
    MAX = "max"  # the largest product
    MEAN = "mean"  # the sum of the products, whose weights are 1 / counted taps
    LP = "lp"  # the p-th root of the sum of the products, which are weight * |value| ** p
    SHARES = "shares"  # the sum of the products, whose weights are what each tap contributes (median, stochastic, ...)


@dataclass(frozen=True, slots=True)
class Tap:
    """One input meeting one weight.

    `input[input_index]` is the value, unless `input_index` is None: then the tap lies where only a fill value is.
    `weight[weight_index]` is the weight; in pooling `weight_index` is the place inside the window, and `weight` the
    share (None for max). `position` is the tap's place on the spatial axes, negative or past the end in the padding,
    also where a mode such as reflect shows a real pixel there.
    """

    input_index: Index | None
    weight_index: Index
    value: float
    weight: float | None
    product: float
    position: Index


@dataclass(frozen=True, slots=True)
class Share:
    """The way back: one weight that an input element meets, and the output its product adds to (None: cropped away)."""

    output_index: Index | None
    weight_index: Index
    value: float
    weight: float
    product: float


@dataclass(frozen=True, slots=True)
class Step:
    """One output element: `output[at] == total`, in float64.

    For the reduction "sum", `total == bias + sum(tap.product for tap in taps)` exactly.
    """

    at: Index
    taps: tuple[Tap, ...]
    bias: float
    total: float
    reduction: Reduction = Reduction.SUM
    norm_type: float | None = None

    @property
    def winner(self) -> int | None:
        """For max: which tap was taken (the first of equals, never a fill value); None for the others.

        A window that meets no pixel, or nothing above minus infinity, has no winner.
        """
        if self.reduction is not Reduction.MAX:
            return None
        inside = (number for number, tap in enumerate(self.taps) if tap.input_index is not None)
        return next((number for number in inside if self.taps[number].value == self.total), None)


def reduce(taps: Sequence[Tap], bias: float, reduction: Reduction, norm_type: float | None = None) -> float:
    """The total of the taps, in float64; the formulas stand at `Reduction`."""
    products = [tap.product for tap in taps]
    if reduction is Reduction.MAX:
        return math.nan if any(map(math.isnan, products)) else max(products, default=-math.inf)
    total = bias + sum(products)
    return float(total ** (1 / norm_type)) if norm_type is not None else total


class Trace(Sequence[Step]):
    """All steps of a layer in raster order, each computed when it is looked at.

    `shape` is the output's; `trace[i]`, negative indices and slices (themselves lazy) work, and `trace.at(index)`
    takes the output index itself.
    """

    def __init__(self, shape: Index, step: Callable[[Index], Step], numbers: range | None = None) -> None:
        self.shape = shape
        self._step = step
        self._numbers = range(math.prod(shape)) if numbers is None else numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, key: int) -> Step: ...
    @overload
    def __getitem__(self, key: slice) -> Trace: ...
    def __getitem__(self, key: int | slice) -> Step | Trace:
        if isinstance(key, slice):
            return Trace(self.shape, self._step, self._numbers[key])
        return self._step(unravel(self._numbers[key], self.shape))

    def __iter__(self) -> Iterator[Step]:
        return (self._step(unravel(number, self.shape)) for number in self._numbers)

    def at(self, index: Index) -> Step:
        """The step of the output element at this index."""
        return self._step(index)


def unravel(number: int, shape: Index) -> Index:
    """The index of the number-th element in raster order (last axis fastest).

    >>> unravel(5, (2, 3))
    (1, 2)
    """
    index = []
    for length in reversed(shape):
        number, rest = divmod(number, length)
        index.append(rest)
    return tuple(reversed(index))
