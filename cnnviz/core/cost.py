"""What a network costs, a row per layer: parameters, multiply-adds and the memory of its activations.

Three counting rules are in use, and mixing them is a common mistake; each has a name in `Counting`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from cnnviz.core.chain import Chain, Stage, chain
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Layer, Shape
from cnnviz.core.network import INPUT, Network, NodeLike


class Counting(StrEnum):
    """What counts as an operation."""

    MACS = "macs"  # multiply-adds of convolutions and fully connected layers, no biases: torchvision, fvcore
    TORCHINFO = "torchinfo"  # parameters, biases too, times the places they are used at; normalisation once an example
    FLOPS = "flops"  # a multiplication and an addition are two, and each bias added is one: tf.profiler


def count(layer: Layer, shape: Shape, rule: Counting | str = Counting.MACS) -> int:
    """Operations of one layer for an input of this shape (batch first), by one of the three rules.

    >>> from cnnviz.core.layers import Conv
    >>> [count(Conv(kernel_size=3, out_channels=64), (1, 3, 10, 10), rule) for rule in Counting]
    [110592, 114688, 225280]
    """
    macs = layer.macs(shape)
    if rule == Counting.TORCHINFO:
        return layer.parameters(shape) * layer.uses(shape)
    if rule == Counting.FLOPS:
        added = math.prod(layer.output_shape(shape)) if macs and layer.biases(shape) else 0
        return 2 * macs + added
    return macs


@dataclass(frozen=True)
class CostRow:
    """One layer. Shapes are in the layout of the network's input; `row["macs"]` works too.

    `parameters` is 0 where `shared` names the earlier layer whose weights are used again.
    """

    number: int
    name: str
    kind: str
    input_shape: Shape
    output_shape: Shape
    parameters: int
    macs: int
    torchinfo: int
    flops: int
    activation_bytes: int
    shared: str | None

    def __getitem__(self, key: str) -> Any:
        if key not in self.__dataclass_fields__:
            raise KeyError(key)
        return getattr(self, key)


@dataclass(frozen=True)
class Summary(Sequence[CostRow]):
    """The rows and their totals. Made by `summary`, or by `costs` for a chain that may be broken."""

    chain: Chain
    rows: tuple[CostRow, ...]
    bytes_each: int

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[CostRow]:
        return iter(self.rows)

    @property
    def parameters(self) -> int:
        """Learnable numbers, shared ones counted once."""
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        """Multiply-adds, biases not counted."""
        return sum(row.macs for row in self.rows)

    def total(self, rule: Counting | str) -> int:
        """Operations by one of the three rules."""
        return sum(int(row[Counting(rule)]) for row in self.rows)

    def share(self, kinds: Collection[str], of: str = "parameters") -> float:
        """The part of all parameters (or of "macs", "activation_bytes") that layers of these kinds have.

        >>> net = [{"type": "conv"}, {"type": "flatten"}, {"type": "linear", "out_features": 1}]
        >>> summary(net, (1, 1, 3, 3)).share(["linear"])
        0.16666666666666666
        """
        every = sum(row[of] for row in self.rows)
        return sum(row[of] for row in self.rows if row.kind in kinds) / every if every else 0.0

    @property
    def parameter_bytes(self) -> int:
        """Memory of the parameters."""
        return self.bytes_each * self.parameters

    @property
    def input_bytes(self) -> int:
        """Memory of the input."""
        return self.bytes_each * math.prod(self.chain.input_shape)

    @property
    def activation_bytes(self) -> int:
        """Memory of every layer's output, as training keeps them for the way back."""
        return sum(row.activation_bytes for row in self.rows)

    @property
    def forward_backward_bytes(self) -> int:
        """torchinfo's figure: twice the outputs of the layers that own parameters."""
        return 2 * sum(row.activation_bytes for row in self.rows if row.parameters or row.shared)

    @property
    def peak_bytes(self) -> int:
        """The most memory activations need at once when nothing is kept for the way back, input included."""
        last_use = {name: number for number, node in enumerate(self.chain.network) for name in node.inputs}
        alive = {INPUT: self.input_bytes}
        peak = self.input_bytes
        for number, row in enumerate(self.rows):
            alive[row.name] = row.activation_bytes
            peak = max(peak, sum(alive.values()))
            alive = {name: size for name, size in alive.items() if last_use.get(name, len(self.rows)) > number}
        return peak


class Sized(Protocol):
    """A network that knows the shape of its input, (C, *spatial): a preset, a design, or what `load_network` gives."""

    @property
    def layers(self) -> Any: ...
    @property
    def input_shape(self) -> Any: ...


def summary(
    layers: Sequence[NodeLike] | Network | Sized, input_shape: Sequence[int] = (), *, bytes_each: int = 4
) -> Summary:
    """Output shape, parameters, multiply-adds and memory of every layer; `bytes_each` is 4 for float32.

    `layers` are layers or dicts, in a chain or, with `inputs`, a graph; `input_shape` is (N, C, *spatial), or without
    N. A network that knows its own layers and input shape needs no more. Raises InvalidSpec "layer_breaks" naming the
    first layer that cannot work, and the rule it breaks; "input_shape_missing" where nothing says the input's shape.

    >>> table = summary([{"type": "conv", "kernel_size": 5, "out_channels": 6, "padding": 2}], (1, 28, 28))
    >>> table[0].output_shape, table[0].parameters, table[0].macs
    ((6, 28, 28), 156, 117600)
    """
    if isinstance(layers, Sequence):
        known: Sequence[NodeLike] | Network = layers
    else:
        known, input_shape = layers.layers, input_shape or layers.input_shape
    if not input_shape:
        raise InvalidSpec("input_shape_missing")
    return costs(chain(known, input_shape).check(), bytes_each=bytes_each)


def costs(of: Chain, *, bytes_each: int = 4) -> Summary:
    """The rows of the stages that work, whether or not the chain breaks after them."""
    return Summary(of, tuple(_row(of, stage, bytes_each) for stage in of), bytes_each)


def _row(of: Chain, stage: Stage, bytes_each: int) -> CostRow:
    layer, shape = stage.layer, stage.input_shape
    shared = of.network[stage.number - 1].shares
    return CostRow(
        number=stage.number,
        name=stage.name,
        kind=layer.kind,
        input_shape=of.as_given(shape),
        output_shape=of.as_given(stage.output_shape),
        parameters=0 if shared else layer.parameters(shape),
        macs=count(layer, shape, Counting.MACS),
        torchinfo=count(layer, shape, Counting.TORCHINFO),
        flops=count(layer, shape, Counting.FLOPS),
        activation_bytes=bytes_each * math.prod(stage.output_shape),
        shared=shared,
    )
