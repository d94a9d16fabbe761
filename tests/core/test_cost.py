"""Parameters, multiply-adds and memory against torch: its parameters, its FlopCounterMode, its own liveness."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given

import cnnviz as cv
from cnnviz.core.chain import chain
from cnnviz.core.cost import Counting, costs, count, summary
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Activation, Add, Conv, Linear
from cnnviz.core.network import Node
from cnnviz.core.presets_networks import PRESETS
from tests.core.strategies import examples
from tests.core.torch_layers import stacks, torch_macs, torch_net, torch_parameters, torch_shapes

Stack = tuple[list[dict[str, Any]], tuple[int, ...]]


@given(stacks())
@examples(150)
def test_parameters_and_multiply_adds_are_torchs(stack: Stack) -> None:
    layers, shape = stack
    net = torch_net(layers)
    if len(torch_shapes(net, shape)) < len(layers):
        with pytest.raises(InvalidSpec, match="must keep its rule"):
            summary(layers, shape)
        return
    table = summary(layers, shape)
    assert table.parameters == torch_parameters(net)
    assert table.macs == torch_macs(net, shape)
    assert [row.parameters for row in table] == [torch_parameters(module) for module in net]
    assert table.activation_bytes == 4 * sum(math.prod(made) for made in torch_shapes(net, shape))


@pytest.mark.parametrize(
    ("name", "parameters", "macs", "percent"),
    [
        ("lenet5", 61_706, 416_520, 95.8),
        ("alexnet", 61_100_840, 714_188_480, 96.0),
        ("vgg16", 138_357_544, 15_470_264_320, 89.4),
        ("article3", 6_508_298, None, 98.9),
    ],
)
def test_published_totals(name: str, parameters: int, macs: int | None, percent: float) -> None:
    """SOURCES 2.17, 3.9, 4.21: how much of a network lies in its fully connected layers depends on the network."""
    preset = PRESETS[name]
    table = summary(preset.layers, preset.input_shape)
    assert table.parameters == parameters
    assert macs in (None, table.macs)
    assert round(100 * table.share(["linear"]), 1) == percent


def test_lenet_computes_in_its_convolutions() -> None:
    """2.17: 95.8 % of LeNet's parameters are in the fully connected layers, 85.9 % of its multiply-adds are not."""
    preset = PRESETS["lenet5"]
    table = summary(preset.layers, preset.input_shape)
    assert (sum(row.parameters for row in table if row.kind == "linear"), table.parameters) == (59_134, 61_706)
    assert round(100 * table.share(["conv"], of="macs"), 1) == 85.9
    assert [row.output_shape for row in table if "sigmoid" not in row.name] == [
        (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (400,), (120,), (84,), (10,),
    ]  # fmt: skip


def test_a_network_that_knows_its_input_needs_no_second_word() -> None:
    preset, net = PRESETS["lenet5"], cv.load_network("lenet-d2l-mnist")
    wanted = summary(preset.layers, preset.input_shape)
    for table in (cv.summary(preset), cv.summary(net)):
        assert [(row.output_shape, row.parameters, row.macs) for row in table] == [
            (row.output_shape, row.parameters, row.macs) for row in wanted
        ]
    assert cv.summary(net, (8, 1, 28, 28))[0].output_shape == (8, 6, 28, 28)
    with pytest.raises(InvalidSpec, match="`input_shape` must be given"):
        summary(preset.layers)


def test_article_3_keeps_28_14_7() -> None:
    preset = PRESETS["article3"]
    sizes = [row.output_shape for row in cv.summary(preset.layers, preset.input_shape) if "pool" in row.name]
    assert sizes == [(64, 14, 14), (128, 7, 7)]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.id)
def test_presets_fit_together(preset: Any) -> None:
    table = summary(preset.layers, (2, *preset.input_shape))
    assert len({row.name for row in table}) == len(preset.layers)
    assert table[-1].output_shape == (2, 10 if preset.input_shape[0] == 1 else 1000)
    assert table.macs == 2 * summary(preset.layers, preset.input_shape).macs


def test_two_small_kernels_cost_less_than_a_large_one() -> None:
    """0.5: two 3x3 see as much as one 5x5 with 18 C² weights instead of 25 C²; three see a 7x7 with 27, not 49."""
    channels = 4

    def stack(kernel: int, depth: int) -> list[Conv]:
        return [Conv(kernel_size=kernel, padding=kernel // 2, bias=False)] * depth

    for kernel, depth, weights in ((5, 1, 25), (3, 2, 18), (7, 1, 49), (3, 3, 27)):
        table = summary(stack(kernel, depth), (channels, 10, 10))
        assert table.parameters == weights * channels**2
        assert table.macs == 100 * weights * channels**2
        assert cv.receptive_field(stack(kernel, depth))[-1].size == (5 if weights in (25, 18) else 7)


def test_dilation_costs_nothing() -> None:
    """4.18: nine multiply-adds for every output, whatever the dilation."""
    for dilation in (1, 2, 3):
        (row,) = summary([Conv(kernel_size=3, dilation=dilation, padding="same")], (1, 16, 16))
        assert row.macs == 9 * 16 * 16


def test_the_three_rules_differ() -> None:
    layer = Conv(kernel_size=3, out_channels=8)
    weights, outputs = 3 * 3 * 4 * 8, 8 * 10 * 10
    assert count(layer, (2, 4, 12, 12)) == 2 * weights * 100
    assert count(layer, (2, 4, 12, 12), Counting.TORCHINFO) == 2 * (weights + 8) * 100
    assert count(layer, (2, 4, 12, 12), Counting.FLOPS) == 2 * (2 * weights * 100 + outputs)
    table = summary([layer], (4, 12, 12))
    assert [table.total(rule) for rule in Counting] == [table[0][str(rule)] for rule in Counting]


def test_shared_weights_count_once() -> None:
    first = Conv(name="a", kernel_size=3, padding=1)
    table = summary([first, Node(Conv(name="b", kernel_size=3, padding=1), shares="a")], (1, 8, 8))
    assert [row.parameters for row in table] == [10, 0]
    assert [row.macs for row in table] == [576, 576]
    assert (table.parameters, table.parameter_bytes, table.forward_backward_bytes) == (10, 40, 1024)


def test_peak_memory_keeps_what_is_still_needed() -> None:
    """A chain needs a layer's input and output at once; a shortcut keeps its start alive until it joins."""
    relu = Activation(function="relu")
    assert summary([relu] * 3, (1, 4, 4)).peak_bytes == 2 * 64
    shortcut = [
        Activation(name="start"),
        Activation(name="middle"),
        Activation(name="end"),
        Node(Add(name="sum"), ("end", "start")),
    ]
    assert summary(shortcut, (1, 4, 4)).peak_bytes == 3 * 64
    assert summary([Linear(out_features=100)], (4,), bytes_each=2).peak_bytes == 208


def test_a_broken_chain_has_the_rows_that_work() -> None:
    layers = [Conv(kernel_size=5), Conv(kernel_size=5)]
    with pytest.raises(InvalidSpec) as caught:
        summary(layers, (1, 8, 8))
    assert (caught.value.code, caught.value.values["name"]) == ("layer_breaks", "conv2")
    table = costs(chain(layers, (1, 8, 8)))
    assert [row.output_shape for row in table] == [(1, 4, 4)]
    with pytest.raises(KeyError):
        table[0]["price"]
