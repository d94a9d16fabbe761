"""The pixel writer: a `Drawing` goes in, a Pillow picture comes out, at any whole scale.

`paint` draws one picture. `paint_film` draws many that share most of their items and repaints only the boxes
in which something differs, which is what makes a film of a hundred steps cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce as fold

from PIL import Image

from cnnviz.figures.canvas import Box, Canvas, bounds
from cnnviz.figures.drawing import Drawing, Item, Leaf, flatten


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """One picture of a film and where it differs from the one before; the picture is reused: copy it to keep it."""

    image: Image.Image
    changed: tuple[Box, ...]


def paint(drawing: Drawing, scale: int = 1) -> Image.Image:
    """The drawing as an RGB picture of `scale` pixels per CSS pixel.

    >>> from cnnviz.figures.drawing import Rect
    >>> paint(Drawing(4, 2, "#ffffff", (Rect(0, 0, 2, 2, fill="#0b57d0"),)), 2).getpixel((3, 3))
    (11, 87, 208)
    """
    image = Image.new("RGB", (drawing.width * scale, drawing.height * scale), drawing.background)
    canvas = Canvas(image, scale)
    for leaf in drawing.leaves():
        canvas.paint(leaf)
    return image


def paint_film(drawings: Iterable[Drawing], scale: int = 1) -> Iterator[FilmFrame]:
    """Each drawing in turn, repainting only where it differs from the last; all must be of one size.

    Items are compared by identity: frames that share their unchanged items (`player_frame.Player`) are cheap,
    frames that share none are merely painted anew. Raises ValueError when the size changes on the way.
    """
    painter = _FilmPainter(scale)
    return (painter.next(drawing) for drawing in drawings)


class _FilmPainter:
    """The last drawing, its picture, and where the items seen so far lie."""

    def __init__(self, scale: int) -> None:
        self.scale = scale
        self.image = Image.new("RGB", (1, 1))
        self.last: Drawing | None = None
        self.places: dict[int, tuple[Item, Box, list[tuple[Box, Leaf]]]] = {}  # by id: the item is kept alive by it

    def next(self, drawing: Drawing) -> FilmFrame:
        """Bring the picture up to this drawing."""
        last, self.last = self.last, drawing
        whole = Box(0, 0, drawing.width * self.scale, drawing.height * self.scale)
        if last is None:
            self.image = paint(drawing, self.scale)
            return FilmFrame(self.image, (whole,))
        if drawing.size != last.size:
            raise ValueError(f"every frame must have the size of the first, {last.size}, not {drawing.size}")
        if last.background != drawing.background:
            dirty = [whole]
        else:
            dirty = _merged(box for box in self._differences(last, drawing) if box.meets(whole))
        boxes = tuple(_clip(box, whole) for box in dirty)
        for box in boxes:
            self._repaint(drawing, box)
        return FilmFrame(self.image, boxes)

    def _repaint(self, drawing: Drawing, box: Box) -> None:
        patch = Image.new("RGB", (box.right - box.left, box.bottom - box.top), drawing.background)
        canvas = Canvas(patch, self.scale, box.left, box.top)
        for item in drawing.items:
            _, around, leaves = self._place(item)
            if around.meets(box):
                for place, leaf in leaves:
                    if place.meets(box):
                        canvas.paint(leaf)
        self.image.paste(patch, box[:2])

    def _differences(self, last: Drawing, drawing: Drawing) -> Iterator[Box]:
        """The boxes of what only one of the two drawings has."""
        before, now = ({id(item): item for item in each.items} for each in (last, drawing))
        for key in before.keys() ^ now.keys():
            item = before[key] if key in before else now[key]
            yield from (box for box, _ in self._place(item)[2])

    def _place(self, item: Item) -> tuple[Item, Box, list[tuple[Box, Leaf]]]:
        known = self.places.get(id(item))
        if known is None:
            leaves = [(bounds(leaf, self.scale), leaf) for leaf in flatten([item])]
            around = fold(Box.union, (box for box, _ in leaves)) if leaves else Box(0, 0, 0, 0)
            known = self.places[id(item)] = (item, around, leaves)
        return known


def _merged(boxes: Iterable[Box]) -> list[Box]:
    """Overlapping boxes joined, so that no pixel is painted twice."""
    apart: list[Box] = []
    for box in boxes:
        while (other := next((one for one in apart if one.meets(box)), None)) is not None:
            apart.remove(other)
            box = box.union(other)
        apart.append(box)
    return apart


def _clip(box: Box, whole: Box) -> Box:
    return Box(*map(max, box[:2], whole[:2]), *map(min, box[2:], whole[2:]))
