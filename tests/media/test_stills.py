"""Stills and tables: opened again, they hold what was given."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from cnnviz.figures.drawing import Drawing, Rect, line_of
from cnnviz.figures.raster import paint
from cnnviz.media.still import png_bytes, svg_bytes
from cnnviz.media.tables import csv_bytes, npy_bytes, zip_bytes

DRAWING = Drawing(
    40, 20, "#ffffff", (Rect(0, 0, 9, 9, "#0b57d0"), line_of(12, 15, "−3", "#16181d", 14)), "题目", "A square · −3"
)


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_png_has_the_pixels_the_density_and_the_words(scale: int) -> None:
    image = Image.open(BytesIO(png_bytes(DRAWING, scale)))
    assert image.size == (40 * scale, 20 * scale)
    assert image.info["dpi"] == pytest.approx((96 * scale, 96 * scale), abs=0.1)
    assert (image.text["Title"], image.text["Description"]) == ("题目", "A square · −3")
    assert image.convert("RGB").tobytes() == paint(DRAWING, scale).tobytes()


def test_png_is_bounded() -> None:
    with pytest.raises(ValueError, match="over the bound of 16,000,000"):
        png_bytes(Drawing(3000, 2000, "#ffffff"))


def test_svg_file_is_utf8() -> None:
    data = svg_bytes(DRAWING)
    assert data.decode("utf-8").startswith('<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
    assert "题目".encode() in data


floats = st.sampled_from([np.float32, np.float64]).flatmap(
    lambda kind: hnp.arrays(kind, hnp.array_shapes(min_dims=0, max_dims=4, max_side=4), elements={"allow_nan": False})
)


@given(floats)
def test_csv_keeps_every_bit(array: np.ndarray) -> None:
    rows = list(csv.reader(StringIO(csv_bytes(array).decode("ascii"))))
    if array.ndim <= 2:
        read = np.array(rows).astype(array.dtype).reshape(array.shape)
    else:
        assert rows[0] == [*(f"axis {axis}" for axis in range(array.ndim)), "value"]
        read = np.zeros_like(array)
        for *index, value in rows[1:]:
            read[tuple(map(int, index))] = array.dtype.type(value)
    assert (read == array).all()


@given(floats)
def test_npy_keeps_shape_kind_and_bits(array: np.ndarray) -> None:
    read = np.load(BytesIO(npy_bytes(array)), allow_pickle=False)
    assert read.dtype == array.dtype
    np.testing.assert_array_equal(read, array)


def test_npy_of_a_view_holds_only_the_view() -> None:
    view = np.zeros((1000, 1000))[::100, ::100].T
    assert len(npy_bytes(view)) == 128 + 100 * 8


def test_zip_holds_each_tensor_twice_and_is_the_same_every_time() -> None:
    arrays = {"input": np.eye(3, dtype=np.float32), "kernel": [[1, -2]], "output": np.zeros((1, 2, 2))}
    data = zip_bytes(arrays)
    assert data == zip_bytes(arrays)
    with ZipFile(BytesIO(data)) as folder:
        assert folder.testzip() is None
        assert folder.namelist() == [f"{name}.{kind}" for name in arrays for kind in ("npy", "csv")]
        assert folder.read("kernel.csv") == b"1,-2\r\n"
        np.testing.assert_array_equal(np.load(BytesIO(folder.read("input.npy"))), np.eye(3))


@pytest.mark.parametrize("wrong", [["a"], [object()], [1 + 2j]])
@pytest.mark.parametrize("write", [csv_bytes, npy_bytes])
def test_only_numbers_are_written(wrong: list[object], write: object) -> None:
    with pytest.raises(ValueError, match="`array` must hold numbers"):
        write(wrong)  # type: ignore[operator]
