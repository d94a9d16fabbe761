"""Pooling over windows at equal steps, in 1, 2 and 3 dimensions: the layer that frameworks have, and more kinds of it.

All kinds have dilation, unequal padding, ceil_mode and any kernel; what a window becomes is told in `pool_kinds`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from cnnviz.core.arithmetic import Op
from cnnviz.core.arrays import ArrayLike
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import AutoPadding, Padding, PaddingLike, Sizes, kernel_axes, parse, per_axis, torch_spells_it
from cnnviz.core.padding import whole as whole_number
from cnnviz.core.pool_kinds import PoolKind
from cnnviz.core.pooling import Pooling, norm_of, pool_kind, pool_seed
from cnnviz.core.sliding import Sliding
from cnnviz.core.step import Step
from cnnviz.core.windows import Axis, Rounding

__all__ = ["PoolKind", "PoolSpec"]


@dataclass(frozen=True, init=False)
class PoolSpec(Sliding, Pooling):
    """A pooling layer; it has no weights. `stride` defaults to the kernel.

    `ceil_mode` keeps a last window that hangs over the end, if it starts inside the input or the padding before it
    (torch's rule); `cover_all` keeps it even if it starts in the padding after (Chainer's). `count_include_pad`
    counts padding in the mean. `norm_type` is the p of "lp", which takes absolute values, as ONNX does.

    `torch_limits` keeps torch's rule that padding is at most half the kernel. By default it holds where `padding` is
    written as torch writes it, a number or one per axis; words and pairs, as in ONNX and Caffe, may go further. A
    window that meets no pixel is -inf for "max", nan for a mean that counts none.

    `k` is for "k_max"; `seed` for "stochastic", where None weighs each value by its probability, as at test time.

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
    k: int
    seed: int | None

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
        k: int = 2,
        seed: int | None = 0,
    ) -> None:
        kernel = kernel_axes(kernel_size)
        dims = len(kernel)
        holes = per_axis("dilation", dilation, dims, 1)
        strict = {
            "kernel_size": kernel,
            "kind": pool_kind(kind),
            "stride": kernel if stride is None else per_axis("stride", stride, dims, 1),
            "padding": parse(padding, kernel, holes),
            "dilation": holes,
            "ceil_mode": bool(ceil_mode),
            "count_include_pad": bool(count_include_pad),
            "norm_type": norm_of(norm_type),
            "cover_all": bool(cover_all),
            "torch_limits": torch_spells_it(padding, dims) if torch_limits is None else bool(torch_limits),
            "k": whole_number("k", k, 1),
            "seed": pool_seed(seed),
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

    def pool_axes(self, size: Sequence[int]) -> tuple[Axis, ...]:
        """The windows along each axis, under the name all poolings share."""
        return self.axes(size)

    @property
    def norm_taps(self) -> int:
        """A p-norm stands for the whole kernel, also where a window hangs over the end (torch's rule)."""
        return math.prod(self.kernel_size)

    def __call__(self, input: ArrayLike) -> Tensor:
        """(N, C, *spatial) or (C, *spatial) in, the same layout out, computed by torch.

        >>> PoolSpec((2,))([[1, 3, 2, 0]])
        tensor([[3., 2.]])
        >>> PoolSpec((3,), "median", stride=1)([[1, 3, 2, 0]])
        tensor([[2., 2.]])
        """
        return super().__call__(input)

    def with_indices(self, input: ArrayLike) -> tuple[Tensor, Tensor]:
        """Max pooling and where each maximum was: flat in its (unpadded) plane, the first of equals, int64.

        A window that meets nothing above minus infinity has index -1.

        >>> PoolSpec((2,)).with_indices([[1, 3, 2, 0]])
        (tensor([[3., 2.]]), tensor([[1, 2]]))
        """
        return super().with_indices(input)

    def step(self, input: ArrayLike, *, at: Sequence[int]) -> Step:
        """How output element `at` (channel first, or batch number first) comes about.

        >>> s = PoolSpec((2,), "avg").step([[1, 3, 2, 0]], at=(0, 1))
        >>> s.total, [(tap.input_index, tap.value, tap.weight) for tap in s.taps]
        (1.0, [((0, 2), 2.0, 0.5), ((0, 3), 0.0, 0.5)])
        """
        return super().step(input, at=at)

    def _check_padding(self) -> None:
        if isinstance(self.padding, AutoPadding) or not self.torch_limits:
            return
        for number, (pair, k) in enumerate(zip(self.padding, self.kernel_size, strict=True)):
            if max(pair) > k // 2:
                raise InvalidSpec("pool_padding_over_half", padding=max(pair), kernel_size=k, axis=number)
