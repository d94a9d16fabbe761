"""Pooling in 1, 2 and 3 dimensions: the largest, the mean or the p-norm of each window, channel by channel.

Windows are boxes and max and sum can be taken axis by axis, so every kind has dilation, unequal padding and any
kernel at the cost of one axis after the other.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce as fold
from typing import ClassVar, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.arithmetic import Op
from cnnviz.core.arrays import ArrayLike, Grid, batched, check_at, check_elements, grid, tensors
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import (
    AutoPadding,
    Padding,
    PaddingLike,
    Sizes,
    choice,
    kernel_axes,
    parse,
    per_axis,
    torch_spells_it,
)
from cnnviz.core.sliding import Sliding
from cnnviz.core.step import Index, Reduction, Step, Tap, Trace, reduce
from cnnviz.core.windows import Axis, Rounding


class PoolKind(StrEnum):
    """What a window becomes."""

    MAX = "max"
    AVG = "avg"
    LP = "lp"


Shrink: TypeAlias = Callable[[Tensor], Tensor]
REDUCTIONS = {PoolKind.MAX: Reduction.MAX, PoolKind.AVG: Reduction.MEAN, PoolKind.LP: Reduction.LP}


@dataclass(frozen=True, init=False)
class PoolSpec(Sliding):
    """A pooling layer; it has no weights. `stride` defaults to the kernel.

    `ceil_mode` keeps a last window that hangs over the end, if it starts inside the input or the padding before it
    (torch's rule); `cover_all` keeps it even if it starts in the padding after (Chainer's). `count_include_pad`
    counts padding in the mean. `norm_type` is the p of "lp", which takes absolute values, as ONNX does.

    `torch_limits` keeps torch's rule that padding is at most half the kernel. By default it holds where `padding` is
    written as torch writes it, a number or one per axis; words and pairs, as in ONNX and Caffe, may go further. A
    window that meets no pixel is -inf for "max", nan for a mean that counts none.

    >>> PoolSpec(3, stride=2, ceil_mode=True).output_size((6, 5))
    (3, 2)
    """

    op: ClassVar[Op] = Op.POOL

    kernel_size: tuple[int, ...]
    kind: PoolKind
    stride: tuple[int, ...]
    padding: Padding
    dilation: tuple[int, ...]
    ceil_mode: bool
    count_include_pad: bool
    norm_type: float
    cover_all: bool
    torch_limits: bool

    def __init__(
        self,
        kernel_size: Sizes = 2,
        kind: str = "max",
        stride: Sizes | None = None,
        padding: PaddingLike = 0,
        dilation: Sizes = 1,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        norm_type: float = 2.0,
        cover_all: bool = False,
        torch_limits: bool | None = None,
    ) -> None:
        kernel = kernel_axes(kernel_size)
        dims = len(kernel)
        holes = per_axis("dilation", dilation, dims, 1)
        strict = {
            "kernel_size": kernel,
            "kind": PoolKind(choice("kind", kind, PoolKind)),
            "stride": kernel if stride is None else per_axis("stride", stride, dims, 1),
            "padding": parse(padding, kernel, holes),
            "dilation": holes,
            "ceil_mode": bool(ceil_mode),
            "count_include_pad": bool(count_include_pad),
            "norm_type": _norm(norm_type),
            "cover_all": bool(cover_all),
            "torch_limits": torch_spells_it(padding, dims) if torch_limits is None else bool(torch_limits),
        }
        for name, value in strict.items():
            object.__setattr__(self, name, value)
        self._check_padding()

    @property
    def rounding(self) -> Rounding:
        """What happens to a last window that does not fit."""
        if self.cover_all:
            return Rounding.COVER_ALL
        return Rounding.CEIL if self.ceil_mode else Rounding.FLOOR

    def parameters(self) -> int:
        """Pooling learns nothing."""
        return 0

    def macs(self, size: Sequence[int]) -> int:
        """Pooling multiplies nothing by a weight."""
        self.output_size(size)
        return 0

    def __call__(self, input: ArrayLike) -> Tensor:
        """(N, C, *spatial) or (C, *spatial) in, the same layout out, computed by torch.

        >>> PoolSpec((2,))([[1, 3, 2, 0]])
        tensor([[3., 2.]])
        """
        x, had_batch = self._input(input)
        if self.kind is PoolKind.MAX:
            y = self._along_axes(x, -math.inf, lambda windows: windows.amax(-1))
        elif self.kind is PoolKind.AVG:
            y = self._along_axes(x, 0.0, lambda windows: windows.sum(-1)) / self._counted(x)
        else:
            scale = math.prod(self.kernel_size) / self._counted(x)
            sums = self._along_axes(x.abs() ** self.norm_type, 0.0, lambda windows: windows.sum(-1))
            y = (sums * scale) ** (1 / self.norm_type)
        return y if had_batch else y.squeeze(0)

    def with_indices(self, input: ArrayLike) -> tuple[Tensor, Tensor]:
        """Max pooling and where each maximum was: flat in its (unpadded) plane, the first of equals, int64.

        A window that meets nothing above minus infinity has index -1.

        >>> PoolSpec((2,)).with_indices([[1, 3, 2, 0]])
        (tensor([[3., 2.]]), tensor([[1, 2]]))
        """
        if self.kind is not PoolKind.MAX:
            raise InvalidSpec("indices_need_max", kind=repr(str(self.kind)))
        x, had_batch = self._input(input)
        size = tuple(x.shape[2:])
        flat = torch.arange(math.prod(size)).reshape(size).expand(x.shape)
        for dim, axis, count in reversed(list(self._places(size))):
            values, taken = _windows(x, dim, axis, count, -math.inf).max(-1)
            flat = _windows(flat, dim, axis, count, -1).gather(-1, taken.unsqueeze(-1)).squeeze(-1)
            x = values
        return (x, flat) if had_batch else (x.squeeze(0), flat.squeeze(0))

    def step(self, input: ArrayLike, *, at: Sequence[int]) -> Step:
        """How output element `at` (channel first, or batch number first) comes about.

        >>> s = PoolSpec((2,), "avg").step([[1, 3, 2, 0]], at=(0, 1))
        >>> s.total, [(tap.input_index, tap.value, tap.weight) for tap in s.taps]
        (1.0, [((0, 2), 2.0, 0.5), ((0, 3), 0.0, 0.5)])
        """
        return self.trace(input).at(tuple(at))

    def trace(self, input: ArrayLike) -> Trace:
        """All steps in raster order, computed when looked at; `trace.shape` is the output's shape."""
        x, had_batch = self._input(input)
        shape = (x.shape[1], *self.output_size(tuple(x.shape[2:])))
        xs = grid(x)
        return Trace((x.shape[0], *shape) if had_batch else shape, lambda at: self._step(xs, shape, at))

    def torch_code(self) -> str:
        """The PyTorch program of this layer."""
        from cnnviz.core import codegen  # codegen reads specs, so it is looked up late

        return str(codegen.torch_code(self))

    def _step(self, x: Grid, shape: Index, at: Index) -> Step:
        index, sample, (channel, *window) = check_at(at, shape, x.shape[0])
        prefix = index[: len(index) - len(shape)]
        size = x.shape[2:]
        axes = self.axes(size)
        count = math.prod(self._counts(axis, n, (o,))[0] for axis, n, o in zip(axes, size, window, strict=True))
        spots = [list(enumerate(axis.positions(o))) for axis, o in zip(axes, window, strict=True)]
        taps = []
        for spot in itertools.product(*spots):
            position = tuple(p for _, p in spot)
            inside = all(0 <= p < n for p, n in zip(position, size, strict=True))
            source = (*prefix, channel, *position) if inside else None
            value = float(x[(sample, channel, *position)]) if inside else self._fill
            counted = all(self._counts_here(a, n, p) for a, n, p in zip(axes, size, position, strict=True))
            taps.append(self._tap(source, tuple(k for k, _ in spot), value, counted, count, position))
        norm = self.norm_type if self.kind is PoolKind.LP else None
        reduction = REDUCTIONS[self.kind]
        return Step(index, tuple(taps), 0.0, reduce(taps, 0.0, reduction, norm), reduction, norm)

    def _tap(
        self, source: Index | None, kernel: Index, value: float, counted: bool, count: int, position: Index
    ) -> Tap:
        if self.kind is PoolKind.MAX:
            return Tap(source, kernel, value, None, value, position)
        share = 1.0 if self.kind is PoolKind.AVG else float(math.prod(self.kernel_size))
        weight = math.nan if count == 0 else share / count if counted else 0.0
        power = value if self.kind is PoolKind.AVG else abs(value) ** self.norm_type
        return Tap(source, kernel, value, weight, weight * power, position)

    @property
    def _fill(self) -> float:
        """What padding shows: nothing that could win, or nothing that adds."""
        return -math.inf if self.kind is PoolKind.MAX else 0.0

    def _counts_here(self, axis: Axis, size: int, position: int) -> bool:
        """Whether a position is counted: pixels are; padding if it is included; what hangs over the end is not."""
        if self.kind is PoolKind.AVG and not self.count_include_pad:
            return 0 <= position < size
        return -axis.before <= position < size + axis.after

    def _counts(self, axis: Axis, size: int, windows: Sequence[int]) -> list[int]:
        return [sum(self._counts_here(axis, size, p) for p in axis.positions(o)) for o in windows]

    def _counted(self, x: Tensor) -> Tensor:
        """How many taps each window counts: a tensor of the output's spatial shape."""
        places = self._places(tuple(x.shape[2:]))
        sizes = zip(places, x.shape[2:], strict=True)
        per_axis = [torch.tensor(self._counts(a, n, range(count)), dtype=x.dtype) for (_, a, count), n in sizes]
        return fold(lambda a, b: a.unsqueeze(-1) * b, per_axis)

    def _along_axes(self, x: Tensor, fill: float, shrink: Shrink) -> Tensor:
        for dim, axis, count in self._places(tuple(x.shape[2:])):
            x = shrink(_windows(x, dim, axis, count, fill))
        return x

    def _places(self, size: tuple[int, ...]) -> list[tuple[int, Axis, int]]:
        """(tensor axis, windows along it, how many) for each spatial axis."""
        return list(zip(range(2, 2 + self.dims), self.axes(size), self.output_size(size), strict=True))

    def _input(self, input: ArrayLike) -> tuple[Tensor, bool]:
        (x,) = tensors(input=input)
        x, had_batch = batched(x, self.dims)
        check_elements("output", math.prod(x.shape[:2]) * math.prod(self.output_size(tuple(x.shape[2:]))))
        return x, had_batch

    def _check_padding(self) -> None:
        if isinstance(self.padding, AutoPadding) or not self.torch_limits:
            return
        for number, (pair, k) in enumerate(zip(self.padding, self.kernel_size, strict=True)):
            if max(pair) > k // 2:
                raise InvalidSpec("pool_padding_over_half", padding=max(pair), kernel_size=k, axis=number)


def _windows(x: Tensor, dim: int, axis: Axis, count: int, fill: float) -> Tensor:
    """A view with one more axis at the end, the taps: `dim` now counts windows. Padding shows `fill`."""
    last = (count - 1) * axis.stride + axis.effective - axis.before  # one past the last tap
    amounts = [0, 0] * (x.ndim - 1 - dim) + [axis.before, last - x.shape[dim]]
    return F.pad(x, amounts, value=fill).unfold(dim, axis.effective, axis.stride)[..., :: axis.dilation]


def _norm(value: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InvalidSpec("not_a_number", name="norm_type", value=repr(value)) from None
    if not 0 < number < math.inf:
        raise InvalidSpec("norm_type", value=value)
    return number
