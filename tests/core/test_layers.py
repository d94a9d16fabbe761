"""Layers as data: what a dict may say, what it may not, and what each layer answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Conv,
    ConvTranspose,
    Dropout,
    GlobalPool,
    Layer,
    Linear,
    Pad,
    Pool,
    Upsample,
    read,
)
from tests.core.strategies import examples
from tests.core.torch_layers import stacks


@pytest.mark.parametrize(
    ("options", "layer"),
    [
        ({"kernel_size": 3, "stride": 2}, Conv(kernel_size=3, stride=2)),
        ({"type": "conv", "kernel_size": [3, 5]}, Conv(kernel_size=(3, 5))),
        ({"type": "Conv1d", "kernel_size": 3}, Conv(kernel_size=(3,))),
        ({"type": "Conv3d", "kernel_size": 3}, Conv(kernel_size=(3, 3, 3))),
        ({"type": "depthwise_conv"}, Conv(groups="depthwise")),
        ({"type": "ConvTranspose2d", "kernel_size": 2, "stride": 2}, ConvTranspose(kernel_size=(2, 2), stride=2)),
        ({"type": "MaxPool2d", "kernel_size": 3, "return_indices": True}, Pool(kernel_size=(3, 3))),
        ({"type": "avg_pool"}, Pool(mode="avg")),
        ({"type": "LPPool2d", "kernel_size": 2, "norm_type": 3.0}, Pool(mode="lp", kernel_size=(2, 2), norm_type=3.0)),
        ({"type": "AdaptiveMaxPool2d", "output_size": [7, None]}, AdaptivePool(output_size=(7, None), mode="max")),
        ({"type": "global_max_pool"}, GlobalPool(mode="max")),
        ({"type": "Linear", "out_features": 3}, Linear(out_features=3)),
        ({"type": "BatchNorm2d", "num_features": 3, "momentum": 0.9}, BatchNorm(num_features=3)),
        ({"type": "ReLU", "inplace": True}, Activation(function="relu")),
        ({"type": "LeakyReLU"}, Activation(function="leaky_relu")),
        ({"type": "LogSoftmax", "dim": 1}, Activation(function="log_softmax")),
        ({"type": "GELU"}, Activation(function="gelu")),
        ({"type": "Dropout2d", "p": 0.2}, Dropout(p=0.2)),
        ({"type": "ReflectionPad2d", "padding": [1, 2, 3, 4]}, Pad(padding=((3, 4), (1, 2)), padding_mode="reflect")),
        ({"type": "Upsample", "scale_factor": 3, "mode": "bilinear"}, Upsample(scale_factor=3, mode="bilinear")),
        ({"type": "add", "name": "sum"}, Add(name="sum")),
    ],
)
def test_a_dict_says_the_same(options: dict[str, Any], layer: Layer) -> None:
    made = read(options)
    assert made == layer
    assert hash(made) == hash(layer)
    assert read(layer) is layer


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, "unknown_choice"),
        ({"type": 3}, "unknown_choice"),
        ({"type": "convolution"}, "unknown_choice"),
        ({"type": "MysteryPad2d"}, "unknown_choice"),
        ({"type": "conv", "strides": 2}, "unknown_field"),
        ({"type": "linear", "out_features": 2, "kernel_size": 3}, "unknown_field"),
        ({"type": "max_pool", "mode": "avg"}, "unknown_field"),
        ({"type": "linear"}, "missing_field"),
        ({"type": "linear", "out_features": 0}, "below_one"),
        ({"type": "conv", "kernel_size": 0}, "below_one"),
        ({"type": "conv", "kernel_size": "3"}, "not_whole"),
        ({"type": "conv", "groups": 2, "in_channels": 3}, "groups_divide_in_channels"),
        ({"type": "conv", "groups": "all"}, "not_whole"),
        ({"type": "conv", "padding": "around"}, "unknown_padding"),
        ({"type": "conv", "padding_mode": "mirror"}, "unknown_choice"),
        ({"type": "max_pool", "kernel_size": 3, "padding": 2}, "pool_padding_over_half"),
        ({"type": "adaptive_avg_pool", "output_size": 0}, "below_one"),
        ({"type": "batch_norm", "num_features": 0}, "below_one"),
        ({"type": "dropout", "p": 1.5}, "parameter_outside"),
        ({"type": "dropout", "p": "half"}, "parameter_outside"),
        ({"type": "pad", "padding": "same"}, "unknown_padding"),
        ({"type": "pad", "padding": -1}, "negative"),
        ({"type": "upsample", "scale_factor": 1.5}, "not_whole"),
        ({"type": "upsample", "mode": "bicubic"}, "unknown_choice"),
    ],
)
def test_what_a_dict_may_not_say(options: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        read(options)
    assert caught.value.code == code


@given(stacks())
@examples(100)
def test_layers_are_values(stack: tuple[list[dict[str, Any]], tuple[int, ...]]) -> None:
    """Two readings of one dict are equal, can be keys, and cannot be changed."""
    for options in stack[0]:
        one, other = read(options), read(dict(options))
        assert len({one, other}) == 1
        with pytest.raises(AttributeError):
            one.name = "changed"  # type: ignore[misc]


def test_depthwise_makes_one_map_of_each() -> None:
    layer = Conv(kernel_size=3, groups="depthwise", padding=1)
    assert layer.output_shape((1, 32, 8, 8)) == (1, 32, 8, 8)
    assert (layer.weights((1, 32, 8, 8)), layer.macs((1, 32, 8, 8))) == (288, 288 * 64)
    assert Conv(kernel_size=1, out_channels=64).weights((1, 32, 8, 8)) == 2048


def test_article_4_a_1x1_mixes_channels() -> None:
    """4.12: C_in and C_out are free; 3 to 3 takes 9 weights, one on each channel alone takes 3."""
    assert Conv(kernel_size=1, out_channels=3).weights((1, 3, 5, 5)) == 9
    assert Conv(kernel_size=1, groups="depthwise").weights((1, 3, 5, 5)) == 3


def test_article_0_five_filters() -> None:
    """0.19: weights [5, 3, 3, 3] are 135, with 5 biases 140."""
    layer = Conv(kernel_size=3, out_channels=5)
    assert (layer.weights((1, 3, 9, 9)), layer.biases((1, 3, 9, 9)), layer.parameters((1, 3, 9, 9))) == (135, 5, 140)


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        (BatchNorm(num_features=4), (1, 3, 8, 8), "num_features_differ"),
        (BatchNorm(), (3,), "layer_axes"),
        (GlobalPool(), (1, 3), "layer_axes"),
        (AdaptivePool(output_size=(2, 2)), (1, 3, 8), "layer_axes"),
        (Pad(padding=((1, 1), (1, 1))), (1, 3, 8), "layer_axes"),
        (Pad(padding=8, padding_mode="reflect"), (1, 3, 8), "reflect_too_wide"),
        (Upsample(scale_factor=(2, 2)), (1, 3, 8), "layer_axes"),
        (ConvTranspose(kernel_size=2, padding=2), (1, 3, 2, 2), "output_below_one"),
    ],
)
def test_what_a_layer_cannot_take(layer: Layer, shape: tuple[int, ...], code: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        layer.output_shape(shape)
    assert caught.value.code == code
