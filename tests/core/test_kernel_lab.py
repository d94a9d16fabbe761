"""The kernel lab's numbers against torch in float64, its colours against what they stand for."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.images import Picture, picture_from_pixels
from cnnviz.core.kernel_lab import (
    ACTIVATIONS,
    SIDE,
    Laid,
    Scale,
    beyond,
    feature_maps,
    in_lab,
    indices,
    planes,
    proof,
    scales,
    thumbnail,
)
from cnnviz.core.kernels import as_weights, rows
from tests.core.strategies import MODES, examples


def photo(height: int, width: int, channels: int, seed: int) -> Picture:
    """Random pixels."""
    shape = (height, width, 3) if channels == 3 else (height, width)
    return picture_from_pixels(np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8))


@st.composite
def settings(draw: st.DrawFn) -> tuple[Picture, str, np.ndarray, Laid]:
    """A picture, what the kernel is laid on, a kernel and how it is laid."""
    size = [draw(st.integers(4, 12)) for _ in range(2)]
    kernel = np.random.default_rng(draw(st.integers(0, 99))).normal(size=[draw(st.integers(1, 4)) for _ in range(2)])
    pads = tuple(tuple(draw(st.integers(0, 3)) for _ in range(2)) for _ in range(2))
    laid = Laid(
        stride=(draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        dilation=(draw(st.integers(1, 2)), draw(st.integers(1, 2))),
        padding=draw(st.sampled_from(["same", "full", pads])),
        mode=draw(st.sampled_from(MODES)),
        fill=0.7,
        added=draw(st.sampled_from([0.0, -0.3])),
        flip=draw(st.booleans()),
        activation=draw(st.sampled_from(sorted(ACTIVATIONS))),
    )
    picture = photo(*size, draw(st.sampled_from([1, 3])), draw(st.integers(0, 99)))
    return picture, draw(st.sampled_from(["grey", "each", "sum"])), kernel, laid


def expected(picture: Picture, channels: str, kernel: np.ndarray, laid: Laid) -> torch.Tensor:
    """The maps in float64 by the layer itself: one channel at a time, sums of channels by a layer that has them."""
    spec = laid.spec((kernel.shape[0], kernel.shape[1]))
    weight = torch.from_numpy(kernel)
    if channels == "sum":
        depth = picture.channels
        wide = ConvSpec(
            spec.kernel_size, depth, 1, spec.stride, spec.padding, spec.dilation, 1,
            spec.padding_mode, spec.padding_value, spec.flip,
        )  # fmt: skip
        sums = wide(torch.from_numpy(planes(picture, "each")).double(), weight.expand(1, depth, -1, -1))
    else:
        apart = torch.from_numpy(planes(picture, channels)).double()
        sums = torch.cat([spec(plane[None], weight[None, None]) for plane in apart])
    return ACTIVATIONS[laid.activation](sums + laid.added)


def refusal(picture: Picture, channels: str, kernel: np.ndarray, laid: Laid) -> str:
    """The sentence with which the layer refuses, or ""."""
    try:
        expected(picture, channels, kernel, laid)
    except InvalidSpec as fault:
        return str(fault)
    return ""


@examples(120)
@given(settings())
def test_every_map_is_the_layers_in_float32(setting: tuple[Picture, str, np.ndarray, Laid]) -> None:
    picture, channels, kernel, laid = setting
    refused = refusal(picture, channels, kernel, laid)
    if refused:
        with pytest.raises(InvalidSpec, match=re.escape(refused)):
            feature_maps(picture, channels, rows(kernel), laid)
        return
    wanted = expected(picture, channels, kernel, laid)
    maps = feature_maps(picture, channels, rows(kernel), laid)
    assert maps.dtype == np.float32
    np.testing.assert_allclose(maps, wanted.numpy(), rtol=1e-5, atol=1e-5)


@examples(120)
@given(settings(), st.integers(0, 10**6))
def test_the_proof_is_the_map_at_that_place(setting: tuple[Picture, str, np.ndarray, Laid], place: int) -> None:
    picture, channels, kernel, laid = setting
    try:
        maps = feature_maps(picture, channels, rows(kernel), laid)
    except InvalidSpec:
        return
    at = (place % maps.shape[1], place // 7 % maps.shape[2])
    for channel, plane in enumerate(maps):
        value = proof(picture, channels, channel, as_weights(kernel), laid, at)
        assert value == pytest.approx(float(plane[at]), abs=1e-5)


def test_grey_is_what_the_eye_weighs_and_a_grey_picture_stays() -> None:
    red = picture_from_pixels(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8))
    assert planes(red, "grey")[0, 0].tolist() == pytest.approx([0.299, 0.587, 0.114])
    assert planes(red, "sum").tolist() == [[[1.0, 1.0, 1.0]]]
    grey = picture_from_pixels(np.array([[51]], np.uint8))
    assert all(planes(grey, name).tolist() == [[[np.float32(0.2)]]] for name in ("grey", "each", "sum"))


def test_large_pictures_are_brought_down_and_small_ones_left_alone() -> None:
    assert max(in_lab(photo(1024, 600, 3, 1)).pixels.shape) == SIDE
    small = photo(20, 30, 1, 1)
    assert in_lab(small) is small


def test_zero_lies_in_the_middle_of_a_signed_scale_and_nothing_is_lost_at_its_ends() -> None:
    values = np.array([-3.0, -0.001, 0.0, 0.001, 3.0], np.float32)
    scale = scales([values], "signed", "layer", 1.0)[0]
    assert scale == Scale(-3.0, 3.0)
    assert indices(values, "signed", scale).tolist() == [0, 127, 127, 127, 254]
    assert beyond(values, "signed", scale) == 0.0


@pytest.mark.parametrize(
    ("view", "choice", "wanted"),
    [
        ("signed", "layer", [(-4, 4), (-4, 4)]),
        ("signed", "map", [(-1, 1), (-4, 4)]),
        ("signed", "fixed", [(-2.5, 2.5), (-2.5, 2.5)]),
        ("signed", "input", [(-1, 1), (-1, 1)]),
        ("absolute", "layer", [(0, 4), (0, 4)]),
        ("absolute", "fixed", [(0, 2.5), (0, 2.5)]),
        ("clip", "map", [(0, 1), (0, 1)]),
        ("rescale", "map", [(-1, 0.5), (2, 4)]),
        ("rescale", "layer", [(-1, 4), (-1, 4)]),
    ],
)
def test_scales(view: str, choice: str, wanted: list[tuple[float, float]]) -> None:
    maps = [np.array([-1, 0.5], np.float32), np.array([2, 4], np.float32)]
    assert scales(maps, view, choice, 2.5) == [Scale(float(low), float(high)) for low, high in wanted]


def test_beyond_a_fixed_scale_the_end_colours_stand_and_the_share_is_told() -> None:
    values = np.array([-9.0, 0.2, 0.4, 9.0], np.float32)
    assert indices(values, "clip", Scale(0.0, 1.0)).tolist() == [0, 51, 102, 254]
    assert beyond(values, "clip", Scale(0.0, 1.0)) == 0.5
    assert indices(values, "absolute", Scale(0.0, 9.0)).tolist() == [254, 6, 11, 254]


def test_an_even_map_has_no_scale_and_one_colour() -> None:
    flat = np.zeros((2, 2), np.float32)
    assert indices(flat, "signed", scales([flat], "signed", "layer", 1.0)[0]).tolist() == [[127, 127]] * 2
    assert indices(flat, "rescale", scales([flat], "rescale", "layer", 1.0)[0]).tolist() == [[0, 0]] * 2


def test_a_thumbnail_is_the_mean_of_areas() -> None:
    picture = photo(64, 32, 3, 5)
    maps = feature_maps(picture, "each", ((1.0,),), Laid())
    small = thumbnail(picture, "each", ((1.0,),), Laid(), 16)
    assert small.shape == (3, 16, 8)
    np.testing.assert_allclose(small, maps.reshape(3, 16, 4, 8, 4).mean(axis=(2, 4)), rtol=1e-5)
    assert thumbnail(picture, "each", ((1.0,),), Laid(), 64).shape == maps.shape
