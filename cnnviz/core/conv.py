"""Convolution (cross-correlation, as the field calls it) in 1, 2 and 3 dimensions: spec, result, and every step.

Output element (o, y, x) is bias[o] + the sum over channels c of o's group and taps (i, j) of
input[c, y·s − p + i·d, x·s − p + j·d] · weight[o, c, i, j]; with `flip`, weight[o, c, K−1−i, K−1−j].
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.arithmetic import Op
from cnnviz.core.arrays import (
    ArrayLike,
    Grid,
    batched,
    check_at,
    check_elements,
    check_groups,
    grid,
    layer_arrays,
    pad,
    tensors,
)
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import (
    Padding,
    PaddingLike,
    PaddingMode,
    Sizes,
    choice,
    kernel_axes,
    parse,
    per_axis,
    whole,
)
from cnnviz.core.sliding import Sliding
from cnnviz.core.step import Index, Reduction, Step, Tap, Trace, reduce
from cnnviz.core.windows import Axis, check_mode, source_index

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


@dataclass(frozen=True, init=False)
class ConvSpec(Sliding):
    """A convolution layer without its numbers.

    Loose input is made strict here: `kernel_size` 3 means (3, 3) (write (3,) for one dimension), and `padding` takes
    an int, one per axis, (before, after) pairs, or "valid", "same", "same_upper", "same_lower", "full", "causal".
    A `padding_value` other than 0 means the mode "constant". Raises InvalidSpec naming the argument and its rule.

    >>> spec = ConvSpec(kernel_size=3, stride=2, padding=((0, 1), (1, 0)), out_channels=8)
    >>> spec.kernel_size, spec.padding, spec.output_size((32, 32)), spec.parameters()
    ((3, 3), ((0, 1), (1, 0)), (16, 16), 80)
    >>> ConvSpec(3).usage((4, 4)).tolist()
    [[1, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 2], [1, 2, 2, 1]]
    """

    op: ClassVar[Op] = Op.CONV

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
    def weight_shape(self) -> tuple[int, ...]:
        """(out_channels, in_channels / groups, *kernel_size)."""
        return (self.out_channels, self.in_channels // self.groups, *self.kernel_size)

    @property
    def mode(self) -> PaddingMode:
        """What a position in the padding shows: `padding_mode`, under the name all sliding layers share."""
        return self.padding_mode

    def check_axes(self, axes: Sequence[Axis], size: Sequence[int]) -> None:
        """Reflect and circular can only show pixels there are."""
        check_mode(axes, size, self.padding_mode)

    def parameters(self, bias: bool = True) -> int:
        """Number of learnable numbers: out · in / groups · kernel, and out biases."""
        return math.prod(self.weight_shape) + (self.out_channels if bias else 0)

    def macs(self, size: Sequence[int]) -> int:
        """Multiply-adds for one input of this spatial size, padding counted, bias not."""
        return math.prod(self.output_size(size)) * math.prod(self.weight_shape)

    def __call__(self, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Tensor:
        """The feature maps: (N, C, *spatial) or (C, *spatial) in, the same layout out, computed by torch.

        >>> ConvSpec((2,), padding=1)([[1, 1, 1]], [[[1, 1]]])
        tensor([[1., 2., 2., 1.]])
        """
        x, w, b, had_batch = layer_arrays(self, input, weight, bias)
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
        x, w, b, had_batch = layer_arrays(self, input, weight, bias)
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


def _fill(padding_mode: str, padding_value: float) -> tuple[PaddingMode, float]:
    mode = PaddingMode(choice("padding_mode", padding_mode, PaddingMode))
    try:
        value = float(padding_value)
    except (TypeError, ValueError):
        raise InvalidSpec("not_a_number", name="padding_value", value=repr(padding_value)) from None
    if mode is PaddingMode.ZEROS and value != 0.0:
        return PaddingMode.CONSTANT, value
    return mode, value if mode is PaddingMode.CONSTANT else 0.0
