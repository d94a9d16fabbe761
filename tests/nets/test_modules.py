"""Each layer as data and its torch module agree: in shape and size over random stacks, in numbers with the specs."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given

from cnnviz.core.chain import chain
from cnnviz.core.cost import summary
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Conv, Pool, read
from cnnviz.nets.modules import module
from cnnviz.nets.net import Net
from tests.core.strategies import examples
from tests.core.torch_layers import Options, stacks, torch_module


@examples(60)
@given(stacks())
def test_a_module_computes_what_torchs_own_does(stack: tuple[list[Options], tuple[int, ...]]) -> None:
    layers, shape = stack
    net = chain(layers, shape)
    x = torch.rand(net.input_shape)
    for stage, options in zip(net, layers, strict=False):
        if options["type"] == "ConstantPad2d":  # data pad with zeros only
            break
        ours = module(stage.layer, stage.input_shape).eval()
        theirs = torch_module(options).to_empty(device="cpu").eval()
        theirs.load_state_dict(ours.state_dict())
        made = ours(x)
        torch.testing.assert_close(made, theirs(x))
        assert tuple(made.shape) == stage.output_shape
        x = made.detach()


@pytest.mark.parametrize("padding", ["same_upper", "same_lower", ((2, 0), (1, 3)), "full"])
def test_a_convolution_with_any_padding_is_its_specs(padding: Any) -> None:
    layer = Conv(kernel_size=(4, 3), out_channels=2, stride=2, padding=padding)
    x = torch.rand(2, 3, 9, 8)
    made = module(layer, (2, 3, 9, 8))
    weight, bias = (value.detach() for value in made.state_dict().values())
    torch.testing.assert_close(made(x).detach(), layer.spec(3)(x, weight, bias))


@pytest.mark.parametrize("mode", ["max", "avg", "lp"])
@pytest.mark.parametrize("padding", [0, "same_upper"])
def test_a_pooling_with_any_padding_is_its_specs(mode: str, padding: Any) -> None:
    layer = Pool(mode=mode, kernel_size=3, stride=2, padding=padding)
    x = torch.rand(2, 3, 8, 9)
    torch.testing.assert_close(module(layer, (2, 3, 8, 9))(x), layer.spec()(x))


def test_branches_meet_and_weights_are_shared() -> None:
    layers = [
        {"type": "conv", "name": "a", "out_channels": 2, "padding": 1},
        {"type": "conv", "name": "b", "padding": 1, "out_channels": 2},
        {"type": "conv", "name": "again", "padding": 1, "out_channels": 2, "shares": "b"},
        {"type": "add", "name": "sum", "inputs": ["a", "again"]},
        {"type": "concat", "name": "both", "inputs": ["sum", "input"]},
    ]
    net = Net(layers, (1, 5, 5))
    kept: dict[str, torch.Tensor] = {}
    x = torch.rand(1, 1, 5, 5)
    net.run(x, kept)
    torch.testing.assert_close(kept["sum"], kept["a"] + net.part("b")(kept["b"]))
    torch.testing.assert_close(kept["both"], torch.cat([kept["sum"], x], 1))
    torch.testing.assert_close(net(x), kept["both"])
    assert net.parameter_count == sum(p.numel() for p in net.parameters()) == summary(layers, (1, 5, 5)).parameters


@pytest.mark.parametrize(
    "options",
    [
        {"type": "partial_conv", "connections": []},
        {"type": "partial_conv", "connections": [[]]},
        {"type": "partial_conv", "connections": [[0, 0]]},
        {"type": "partial_conv", "connections": [[0, 3]], "in_channels": 2},
        {"type": "partial_conv", "connections": [[0], [1]], "out_channels": 3},
    ],
)
def test_a_bad_table_of_connections_is_refused(options: Options) -> None:
    with pytest.raises(InvalidSpec) as told:
        read(options)
    assert told.value.code == "connections"


@pytest.mark.parametrize("kind", ["partial_conv", "radial"])
def test_a_layer_without_its_table_is_refused(kind: str) -> None:
    with pytest.raises(InvalidSpec) as told:
        read({"type": kind})
    assert told.value.code == "missing_field"
