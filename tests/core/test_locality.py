"""Costs against torch's own parameter count, correlations against NumPy, and a layer that learned the shuffle."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cnnviz.core.locality import (
    autocorrelation,
    convolution_cost,
    correlation,
    fully_connected_cost,
    fully_connected_difference,
    permutation,
    shuffled,
)
from cnnviz.core.pixels_lab import plane_correlations
from cnnviz.core.samples import sample

CAT = sample("cat").tensor()


@pytest.mark.parametrize(("channels", "side", "filters", "kernel"), [(1, 100, 8, 3), (3, 28, 16, 5), (3, 7, 1, 1)])
def test_parameters_are_those_torch_counts(channels: int, side: int, filters: int, kernel: int) -> None:
    conv = convolution_cost(channels, (side, side), filters, kernel)
    layer = torch.nn.Conv2d(channels, filters, kernel, padding="same")
    assert conv.parameters == sum(p.numel() for p in layer.parameters())
    assert conv.outputs == layer(torch.zeros(1, channels, side, side)).numel()
    dense = fully_connected_cost(conv.inputs, 10)
    assert dense.parameters == sum(p.numel() for p in torch.nn.Linear(conv.inputs, 10).parameters())


def test_article_4_a_picture_of_100_by_100_costs_a_weight_each_unit_and_pixel() -> None:
    assert fully_connected_cost(100 * 100, 100).parameters == 1_000_100
    assert convolution_cost(1, (100, 100), 1, 3).parameters == 10


def test_a_kernel_costs_the_same_on_any_picture() -> None:
    small, large = (convolution_cost(3, (side, side), 8, 3) for side in (10, 1000))
    assert small.parameters == large.parameters == 224
    assert large.macs == 10_000 * small.macs


def test_correlation_is_numpys() -> None:
    a, b = CAT[0], CAT[1]
    assert correlation(a, b) == pytest.approx(np.corrcoef(a.flatten(), b.flatten())[0, 1], abs=1e-9)
    assert correlation(a, torch.ones_like(a)) is None


def test_neighbours_are_alike_and_shuffled_ones_are_not() -> None:
    grey = CAT.mean(0)
    order = permutation(grey.numel(), seed=1)
    near, far = autocorrelation(grey, [1, 40])
    assert near is not None
    assert far is not None
    assert near > 0.9 > 0.5 > far
    after = autocorrelation(shuffled(grey[None], order)[0], [1])[0]
    assert after is not None
    assert abs(after) < 0.02


def test_colour_planes_are_alike() -> None:
    for name, value in plane_correlations(sample("cat")).items():
        first, second = ("rgb".index(letter) for letter in name)
        assert value == pytest.approx(np.corrcoef(CAT[first].flatten(), CAT[second].flatten())[0, 1], abs=1e-9)
        assert value is not None
        assert value > 0.7


def test_the_shuffle_keeps_every_number_and_the_same_order_in_every_channel() -> None:
    order = permutation(12, seed=4)
    x = torch.arange(24).reshape(2, 3, 4)
    y = shuffled(x, order)
    assert sorted(y[0].flatten().tolist()) == list(range(12))
    assert torch.equal(y[1] - y[0], torch.full((3, 4), 12))
    assert torch.equal(permutation(12, seed=4), order)
    assert not torch.equal(permutation(12, seed=5), order)


def test_a_fully_connected_layer_does_not_see_the_shuffle_and_would_see_another_order() -> None:
    order, other = permutation(64, 1), permutation(64, 2)
    x = torch.rand(3, 8, 8, generator=torch.Generator().manual_seed(0))
    assert fully_connected_difference(x, order, outputs=6, seed=0) < 1e-12
    weight = torch.randn(6, 192, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).reshape(6, 3, 64)
    plain = weight.flatten(1) @ x.double().flatten()
    wrong = weight[:, :, other].flatten(1) @ shuffled(x, order).double().flatten()
    assert (plain - wrong).abs().max() > 0.1
