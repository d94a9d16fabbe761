"""One map of a layer of the lenet page for the browser: what each map before it gives, their sum, and the bias."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.core.layers import Conv, Linear
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.nets.modules import RadialUnits
from cnnviz.nets.net import Net
from cnnviz.nets.units import filters, partial_maps
from cnnviz.ui.lenet_nets import INPUT, Arrays, connected, shapes_of


def told(net: Net, kept: Mapping[str, Tensor], scene: LenetScene) -> tuple[dict[str, Any], Arrays]:
    """Header and arrays: `before` (maps, H, W), `kernels`, `partials`, `out` (1, H, W), and the bias between.

    A layer without weights has `before` and `out` only; the input has `out` alone.
    """
    shape = shapes_of(net)[scene.layer]
    out = _as_maps(kept[scene.layer][0])[scene.channel : scene.channel + 1] if len(shape) == 3 else None
    if scene.layer == INPUT:
        assert out is not None
        return {"kind": "input", "bias": 0.0}, {"out": _floats(out)}
    place = net.layers.names.index(scene.layer)
    stage, name = net.chain[place], net.layers[place].inputs[0]
    before = kept[name][0]
    off = scene.channel in scene.surgery().maps().get(scene.layer, set())
    header: dict[str, Any] = {"kind": stage.layer.kind, "from": name, "bias": 0.0, "maps": shape[0], "off": off}
    if isinstance(stage.layer, Conv):
        assert out is not None
        weight, bias = filters(net.part(scene.layer))
        partials = partial_maps(net, kept, scene.layer, scene.channel)
        gap = float((partials.double().sum(0) + bias[scene.channel] - out[0].double()).abs().max())
        header |= {"bias": float(bias[scene.channel]), "gap": None if off else gap, "conv": True}
        read = connected(net, scene.layer)[scene.channel]
        header |= {} if bool(read.all()) else {"read": read.tolist()}
        arrays = {"before": before, "kernels": weight[scene.channel], "partials": partials, "out": out}
        return header, {n: _floats(a) for n, a in arrays.items()}
    part = net.part(scene.layer)
    if isinstance(part, RadialUnits):
        drawn = part.prototypes[scene.channel].view(1, 1, -1)
        values = before.view(1, 1, -1)
        value = kept[scene.layer][0][scene.channel].view(1, 1, 1)
        arrays = {"before": values, "kernels": drawn, "partials": -((values - drawn) ** 2), "out": value}
        return {**header, "vector": True, "radial": True}, {n: _floats(a) for n, a in arrays.items()}
    if isinstance(stage.layer, Linear):
        return _vector(net, kept, scene, header, name)
    if out is None:
        number = scene.channel
        value = kept[scene.layer][0][number].view(1, 1, 1)
        source = before.flatten()[number].view(1, 1, 1)
        return header, {"before": _floats(source), "out": _floats(value)}
    return header, {"before": _floats(_as_maps(before)[scene.channel : scene.channel + 1]), "out": _floats(out)}


def _vector(
    net: Net, kept: Mapping[str, Tensor], scene: LenetScene, header: dict[str, Any], name: str
) -> tuple[dict[str, Any], Arrays]:
    """A fully connected unit as maps: behind a flattening its weights lie on the maps before it, like a kernel's."""
    part = net.part(scene.layer)
    assert isinstance(part, nn.Linear)
    weights = part.weight.detach()[scene.channel]
    bias = float(part.bias.detach()[scene.channel]) if part.bias is not None else 0.0
    shape = (1, 1, len(weights))
    before = kept[name][0]
    if scene.layer != name and name in net.layers.names:
        earlier = net.chain[net.layers.names.index(name)]
        if earlier.layer.kind == "flatten":
            shape = earlier.input_shape[1:]
    values, kernel = before.view(shape), weights.view(shape)
    value = kept[scene.layer][0][scene.channel].view(1, 1, 1)
    gap = float(abs((values.double() * kernel.double()).sum() + bias - float(value)))
    header |= {"bias": bias, "gap": gap, "vector": True}
    arrays = {"before": values, "kernels": kernel, "partials": values * kernel, "out": value}
    return header, {n: _floats(a) for n, a in arrays.items()}


def _as_maps(x: Tensor) -> Tensor:
    return x if x.ndim == 3 else x.view(-1, 1, 1)


def _floats(x: Tensor) -> Any:
    return np.ascontiguousarray(x.detach().to(torch.float32).numpy())
