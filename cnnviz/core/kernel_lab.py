"""The kernel lab's numbers, between core/filtering.py and the page: planes, feature maps, colour indices, a proof.

Everything is pure and cached by the picture's digest and the frozen settings, each cache with a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.colour_mix import LUMA
from cnnviz.core.conv import ConvSpec
from cnnviz.core.filtering import filter_image
from cnnviz.core.images import Picture, fit
from cnnviz.core.kernels import Matrix, Weights, as_weights
from cnnviz.core.padding import PaddingLike
from cnnviz.core.windows import source_index

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.uint8]

SIDE = 512
"""The longest side of a picture in the lab: a change must answer while a cell is dragged."""
TOP_INDEX = 254
"""Palette indices run from 0 to this; 127 is the middle, and 255 is no number."""
LEAST_SPAN = 1e-36  # a shorter scale's numbers are all but 0, and dividing by it is beyond float32

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": lambda x: x,
    "relu": torch.relu,
    "abs": torch.abs,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "clip": lambda x: x.clamp(0.0, 1.0),
}


@dataclass(frozen=True)
class Laid:
    """How a kernel is laid on a picture and what follows: the arguments of `cv.conv`, the sum of what is added, and
    the activation. Hashable, so that results can be kept by it.

    >>> Laid(stride=(2, 2)).spec((3, 3)).output_size((8, 8))
    (4, 4)
    """

    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    padding: PaddingLike = "same"
    mode: str = "zeros"
    fill: float = 0.0
    added: float = 0.0
    flip: bool = False
    activation: str = "none"

    def spec(self, kernel_size: tuple[int, int]) -> ConvSpec:
        """The layer, one channel in and one out. Raises InvalidSpec."""
        fill = self.fill if self.mode == "constant" else 0.0
        return ConvSpec(kernel_size, 1, 1, self.stride, self.padding, self.dilation, 1, self.mode, fill, self.flip)


@lru_cache(maxsize=16)
def in_lab(picture: Picture) -> Picture:
    """The picture the lab works on: its longest side at most SIDE."""
    return fit(picture, SIDE)


@lru_cache(maxsize=24)
def planes(picture: Picture, channels: str) -> Floats:
    """What the kernel is laid on, float32 (C, H, W): "each" channel, their "sum" (C = 1), or "grey" (C = 1).

    Pixels are x / 255 in [0, 1]; grey is 0.299 R + 0.587 G + 0.114 B. The sum serves because convolving every
    channel with one kernel and adding is convolving the sum.

    >>> from cnnviz.core.images import picture_from_pixels
    >>> red = picture_from_pixels(np.array([[[255, 0, 0]]], np.uint8))
    >>> [planes(red, name).tolist() for name in ("each", "sum", "grey")]
    [[[[1.0]], [[0.0]], [[0.0]]], [[[1.0]]], [[[0.29899999499320984]]]]
    """
    own = picture.floats()
    if channels == "each" or own.shape[0] == 1:
        return own
    parts = np.ones(3, np.float32) if channels == "sum" else np.array(LUMA[0], np.float32)
    mixed: Floats = np.tensordot(parts, own, axes=1)[None].astype(np.float32)
    return mixed


def filled(laid: Laid, picture: Picture, channels: str) -> Laid:
    """The same, with the fill value a sum of channels meets: each of its channels is padded with it."""
    return replace(laid, fill=laid.fill * picture.channels) if channels == "sum" else laid


@lru_cache(maxsize=12)
def feature_maps(picture: Picture, channels: str, matrix: Matrix, laid: Laid) -> Floats:
    """float32 (C, H', W'): the picture's planes under the kernel, the added number and the activation.

    Raises InvalidSpec where the kernel cannot be laid on the picture.

    >>> from cnnviz.core.images import picture_from_pixels
    >>> steps = picture_from_pixels(np.array([[0, 51, 255]], np.uint8))
    >>> feature_maps(steps, "grey", ((-1.0, 1.0),), Laid(padding="valid", activation="relu")).round(2).tolist()
    [[[0.20000000298023224, 0.800000011920929]]]
    """
    laid = filled(laid, picture, channels)
    maps = filter_image(
        planes(picture, channels),
        as_weights(matrix),
        stride=laid.stride,
        dilation=laid.dilation,
        padding=laid.padding,
        padding_mode=laid.mode,
        padding_value=laid.fill if laid.mode == "constant" else 0.0,
        bias=laid.added,
        flip=laid.flip,
    )
    result: Floats = ACTIVATIONS[laid.activation](torch.from_numpy(maps)).numpy()
    return result


@lru_cache(maxsize=128)
def thumbnail(picture: Picture, channels: str, matrix: Matrix, laid: Laid, side: int) -> Floats:
    """The feature maps of `feature_maps`, averaged over areas until the longest side is at most `side`: (C, h, w)."""
    maps = torch.from_numpy(feature_maps(picture, channels, matrix, laid))
    shrink = max(maps.shape[1:]) / side
    if shrink <= 1:
        return maps.numpy().copy()
    height, width = (max(1, round(n / shrink)) for n in maps.shape[1:])
    small: Floats = F.adaptive_avg_pool2d(maps, (height, width)).numpy()
    return small


@dataclass(frozen=True)
class Scale:
    """The numbers at the two ends of the colour bar."""

    low: float
    high: float


def scales(maps: Sequence[Floats], view: str, choice: str, limit: float) -> list[Scale]:
    """The colour bar of each map.

    `choice`: "layer" puts all maps on one scale, "map" each on its own, "fixed" on ±limit, "input" on ±1, the range of
    the pixels. The view "clip" is always 0..1, "rescale" from the least number to the greatest.

    >>> scales([np.array([-2.0, 1.0], np.float32), np.array([0.5], np.float32)], "signed", "layer", 1.0)[1]
    Scale(low=-2.0, high=2.0)
    """
    if view == "clip":
        return [Scale(0.0, 1.0)] * len(maps)
    ranges = [(float(low), float(high)) for low, high in (torch.aminmax(torch.from_numpy(a)) for a in maps)]
    if choice == "layer" or (choice == "map" and len(maps) == 1):
        ranges = [(min(low for low, _ in ranges), max(high for _, high in ranges))] * len(maps)
    if view == "rescale":
        return [Scale(low, high) for low, high in ranges]
    ends = {"fixed": limit, "input": 1.0}
    tops = [ends.get(choice, max(-low, high)) for low, high in ranges]
    return [Scale(0.0 if view == "absolute" else -top, top) for top in tops]


def indices(maps: Floats, view: str, scale: Scale) -> Indices:
    """Palette indices 0..254 of numbers, the same shape: `scale.low` is 0, `scale.high` is 254; beyond them the ends.

    >>> indices(np.array([-1.0, 0.0, 0.5, 9.0], np.float32), "signed", Scale(-1.0, 1.0)).tolist()
    [0, 127, 191, 254]
    >>> indices(np.array([1e-40], np.float32), "signed", Scale(-1e-40, 1e-40)).tolist()
    [127]
    """
    numbers = torch.from_numpy(maps)
    numbers = numbers.abs() if view == "absolute" else numbers
    span = scale.high - scale.low
    if span < LEAST_SPAN:
        return np.full(maps.shape, 127 if view == "signed" else 0, np.uint8)
    # + 0.5 before the cut to whole numbers rounds, and at a signed scale puts 0 exactly at 127
    lifted = torch.tensor(0.5 - scale.low * TOP_INDEX / span)
    shares = torch.add(lifted, numbers, alpha=TOP_INDEX / span)
    result: Indices = shares.clamp_(0, TOP_INDEX + 0.5).to(torch.uint8).numpy()
    return result


def beyond(maps: Floats, view: str, scale: Scale) -> float:
    """The share of numbers a scale cannot tell from its ends.

    >>> beyond(np.array([-3.0, 0.0, 0.5, 9.0], np.float32), "signed", Scale(-1.0, 1.0))
    0.5
    """
    low, high = (float(end) for end in torch.aminmax(torch.from_numpy(maps)))
    low, high = (0.0, max(-low, high)) if view == "absolute" else (low, high)
    if scale.low <= low and high <= scale.high:
        return 0.0
    numbers = np.abs(maps) if view == "absolute" else maps
    return int(np.count_nonzero(numbers < scale.low) + np.count_nonzero(numbers > scale.high)) / maps.size


def proof(picture: Picture, channels: str, channel: int, weights: Weights, laid: Laid, at: tuple[int, int]) -> float:
    """One output element (row, column) by PyTorch's own float32 convolution over its patch alone.

    For "sum" the patch has all channels; for "each", `channel` says which. Raises InvalidSpec.

    >>> from cnnviz.core.images import picture_from_pixels
    >>> steps = picture_from_pixels(np.array([[0, 51, 255]], np.uint8))
    >>> round(proof(steps, "grey", 0, as_weights([[-1, 1]]), Laid(padding="valid"), (0, 1)), 6)
    0.8
    """
    whole = planes(picture, "each" if channels == "sum" else channels)
    patch = torch.from_numpy(_patch(whole, laid.spec((weights.shape[0], weights.shape[1])), laid, at))
    patch = patch if channels == "sum" else patch[channel : channel + 1]
    kernel = torch.from_numpy((weights[::-1, ::-1] if laid.flip else weights).astype(np.float32).copy())
    kernel = kernel.expand(1, patch.shape[0], -1, -1)
    value = F.conv2d(patch[None], kernel, torch.tensor([laid.added], dtype=torch.float32))
    return float(ACTIVATIONS[laid.activation](value))


def _patch(whole: Floats, spec: ConvSpec, laid: Laid, at: tuple[int, int]) -> Floats:
    """What the window of output element `at` sees: (C, kh, kw), fill values where it lies in the padding."""
    size = (whole.shape[1], whole.shape[2])
    axes = spec.axes(size)
    sources = [
        [source_index(p, n, spec.padding_mode) for p in axis.positions(o)]
        for axis, n, o in zip(axes, size, at, strict=True)
    ]
    inside = [[0 if s is None else s for s in line] for line in sources]
    patch: Floats = whole[:, inside[0]][:, :, inside[1]].copy()
    for number, line in enumerate(sources, start=1):
        outside = [i for i, s in enumerate(line) if s is None]
        patch[(slice(None),) * number + (outside,)] = spec.padding_value
    return patch
