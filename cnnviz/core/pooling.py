"""Pooling apart from where its windows lie: PoolSpec lays them at equal steps, AdaptivePoolSpec shares the input out.

A subclass gives `axes` and `output_size`; everything a window becomes, for a whole picture or for one step, is here
and in `pool_kinds`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce as fold
from typing import TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.arrays import ArrayLike, Grid, batched, check_at, check_elements, grid, tensors
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import choice, whole
from cnnviz.core.pool_kinds import REDUCTIONS, PoolKind, shares
from cnnviz.core.step import Index, Reduction, Step, Tap, Trace, reduce
from cnnviz.core.windows import AdaptiveAxis, Axis

PoolAxis: TypeAlias = Axis | AdaptiveAxis
Places: TypeAlias = list[tuple[int, PoolAxis, int]]  # (tensor axis, windows along it, how many)
Shrink: TypeAlias = Callable[[Tensor], Tensor]
CHUNK = 2**22  # numbers of windows that are laid out at once


@dataclass(frozen=True, slots=True)
class _Met:
    """A tap before it is weighed."""

    source: Index | None
    place: Index
    position: Index
    value: float
    counted: bool


class Pooling:
    """What all poolings share: `kind` and its numbers, over windows that a subclass lays."""

    kind: PoolKind
    count_include_pad: bool
    norm_type: float
    k: int
    seed: int | None

    @property
    def dims(self) -> int:
        """Number of spatial axes: 1, 2 or 3."""
        raise NotImplementedError

    def output_size(self, size: Sequence[int]) -> tuple[int, ...]:
        """Spatial size of the output."""
        raise NotImplementedError

    def pool_axes(self, size: Sequence[int]) -> Sequence[PoolAxis]:
        """The windows along each axis of an input of this size."""
        raise NotImplementedError

    @property
    def norm_taps(self) -> int | None:
        """How many taps a p-norm stands for, also where a window is cut off; None where windows are never cut."""
        return None

    def parameters(self) -> int:
        """Pooling learns nothing."""
        return 0

    def macs(self, size: Sequence[int]) -> int:
        """Pooling multiplies nothing by a weight."""
        self.output_size(size)
        return 0

    def __call__(self, input: ArrayLike) -> Tensor:
        """(N, C, *spatial) or (C, *spatial) in, the same layout out, computed by torch."""
        x, had_batch = self._input(input)
        y = self._pooled(x)
        return y if had_batch else y.squeeze(0)

    def with_indices(self, input: ArrayLike) -> tuple[Tensor, Tensor]:
        """Max pooling and where each maximum was: flat in its (unpadded) plane, the first of equals, int64.

        A window that meets nothing above minus infinity has index -1.
        """
        if self.kind is not PoolKind.MAX:
            raise InvalidSpec("indices_need_max", kind=repr(str(self.kind)))
        x, had_batch = self._input(input)
        size = tuple(x.shape[2:])
        flat = torch.arange(math.prod(size)).reshape(size).expand(x.shape)
        for place in reversed(self._places(size)):
            values, taken = windows_along(x, *place, -math.inf).max(-1)
            flat = windows_along(flat, *place, -1).gather(-1, taken.unsqueeze(-1)).squeeze(-1)
            x = values
        return (x, flat) if had_batch else (x.squeeze(0), flat.squeeze(0))

    def step(self, input: ArrayLike, *, at: Sequence[int]) -> Step:
        """How output element `at` (channel first, or batch number first) comes about."""
        return self.trace(input).at(tuple(at))

    def trace(self, input: ArrayLike) -> Trace:
        """All steps in raster order, computed when looked at; `trace.shape` is the output's shape."""
        x, had_batch = self._input(input)
        shape = (x.shape[1], *self.output_size(tuple(x.shape[2:])))
        xs, draws = grid(x), self._draws((x.shape[0], *shape))
        return Trace((x.shape[0], *shape) if had_batch else shape, lambda at: self._step(xs, shape, at, draws))

    def torch_code(self) -> str:
        """The PyTorch program of this layer."""
        from cnnviz.core import codegen  # codegen reads specs, so it is looked up late

        return str(codegen.torch_code(self))  # type: ignore[arg-type]

    def _pooled(self, x: Tensor) -> Tensor:
        if self.kind is PoolKind.MAX:
            return self._along_axes(x, -math.inf, lambda windows: windows.amax(-1))
        if self.kind is PoolKind.AVG:
            return self._along_axes(x, 0.0, lambda windows: windows.sum(-1)) / self._counted(x)
        if self.kind is PoolKind.LP:
            sums = self._along_axes(x.abs() ** self.norm_type, 0.0, lambda windows: windows.sum(-1))
            scale = 1 if self.norm_taps is None else self.norm_taps / self._counted(x)
            return (sums * scale) ** (1 / self.norm_type)
        return self._shared(x)

    def _along_axes(self, x: Tensor, fill: float, shrink: Shrink) -> Tensor:
        """One axis after the other: possible where a window's result is that of its rows' results."""
        for place in self._places(tuple(x.shape[2:])):
            x = shrink(windows_along(x, *place, fill))
        return x

    def _shared(self, x: Tensor) -> Tensor:
        """Whole windows at once, a few rows of the output at a time."""
        places = self._places(tuple(x.shape[2:]))
        values, inside = _laid_out(x, places), _laid_out(torch.ones_like(x[:1, :1]), places) > 0
        draws = self._draws(tuple(values.shape[: x.ndim]))
        rows = max(1, CHUNK // max(1, values[:, :, :1].numel()))
        made = []
        for start in range(0, values.shape[2], rows):
            part = slice(start, start + rows)
            window = values[:, :, part].flatten(x.ndim)
            mask = inside[:, :, part].flatten(x.ndim).expand(window.shape)
            drawn = None if draws is None else draws[:, :, part]
            made.append((shares(self.kind, window, mask, self.k, drawn) * window).sum(-1))
        return torch.cat(made, 2)

    def _draws(self, shape: tuple[int, ...]) -> Tensor | None:
        """A number of [0, 1) for every output of a stochastic pooling, drawn from the seed."""
        if self.kind is not PoolKind.STOCHASTIC or self.seed is None:
            return None
        return torch.rand(shape, generator=torch.Generator().manual_seed(self.seed), dtype=torch.float64)

    def _step(self, x: Grid, shape: Index, at: Index, draws: Tensor | None) -> Step:
        index, sample, (channel, *window) = check_at(at, shape, x.shape[0])
        prefix = index[: len(index) - len(shape)]
        met = list(self._meets(x[sample, channel], (*prefix, channel), window))
        draw = None if draws is None else draws[(sample, channel, *window)]
        taps = tuple(Tap(m.source, m.place, m.value, w, p, m.position) for m, w, p in self._weighed(met, draw))
        norm = self.norm_type if self.kind is PoolKind.LP else None
        reduction = REDUCTIONS[self.kind]
        return Step(index, taps, 0.0, reduce(taps, 0.0, reduction, norm), reduction, norm)

    def _meets(self, plane: Grid, prefix: Index, window: Sequence[int]) -> Iterable[_Met]:
        """What one window meets in one plane of the input."""
        size, axes = plane.shape, self.pool_axes(plane.shape)
        spots = [list(enumerate(axis.positions(o))) for axis, o in zip(axes, window, strict=True)]
        for spot in itertools.product(*spots):
            position = tuple(p for _, p in spot)
            inside = all(0 <= p < n for p, n in zip(position, size, strict=True))
            counted = all(self._counts_here(a, n, p) for a, n, p in zip(axes, size, position, strict=True))
            value = float(plane[position]) if inside else -math.inf if self.kind is PoolKind.MAX else 0.0
            yield _Met((*prefix, *position) if inside else None, tuple(k for k, _ in spot), position, value, counted)

    def _weighed(self, met: Sequence[_Met], draw: Tensor | None) -> Iterable[tuple[_Met, float | None, float]]:
        """Each tap with its weight and its product, as the reduction adds them up."""
        count = sum(m.counted for m in met)
        if REDUCTIONS[self.kind] is Reduction.SHARES:
            values = torch.tensor([m.value for m in met], dtype=torch.float64)
            inside = torch.tensor([m.source is not None for m in met])
            weights = shares(self.kind, values, inside, self.k, draw).tolist()
            return [(m, weight, weight * m.value) for m, weight in zip(met, weights, strict=True)]
        if self.kind is PoolKind.MAX:
            return [(m, None, m.value) for m in met]
        share = math.nan if count == 0 else (1.0 if self.kind is PoolKind.AVG else self._norm_scale(count)) / count
        powers = [m.value if self.kind is PoolKind.AVG else abs(m.value) ** self.norm_type for m in met]
        each = [share if m.counted or count == 0 else 0.0 for m in met]
        return [(m, weight, weight * power) for m, weight, power in zip(met, each, powers, strict=True)]

    def _norm_scale(self, count: int) -> float:
        return float(count if self.norm_taps is None else self.norm_taps)

    def _counts_here(self, axis: PoolAxis, size: int, position: int) -> bool:
        """Whether a position is counted: pixels are; padding if it is included; what hangs over the end is not."""
        if self.kind is PoolKind.AVG and not self.count_include_pad:
            return 0 <= position < size
        return -axis.before <= position < size + axis.after

    def _counted(self, x: Tensor) -> Tensor:
        """How many taps each window counts: a tensor of the output's spatial shape."""
        per_axis = []
        for (_, axis, count), n in zip(self._places(tuple(x.shape[2:])), x.shape[2:], strict=True):
            counts = [sum(self._counts_here(axis, n, p) for p in axis.positions(o)) for o in range(count)]
            per_axis.append(torch.tensor(counts, dtype=x.dtype))
        return fold(lambda a, b: a.unsqueeze(-1) * b, per_axis)

    def _places(self, size: tuple[int, ...]) -> Places:
        return list(zip(range(2, 2 + self.dims), self.pool_axes(size), self.output_size(size), strict=True))

    def _input(self, input: ArrayLike) -> tuple[Tensor, bool]:
        (x,) = tensors(input=input)
        x, had_batch = batched(x, self.dims)
        check_elements("output", math.prod(x.shape[:2]) * math.prod(self.output_size(tuple(x.shape[2:]))))
        return x, had_batch


def _laid_out(x: Tensor, places: Places) -> Tensor:
    """(N, C, *windows, *taps): a view where windows lie at equal steps."""
    for dim, axis, count in places:
        x = _padded(x, dim, axis, count, 0.0)
    for dim, axis, count in places:
        x = _unfolded(x, dim, axis, count, 0.0)
    return x


def windows_along(x: Tensor, dim: int, axis: PoolAxis, count: int, fill: float) -> Tensor:
    """One more axis at the end, the taps: `dim` now counts windows. What is outside the input shows `fill`."""
    return _unfolded(_padded(x, dim, axis, count, fill), dim, axis, count, fill)


def _padded(x: Tensor, dim: int, axis: PoolAxis, count: int, fill: float) -> Tensor:
    if isinstance(axis, AdaptiveAxis):
        return x
    span = (count - 1) * axis.stride + axis.effective  # from the first tap to the last
    missing = max(0, span - axis.before - x.shape[dim])
    return F.pad(x, [0, 0] * (x.ndim - 1 - dim) + [axis.before, missing], value=fill).narrow(dim, 0, span)


def _unfolded(x: Tensor, dim: int, axis: PoolAxis, count: int, fill: float) -> Tensor:
    if isinstance(axis, Axis):
        return x.unfold(dim, axis.effective, axis.stride)[..., :: axis.dilation]
    positions = [axis.positions(o) for o in range(count)]
    longest = max(map(len, positions))
    index = torch.tensor([[*p, *[p[-1]] * (longest - len(p))] for p in positions])
    there = torch.tensor([[True] * len(p) + [False] * (longest - len(p)) for p in positions])
    taken = x.index_select(dim, index.flatten())
    taken = taken.reshape(*x.shape[:dim], count, longest, *x.shape[dim + 1 :]).movedim(dim + 1, -1)
    there = there.reshape(count, *[1] * (taken.ndim - dim - 2), longest)
    return taken.masked_fill(~there, fill)


def pool_kind(kind: str) -> PoolKind:
    """The kind of this name, or InvalidSpec."""
    return PoolKind(choice("kind", kind, PoolKind))


def pool_seed(seed: int | None) -> int | None:
    """A seed from 0 on, or None; or InvalidSpec."""
    return None if seed is None else whole("seed", seed, 0)


def norm_of(value: float) -> float:
    """The p of a p-norm, or InvalidSpec."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InvalidSpec("not_a_number", name="norm_type", value=repr(value)) from None
    if not 0 < number < math.inf:
        raise InvalidSpec("norm_type", value=value)
    return number
