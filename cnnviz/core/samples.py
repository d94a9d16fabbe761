"""The gallery of pictures that are always there, offline: charts of our own and the photographs of scikit-image.

Pages show a sample by its id; its name and what it shows well are texts, `samples.<id>` of `cnnviz.i18n`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from cnnviz.core import charts
from cnnviz.core.images import Picture, fit, picture_from_pixels, read_picture

MAX_SIDE = 512


class Kind(StrEnum):
    """Where a sample comes from."""

    CHART = "chart"
    PHOTO = "photo"


@dataclass(frozen=True)
class Sample:
    """One picture of the gallery: `source` says who drew or took it; for a photograph `file` is scikit-image's."""

    id: str
    kind: Kind
    source: str
    file: str = ""


_DRAWN: dict[str, Callable[[], charts.Bytes]] = {
    "scene": charts.scene,
    "star": charts.star,
    "zone_plate": charts.zone_plate,
    "text": charts.text,
    "gradients": charts.gradients,
    "patches": charts.patches,
    "noise": charts.noise,
    "checkerboard": charts.checkerboard,
    "step_edge": charts.step_edge,
    "impulse": charts.impulse,
}
_PHOTOS = (
    ("cat", "chelsea.png", "Stéfan van der Walt, CC0"),
    ("astronaut", "astronaut.png", "NASA, public domain: Eileen Collins"),
    ("coffee", "coffee.png", "Rachel Michetti, CC0"),
    ("rocket", "rocket.jpg", "SpaceX, public domain"),
    ("camera", "camera.png", "Lav Varshney, CC0"),
    ("coins", "coins.png", "Brooklyn Museum, no known restrictions"),
    ("page", "page.png", "scikit-image"),
    ("brick", "brick.png", "CC0Textures, CC0"),
    ("grass", "grass.png", "linolafett, CC0"),
    ("gravel", "gravel.png", "CC0Textures, CC0"),
    ("moon", "moon.png", "scikit-image"),
    ("galaxies", "hubble_deep_field.jpg", "NASA, public domain"),
    ("tissue", "ihc.png", "Center for Microscopy And Molecular Imaging (CMMI)"),
    ("retina", "retina.jpg", "M. Häggström, CC0"),
)
_WHOLE = {"page"}  # a line of text is longer than it is high
SAMPLES: tuple[Sample, ...] = (
    *(Sample(name, Kind.CHART, "drawn by cnnviz") for name in _DRAWN),
    *(Sample(name, Kind.PHOTO, source, file) for name, file, source in _PHOTOS),
)
_BY_ID = {record.id: record for record in SAMPLES}


def sample(id: str) -> Picture:
    """The picture of a sample, at most 512 pixels a side; KeyError names the ids there are.

    >>> sample("impulse").width, sample("cat").channels
    (31, 3)
    """
    if id not in _BY_ID:
        raise KeyError(f"no sample {id!r}; there are {', '.join(_BY_ID)}")
    return _made(id)


@lru_cache(maxsize=len(SAMPLES))
def _made(id: str) -> Picture:
    if id in _DRAWN:
        return picture_from_pixels(_DRAWN[id]())
    picture = read_picture(_photo(_BY_ID[id].file))
    pixels = picture.pixels if id in _WHOLE else _middle(picture.pixels)
    return fit(picture_from_pixels(pixels), MAX_SIDE)


def _photo(file: str) -> bytes:
    """The bytes of a photograph that scikit-image carries; the package itself, which loads slowly, is not imported."""
    spec = find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"{file}: the photographs of the gallery need scikit-image")
    return Path(spec.submodule_search_locations[0], "data", file).read_bytes()


def _middle(pixels: np.ndarray) -> np.ndarray:
    """The square in the middle."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]
