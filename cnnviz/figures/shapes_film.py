"""The window of the shapes page sliding over its strip, a frame for each place where it fits: a film to take home."""

from __future__ import annotations

from collections.abc import Sequence

from cnnviz.core.arithmetic import Derivation
from cnnviz.figures.drawing import Drawing, Hatch, Item, Rect, centred
from cnnviz.figures.palette import Role, Theme, colour
from cnnviz.figures.pixels_figure import Label
from cnnviz.figures.shapes_figure import DASH, MARGIN, WIDTH, closed

MOST = 44.0
GAP = 26.0


def sliding_frames(found: Derivation, notes: Sequence[Label], theme: Theme, title: str) -> list[Drawing]:
    """A frame per window: its taps on the pixels, the outputs made so far beneath; all frames of one size.

    >>> frames = sliding_frames(Derivation("conv", size=8, kernel_size=3, stride=2), [], Theme.LIGHT, "t")
    >>> len(frames), {frame.size for frame in frames}
    (3, {(400, 172)})
    """
    last = found.window.positions(max(0, found.output - 1))[-1] + 1
    cells = range(-found.before, max(found.size + found.after, last))
    unit = min(MOST, WIDTH / len(cells))
    still = _pixels(found, cells, unit, theme)
    width, foot = unit * len(cells) + 2 * MARGIN, MARGIN + 2 * unit + GAP + 10
    return [
        closed([*still, *_window(found, at, unit, theme)], width, foot, notes, theme, title)
        for at in range(found.output)
    ]


def _x(found: Derivation, position: int, unit: float) -> float:
    return round(MARGIN + (position + found.before) * unit, 2)


def _pixels(found: Derivation, cells: range, unit: float, theme: Theme) -> list[Item]:
    """The padded input; what no window reads is hatched."""
    read = {p for o in range(found.output) for p in found.window.positions(o)}
    items: list[Item] = []
    for p in cells:
        inside, x = 0 <= p < found.size, _x(found, p, unit)
        edge = colour(Role.INPUT if inside else Role.SOFT, theme)
        items.append(Rect(x, MARGIN, unit, unit, colour(Role.PANEL, theme), edge, 1.0, None if inside else DASH))
        if inside and p not in read:
            items.append(Hatch(x, MARGIN, unit, unit, colour(Role.SOFT, theme)))
        if inside and unit >= 16:
            items.append(_number(x, MARGIN, unit, p, colour(Role.INK, theme)))
    return items


def _window(found: Derivation, at: int, unit: float, theme: Theme) -> list[Item]:
    """The taps of window `at` filled, and the outputs up to it, its own filled."""
    ground, kernel, output = (colour(role, theme) for role in (Role.BACKGROUND, Role.KERNEL, Role.OUTPUT))
    items: list[Item] = []
    for p in found.window.positions(at):
        x = _x(found, p, unit)
        items.append(Rect(x, MARGIN, unit, unit, kernel, ground, 1.0))
        if unit >= 16 and 0 <= p < found.size:
            items.append(_number(x, MARGIN, unit, p, ground))
    y = MARGIN + unit + GAP
    for o in range(at + 1):
        x, now = round(MARGIN + o * unit, 2), o == at
        items.append(Rect(x, y, unit, unit, output if now else colour(Role.PANEL, theme), output, 1.0))
        if unit >= 16:
            items.append(_number(x, y, unit, o, ground if now else colour(Role.INK, theme)))
    return items


def _number(x: float, y: float, unit: float, number: int, ink: str) -> Item:
    return centred(x + unit / 2, y + unit / 2, str(number), ink, min(15.0, unit * 0.5))
