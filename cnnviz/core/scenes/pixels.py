"""The state of the page `pixels`: which picture, which of its seven views, and what is set in each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from cnnviz.core.colour_mix import IDENTITY
from cnnviz.core.equivariance import Border
from cnnviz.core.rules import Choice, Grid, Matrix, Real, Several, Switch, Whole, Word
from cnnviz.core.scene import Scene, field
from cnnviz.core.scenes import PICTURE_RULE
from cnnviz.core.tensor_layout import IMAGE_LAYOUTS, WEIGHT_LAYOUTS, Layout, order

VIEWS = ("numbers", "channels", "layout", "values", "paint", "cost", "shift")
TENSORS = ("image", "weight", "flat")
SHIFT_KERNELS = ("sobel_x", "laplacian_4", "gaussian_3", "sharpen", "emboss")
LARGEST_TENSOR = (2, 4, 4, 5)
"""The largest sizes of the layout view, axis by axis: every number of the tensor must be seen at once."""
INPUTS: dict[str, tuple[int, int, int] | None] = {
    "picture": None,
    "grey100": (1, 100, 100),
    "mnist": (1, 28, 28),
    "cifar10": (3, 32, 32),
    "imagenet": (3, 224, 224),
}
"""What the cost view counts for: the reader's picture, an article's example, data sets everybody knows (C, H, W)."""
PAINT_SIDES = (8, 28)
EASEL = Grid(PAINT_SIDES[1], PAINT_SIDES[1], limit=999)
MOST_SHIFT = 16

DRAWING: Matrix = (
    (0, 0, 9, 9, 9, 9, 0, 0),
    (0, 9, 9, 0, 0, 9, 9, 0),
    (0, 0, 0, 0, 0, 9, 9, 0),
    (0, 0, 0, 0, 9, 9, 0, 0),
    (0, 0, 0, 9, 9, 0, 0, 0),
    (0, 0, 9, 9, 0, 0, 0, 0),
    (0, 9, 9, 0, 0, 0, 0, 0),
    (0, 9, 9, 9, 9, 9, 9, 0),
)
"""What lies on the easel when it is opened: a 2, in the numbers 0 and 9."""


@dataclass(frozen=True)
class PixelsScene(Scene):
    """Everything the page can be set to. Indices count from 0, except `flat`, where an article counts from 1.

    >>> PixelsScene.from_link({"view": "shift", "dx": "3"}).link()
    {'view': 'shift', 'dx': '3'}
    """

    PAGE: ClassVar[str] = "pixels"
    HIDEABLE: ClassVar[tuple[str, ...]] = ("picker", "views", "share", "try")

    view: str = field(Choice(VIEWS), "numbers")
    picture: str = field(PICTURE_RULE, "cat")

    # numbers: the window's middle (-1: the picture's own) and its columns (0: a first look), how numbers are written
    row: int = field(Whole(-1, 30000), -1)
    col: int = field(Whole(-1, 30000), -1)
    span: int = field(Whole(0, 30000), 0)
    write: str = field(Choice(("bytes", "unit", "hex")), "bytes")
    plane: str = field(Choice(("all", "r", "g", "b")), "all")

    # channels: rows are out planes, columns the in planes R, G, B
    mix: Matrix = field(Grid(3, 3, limit=9), IDENTITY)

    # layout: sizes and index as N, C, H, W (an image) or O, I, H, W (a weight)
    tensor: str = field(Choice(TENSORS), "image")
    sizes: tuple[int, ...] = field(Several(Whole(1, 5), 4), (2, 3, 3, 4))
    at: tuple[int, ...] = field(Several(Whole(0, 4), 4), (0, 1, 1, 2))
    wide: int = field(Whole(2, 1000), 100)
    flat: tuple[int, ...] = field(Several(Whole(1, 1000), 2), (2, 1))

    # values: what was done, in this order, and whose mean and standard deviation
    steps: str = field(Word(r"[us]{0,3}", 3), "us")
    own: bool = field(Switch(), True)

    # paint
    cells: Matrix = field(EASEL, DRAWING)
    brush: float = field(Real(-999, 999), 9)

    # cost
    known: str = field(Choice(tuple(INPUTS)), "picture")
    filters: int = field(Whole(1, 512), 8)
    ksize: int = field(Whole(1, 11), 3)
    units: int = field(Whole(1, 4096), 100)
    seed: int = field(Whole(0, 999), 1)

    # shift
    dx: int = field(Whole(-MOST_SHIFT, MOST_SHIFT), 5)
    dy: int = field(Whole(-MOST_SHIFT, MOST_SHIFT), 0)
    kernel: str = field(Choice(SHIFT_KERNELS), "sobel_x")
    border: str = field(Choice(tuple(Border)), Border.ZEROS.value)
    stride: int = field(Whole(1, 2), 1)

    def settled(self) -> Self:
        """A mix has one or three rows of three; an index lies inside its tensor; the easel is 8 to 28 cells a side."""
        fits = len(self.mix) in (1, 3) and len(self.mix[0]) == 3
        sizes = tuple(min(size, most) for size, most in zip(self.sizes, LARGEST_TENSOR, strict=True))
        at = tuple(min(i, size - 1) for i, size in zip(self.at, sizes, strict=True))
        column = min(self.flat[1], self.wide)
        good = self.cells if _is_easel(self.cells) else DRAWING
        mix = self.mix if fits else IDENTITY
        return replace(self, mix=mix, sizes=sizes, at=at, flat=(self.flat[0], column), cells=good)

    def layouts(self) -> tuple[Layout, ...]:
        """The two layouts the layout view compares, torch's first."""
        return WEIGHT_LAYOUTS if self.tensor == "weight" else IMAGE_LAYOUTS

    def named(self, values: tuple[int, ...]) -> dict[str, int]:
        """Sizes or an index by the axes' letters.

        >>> PixelsScene().named((2, 3, 3, 4))
        {'n': 2, 'c': 3, 'h': 3, 'w': 4}
        """
        return dict(zip(self.layouts()[0].axes, values, strict=True))

    def counted(self, picture: tuple[int, int, int]) -> tuple[int, int, int]:
        """Channels, height and width the cost view counts for, given those of the picture."""
        return INPUTS[self.known] or picture

    def shape_in(self, layout: Layout) -> tuple[int, ...]:
        """The tensor's shape as a layout writes it."""
        return order(layout, self.named(self.sizes))


def _is_easel(cells: Matrix) -> bool:
    low, high = PAINT_SIDES
    return low <= len(cells) <= high and low <= len(cells[0]) <= high
