"""Surgery on the lenet page's figure: a cross over each map that is off, a corner on each edited one, and words."""

from __future__ import annotations

from cnnviz.core.scenes.surgery import Surgery
from cnnviz.figures.drawing import Item, Line, Rect
from cnnviz.figures.palette import Role, Theme, colour
from cnnviz.i18n import Texts

Box = tuple[float, float, float, float]  # x, y, width, height
CORNER = 7.0


def marks(done: Surgery, layer: str, box: Box, count: int, across: int, theme: Theme) -> list[Item]:
    """The marks of one layer, whose `count` maps lie in rows of `across` in the box."""
    ink = colour(Role.KERNEL, theme)
    items: list[Item] = []
    for number in sorted(done.maps().get(layer, ())):
        x, y, width, height = tile(box, count, across, number)
        items.append(Line(x, y, x + width, y + height, ink, 1.5))
        items.append(Line(x, y + height, x + width, y, ink, 1.5))
    for number in sorted({place[1] for place, _ in done.edits if place[0] == layer}):
        x, y, width, height = tile(box, count, across, number)
        side = min(CORNER, width / 2, height / 2)
        items.append(Rect(x + width - side, y, side, side, fill=ink))
    return items


def tile(box: Box, count: int, across: int, number: int) -> Box:
    """Where one of the maps lies.

    >>> tile((10, 20, 40, 60), 6, 2, 3)
    (30.0, 40.0, 20.0, 20.0)
    """
    x, y, width, height = box
    wide, high = width / across, height / -(-count // across)
    return x + number % across * wide, y + number // across * high, wide, high


def words(done: Surgery, t: Texts) -> str:
    """What was done, in numbers; "" for nothing.

    >>> words(Surgery((("conv1", 2),)), Texts("en"))
    '1 map off'
    """
    kernels, off = len(done.edits), len(done.off)
    said = [t("lenet.surgery_off_one") if off == 1 else t("lenet.surgery_off", count=off)] if off else []
    if kernels:
        said.append(t("lenet.surgery_edited_one") if kernels == 1 else t("lenet.surgery_edited", count=kernels))
    return t("lenet.surgery_and").join(said)
