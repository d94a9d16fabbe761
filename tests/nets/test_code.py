"""The program of a network, run: the same logits, from the same weights file."""

from __future__ import annotations

from pathlib import Path

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


@pytest.mark.parametrize("name", [name for name in library.names() if not name.startswith("lenet-1998")])
def test_the_program_gives_the_same_logits(name: str) -> None:
    net = cv.load_network(name)
    images = torch.rand(3, *net.input_shape)
    program = torch_program(net, str(library.FOLDER / f"{name}.safetensors"))
    torch.testing.assert_close(run(program, images), net(images).detach(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["small", "article3"])
def test_untrained_networks_too(name: str, tmp_path: Path) -> None:
    net = design(name).net().eval()
    save_net(net, tmp_path / "it.safetensors")
    images = torch.rand(2, *net.input_shape)
    made = run(torch_program(net, str(tmp_path / "it.safetensors")), images)
    torch.testing.assert_close(made, net(images).detach(), rtol=1e-4, atol=1e-5)


def test_what_torch_nn_has_no_module_for_is_refused() -> None:
    with pytest.raises(InvalidSpec, match=r"torch\.nn"):
        torch_program(design("lenet-1998").net())
    branched = Net([{"type": "conv", "name": "a", "padding": 1}, {"type": "add", "inputs": ["a", "input"]}], (1, 5, 5))
    with pytest.raises(InvalidSpec):
        torch_program(branched)
