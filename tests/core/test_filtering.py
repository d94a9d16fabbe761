"""The fast filter against torch's own convolution, over random pictures, kernels and settings, method by method."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.core import filtering, kernels
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.filtering import Method, fastest, filter_image

MODES = ("zeros", "constant", "reflect", "replicate", "circular")
NUMPY_MODES = {
    "zeros": "constant",
    "constant": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}


def by_torch(image, kernel, stride, dilation, padding, mode, value, bias, flip):
    """numpy pads, torch convolves one channel at a time in float64: nothing of ours takes part."""
    fill = {"constant_values": value if mode == "constant" else 0.0} if mode in ("zeros", "constant") else {}
    padded = np.pad(image.astype(np.float64), ((0, 0), *padding), NUMPY_MODES[mode], **fill)
    weight = torch.tensor((kernel[::-1, ::-1] if flip else kernel).copy())[None, None]
    shift = torch.tensor([bias], dtype=torch.float64)
    return F.conv2d(torch.tensor(padded)[:, None], weight, shift, stride, 0, dilation)[:, 0].numpy()


def agree(mine, truth, image, kernel, value=0.0, bias=0.0):
    """Equal within float32 rounding of the sum of |weight| times the largest |pixel|."""
    scale = abs(kernel).sum() * max(abs(image).max(), abs(value)) + abs(bias)
    assert mine.dtype == np.float32
    assert mine.shape == truth.shape
    assert abs(mine - truth).max() <= 1e-6 * scale + 1e-30


def two(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


@st.composite
def cases(draw):
    kh, kw = draw(two(1, 7))
    mode = draw(st.sampled_from(MODES))
    stride, dilation = draw(two(1, 4)), draw(two(1, 4))
    padding = draw(st.tuples(two(0, 9), two(0, 9)))
    least = []
    for k, d, pad in zip((kh, kw), dilation, padding, strict=True):
        narrowest = max(pad) + 1 if mode == "reflect" else max(pad) if mode == "circular" else 1
        least.append(max(narrowest, d * (k - 1) + 1 - sum(pad), 1))
    size = [draw(st.integers(n, n + 24)) for n in least]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    image = rng.uniform(-1, 1, (draw(st.integers(1, 4)), *size)).astype(np.float32)
    shape = draw(st.sampled_from(("dense", "sparse", "rank one", "zero")))
    kernel = rng.normal(size=(kh, kw))
    if shape == "rank one":
        kernel = np.outer(kernel[:, 0], kernel[0])
    if shape in ("sparse", "zero"):
        kernel = kernel * (rng.random((kh, kw)) < (0.3 if shape == "sparse" else 0))
    value = draw(st.sampled_from((0.0, 1.0, -2.5))) if mode == "constant" else 0.0
    return (
        image,
        kernel,
        stride,
        dilation,
        padding,
        mode,
        value,
        draw(st.sampled_from((0.0, 0.75))),
        draw(st.booleans()),
    )


@pytest.mark.parametrize("method", [None, *Method])
@settings(max_examples=250, deadline=None)
@given(case=cases())
def test_every_method_gives_what_torch_gives(method, case):
    image, kernel, stride, dilation, padding, mode, value, bias, flip = case
    mine = filter_image(
        image,
        kernel,
        stride=stride,
        dilation=dilation,
        padding=padding,
        padding_mode=mode,
        padding_value=value,
        bias=bias,
        flip=flip,
        method=method,
    )
    agree(mine, by_torch(*case), image, kernel, value, bias)


@pytest.mark.parametrize("side", [1, 2, 3, 4, 5, 8, 11, 15, 16, 22, 31, 33])
def test_the_chosen_method_is_right_at_every_size(side):
    rng = np.random.default_rng(side)
    image = rng.random((3, 200, 173), dtype=np.float32)
    for kernel in (rng.normal(size=(side, side)), np.outer(rng.normal(size=side), rng.normal(size=side)), np.eye(side)):
        before, after = (side - 1) // 2, side // 2
        pairs = ((before, after), (before, after))
        truth = by_torch(image, kernel, (1, 1), (1, 1), pairs, "reflect", 0.0, 0.0, False)
        agree(filter_image(image, kernel, padding="same", padding_mode="reflect"), truth, image, kernel)


def test_more_rows_than_one_block_holds():
    image = np.random.default_rng(0).random((2, 2 * filtering._ROWS + 7, 40), dtype=np.float32)
    kernel = np.zeros((9, 9))
    kernel[0, 8], kernel[8, 0], kernel[4, 4] = 1, -2, 3
    assert fastest(kernel) is Method.SHIFTED
    truth = by_torch(image, kernel, (1, 1), (1, 1), ((4, 4), (4, 4)), "circular", 0.0, 0.5, False)
    agree(filter_image(image, kernel, padding=4, padding_mode="circular", bias=0.5), truth, image, kernel, bias=0.5)


def test_textbook_numbers():
    """Sobel x on a step from 0 to 1, typed in by hand: 4 on both sides of the step, 0 elsewhere."""
    step = np.array([[[0, 0, 1, 1]] * 3], np.float32)
    sobel = kernels.preset("sobel_x").weights
    mine = filter_image(step, sobel, padding=1, padding_mode="replicate")
    assert mine.tolist() == [[[0, 4, 4, 0]] * 3]
    assert filter_image(step, sobel, padding=1, padding_mode="replicate", flip=True).tolist() == [[[0, -4, -4, 0]] * 3]


def test_a_flat_picture_gives_exactly_zero_under_a_kernel_that_sums_to_zero():
    flat = np.full((1, 40, 40), 0.3, np.float32)
    for name in ("sobel_x", "prewitt_y", "scharr_x", "roberts_up", "line_up"):
        assert abs(filter_image(flat, kernels.preset(name).weights)).max() < 1e-6


def test_the_picture_is_left_alone_and_may_be_read_only():
    image = np.random.default_rng(1).random((1, 8, 8), dtype=np.float32)
    before = image.copy()
    image.flags.writeable = False
    for method in Method:
        filter_image(image, np.ones((3, 3)), bias=1.0, method=method)
    assert (image == before).all()


def test_a_result_is_the_callers_own():
    image = np.random.default_rng(1).random((1, 16, 16), dtype=np.float32)
    first = filter_image(image, [[1.0]])
    first += 5
    assert (filter_image(image, [[1.0]]) == image).all()


@pytest.mark.parametrize(
    ("settings_", "code"),
    [
        ({"padding_mode": "mirror"}, "unknown_choice"),
        ({"padding": 5, "padding_mode": "reflect"}, "reflect_too_wide"),
        ({"padding": 6, "padding_mode": "circular"}, "circular_too_wide"),
        ({"dilation": 3}, "kernel_exceeds_input"),
        ({"stride": 0}, "below_one"),
        ({"stride": 1.5}, "not_whole"),
        ({"padding": "mine"}, "unknown_padding"),
        ({"padding_value": "red"}, "not_a_number"),
    ],
)
def test_refusals(settings_, code):
    with pytest.raises(InvalidSpec) as refusal:
        filter_image(np.zeros((1, 5, 5), np.float32), np.ones((3, 3)), **settings_)
    assert refusal.value.code == code


def test_refuses_what_is_no_picture_or_no_kernel():
    with pytest.raises(InvalidSpec, match="channels first"):
        filter_image(np.zeros((5, 5), np.float32), np.ones((3, 3)))
    for kernel in ([], [1, 2], [[np.nan]], [[np.inf]], [[1, 2], [3]], "abc"):
        with pytest.raises(InvalidSpec):
            filter_image(np.zeros((1, 5, 5), np.float32), kernel)
