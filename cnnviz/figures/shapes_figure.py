"""The views of the shapes page as figures to take home: strips with their windows, rows of cells, boxes of a chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.core.arithmetic import Derivation
from cnnviz.figures import fonts
from cnnviz.figures.drawing import Anchor, Drawing, Hatch, Item, Line, Rect, Run, Text, centred
from cnnviz.figures.palette import Role, Theme, colour
from cnnviz.figures.pixels_figure import Label

MARGIN = 24
TYPE = 13.0
NAMES = 170
WIDTH = 860
DASH = (4.0, 3.0)


@dataclass(frozen=True)
class Row:
    """A strip under its name: the axis worked out, and a remark at the right."""

    name: Label
    found: Derivation
    remark: str


def strips_figure(rows: Sequence[Row], notes: Sequence[Label], theme: Theme, title: str) -> Drawing:
    """Strips on one scale, each with its windows as lines beneath.

    >>> row = Row(Label("valid"), Derivation("conv", size=8, kernel_size=3, stride=2), "3")
    >>> strips_figure([row], [], Theme.LIGHT, "t").size
    (908, 120)
    """
    low = min(-row.found.before for row in rows)
    high = max(row.found.size + row.found.after for row in rows)
    unit = min(40.0, (WIDTH - NAMES - 90) / (high - low))
    items: list[Item] = []
    y = float(MARGIN)
    for row in rows:
        items.append(Text(MARGIN, y + 20, (row.name.run(colour(Role.INK, theme), bold=True),), TYPE))
        drawn, below = _strip(row.found, MARGIN + NAMES - low * unit, y, unit, theme)
        items += drawn
        end = (Run(row.remark, colour(Role.OUTPUT, theme), True),)
        items.append(Text(MARGIN + WIDTH, y + 20, end, TYPE + 2, Anchor.END))
        y = below + 14
    return closed(items, WIDTH + 2 * MARGIN, y + 10, notes, theme, title)


def _strip(found: Derivation, x: float, y: float, unit: float, theme: Theme) -> tuple[list[Item], float]:
    """Cells and windows; position 0 stands at x. Returns the items and the y below them."""
    line, high = colour(Role.LINE, theme), min(unit, 30.0)
    read = {p for o in range(found.output) for p in found.window.positions(o)}
    items: list[Item] = []
    for p in range(-found.before, found.size + found.after):
        inside, left = 0 <= p < found.size, round(x + p * unit, 2)
        edge = colour(Role.INPUT, theme) if inside else colour(Role.SOFT, theme)
        fill = None if inside else colour(Role.PANEL, theme)
        items.append(Rect(left, y, unit, high, fill, edge, 1.0, None if inside else DASH))
        if inside and p not in read:
            items.append(Hatch(left, y, unit, high, colour(Role.SOFT, theme)))
        elif inside and unit >= 16:
            items.append(centred(left + unit / 2, y + high / 2, str(p), colour(Role.INK, theme), min(13.0, unit * 0.5)))
    rows = min(found.output, -(-(found.effective + 1) // found.stride))
    for o in range(found.output):
        level = y + high + 6 + (o % rows) * 6
        taps = [x + p * unit for p in found.window.positions(o)]
        items.append(Line(round(taps[0], 2), level, round(taps[-1] + unit, 2), level, line, 1.5))
        for left in taps:
            items.append(Line(round(left + 1.5, 2), level, round(left + unit - 1.5, 2), level, _kernel(theme), 3.0))
    return items, y + high + 6 + rows * 6


def _kernel(theme: Theme) -> str:
    return colour(Role.KERNEL, theme)


def values_figure(rows: Sequence[tuple[Label, Sequence[str], int, int]], theme: Theme, title: str) -> Drawing:
    """Rows of cells with a text in each: name, texts, how many are the edge before, how many pixels follow.

    >>> values_figure([(Label("zeros"), ["0", "1", "2"], 1, 2)], Theme.DARK, "t").size
    (338, 104)
    """
    cell = 40.0
    items: list[Item] = []
    for place, (name, texts, before, size) in enumerate(rows):
        y = MARGIN + place * (cell + 14)
        items.append(Text(MARGIN, y + 25, (name.run(colour(Role.INK, theme), bold=True),), TYPE))
        for i, text in enumerate(texts):
            inside, x = before <= i < before + size, MARGIN + NAMES + i * cell
            edge = colour(Role.INPUT if inside else Role.SOFT, theme)
            items.append(Rect(x, y, cell, cell, colour(Role.PANEL, theme), edge, 1.0, None if inside else DASH))
            items.append(centred(x + cell / 2, y + cell / 2, text, colour(Role.INK, theme), 15.0))
    width = 2 * MARGIN + NAMES + cell * max(len(texts) for _, texts, _, _ in rows)
    return closed(items, width, MARGIN + len(rows) * (cell + 14) + 2, [], theme, title)


@dataclass(frozen=True)
class Box:
    """A layer's output: name, rows (1 for a vector), channels, and whether it is where the chain breaks."""

    name: Label
    side: int
    depth: int
    shape: str
    broken: bool = False


def boxes_figure(boxes: Sequence[Box], notes: Sequence[Label], theme: Theme, title: str) -> Drawing:
    """Boxes as high as their maps, to scale; the one that breaks is hatched.

    >>> boxes_figure([Box(Label("in"), 32, 3, "3"), Box(Label("conv1"), 16, 8, "8")], [], Theme.LIGHT, "t").size
    (232, 258)
    """
    slot = max(26.0, min(92.0, 1400 / len(boxes)))
    tallest, most = max(box.side for box in boxes), max(box.depth.bit_length() for box in boxes)
    items: list[Item] = []
    for place, box in enumerate(boxes):
        width, height = slot * 0.8 * box.depth.bit_length() / most, max(2.0, 150.0 * box.side / tallest)
        middle = MARGIN + slot * (place + 0.5)
        x, y = round(middle - width / 2, 2), round(MARGIN + 24 + (150 - height) / 2, 2)
        ink = colour(Role.POSITIVE if box.broken else Role.OUTPUT if place else Role.INPUT, theme)
        items.append(Rect(x, y, round(width, 2), round(height, 2), colour(Role.PANEL, theme), ink, 1.6))
        if box.broken:
            items.append(Hatch(x, y, round(width, 2), round(height, 2), ink))
        if slot >= 40 or place % 3 == 0:
            items.append(_middle(middle, MARGIN + 12, box.name.run(colour(Role.SOFT, theme)), slot))
            items.append(_middle(middle, MARGIN + 194, Run(box.shape, colour(Role.INK, theme)), slot))
    return closed(items, slot * len(boxes) + 2 * MARGIN, MARGIN + 210, notes, theme, title)


def _middle(x: float, y: float, run: Run, slot: float) -> Text:
    size = max(8.0, min(12.0, slot / max(1.0, fonts.em_width(run.text)) * 1.1))
    return Text(round(x, 2), y, (run,), round(size, 2), Anchor.MIDDLE)


def closed(items: list[Item], width: float, top: float, notes: Sequence[Label], theme: Theme, title: str) -> Drawing:
    """The drawing with its sentences under it and room around it."""
    lines = [
        Text(MARGIN, top + TYPE + i * 20, (note.run(colour(Role.INK, theme)),), TYPE) for i, note in enumerate(notes)
    ]
    wanted = max([fonts.em_width(note.text) * TYPE + 2 * MARGIN for note in notes], default=0.0)
    size = (int(max(width, wanted)), int(top + 20 * len(notes) + MARGIN))
    words = " ".join(note.text for note in notes)
    return Drawing(*size, colour(Role.BACKGROUND, theme), (*items, *lines), title, words)
