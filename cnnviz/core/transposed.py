"""Transposed convolution in 1, 2 and 3 dimensions: each input element spreads the kernel over the output.

It is what the gradient of a convolution does to its output (hence the name), not its inverse. A step gathers what
arrives at one output element; `spread` shows the other side, where one input element goes.
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

from cnnviz.core.arithmetic import Derivation, Op, derive
from cnnviz.core.arrays import ArrayLike, Grid, check_at, check_elements, check_groups, grid, layer_arrays
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import (
    AutoPadding,
    Padding,
    PaddingLike,
    Sizes,
    kernel_axes,
    parse_transposed,
    per_axis,
    split,
    torch_spells_it,
    whole,
)
from cnnviz.core.step import Index, Reduction, Share, Step, Tap, Trace, reduce
from cnnviz.core.windows import TransposedAxis

CONV_TRANSPOSE = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


@dataclass(frozen=True, init=False)
class TransposedConvSpec:
    """A transposed convolution layer without its numbers; kernel, stride and padding are the convolution's it mirrors.

    `padding` crops: an int, one per axis, (before, after) pairs, "valid" (none), "full" (all but whole overlaps),
    "same", "same_upper" or "same_lower" (size · stride outputs, as TensorFlow, Keras and ONNX have it; together with
    an `output_padding`, Keras' rule: half the kernel is cropped on each side, then the outputs are added).

    `torch_limits` keeps torch's rule that `output_padding` is smaller than stride or dilation. By default it holds
    where `padding` is written as torch writes it, a number or one per axis; words and pairs are other frameworks'.

    >>> spec = TransposedConvSpec(3, in_channels=4, stride=2, padding=1, output_padding=1)
    >>> spec.output_size((6, 6)), spec.weight_shape
    ((12, 12), (4, 1, 3, 3))
    """

    op: ClassVar[Op] = Op.CONV_TRANSPOSE

    kernel_size: tuple[int, ...]
    in_channels: int
    out_channels: int
    stride: tuple[int, ...]
    padding: Padding
    output_padding: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    torch_limits: bool

    def __init__(
        self,
        kernel_size: Sizes = 3,
        in_channels: int = 1,
        out_channels: int = 1,
        stride: Sizes = 1,
        padding: PaddingLike = 0,
        output_padding: Sizes = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        torch_limits: bool | None = None,
    ) -> None:
        kernel = kernel_axes(kernel_size)
        dims = len(kernel)
        holes = per_axis("dilation", dilation, dims, 1)
        strict = {
            "kernel_size": kernel,
            "in_channels": whole("in_channels", in_channels, 1),
            "out_channels": whole("out_channels", out_channels, 1),
            "stride": per_axis("stride", stride, dims, 1),
            "padding": parse_transposed(padding, kernel, holes),
            "output_padding": per_axis("output_padding", output_padding, dims, 0),
            "dilation": holes,
            "groups": whole("groups", groups, 1),
            "torch_limits": torch_spells_it(padding, dims) if torch_limits is None else bool(torch_limits),
        }
        for name, value in strict.items():
            object.__setattr__(self, name, value)
        check_groups(self.in_channels, self.out_channels, self.groups)
        self._check_output_padding()

    @property
    def dims(self) -> int:
        """Number of spatial axes: 1, 2 or 3."""
        return len(self.kernel_size)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """(in_channels, out_channels / groups, *kernel_size): the first two swapped, as in torch."""
        return (self.in_channels, self.out_channels // self.groups, *self.kernel_size)

    def axes(self, size: Sequence[int]) -> tuple[TransposedAxis, ...]:
        """How the kernel spreads along each axis of an input of this spatial size."""
        if len(size) != self.dims:
            raise InvalidSpec("size_axes", size=tuple(size), axes=self.dims)
        per = zip(self.kernel_size, self.stride, self.dilation, range(self.dims), strict=True)
        return tuple(TransposedAxis(k, s, d, *self._crop(k, s, d, number)) for k, s, d, number in per)

    def padding_for(self, size: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """(before, after) cropped per axis, for an input of this size."""
        return tuple((axis.before, axis.after) for axis in self.axes(size))

    def output_size(self, size: Sequence[int]) -> tuple[int, ...]:
        """Spatial size of the output; InvalidSpec where nothing is left."""
        pairs = zip(self.axes(size), size, strict=True)
        return tuple(axis.output_size(n, number) for number, (axis, n) in enumerate(pairs))

    def for_output_size(self, size: Sequence[int], output_size: Sequence[int]) -> TransposedConvSpec:
        """The same layer with an output of exactly this size: what is missing is added after, what is over cropped.

        >>> spec = TransposedConvSpec(3, stride=2).for_output_size((16, 16), (36, 30))
        >>> spec.output_padding, spec.padding
        ((3, 0), ((0, 0), (0, 3)))
        """
        axes = self.axes(size)
        wanted = per_axis("output_size", output_size, self.dims, 1)
        natural = [axis.output_size(n) - axis.extra for axis, n in zip(axes, size, strict=True)]
        over = [have - want for have, want in zip(natural, wanted, strict=True)]
        return TransposedConvSpec(
            self.kernel_size,
            self.in_channels,
            self.out_channels,
            self.stride,
            tuple((axis.before, axis.after + max(more, 0)) for axis, more in zip(axes, over, strict=True)),
            tuple(max(-more, 0) for more in over),
            self.dilation,
            self.groups,
        )

    def derivation(self, size: Sequence[int]) -> tuple[Derivation, ...]:
        """How the size of each output axis comes about."""
        pairs = zip(self.axes(size), size, strict=True)
        return tuple(derive(self.op, axis, n, number) for number, (axis, n) in enumerate(pairs))

    def parameters(self, bias: bool = True) -> int:
        """Number of learnable numbers: in · out / groups · kernel, and out biases."""
        return math.prod(self.weight_shape) + (self.out_channels if bias else 0)

    def macs(self, size: Sequence[int]) -> int:
        """Multiply-adds for one input of this spatial size, before cropping: each input meets each of its weights."""
        self.output_size(size)
        return math.prod(size) * math.prod(self.weight_shape)

    def __call__(self, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Tensor:
        """(N, C, *spatial) or (C, *spatial) in, the same layout out, computed by torch.

        >>> TransposedConvSpec((2,), stride=2)([[1, 2]], [[[1, 10]]])
        tensor([[ 1., 10.,  2., 20.]])
        """
        x, w, b, had_batch = layer_arrays(self, input, weight, bias)
        axes = self.axes(tuple(x.shape[2:]))
        self._check_output(x)
        run, options = CONV_TRANSPOSE[self.dims], {"stride": self.stride, "dilation": self.dilation}
        if all(a.before == a.after and a.extra < max(a.stride, a.dilation) for a in axes):
            options |= {"padding": tuple(a.before for a in axes), "output_padding": tuple(a.extra for a in axes)}
            y = run(x, w, b, groups=self.groups, **options)
        else:  # torch knows neither unequal cropping nor a longer output: spread in full, lengthen, crop
            y = run(x, w, None, groups=self.groups, **options)
            y = F.pad(y, [amount for a in reversed(axes) for amount in (0, a.extra)])
            y = F.pad(y, [amount for a in reversed(axes) for amount in (-a.before, -a.after)])
            y = y if b is None else y + b.reshape(-1, *(1,) * self.dims)
        return y if had_batch else y.squeeze(0)

    def step(self, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, *, at: Sequence[int]) -> Step:
        """What arrives at output element `at` (channel first, or batch number first).

        >>> s = TransposedConvSpec((3,), stride=2).step([[1, 2]], [[[1, 10, 100]]], at=(0, 2))
        >>> s.total, [(tap.input_index, tap.weight_index) for tap in s.taps]
        (102.0, [((0, 1), (0, 0, 0)), ((0, 0), (0, 0, 2))])
        """
        return self.trace(input, weight, bias).at(tuple(at))

    def trace(self, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Trace:
        """All steps in raster order, computed when looked at; `trace.shape` is the output's shape."""
        x, w, b, had_batch = layer_arrays(self, input, weight, bias)
        shape = (self.out_channels, *self.output_size(tuple(x.shape[2:])))
        xs, ws, bs = grid(x), grid(w), np.zeros(self.out_channels) if b is None else grid(b)
        return Trace((x.shape[0], *shape) if had_batch else shape, lambda at: self._step(xs, ws, bs, shape, at))

    def spread(self, input: ArrayLike, weight: ArrayLike, *, index: Sequence[int]) -> tuple[Share, ...]:
        """Where input element `index` goes: one share for each weight it meets, cropped ones included.

        >>> shares = TransposedConvSpec((3,), stride=2, padding=1).spread([[1, 2]], [[[1, 10, 100]]], index=(0, 0))
        >>> [(share.output_index, share.product) for share in shares]
        [(None, 1.0), ((0, 0), 10.0), ((0, 1), 100.0)]
        """
        x, w, _, _ = layer_arrays(self, input, weight, None)
        size = tuple(x.shape[2:])
        at, sample, (channel, *place) = check_at(index, tuple(x.shape[1:]), x.shape[0], "input_index")
        prefix, value = at[: len(at) - self.dims - 1], float(x[(sample, channel, *place)])
        first = channel // (self.in_channels // self.groups) * w.shape[1]
        spots = [axis.targets(i, n) for axis, i, n in zip(self.axes(size), place, size, strict=True)]
        shares = []
        for o, spot in itertools.product(range(w.shape[1]), itertools.product(*spots)):
            where = (channel, o, *(k for k, _ in spot))
            goals = [goal for _, goal in spot if goal is not None]
            target = (*prefix, first + o, *goals) if len(goals) == self.dims else None
            weight_value = float(w[where])
            shares.append(Share(target, where, value, weight_value, value * weight_value))
        return tuple(shares)

    def torch_code(self) -> str:
        """The PyTorch program of this layer."""
        from cnnviz.core import codegen  # codegen reads specs, so it is looked up late

        return str(codegen.torch_code(self))

    def _step(self, x: Grid, w: Grid, b: Grid, shape: Index, at: Index) -> Step:
        index, sample, (out, *place) = check_at(at, shape, x.shape[0])
        prefix = index[: len(index) - len(shape)]
        group, o = divmod(out, w.shape[1])
        per_group = self.in_channels // self.groups
        size = x.shape[2:]
        spots = [axis.taps(p, n) for axis, p, n in zip(self.axes(size), place, size, strict=True)]
        taps = []
        for c, spot in itertools.product(range(group * per_group, (group + 1) * per_group), itertools.product(*spots)):
            source, where = tuple(i for _, i in spot), (c, o, *(k for k, _ in spot))
            value, weight = float(x[(sample, c, *source)]), float(w[where])
            taps.append(Tap((*prefix, c, *source), where, value, weight, value * weight, source))
        bias = float(b[out])
        return Step(index, tuple(taps), bias, reduce(taps, bias, Reduction.SUM))

    def _crop(self, kernel: int, stride: int, dilation: int, number: int) -> tuple[int, int, int]:
        """(before, after, extra) of one axis."""
        extra = self.output_padding[number]
        if not isinstance(self.padding, AutoPadding):
            return (*self.padding[number], extra)
        effective = dilation * (kernel - 1) + 1
        if extra:  # Keras: half the kernel off each side, then the outputs asked for
            return effective // 2, effective // 2, extra
        over = effective - stride  # what the full output has more than size · stride
        return (*split(max(over, 0), self.padding), max(-over, 0))

    def _check_output(self, x: Tensor) -> None:
        size = tuple(x.shape[2:])
        pairs = zip(self.axes(size), self.output_size(size), strict=True)
        full = math.prod(axis.before + length + axis.after for axis, length in pairs)
        check_elements("output", x.shape[0] * self.out_channels * full)

    def _check_output_padding(self) -> None:
        per = zip(self.output_padding, self.stride, self.dilation, strict=True)
        for number, (extra, s, d) in enumerate(per):
            if self.torch_limits and extra >= max(s, d):
                raise InvalidSpec("output_padding_too_wide", output_padding=extra, stride=s, dilation=d, axis=number)
