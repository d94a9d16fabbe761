"""The program of a network, run: the same logits, from the same weights file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

import cnnviz as cv
from cnnviz.core.errors import InvalidSpec
from cnnviz.nets import library
from cnnviz.nets.code import torch_program
from cnnviz.nets.designs import design
from cnnviz.nets.net import Net
from cnnviz.nets.weights import save_net


def run(program: str, images: torch.Tensor) -> torch.Tensor:
    """The program's logits for these pictures."""
    held: dict[str, object] = {"print": lambda *_: None, "given": images}
    line = next(line for line in program.splitlines() if line.startswith("images = "))
    exec(program.replace(line, "images = given"), held)
    logits = held["logits"]
    assert isinstance(logits, torch.Tensor)
    return logits.detach()


@pytest.mark.parametrize("name", library.names())
def test_the_program_gives_the_same_logits(name: str) -> None:
    net = cv.load_network(name)
    images = torch.rand(3, *net.input_shape)
    program = torch_program(net, str(library.FOLDER / f"{name}.safetensors"))
    torch.testing.assert_close(run(program, images), net(images).detach(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["small", "article3", "lenet-1998"])
def test_untrained_networks_too(name: str, tmp_path: Path) -> None:
    net = design(name).net().eval()
    save_net(net, tmp_path / "it.safetensors")
    images = torch.rand(2, *net.input_shape)
    made = run(torch_program(net, str(tmp_path / "it.safetensors")), images)
    torch.testing.assert_close(made, net(images).detach(), rtol=1e-4, atol=1e-5)


def test_what_torch_nn_has_no_module_for_is_refused() -> None:
    median = Net([{"type": "median_pool", "name": "p"}, {"type": "flatten"}], (1, 4, 4))
    with pytest.raises(InvalidSpec, match=r"torch\.nn"):
        torch_program(median)
    branched = Net([{"type": "conv", "name": "a", "padding": 1}, {"type": "add", "inputs": ["a", "input"]}], (1, 5, 5))
    with pytest.raises(InvalidSpec):
        torch_program(branched)


def test_layers_of_1998_with_other_sizes(tmp_path: Path) -> None:
    layers: list[dict[str, Any]] = [
        {"type": "pad", "padding": [[1, 2], [0, 3]], "padding_mode": "reflect"},
        {"type": "pad", "padding": 1},
        {"type": "partial_conv", "name": "c", "kernel_size": 3, "stride": 2, "connections": [[0], [1, 2], [0, 2]]},
        {"type": "subsample", "name": "s", "kernel_size": [2, 1]},
        {"type": "flatten"},
        {"type": "linear", "name": "f", "out_features": 4},
        {"type": "radial", "prototypes": [[1, -1, 1, 1], [-1, -1, -1, 1]]},
    ]
    net = Net(layers, (3, 10, 9)).eval()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(torch.rand_like(parameter))  # also where a partial convolution must not look
    save_net(net, tmp_path / "it.safetensors")
    images = torch.rand(2, *net.input_shape)
    made = run(torch_program(net, str(tmp_path / "it.safetensors")), images)
    torch.testing.assert_close(made, net(images).detach(), rtol=1e-4, atol=1e-4)


def test_the_marks_of_1998_are_for_ones_only() -> None:
    net = Net([{"type": "flatten"}, {"type": "radial", "prototypes": [[0.5, -1.0]]}], (1, 1, 2))
    with pytest.raises(InvalidSpec, match="prototypes"):
        torch_program(net)
