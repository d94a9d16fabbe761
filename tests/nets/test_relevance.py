"""Relevance propagation: the logit conserved, every message as defined, PyTorch's gradients where the two are one."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets import library
from cnnviz.nets.attribution import saliency
from cnnviz.nets.designs import DESIGNS
from cnnviz.nets.net import Net
from cnnviz.nets.relevance import relevance_propagation
from tests.nets.toys import relu_net

PAIR: list[dict[str, Any]] = [{"type": "flatten"}, {"type": "linear", "name": "fc", "out_features": 2}]


def picture(net: Net, seed: int = 3) -> torch.Tensor:
    return torch.rand(net.input_shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("epsilon", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("name", [*library.names(), *DESIGNS])
def test_input_biases_and_epsilon_add_up_to_the_logit(name: str, epsilon: float) -> None:
    net = library.load_network(name)
    image = picture(net)
    for target in (0, 7):
        made = relevance_propagation(net, image, target, epsilon=epsilon)
        assert made.logit == pytest.approx(float(net(image[None])[0, target].detach()), rel=1e-6)
        # at epsilon 0 the parts may be a thousand times the logit: rounding goes by them
        parts = float(made.relevance.abs().sum()) + abs(made.bias) + abs(made.epsilon)
        assert abs(made.gap) < 1e-4 * max(abs(made.logit), 0.01 * parts)
        assert (made.epsilon == pytest.approx(0, abs=1e-5 * parts)) == (epsilon == 0)


def test_without_biases_the_picture_gets_the_whole_logit() -> None:
    net = relu_net()
    for part in net.modules():
        if getattr(part, "bias", None) is not None:
            torch.nn.init.zeros_(part.bias)  # type: ignore[arg-type]
    image = picture(net)
    made = relevance_propagation(net, image, 2, epsilon=0)
    assert made.bias == 0
    assert float(made.relevance.sum()) == pytest.approx(float(net(image[None])[0, 2].detach()), rel=1e-4)


@pytest.mark.parametrize("name", ["lenet-modern-mnist", "lenet-modern-fashion-mnist", "small-cifar10", "article3"])
def test_without_epsilon_relu_networks_give_gradient_times_input(name: str) -> None:
    net = library.load_network(name)
    image = picture(net)
    expected = saliency(net, image, 4) * net.std * net.normalised(image[None])[0]
    made = relevance_propagation(net, image, 4, epsilon=0).relevance
    torch.testing.assert_close(made, expected, rtol=1e-3, atol=1e-4 * float(expected.abs().max()))
    assert not torch.allclose(relevance_propagation(net, image, 4).relevance, expected, rtol=1e-2)


def messages(part: Any, x: torch.Tensor, given: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The definition, one message from every output to every input: x w / (z + epsilon sign z) R."""
    z = part(x)
    weights = torch.autograd.functional.jacobian(part, x)  # type: ignore[no-untyped-call]
    weights = weights.reshape(z.numel(), x.numel())
    room = epsilon * z.detach().square().mean().sqrt()
    total = torch.zeros(x.numel())
    for j, (value, relevance) in enumerate(zip(z.flatten().tolist(), given.flatten().tolist(), strict=True)):
        stabilised = value + float(room) * (1 if value >= 0 else -1)
        total += x.flatten() * weights[j] / stabilised * relevance
    return total.view_as(x)


def test_each_message_is_as_defined() -> None:
    layers: list[dict[str, Any]] = [
        {"type": "conv", "name": "conv1", "out_channels": 4, "padding": 1},
        {"type": "tanh", "name": "tanh1"},
        {"type": "avg_pool", "name": "pool1"},
        {"type": "conv", "name": "conv2", "out_channels": 3},
        {"type": "sigmoid", "name": "sigmoid2"},
        {"type": "flatten", "name": "flatten"},
        {"type": "linear", "name": "fc", "out_features": 3},
    ]
    torch.manual_seed(1)
    net = Net(layers, (2, 8, 8), mean=[0.4, 0.5], std=[0.2, 0.3]).eval()
    image = picture(net)
    kept: dict[str, torch.Tensor] = {}
    with torch.no_grad():
        given = net.run(net.normalised(image[None]), kept).clone()
    given[0, [0, 2]] = 0
    for name, before in (("fc", "flatten"), ("conv2", "pool1"), ("pool1", "tanh1"), ("conv1", "input")):
        given = messages(net.part(name), kept[before], given.reshape(kept[name].shape), 0.2)
    torch.testing.assert_close(relevance_propagation(net, image, 1, epsilon=0.2).relevance, given[0])


@pytest.mark.parametrize(
    ("target", "shares", "bias", "kept"),
    [(0, (0.577428, 3.464570), 0.288714, 3.169288), (1, (0.267072, -0.801215), 0.0, -1.465857)],
)
def test_an_example_by_hand(target: int, shares: tuple[float, float], bias: float, kept: float) -> None:
    """z = (7.5, −2), root mean square √30.125 = 5.488625; 7.5 / 12.988625 = 0.577428 and −2 / −7.488625 = 0.267072."""
    net = Net(PAIR, (1, 1, 2))
    part: Any = net.part("fc")
    with torch.no_grad():
        part.weight.copy_(torch.tensor([[1.0, 2.0], [1.0, -1.0]]))
        part.bias.copy_(torch.tensor([0.5, 0.0]))
    made = relevance_propagation(net, torch.tensor([[[1.0, 3.0]]]), target, epsilon=1)
    assert made.relevance.flatten().tolist() == pytest.approx(shares, abs=1e-5)
    assert (made.bias, made.epsilon) == pytest.approx((bias, kept), abs=1e-5)


def test_the_winner_of_a_maximum_takes_all() -> None:
    net = Net([{"type": "max_pool", "name": "pool"}, {"type": "flatten"}], (1, 2, 4))
    image = torch.tensor([[[0.1, 0.9, 0.3, 0.2], [0.5, 0.4, 0.2, 0.8]]])
    made = relevance_propagation(net, image, 1).relevance
    assert made.flatten().tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 0, 0.8])


def test_a_prototype_s_squares_are_shared_one_by_one() -> None:
    net = Net([{"type": "flatten"}, {"type": "radial", "prototypes": [[1.0, -1.0], [0.0, 0.5]]}], (1, 1, 2))
    made = relevance_propagation(net, torch.tensor([[[0.5, 1.0]]]), 0)
    assert made.relevance.flatten().tolist() == pytest.approx([-0.25, -4.0])
    assert made.logit == pytest.approx(-4.25)


def test_branches_share_what_they_add_up_to() -> None:
    layers: list[dict[str, Any]] = [
        {"type": "conv", "name": "a", "padding": 1, "bias": False},
        {"type": "add", "name": "sum", "inputs": ["a", "input"]},
        {"type": "flatten", "name": "flatten"},
        {"type": "linear", "out_features": 2, "name": "fc", "bias": False},
    ]
    net = Net(layers, (1, 4, 4))
    image = picture(net)
    made = relevance_propagation(net, image, 1, epsilon=0)
    torch.testing.assert_close(made.relevance, saliency(net, image, 1) * image, rtol=1e-3, atol=1e-5)


def test_the_network_stays_as_it_was() -> None:
    net = relu_net().train()
    image = picture(net)
    relevance_propagation(net, image, 0)
    assert net.training
    assert all(parameter.grad is None for parameter in net.parameters())
    assert not image.requires_grad


def test_other_settings_are_refused() -> None:
    net = relu_net()
    for epsilon in (-0.1, 1.5, math.nan):
        with pytest.raises(InvalidSpec, match="`epsilon`"):
            relevance_propagation(net, picture(net), 0, epsilon=epsilon)
    with pytest.raises(InvalidSpec, match="`target`"):
        relevance_propagation(net, picture(net), 4)
    with pytest.raises(InvalidSpec, match="must have shape"):
        relevance_propagation(net, picture(net)[:1], 0)
