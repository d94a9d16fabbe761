"""The way back through max pooling: its switches (where each maximum was), unpooling, and where the gradient goes.

Indices are torch's: flat inside one (unpadded) plane. ONNX counts over the whole array (N, C, *spatial), and can
count a plane column by column; `from_onnx` and `to_onnx` convert.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.core.arithmetic import Derivation, Op, derive
from cnnviz.core.arrays import ArrayLike, batched, check_at, check_elements, grid, tensors
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import Pairs, Sizes, kernel_axes, per_axis
from cnnviz.core.pool_kinds import PoolKind
from cnnviz.core.pooling import Pooling
from cnnviz.core.step import Index, Step, Tap, Trace
from cnnviz.core.windows import TransposedAxis


@dataclass(frozen=True, init=False)
class UnpoolSpec:
    """Max unpooling: every value goes back to the place its index names, all other places are 0.

    `kernel_size`, `stride` (None: the kernel) and `padding` are those of the max pooling it undoes; they only say how
    large the output is, which `output_size` may say instead. Raises InvalidSpec.

    >>> UnpoolSpec(2)([[[6, 8], [14, 16]]], [[[5, 7], [13, 15]]])
    tensor([[[ 0.,  0.,  0.,  0.],
             [ 0.,  6.,  0.,  8.],
             [ 0.,  0.,  0.,  0.],
             [ 0., 14.,  0., 16.]]])
    """

    op: ClassVar[Op] = Op.CONV_TRANSPOSE  # the same size formula

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]

    def __init__(self, kernel_size: Sizes = 2, stride: Sizes | None = None, padding: Sizes = 0) -> None:
        kernel = kernel_axes(kernel_size)
        steps = kernel if stride is None else per_axis("stride", stride, len(kernel), 1)
        object.__setattr__(self, "kernel_size", kernel)
        object.__setattr__(self, "stride", steps)
        object.__setattr__(self, "padding", per_axis("padding", padding, len(kernel), 0))

    @property
    def dims(self) -> int:
        """Number of spatial axes: 1, 2 or 3."""
        return len(self.kernel_size)

    def derivation(self, size: Sequence[int]) -> tuple[Derivation, ...]:
        """How the size of each output axis comes about: (n − 1)·s − 2p + k."""
        if len(size) != self.dims:
            raise InvalidSpec("size_axes", size=tuple(size), axes=self.dims)
        per = zip(self.kernel_size, self.stride, self.padding, size, strict=True)
        axes = [(TransposedAxis(k, s, 1, p, p), n) for k, s, p, n in per]
        return tuple(derive(self.op, axis, n, number) for number, (axis, n) in enumerate(axes))

    def output_size(self, size: Sequence[int]) -> tuple[int, ...]:
        """Spatial size of the output where none is asked for; what pooling's floor cut off is not restored."""
        return tuple(axis.output for axis in self.derivation(size))

    def __call__(self, input: ArrayLike, indices: ArrayLike, output_size: Sequence[int] | None = None) -> Tensor:
        """(N, C, *spatial) or (C, *spatial) in, the same layout out; of several values for one place the last counts.

        Raises InvalidSpec for indices of another shape or outside the output.
        """
        x, places, size, had_batch = self._arrays(input, indices, output_size)
        winners = _last_writer(places, math.prod(size))
        values = x.flatten(2).gather(2, winners.clamp(min=0)) * (winners >= 0)
        y = values.reshape(*x.shape[:2], *size)
        return y if had_batch else y.squeeze(0)

    def trace(self, input: ArrayLike, indices: ArrayLike, output_size: Sequence[int] | None = None) -> Trace:
        """All steps in raster order: an output with a value has one tap, the input it comes from; the others none."""
        x, places, size, had_batch = self._arrays(input, indices, output_size)
        values, winners = grid(x), _last_writer(places, math.prod(size))
        shape = (x.shape[1], *size)

        def step(at: Index) -> Step:
            index, sample, (channel, *place) = check_at(at, shape, x.shape[0])
            winner = int(winners[sample, channel, _flat(place, size)])
            if winner < 0:
                return Step(index, (), 0.0, 0.0)
            source = tuple(int(i) for i in torch.unravel_index(torch.tensor(winner), x.shape[2:]))
            value = float(values[(sample, channel, *source)])
            prefix = index[: len(index) - len(shape)]
            tap = Tap((*prefix, channel, *source), (0,) * self.dims, value, 1.0, value, source)
            return Step(index, (tap,), 0.0, value)

        return Trace((x.shape[0], *shape) if had_batch else shape, step)

    def _arrays(
        self, input: ArrayLike, indices: ArrayLike, output_size: Sequence[int] | None
    ) -> tuple[Tensor, Tensor, tuple[int, ...], bool]:
        (x,) = tensors(input=input)
        places = torch.as_tensor(indices)
        if places.shape != x.shape or places.is_floating_point():
            raise InvalidSpec("indices_shape", shape=tuple(places.shape), expected=tuple(x.shape))
        x, had_batch = batched(x, self.dims)
        if output_size is None:
            size = self.output_size(tuple(x.shape[2:]))
        else:
            size = per_axis("output_size", output_size, self.dims, 1)
        check_elements("output", math.prod(x.shape[:2]) * math.prod(size))
        places = places.reshape(x.shape).flatten(2).long()
        if bool(((places < 0) | (places >= math.prod(size))).any()):
            raise InvalidSpec("indices_outside", largest=int(places.max()), smallest=int(places.min()), size=size)
        return x, places, size, had_batch


@dataclass(frozen=True, eq=False)
class Unpooling:
    """An UnpoolSpec with the switches it obeys: a layer without weights, as the step player takes them.

    >>> layer = Unpooling(UnpoolSpec((2,)), torch.tensor([[1, 2]]))
    >>> [step.total for step in layer.trace([[3.0, 2.0]])]
    [0.0, 3.0, 2.0, 0.0]
    """

    spec: UnpoolSpec
    indices: Tensor
    size: tuple[int, ...] | None = None  # of the output, where it is not the spec's own

    def __call__(self, input: ArrayLike) -> Tensor:
        """The values at their places."""
        return self.spec(input, self.indices, self.size)

    def trace(self, input: ArrayLike) -> Trace:
        """All steps, as of UnpoolSpec."""
        return self.spec.trace(input, self.indices, self.size)

    def derivation(self, size: Sequence[int]) -> tuple[Derivation, ...]:
        """How the size comes about; empty where it is given."""
        return self.spec.derivation(size) if self.size is None else ()

    def padding_for(self, size: Sequence[int]) -> Pairs:
        """(before, after) per axis: the input has no padding; that of the pooling made the output smaller."""
        return ((0, 0),) * len(size)

    def unvisited(self, size: Sequence[int]) -> tuple[NDArray[np.bool_], ...]:
        """For each axis, the pixels that are not used: none, because each value has its place."""
        return tuple(np.zeros(n, dtype=bool) for n in size)


def max_unpool(
    input: ArrayLike,
    indices: ArrayLike,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Max unpooling with torch's indices; a `kernel_size` of one number is for (N, C, *spatial) input.

    >>> max_unpool([[[3.0, 2.0]]], [[[1, 2]]], 2)
    tensor([[[0., 3., 2., 0.]]])
    """
    (x,) = tensors(input=input)
    axes = max(1, min(3, x.ndim - 2))
    kernel = (kernel_size,) * axes if isinstance(kernel_size, int) else kernel_size
    return UnpoolSpec(kernel, stride, padding)(x, indices, output_size)


def from_onnx(
    indices: ArrayLike,
    shape: Sequence[int],
    *,
    column_major: bool = False,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """ONNX's flat indices as torch's. `shape` is (N, C, *spatial) of the array they count in.

    `column_major` is ONNX's storage_order 1. `output_size` counts the same places in a larger plane, as MaxUnpool
    with an output_shape does.

    >>> from_onnx([[[[5, 7]], [[21, 23]]]], (1, 2, 4, 4)).flatten().tolist()
    [5, 7, 5, 7]
    """
    flat, size = torch.as_tensor(indices).long(), tuple(shape)[2:]
    places = _unravel(flat, size, column_major)  # what whole planes come before is left over, and left out
    return _ravel(places, tuple(output_size or size), False)


def to_onnx(indices: ArrayLike, shape: Sequence[int], *, column_major: bool = False) -> Tensor:
    """torch's indices (N, C, ...) as ONNX's, counted over the array of this shape (N, C, *spatial).

    >>> to_onnx([[[[5, 7]], [[5, 7]]]], (1, 2, 4, 4)).flatten().tolist()
    [5, 7, 21, 23]
    """
    flat, size = torch.as_tensor(indices).long(), tuple(shape)[2:]
    plane = _ravel(_unravel(flat, size, False), size, column_major)
    before = torch.arange(math.prod(flat.shape[:2])).reshape(*flat.shape[:2], *[1] * (flat.ndim - 2))
    return plane + before * math.prod(size)


def route_gradient(spec: Pooling, input: ArrayLike, gradient: ArrayLike) -> Tensor:
    """Where the gradient of a pooling's output goes in its input: all of it to the maxima, or shared out.

    `gradient` has the output's shape, the result the input's. For "max" the first of equals takes it all, as in
    torch; where windows overlap, what arrives is added up.

    >>> from cnnviz.core.pool import PoolSpec
    >>> route_gradient(PoolSpec((2,)), [[1.0, 3.0, 2.0, 0.0]], [[10.0, 20.0]])
    tensor([[ 0., 10., 20.,  0.]])
    """
    x, g = tensors(input=input, gradient=gradient)
    if spec.kind is PoolKind.MAX:
        values, places = spec.with_indices(x)
        _check_same(g, values)
        lead = x.ndim - spec.dims
        into = torch.zeros_like(x).flatten(lead)
        kept = (places >= 0).flatten(lead)
        into.scatter_add_(-1, places.flatten(lead).clamp(min=0), g.flatten(lead) * kept)
        return into.reshape(x.shape)
    x = x.detach().clone().requires_grad_()
    y = spec(x)
    _check_same(g, y)
    (found,) = torch.autograd.grad(y, x, g)
    return found


def _check_same(gradient: Tensor, output: Tensor) -> None:
    if gradient.shape != output.shape:
        raise InvalidSpec("gradient_shape", shape=tuple(gradient.shape), expected=tuple(output.shape))


def _last_writer(places: Tensor, length: int) -> Tensor:
    """For each place of a plane, which input (flat, in reading order) writes it last; -1 where none does."""
    writers = torch.full((*places.shape[:2], length), -1)
    numbers = torch.arange(places.shape[2]).expand(places.shape)
    return writers.scatter_reduce_(2, places, numbers, "amax")


def _flat(place: Sequence[int], size: Sequence[int]) -> int:
    number = 0
    for i, n in zip(place, size, strict=True):
        number = number * n + i
    return number


def _unravel(flat: Tensor, size: Sequence[int], column_major: bool) -> list[Tensor]:
    """The index on each axis, first axis first."""
    places = []
    for n in size if column_major else reversed(size):
        places.append(flat % n)
        flat = flat // n
    return places if column_major else places[::-1]


def _ravel(places: Sequence[Tensor], size: Sequence[int], column_major: bool) -> Tensor:
    order = range(len(size))
    flat = torch.zeros_like(places[0])
    for axis in reversed(order) if column_major else order:
        flat = flat * size[axis] + places[axis]
    return flat
