"""One unit of the lenet page for the browser: what it reads, what it weighs, its exact sum, and PyTorch's own value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Tensor, nn

from cnnviz.core.layers import Activation, Conv, Flatten, Linear, PartialConv, Pool
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.nets.modules import Padding, RadialUnits, Subsampling
from cnnviz.nets.net import Net
from cnnviz.nets.units import Unit, seen_by, unflattened, unit
from cnnviz.ui.lenet_input import Shown
from cnnviz.ui.lenet_nets import INPUT, Arrays, at_of, connected, shapes_of

Told = tuple[dict[str, Any], Arrays]


def told(net: Net, kept: Mapping[str, Tensor], scene: LenetScene, made: Shown) -> Told:
    """Header and arrays of the scene's unit.

    `taps` (maps, rows, columns) are the numbers it reads, `weights` what they are multiplied by (as long as there are
    weights), `inside` 0 where a tap lies on padding. `exact` is the sum of all products and the bias without rounding,
    rounded once; `torch` what PyTorch's float32 gave.
    """
    shape = shapes_of(net)[scene.layer]
    at = at_of(scene, shape)
    if scene.layer == INPUT:
        return _pixel(net, kept, at, made)
    node = net.layers[net.layers.names.index(scene.layer)]
    stage = net.chain[net.layers.names.index(scene.layer)]
    header: dict[str, Any] = {"layer": scene.layer, "at": at, "kind": stage.layer.kind, "from": node.inputs[0]}
    off = scene.channel in scene.surgery().maps().get(scene.layer, set())
    if isinstance(stage.layer, (Conv, Linear, Pool, Flatten, Activation)):
        found = unit(net, kept, scene.layer, at)
        make = _windowed if found.step is not None else _linear if found.weights is not None else _single
        more, arrays = make(found, kept[node.inputs[0]][0])
        if isinstance(stage.layer, PartialConv):
            more["products"] = int(connected(net, scene.layer)[at[0]].sum()) * arrays["taps"][0].size
        field = found.rows, found.columns
        value = found.value
    else:
        more, arrays = _other(net, kept, scene.layer, at)
        field, value = seen_by(net, scene.layer, at), float(kept[scene.layer][0][at])
    rows, columns = ([r.start, r.stop] for r in field)
    return {**header, "off": off, "torch": value, "rows": rows, "columns": columns, **more}, arrays


def _windowed(found: Unit, before: Tensor) -> Told:
    """A convolution's or a pooling's unit: the taps of its step, map by map."""
    step = found.step
    assert step is not None
    sizes = step.taps[-1].weight_index[-2:]
    grid = (-1, sizes[0] + 1, sizes[1] + 1)
    arrays: Arrays = {
        "taps": np.array([t.value for t in step.taps], np.float32).reshape(grid),
        "inside": np.array([t.input_index is not None for t in step.taps], np.uint8).reshape(grid),
    }
    first = step.taps[0].position
    header = {"first": list(first), "bias": step.bias, "reduction": step.reduction.value, "winner": step.winner}
    if step.reduction.value == "max":
        return {**header, "exact": step.total}, arrays
    arrays["weights"] = np.array([t.weight for t in step.taps], np.float32).reshape(grid)
    exact = math.fsum([t.product for t in step.taps] + [step.bias])
    map_ = found.at[0] if found.weights is None else 0
    return {**header, "exact": exact, "map": map_}, arrays


def _linear(found: Unit, before: Tensor) -> Told:
    """A fully connected unit: as long a vector of weights as it reads."""
    assert found.weights is not None
    values, weights = before.double().flatten().tolist(), found.weights.double().flatten().tolist()
    exact = math.fsum([v * w for v, w in zip(values, weights, strict=True)] + [found.bias])
    shape = (1, 1, len(values))
    arrays: Arrays = {
        "taps": before.numpy().reshape(shape).astype(np.float32),
        "weights": found.weights.numpy().reshape(shape).astype(np.float32),
    }
    return {"bias": found.bias, "reduction": "sum", "exact": exact, "vector": True}, arrays


def _single(found: Unit, before: Tensor) -> Told:
    """A unit that changes one number: `place` is where that stands in the layer before."""
    x = float(found.inputs.flatten()[0])
    place = unflattened(found.at[0], tuple(before.shape)) if before.ndim != len(found.at) else found.at
    return {"reduction": "single", "x": x, "exact": found.value, "place": list(place)}, {}


def _other(net: Net, kept: Mapping[str, Tensor], layer: str, at: tuple[int, ...]) -> Told:
    """Batch normalisation, means over a whole map, and what only the LeNet of 1998 has."""
    part = net.part(layer)
    before = kept[net.layers[net.layers.names.index(layer)].inputs[0]][0]
    if isinstance(part, Subsampling):
        return _subsampled(part, before, at)
    if isinstance(part, Padding):
        return _bordered(part, before, at)
    if isinstance(part, RadialUnits):
        return _radial(part, before, at)
    norm = next((p for p in part.modules() if isinstance(p, nn.BatchNorm2d)), None)
    if norm is None:
        values = before[at[0]].double().flatten()
        exact = math.fsum(values.tolist()) / len(values)
        taps = before[at[0]][None].numpy().astype(np.float32)
        weights = np.full(taps.shape, 1 / len(values), np.float32)
        arrays: Arrays = {"taps": taps, "weights": weights}
        return {"reduction": "mean", "bias": 0.0, "exact": exact, "first": [0, 0], "map": at[0]}, arrays
    x, number = float(before[at]), at[0]
    assert norm.running_mean is not None
    assert norm.running_var is not None
    mean, variance = float(norm.running_mean[number]), float(norm.running_var[number])
    scale, shift = float(norm.weight.detach()[number]), float(norm.bias.detach()[number])
    exact = (x - mean) / math.sqrt(variance + norm.eps) * scale + shift
    numbers = {"mean": mean, "variance": variance, "eps": norm.eps, "scale": scale, "shift": shift}
    return {"reduction": "norm", "x": x, "exact": exact, "place": list(at), **numbers}, {}


def _subsampled(part: Subsampling, before: Tensor, at: tuple[int, ...]) -> Told:
    """The sum of a window times the map's weight, plus its bias."""
    rows, cols = part.kernel_size
    first = [at[1] * rows, at[2] * cols]
    taps = before[at[0], first[0] : first[0] + rows, first[1] : first[1] + cols][None]
    weight, bias = float(part.weight.detach()[at[0]]), float(part.bias.detach()[at[0]])
    exact = math.fsum([*(weight * v for v in taps.double().flatten().tolist()), bias])
    arrays: Arrays = {"taps": taps.numpy().astype(np.float32), "weights": np.full(taps.shape, weight, np.float32)}
    return {"reduction": "scaled", "bias": bias, "exact": exact, "first": first, "map": at[0]}, arrays


def _bordered(part: Padding, before: Tensor, at: tuple[int, ...]) -> Told:
    """A number of the picture, or of its edge said again: only the border of the LeNet of 1998 is such a layer."""
    left, _, top, _ = part.amounts
    rows, cols = before.shape[1:]
    place = [at[0], min(max(at[1] - top, 0), rows - 1), min(max(at[2] - left, 0), cols - 1)]
    x = float(before[tuple(place)])
    return {"reduction": "single", "x": x, "exact": x, "place": place}, {}


def _radial(part: RadialUnits, before: Tensor, at: tuple[int, ...]) -> Told:
    """Minus the squared distance between what comes in and a drawn digit."""
    drawn = part.prototypes[at[0]]
    pairs = zip(before.double().tolist(), drawn.double().tolist(), strict=True)
    exact = -math.fsum((x - p) ** 2 for x, p in pairs)
    shape = (1, 1, len(drawn))
    arrays: Arrays = {
        "taps": before.numpy().reshape(shape).astype(np.float32),
        "weights": drawn.numpy().reshape(shape),
    }
    return {"reduction": "radial", "bias": 0.0, "exact": exact, "vector": True}, arrays


def _pixel(net: Net, kept: Mapping[str, Tensor], at: tuple[int, ...], made: Shown) -> Told:
    """The way down ends here: a pixel of the picture, normalised."""
    x = float(made.image[at])
    mean, std = float(net.mean[at[0], 0, 0]), float(net.std[at[0], 0, 0])
    value, rows, columns = float(kept[INPUT][0][at]), [at[1], at[1] + 1], [at[2], at[2] + 1]
    header = {"layer": INPUT, "at": at, "kind": INPUT, "from": "", "off": False, "reduction": "pixel", "x": x}
    exact = (x - mean) / std
    return {**header, "mean": mean, "std": std, "exact": exact, "torch": value, "rows": rows, "columns": columns}, {}
