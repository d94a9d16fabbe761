"""What the shapes page computes of a chain: its costs, what its units see of a picture, and a large kernel's rivals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnnviz.core.chain import chain
from cnnviz.core.cost import Summary, costs, summary
from cnnviz.core.effective_field import EffectiveField, effective_field
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.images import Picture
from cnnviz.core.layers import AdaptivePool, Conv, GlobalPool, Layer, Shape
from cnnviz.core.pixels_lab import eight_bit
from cnnviz.core.receptive_field import ReceptiveField, receptive_field

MOST_MACS = 3 * 10**8
"""Multiply-adds of one measured field, forward: more would keep a reader waiting."""
MOST_FIELD = 400
"""Pixels of a field that is still measured."""
LARGEST_SQUARE = 512
"""Pixels of a side of the picture that others are made of: as many as an input can have."""
DRAWS = 8
"""Random networks whose gradients are averaged."""


@lru_cache(maxsize=256)
def costs_of(layers: tuple[Layer, ...], shape: Shape) -> Summary:
    """The rows of the layers that work, for an input (N, C, H, W); `.chain.broken` names the first that does not.

    >>> costs_of((Conv(kernel_size=3, name="a"), Conv(kernel_size=3, name="b")), (1, 1, 4, 4)).chain.broken.name
    'b'
    """
    return costs(chain(layers, shape))


def sliding_part(table: Summary) -> tuple[Layer, ...]:
    """The working layers up to the first that gives rows and columns up, or sees all of them: those with windows.

    >>> from cnnviz.core.presets_networks import PRESETS
    >>> [layer.name for layer in sliding_part(costs_of(PRESETS["lenet5"].layers, (1, 1, 28, 28)))][-1]
    'pool2'
    """
    found: list[Layer] = []
    for stage in table.chain:
        flat = len(stage.output_shape) != len(table.chain.input_shape)
        if flat or isinstance(stage.layer, (AdaptivePool, GlobalPool)):
            break
        found.append(stage.layer)
    return tuple(found)


@lru_cache(maxsize=256)
def fields_of(layers: tuple[Layer, ...], side: int) -> ReceptiveField | None:
    """The receptive fields of the layers over a square input; None where there is no layer."""
    return receptive_field(layers, input_size=side) if layers else None


@lru_cache(maxsize=64)
def measured_field(layers: tuple[Layer, ...], weights: str, seed: int) -> EffectiveField | InvalidSpec:
    """The gradient of the middle unit of the last layer, or the rule why it is not measured here.

    >>> measured_field((Conv(kernel_size=3), Conv(kernel_size=3)), "uniform", 0).measured
    (5, 5)
    """
    try:
        theory = receptive_field(layers)
        widest = max(axis.size for axis in theory[-1].axes)
        if widest > MOST_FIELD:
            raise InvalidSpec("parameter_outside", name="receptive field", value=widest, low=1, high=MOST_FIELD)
        runs = DRAWS if weights == "random" else 1
        thin = tuple(_thin(layer) for layer in layers)
        side = widest + 2 * int(np.ceil(max(float(axis.jump) for axis in theory[-1].axes)))
        effort = runs * summary(thin, (1, 1, side, side)).macs
        if effort > MOST_MACS * DRAWS:
            raise InvalidSpec("too_large", name="receptive field", elements=effort, limit=MOST_MACS * DRAWS)
        return effective_field(layers, weights=weights, seed=seed, runs=runs)
    except InvalidSpec as rule:
        return rule


def _thin(layer: Layer) -> Layer:
    """The layer with one channel: what a measurement runs."""
    if not isinstance(layer, Conv):
        return layer
    return Conv(
        name=layer.name,
        kernel_size=layer.kernel_size,
        stride=layer.stride,
        padding=layer.padding,
        dilation=layer.dilation,
        out_channels=1,
    )


def square(picture: Picture, side: int) -> npt.NDArray[np.uint8]:
    """The middle square of a picture, uint8 (side, side, 3), averaged down or repeated up.

    >>> from cnnviz.core.samples import sample
    >>> square(sample("cat"), 32).shape
    (32, 32, 3)
    """
    pixels = large_square(picture)
    way = Image.Resampling.BOX if side < len(pixels) else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(pixels).resize((side, side), way), np.uint8)


@lru_cache(maxsize=8)
def large_square(picture: Picture) -> npt.NDArray[np.uint8]:
    """The middle square of a picture, uint8, at most LARGEST_SQUARE on a side: what smaller ones are made of.

    >>> from cnnviz.core.samples import sample
    >>> large_square(sample("cat")).shape
    (300, 300, 3)
    """
    pixels = np.asarray(eight_bit(picture))
    height, width = pixels.shape[:2]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    image = Image.fromarray(np.ascontiguousarray(pixels[top : top + edge, left : left + edge])).convert("RGB")
    if edge > LARGEST_SQUARE:
        image = image.resize((LARGEST_SQUARE, LARGEST_SQUARE), Image.Resampling.BOX)
    return np.asarray(image, np.uint8)


@dataclass(frozen=True, eq=False)
class Design:
    """One way to see some pixels: its costs on C maps of a size, and how its gradient spreads over its field."""

    name: str
    layers: tuple[Layer, ...]
    table: Summary
    field: ReceptiveField
    gradient: npt.NDArray[np.float32]

    @property
    def weights(self) -> int:
        """Weights without biases: kernel · kernel · C · C for each layer."""
        return sum(stage.layer.weights(stage.input_shape) for stage in self.table.chain)

    @property
    def per_square(self) -> int:
        """Weights as a multiple of C²: 25 for one 5 × 5, 18 for two 3 × 3."""
        return self.weights // self.table.chain.input_shape[1] ** 2


def designs(big: int, channels: int, side: int) -> tuple[Design, Design]:
    """One big × big convolution, and the 3 × 3 convolutions that see as much: C channels in and out, sizes kept.

    >>> one, stack = designs(5, 64, 56)
    >>> one.per_square, stack.per_square, one.field[-1].size, stack.field[-1].size
    (25, 18, 5, 5)
    """
    one = (_conv("conv", big, channels),)
    stack = tuple(_conv(f"conv{i}", 3, channels) for i in range(1, big // 2 + 1))
    return _design("one", one, channels, side), _design("stack", stack, channels, side)


def _conv(name: str, kernel: int, channels: int) -> Conv:
    return Conv(name=name, kernel_size=kernel, out_channels=channels, padding=kernel // 2)


def _design(name: str, layers: tuple[Conv, ...], channels: int, side: int) -> Design:
    found = measured_field(layers, "uniform", 0)
    assert isinstance(found, EffectiveField), f"a field of {len(layers)} small kernels is always measured"
    table = costs_of(layers, (1, channels, side, side))
    rows, columns = (slice(axis.start, axis.stop) for axis in found.field.field_of(found.unit, clip=False))
    return Design(name, layers, table, receptive_field(layers), found.gradient[rows, columns].astype(np.float32))
