"""Layers of the LeNet-5 of 1998 that no network uses today: the partial convolution, trainable subsampling, RBF units.

Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", 1998, section II.B.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.core.arithmetic import Derivation
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers.base import Layer, Shape, elements, frozen, known, spatial
from cnnviz.core.layers.windowed import Conv, Pool
from cnnviz.core.padding import Sizes, sequence, whole
from cnnviz.core.reach import Reach, everything


@dataclass(frozen=True, kw_only=True)
class PartialConv(Conv):
    """A convolution whose filters read some of the input maps only: `connections[o]` lists those of filter o.

    >>> c3 = PartialConv(kernel_size=5, connections=[(0, 1, 2), (1, 2, 3), (0, 1, 2, 3)])
    >>> c3.output_shape((1, 4, 14, 14)), c3.parameters((1, 4, 14, 14)), c3.macs((1, 4, 14, 14))
    ((1, 3, 10, 10), 253, 25000)
    """

    connections: Sequence[Sequence[int]] = ()

    def __post_init__(self) -> None:
        table = frozen(self.connections)
        if not sequence(table) or not all(sequence(row) for row in table):
            raise InvalidSpec("connections", value=self.connections)
        for number in (n for row in table for n in row):
            whole("connections", number, 0)
        if any(len(set(row)) != len(row) for row in table) or self.out_channels not in (None, len(table)):
            raise InvalidSpec("connections", value=self.connections)
        object.__setattr__(self, "connections", table)
        object.__setattr__(self, "out_channels", len(table))
        if self.in_channels is None:
            object.__setattr__(self, "in_channels", 1 + max(n for row in table for n in row))
        if self.groups != 1 or any(n >= int(self.in_channels or 1) for row in table for n in row):
            raise InvalidSpec("connections", value=self.connections)
        super().__post_init__()

    @property
    def kind(self) -> str:
        return "partial_conv"

    def weights(self, shape: Shape) -> int:
        """One kernel for each connection."""
        return elements(self.spec(shape[1]).kernel_size) * sum(map(len, self.connections))

    def macs(self, shape: Shape) -> int:
        return self.uses(shape) * self.weights(shape)


@dataclass(frozen=True, kw_only=True)
class Subsample(Layer):
    """Trainable subsampling: the sum of each window, times one learned weight a map, plus one learned bias a map.

    >>> s2 = Subsample(kernel_size=2)
    >>> s2.output_shape((1, 6, 28, 28)), s2.parameters((1, 6, 28, 28))
    ((1, 6, 14, 14), 12)
    """

    kernel_size: Sizes = 2

    def __post_init__(self) -> None:
        object.__setattr__(self, "kernel_size", frozen(self.kernel_size))
        self.pool()

    def pool(self) -> Pool:
        """The windows: those of average pooling, side by side."""
        return Pool(mode="avg", kernel_size=self.kernel_size)

    @property
    def kind(self) -> str:
        return "subsample"

    @property
    def dims(self) -> int:
        return self.pool().dims

    def output_shape(self, *inputs: Shape) -> Shape:
        spatial(inputs[0], self.dims, self.kind)
        return self.pool().output_shape(*inputs)

    def weights(self, shape: Shape) -> int:
        return shape[1]

    def biases(self, shape: Shape) -> int:
        return shape[1]

    def uses(self, shape: Shape) -> int:
        """Once for each place of the output map, for each example."""
        return shape[0] * elements(self.output_shape(shape)[2:])

    def derivation(self, shape: Shape) -> tuple[Derivation, ...]:
        return self.pool().derivation(shape)

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        return self.pool().reach(size)


@dataclass(frozen=True, kw_only=True)
class Radial(Layer):
    """Radial units: minus the squared distance between the vector and a prototype of each unit.

    The prototypes are given, not learned: each is one row of +1 and −1, such as the pixels of a drawn digit.

    >>> Radial(prototypes=[(1, -1, 1), (-1, 1, 1)]).output_shape((4, 3)), Radial(prototypes=[(1,)]).parameters((4, 1))
    ((4, 2), 0)
    """

    prototypes: Sequence[Sequence[float]]

    def __post_init__(self) -> None:
        rows = frozen(self.prototypes)
        if not sequence(rows) or not all(sequence(row) and len(row) == len(rows[0]) for row in rows):
            raise InvalidSpec("not_an_array", name="prototypes")
        object.__setattr__(self, "prototypes", rows)

    @property
    def kind(self) -> str:
        return "radial"

    def output_shape(self, *inputs: Shape) -> Shape:
        shape, wanted = inputs[0], len(self.prototypes[0])
        if shape[-1] != wanted:
            raise InvalidSpec("in_features_differ", shape=shape, features=shape[-1], in_features=wanted)
        return (*shape[:-1], len(self.prototypes))

    def reach(self, size: Sequence[int | None]) -> tuple[Reach, ...]:
        return tuple(everything(n) for n in known(size, self.kind))
