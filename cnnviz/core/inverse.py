"""The output-size formula backwards: every setting within bounds that makes a wanted size from a given one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from cnnviz.core.arithmetic import Derivation, Op
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import Pair, choice, whole
from cnnviz.core.windows import Rounding

MOST = 200_000  # settings that are tried


@dataclass(frozen=True)
class Bounds:
    """What is tried: kernels, strides, paddings of one side and dilations up to these; `uneven` also pads one side
    by one more than the other, which even kernels need to keep a size.
    """

    kernel_size: int = 7
    stride: int = 4
    padding: int = 3
    dilation: int = 3
    uneven: bool = True

    def __post_init__(self) -> None:
        for name in ("kernel_size", "stride", "dilation"):
            whole(name, getattr(self, name), 1)
        whole("padding", self.padding, 0)
        tried = self.kernel_size * self.stride * self.dilation * len(self.pairs)
        if tried > MOST:
            raise InvalidSpec("too_many_settings", tried=tried, limit=MOST)

    @property
    def pairs(self) -> list[Pair]:
        """The (before, after) that are tried; the odd cell goes after, as in torch and TensorFlow."""
        even = [(p, p) for p in range(min(self.padding, MOST) + 1)]
        return even + [(p, p + 1) for p, _ in even[:-1]] if self.uneven else even


@dataclass(frozen=True)
class Setting:
    """One answer."""

    kernel_size: int
    stride: int
    padding: Pair
    dilation: int
    derivation: Derivation

    @property
    def exact(self) -> bool:
        """Whether the stride fits without rounding."""
        return self.derivation.exact


def settings(
    size: int, output: int, op: str = "conv", *, bounds: Bounds | None = None, ceil_mode: bool = False
) -> tuple[Setting, ...]:
    """All settings that make `output` from `size`, plain ones first: no dilation, small stride, equal sides.

    `op` is "conv", "conv_transpose" or "pool", which pads at most half its window; `ceil_mode` is the pool's. An
    empty answer means that nothing within the bounds does it. Raises InvalidSpec for sizes below 1.

    >>> [(s.kernel_size, s.stride, s.padding, s.dilation) for s in settings(5, 5, bounds=Bounds(4, 1, 2, 1))]
    [(1, 1, (0, 0), 1), (3, 1, (1, 1), 1), (2, 1, (0, 1), 1), (4, 1, (1, 2), 1)]
    """
    wanted = Op(choice("op", op, Op))
    whole("size", size, 1)
    whole("output", output, 1)
    rounding = Rounding.CEIL if ceil_mode and wanted is Op.POOL else Rounding.FLOOR
    found = [
        Setting(k, s, pair, d, Derivation(wanted, size, k, s, d, *pair, rounding=rounding))
        for k, s, pair, d in _tried(bounds or Bounds(), wanted)
        if _output(wanted, size, k, s, pair, d, rounding) == output
    ]
    return tuple(sorted(found, key=_plainness))


def _tried(bounds: Bounds, op: Op) -> Iterator[tuple[int, int, Pair, int]]:
    kernels, strides, dilations = (range(1, most + 1) for most in (bounds.kernel_size, bounds.stride, bounds.dilation))
    for k, s, pair, d in itertools.product(kernels, strides, bounds.pairs, dilations):
        alike = k == 1 and d > 1  # a single tap has no holes: the same layer again
        if not alike and (op is not Op.POOL or max(pair) <= k // 2):
            yield k, s, pair, d


def _output(op: Op, size: int, k: int, s: int, pair: Pair, d: int, rounding: Rounding) -> int | None:
    """The output size by the derivation; None where no window fits."""
    try:
        return Derivation(op, size, k, s, d, *pair, rounding=rounding).output
    except InvalidSpec:
        return None


def _plainness(setting: Setting) -> tuple[object, ...]:
    before, after = setting.padding
    return (setting.dilation, setting.stride, not setting.exact, before != after, setting.kernel_size, before)
