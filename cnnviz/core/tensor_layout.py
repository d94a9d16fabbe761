"""How a tensor with several axes lies in memory, which is one row of numbers: offsets, strides, and back.

A layout names the axes from the slowest to the fastest. The same number keeps its index (by name) in every layout;
only its place in memory differs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Layout(StrEnum):
    """The four orders of the field; a letter an axis, the last one running fastest."""

    NCHW = "nchw"
    NHWC = "nhwc"
    OIHW = "oihw"
    HWIO = "hwio"

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes' letters, slowest first.

        >>> Layout.NHWC.axes
        ('n', 'h', 'w', 'c')
        """
        return tuple(self.value)


IMAGE_LAYOUTS = (Layout.NCHW, Layout.NHWC)
WEIGHT_LAYOUTS = (Layout.OIHW, Layout.HWIO)


@dataclass(frozen=True)
class OffsetTerm:
    """One axis's share of an offset: `index` steps of `stride` numbers each."""

    axis: str
    index: int
    stride: int

    @property
    def product(self) -> int:
        """How many numbers this axis steps over."""
        return self.index * self.stride


def order(layout: Layout, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The shape as this layout writes it.

    >>> order(Layout.NHWC, {"n": 2, "c": 3, "h": 4, "w": 5})
    (2, 4, 5, 3)
    """
    return tuple(sizes[axis] for axis in layout.axes)


def strides(layout: Layout, sizes: Mapping[str, int]) -> dict[str, int]:
    """How many numbers lie between two neighbours along each axis, by the axis's letter, slowest axis first.

    Formula: the product of the sizes of all faster axes.

    >>> strides(Layout.NCHW, {"n": 2, "c": 3, "h": 4, "w": 5})
    {'n': 60, 'c': 20, 'h': 5, 'w': 1}
    """
    shape = order(layout, sizes)
    return {axis: math.prod(shape[place + 1 :]) for place, axis in enumerate(layout.axes)}


def terms(layout: Layout, sizes: Mapping[str, int], index: Mapping[str, int]) -> tuple[OffsetTerm, ...]:
    """The offset's sum, a term an axis, slowest first. Raises IndexError for an index outside the tensor."""
    for axis in layout.axes:
        if not 0 <= index[axis] < sizes[axis]:
            raise IndexError(f"`{axis}` (={index[axis]}) must lie between 0 and {sizes[axis] - 1}")
    return tuple(OffsetTerm(axis, index[axis], step) for axis, step in strides(layout, sizes).items())


def offset(layout: Layout, sizes: Mapping[str, int], index: Mapping[str, int]) -> int:
    """Where in memory the number with this index lies, counted from 0. Raises IndexError outside the tensor.

    >>> offset(Layout.NHWC, {"n": 2, "c": 3, "h": 4, "w": 5}, {"n": 0, "c": 2, "h": 1, "w": 0})
    17
    """
    return sum(term.product for term in terms(layout, sizes, index))


def index_at(layout: Layout, sizes: Mapping[str, int], place: int) -> dict[str, int]:
    """The index of the number at this offset: the way back. Raises IndexError outside the tensor.

    >>> index_at(Layout.NHWC, {"n": 2, "c": 3, "h": 4, "w": 5}, 17)
    {'n': 0, 'h': 1, 'w': 0, 'c': 2}
    """
    if not 0 <= place < math.prod(order(layout, sizes)):
        raise IndexError(f"`place` (={place}) must lie inside the {math.prod(order(layout, sizes))} numbers")
    found, rest = {}, place
    for axis, step in strides(layout, sizes).items():
        found[axis], rest = divmod(rest, step)
    return found


def pixel_number(row: int, column: int, width: int) -> int:
    """Which number of the row-major list a pixel is, everything counted from 1 as in a text for beginners.

    Pixel (2, 1) of a picture 100 wide follows the 100 pixels of row 1, so it is number 101; its offset, counted
    from 0, is 100.

    >>> pixel_number(1, 1, 100), pixel_number(2, 1, 100)
    (1, 101)
    """
    return (row - 1) * width + column


def permutation(source: Layout, target: Layout) -> tuple[int, ...]:
    """The argument of torch's `permute` that turns a tensor written in `source` into one written in `target`.

    >>> permutation(Layout.NCHW, Layout.NHWC)
    (0, 2, 3, 1)
    """
    return permuted(source.axes, target.axes)


def permuted(source: Sequence[str], target: Sequence[str]) -> tuple[int, ...]:
    """For each axis of `target`, its place in `source`. Raises ValueError when the axes are not the same."""
    if sorted(source) != sorted(target):
        raise ValueError(f"`target` (={''.join(target)}) must have the axes of `source` (={''.join(source)})")
    return tuple(source.index(axis) for axis in target)
