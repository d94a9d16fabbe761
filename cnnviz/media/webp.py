"""Films as lossless WebP, one of the three writers behind `animation.encode`: exact colours, and only what changed.

Pillow writes each changed box as a lossless still; the container around them is put together here, because
Pillow's own animation writer wants every whole frame in memory at once.
Container: https://developers.google.com/speed/webp/docs/riff_container
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from cnnviz.figures.canvas import Box
from cnnviz.figures.palette import rgb
from cnnviz.media.film import Film, around

_ANIMATED, _ALPHA = 0x02, 0x10  # flags of the VP8X chunk


def webp(film: Film) -> bytes:
    """The film as an endlessly repeating animated WebP.

    >>> from cnnviz.figures.drawing import Drawing
    >>> webp(Film((Drawing(4, 4, "#ffffff"),)))[8:16]
    b'WEBPVP8X'
    """
    width, height = film.size
    red, green, blue = rgb(film.background)
    body = _chunk(b"VP8X", bytes([_ANIMATED | _ALPHA, 0, 0, 0]) + _three(width - 1) + _three(height - 1))
    body += _chunk(b"ANIM", bytes([blue, green, red, 255, 0, 0]))
    last: Image.Image | None = None
    parts = [body]
    for frame, wait in zip(film.frames(), film.ticks(1000), strict=True):
        left, top, right, bottom = around(frame.changed)
        even = Box(left & ~1, top & ~1, right, bottom)  # the container counts offsets in twos
        parts.append(_frame(frame.image, last, even, wait))
        last = frame.image.copy()
    whole = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole


def _frame(image: Image.Image, last: Image.Image | None, box: Box, wait: int) -> bytes:
    """One ANMF chunk: its place, its duration in ms, and a still that is blended over the picture so far."""
    file = BytesIO()
    _changed(image.crop(box), None if last is None else last.crop(box)).save(
        file, "WEBP", lossless=True, method=1, quality=0
    )
    place = _three(box.left // 2) + _three(box.top // 2)
    size = _three(box.right - box.left - 1) + _three(box.bottom - box.top - 1)
    return _chunk(b"ANMF", place + size + _three(wait) + b"\0" + _image_chunk(file.getvalue()))


def _changed(now: Image.Image, before: Image.Image | None) -> Image.Image:
    """The picture with every pixel transparent that is as it was."""
    pixels = np.asarray(now.convert("RGBA")).copy()
    if before is not None:
        pixels[(np.asarray(now) == np.asarray(before)).all(axis=2)] = 0
    return Image.fromarray(pixels)


def _image_chunk(file: bytes) -> bytes:
    """The VP8L chunk of a still, with its padding."""
    start = file.index(b"VP8L")
    size = int.from_bytes(file[start + 4 : start + 8], "little")
    return file[start : start + 8 + size + size % 2]


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
