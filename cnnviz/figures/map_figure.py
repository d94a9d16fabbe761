"""A picture, a kernel and the feature map they make, side by side: what the kernel lab hands out as PNG and SVG.

Signed maps use the diverging scale centred on zero, and a colour bar says what its ends stand for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Anchor, Drawing, Item, Raster, Rect, Run, Text
from cnnviz.figures.grids import Grid, plain_cell, readable_digits, type_size
from cnnviz.figures.numbers import number_text, sizes
from cnnviz.figures.palette import CELL_STRENGTH, Pixels, Role, Theme, colour, grey, signed

MARGIN = 24
_TOP = 56
_BETWEEN = 40
_SIDE = 380  # the longer side of a shown picture
_KERNEL = 220
_HEADING = 13.0
_NUMBERED = 22  # kernels get numbers in cells at least this large, else colours alone
_BAR = (180, 10)


@dataclass(frozen=True, eq=False)
class Scale:
    """What the colours of a map stand for: `low` and `high` at the ends of the bar, signed or grey.

    >>> Scale.signed(np.array([[-2.0, 1.0]]))
    Scale(low=-2.0, high=2.0, is_signed=True)
    """

    low: float
    high: float
    is_signed: bool = True

    @classmethod
    def signed(cls, values: ArrayLike) -> Scale:
        """The scale centred on zero that holds every finite value."""
        numbers = np.asarray(values, float)
        limit = float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))
        return cls(-limit, limit)

    def pixels(self, values: NDArray[np.floating], theme: Theme) -> Pixels:
        """The colours of numbers, shape (...) to (..., 3)."""
        return signed(values, self.high, theme) if self.is_signed else grey(values, self.low, self.high)


def map_figure(
    picture: Pixels,
    kernel: ArrayLike,
    feature_map: NDArray[np.floating],
    scale: Scale | None = None,
    *,
    theme: Theme = Theme.LIGHT,
    captions: Captions | None = None,
    title: str = "",
) -> Drawing:
    """The figure: `picture` (rows, columns, 3) uint8, `kernel` 2-D, `feature_map` (rows, columns) of any real dtype.

    Without a `scale` the map's own signed one is used. A map of shape (rows, columns, 3) uint8 is a ready picture
    (filtered channels put together again) and has no bar.

    >>> figure = map_figure(np.zeros((8, 8, 3), np.uint8), [[1, 0, -1]], np.array([[-2.0, 0.5]]))
    >>> [leaf.string for leaf in figure.leaves() if isinstance(leaf, Text)][-3:]
    ['−2', '0', '2']
    """
    words = captions or Captions()
    weights = np.atleast_2d(np.asarray(kernel, float))
    left, mid = MARGIN, MARGIN + _SIDE + _BETWEEN
    right = mid + _KERNEL + _BETWEEN
    colours, used = _colours(feature_map, scale, theme)
    shown, response = _placed(picture, left), _placed(colours, right)
    heads = [
        _heading(words, name, role, x, shape, theme)
        for name, role, x, shape in (
            ("input", Role.INPUT, left, picture.shape[:2]),
            ("kernel", Role.KERNEL, mid, weights.shape),
            ("output", Role.OUTPUT, right, feature_map.shape[:2]),
        )
    ]
    frames = [Rect(box.x, box.y, box.width, box.height, None, colour(Role.LINE, theme)) for box in (shown, response)]
    bottom = int(_TOP + max(shown.height, response.height))
    bar = [] if used is None else _bar(used, right, bottom + 16, theme)
    items = (*heads, shown, response, *frames, *_kernel(weights, mid, theme), *bar)
    width, height = right + _SIDE + MARGIN, max(bottom + 52, _TOP + _KERNEL + MARGIN)
    return Drawing(
        width, height, colour(Role.BACKGROUND, theme), items, title or _said(heads), _sentence(weights, feature_map)
    )


def _colours(feature_map: NDArray[np.generic], scale: Scale | None, theme: Theme) -> tuple[Pixels, Scale | None]:
    if feature_map.ndim == 3:
        return np.asarray(feature_map, np.uint8), None
    values = np.asarray(feature_map, float)
    used = scale or Scale.signed(values)
    return used.pixels(values, theme), used


def _placed(pixels: Pixels, x: int) -> Raster:
    """A picture so that its longer side fills its place."""
    rows, columns = pixels.shape[:2]
    factor = _SIDE / max(rows, columns)
    return Raster(x, _TOP, max(1, round(columns * factor)), max(1, round(rows * factor)), np.ascontiguousarray(pixels))


def _heading(words: Captions, name: str, role: Role, x: int, shape: tuple[int, ...], theme: Theme) -> Text:
    return Text(x, _TOP - 14, (words.run(name, colour(role, theme), True, size=sizes(shape)),), _HEADING)


def _kernel(weights: NDArray[np.float64], x: int, theme: Theme) -> list[Item]:
    """The kernel as numbered cells, or as colours alone where it is too large for numbers."""
    cell = min(50, _KERNEL // max(weights.shape))
    limit = Scale.signed(weights).high
    if cell < _NUMBERED:
        height, width = (max(1, round(side * _KERNEL / max(weights.shape))) for side in weights.shape)
        frame = Rect(x, _TOP, width, height, None, colour(Role.LINE, theme))
        return [Raster(x, _TOP, width, height, signed(weights, limit, theme, CELL_STRENGTH[theme])), frame]
    grid = Grid(weights, x, _TOP, cell, theme, limit, readable_digits(weights, cell, theme))
    size = type_size(grid)
    return [plain_cell(grid, (row, column), size) for row in range(grid.rows) for column in range(grid.columns)]


def _bar(scale: Scale, x: int, y: int, theme: Theme) -> list[Item]:
    """The colour bar with its ends, and for a signed scale its middle, in numbers."""
    width, height = _BAR
    ramp = scale.pixels(np.linspace(scale.low, scale.high, width + 1)[None], theme)
    soft, label = colour(Role.SOFT, theme), 12.0
    ends: list[tuple[float, float, Anchor]] = [(x, scale.low, Anchor.START), (x + width, scale.high, Anchor.END)]
    if scale.is_signed:
        ends.insert(1, (x + width / 2, 0.0, Anchor.MIDDLE))
    return [
        Raster(x, y, width, height, ramp),
        Rect(x, y, width, height, None, colour(Role.LINE, theme)),
        *(Text(at, y + 24, (Run(number_text(value), soft),), label, anchor) for at, value, anchor in ends),
    ]


def _said(heads: list[Text]) -> str:
    return ", ".join(head.string for head in heads)


def _sentence(weights: NDArray[np.float64], feature_map: NDArray[np.generic]) -> str:
    """The numbers for readers who do not see the picture; a large kernel by its shape and sum."""
    rows = "; ".join(" ".join(map(number_text, row)) for row in weights)
    kernel = rows if weights.size <= 49 else f"{sizes(weights.shape)}, Σ = {number_text(float(weights.sum()))}"
    values = np.asarray(feature_map, float)
    return f"[{kernel}] → {number_text(float(values.min()))} … {number_text(float(values.max()))}"
