"""The samples side by side on one small sheet, for the gallery of the picture picker."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageOps

from cnnviz.core.images import Picture
from cnnviz.core.samples import SAMPLES, sample


@lru_cache(maxsize=2)
def contact_sheet(side: int) -> bytes:
    """Every sample as a square of `side` pixels, in the order of SAMPLES, one row, as a WebP file.

    >>> Image.open(io.BytesIO(contact_sheet(8))).size == (8 * len(SAMPLES), 8)
    True
    """
    sheet = Image.new("RGB", (side * len(SAMPLES), side))
    for place, record in enumerate(SAMPLES):
        sheet.paste(_square(sample(record.id), side), (place * side, 0))
    out = io.BytesIO()
    sheet.save(out, "WEBP", quality=80)
    return out.getvalue()


def _square(picture: Picture, side: int) -> Image.Image:
    """The middle of the picture as a square; a picture smaller than it keeps its pixels as squares."""
    image = Image.fromarray(picture.pixels).convert("RGB")
    way = Image.Resampling.BOX if min(image.size) >= side else Image.Resampling.NEAREST
    return ImageOps.fit(image, (side, side), way)
