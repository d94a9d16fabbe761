"""How much each pixel of the receptive field really matters: the gradient of one unit, drawn back to the input.

After Luo, Li, Urtasun & Zemel, "Understanding the effective receptive field in deep convolutional neural networks"
(2016): the field that counts is a blurred spot in the middle of the theoretical one, and grows only with the square
root of the depth.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Activation, Add, BatchNorm, Conv, Dropout, Layer, Pool
from cnnviz.core.layers.windowed import DEPTHWISE
from cnnviz.core.network import INPUT, Node, NodeLike
from cnnviz.core.padding import choice, per_axis, whole
from cnnviz.core.receptive_field import ReceptiveField, receptive_field

THRESHOLD = 1 - 0.9545  # of the largest gradient, as in the paper: two standard deviations of a Gaussian
MAX_VALUES = 2**25  # numbers held for the way back: 256 MiB of float64
FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "gelu": F.gelu,
    "silu": F.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "identity": lambda x: x,
}


class Weights(StrEnum):
    """How the kernels are filled."""

    UNIFORM = "uniform"  # all alike: the field of averaging
    RANDOM = "random"  # Gaussian, scaled as He et al. (2015) do, before any training


@dataclass(frozen=True)
class EffectiveField:
    """The gradient of the middle unit: `gradient` has the input's spatial shape, its largest value is 1."""

    gradient: NDArray[np.float64]
    unit: tuple[int, ...]
    field: ReceptiveField

    @property
    def theoretical(self) -> tuple[int, ...]:
        """Pixels on each axis that can matter at all."""
        return tuple(axis.size for axis in self.field[-1].axes)

    @property
    def sigma(self) -> tuple[float, ...]:
        """Standard deviation of the gradient on each axis, in pixels."""
        return tuple(_spread(self._along(axis)) for axis in range(self.gradient.ndim))

    @property
    def measured(self) -> tuple[int, ...]:
        """Pixels on each axis, through the largest value, that matter at least 4.55 % as much as it."""
        peak = np.unravel_index(int(self.gradient.argmax()), self.gradient.shape)
        counts = []
        for axis in range(self.gradient.ndim):
            line = np.moveaxis(self.gradient, axis, -1)[tuple(np.delete(peak, axis))]
            counts.append(int((line > THRESHOLD).sum()))
        return tuple(counts)

    @property
    def area(self) -> int:
        """All pixels that matter at least 4.55 % as much as the one that matters most."""
        return int((self.gradient > THRESHOLD).sum())

    @property
    def share(self) -> float:
        """The part of the theoretical field that matters so much."""
        return self.area / math.prod(self.theoretical)

    def _along(self, axis: int) -> NDArray[np.float64]:
        others = tuple(a for a in range(self.gradient.ndim) if a != axis)
        return np.asarray(self.gradient.sum(axis=others))


def effective_field(
    layers: Sequence[NodeLike],
    *,
    weights: str = "uniform",
    seed: int = 0,
    runs: int = 1,
    channels: int = 1,
    input_size: int | Sequence[int] | None = None,
) -> EffectiveField:
    """The gradient magnitude of the middle unit (of all channels together), the mean of `runs` draws from `seed`.

    `layers` may hold convolutions, poolings, activations, batch normalisation and dropout (both pass the gradient
    on) and sums; every convolution has `channels` channels. `input_size` is by default as large as the theoretical
    field and a step on each side. Raises InvalidSpec for other layers and where the network would not fit in memory.

    >>> found = effective_field([{"kernel_size": 3}] * 2)
    >>> found.theoretical, found.gradient[5 // 2 + 1].round(2).tolist()
    ((5, 5), [0.0, 0.33, 0.67, 1.0, 0.67, 0.33, 0.0])
    """
    kind = Weights(choice("weights", weights, Weights))
    whole("runs", runs, 1)
    whole("channels", channels, 1)
    theory = receptive_field(layers)
    field = receptive_field(theory.network, _input_size(theory, input_size))
    _check_memory(field, channels, runs)
    last = field[-1].output_size or ()
    unit = tuple(n // 2 for n in last)
    generator = torch.Generator().manual_seed(whole("seed", seed, 0))
    total = sum(_gradient(field, unit, kind, channels, generator) for _ in range(runs))
    magnitude = np.asarray(total, dtype=np.float64)
    largest = magnitude.max()
    return EffectiveField(magnitude / largest if largest > 0 else magnitude, unit, field)


def uniform_sigma(field: ReceptiveField) -> tuple[float, ...]:
    """What theory gives for uniform weights and no activation: each layer adds (k² − 1) / 12 · (d · jump)² to σ².

    >>> uniform_sigma(receptive_field([{"kernel_size": (5,)}] * 2))
    (2.0,)
    """
    variances = [0.0] * len(field.input_size)
    jumps = [1.0] * len(field.input_size)
    for row in field:
        for a in range(len(jumps)):
            k, d = (getattr(row.layer, name, 1) for name in ("kernel_size", "dilation"))
            k, d = (per_axis(name, value, len(jumps), 1)[a] for name, value in (("kernel_size", k), ("dilation", d)))
            variances[a] += (k**2 - 1) / 12 * (d * jumps[a]) ** 2
            jumps[a] = float(row.axes[a].jump)
    return tuple(math.sqrt(variance) for variance in variances)


def _gradient(
    field: ReceptiveField, unit: tuple[int, ...], kind: Weights, channels: int, generator: torch.Generator
) -> NDArray[np.float64]:
    size = tuple(n for n in field.input_size if n is not None)
    dtype = torch.float64 if kind is Weights.UNIFORM else torch.float32  # the draws differ by more than rounding
    x = torch.randn((1, 1, *size), generator=generator, dtype=dtype).requires_grad_()
    values = {INPUT: x}
    for node in field.network:
        values[node.name] = _run(node, [values[name] for name in node.inputs], kind, channels, generator)
    y = values[field.network.names[-1]]
    (gradient,) = torch.autograd.grad(y[0].sum(0)[unit], x)
    return np.asarray(gradient[0, 0].abs().double().numpy())


def _run(node: Node, inputs: list[Tensor], kind: Weights, channels: int, generator: torch.Generator) -> Tensor:
    layer, x = node.layer, inputs[0]
    if isinstance(layer, Conv):
        depthwise = layer.groups == DEPTHWISE
        groups: Any = DEPTHWISE if depthwise else 1
        wide = replace(layer, in_channels=None, out_channels=None if depthwise else channels, groups=groups)
        spec = wide.spec(x.shape[1])
        return spec(x, _filled(spec.weight_shape, kind, generator))
    if isinstance(layer, Pool):
        return layer.spec()(x)
    if isinstance(layer, Add):
        return torch.stack(inputs).sum(0)
    if isinstance(layer, Activation) and layer.function in FUNCTIONS:
        return FUNCTIONS[layer.function](x)
    if isinstance(layer, (BatchNorm, Dropout)):
        return x
    raise _refused(layer)


def _filled(shape: tuple[int, ...], kind: Weights, generator: torch.Generator) -> Tensor:
    inputs = math.prod(shape[1:])
    if kind is Weights.UNIFORM:
        return torch.full(shape, 1 / inputs, dtype=torch.float64)
    return torch.randn(shape, generator=generator, dtype=torch.float32) * math.sqrt(2 / inputs)


def _refused(layer: Layer) -> InvalidSpec:
    allowed = ("conv", "max_pool", "avg_pool", "lp_pool", "add", "batch_norm", "dropout", *FUNCTIONS)
    return InvalidSpec("unknown_choice", name="type", value=repr(layer.kind), allowed=", ".join(map(repr, allowed)))


def _input_size(theory: ReceptiveField, given: int | Sequence[int] | None) -> int | Sequence[int]:
    if given is not None:
        return given
    return tuple(axis.size + 2 * math.ceil(axis.jump) for axis in theory[-1].axes)


def _check_memory(field: ReceptiveField, channels: int, runs: int) -> None:
    held = sum(math.prod(row.output_size or ()) for row in field) * channels
    held += math.prod(n for n in field.input_size if n is not None)
    if held > MAX_VALUES or held * runs > 64 * MAX_VALUES:
        raise InvalidSpec("too_large", name="input_size", elements=held * runs, limit=MAX_VALUES)


def _spread(line: NDArray[np.float64]) -> float:
    total = line.sum()
    if total == 0:
        return 0.0
    places = np.arange(len(line))
    middle = (places * line).sum() / total
    return float(np.sqrt(((places - middle) ** 2 * line).sum() / total))
