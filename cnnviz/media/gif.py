"""Films as GIF, one of the three writers behind `animation.encode`: one shared palette, and only what changed.

The palette is chosen before the first frame is written: every colour a figure declared keeps its exact value as
far as 255 places go, the rest are the best for the pixels of five frames across the film. Index 0 is "as before".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.figures.canvas import Box
from cnnviz.figures.drawing import Drawing, Group, Hatch, Item, Line, Raster, Rect, Text
from cnnviz.figures.palette import rgb
from cnnviz.figures.raster import FilmFrame, paint
from cnnviz.media.film import Film, around
from cnnviz.media.lzw import image_data

_PLACES = 255  # 256 less the one for "as before"
_EXACT = 160  # at most this many declared colours are kept exactly; smooth edges of letters need the rest
_SAMPLES = 5

Palette = NDArray[np.uint8]


def gif(film: Film) -> bytes:
    """The film as an endlessly repeating GIF89a.

    >>> gif(Film((Drawing(4, 4, "#ffffff"),)))[:6]
    b'GIF89a'
    """
    return encode(film, shared_palette(film))


def encode(film: Film, palette: Palette) -> bytes:
    """The film in the colours of `palette` (up to 255, 3) uint8."""
    writer = GifWriter(film.size, palette)
    for frame, wait in zip(film.frames(), film.ticks(100), strict=True):
        writer.add(frame, wait)
    return writer.close()


class GifWriter:
    """A GIF as it grows: painted frames go in one by one, each kept only as its compressed change."""

    def __init__(self, size: tuple[int, int], palette: Palette) -> None:
        self._index = _Indexer(palette)
        self._shown = np.zeros(size[::-1], np.uint8)
        self._changes = np.zeros(size[::-1], np.uint8)  # all 0 between frames
        self._parts = [_header(size, palette)]

    def add(self, frame: FilmFrame, wait: int) -> None:
        """Append a frame that stays for `wait` hundredths of a second."""
        box = around(frame.changed)
        for changed in frame.changed:
            place = _slices(changed)
            now = self._index(frame.image.crop(changed))
            np.multiply(now, now != self._shown[place], out=self._changes[place])
            self._shown[place] = now
        self._parts.append(_frame(self._changes, box, frame.changed, wait))
        for changed in frame.changed:
            self._changes[_slices(changed)] = 0

    def close(self) -> bytes:
        """The whole file."""
        return b"".join([*self._parts, b";"])


def _slices(box: Box) -> tuple[slice, slice]:
    return slice(box.top, box.bottom), slice(box.left, box.right)


def _frame(changes: NDArray[np.uint8], box: Box, boxes: tuple[Box, ...], wait: int) -> bytes:
    """A graphic control block (index 0 is see-through, the picture stays) and an image block."""
    control = b"\x21\xf9\x04\x05" + wait.to_bytes(2, "little") + b"\0\0"
    left, top, right, bottom = box
    place = b"".join(side.to_bytes(2, "little") for side in (left, top, right - left, bottom - top))
    return control + b"\x2c" + place + b"\0" + image_data(changes[_slices(box)], _busy_rows(box, boxes))


def _busy_rows(box: Box, boxes: tuple[Box, ...]) -> list[tuple[int, int]]:
    """The rows of a box in which something may have changed, in order, overlapping ones joined."""
    rows: list[tuple[int, int]] = []
    for top, bottom in sorted((each.top - box.top, each.bottom - box.top) for each in boxes):
        if rows and top <= rows[-1][1]:
            rows[-1] = (rows[-1][0], max(bottom, rows[-1][1]))
        else:
            rows.append((top, bottom))
    return rows


def _header(size: tuple[int, int], palette: Palette) -> bytes:
    """Signature, screen of `size` with a table of 256 colours, and the Netscape block that repeats for ever."""
    table = np.zeros((256, 3), np.uint8)
    table[1 : len(palette) + 1] = palette
    screen = size[0].to_bytes(2, "little") + size[1].to_bytes(2, "little") + b"\xf7\0\0"
    return b"GIF89a" + screen + table.tobytes() + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"


class _Indexer:
    """Pixels to palette places; each colour is looked for once, then remembered in a table of all 2^24."""

    def __init__(self, palette: Palette) -> None:
        colours = palette.astype(np.float32)
        self.twice, self.squares = 2 * colours.T, (colours**2).sum(axis=1)
        self.places = np.zeros(1 << 24, np.uint8)  # 0: not looked for yet

    def __call__(self, image: Image.Image) -> NDArray[np.uint8]:
        """(rows, columns) of 1..255 for an RGB picture."""
        keys = _keys(image)
        places = self.places.take(keys)
        if not places.all():
            fresh = np.unique(keys[places == 0])
            self.places[fresh] = self._nearest(fresh)
            places = self.places.take(keys)
        return places

    def _nearest(self, keys: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """|c − p|² is smallest where |p|² − 2 c·p is: one product of matrices, exact in float32 for 8-bit colours."""
        colours = np.stack([keys & 255, keys >> 8 & 255, keys >> 16], axis=-1).astype(np.float32)
        nearest: NDArray[np.intp] = (self.squares - colours @ self.twice).argmin(axis=1)
        return (nearest + 1).astype(np.uint8)


def _keys(image: Image.Image) -> NDArray[np.uint32]:
    """Each pixel of an RGB picture as red + 256 green + 65536 blue, shape (rows, columns)."""
    raw = np.frombuffer(image.tobytes("raw", "RGBX"), "<u4").reshape(image.height, image.width)
    return raw & np.uint32(0xFFFFFF)


def shared_palette(film: Film) -> Palette:
    """Up to 255 colours for the whole film, the declared ones first, shape (n, 3).

    >>> shared_palette(Film((Drawing(4, 4, "#0b57d0"),))).tolist()
    [[11, 87, 208]]
    """
    exact = np.array([rgb(name) for name, _ in _declared(film.drawings).most_common(_EXACT)], np.uint8)
    known = exact.astype(np.uint32) @ np.array([1, 256, 65536], np.uint32)
    samples = np.concatenate([_pixels(drawing, film.scale, known) for drawing in _sampled(film.drawings)])
    return np.concatenate([exact, _best_colours(samples, _PLACES - len(exact))])


def _sampled(drawings: tuple[Drawing, ...]) -> list[Drawing]:
    places = sorted({round(share * (len(drawings) - 1) / (_SAMPLES - 1)) for share in range(_SAMPLES)})
    return [drawings[place] for place in places]


def _pixels(drawing: Drawing, scale: int, known: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """The pixel colours of a frame that are not known yet, shape (n, 3); frequent ones at most 100 times."""
    keys, counts = np.unique(_keys(paint(drawing, scale)), return_counts=True)
    new = ~np.isin(keys, known)
    repeated = np.repeat(keys[new], np.minimum(counts[new], 100))
    return np.stack([repeated & 255, repeated >> 8 & 255, repeated >> 16], axis=-1).astype(np.uint8)


def _best_colours(pixels: NDArray[np.uint8], places: int) -> NDArray[np.uint8]:
    if not len(pixels):
        return pixels
    strip = Image.fromarray(pixels[None]).quantize(places, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return np.array(strip.getpalette(), np.uint8).reshape(-1, 3)[:places]


def _declared(drawings: tuple[Drawing, ...]) -> Counter[str]:
    """How often each colour is named by the items of a film; an item that frames share counts once."""
    items = {id(item): item for drawing in drawings for item in drawing.items}
    named = Counter({drawings[0].background: 1 << 20})
    for item in items.values():
        named.update(_colours(item))
    return named


def _colours(item: Item) -> Iterator[str]:
    match item:
        case Group():
            for inner in item.items:
                yield from _colours(inner)
        case Text():
            yield from (run.fill for run in item.runs)
        case Rect():
            yield from (ink for ink in (item.fill, item.stroke) if ink)
        case Line() | Hatch():
            yield item.stroke
        case Raster():
            pass
