"""The 1 × 1 mix against sums written out, Pillow's own grey, and a plain einsum."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.core.colour_mix import IDENTITY, LUMA, PRESETS, mixed, shown, weight
from cnnviz.core.images import picture_from_pixels

PIXELS = np.random.default_rng(3).integers(0, 256, (9, 7, 3), np.uint8)
PLANES = picture_from_pixels(PIXELS).tensor()


def test_every_preset_is_the_sum_it_says() -> None:
    for mix in PRESETS.values():
        expected = torch.einsum("oc,chw->ohw", torch.tensor(mix), PLANES)
        torch.testing.assert_close(mixed(PLANES, mix), expected)


def test_grey_is_pillows_grey_to_rounding() -> None:
    theirs = np.asarray(Image.fromarray(PIXELS).convert("L"), int)
    ours = np.rint(mixed(PLANES, LUMA)[0].numpy() * 255).astype(int)
    assert np.abs(theirs - ours).max() <= 1
    assert (theirs == ours).mean() > 0.9


def test_identity_gives_the_picture_back_byte_by_byte() -> None:
    assert np.array_equal(shown(mixed(PLANES, IDENTITY)), PIXELS)


def test_swapped_channels_are_bgr() -> None:
    assert np.array_equal(shown(mixed(PLANES, PRESETS["swap"])), PIXELS[..., ::-1])


def test_nothing_is_clipped() -> None:
    assert mixed(PLANES, [[2.0, 0.0, 0.0]]).max().item() == pytest.approx(2 * int(PIXELS[..., 0].max()) / 255)
    assert mixed(PLANES, [[0.0, -1.0, 0.0]]).min().item() < 0
    assert shown(mixed(PLANES, [[2.0, 0.0, 0.0]])).max() == 255


def test_the_weight_is_a_1_by_1_convolution() -> None:
    assert weight(IDENTITY).shape == (3, 3, 1, 1)
    assert mixed(PLANES, LUMA).shape == (1, 9, 7)
