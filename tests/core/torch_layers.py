"""The authority for layers: the same dicts made into torch.nn modules, written apart from the code under test."""

from __future__ import annotations

import math
from typing import Any

import torch
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

Options = dict[str, Any]
META = torch.device("meta")


def torch_module(options: Options) -> nn.Module:
    """The module a dict with a torch class name stands for, on the meta device: shapes and sizes, no numbers."""
    rest = {key: value for key, value in options.items() if key not in ("type", "name")}
    return getattr(nn, options["type"])(**rest).to(META)


def torch_net(layers: list[Options]) -> nn.Sequential:
    return nn.Sequential(*map(torch_module, layers)).eval()  # training refuses to normalise a single value


def torch_parameters(net: nn.Module) -> int:
    return sum(parameter.numel() for parameter in net.parameters())


def torch_macs(net: nn.Module, shape: tuple[int, ...]) -> int:
    """Half of what torch's own counter says, which counts a multiply-add as two and leaves biases out."""
    with FlopCounterMode(display=False) as counter:
        net(torch.empty(shape, device=META))
    return counter.get_total_flops() // 2


def torch_shapes(net: nn.Sequential, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The shape after each module, as far as torch gets."""
    x, shapes = torch.empty(shape, device=META), []
    for module in net:
        try:
            x = module(x)
        except (RuntimeError, ValueError):
            break
        if 0 in x.shape:  # torch lets a transposed convolution crop everything away
            break
        shapes.append(tuple(x.shape))
    return shapes


@st.composite
def stacks(draw: st.DrawFn) -> tuple[list[Options], tuple[int, ...]]:
    """A list of dicts in torch's words and an input shape; some stacks shrink to nothing, where torch refuses too."""
    channels, size = draw(st.integers(1, 4)), (draw(st.integers(3, 20)), draw(st.integers(3, 20)))
    shape = (draw(st.integers(1, 3)), channels, *size)
    layers: list[Options] = []
    for _ in range(draw(st.integers(1, 5))):
        layer, channels = draw(_layers(channels))
        layers.append(layer)
    if draw(st.booleans()):
        shapes = torch_shapes(torch_net(layers), shape)
        features = math.prod(shapes[-1][1:]) if len(shapes) == len(layers) else 7
        layers += [{"type": "Flatten"}, {"type": "Linear", "in_features": features, "out_features": 3}]
    return layers, shape


@st.composite
def _layers(draw: st.DrawFn, channels: int) -> tuple[Options, int]:
    kind = draw(
        st.sampled_from(("Conv2d", "Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d", "BatchNorm2d", "more"))
    )
    if kind == "more":
        return draw(st.sampled_from(MORE)), channels
    if kind == "BatchNorm2d":
        return {"type": kind, "num_features": channels, "affine": draw(st.booleans())}, channels
    kernel = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    slide = {"type": kind, "kernel_size": kernel, "stride": draw(st.integers(1, 3))}
    padding = draw(st.integers(0, min(kernel) // 2))
    if "Pool" in kind:
        return slide | {"padding": padding, "ceil_mode": draw(st.booleans())}, channels
    groups = draw(st.sampled_from([g for g in range(1, channels + 1) if channels % g == 0]))
    out = groups * draw(st.integers(1, 3))
    known = {"in_channels": channels, "out_channels": out, "groups": groups, "bias": draw(st.booleans())}
    return slide | known | {"padding": padding, "dilation": draw(st.integers(1, 2))}, out


KINDS = ("Conv2d", "Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d", "BatchNorm2d", "more")
MORE = (
    {"type": "ReLU"},
    {"type": "PReLU"},
    {"type": "Dropout2d"},
    {"type": "Sigmoid"},
    {"type": "Upsample", "scale_factor": 2},
    {"type": "AdaptiveAvgPool2d", "output_size": (3, None)},
    {"type": "AdaptiveMaxPool2d", "output_size": 2},
    {"type": "ZeroPad2d", "padding": (1, 2, 0, 3)},
    {"type": "ReflectionPad2d", "padding": (1, 2, 0, 2)},
    {"type": "ConstantPad2d", "padding": 1, "value": 3.0},
)
