"""Layers whose windows slide over the picture: convolution, transposed convolution and every pooling.

Each is a spec that may wait for its input: channels are taken from the shape that arrives. All arithmetic is the
spec's; nothing here knows where a window lies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cnnviz.core.arithmetic import Derivation
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers.base import Layer, Shape, frozen, known, spatial
from cnnviz.core.padding import AutoPadding, Padding, PaddingLike, Pair, Sizes, choice, resolve, sequence, whole
from cnnviz.core.pool import PoolSpec
from cnnviz.core.reach import Reach, SharedReach, SlidingReach, SpreadReach, everything
from cnnviz.core.sliding import Sliding
from cnnviz.core.transposed import TransposedConvSpec
from cnnviz.core.windows import AdaptiveAxis, Axis

DEPTHWISE: Literal["depthwise"] = "depthwise"


@dataclass(frozen=True, kw_only=True)
class _Convolution(Layer):
    """What convolution and its transpose share: channels that may be left open until an input arrives."""

    kernel_size: Sizes = 3
    out_channels: int | None = None
    in_channels: int | None = None
    stride: Sizes = 1
    padding: PaddingLike = 0
    dilation: Sizes = 1
    groups: int | Literal["depthwise"] = 1
    bias: bool = True

    def __post_init__(self) -> None:
        for name in ("kernel_size", "stride", "padding", "dilation"):
            object.__setattr__(self, name, frozen(getattr(self, name)))
        for name in ("in_channels", "out_channels"):
            if getattr(self, name) is not None:
                whole(name, getattr(self, name), 1)
        if self.groups != DEPTHWISE:
            whole("groups", self.groups, 1)
        self.spec(self.in_channels or self._fitting)

    @property
    def _fitting(self) -> int:
        """A number of channels that suits the groups, while none is known."""
        return 1 if self.groups == DEPTHWISE else int(self.groups)

    def _channels(self, arriving: int) -> tuple[int, int]:
        """(out_channels, groups) for this many channels, or InvalidSpec where others were promised."""
        if self.in_channels is not None and arriving != self.in_channels:
            raise InvalidSpec("in_channels_differ", channels=arriving, in_channels=self.in_channels)
        groups = arriving if self.groups == DEPTHWISE else int(self.groups)
        return arriving if self.out_channels is None else self.out_channels, groups

    def spec(self, channels: int) -> ConvSpec | TransposedConvSpec:
        """The layer's arithmetic, once it is known how many channels arrive."""
        raise NotImplementedError

    @property
    def dims(self) -> int:
        parts = sequence(self.kernel_size)
        return 2 if parts is None else len(parts)

    def output_shape(self, *inputs: Shape) -> Shape:
        size = spatial(inputs[0], self.dims, self.kind)
        spec = self.spec(inputs[0][1])
        return (inputs[0][0], spec.out_channels, *spec.output_size(size))

    def weights(self, shape: Shape) -> int:
        return self.spec(shape[1]).parameters(bias=False)

    def biases(self, shape: Shape) -> int:
        return self.spec(shape[1]).out_channels if self.bias else 0

    def uses(self, shape: Shape) -> int:
        """Once for each place of the output map, for each example."""
        return shape[0] * math.prod(self.output_shape(shape)[2:])

    def macs(self, shape: Shape) -> int:
        return shape[0] * self.spec(shape[1]).macs(shape[2:])

    def derivation(self, shape: Shape) -> tuple[Derivation, ...]:
        return self.spec(shape[1]).derivation(shape[2:])


@dataclass(frozen=True, kw_only=True)
class Conv(_Convolution):
    """A convolution layer. `out_channels` None makes as many as come in; `groups` "depthwise" one for each of them.

    `kernel_size` 3 means (3, 3), as in ConvSpec; write (3,) for one dimension.

    >>> conv = Conv(kernel_size=5, out_channels=6, padding=2)
    >>> conv.output_shape((1, 1, 28, 28)), conv.parameters((1, 1, 28, 28)), conv.macs((1, 1, 28, 28))
    ((1, 6, 28, 28), 156, 117600)
    """

    padding_mode: str = "zeros"

    @property
    def kind(self) -> str:
        return "conv"

    def spec(self, channels: int) -> ConvSpec:
        """The ConvSpec, once it is known how many channels arrive."""
        out, groups = self._channels(channels)
        slide = (self.stride, self.padding, self.dilation)
        return ConvSpec(self.kernel_size, channels, out, *slide, groups, self.padding_mode)

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        return _sliding_reach(self.spec(self.in_channels or self._fitting), size)


@dataclass(frozen=True, kw_only=True)
class ConvTranspose(_Convolution):
    """A transposed convolution layer.

    >>> up = ConvTranspose(kernel_size=2, stride=2, out_channels=8)
    >>> up.output_shape((1, 16, 7, 7)), up.macs((1, 16, 7, 7))
    ((1, 8, 14, 14), 25088)
    """

    output_padding: Sizes = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "output_padding", frozen(self.output_padding))
        super().__post_init__()

    @property
    def kind(self) -> str:
        return "conv_transpose"

    def spec(self, channels: int) -> TransposedConvSpec:
        """The TransposedConvSpec, once it is known how many channels arrive."""
        out, groups = self._channels(channels)
        spread = (self.stride, self.padding, self.output_padding, self.dilation)
        return TransposedConvSpec(self.kernel_size, channels, out, *spread, groups)

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        spec = self.spec(self.in_channels or self._fitting)
        return tuple(SpreadReach(axis) for axis in spec.axes((1,) * len(size)))


@dataclass(frozen=True, kw_only=True)
class Pool(Layer):
    """A pooling layer; `mode` is "max", "avg", "lp" or another kind of PoolSpec. `stride` None means the kernel.

    >>> Pool(kernel_size=3, stride=2, ceil_mode=True).output_shape((1, 64, 54, 54))
    (1, 64, 27, 27)
    """

    kernel_size: Sizes = 2
    mode: str = "max"
    stride: Sizes | None = None
    padding: PaddingLike = 0
    dilation: Sizes = 1
    ceil_mode: bool = False
    count_include_pad: bool = True
    norm_type: float = 2.0
    k: int = 2
    seed: int | None = 0

    def __post_init__(self) -> None:
        for name in ("kernel_size", "stride", "padding", "dilation"):
            object.__setattr__(self, name, frozen(getattr(self, name)))
        self.spec()

    @property
    def kind(self) -> str:
        return f"{self.mode}_pool"

    @property
    def dims(self) -> int:
        parts = sequence(self.kernel_size)
        return 2 if parts is None else len(parts)

    def spec(self) -> PoolSpec:
        """The PoolSpec that does the arithmetic."""
        return PoolSpec(
            self.kernel_size,
            self.mode,
            self.stride,
            self.padding,
            self.dilation,
            ceil_mode=self.ceil_mode,
            count_include_pad=self.count_include_pad,
            norm_type=self.norm_type,
            k=self.k,
            seed=self.seed,
        )

    def output_shape(self, *inputs: Shape) -> Shape:
        size = spatial(inputs[0], self.dims, self.kind)
        return (*inputs[0][:2], *self.spec().output_size(size))

    def derivation(self, shape: Shape) -> tuple[Derivation, ...]:
        return self.spec().derivation(shape[2:])

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        return _sliding_reach(self.spec(), size)


@dataclass(frozen=True, kw_only=True)
class GlobalPool(Layer):
    """One number for each map: its largest ("max") or its mean ("avg").

    >>> GlobalPool().output_shape((1, 512, 7, 7))
    (1, 512, 1, 1)
    """

    mode: str = "avg"

    def __post_init__(self) -> None:
        choice("mode", self.mode, ("max", "avg"))

    @property
    def kind(self) -> str:
        return f"global_{self.mode}_pool"

    def output_shape(self, *inputs: Shape) -> Shape:
        if len(inputs[0]) < 3:
            raise InvalidSpec("layer_axes", kind=self.kind, shape=inputs[0], axes=1)
        return (*inputs[0][:2], *(1 for _ in inputs[0][2:]))

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        return tuple(everything(n) for n in known(size, self.kind))


@dataclass(frozen=True, kw_only=True)
class AdaptivePool(Layer):
    """Pooling to a wanted size, whatever the input's; None keeps an axis as it is.

    >>> AdaptivePool(output_size=(6, None)).output_shape((1, 256, 13, 13))
    (1, 256, 6, 13)
    """

    output_size: int | Sequence[int | None] = 1
    mode: str = "avg"

    def __post_init__(self) -> None:
        choice("mode", self.mode, ("max", "avg"))
        object.__setattr__(self, "output_size", frozen(self.output_size))
        for number in sequence(self.output_size) or (self.output_size,):
            if number is not None:
                whole("output_size", number, 1)

    @property
    def kind(self) -> str:
        return f"adaptive_{self.mode}_pool"

    @property
    def dims(self) -> int | None:
        parts = sequence(self.output_size)
        return None if parts is None else len(parts)

    def output_shape(self, *inputs: Shape) -> Shape:
        size = spatial(inputs[0], self.dims or len(inputs[0]) - 2, self.kind)
        return (*inputs[0][:2], *self._targets(size))

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        sizes = known(size, self.kind)
        return tuple(SharedReach(AdaptiveAxis(n, o)) for n, o in zip(sizes, self._targets(sizes), strict=True))

    def _targets(self, size: Sequence[int]) -> tuple[int, ...]:
        if isinstance(self.output_size, int):
            return (self.output_size,) * len(size)
        return tuple(n if wanted is None else wanted for n, wanted in zip(size, self.output_size, strict=True))


def _sliding_reach(spec: Sliding, size: Sequence[int | None]) -> tuple[Reach, ...]:
    """A window's reach on each axis, also where the size of the input is not known."""
    if len(size) != spec.dims:
        raise InvalidSpec("size_axes", size=tuple(size), axes=spec.dims)
    reaches = []
    for k, s, d, n, number in zip(spec.kernel_size, spec.stride, spec.dilation, size, range(spec.dims), strict=True):
        pairs = _possible_padding(spec.padding, k, s, d, n, number)
        axis = Axis(k, s, d, *min(pairs))
        reaches.append(SlidingReach(axis, spec.rounding, spec.mode, known=len(pairs) == 1))
    return tuple(reaches)


def _possible_padding(padding: Padding, k: int, s: int, d: int, size: int | None, number: int) -> set[Pair]:
    """The padding of one axis. SAME depends on the size, but only on what it leaves when divided by the stride."""
    if not isinstance(padding, AutoPadding):
        return {padding[number]}
    sizes = range(s, 2 * s) if size is None else (size,)
    return {resolve(padding, (n,), (k,), (s,), (d,))[0] for n in sizes}
