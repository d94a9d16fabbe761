"""Layers in order, with their branches: what the chain, the receptive field and the cost table walk through.

A plain list is a chain. A layer that names its `inputs` makes a graph: each input is an earlier layer, or "input".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Layer, LayerLike, Shape, read
from cnnviz.core.padding import sequence

INPUT = "input"


@dataclass(frozen=True)
class Node:
    """A layer and the names of what it takes; none means the layer before it.

    `shares` names an earlier layer whose weights this one uses: they are counted once.
    """

    layer: Layer
    inputs: tuple[str, ...] = ()
    shares: str | None = None

    @property
    def name(self) -> str:
        """The layer's name, the same as in the network."""
        return self.layer.name


NodeLike: TypeAlias = Node | LayerLike


@dataclass(frozen=True)
class Network(Sequence[Node]):
    """Nodes in an order in which every input comes first; all names differ. Made by `network`."""

    nodes: tuple[Node, ...]

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, index: Any) -> Any:
        return self.nodes[index]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    @property
    def names(self) -> tuple[str, ...]:
        """The layers' names, in order."""
        return tuple(node.name for node in self.nodes)

    @property
    def sequential(self) -> bool:
        """Whether each layer takes only the one before it."""
        before = (INPUT, *self.names)
        return all(node.inputs == (previous,) for node, previous in zip(self.nodes, before, strict=False))

    def with_batch(self, shape: Shape) -> tuple[Shape, bool]:
        """The input's shape with a batch axis of 1 where the first layer that counts axes shows that it had none."""
        if len(shape) == 1:
            return (1, *shape), False
        for node in self.nodes:
            if node.layer.dims is not None:
                return ((1, *shape), False) if len(shape) == node.layer.dims + 1 else (shape, True)
            if node.layer.kind in ("flatten", "linear"):
                break
        return shape, True


def network(layers: Sequence[NodeLike] | Network) -> Network:
    """Layers, dicts and nodes as a network; layers without a name get one from their kind and number.

    Raises InvalidSpec for an empty list, a name used twice, an input that does not come before, and several inputs
    into a layer that takes one.

    >>> network([{"type": "conv"}, {"type": "relu"}, {"type": "conv", "name": "last"}]).names
    ('conv1', 'relu1', 'last')
    """
    if isinstance(layers, Network):
        return layers
    given = sequence(layers)
    if not given or isinstance(layers, Mapping):
        raise InvalidSpec("no_layers", value=layers)
    nodes: list[Node] = []
    taken = {INPUT}
    counts: dict[str, int] = {}
    for layer in given:
        node = _named(_node(layer), taken, counts)
        nodes.append(_wired(node, nodes))
        taken.add(node.name)
    return Network(tuple(nodes))


def _node(layer: Any) -> Node:
    if isinstance(layer, Node):
        return layer
    if isinstance(layer, Mapping):
        rest = {name: value for name, value in layer.items() if name not in ("inputs", "shares")}
        inputs = layer.get("inputs", ())
        names = (inputs,) if isinstance(inputs, str) else tuple(str(name) for name in inputs)
        return Node(read(rest), names, layer.get("shares"))
    return Node(read(layer))


def _named(node: Node, taken: set[str], counts: dict[str, int]) -> Node:
    if node.name:
        if node.name in taken:
            raise InvalidSpec("name_taken", name=node.name)
        return node
    kind = node.layer.kind
    while (name := f"{kind}{counts.setdefault(kind, 1)}") in taken:
        counts[kind] += 1
    return replace(node, layer=replace(node.layer, name=name))


def _wired(node: Node, before: Sequence[Node]) -> Node:
    earlier = [INPUT, *(other.name for other in before)]
    inputs = node.inputs or (earlier[-1],)
    for name in inputs:
        if name not in earlier:
            raise InvalidSpec("unknown_input", name=node.name, input=name)
    if len(inputs) > 1 and not node.layer.joins:
        raise InvalidSpec("one_input", name=node.name, kind=node.layer.kind, inputs=len(inputs))
    if node.shares is not None and node.shares not in earlier[1:]:
        raise InvalidSpec("unknown_input", name=node.name, input=node.shares)
    return replace(node, inputs=inputs)
