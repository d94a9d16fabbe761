"""The views of the pixels page as figures to take home: panels in a row, cells with numbers, bars, histograms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.figures import fonts
from cnnviz.figures.drawing import Anchor, Drawing, Item, Line, Raster, Rect, Run, Text, centred
from cnnviz.figures.palette import Pixels, Role, Theme, colour, ink_on, to_hex

MARGIN = 24
GAP = 22
PANEL = 260
CELL = 46
TYPE = 13.0
PLANE_INKS = {
    Theme.LIGHT: ("#c02c22", "#1d7a38", "#1f5fd0"),
    Theme.DARK: ("#ff8f87", "#6fd08c", "#8ab4ff"),
}


@dataclass(frozen=True)
class Label:
    """Words in the reader's language, and in English for where no font has their characters."""

    text: str
    english: str = ""

    def run(self, ink: str, *, bold: bool = False) -> Run:
        """The words in a colour."""
        return Run(self.text, ink, bold, self.english)


@dataclass(frozen=True, eq=False)
class Panel:
    """A picture (rows, columns, 3) uint8 under its caption, in the colour of its role.

    `inner`, (row, column, rows, columns) of the picture, is outlined dashed.
    """

    caption: Label
    role: Role
    pixels: Pixels
    inner: tuple[int, int, int, int] | None = None


@dataclass(frozen=True)
class Cell:
    """A numbered cell: its text (several lines), its fill `#rrggbb`, and whether it is the chosen one."""

    text: str
    fill: str
    here: bool = False


def row_of_panels(panels: Sequence[Panel], notes: Sequence[Label], theme: Theme, title: str) -> Drawing:
    """Panels side by side, sentences beneath.

    >>> panel = Panel(Label("Picture"), Role.INPUT, np.zeros((4, 8, 3), np.uint8))
    >>> row_of_panels([panel], [Label("a note")], Theme.LIGHT, "t").size
    (308, 226)
    """
    items: list[Item] = []
    x, tallest = float(MARGIN), 0.0
    for panel in panels:
        width, height = _fitted(panel.pixels)
        items += [_line(x, MARGIN + TYPE, panel.caption, colour(panel.role, theme), bold=True)]
        items += [Raster(x, MARGIN + 22, width, height, panel.pixels, panel.caption.text)]
        items += _outline(panel, x, MARGIN + 22, width / panel.pixels.shape[1], theme)
        x, tallest = x + max(width, PANEL) + GAP, max(tallest, height)
    top = MARGIN + 22 + tallest + 14
    return _closed(items, x - GAP + MARGIN, top, notes, theme, title)


def cells_figure(
    rows: Sequence[Sequence[Cell]], heading: Label, notes: Sequence[Label], theme: Theme, title: str
) -> Drawing:
    """Numbered cells on their colours.

    >>> cells_figure([[Cell("1", "#ffffff"), Cell("2", "#000000", True)]], Label("x"), [], Theme.DARK, "t").size
    (140, 130)
    """
    lines = max(cell.text.count("\n") + 1 for row in rows for cell in row)
    side = CELL if lines == 1 else CELL + 8
    items: list[Item] = [_line(MARGIN, MARGIN + TYPE, heading, colour(Role.INPUT, theme), bold=True)]
    later: list[Item] = []
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            x, y = MARGIN + c * side, MARGIN + 22 + r * side
            items += _cell(cell, x, y, side, theme)
            if cell.here:
                later.append(Rect(x, y, side, side, None, colour(Role.KERNEL, theme), 3.0))
    width = 2 * MARGIN + side * max(len(row) for row in rows)
    return _closed([*items, *later], width, MARGIN + 22 + side * len(rows) + 14, notes, theme, title)


def bars_figure(
    bars: Sequence[tuple[Label, str, float, Role]], notes: Sequence[Label], theme: Theme, title: str
) -> Drawing:
    """Bars by name, number and share of the longest (0 to 1).

    >>> bars_figure([(Label("conv"), "80", 0.2, Role.KERNEL)], [], Theme.LIGHT, "t").size
    (748, 110)
    """
    width = 700
    items: list[Item] = []
    for place, (name, number, share, role) in enumerate(bars):
        y = MARGIN + place * 52
        items.append(_line(MARGIN, y + TYPE, name, colour(Role.INK, theme)))
        ends = (Run(number, colour(Role.INK, theme), True),)
        items.append(Text(MARGIN + width, y + TYPE, ends, TYPE + 1, Anchor.END))
        items.append(Rect(MARGIN, y + 20, width, 14, colour(Role.PANEL, theme)))
        items.append(Rect(MARGIN, y + 20, round(width * share, 1), 14, colour(role, theme)))
    return _closed(items, width + 2 * MARGIN, MARGIN + 52 * len(bars) + 10, notes, theme, title)


@dataclass(frozen=True, eq=False)
class HistogramPanel:
    """Counts (planes, bins) under a caption, the numbers at both ends beneath."""

    caption: Label
    counts: NDArray[np.integer]
    low: str
    high: str


def histograms_figure(panels: Sequence[HistogramPanel], notes: Sequence[Label], theme: Theme, title: str) -> Drawing:
    """Histograms side by side; the fullest bin of each touches its top.

    >>> panel = HistogramPanel(Label("file"), np.array([[1, 2]]), "0", "255")
    >>> histograms_figure([panel], [], Theme.LIGHT, "t").size
    (308, 260)
    """
    items: list[Item] = []
    height, soft = 150, colour(Role.SOFT, theme)
    for place, panel in enumerate(panels):
        x, base = MARGIN + place * (PANEL + GAP), MARGIN + 26 + height
        items.append(_line(x, MARGIN + TYPE, panel.caption, colour(Role.INK, theme), bold=True))
        items += _steps(panel.counts, x, base, height, theme)
        items.append(Line(x, base, x + PANEL, base, soft))
        items.append(Text(x, base + 16, (Run(panel.low, soft),), 12))
        items.append(Text(x + PANEL, base + 16, (Run(panel.high, soft),), 12, Anchor.END))
    width = 2 * MARGIN + len(panels) * (PANEL + GAP) - GAP
    return _closed(items, width, MARGIN + 26 + height + 36, notes, theme, title)


def _steps(counts: NDArray[np.integer], x: float, base: float, height: float, theme: Theme) -> list[Item]:
    """The tops of the bins as short strokes, a colour a plane."""
    inks = PLANE_INKS[theme] if len(counts) == 3 else (colour(Role.INK, theme),)
    most, wide = max(int(counts.max()), 1), PANEL / counts.shape[1]
    items: list[Item] = []
    for plane, ink in zip(counts, inks, strict=True):
        tops = [round(base - height * int(count) / most, 1) for count in plane]
        for place, top in enumerate(tops):
            left = round(x + place * wide, 1)
            before = tops[place - 1] if place else base
            items.append(Line(left, before, left, top, ink, 1.3))
            items.append(Line(left, top, round(left + wide, 1), top, ink, 1.3))
    return items


def _cell(cell: Cell, x: float, y: float, side: float, theme: Theme) -> list[Item]:
    ink, lines = ink_on(cell.fill), cell.text.split("\n")
    widest = max(fonts.em_width(line) for line in lines)
    size = min(15.0 if len(lines) == 1 else 12.0, (side - 6) / max(widest, 0.1))
    middle = y + side / 2 - (len(lines) - 1) * size * 0.6
    texts = [centred(x + side / 2, middle + i * size * 1.2, line, ink, size) for i, line in enumerate(lines)]
    return [Rect(x, y, side, side, cell.fill, colour(Role.LINE, theme)), *texts]


def _outline(panel: Panel, x: float, y: float, scale: float, theme: Theme) -> list[Item]:
    if panel.inner is None:
        return []
    row, column, rows, columns = (round(n * scale, 1) for n in panel.inner)
    return [Rect(x + column, y + row, columns, rows, None, colour(Role.SOFT, theme), 1.0, (4.0, 3.0))]


def _fitted(pixels: Pixels) -> tuple[float, float]:
    height, width = pixels.shape[:2]
    scale = PANEL / max(height, width)
    return max(1.0, round(width * scale)), max(1.0, round(height * scale))


def _line(x: float, y: float, label: Label, ink: str, *, bold: bool = False) -> Text:
    return Text(x, y, (label.run(ink, bold=bold),), TYPE)


def _closed(items: list[Item], width: float, top: float, notes: Sequence[Label], theme: Theme, title: str) -> Drawing:
    """The drawing with its sentences under it and room around it."""
    wanted = max([fonts.em_width(note.text) * TYPE for note in notes], default=0.0)
    lines = [_line(MARGIN, top + TYPE + i * 20, note, colour(Role.INK, theme)) for i, note in enumerate(notes)]
    size = (int(max(width, wanted + 2 * MARGIN)), int(top + 20 * len(notes) + (MARGIN if not notes else 16)))
    words = " ".join(note.text for note in notes)
    return Drawing(*size, colour(Role.BACKGROUND, theme), (*items, *lines), title, words)


def hex_of(rgb: NDArray[np.uint8]) -> str:
    """A pixel (3,) or (1,) as `#rrggbb`.

    >>> hex_of(np.array([255, 0, 16], np.uint8)), hex_of(np.array([16], np.uint8))
    ('#ff0010', '#101010')
    """
    return to_hex(np.broadcast_to(rgb, (3,)).astype(np.uint8))
