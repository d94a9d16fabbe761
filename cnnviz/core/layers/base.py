"""What every layer answers: the shape it makes, its learnable numbers, its multiply-adds, and what its units see."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from cnnviz.core.arithmetic import Derivation
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import sequence
from cnnviz.core.reach import POINT, Reach

Shape: TypeAlias = tuple[int, ...]  # batch first: (N, C, *spatial), or (N, ..., features)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer without its numbers. The answers here are those of a layer that works on each number by itself."""

    name: str = ""

    @property
    def kind(self) -> str:
        """What sort of layer it is, in one word of the closed vocabulary of `reading`."""
        raise NotImplementedError

    @property
    def dims(self) -> int | None:
        """Spatial axes the layer insists on; None where any number will do."""
        return None

    @property
    def joins(self) -> bool:
        """Whether it takes several inputs."""
        return False

    def output_shape(self, *inputs: Shape) -> Shape:
        """The shape it makes; InvalidSpec names the rule where it cannot take these inputs."""
        return inputs[0]

    def weights(self, shape: Shape) -> int:
        """Learnable numbers besides the biases, for an input of this shape."""
        return 0

    def biases(self, shape: Shape) -> int:
        """Learnable numbers that are only added."""
        return 0

    def parameters(self, shape: Shape) -> int:
        """All learnable numbers."""
        return self.weights(shape) + self.biases(shape)

    def macs(self, shape: Shape) -> int:
        """Multiply-adds of convolutions and fully connected layers, biases not counted; 0 for all others."""
        return 0

    def uses(self, shape: Shape) -> int:
        """How often the whole set of weights is applied: once for each example."""
        return shape[0]

    def derivation(self, shape: Shape) -> tuple[Derivation, ...]:
        """How each spatial size comes about; empty where there is nothing to derive."""
        return ()

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        """What its units see of the layer before, for each axis; None is a size that is not known."""
        return (POINT,) * len(size)


def spatial(shape: Shape, dims: int, kind: str) -> Shape:
    """The spatial part of (N, C, *spatial), or InvalidSpec where the shape has other axes."""
    if len(shape) != dims + 2:
        raise InvalidSpec("layer_axes", kind=kind, shape=shape, axes=dims)
    return shape[2:]


def known(size: Sequence[int | None], kind: str) -> tuple[int, ...]:
    """The sizes, or InvalidSpec where one of them is not known."""
    sizes = tuple(n for n in size if n is not None)
    if len(sizes) < len(size):
        raise InvalidSpec("needs_input_size", kind=kind)
    return sizes


def frozen(value: Any) -> Any:
    """Lists, and lists in lists, as tuples: a layer can be a key.

    >>> frozen([[0, 1], [1, 0]])
    ((0, 1), (1, 0))
    """
    parts = sequence(value)
    return value if parts is None else tuple(frozen(part) for part in parts)


def elements(shape: Shape) -> int:
    """How many numbers an array of this shape holds.

    >>> elements((2, 3, 4, 4))
    96
    """
    return math.prod(shape)
