"""What every layer with a sliding window (convolution and pooling) knows without seeing a number: sizes and uses."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import reduce as fold
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.arithmetic import Derivation, Op, derive
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import Padding, PaddingMode, Pairs, resolve
from cnnviz.core.step import Index
from cnnviz.core.windows import Axis, Rounding


class Sliding:
    """The part that ConvSpec and PoolSpec share; `size` is always the spatial size of the input."""

    op: ClassVar[Op]
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Padding
    dilation: tuple[int, ...]

    @property
    def dims(self) -> int:
        """Number of spatial axes: 1, 2 or 3."""
        return len(self.kernel_size)

    @property
    def rounding(self) -> Rounding:
        """What happens to a last window that does not fit."""
        return Rounding.FLOOR

    @property
    def mode(self) -> PaddingMode:
        """What a position in the padding shows."""
        return PaddingMode.ZEROS

    def check_axes(self, axes: Sequence[Axis], size: Sequence[int]) -> None:
        """Refuse windows that this layer cannot have on an input of this size."""

    def padding_for(self, size: Sequence[int]) -> Pairs:
        """(before, after) per axis for an input of this size."""
        if len(size) != self.dims:
            raise InvalidSpec("size_axes", size=tuple(size), axes=self.dims)
        return resolve(self.padding, size, self.kernel_size, self.stride, self.dilation)

    def axes(self, size: Sequence[int]) -> tuple[Axis, ...]:
        """The windows along each axis, checked against an input of this size."""
        pairs = self.padding_for(size)
        per = zip(self.kernel_size, self.stride, self.dilation, pairs, strict=True)
        axes = tuple(Axis(k, s, d, before, after) for k, s, d, (before, after) in per)
        self.check_axes(axes, size)
        return axes

    def output_size(self, size: Sequence[int]) -> tuple[int, ...]:
        """Spatial size of the output; InvalidSpec where no window fits."""
        pairs = zip(self.axes(size), size, strict=True)
        return tuple(axis.output_size(n, self.rounding, number) for number, (axis, n) in enumerate(pairs))

    def derivation(self, size: Sequence[int]) -> tuple[Derivation, ...]:
        """How the size of each output axis comes about."""
        pairs = zip(self.axes(size), size, strict=True)
        return tuple(derive(self.op, a, n, number, self.rounding, self.mode) for number, (a, n) in enumerate(pairs))

    def usage_per_axis(self, size: Sequence[int]) -> tuple[NDArray[np.int64], ...]:
        """For each axis, how many taps meet each input position (int64, one per pixel)."""
        return tuple(a.usage(n, self.rounding, self.mode) for a, n in zip(self.axes(size), size, strict=True))

    def usage(self, size: Sequence[int]) -> NDArray[np.int64]:
        """How often the windows use each input pixel: int64 of shape `size`, the outer product of the axes."""
        return fold(np.multiply.outer, self.usage_per_axis(size))

    def unvisited(self, size: Sequence[int]) -> tuple[NDArray[np.bool_], ...]:
        """For each axis, the rows or columns of pixels that no window ever touches (bool, one per pixel)."""
        return tuple(used == 0 for used in self.usage_per_axis(size))

    def feeds(self, size: Sequence[int], pixel: Sequence[int]) -> tuple[tuple[Index, Index], ...]:
        """The way back: (output position, place in the window) of every tap that meets this input pixel.

        Spatial axes only, output positions in raster order. With `flip` the weight of a place is the opposite one,
        as in a Step's `weight_index`.
        """
        users = [
            axis.users(i, n, self.rounding, self.mode) for axis, i, n in zip(self.axes(size), pixel, size, strict=True)
        ]
        return tuple((tuple(o for o, _ in pairs), tuple(k for _, k in pairs)) for pairs in itertools.product(*users))
