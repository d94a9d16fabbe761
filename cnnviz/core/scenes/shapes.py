"""The state of the page `shapes`: one window on one or two axes seen in several ways, a chain of layers, its fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from cnnviz.core.conv import ConvSpec
from cnnviz.core.layers import Layer, Shape
from cnnviz.core.padding import PaddingMode, Pair
from cnnviz.core.pool import PoolSpec
from cnnviz.core.presets_networks import PRESETS
from cnnviz.core.rules import Choice, Real, Several, Switch, Whole
from cnnviz.core.scene import Scene, field
from cnnviz.core.scenes import PICTURE_RULE
from cnnviz.core.scenes.layer_rows import LayerRows, Rows, layers_of

VIEWS = ("axis", "padding", "fill", "usage", "inverse", "chain", "field", "stack")
OPS = ("conv", "pool", "ceil")
"""Convolution, pooling, and pooling with torch's ceil_mode: only pooling can round up."""
NETWORKS = ("own", "lenet5", "alexnet", "vgg16")
LARGEST = {"size": 128, "kernel": 15, "stride": 8, "dilation": 8, "pad": 16}
LARGEST_GRID = 24
"""Pixels of an axis when both are drawn: every cell of the grid must be seen at once."""

OWN: Rows = (
    ("conv", 16, 3, 1, 1, 1),
    ("max", 0, 2, 2, 0, 1),
    ("conv", 32, 3, 1, 0, 1),
    ("max", 0, 2, 2, 0, 1),
    ("conv", 64, 3, 2, 0, 1),
    ("conv", 64, 3, 1, 0, 1),
    ("conv", 128, 3, 1, 0, 1),
)
"""The chain a reader starts from; on 32 × 32 its last layer does not fit."""


@dataclass(frozen=True)
class ShapesScene(Scene):
    """Everything the page can be set to. Pairs are (rows, columns); `pad` is top, bottom, left, right.

    >>> ShapesScene.from_link({"n": "8", "s": "2"}).spec().output_size((8, 8))
    (3, 3)
    """

    PAGE: ClassVar[str] = "shapes"
    HIDEABLE: ClassVar[tuple[str, ...]] = ("picker", "views", "controls", "share", "try")

    view: str = field(Choice(VIEWS), "axis")
    picture: str = field(PICTURE_RULE, "cat")

    # the window, and the input it slides over: axis, padding, usage, inverse
    op: str = field(Choice(OPS), "conv")
    two: bool = field(Switch(), False)
    size: tuple[int, ...] = field(Several(Whole(1, LARGEST["size"]), 2), (8, 8), "n")
    kernel: tuple[int, ...] = field(Several(Whole(1, LARGEST["kernel"]), 2), (3, 3), "k")
    stride: tuple[int, ...] = field(Several(Whole(1, LARGEST["stride"]), 2), (2, 2), "s")
    dilation: tuple[int, ...] = field(Several(Whole(1, LARGEST["dilation"]), 2), (1, 1), "d")
    pad: tuple[int, ...] = field(Several(Whole(0, LARGEST["pad"]), 4), (0, 0, 0, 0), "p")
    mode: str = field(Choice(tuple(PaddingMode)), PaddingMode.ZEROS.value)
    wanted: int = field(Whole(1, 2 * LARGEST["size"]), 4)

    # what the padding shows: a short row of pixels 1, 2, 3 ..., the edge on both sides, the constant: fill
    cells: int = field(Whole(1, 9), 4)
    edge: tuple[int, ...] = field(Several(Whole(0, 8), 2), (2, 2))
    fill: float = field(Real(-99, 255), 128.0)

    # a chain of layers, a unit in it, and what its field is measured with: chain, field
    net: str = field(Choice(NETWORKS), "own")
    rows: Rows = field(LayerRows(), OWN)
    channels: int = field(Whole(1, 512), 3)
    side: int = field(Whole(1, 512), 32)
    layer: int = field(Whole(0, 63), 3)
    unit: tuple[int, ...] = field(Several(Whole(-1, 511), 2), (-1, -1))
    weights: str = field(Choice(("uniform", "random")), "uniform")
    seed: int = field(Whole(0, 999), 0)

    # one large kernel against a stack of 3 x 3: stack
    big: int = field(Whole(3, 11, 2), 5)
    width: int = field(Whole(1, 512), 64)
    maps: int = field(Whole(1, 256), 56)

    def settled(self) -> Self:
        """One axis stands for both; a pooling pads at most half its window; an odd kernel is compared with a stack."""
        now = self if self.two else self._square()
        widest = [k // 2 if self.op != "conv" else LARGEST["pad"] for k in now.kernel for _ in "ba"]
        pad = tuple(min(p, most) for p, most in zip(now.pad, widest, strict=True))
        most = LARGEST_GRID if self.two else LARGEST["size"]
        size = tuple(min(n, most) for n in now.size)
        return replace(now, pad=pad, size=size, big=self.big - (self.big + 1) % 2)

    def _square(self) -> Self:
        pairs = {name: (getattr(self, name)[1],) * 2 for name in ("size", "kernel", "stride", "dilation")}
        return replace(self, **pairs, pad=self.pad[2:] * 2)  # type: ignore[arg-type]

    @property
    def pads(self) -> tuple[Pair, Pair]:
        """(before, after) of rows and columns."""
        top, bottom, left, right = self.pad
        return (top, bottom), (left, right)

    def spec(self) -> ConvSpec | PoolSpec:
        """The layer on both axes."""
        if self.op == "conv":
            fill = self.fill if self.mode == PaddingMode.CONSTANT else 0.0
            return ConvSpec(self.kernel, 1, 1, self.stride, self.pads, self.dilation, 1, self.mode, fill)
        return PoolSpec(self.kernel, "max", self.stride, self.pads, self.dilation, self.op == "ceil")

    def layers(self) -> tuple[Layer, ...]:
        """The chain: the reader's own, or a preset as its authors made it."""
        return layers_of(self.rows) if self.net == "own" else PRESETS[self.net].layers

    def input_shape(self) -> Shape:
        """(1, C, H, W)."""
        return 1, self.channels, self.side, self.side
