"""Picture, kernel and feature map: the colours are the numbers', and the bar says which."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Drawing, Raster, Text
from cnnviz.figures.map_figure import Scale, map_figure
from cnnviz.figures.numbers import number_text
from cnnviz.figures.palette import Theme, grey, signed
from cnnviz.figures.raster import paint
from cnnviz.figures.svg import to_svg

PICTURE = np.random.default_rng(0).integers(0, 256, (20, 30, 3)).astype(np.uint8)
MAP = np.random.default_rng(1).normal(size=(18, 28))
SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


def rasters(drawing: Drawing) -> list[Raster]:
    return [leaf for leaf in drawing.leaves() if isinstance(leaf, Raster)]


def texts(drawing: Drawing) -> list[str]:
    return [leaf.string for leaf in drawing.leaves() if isinstance(leaf, Text)]


@pytest.mark.parametrize("theme", Theme)
def test_the_map_has_its_own_signed_scale(theme: Theme) -> None:
    drawing = map_figure(PICTURE, SOBEL, MAP, theme=theme)
    picture, response, bar = rasters(drawing)
    limit = float(np.abs(MAP).max())
    assert (picture.pixels == PICTURE).all()
    assert (response.pixels == signed(MAP, limit, theme)).all()
    assert texts(drawing)[-3:] == [number_text(-limit), "0", number_text(limit)]
    ramp = bar.pixels[0]
    assert (ramp[[0, len(ramp) // 2, -1]] == signed(np.array([-limit, 0, limit]), limit, theme)).all()


def test_a_scale_from_outside_is_kept_and_nothing_is_rescaled() -> None:
    drawing = map_figure(PICTURE, SOBEL, MAP, Scale(-10, 10))
    assert (rasters(drawing)[1].pixels == signed(MAP, 10, Theme.LIGHT)).all()
    assert texts(drawing)[-3:] == ["−10", "0", "10"]


def test_a_grey_scale_has_two_ends() -> None:
    drawing = map_figure(PICTURE, SOBEL, MAP, Scale(-1, 3, is_signed=False))
    assert (rasters(drawing)[1].pixels == grey(MAP, -1, 3)).all()
    assert texts(drawing)[-2:] == ["−1", "3"]


def test_a_ready_picture_has_no_bar() -> None:
    drawing = map_figure(PICTURE, SOBEL, PICTURE[:5])
    assert len(rasters(drawing)) == 2
    assert texts(drawing)[-1] == "−1", "the kernel's last number"


def test_the_painted_map_is_the_map() -> None:
    drawing = map_figure(PICTURE, SOBEL, MAP)
    image, response = paint(drawing), rasters(drawing)[1]
    rows, columns = MAP.shape
    for row, column in ((0, 0), (17, 27), (9, 3)):
        x = int(response.x + (column + 0.5) * response.width / columns)
        y = int(response.y + (row + 0.5) * response.height / rows)
        assert image.getpixel((x, y)) == tuple(int(part) for part in response.pixels[row, column])


def test_small_kernels_have_numbers_and_large_ones_colours() -> None:
    root = ElementTree.fromstring(to_svg(map_figure(PICTURE, SOBEL, MAP)))
    written = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert written.count("−2") == 1
    assert written.count("0") == 3 + 1
    large = map_figure(PICTURE, np.random.default_rng(2).normal(size=(31, 31)), MAP)
    assert rasters(large)[2].pixels.shape == (31, 31, 3)
    assert "Kernel · 31 × 31" in texts(large)
    assert "Σ" in large.description


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (512, 512), (3, 1000)])
def test_any_shape_stays_inside_the_figure(shape: tuple[int, int]) -> None:
    drawing = map_figure(np.zeros((*shape, 3), np.uint8), [[1]], np.zeros(shape))
    for raster in rasters(drawing):
        assert raster.width >= 1
        assert raster.height >= 1
        assert raster.x + raster.width <= drawing.width
        assert raster.y + raster.height <= drawing.height


def test_captions_and_title_are_the_readers() -> None:
    words = Captions(input="输入 {size}", kernel="卷积核 (kernel) {size}", output="特征图 {size}")
    drawing = map_figure(PICTURE, SOBEL, MAP, captions=words)
    assert texts(drawing)[:3] == ["输入 20 × 30", "卷积核 (kernel) 3 × 3", "特征图 18 × 28"]
    assert drawing.title == "输入 20 × 30, 卷积核 (kernel) 3 × 3, 特征图 18 × 28"
    assert drawing.description.startswith("[1 0 −1; 2 0 −2; 1 0 −1] → −")
