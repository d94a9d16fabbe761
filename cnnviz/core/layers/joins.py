"""Layers with several inputs, where branches of a network meet: sum and concatenation."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers.base import Layer, Shape


@dataclass(frozen=True, kw_only=True)
class Add(Layer):
    """The sum of its inputs, number by number: all have one shape.

    >>> Add().output_shape((1, 64, 56, 56), (1, 64, 56, 56))
    (1, 64, 56, 56)
    """

    @property
    def kind(self) -> str:
        return "add"

    @property
    def joins(self) -> bool:
        return True

    def output_shape(self, *inputs: Shape) -> Shape:
        if len(set(inputs)) != 1:
            raise InvalidSpec("add_shapes", shapes=_listed(inputs))
        return inputs[0]


@dataclass(frozen=True, kw_only=True)
class Concat(Layer):
    """Its inputs one after the other along the channels: all other axes agree.

    >>> Concat().output_shape((1, 64, 28, 28), (1, 128, 28, 28))
    (1, 192, 28, 28)
    """

    @property
    def kind(self) -> str:
        return "concat"

    @property
    def joins(self) -> bool:
        return True

    def output_shape(self, *inputs: Shape) -> Shape:
        rests = {(shape[0], *shape[2:]) for shape in inputs}
        if len(rests) != 1 or any(len(shape) < 2 for shape in inputs):
            raise InvalidSpec("concat_shapes", shapes=_listed(inputs))
        first = inputs[0]
        return (first[0], sum(shape[1] for shape in inputs), *first[2:])


def _listed(shapes: tuple[Shape, ...]) -> str:
    return ", ".join(str(shape) for shape in shapes)
