"""A stack of layers, shape by shape, up to the layer that cannot work: the one named with the rule it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cnnviz.core.arithmetic import Derivation
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Layer, Shape
from cnnviz.core.network import INPUT, Network, Node, NodeLike, network
from cnnviz.core.padding import sequence, whole


@dataclass(frozen=True)
class Stage:
    """One layer at work: the shapes that arrive (batch first) and the shape it makes."""

    number: int  # counted from 1
    name: str
    layer: Layer
    input_shapes: tuple[Shape, ...]
    output_shape: Shape

    @property
    def input_shape(self) -> Shape:
        """The first shape that arrives."""
        return self.input_shapes[0]

    @property
    def derivation(self) -> tuple[Derivation, ...]:
        """How each spatial size comes about; empty for layers without windows."""
        return self.layer.derivation(self.input_shape)


@dataclass(frozen=True)
class Broken:
    """The first layer that cannot work, what arrived there, and the rule it breaks."""

    number: int
    name: str
    layer: Layer
    input_shapes: tuple[Shape, ...]
    rule: InvalidSpec


@dataclass(frozen=True)
class Chain(Sequence[Stage]):
    """The stages that work, in order, and where it breaks, if it does."""

    network: Network
    input_shape: Shape  # batch first
    had_batch: bool
    stages: tuple[Stage, ...]
    broken: Broken | None = None

    def __len__(self) -> int:
        return len(self.stages)

    def __getitem__(self, index: Any) -> Any:
        return self.stages[index]

    def __iter__(self) -> Iterator[Stage]:
        return iter(self.stages)

    @property
    def output_shape(self) -> Shape:
        """The shape of the last stage that works, batch first."""
        return self.stages[-1].output_shape if self.stages else self.input_shape

    def as_given(self, shape: Shape) -> Shape:
        """A shape in the layout of the input: without the batch axis where the input had none."""
        return shape if self.had_batch else shape[1:]

    def check(self) -> Chain:
        """The chain itself, or InvalidSpec "layer_breaks" with the number, the name and the rule."""
        if self.broken is not None:
            b = self.broken
            raise InvalidSpec("layer_breaks", number=b.number, name=b.name, shape=b.input_shapes[0], rule=b.rule)
        return self


def chain(layers: Sequence[NodeLike] | Network, input_shape: Sequence[int]) -> Chain:
    """Follow the shapes through the layers; nothing is raised for a layer that cannot work, see `Chain.broken`.

    `input_shape` is (N, C, *spatial), or without N where the first layer with windows shows that it is missing.
    Raises InvalidSpec where the list itself is no network, or a size is below 1.

    >>> c = chain([{"type": "conv", "kernel_size": 5}, {"type": "max_pool"}] * 3, (1, 1, 28, 28))
    >>> [stage.output_shape[2:] for stage in c]
    [(24, 24), (12, 12), (8, 8), (4, 4)]
    >>> c.broken.name, c.broken.rule.code
    ('conv3', 'kernel_exceeds_input')
    """
    net = network(layers)
    given = tuple(whole("input_shape", n, 1) for n in sequence(input_shape) or ())
    if not given:
        raise InvalidSpec("input_shape", value=input_shape)
    shape, had_batch = net.with_batch(given)
    stages, broken = _follow(net, shape)
    return Chain(net, shape, had_batch, tuple(stages), broken)


def _follow(net: Network, shape: Shape) -> tuple[list[Stage], Broken | None]:
    shapes = {INPUT: shape}
    stages: list[Stage] = []
    for number, node in enumerate(net, start=1):
        inputs = tuple(shapes[name] for name in node.inputs)
        made = _made(node, inputs)
        if isinstance(made, InvalidSpec):
            return stages, Broken(number, node.name, node.layer, inputs, made)
        shapes[node.name] = made
        stages.append(Stage(number, node.name, node.layer, inputs, made))
    return stages, None


def _made(node: Node, inputs: tuple[Shape, ...]) -> Shape | InvalidSpec:
    try:
        return node.layer.output_shape(*inputs)
    except InvalidSpec as rule:
        return rule
