"""Shapes through stacks and graphs of layers against torch.nn, and the layer named where they break."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from cnnviz.core.chain import chain
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Activation, Add, Concat, Conv, Flatten, Linear, Pool
from cnnviz.core.network import Node, network
from tests.core.strategies import examples
from tests.core.torch_layers import stacks, torch_net, torch_shapes

Stack = tuple[list[dict[str, Any]], tuple[int, ...]]


@given(stacks())
@examples(400)
def test_shapes_are_torchs_and_break_where_torch_breaks(stack: Stack) -> None:
    layers, shape = stack
    found, expected = chain(layers, shape), torch_shapes(torch_net(layers), shape)
    assert [stage.output_shape for stage in found] == expected
    assert (found.broken is None) == (len(expected) == len(layers))
    if found.broken is not None:
        assert found.broken.number == len(expected) + 1
    unbatched = chain(layers, shape[1:])
    if not unbatched.had_batch:
        assert [unbatched.as_given(stage.output_shape) for stage in unbatched] == [made[1:] for made in expected]


def test_article_1_shrinking_without_padding() -> None:
    """1.7: a deep stack shrinks to 1 and then breaks; 28 pixels carry thirteen 3x3 convolutions."""
    found = chain([Conv(kernel_size=3)] * 20, (1, 28, 28))
    assert [stage.output_shape[-1] for stage in found] == [*range(26, 0, -2)]
    assert found.broken is not None
    assert (found.broken.number, found.broken.name) == (14, "conv14")
    assert found.broken.rule.code == "kernel_exceeds_input"
    assert found.output_shape == (1, 1, 2, 2)
    with pytest.raises(InvalidSpec, match=r"layer 14 \(`conv14`\).*must keep its rule: `kernel_size`") as caught:
        found.check()
    assert caught.value.values["rule"] is found.broken.rule


def test_the_derivation_of_every_stage() -> None:
    stages = chain([Conv(kernel_size=5, padding=2), Pool(mode="avg"), Flatten()], (1, 28, 28))
    assert [[d.output for d in stage.derivation] for stage in stages] == [[28, 28], [14, 14], []]
    assert stages.check() is stages


@pytest.mark.parametrize(
    ("layers", "shape", "code"),
    [
        ([Conv(in_channels=3)], (1, 8, 8), "in_channels_differ"),
        ([Conv(kernel_size=(3,))], (1, 1, 8, 8), "layer_axes"),
        ([{"type": "conv", "out_channels": 3, "groups": 2}], (1, 8, 8), "groups_divide_out_channels"),
        ([Conv(groups=2, out_channels=4)], (3, 8, 8), "groups_divide_in_channels"),
        ([Pool(kernel_size=9)], (1, 8, 8), "kernel_exceeds_input"),
        ([Linear(in_features=64, out_features=2)], (1, 8, 8), "in_features_differ"),
        ([Flatten(start_dim=3)], (4, 4), "flatten_axes"),
        ([Node(Add(), ("input", "conv1"))], (1, 8, 8), "unknown_input"),
        ([Conv(), Node(Add(), ("input", "conv1"))], (1, 8, 8), "add_shapes"),
        ([Conv(), Node(Concat(), ("input", "conv1"))], (1, 8, 8), "concat_shapes"),
        ([Conv(), Node(Activation(), ("input", "conv1"))], (1, 8, 8), "one_input"),
        ([Conv(name="a"), Pool(name="a")], (1, 8, 8), "name_taken"),
        ([Conv(name="input")], (1, 8, 8), "name_taken"),
        ([Conv(), Node(Conv(), shares="conv7")], (1, 8, 8), "unknown_input"),
        ([], (1, 8, 8), "no_layers"),
        ({"type": "conv"}, (1, 8, 8), "no_layers"),
        ([Conv()], (), "input_shape"),
        ([Conv()], (1, 0, 8), "below_one"),
        ([Conv()], (1, 8.5, 8), "not_whole"),
        ([3], (1, 8, 8), "not_a_layer"),
        ([{"type": "conv9"}], (1, 8, 8), "unknown_choice"),
    ],
)
def test_every_rule_names_itself(layers: Any, shape: Any, code: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        chain(layers, shape).check()
    error = caught.value
    rule = error.values["rule"] if error.code == "layer_breaks" else error
    assert isinstance(rule, InvalidSpec)
    assert rule.code == code


def test_a_graph_with_both_joins() -> None:
    layers: list[Any] = [
        {"type": "conv", "name": "stem", "out_channels": 4, "padding": 1},
        {"type": "conv", "name": "a", "out_channels": 4, "padding": 1},
        {"type": "add", "name": "sum", "inputs": ["stem", "a"]},
        {"type": "conv", "name": "b", "kernel_size": 1, "out_channels": 6, "inputs": "stem"},
        {"type": "concat", "name": "both", "inputs": ["sum", "b"]},
    ]
    found = chain(layers, (2, 3, 9, 9)).check()
    assert found.output_shape == (2, 10, 9, 9)
    assert [stage.input_shapes for stage in found][-1] == ((2, 4, 9, 9), (2, 6, 9, 9))
    assert not found.network.sequential
    assert network(layers[:2]).sequential


def test_names_are_given_and_kept() -> None:
    named = network([{"type": "conv", "name": "conv1"}, Conv(), Activation(function="tanh"), Conv()])
    assert named.names == ("conv1", "conv2", "tanh1", "conv3")
    assert network(named) is named
