"""A reader's own chain of layers as one Scene field: its rule here, its layers for the chain calculator.

A row is (kind, out, kernel_size, stride, padding, dilation): language-neutral, bounded, and short in a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from cnnviz.core.layers import Conv, Flatten, GlobalPool, Layer, Linear, Pool
from cnnviz.core.padding import per_axis
from cnnviz.core.rules import Choice, Whole

Row: TypeAlias = tuple[str, int, int, int, int, int]
Rows: TypeAlias = tuple[Row, ...]

KINDS = ("conv", "max", "avg", "global", "linear")
NUMBERS = {  # what a row's numbers may be, in order
    "out": Whole(0, 4096),
    "kernel_size": Whole(1, 31),
    "stride": Whole(1, 16),
    "padding": Whole(0, 15),
    "dilation": Whole(1, 8),
}
MOST_ROWS = 24


@dataclass(frozen=True)
class LayerRows:
    """Up to `most` rows, one at least. Links write them as `conv,16,3,1,1,1;max,0,2,2,0,1`.

    >>> LayerRows().parse("conv,16,3,1,1,1;max,0,2,2,0,1")[1]
    ('max', 0, 2, 2, 0, 1)
    """

    most: int = MOST_ROWS

    def parse(self, text: str) -> Rows:
        if len(text) > 40 * self.most:
            raise ValueError("too long for a chain of layers")
        return self.accept([self._read(row) for row in text.split(";")])

    def accept(self, value: Any) -> Rows:
        if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= self.most:
            raise ValueError(f"not 1 to {self.most} layers")
        return tuple(_row(row) for row in value)

    def show(self, value: Rows) -> str:
        return ";".join(",".join(map(str, row)) for row in value)

    def _read(self, text: str) -> list[Any]:
        kind, *numbers = text.split(",")
        return [kind, *(rule.parse(part) for rule, part in zip(NUMBERS.values(), numbers, strict=True))]


def _row(value: Any) -> Row:
    """A row checked: a pooling pads at most half its window, as torch has it; only some kinds have outputs."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 6:
        raise ValueError(f"{value!r} is not a layer")
    kind = Choice(KINDS).accept(value[0])
    out, k, s, p, d = (rule.accept(number) for rule, number in zip(NUMBERS.values(), value[1:], strict=True))
    if kind in ("max", "avg"):
        p = min(p, k // 2)
    return kind, max(out, 1) if kind in ("conv", "linear") else 0, k, s, p, d


def layers_of(rows: Rows) -> tuple[Layer, ...]:
    """The layers, named by kind and number; the first fully connected one is preceded by a flattening.

    >>> [layer.name for layer in layers_of((("conv", 8, 3, 1, 1, 1), ("linear", 10, 1, 1, 0, 1)))]
    ['conv1', 'flatten', 'fc1']
    """
    made: list[Layer] = []
    counts: dict[str, int] = {}
    for kind, out, k, s, p, d in rows:
        if kind == "linear" and not any(isinstance(layer, Linear) for layer in made):
            made.append(Flatten(name="flatten"))
        word = {"conv": "conv", "linear": "fc", "global": "global"}.get(kind, "pool")
        counts[word] = counts.get(word, 0) + 1
        name = f"{word}{counts[word]}"
        if kind == "conv":
            made.append(Conv(name=name, out_channels=out, kernel_size=k, stride=s, padding=p, dilation=d))
        elif kind == "linear":
            made.append(Linear(name=name, out_features=out))
        elif kind == "global":
            made.append(GlobalPool(name=name))
        else:
            made.append(Pool(name=name, mode=kind, kernel_size=k, stride=s, padding=p, dilation=d))
    return tuple(made)


def rows_of(layers: Sequence[Layer]) -> Rows:
    """A preset as rows a reader can edit: its convolutions, poolings and fully connected layers.

    >>> from cnnviz.core.presets_networks import PRESETS
    >>> rows_of(PRESETS["lenet5"].layers)[:2]
    (('conv', 6, 5, 1, 2, 1), ('avg', 0, 2, 2, 0, 1))
    """
    rows: list[Row] = []
    for layer in layers:
        if isinstance(layer, Conv):
            rows.append(("conv", layer.out_channels or 1, *numbers_of(layer)))
        elif isinstance(layer, Pool):
            rows.append((layer.mode, 0, *numbers_of(layer)))
        elif isinstance(layer, Linear):
            rows.append(("linear", layer.out_features, 1, 1, 0, 1))
    return tuple(rows)


def numbers_of(layer: Conv | Pool) -> tuple[int, int, int, int]:
    """Kernel, stride, padding and dilation that all axes and sides share, as the presets have them.

    >>> numbers_of(Pool(kernel_size=3))
    (3, 3, 0, 1)
    """
    assert isinstance(layer.padding, int), f"{layer.name} pads by {layer.padding}, which a row cannot hold"
    stride = layer.kernel_size if layer.stride is None else layer.stride
    k, s, d = (per_axis("row", value, 1, 1)[0] for value in (layer.kernel_size, stride, layer.dilation))
    return k, s, layer.padding, d
