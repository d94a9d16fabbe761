"""Layers that only change the size of the picture: padding by itself, and upsampling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers.base import Layer, Shape, frozen, known, spatial
from cnnviz.core.padding import PaddingLike, PaddingMode, Pairs, choice, parse, per_axis, sequence
from cnnviz.core.reach import Reach, RepeatReach, SlidingReach
from cnnviz.core.windows import Axis, check_mode


@dataclass(frozen=True, kw_only=True)
class Pad(Layer):
    """Padding as a layer of its own: (before, after) pairs, one per spatial axis, or one number for all sides.

    >>> Pad(padding=((2, 1), (2, 1))).output_shape((1, 3, 32, 32))
    (1, 3, 35, 35)
    """

    padding: PaddingLike = 0
    padding_mode: str = "zeros"

    def __post_init__(self) -> None:
        choice("padding_mode", self.padding_mode, PaddingMode)
        object.__setattr__(self, "padding", frozen(self.padding))
        if isinstance(self.padding, str):
            raise InvalidSpec("unknown_padding", value=repr(self.padding), allowed="pairs")
        self.pairs(self.dims or 2)

    @property
    def kind(self) -> str:
        return "pad"

    @property
    def dims(self) -> int | None:
        parts = sequence(self.padding)
        return None if parts is None else len(parts)

    def output_shape(self, *inputs: Shape) -> Shape:
        size = spatial(inputs[0], self.dims or len(inputs[0]) - 2, self.kind)
        axes = [self._axis(before, after) for before, after in self.pairs(len(size))]
        check_mode(axes, size, PaddingMode(self.padding_mode))
        return (*inputs[0][:2], *(axis.output_size(n) for axis, n in zip(axes, size, strict=True)))

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        mode = PaddingMode(self.padding_mode)
        return tuple(SlidingReach(self._axis(*pair), mode=mode) for pair in self.pairs(len(size)))

    def pairs(self, dims: int) -> Pairs:
        """(before, after) for each of `dims` axes."""
        pairs = parse(self.padding, (1,) * dims, (1,) * dims)
        assert not isinstance(pairs, str)  # words were refused when the layer was made
        return pairs

    def _axis(self, before: int, after: int) -> Axis:
        return Axis(1, before=before, after=after)


UPSAMPLING = {"nearest": 1, "linear": 2, "bilinear": 2, "trilinear": 2}  # mode: neighbours on each axis


@dataclass(frozen=True, kw_only=True)
class Upsample(Layer):
    """A larger picture from repeated ("nearest") or mixed ("bilinear") pixels; `scale_factor` is a whole number.

    >>> Upsample(scale_factor=2).output_shape((1, 8, 7, 7))
    (1, 8, 14, 14)
    """

    scale_factor: int | Sequence[int] = 2
    mode: str = "nearest"

    def __post_init__(self) -> None:
        choice("mode", self.mode, UPSAMPLING)
        object.__setattr__(self, "scale_factor", frozen(self.scale_factor))
        per_axis("scale_factor", self.scale_factor, self.dims or 1, 1)

    @property
    def kind(self) -> str:
        return "upsample"

    @property
    def dims(self) -> int | None:
        parts = sequence(self.scale_factor)
        return None if parts is None else len(parts)

    def output_shape(self, *inputs: Shape) -> Shape:
        size = spatial(inputs[0], self.dims or len(inputs[0]) - 2, self.kind)
        return (*inputs[0][:2], *self._targets(size))

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        sizes = known(size, self.kind)
        neighbours = UPSAMPLING[self.mode]
        return tuple(RepeatReach(n, target, neighbours) for n, target in zip(sizes, self._targets(sizes), strict=True))

    def _targets(self, size: Sequence[int]) -> tuple[int, ...]:
        factors = per_axis("scale_factor", self.scale_factor, len(size), 1)
        return tuple(n * factor for n, factor in zip(size, factors, strict=True))
