"""The networks of the lenet page: loaded once, operated on in copies, described for the browser with their edges."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from cnnviz.core.layers import Conv, Linear
from cnnviz.core.rules import Matrix
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.nets.library import load_network
from cnnviz.nets.net import Net, without
from cnnviz.nets.units import filters

Arrays = dict[str, npt.NDArray[Any]]
MOST_EDGES = 160  # of a layer are drawn; of more, the strongest
INPUT = "input"


@lru_cache(maxsize=8)
def network(name: str) -> Net:
    """The trained network; shared, so never changed."""
    return load_network(name)


def operated(scene: LenetScene) -> Net:
    """The scene's network, with its edited kernel in place."""
    place = scene.edited_at()
    return network(scene.net) if place is None else _edited(scene.net, place, scene.kernel)


@lru_cache(maxsize=16)
def _edited(name: str, place: tuple[str, int, int], kernel: Matrix) -> Net:
    net = load_network(name)
    conv = convolution(net, place[0])
    assert conv is not None
    with torch.no_grad():
        conv.weight[place[1], place[2]] = torch.tensor(kernel)
    return net


def crippled(scene: LenetScene) -> Net:
    """The scene's network with its maps switched off for good, for those who ask the whole network only."""
    if not scene.off:
        return operated(scene)
    return _crippled(scene.net, scene.edited_at(), scene.kernel, scene.off)


@lru_cache(maxsize=16)
def _crippled(name: str, place: tuple[str, int, int] | None, kernel: Matrix, off: str) -> Net:
    net = copy.deepcopy(network(name) if place is None else _edited(name, place, kernel))
    for layer, numbers in LenetScene(off=off).switched_off().items():
        net.part(layer).register_forward_hook(partial(_switched_off, numbers, layer))
    return net


def _switched_off(numbers: set[int], layer: str, part: nn.Module, inputs: object, output: Tensor) -> Tensor:
    return without(output, numbers, layer)


def convolution(net: Net, layer: str) -> nn.Conv2d | None:
    """The torch module that holds the kernels of a layer, or None."""
    stage = next((s for s in net.chain if s.name == layer), None)
    if stage is None or not isinstance(stage.layer, Conv):
        return None
    return next(p for p in net.part(layer).modules() if isinstance(p, nn.Conv2d))


def fitting(scene: LenetScene) -> LenetScene:
    """The scene with everything that its network lacks brought to what it has: layer, unit, surgery."""
    net = network(scene.net)
    shapes = shapes_of(net)
    layer = scene.layer if scene.layer in shapes else first_convolution(net)
    size = (*shapes[layer], 1, 1)
    at: dict[str, Any] = dict(zip(("channel", "row", "col"), _within(scene, size), strict=True))
    off = "_".join(
        f"{name}.{number}"
        for name, numbers in scene.switched_off().items()
        for number in sorted(numbers)
        if name in shapes and name != INPUT and number < shapes[name][0]
    )
    return replace(scene, layer=layer, off=off, **at, **_edit(scene, net))


def _within(scene: LenetScene, size: tuple[int, ...]) -> tuple[int, ...]:
    """The scene's unit, no farther than the layer goes."""
    return tuple(min(place, most - 1) for place, most in zip((scene.channel, scene.row, scene.col), size, strict=False))


def _edit(scene: LenetScene, net: Net) -> dict[str, Any]:
    """The edit, where the network has that kernel and it has that size."""
    place, nothing = scene.edited_at(), {"edited": "", "kernel": ()}
    conv = convolution(net, place[0]) if place else None
    if place is None or conv is None or not (place[1] < conv.weight.shape[0] and place[2] < conv.weight.shape[1]):
        return nothing
    same = (len(scene.kernel), len(scene.kernel[0])) == tuple(conv.weight.shape[2:])
    return {"edited": scene.edited, "kernel": scene.kernel} if same else nothing


def shapes_of(net: Net) -> dict[str, tuple[int, ...]]:
    """Every layer's output shape without the batch, the input's first."""
    return {INPUT: net.input_shape, **{s.name: tuple(s.output_shape[1:]) for s in net.chain}}


def first_convolution(net: Net) -> str:
    """The name of the layer that reads the picture."""
    return next(s.name for s in net.chain if isinstance(s.layer, Conv))


def at_of(scene: LenetScene, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The scene's unit in a layer of this shape."""
    return (scene.channel, scene.row, scene.col)[: len(shape)]


@lru_cache(maxsize=8)
def structure(name: str) -> Mapping[str, Any]:
    """The network for the browser: its layers in order, with shapes and learnable numbers."""
    net = network(name)
    rows = [{"name": INPUT, "kind": INPUT, "shape": list(net.input_shape), "from": "", "parameters": 0}]
    for node, stage in zip(net.layers, net.chain, strict=True):
        rows.append(
            {
                "name": node.name,
                "kind": stage.layer.kind,
                "shape": list(stage.output_shape[1:]),
                "from": node.inputs[0],
                "parameters": stage.layer.parameters(stage.input_shape),
            }
        )
    return {"id": name, "layers": rows, "classes": list(net.class_names), "parameters": net.parameter_count}


def strengths(net: Net, layer: str) -> Tensor | None:
    """(out, in): the weights of a fully connected layer; of a convolution each kernel's length, signed by its sum."""
    part = net.part(layer)
    if isinstance(part, nn.Linear):
        weight: Tensor = part.weight.detach()
        return weight
    if convolution(net, layer) is None:
        return None
    kernels = filters(part)[0]
    sums = kernels.flatten(2).sum(2)
    lengths: Tensor = kernels.flatten(2).square().sum(2).sqrt()
    return lengths * torch.where(sums < 0, -1.0, 1.0)


def edges(scene: LenetScene) -> Arrays:
    """`e.<layer>` (n, 2) from and to, `w.<layer>` (n,) −127..127 of the layer's strongest edge."""
    return _edges(scene.net, scene.edited_at(), scene.kernel)


@lru_cache(maxsize=16)
def _edges(name: str, place: tuple[str, int, int] | None, kernel: Matrix) -> Arrays:
    net = network(name) if place is None else _edited(name, place, kernel)
    out: Arrays = {}
    for stage in net.chain:
        if not isinstance(stage.layer, (Conv, Linear)):
            continue
        found = strengths(net, stage.name)
        assert found is not None
        flat = found.flatten()
        chosen = flat.abs().argsort(descending=True, stable=True)[:MOST_EDGES].numpy()
        to, come = np.divmod(chosen, found.shape[1])
        out[f"e.{stage.name}"] = np.stack((come, to), 1).astype(np.int16)
        shares = flat.numpy()[chosen] / (float(flat.abs().max()) or 1.0)
        out[f"w.{stage.name}"] = np.rint(shares * 127).astype(np.int8)
    return out
