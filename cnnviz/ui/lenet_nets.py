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
from cnnviz.core.scenes.surgery import Edits, Place, Surgery
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
    """The scene's network with its edited kernels in place; maps that are off are told to the pass."""
    return with_edits(scene.net, scene.surgery().edits)


@lru_cache(maxsize=16)
def with_edits(name: str, edits: Edits) -> Net:
    """The network with these kernels in place of the learned ones."""
    if not edits:
        return network(name)
    net = copy.deepcopy(network(name))
    for (layer, filter_, channel), kernel in edits:
        conv = convolution(net, layer)
        assert conv is not None
        with torch.no_grad():
            conv.weight[filter_, channel] = torch.tensor(kernel)
    return net


@lru_cache(maxsize=16)
def with_surgery(name: str, surgery: Surgery) -> Net:
    """The network as operated on, its maps switched off for good: for those who ask the whole network only."""
    net = with_edits(name, surgery.edits)
    if not surgery.off:
        return net
    net = copy.deepcopy(net)
    for layer, numbers in surgery.maps().items():
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
    done = scene.surgery()
    off = tuple(one for one in dict.fromkeys(done.off) if one[0] != INPUT and one[1] < shapes.get(one[0], (0,))[0])
    edits = tuple(one for one in done.edits if _has_kernel(net, *one))
    return replace(scene, layer=layer, **at).operated(Surgery(off, edits))


def _within(scene: LenetScene, size: tuple[int, ...]) -> tuple[int, ...]:
    """The scene's unit, no farther than the layer goes."""
    return tuple(min(place, most - 1) for place, most in zip((scene.channel, scene.row, scene.col), size, strict=False))


def _has_kernel(net: Net, place: Place, kernel: Matrix) -> bool:
    """Whether the network has such a kernel, of that size, and reads the map with it."""
    layer, filter_, channel = place
    conv = convolution(net, layer)
    if conv is None or not (filter_ < conv.weight.shape[0] and channel < conv.weight.shape[1]):
        return False
    read = connected(net, layer)
    return (len(kernel), len(kernel[0])) == tuple(conv.weight.shape[2:]) and bool(read[filter_, channel])


def connected(net: Net, layer: str) -> Tensor:
    """(filters, maps) of a convolution: whether the filter reads the map; LeNet's C3 of 1998 leaves some out."""
    conv = convolution(net, layer)
    assert conv is not None
    read = getattr(conv, "connected", None)
    return torch.ones(conv.weight.shape[:2], dtype=torch.bool) if read is None else read.flatten(1).bool()


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
    return _edges(scene.net, scene.surgery().edits)


@lru_cache(maxsize=16)
def _edges(name: str, edits: Edits) -> Arrays:
    net = with_edits(name, edits)
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
