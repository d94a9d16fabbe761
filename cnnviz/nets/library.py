"""The networks we trained, by name: `lenet-modern-mnist` is the network, a dash, and the data it learned from."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.designs import DESIGNS, Design, design
from cnnviz.nets.net import Net
from cnnviz.nets.weights import contents, load_into, notes

FOLDER = Path(__file__).parent / "weights"


def names() -> tuple[str, ...]:
    """Every trained network there is, in the order of the alphabet."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.safetensors") if "." not in path.stem))


def load_network(name: str) -> Net:
    """A trained network by its name, or an untrained one by the name of its design ("lenet-d2l").

    It takes (N, C, H, W) in [0, 1], normalises inside and returns logits (N, classes). A fresh copy each time, so
    that its weights may be changed. Raises InvalidSpec for a name there is none of.

    >>> import torch
    >>> net = load_network("lenet-modern-mnist")
    >>> net(torch.zeros(1, 1, 28, 28)).shape, net.class_names[:3]
    (torch.Size([1, 10]), ('0', '1', '2'))
    """
    if name in DESIGNS:
        return DESIGNS[name].net().eval()
    if name not in names():
        raise InvalidSpec("unknown_choice", name="name", value=repr(name), allowed=", ".join((*names(), *DESIGNS)))
    content, file = contents(FOLDER / f"{name}.safetensors")
    words = json.loads(notes(content, file)["class_names"])
    return load_into(design_of(name).net([str(word) for word in words]), content)


def design_of(name: str) -> Design:
    """The design behind a trained network's name.

    >>> design_of("lenet-d2l-fashion-mnist").id
    'lenet-d2l'
    """
    heads = [known for known in DESIGNS if name == known or name.startswith(f"{known}-")]
    return design(max(heads, key=len, default=name))


@lru_cache
def card(name: str) -> dict[str, Any]:
    """The model card as data: recipe, seeds, date, accuracies, the confusion matrix and the surest errors."""
    path = FOLDER / f"{name}.json"
    if name not in names() or not path.exists():
        raise InvalidSpec("unknown_choice", name="name", value=repr(name), allowed=", ".join(names()))
    return dict(json.loads(path.read_text("utf-8")))
