"""The lenet page as a figure: the input, every layer's maps in a column each, the probabilities as bars."""

from __future__ import annotations

from math import ceil

import numpy as np
import numpy.typing as npt

from cnnviz.core.images import Picture
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.figures.drawing import Anchor, Drawing, Item, Raster, Rect, Run, Text
from cnnviz.figures.numbers import number_text
from cnnviz.figures.palette import Role, Theme, colour, signed
from cnnviz.i18n import Texts
from cnnviz.ui.lenet_marks import marks, words
from cnnviz.ui.lenet_nets import INPUT
from cnnviz.ui.lenet_seen import Seen, see

TOP, TALL, GAP, LEFT = 74, 420, 22, 20
BARS, ROW = 230, 30
Pixels = npt.NDArray[np.uint8]


def figure(now: LenetScene, t: Texts, theme: str, picture: Picture | None = None) -> Drawing:
    """The whole network for this picture, as an SVG or a PNG has it."""
    seen, shade = see(now, picture), Theme(theme)
    done = seen.scene.surgery()
    items: list[Item] = []
    x = float(LEFT)
    for number, (name, values) in enumerate(seen.kept.items()):
        flat = values[0].numpy()
        pixels, width, height = _column(seen, name, flat, shade)
        y = TOP + (TALL - height) / 2
        items.append(Raster(x, y, width, height, pixels, name))
        items += marks(done, name, (x, y, width, height), len(flat), 1 if flat.ndim == 1 else _across(flat), shade)
        items += _head(name, flat.shape, x + width / 2, number, shade)
        x += width + GAP
    items += _bars(seen, x, shade, t)
    title, english = (" · ".join(filter(None, ("cnnviz", seen.scene.net, words(done, w)))) for w in (t, Texts("en")))
    items.append(Text(LEFT, 24, (Run(title, colour(Role.INK, shade), True, english),), 15))
    size = round(x + BARS), TOP + TALL + 24
    return Drawing(*size, colour(Role.BACKGROUND, shade), tuple(items), title, _said(seen))


def _column(seen: Seen, name: str, values: npt.NDArray[np.float32], theme: Theme) -> tuple[Pixels, float, float]:
    """A layer's maps as one picture, and how large it is drawn."""
    if name == INPUT:
        shown = seen.shown.image.numpy()
        grey = np.rint((1 - shown if len(shown) == 1 else shown) * 255).astype(np.uint8)
        return np.ascontiguousarray(np.broadcast_to(grey, (3, *grey.shape[1:])).transpose(1, 2, 0)), 84, 84
    limit = float(np.abs(values).max()) or 1.0
    if values.ndim == 1 or values.shape[1] * values.shape[2] == 1:
        return signed(values.reshape(-1, 1).astype(np.float64), limit, theme), 14, TALL
    across = _across(values)
    sheet = _tiled(values, across, limit, theme)
    scale = min(TALL / sheet.shape[0], 62 * across / sheet.shape[1])
    return sheet, sheet.shape[1] * scale, sheet.shape[0] * scale


def _across(values: npt.NDArray[np.float32]) -> int:
    """How many of a layer's maps stand in one row: a single number each stands in a column."""
    return 1 if values.shape[1] * values.shape[2] == 1 else max(1, ceil(len(values) / 16))


def _tiled(values: npt.NDArray[np.float32], across: int, limit: float, theme: Theme) -> Pixels:
    """The maps in rows of `across`, a line of the panel's colour between them."""
    count, rows, cols = values.shape
    line = tuple(int(colour(Role.LINE, theme)[at : at + 2], 16) for at in (1, 3, 5))
    down = ceil(count / across)
    sheet = np.full((down * (rows + 1) - 1, across * (cols + 1) - 1, 3), line, np.uint8)
    for number, plane in enumerate(values):
        top, left = number // across * (rows + 1), number % across * (cols + 1)
        sheet[top : top + rows, left : left + cols] = signed(plane.astype(np.float64), limit, theme)
    return sheet


def _head(name: str, shape: tuple[int, ...], x: float, number: int, theme: Theme) -> list[Item]:
    y = 44 + 15 * (number % 2)
    size = "×".join(map(str, shape))
    return [_text(x, y, name if number % 2 else f"{name} {size}", colour(Role.SOFT, theme), 10, Anchor.MIDDLE)]


def _bars(seen: Seen, x: float, theme: Theme, t: Texts) -> list[Item]:
    """The probabilities of all classes."""
    items: list[Item] = []
    shares = seen.logits.softmax(0).tolist()
    top = TOP + (TALL - ROW * len(shares)) / 2
    for number, (name, share) in enumerate(zip(seen.net.class_names, shares, strict=True)):
        y = top + number * ROW
        ink = colour(Role.OUTPUT if share == max(shares) else Role.SOFT, theme)
        items.append(_text(x + 70, y + 14, _class(t, name), ink, 13, Anchor.END, bold=share == max(shares)))
        items.append(Rect(x + 78, y + 4, max(1.0, 90 * share), 12, fill=ink, radius=2))
        items.append(_text(x + 212, y + 14, f"{share:.3f}", ink, 13, Anchor.END))
    return items


def _class(t: Texts, name: str) -> str:
    key = f"lenet.class_{name.replace(' ', '_').replace('-', '_')}"
    return t(key) if t.has(key) else name


def _text(x: float, y: float, text: str, fill: str, size: float, anchor: Anchor, *, bold: bool = False) -> Text:
    return Text(x, y, (Run(text, fill, bold),), size, anchor)


def _said(seen: Seen) -> str:
    shares = seen.logits.softmax(0)
    best = int(shares.argmax())
    return f"{seen.net.class_names[best]}: {number_text(float(shares[best]))}"
