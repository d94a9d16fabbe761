"""What a unit deep in a network sees of the input: size, jump and first centre, layer by layer and branch by branch.

With r the size, j the jump and c the centre of the first unit (the first pixel is centred at 0.5), a layer with
kernel k, stride s, dilation d and padding p before gives r' = r + d·(k−1)·j, j' = s·j, c' = c + (d·(k−1)/2 − p)·j.
Where branches meet, the wider field counts; they must agree on jump and centre. Formulas: Dang Ha The Hien, "A guide
to receptive field arithmetic"; Araujo, Norris & Sim, "Computing receptive fields of convolutional neural networks".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Layer
from cnnviz.core.network import INPUT, Network, Node, NodeLike, network
from cnnviz.core.padding import per_axis, sequence
from cnnviz.core.reach import Reach

HALF = Fraction(1, 2)
MAX_SIZE = 2**16  # pixels on one axis: what `field_of` follows pixel by pixel


@dataclass(frozen=True)
class AxisField:
    """The field on one axis: from `extent` / 2 before its centre to as much behind it, the centres `step` apart.

    `centre` is that of unit 0, pixel 0 having its centre at 0 (`start` counts from the edge, as the literature does);
    None where it depends on an input size that is not known.
    """

    extent: Fraction = Fraction(0)
    step: Fraction = Fraction(1)
    centre: Fraction | None = Fraction(0)

    @property
    def size(self) -> int:
        """Pixels from the first to the last."""
        return math.floor(self.extent) + 1

    @property
    def jump(self) -> int | float:
        """Pixels between the fields of neighbouring units; below 1 after upsampling."""
        return _number(self.step)

    @property
    def start(self) -> float | None:
        """Centre of the first unit's field, the first pixel centred at 0.5."""
        return None if self.centre is None else float(self.centre + HALF)

    @property
    def padding(self) -> int | float | None:
        """Effective padding: how far the first unit's field begins before the first pixel."""
        return None if self.centre is None else _number(self.extent / 2 - self.centre)

    def interval(self, unit: int) -> range:
        """The pixels from first to last of this unit's field, not clipped: negative before the input."""
        if self.centre is None:
            raise InvalidSpec("needs_input_size", kind="same")
        middle = self.centre + unit * self.step
        return range(math.ceil(middle - self.extent / 2), math.floor(middle + self.extent / 2) + 1)

    def through(self, reach: Reach) -> AxisField:
        """The field one layer further."""
        extent = self.extent + reach.extent * self.step
        known = self.centre is not None and reach.centre is not None
        centre = self.centre + reach.centre * self.step if known else None  # type: ignore[operator]
        return AxisField(extent, self.step * reach.stride, centre)


@dataclass(frozen=True)
class FieldRow:
    """One layer of the table. `size`, `jump`, `start` and `padding` are numbers where all axes of the network are
    alike, and one number per axis otherwise; `axes` always has one field per axis. `row["size"]` works too.

    `exact` is false after transposed convolutions, upsampling and uneven adaptive pooling, whose units differ: jump
    and start are then the average, and size the widest. `output_size` is None where the input size is not known.
    """

    number: int
    name: str
    layer: Layer
    axes: tuple[AxisField, ...]
    output_size: tuple[int, ...] | None
    exact: bool
    alike: bool

    @property
    def size(self) -> Any:
        """Pixels of the input from the first to the last that a unit sees."""
        return self._per_axis("size")

    @property
    def jump(self) -> Any:
        """Pixels between neighbouring units: the product of the strides."""
        return self._per_axis("jump")

    @property
    def start(self) -> Any:
        """Centre of the first unit, the first pixel centred at 0.5; None where the padding is not known."""
        return self._per_axis("start")

    @property
    def padding(self) -> Any:
        """How far the first unit's field begins before the input."""
        return self._per_axis("padding")

    def __getitem__(self, key: str) -> Any:
        if key not in ("number", "name", "size", "jump", "start", "padding", "output_size"):
            raise KeyError(key)
        return getattr(self, key)

    def _per_axis(self, name: str) -> Any:
        values = tuple(getattr(axis, name) for axis in self.axes)
        return values[0] if self.alike else values


@dataclass(frozen=True)
class ReceptiveField(Sequence[FieldRow]):
    """The table, a row per layer, and the pixels behind any unit. Made by `receptive_field`."""

    network: Network
    input_size: tuple[int | None, ...]
    rows: tuple[FieldRow, ...]
    reaches: tuple[tuple[Reach, ...], ...]  # of each layer, per axis

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[FieldRow]:
        return iter(self.rows)

    def row(self, layer: str | int) -> FieldRow:
        """The row of a layer, by its name or its place in the list."""
        return self.rows[self._place(layer)]

    def field_of(self, unit: int | Sequence[int], layer: str | int = -1, *, clip: bool = True) -> tuple[range, ...]:
        """The input pixels that a unit of a layer sees, from first to last, on each axis.

        With `clip`, what can be seen of the input: padding inside the network shows nothing. Without, the theoretical
        field, which may begin before the input and needs no input size. Raises InvalidSpec for a unit that is not
        there.

        >>> field = receptive_field([{"kernel_size": 3, "stride": 2, "padding": 1}] * 2, input_size=8)
        >>> field.field_of(0), field.field_of(0, clip=False)
        ((range(0, 4), range(0, 4)), (range(-3, 4), range(-3, 4)))
        """
        place = self._place(layer)
        if clip:
            return tuple(range(min(seen), max(seen) + 1) if seen else range(0) for seen in self.pixels_of(unit, place))
        axes = self.rows[place].axes
        return tuple(axis.interval(u) for axis, u in zip(axes, per_axis("unit", unit, len(axes), 0), strict=True))

    def pixels_of(self, unit: int | Sequence[int], layer: str | int = -1) -> tuple[tuple[int, ...], ...]:
        """The input pixels that a unit sees on each axis, one by one: dilation leaves holes.

        >>> receptive_field([{"kernel_size": (3,), "dilation": 2}], input_size=7).pixels_of(1)
        ((1, 3, 5),)
        """
        place = self._place(layer)
        sizes, units = self._sizes(place), per_axis("unit", unit, len(self.input_size), 0)
        if any(u >= n for u, n in zip(units, sizes[self.rows[place].name], strict=True)):
            raise InvalidSpec("unit_outside", unit=unit, name=self.rows[place].name, units=sizes[self.rows[place].name])
        return tuple(self._back(axis, u, place, sizes) for axis, u in enumerate(units))

    def _back(self, axis: int, unit: int, place: int, sizes: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
        """From one unit back to the input, the cells met in each layer."""
        met: dict[str, set[int]] = {self.rows[place].name: {unit}}
        for node, reach in reversed(list(zip(self.network, self.reaches, strict=True))[: place + 1]):
            cells = met.pop(node.name, set())
            for name in node.inputs:
                size = sizes[name][axis]
                met.setdefault(name, set()).update(i for cell in cells for i in reach[axis].sources(cell, size))
        return tuple(sorted(met.get(INPUT, ())))

    def _sizes(self, place: int) -> dict[str, tuple[int, ...]]:
        sizes = {INPUT: self.input_size} | {row.name: row.output_size for row in self.rows[: place + 1]}
        found = {name: size for name, size in sizes.items() if size is not None and None not in size}
        if len(found) < len(sizes):
            raise InvalidSpec("needs_input_size", kind=self.rows[place].layer.kind)
        return found  # type: ignore[return-value]

    def _place(self, layer: str | int) -> int:
        names = self.network.names
        if isinstance(layer, str) and layer in names:
            return names.index(layer)
        if isinstance(layer, int) and -len(names) <= layer < len(names):
            return layer % len(names)
        raise InvalidSpec("unknown_layer", value=layer)


def receptive_field(
    layers: Sequence[NodeLike] | Network, input_size: int | Sequence[int] | None = None
) -> ReceptiveField:
    """A row per layer: size, jump, start (first pixel centred at 0.5) and effective padding, dilation counted.

    `layers` are layers or dicts, chained, or with `inputs` where they branch; `input_size` is the spatial size, which
    only "same_upper", pooling to a given size and fully connected layers need. Raises InvalidSpec for branches that
    meet with different jumps or centres, and where a layer does not fit.

    >>> rows = receptive_field([{"kernel_size": 3, "stride": 1, "padding": 1, "dilation": 1}, {"kernel_size": 3}])
    >>> [(row.size, row.jump, row.start) for row in rows]
    [(3, 1, 0.5), (5, 1, 1.5)]
    >>> receptive_field([{"kernel_size": 3, "padding": 2, "dilation": 2}])[0].start
    0.5
    """
    net = network(layers)
    size = _input_size(net, input_size)
    walk = _Walk(net, size)
    for node in net:
        walk.pass_through(node)
    alike = all(len(set(axes)) == 1 for axes in walk.fields.values())
    rows = tuple(walk.row(number, node, alike) for number, node in enumerate(net, start=1))
    return ReceptiveField(net, size, rows, tuple(walk.reaches.values()))


class _Walk:
    """Forward through the network, with the field, the sizes and the exactness of every layer so far."""

    def __init__(self, net: Network, size: tuple[int | None, ...]) -> None:
        self.fields: dict[str, tuple[AxisField, ...]] = {INPUT: (AxisField(),) * len(size)}
        self.sizes: dict[str, tuple[int | None, ...]] = {INPUT: size}
        self.exact = {INPUT: True}
        self.reaches: dict[str, tuple[Reach, ...]] = {}

    def pass_through(self, node: Node) -> None:
        size = self.sizes[node.inputs[0]]
        name = node.name
        reach = self.reaches[name] = node.layer.reach(size)
        field = self._joined(node)
        self.fields[name] = tuple(axis.through(r) for axis, r in zip(field, reach, strict=True))
        self.exact[name] = all(self.exact[i] for i in node.inputs) and all(r.regular for r in reach)
        try:
            self.sizes[name] = tuple(None if n is None else r.units(n) for n, r in zip(size, reach, strict=True))
        except InvalidSpec as rule:
            place = len(self.reaches)
            raise InvalidSpec("layer_breaks", number=place, name=name, shape=size, rule=rule) from None

    def row(self, number: int, node: Node, alike: bool) -> FieldRow:
        size = self.sizes[node.name]
        known = tuple(n for n in size if n is not None)
        output = known if len(known) == len(size) else None
        return FieldRow(number, node.name, node.layer, self.fields[node.name], output, self.exact[node.name], alike)

    def _joined(self, node: Node) -> tuple[AxisField, ...]:
        branches = [self.fields[name] for name in node.inputs]
        return tuple(_join(node.name, axis, fields) for axis, fields in enumerate(zip(*branches, strict=True)))


def _join(name: str, axis: int, fields: tuple[AxisField, ...]) -> AxisField:
    """The field of a unit that sees all branches; InvalidSpec where they do not lie over each other."""
    if len({field.step for field in fields}) > 1:
        jumps = " and ".join(str(field.jump) for field in fields)
        raise InvalidSpec("misaligned_jumps", name=name, jumps=jumps, axis=axis)
    centres = {field.centre for field in fields if field.centre is not None}
    if len(centres) > 1:
        starts = " and ".join(str(field.start) for field in fields)
        raise InvalidSpec("misaligned_starts", name=name, starts=starts, axis=axis)
    known = all(field.centre is not None for field in fields)
    return AxisField(max(field.extent for field in fields), fields[0].step, centres.pop() if known else None)


def _input_size(net: Network, size: int | Sequence[int] | None) -> tuple[int | None, ...]:
    """The input's size per axis; the number of axes is that of the first layer that insists on one."""
    given = sequence(size)
    dims = next((node.layer.dims for node in net if node.layer.dims is not None), len(given or (0, 0)))
    if size is None:
        return (None,) * dims
    sizes = per_axis("input_size", size, dims, 1)
    if max(sizes) > MAX_SIZE:
        raise InvalidSpec("parameter_outside", name="input_size", value=max(sizes), low=1, high=MAX_SIZE)
    return sizes


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)
