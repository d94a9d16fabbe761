"""Stills: a drawing goes in, the bytes of a PNG or an SVG file come out."""

from __future__ import annotations

from io import BytesIO

from PIL.PngImagePlugin import PngInfo

from cnnviz.figures.drawing import Drawing
from cnnviz.figures.raster import paint
from cnnviz.figures.svg import to_svg

CSS_DPI = 96  # one CSS pixel is 1/96 inch: written into the file, so that print has the size of the screen
MAX_PIXELS = 16_000_000


def png_bytes(drawing: Drawing, scale: int = 2) -> bytes:
    """The drawing as PNG with `scale` pixels per CSS pixel; its title and description go along as text.

    Raises ValueError where the picture would be over `MAX_PIXELS`.

    >>> png_bytes(Drawing(4, 2, "#ffffff"))[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    width, height = (side * scale for side in drawing.size)
    if scale < 1 or width * height > MAX_PIXELS:
        raise ValueError(f"a picture of {width}x{height} pixels is over the bound of {MAX_PIXELS:,}")
    words = PngInfo()
    for name, text in (("Title", drawing.title), ("Description", drawing.description), ("Software", "cnnviz")):
        words.add_itxt(name, text)
    file = BytesIO()
    paint(drawing, scale).save(file, "PNG", optimize=True, dpi=(CSS_DPI * scale,) * 2, pnginfo=words)
    return file.getvalue()


def svg_bytes(drawing: Drawing) -> bytes:
    """The drawing as an SVG file in UTF-8.

    >>> svg_bytes(Drawing(4, 2, "#ffffff")).startswith(b"<?xml")
    True
    """
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + to_svg(drawing).encode("utf-8")
