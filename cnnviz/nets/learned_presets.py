"""The kernels our networks learned, one 2-D slice at a time, between the committed weights and the kernel lab.

A kernel's id is network.layer.out.in: `lenet-modern-mnist.conv1.3.0` is `conv1.weight[3, 0]` of that network. The
weights are read from the checked files themselves; no network is built for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.nets.library import FOLDER, names
from cnnviz.nets.weights import METADATA, contents, header, read

Stack = npt.NDArray[np.float32]
WHOLE = 128
"""A layer of at most so many kernels is shown at once, a larger one a filter at a time."""


@dataclass(frozen=True)
class LearnedLayer:
    """A convolution of a trained network: `filters` of `channels` kernels each, `size` (kh, kw)."""

    network: str
    name: str
    filters: int
    channels: int
    size: tuple[int, int]

    @property
    def whole(self) -> bool:
        """Whether all of its kernels are shown at once."""
        return self.filters * self.channels <= WHOLE

    def places(self, out: int) -> tuple[tuple[int, int], ...]:
        """(out, in) of the kernels shown together: all, or those of filter `out`."""
        filters = range(self.filters) if self.whole else (out,)
        return tuple((o, i) for o in filters for i in range(self.channels))


@lru_cache(maxsize=1)
def learned_layers() -> tuple[LearnedLayer, ...]:
    """Every convolution of every trained network, in the order of the networks' names.

    >>> [(one.name, one.filters, one.channels) for one in learned_layers() if one.network == "lenet-d2l-mnist"]
    [('conv1', 6, 1), ('conv2', 16, 6)]
    """
    return tuple(layer for network in names() for layer in _layers_of(network))


def _layers_of(network: str) -> list[LearnedLayer]:
    table: dict[str, Any] = header(*contents(_file(network)))
    shapes = {name: entry["shape"] for name, entry in table.items() if name != METADATA}
    return [
        LearnedLayer(network, name.split(".")[-2], shape[0], shape[1], (shape[2], shape[3]))
        for name, shape in sorted(shapes.items())
        if name.endswith(".weight") and len(shape) == 4
    ]


def _file(network: str) -> Any:
    return FOLDER / f"{network}.safetensors"


@lru_cache(maxsize=32)
def learned_stack(layer: LearnedLayer) -> Stack:
    """All kernels of a layer, float32 (out, in, kh, kw), as the file has them. Raises InvalidSpec for a broken file."""
    tensors = read(*contents(_file(layer.network)))
    stack: Stack = tensors[f"parts.{layer.name}.weight"].numpy()
    stack.flags.writeable = False
    return stack


def find_layer(network: str, name: str) -> LearnedLayer | None:
    """The layer of these names, if there is one."""
    return next((layer for layer in learned_layers() if (layer.network, layer.name) == (network, name)), None)


@dataclass(frozen=True)
class LearnedKernel:
    """One kernel of a layer: what filter `out` weighs input channel `channel` with."""

    layer: LearnedLayer
    out: int
    channel: int

    @property
    def weights(self) -> Stack:
        """(kh, kw) float32."""
        kernel: Stack = learned_stack(self.layer)[self.out, self.channel]
        return kernel

    @property
    def index(self) -> str:
        """How PyTorch names it: `conv1.weight[3, 0]`."""
        return f"{self.layer.name}.weight[{self.out}, {self.channel}]"


def find_kernel(id: str) -> LearnedKernel | None:
    """The kernel of this id, or None where no network of ours has it.

    >>> kernel = find_kernel("small-cifar10.conv1.31.2")
    >>> (kernel.index, kernel.weights.shape) if kernel else None
    ('conv1.weight[31, 2]', (3, 3))
    >>> find_kernel("small-cifar10.conv1.32.0") is None
    True
    """
    match = re.fullmatch(r"([a-z0-9-]+)\.([a-z0-9_]+)\.(\d{1,4})\.(\d{1,4})", id)
    layer = find_layer(match[1], match[2]) if match else None
    if match is None or layer is None:
        return None
    out, channel = int(match[3]), int(match[4])
    return LearnedKernel(layer, out, channel) if out < layer.filters and channel < layer.channels else None
