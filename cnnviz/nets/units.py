"""One unit of a network, down to the numbers: what it sees of the picture, what it weighs, and its exact sum."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Conv, Flatten, Linear, PartialConv, Pool
from cnnviz.core.step import Step
from cnnviz.nets.net import Net


@dataclass(frozen=True)
class Unit:
    """One number of a layer's output.

    `value` is what the network has there; `rows` and `columns` the pixels of the picture that it sees. For a
    convolution or pooling `step` lists its taps; for a fully connected layer `inputs`, `weights` and `bias` do, and
    `value` is their sum. Layers that change each number by itself have one input and no weights.
    """

    layer: str
    at: tuple[int, ...]
    value: float
    rows: range
    columns: range
    inputs: Tensor
    weights: Tensor | None = None
    bias: float = 0.0
    step: Step | None = None


def unit(net: Net, kept: Mapping[str, Tensor], layer: str, at: Sequence[int], example: int = 0) -> Unit:
    """The unit `at` (channel, row, column), or (number,) of a vector; `kept` comes from `cv.activations`."""
    stage = next((s for s in net.chain if s.name == layer), None)
    if stage is None:
        raise InvalidSpec("unknown_layer", value=layer)
    place, shape = tuple(int(n) for n in at), stage.output_shape[1:]
    if len(place) != len(shape) or not all(0 <= n < size for n, size in zip(place, shape, strict=True)):
        raise InvalidSpec("unit_outside", unit=place, name=layer, units=shape)
    node = net.layers[net.layers.names.index(layer)]
    x = kept[node.inputs[0]][example]
    value = float(kept[layer][example][place].detach())
    rows, columns = seen_by(net, layer, place)
    part = net.part(layer)
    kind = stage.layer
    if isinstance(kind, Conv):
        weight, bias = filters(part)
        step = kind.spec(x.shape[0]).step(x, weight, bias, at=place)
        return Unit(layer, place, value, rows, columns, x, weight[place[0]], float(bias[place[0]]), step)
    if isinstance(kind, Pool):
        return Unit(layer, place, value, rows, columns, x[place[0]], step=kind.spec().step(x, at=place))
    if isinstance(part, nn.Linear):
        bias_value = 0.0 if part.bias is None else float(part.bias.detach()[place[0]])
        return Unit(layer, place, value, rows, columns, x, part.weight[place[0]].detach(), bias_value)
    if isinstance(kind, Flatten):
        return Unit(layer, place, value, rows, columns, x[unflattened(place[0], tuple(x.shape))])
    same = tuple(x.shape) == shape
    return Unit(layer, place, value, rows, columns, x[place] if same else x[place[0]] if x.ndim == 3 else x)


def seen_by(net: Net, layer: str, at: Sequence[int]) -> tuple[range, range]:
    """The rows and columns of the picture that a unit sees: all of them behind a fully connected layer."""
    height, width = net.input_shape[1:]
    place = net.layers.names.index(layer)
    until = net.layers[: place + 1]
    if any(isinstance(node.layer, Linear) for node in until):
        return range(height), range(width)
    flat = next((node for node in until if isinstance(node.layer, Flatten)), None)
    if flat is not None:  # a flat vector's number is a place of the maps before it
        before = next(s for s in net.chain if s.name == flat.name).input_shape[1:]
        at, layer = unflattened(int(at[0]), before), flat.inputs[0]
    rows, columns = net.fields.field_of(tuple(at[1:]), layer)
    return rows, columns


def unflattened(number: int, shape: Sequence[int]) -> tuple[int, ...]:
    """The (channel, row, column) behind a number of a flattened array.

    >>> unflattened(27, (16, 5, 5))
    (1, 0, 2)
    """
    place = []
    for size in reversed(shape):
        number, rest = divmod(number, size)
        place.append(rest)
    return tuple(reversed(place))


def filters(part: nn.Module) -> tuple[Tensor, Tensor]:
    """(weights, biases) of a convolution as it uses them: kernels without a connection are 0, no bias is 0."""
    conv = next(p for p in part.modules() if isinstance(p, (nn.Conv1d, nn.Conv2d, nn.Conv3d)))
    weight = conv.weight.detach()
    connected = getattr(conv, "connected", None)
    weight = weight if connected is None else weight * connected
    return weight, torch.zeros(len(weight)) if conv.bias is None else conv.bias.detach()


def partial_maps(net: Net, kept: Mapping[str, Tensor], layer: str, channel: int, example: int = 0) -> Tensor:
    """What each input map gives to one map of a convolution, (in, H, W); their sum and the bias are that map.

    A partial convolution gives zeros for the maps it does not read.
    """
    node = next((n for n in net.layers if n.name == layer), None)
    if node is None or not isinstance(node.layer, Conv):
        raise InvalidSpec("unknown_layer", value=layer)
    x = kept[node.inputs[0]][example]
    spec = node.layer.spec(x.shape[0])
    weight, _ = filters(net.part(layer))
    if not 0 <= channel < len(weight):
        raise InvalidSpec("unit_outside", unit=channel, name=layer, units=len(weight))
    if spec.groups != 1 and not isinstance(node.layer, PartialConv):
        raise InvalidSpec("unknown_choice", name="groups", value=spec.groups, allowed="1")
    kernels = weight[channel].unsqueeze(1)  # (in, 1, rows, columns): one group a map
    slide = (spec.stride, 0, spec.dilation, x.shape[0])
    return F.conv2d(spec.pad(x).unsqueeze(0), kernels, None, *slide)[0]


def as_convolution(net: Net, layer: str) -> nn.Conv2d:
    """The fully connected layer behind a flattening as a convolution over the maps before it: the same numbers.

    Raises InvalidSpec for a layer that does not follow a flattening. Layers after it are 1x1 convolutions; one without
    maps before it becomes such a one.
    """
    part = net.part(layer)
    names = net.layers.names
    if not isinstance(part, nn.Linear):
        raise InvalidSpec("unknown_layer", value=layer)
    stages = {s.name: s for s in net.chain}
    before = stages[names[names.index(layer) - 1]]
    shape = before.input_shape[1:] if isinstance(before.layer, Flatten) else (part.in_features, 1, 1)
    assert math.prod(shape) == part.in_features
    made = nn.Conv2d(shape[0], part.out_features, (shape[1], shape[2]), bias=part.bias is not None)
    with torch.no_grad():
        made.weight.copy_(part.weight.view(part.out_features, *shape))
        if made.bias is not None:
            made.bias.copy_(part.bias)
    return made.eval()
