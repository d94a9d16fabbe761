"""Cases typed in by hand, small enough to check on paper; they need nothing beside the project."""

from __future__ import annotations

import pytest
import torch

import cnnviz as cv

GRID = [[[3.0, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]]


def test_dumoulin_and_visins_figure() -> None:
    """A guide to convolution arithmetic, figure 1.1."""
    kernel = [[[[0.0, 1, 2], [2, 2, 0], [0, 1, 2]]]]
    assert cv.conv(GRID, kernel).tolist() == [[[12, 12, 17], [10, 17, 19], [9, 6, 14]]]
    first = cv.explain(GRID, kernel, at=(0, 0, 0))
    assert [tap.product for tap in first.taps] == [0, 3, 4, 0, 0, 0, 0, 1, 4]


def test_dumoulin_and_visins_pooling_figures() -> None:
    """The same grid, 3x3 windows: figure 1.5 (mean, one decimal) and 1.6 (maximum)."""
    mean = cv.avg_pool(GRID, (3, 3), stride=1)
    torch.testing.assert_close(
        mean, torch.tensor([[[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]]]), rtol=0, atol=0.05
    )
    assert cv.max_pool(GRID, (3, 3), stride=1).tolist() == [[[3, 3, 3], [3, 3, 3], [3, 2, 3]]]


def test_a_vertical_edge() -> None:
    """The step edge every course starts with: 10s left, 0s right, and the kernel 1 0 −1."""
    image = [[[10.0] * 3 + [0.0] * 3] * 6]
    kernel = [[[[1.0, 0, -1]] * 3]]
    assert cv.conv(image, kernel).tolist() == [[[0, 30, 30, 0]] * 4]
    assert cv.conv(image, kernel, flip=True).tolist() == [[[0, -30, -30, 0]] * 4]


def test_two_channels_and_a_bias() -> None:
    """Dive into Deep Learning, section 7.4: the first is (1·1 + 2·2 + 4·3 + 5·4) + (0·0 + 1·1 + 3·2 + 4·3)."""
    x = [[[0.0, 1, 2], [3, 4, 5], [6, 7, 8]], [[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]
    w = [[[[0.0, 1], [2, 3]], [[1.0, 2], [3, 4]]]]
    assert cv.conv(x, w).tolist() == [[[56, 72], [104, 120]]]
    assert cv.conv(x, w, [4.0]).tolist() == [[[60, 76], [108, 124]]]


def test_transposed_convolution_by_hand() -> None:
    """Dive into Deep Learning, section 14.10: 2x2 spread by 2x2, stride 1 and stride 2."""
    x, w = [[[0.0, 1], [2, 3]]], [[[[0.0, 1], [2, 3]]]]
    assert cv.conv_transpose(x, w).tolist() == [[[0, 0, 1], [0, 4, 6], [4, 12, 9]]]
    wide = [[[0, 0, 0, 1], [0, 0, 2, 3], [0, 2, 0, 3], [4, 6, 6, 9]]]
    assert cv.conv_transpose(x, w, stride=2).tolist() == wide
    assert cv.conv_transpose(x, w, padding=1).tolist() == [[[4]]]


def test_two_convolutions_in_a_row_reach_five_pixels() -> None:
    """A single 1 seen through 3x3 ones twice: the 5x5 pyramid."""
    x = torch.zeros(1, 5, 5)
    x[0, 2, 2] = 1
    ones = torch.ones(1, 1, 3, 3)
    row = [1.0, 2, 3, 2, 1]
    assert cv.conv(cv.conv(x, ones, padding=1), ones, padding=1).tolist() == [[[a * b for b in row] for a in row]]


@pytest.mark.parametrize(
    ("groups", "weights", "parameters"),
    [(1, (6, 4, 3, 3), 222), (2, (6, 2, 3, 3), 114)],
)
def test_groups_divide_the_weights(groups: int, weights: tuple[int, ...], parameters: int) -> None:
    spec = cv.ConvSpec(3, in_channels=4, out_channels=6, groups=groups)
    assert (spec.weight_shape, spec.parameters()) == (weights, parameters)


def test_lenets_sizes() -> None:
    """LeNet-5 (LeCun 1998): 32 → 28 → 14 → 10 → 5."""
    sizes = [32]
    for op, kernel, stride in (("conv", 5, 1), ("pool", 2, 2), ("conv", 5, 1), ("pool", 2, 2)):
        sizes.append(cv.output_size(op, sizes[-1], kernel, stride=stride))
    assert sizes == [32, 28, 14, 10, 5]
