"""Layers that leave the picture behind: flattening, and the fully connected layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers.base import Layer, Shape, elements, known
from cnnviz.core.padding import whole
from cnnviz.core.reach import Reach, everything


@dataclass(frozen=True, kw_only=True)
class Flatten(Layer):
    """Axes `start_dim` to `end_dim` as one, in row-major order.

    >>> Flatten().output_shape((1, 16, 5, 5))
    (1, 400)
    """

    start_dim: int = 1
    end_dim: int = -1

    @property
    def kind(self) -> str:
        return "flatten"

    def output_shape(self, *inputs: Shape) -> Shape:
        shape = inputs[0]
        axes = range(-len(shape), len(shape))
        if self.start_dim not in axes or self.end_dim not in axes:
            raise InvalidSpec("flatten_axes", start=self.start_dim, end=self.end_dim, shape=shape)
        start, end = self.start_dim % len(shape), self.end_dim % len(shape)
        if start > end:
            raise InvalidSpec("flatten_axes", start=self.start_dim, end=self.end_dim, shape=shape)
        return (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])


@dataclass(frozen=True, kw_only=True)
class Linear(Layer):
    """A fully connected layer over the last axis; `in_features` None takes whatever comes.

    >>> fc = Linear(in_features=400, out_features=120)
    >>> fc.output_shape((1, 400)), fc.parameters((1, 400)), fc.macs((1, 400))
    ((1, 120), 48120, 48000)
    """

    out_features: int
    in_features: int | None = None
    bias: bool = True

    def __post_init__(self) -> None:
        whole("out_features", self.out_features, 1)
        if self.in_features is not None:
            whole("in_features", self.in_features, 1)

    @property
    def kind(self) -> str:
        return "linear"

    def output_shape(self, *inputs: Shape) -> Shape:
        shape = inputs[0]
        if self.in_features is not None and shape[-1] != self.in_features:
            raise InvalidSpec("in_features_differ", shape=shape, features=shape[-1], in_features=self.in_features)
        return (*shape[:-1], self.out_features)

    def weights(self, shape: Shape) -> int:
        return shape[-1] * self.out_features

    def biases(self, shape: Shape) -> int:
        return self.out_features if self.bias else 0

    def uses(self, shape: Shape) -> int:
        """Once for each vector: every axis but the last counts them."""
        return elements(shape[:-1])

    def macs(self, shape: Shape) -> int:
        return self.uses(shape) * self.weights(shape)

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        return tuple(everything(n) for n in known(size, self.kind))
