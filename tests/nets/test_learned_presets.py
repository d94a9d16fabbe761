"""The learned kernels are the networks' own weights, and resemble what they are said to resemble."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnviz.core.kernels import PRESETS, preset, resemblances
from cnnviz.nets.learned_presets import WHOLE, find_kernel, learned_layers, learned_stack
from cnnviz.nets.library import load_network, names


def test_every_convolution_of_every_network_is_there() -> None:
    for name in names():
        parts = load_network(name).parts
        convolutions = {key: part for key, part in parts.items() if isinstance(part, torch.nn.Conv2d)}
        ours = {layer.name: layer for layer in learned_layers() if layer.network == name}
        assert list(ours) == list(convolutions)
        for key, part in convolutions.items():
            assert np.array_equal(learned_stack(ours[key]), part.weight.detach().numpy())


def test_a_kernel_by_its_id() -> None:
    kernel = find_kernel("lenet-1998-mnist.c3.15.5")
    assert kernel is not None
    expected = load_network("lenet-1998-mnist").parts["c3"].weight[15, 5]
    assert np.array_equal(kernel.weights, expected.detach().numpy())
    for wrong in (
        "",
        "no.conv1.0.0",
        "lenet-d2l-mnist.conv1.6.0",
        "lenet-d2l-mnist.fc1.0.0",
        "lenet-d2l-mnist.conv1.0",
    ):
        assert find_kernel(wrong) is None


def test_a_small_layer_is_shown_whole_and_a_large_one_by_filter() -> None:
    for layer in learned_layers():
        assert len(layer.places(1)) <= WHOLE
        assert len(layer.places(1)) == (layer.filters * layer.channels if layer.whole else layer.channels)


@pytest.mark.parametrize("name", [kernel.id for kernel in PRESETS])
def test_every_preset_resembles_itself_whatever_the_factor(name: str) -> None:
    for factor in (2.5, -0.1):
        (found,) = resemblances([factor * preset(name).weights])
        assert found is not None
        assert found.correlation == (1 if factor > 0 else -1)
        assert np.abs(preset(found.preset).weights).argmax() == np.abs(preset(name).weights).argmax()


def test_the_correlation_is_torchs_cosine_and_the_largest_there_is() -> None:
    kernels = np.random.default_rng(4).standard_normal((5, 3, 3))
    three = [k for k in PRESETS if k.size == (3, 3)]
    for kernel, found in zip(kernels, resemblances(kernels), strict=True):
        assert found is not None
        flat = torch.from_numpy(kernel.ravel())
        cosines = {k.id: float(F.cosine_similarity(flat, torch.from_numpy(k.weights.ravel()), dim=0)) for k in three}
        if found.preset in cosines:
            assert found.correlation == pytest.approx(cosines[found.preset])
        assert abs(found.correlation) >= max(map(abs, cosines.values())) - 1e-9
    assert resemblances(np.zeros((1, 5, 5))) == (None,)


def test_a_preset_inside_a_larger_kernel_is_found_where_its_anchor_lies() -> None:
    within, beside = np.zeros((5, 5)), np.zeros((5, 5))
    within[1:4, 1:4] = beside[:3, :3] = preset("sobel_x").weights
    exact, shifted = resemblances([within, beside])
    assert exact is not None
    assert (exact.preset, exact.correlation) == ("sobel_x", 1)
    assert shifted is not None
    assert abs(shifted.correlation) < 0.9
