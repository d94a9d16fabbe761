"""Convolution (cross-correlation, as the field calls it) in 1, 2 and 3 dimensions: spec, result, and every step.

Output element (o, y, x) is bias[o] + the sum over channels c of o's group and taps (i, j) of
input[c, y·s − p + i·d, x·s − p + j·d] · weight[o, c, i, j]; with `flip`, weight[o, c, K−1−i, K−1−j].
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce as fold

import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.core.arithmetic import Derivation, Op, derive
from cnnviz.core.arrays import (
    ArrayLike,
    Grid,
    batched,
    check_at,
    check_elements,
    check_groups,
    check_shapes,
    grid,
    pad,
    tensors,
)
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import (
    Padding,
    PaddingLike,
    PaddingMode,
    Pairs,
    Sizes,
    choice,
    kernel_axes,
    parse,
    per_axis,
    resolve,
    whole,
)
from cnnviz.core.step import Index, Reduction, Step, Tap, Trace, reduce
from cnnviz.core.windows import Axis, check_mode, source_index

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


@dataclass(frozen=True, init=False)
class ConvSpec:
    """A convolution layer without its numbers.

    Loose input is made strict here: `kernel_size` 3 means (3, 3) (write (3,) for one dimension), and `padding` takes
    an int, one per axis, (before, after) pairs, or "valid", "same", "same_upper", "same_lower", "full", "causal".
    A `padding_value` other than 0 means the mode "constant". Raises InvalidSpec naming the argument and its rule.

    >>> spec = ConvSpec(kernel_size=3, stride=2, padding=((0, 1), (1, 0)), out_channels=8)
    >>> spec.kernel_size, spec.padding, spec.output_size((32, 32)), spec.parameters()
    ((3, 3), ((0, 1), (1, 0)), (16, 16), 80)
    """

    kernel_size: tuple[int, ...]
    in_channels: int
    out_channels: int
    stride: tuple[int, ...]
    padding: Padding
    dilation: tuple[int, ...]
    groups: int
    padding_mode: PaddingMode
    padding_value: float
    flip: bool

    def __init__(
        self,
        kernel_size: Sizes = 3,
        in_channels: int = 1,
        out_channels: int = 1,
        stride: Sizes = 1,
        padding: PaddingLike = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        padding_mode: str = "zeros",
        padding_value: float = 0.0,
        flip: bool = False,
    ) -> None:
        kernel = kernel_axes(kernel_size)
        holes = per_axis("dilation", dilation, len(kernel), 1)
        mode, fill = _fill(padding_mode, padding_value)
        strict = {
            "kernel_size": kernel,
            "in_channels": whole("in_channels", in_channels, 1),
            "out_channels": whole("out_channels", out_channels, 1),
            "stride": per_axis("stride", stride, len(kernel), 1),
            "padding": parse(padding, kernel, holes),
            "dilation": holes,
            "groups": whole("groups", groups, 1),
            "padding_mode": mode,
            "padding_value": fill,
            "flip": bool(flip),
        }
        for name, value in strict.items():
            object.__setattr__(self, name, value)
        check_groups(self.in_channels, self.out_channels, self.groups)

    @property
    def dims(self) -> int:
        """Number of spatial axes: 1, 2 or 3."""
        return len(self.kernel_size)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """(out_channels, in_channels / groups, *kernel_size)."""
        return (self.out_channels, self.in_channels // self.groups, *self.kernel_size)

    def padding_for(self, size: Sequence[int]) -> Pairs:
        """(before, after) per axis for an input of this spatial size."""
        return resolve(self.padding, self._size(size), self.kernel_size, self.stride, self.dilation)

    def axes(self, size: Sequence[int]) -> tuple[Axis, ...]:
        """The windows along each spatial axis, checked against an input of this size."""
        pairs = self.padding_for(size)
        per = zip(self.kernel_size, self.stride, self.dilation, pairs, strict=True)
        axes = tuple(Axis(k, s, d, before, after) for k, s, d, (before, after) in per)
        check_mode(axes, size, self.padding_mode)
        return axes

    def output_size(self, size: Sequence[int]) -> tuple[int, ...]:
        """Spatial size of the output for an input of spatial size `size`.

        >>> ConvSpec(3, stride=2, padding="same_upper").output_size((7, 8))
        (4, 4)
        """
        pairs = zip(self.axes(size), self._size(size), strict=True)
        return tuple(axis.output_size(n, axis=number) for number, (axis, n) in enumerate(pairs))

    def derivation(self, size: Sequence[int]) -> tuple[Derivation, ...]:
        """How the size of each output axis comes about."""
        pairs = zip(self.axes(size), size, strict=True)
        return tuple(derive(Op.CONV, a, n, mode=self.padding_mode, number=i) for i, (a, n) in enumerate(pairs))

    def parameters(self, bias: bool = True) -> int:
        """Number of learnable numbers: out · in / groups · kernel, and out biases."""
        return math.prod(self.weight_shape) + (self.out_channels if bias else 0)

    def macs(self, size: Sequence[int]) -> int:
        """Multiply-adds for one input of this spatial size, padding counted, bias not."""
        return math.prod(self.output_size(size)) * math.prod(self.weight_shape)

    def usage_per_axis(self, size: Sequence[int]) -> tuple[NDArray[np.int64], ...]:
        """For each axis, how many taps meet each input position (int64, one per pixel)."""
        return tuple(a.usage(n, mode=self.padding_mode) for a, n in zip(self.axes(size), size, strict=True))

    def usage(self, size: Sequence[int]) -> NDArray[np.int64]:
        """How often the windows use each input pixel: int64 of shape `size`, the outer product of the axes.

        >>> ConvSpec(3).usage((4, 4)).tolist()
        [[1, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 2], [1, 2, 2, 1]]
        """
        return fold(np.multiply.outer, self.usage_per_axis(size))

    def unvisited(self, size: Sequence[int]) -> tuple[NDArray[np.bool_], ...]:
        """For each axis, the rows or columns of pixels that no window ever touches (bool, one per pixel)."""
        return tuple(used == 0 for used in self.usage_per_axis(size))

    def __call__(self, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Tensor:
        """The feature maps: (N, C, *spatial) or (C, *spatial) in, the same layout out, computed by torch.

        >>> ConvSpec((2,), padding=1)([[1, 1, 1]], [[[1, 1]]])
        tensor([[1., 2., 2., 1.]])
        """
        x, w, b, had_batch = self._arrays(input, weight, bias)
        size = tuple(x.shape[2:])
        check_elements("output", x.shape[0] * self.out_channels * math.prod(self.output_size(size)))
        padded, rest = self._pad(x)
        w = w.flip(tuple(range(2, w.ndim))) if self.flip else w
        y: Tensor = CONV[self.dims](padded, w, b, self.stride, rest, self.dilation, self.groups)
        return y if had_batch else y.squeeze(0)

    def pad(self, input: ArrayLike) -> Tensor:
        """The input with its padding, as the windows see it: same layout, spatial axes grown by before + after.

        >>> ConvSpec((2,), padding=2, padding_mode="reflect").pad([[1, 2, 3, 4]])
        tensor([[3., 2., 1., 2., 3., 4., 3., 2.]])
        """
        (x,) = tensors(input=input)
        x, had_batch = batched(x, self.dims)
        y = pad(x, self.axes(tuple(x.shape[2:])), self.padding_mode, self.padding_value)
        return y if had_batch else y.squeeze(0)

    def step(self, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, *, at: Sequence[int]) -> Step:
        """How output element `at` (channel first, or batch number first) comes about.

        >>> s = ConvSpec((2,)).step([[1, 2, 3]], [[[10, 1]]], [5], at=(0, 1))
        >>> s.total, [(tap.input_index, tap.value, tap.weight) for tap in s.taps]
        (28.0, [((0, 1), 2.0, 10.0), ((0, 2), 3.0, 1.0)])
        """
        return self.trace(input, weight, bias).at(tuple(at))

    def trace(self, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Trace:
        """All steps in raster order, computed when looked at; `trace.shape` is the output's shape."""
        x, w, b, had_batch = self._arrays(input, weight, bias)
        shape = (self.out_channels, *self.output_size(tuple(x.shape[2:])))
        xs, ws, bs = grid(x), grid(w), np.zeros(self.out_channels) if b is None else grid(b)
        return Trace((x.shape[0], *shape) if had_batch else shape, lambda at: self._step(xs, ws, bs, shape, at))

    def torch_code(self) -> str:
        """The PyTorch program of this layer."""
        from cnnviz.core import codegen  # codegen reads specs, so it is looked up late

        return str(codegen.torch_code(self))

    def _step(self, x: Grid, w: Grid, b: Grid, shape: Index, at: Index) -> Step:
        index, sample, (out, *window) = check_at(at, shape, x.shape[0])
        prefix = index[: len(index) - len(shape)]
        first = out // (self.out_channels // self.groups) * w.shape[1]  # the group's first input channel
        spots = [list(enumerate(a.positions(o))) for a, o in zip(self.axes(x.shape[2:]), window, strict=True)]
        taps = []
        for c, spot in itertools.product(range(w.shape[1]), itertools.product(*spots)):
            kernel, position = tuple(k for k, _ in spot), tuple(p for _, p in spot)
            source = self._source(position, x.shape[2:])
            value = self.padding_value if source is None else float(x[(sample, first + c, *source)])
            where = (out, c, *self._flipped(kernel))
            weight = float(w[where])
            there = None if source is None else (*prefix, first + c, *source)
            taps.append(Tap(there, where, value, weight, value * weight, position))
        bias = float(b[out])
        return Step(index, tuple(taps), bias, reduce(taps, bias, Reduction.SUM))

    def _source(self, position: Index, size: Sequence[int]) -> Index | None:
        found = [source_index(p, n, self.padding_mode) for p, n in zip(position, size, strict=True)]
        return tuple(i for i in found if i is not None) if None not in found else None

    def _flipped(self, kernel: Index) -> Index:
        return tuple(k - 1 - i for i, k in zip(kernel, self.kernel_size, strict=True)) if self.flip else kernel

    def _pad(self, x: Tensor) -> tuple[Tensor, tuple[int, ...]]:
        """The input and what torch is left to pad: symmetric zeros are torch's own, the rest is done first."""
        axes = self.axes(tuple(x.shape[2:]))
        if self.padding_mode is PaddingMode.ZEROS and all(a.before == a.after for a in axes):
            return x, tuple(a.before for a in axes)
        return pad(x, axes, self.padding_mode, self.padding_value), (0,) * self.dims

    def _arrays(
        self, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None
    ) -> tuple[Tensor, Tensor, Tensor | None, bool]:
        given = {"input": input, "weight": weight} | ({} if bias is None else {"bias": bias})
        x, w, *rest = tensors(**given)
        x, had_batch = batched(x, self.dims)
        if x.shape[1] != self.in_channels:
            raise InvalidSpec("in_channels_differ", channels=x.shape[1], in_channels=self.in_channels)
        check_shapes(w, rest[0] if rest else None, self.weight_shape, self.out_channels)
        return x, w, rest[0] if rest else None, had_batch

    def _size(self, size: Sequence[int]) -> Sequence[int]:
        if len(size) != self.dims:
            raise InvalidSpec("size_axes", size=tuple(size), axes=self.dims)
        return size


def _fill(padding_mode: str, padding_value: float) -> tuple[PaddingMode, float]:
    mode = PaddingMode(choice("padding_mode", padding_mode, PaddingMode))
    try:
        value = float(padding_value)
    except (TypeError, ValueError):
        raise InvalidSpec("not_a_number", name="padding_value", value=repr(padding_value)) from None
    if mode is PaddingMode.ZEROS and value != 0.0:
        return PaddingMode.CONSTANT, value
    return mode, value if mode is PaddingMode.CONSTANT else 0.0
