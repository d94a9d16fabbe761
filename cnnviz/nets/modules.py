"""From a layer as data to the torch module that computes it: the only place that knows which is which.

Ordinary layers become torch.nn's own modules, so that their names, defaults and speed are torch's; what torch lacks
(padding that differs by side, LeNet's layers of 1998) is written here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import singledispatch
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    Linear,
    Pad,
    PartialConv,
    Pool,
    Radial,
    Shape,
    Subsample,
    Upsample,
)
from cnnviz.core.padding import PaddingMode, Pairs
from cnnviz.core.pool import PoolSpec

TORCH_MODES = {"zeros": "constant"}  # F.pad's word for ours, where they differ
SCALED_TANH = (1.7159, 2 / 3)  # amplitude and slope, LeCun et al. 1998, equation 6


class ScaledTanh(nn.Module):
    """LeNet's activation of 1998: 1.7159 tanh(2x/3), which takes 1 to 1 and −1 to −1."""

    def forward(self, x: Tensor) -> Tensor:
        amplitude, slope = SCALED_TANH
        return amplitude * torch.tanh(slope * x)


class Padding(nn.Module):
    """Padding with its own amount before and after each axis; torch lists them last axis first."""

    def __init__(self, pairs: Pairs, mode: str = "zeros", value: float = 0.0) -> None:
        super().__init__()
        self.amounts = [n for pair in reversed(pairs) for n in pair]
        self.mode, self.value = TORCH_MODES.get(mode, mode), value

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, self.amounts, self.mode, self.value if self.mode == "constant" else None)


class PartialConv2d(nn.Conv2d):
    """A convolution whose kernels without a connection stay 0, whatever the optimiser does."""

    connected: Tensor

    def __init__(self, layer: PartialConv, spec: ConvSpec, padding: Any) -> None:
        slide: tuple[Any, ...] = (spec.kernel_size, spec.stride, padding, spec.dilation, 1, layer.bias)
        super().__init__(spec.in_channels, spec.out_channels, *slide)
        mask = torch.zeros(spec.out_channels, spec.in_channels, *(1 for _ in spec.kernel_size))
        for filter_, maps in enumerate(layer.connections):
            mask[filter_, list(maps)] = 1
        self.register_buffer("connected", mask, persistent=False)
        with torch.no_grad():
            self.weight.mul_(mask)

    def forward(self, input: Tensor) -> Tensor:
        made: Tensor = self._conv_forward(input, self.weight * self.connected, self.bias)
        return made


class Subsampling(nn.Module):
    """The sum of each window times a learned weight, plus a learned bias, one of each a map."""

    def __init__(self, kernel_size: tuple[int, ...], channels: int) -> None:
        super().__init__()
        self.kernel_size: Any = kernel_size
        self.taps = math.prod(kernel_size)
        self.weight = nn.Parameter(torch.full((channels,), 1 / self.taps))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        each = (-1, *(1 for _ in self.kernel_size))
        return F.avg_pool2d(x, self.kernel_size) * (self.taps * self.weight.view(each)) + self.bias.view(each)


class RadialUnits(nn.Module):
    """Minus the squared distance to each prototype: the nearest one wins."""

    prototypes: Tensor

    def __init__(self, prototypes: Any) -> None:
        super().__init__()
        self.register_buffer("prototypes", torch.tensor(prototypes, dtype=torch.float32), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return -(x.unsqueeze(-2) - self.prototypes).square().sum(-1)


class GlobalPooling(nn.Module):
    """One number for each map, whatever its size, kept as (N, C, 1, ...)."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode

    def forward(self, x: Tensor) -> Tensor:
        axes = tuple(range(2, x.ndim))
        return x.mean(axes, keepdim=True) if self.mode == "avg" else x.amax(axes, keepdim=True)


class BySpec(nn.Module):
    """A pooling that torch has no module for, computed by its spec."""

    def __init__(self, spec: PoolSpec) -> None:
        super().__init__()
        self.spec = spec

    def forward(self, x: Tensor) -> Tensor:
        return self.spec(x)


class Join(nn.Module):
    """Where branches meet: their sum, or one after the other along the channels."""

    def __init__(self, join: Callable[[tuple[Tensor, ...]], Tensor]) -> None:
        super().__init__()
        self.join = join

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.join(inputs)


@singledispatch
def module(layer: Layer, shape: Shape) -> nn.Module:
    """The torch module of a layer for an input of this shape (batch first), with torch's own starting weights.

    >>> module(Conv(kernel_size=5, out_channels=6, padding=2), (1, 1, 28, 28))
    Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))
    """
    raise InvalidSpec("unknown_choice", name="type", value=layer.kind, allowed="the layers that have a module")


def _same_each_side(pairs: Pairs) -> tuple[int, ...] | None:
    return tuple(before for before, _ in pairs) if all(before == after for before, after in pairs) else None


@module.register
def _conv(layer: Conv, shape: Shape) -> nn.Module:
    spec = layer.spec(shape[1])
    pairs = spec.padding_for(shape[2:])
    even = _same_each_side(pairs)
    padding = even if even is not None else 0
    if isinstance(layer, PartialConv):
        made: nn.Module = PartialConv2d(layer, spec, padding)
    else:
        kind: Any = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[spec.dims - 1]
        mode = layer.padding_mode if even is not None else "zeros"
        slide: tuple[Any, ...] = (spec.kernel_size, spec.stride, padding, spec.dilation, spec.groups, layer.bias, mode)
        made = kind(spec.in_channels, spec.out_channels, *slide)
    return made if even is not None else nn.Sequential(Padding(pairs, layer.padding_mode), made)


@module.register
def _conv_transpose(layer: ConvTranspose, shape: Shape) -> nn.Module:
    spec = layer.spec(shape[1])
    even = _same_each_side(spec.padding_for(shape[2:]))
    if even is None:
        raise InvalidSpec("unknown_padding", value=layer.padding, allowed="amounts that are the same on both sides")
    kind: Any = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)[spec.dims - 1]
    slide = (spec.kernel_size, spec.stride, even, spec.output_padding, spec.groups, layer.bias, spec.dilation)
    made: nn.Module = kind(spec.in_channels, spec.out_channels, *slide)
    return made


@module.register
def _pool(layer: Pool, shape: Shape) -> nn.Module:
    spec = layer.spec()
    pairs = spec.padding_for(shape[2:])
    even = _same_each_side(pairs)
    dims = len(shape) - 2
    if layer.mode == "max" and even is not None:
        kind: Any = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)[dims - 1]
        made: nn.Module = kind(spec.kernel_size, spec.stride, even, spec.dilation, ceil_mode=layer.ceil_mode)
        return made
    if layer.mode == "avg" and even is not None and set(spec.dilation) == {1}:
        mean: Any = (nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)[dims - 1]
        made = mean(spec.kernel_size, spec.stride, even, layer.ceil_mode, layer.count_include_pad)
        return made
    return BySpec(spec)


@module.register
def _global_pool(layer: GlobalPool, shape: Shape) -> nn.Module:
    return GlobalPooling(layer.mode)


@module.register
def _adaptive_pool(layer: AdaptivePool, shape: Shape) -> nn.Module:
    kinds: dict[str, Any] = {
        "avg": (nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d),
        "max": (nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d, nn.AdaptiveMaxPool3d),
    }
    made: nn.Module = kinds[layer.mode][len(shape) - 3](layer.output_shape(shape)[2:])
    return made


@module.register
def _subsample(layer: Subsample, shape: Shape) -> nn.Module:
    return Subsampling(layer.pool().spec().kernel_size, shape[1])


@module.register
def _radial(layer: Radial, shape: Shape) -> nn.Module:
    return RadialUnits(layer.prototypes)


@module.register
def _linear(layer: Linear, shape: Shape) -> nn.Module:
    return nn.Linear(shape[-1], layer.out_features, layer.bias)


@module.register
def _flatten(layer: Flatten, shape: Shape) -> nn.Module:
    return nn.Flatten(layer.start_dim, layer.end_dim)


@module.register
def _batch_norm(layer: BatchNorm, shape: Shape) -> nn.Module:
    kind: Any = (nn.BatchNorm1d, nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[len(shape) - 2]
    made: nn.Module = kind(shape[1], affine=layer.affine)
    return made


@module.register
def _dropout(layer: Dropout, shape: Shape) -> nn.Module:
    return nn.Dropout(layer.p)


@module.register
def _pad(layer: Pad, shape: Shape) -> nn.Module:
    return Padding(layer.pairs(len(shape) - 2), PaddingMode(layer.padding_mode))


@module.register
def _upsample(layer: Upsample, shape: Shape) -> nn.Module:
    return nn.Upsample(layer.output_shape(shape)[2:], mode=layer.mode)


@module.register
def _add(layer: Add, shape: Shape) -> nn.Module:
    return Join(lambda inputs: torch.stack(inputs).sum(0))


@module.register
def _concat(layer: Concat, shape: Shape) -> nn.Module:
    return Join(lambda inputs: torch.cat(inputs, 1))


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "relu6": nn.ReLU6, "elu": nn.ELU, "celu": nn.CELU, "selu": nn.SELU,
    "gelu": nn.GELU, "silu": nn.SiLU, "mish": nn.Mish, "sigmoid": nn.Sigmoid, "log_sigmoid": nn.LogSigmoid,
    "hardsigmoid": nn.Hardsigmoid, "hardswish": nn.Hardswish, "hardtanh": nn.Hardtanh, "tanh": nn.Tanh,
    "tanhshrink": nn.Tanhshrink, "softplus": nn.Softplus, "softsign": nn.Softsign,
    "softmax": lambda: nn.Softmax(1), "log_softmax": lambda: nn.LogSoftmax(1), "identity": nn.Identity,
    "scaled_tanh": ScaledTanh,
}  # fmt: skip


@module.register
def _activation(layer: Activation, shape: Shape) -> nn.Module:
    if layer.function == "prelu":
        return nn.PReLU(layer.num_parameters)
    return ACTIVATIONS[layer.function]()
