"""Where a layer's units lie over the cells of its input, on one axis: what receptive fields are made of.

Each kind of layer has one `Reach`. `stride`, `centre` and `extent` are the law that holds for all units (where
`regular` is false, as bounds around an even spacing); `sources` is exact for every single unit.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from cnnviz.core.padding import PaddingMode
from cnnviz.core.windows import AdaptiveAxis, Axis, Rounding, TransposedAxis


class Reach(ABC):
    """What one axis of a layer sees of the layer before. Cell i has its centre at i."""

    @property
    def regular(self) -> bool:
        """Whether every unit sees as many cells as the next, equally far apart."""
        return True

    @property
    @abstractmethod
    def stride(self) -> Fraction:
        """Cells from the centre of one unit to the centre of the next."""

    @property
    @abstractmethod
    def centre(self) -> Fraction | None:
        """Centre of unit 0; None where the padding depends on a size that is not known."""

    @property
    @abstractmethod
    def extent(self) -> Fraction:
        """Way from the first to the last cell that a unit sees: its cells lie within half of it around its centre."""

    @abstractmethod
    def units(self, size: int) -> int:
        """Number of units over `size` cells."""

    @abstractmethod
    def sources(self, unit: int, size: int) -> Iterable[int]:
        """The cells inside the input that this unit sees."""


@dataclass(frozen=True)
class SlidingReach(Reach):
    """Windows of a convolution or pooling; `known` is false where their padding depends on an unknown size.

    >>> reach = SlidingReach(Axis(kernel_size=3, stride=2, before=1, after=1))
    >>> reach.stride, reach.centre, reach.extent, list(reach.sources(0, size=8))
    (Fraction(2, 1), Fraction(0, 1), Fraction(2, 1), [0, 1])
    """

    axis: Axis
    rounding: Rounding = Rounding.FLOOR
    mode: PaddingMode = PaddingMode.ZEROS
    known: bool = True

    @property
    def stride(self) -> Fraction:
        return Fraction(self.axis.stride)

    @property
    def centre(self) -> Fraction | None:
        first = self.axis.positions(0)
        return Fraction(first[0] + first[-1], 2) if self.known else None

    @property
    def extent(self) -> Fraction:
        return Fraction(self.axis.effective - 1)

    def units(self, size: int) -> int:
        return self.axis.output_size(size, self.rounding)

    def sources(self, unit: int, size: int) -> Iterable[int]:
        return (i for _, i in self.axis.taps(unit, size, self.mode) if i is not None and i < size)


POINT = SlidingReach(Axis(1))  # a unit sees its own cell


def everything(size: int) -> SlidingReach:
    """One unit that sees everything: global pooling, a fully connected layer."""
    return SlidingReach(Axis(size, size))


@dataclass(frozen=True)
class SpreadReach(Reach):
    """A transposed convolution: neighbouring units see different numbers of cells.

    >>> reach = SpreadReach(TransposedAxis(kernel_size=3, stride=2, before=1, after=1, extra=1))
    >>> reach.stride, reach.extent, [list(reach.sources(o, size=4)) for o in range(4)]
    (Fraction(1, 2), Fraction(1, 1), [[0], [1, 0], [1], [2, 1]])
    """

    axis: TransposedAxis

    @property
    def regular(self) -> bool:
        return False

    @property
    def stride(self) -> Fraction:
        return Fraction(1, self.axis.stride)

    @property
    def centre(self) -> Fraction:
        return Fraction(2 * self.axis.before - self.axis.effective + 1, 2 * self.axis.stride)

    @property
    def extent(self) -> Fraction:
        return Fraction(self.axis.effective - 1, self.axis.stride)

    def units(self, size: int) -> int:
        return self.axis.output_size(size)

    def sources(self, unit: int, size: int) -> Iterable[int]:
        return [i for _, i in self.axis.taps(unit, size)]


@dataclass(frozen=True)
class SharedReach(Reach):
    """Windows that share the input evenly (adaptive pooling): alike only where the number of units divides it."""

    axis: AdaptiveAxis

    @property
    def regular(self) -> bool:
        return self.axis.uniform

    @property
    def stride(self) -> Fraction:
        return Fraction(self.axis.size, self.axis.windows)

    @property
    def centre(self) -> Fraction:
        return (self.stride - 1) / 2

    @property
    def extent(self) -> Fraction:
        return self.stride - 1 + 2 * _largest_rest(self.axis.size, self.axis.windows)

    def units(self, size: int) -> int:
        return self.axis.windows

    def sources(self, unit: int, size: int) -> Iterable[int]:
        return self.axis.positions(unit)


@dataclass(frozen=True)
class RepeatReach(Reach):
    """Upsampling: `neighbours` 1 repeats the nearest cell, 2 mixes the two around a place between the centres."""

    size: int
    target: int
    neighbours: int = 1

    @property
    def regular(self) -> bool:
        return False

    @property
    def stride(self) -> Fraction:
        return Fraction(self.size, self.target)

    @property
    def centre(self) -> Fraction:
        return (self.stride - 1) / 2

    @property
    def extent(self) -> Fraction:
        if self.neighbours > 1:
            return Fraction(0) if self.stride == 1 else Fraction(2)
        return 2 * max(abs(self.centre), abs(self.centre + _largest_rest(self.size, self.target)))

    def units(self, size: int) -> int:
        return self.target

    def sources(self, unit: int, size: int) -> Iterable[int]:
        """As torch does it: the cell the unit falls into; between centres (align_corners=False) its two neighbours."""
        if self.neighbours == 1:
            return [unit * size // self.target]
        place = max(self.centre + unit * self.stride, Fraction(0))
        low = math.floor(place)
        return [low] if place == low or low == size - 1 else [low, low + 1]


def _largest_rest(size: int, units: int) -> Fraction:
    """How far the start of a share can lie behind a whole cell, at most."""
    return 1 - Fraction(1, Fraction(size, units).denominator)
