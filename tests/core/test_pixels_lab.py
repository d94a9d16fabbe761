"""The experiments of the pixels page, redone by hand with torch on the same small pictures."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnviz.core import pixels_lab as lab
from cnnviz.core.contact_sheet import contact_sheet
from cnnviz.core.images import fit, picture_from_pixels
from cnnviz.core.samples import SAMPLES, sample

CAT = sample("cat")


def test_the_shuffle_is_one_order_and_the_maps_are_torchs() -> None:
    found = lab.shuffle_test(CAT, seed=3)
    small = fit(CAT, lab.SHUFFLE_SIDE)
    assert found.picture.shape == found.shuffled_picture.shape == (128, 128, 3)
    order = torch.randperm(128 * 128, generator=torch.Generator().manual_seed(3))
    assert np.array_equal(found.shuffled_picture.reshape(-1, 3), small.pixels.reshape(-1, 3)[order.numpy()])
    kernel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=torch.float64)[None, None]
    grey = lab.grey_plane(small)
    padded = F.pad(grey[None, None], (1, 1, 1, 1), mode="replicate")
    assert torch.equal(torch.from_numpy(found.picture_map).double(), F.conv2d(padded, kernel)[0, 0])
    assert found.limit >= np.abs(found.shuffled_map).max()
    assert found.dense_difference < 1e-10
    assert len(found.plain) == len(found.shuffled) == lab.FARTHEST


def test_another_seed_is_another_shuffle() -> None:
    first, second = lab.shuffle_test(CAT, 1), lab.shuffle_test(CAT, 2)
    assert not np.array_equal(first.shuffled_picture, second.shuffled_picture)
    assert lab.shuffle_test(CAT, 1) is first


def test_the_shift_is_done_on_whole_numbers_with_even_sides() -> None:
    odd = picture_from_pixels(np.arange(15 * 21, dtype=np.uint16).reshape(15, 21).astype(np.uint8))
    plane, test = lab.shift_maps(odd, "gaussian_3", 1, 0, "circular", 2)
    assert plane.shape == (14, 20)
    assert test.output_shift is None
    plane, test = lab.shift_maps(odd, "gaussian_3", 2, 0, "circular", 2)
    assert test.difference.abs().max() == 0


def test_the_inner_box_is_where_the_difference_must_be_0() -> None:
    _, test = lab.shift_maps(CAT, "sobel_x", -3, 5, "zeros", 1)
    box = lab.inner_box(test.border)
    assert box == {"row": 1, "col": 5, "rows": 92, "cols": 90}
    inside = test.difference[box["row"] : box["row"] + box["rows"], box["col"] : box["col"] + box["cols"]]
    assert inside.abs().max() == 0
    assert lab.inner_box(torch.zeros(3, 3, dtype=torch.bool)) is None


def test_the_easel_gets_the_middle_square_averaged() -> None:
    pixels = np.zeros((8, 20), np.uint8)
    pixels[:, 6:14] = 100
    pixels[:4, 6:10] = 200
    cells = np.array(lab.from_picture(picture_from_pixels(pixels), 8))
    assert np.array_equal(cells, pixels[:, 6:14])
    tiny = lab.from_picture(picture_from_pixels(np.array([[77]], np.uint8)), 8)
    assert np.array_equal(np.array(tiny), np.full((8, 8), 77))


@pytest.mark.parametrize("name", ["cat", "coins"])
def test_grey_is_on_the_scale_of_bytes(name: str) -> None:
    plane = lab.grey_plane(sample(name))
    assert plane.dtype == torch.float64
    assert 0 <= plane.min() < plane.max() <= 255
    assert torch.equal(plane, plane.round())


def test_reports_hold_no_pictures() -> None:
    for report in lab.value_reports(CAT, "us", own=True):
        assert report.stage.values.numel() == 0
        assert report.counts.sum() == CAT.pixels.size
    assert lab.value_reports(CAT, "", own=True)[0].sample == tuple(map(float, CAT.pixels[150, 150]))


def test_sixteen_bits_are_shown_as_eight() -> None:
    deep = picture_from_pixels(np.array([[0, 257, 65535]], np.uint16))
    assert lab.eight_bit(deep).tolist() == [[0, 1, 255]]


def test_the_contact_sheet_is_small() -> None:
    assert len(contact_sheet(144)) < 8_000 * len(SAMPLES)
