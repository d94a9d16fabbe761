"""Pooling to a wanted size: the windows share the input out, and differ by a pixel where it does not divide.

Window o of n covers the pixels from floor(o · size / n) up to ceil((o + 1) · size / n), as in torch.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce as fold
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.core.arithmetic import Derivation
from cnnviz.core.arrays import ArrayLike, check_elements, tensors
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import Pairs, sequence, whole
from cnnviz.core.pool_kinds import PoolKind
from cnnviz.core.pooling import Pooling, norm_of, pool_kind, pool_seed
from cnnviz.core.step import Index
from cnnviz.core.windows import AdaptiveAxis


@dataclass(frozen=True, init=False)
class AdaptivePoolSpec(Pooling):
    """Pooling to `output_size`: one number means both axes of a picture, None keeps an axis as it is.

    Any kind of PoolSpec; torch has "avg" and "max". A p-norm is that of the pixels in the window. Raises InvalidSpec.

    >>> spec = AdaptivePoolSpec((3,))
    >>> spec([[1, 2, 3, 4, 5]])
    tensor([[1.5000, 3.0000, 4.5000]])
    >>> [list(window) for (axis,) in [spec.axes((5,))] for window in map(axis.positions, range(3))]
    [[0, 1], [1, 2, 3], [3, 4]]
    """

    wanted: tuple[int | None, ...]
    kind: PoolKind
    norm_type: float
    k: int
    seed: int | None

    def __init__(
        self,
        output_size: int | Sequence[int | None] = 1,
        kind: str = "avg",
        norm_type: float = 2.0,
        k: int = 2,
        seed: int | None = 0,
    ) -> None:
        parts = sequence(output_size)
        per_axis = (output_size,) * 2 if parts is None else parts
        if not 1 <= len(per_axis) <= 3:
            raise InvalidSpec("output_size_axes", value=output_size)
        strict = {
            "wanted": tuple(None if n is None else whole("output_size", n, 1) for n in per_axis),
            "kind": pool_kind(kind),
            "norm_type": norm_of(norm_type),
            "k": whole("k", k, 1),
            "seed": pool_seed(seed),
        }
        for name, value in strict.items():
            object.__setattr__(self, name, value)

    count_include_pad = False  # there is no padding

    @property
    def dims(self) -> int:
        """Number of spatial axes: 1, 2 or 3."""
        return len(self.wanted)

    def output_size(self, size: Sequence[int]) -> tuple[int, ...]:
        """Spatial size of the output: what was asked for."""
        if len(size) != self.dims:
            raise InvalidSpec("size_axes", size=tuple(size), axes=self.dims)
        return tuple(n if wanted is None else wanted for n, wanted in zip(size, self.wanted, strict=True))

    def axes(self, size: Sequence[int]) -> tuple[AdaptiveAxis, ...]:
        """The windows along each axis of an input of this size."""
        return tuple(AdaptiveAxis(n, o) for n, o in zip(size, self.output_size(size), strict=True))

    def pool_axes(self, size: Sequence[int]) -> tuple[AdaptiveAxis, ...]:
        """The windows along each axis, under the name all poolings share."""
        return self.axes(size)

    def padding_for(self, size: Sequence[int]) -> Pairs:
        """(before, after) per axis: there is none."""
        return ((0, 0),) * len(self.output_size(size))

    def derivation(self, size: Sequence[int]) -> tuple[Derivation, ...]:
        """Nothing to derive: the size is given."""
        self.output_size(size)
        return ()

    def usage_per_axis(self, size: Sequence[int]) -> tuple[NDArray[np.int64], ...]:
        """For each axis, how many windows meet each pixel: 1, or 2 where neighbours overlap."""
        return tuple(_usage(axis) for axis in self.axes(size))

    def usage(self, size: Sequence[int]) -> NDArray[np.int64]:
        """How many windows use each input pixel: int64 of shape `size`.

        >>> AdaptivePoolSpec((3,)).usage((5,)).tolist()
        [1, 2, 1, 2, 1]
        """
        check_elements("usage", math.prod(size))
        return np.asarray(fold(np.multiply.outer, self.usage_per_axis(size)))

    def unvisited(self, size: Sequence[int]) -> tuple[NDArray[np.bool_], ...]:
        """For each axis, the pixels that no window touches: none, ever."""
        return tuple(used == 0 for used in self.usage_per_axis(size))

    def feeds(self, size: Sequence[int], pixel: Sequence[int]) -> tuple[tuple[Index, Index], ...]:
        """The way back: (output position, place in the window) of every tap that meets this input pixel."""
        users = [
            [(o, axis.positions(o).index(i)) for o in range(axis.windows) if i in axis.positions(o)]
            for axis, i in zip(self.axes(size), pixel, strict=True)
        ]
        return tuple((tuple(o for o, _ in pairs), tuple(k for _, k in pairs)) for pairs in itertools.product(*users))


def _usage(axis: AdaptiveAxis) -> NDArray[np.int64]:
    used = np.zeros(axis.size, dtype=np.int64)
    for window in range(axis.windows):
        positions = axis.positions(window)
        used[positions.start : positions.stop] += 1
    return used


@overload
def adaptive_pool(
    input: ArrayLike,
    output_size: int | Sequence[int | None],
    kind: str = "avg",
    *,
    return_indices: Literal[False] = False,
) -> Tensor: ...
@overload
def adaptive_pool(
    input: ArrayLike, output_size: int | Sequence[int | None], kind: str = "avg", *, return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...
def adaptive_pool(
    input: ArrayLike, output_size: int | Sequence[int | None], kind: str = "avg", *, return_indices: bool = False
) -> Tensor | tuple[Tensor, Tensor]:
    """Pooling to a wanted size: "avg", "max" (with `return_indices` also where) or another kind of PoolSpec.

    An `output_size` of one number is for (N, C, *spatial) input, one per spatial axis for (C, *spatial) too.

    >>> adaptive_pool([[[1, 2, 3, 4, 5]]], 2, "max")
    tensor([[[3., 5.]]])
    """
    (x,) = tensors(input=input)
    wanted = (output_size,) * max(1, min(3, x.ndim - 2)) if isinstance(output_size, int) else output_size
    spec = AdaptivePoolSpec(wanted, kind)
    return spec.with_indices(x) if return_indices else spec(x)
