"""A network as data made into one torch module that takes pictures in [0, 1] and keeps every activation on request."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TypeAlias

import torch
from torch import Tensor, nn

from cnnviz.core.chain import Chain, chain
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.network import INPUT, Network, NodeLike
from cnnviz.core.receptive_field import ReceptiveField, receptive_field
from cnnviz.nets.modules import module

Off: TypeAlias = Mapping[str, Collection[int]]
NOTHING: Off = {}
MAX_BATCH_ELEMENTS = 64 << 20  # numbers in one batch of pictures: 256 MiB as float32


class Net(nn.Module):
    """A network that can be run, taken apart and saved.

    `input_shape` is (C, H, W). Pictures come as (N, C, H, W) in [0, 1]; `mean` and `std`, one number a channel,
    normalise them inside, so that nobody has to remember to. The output is logits, (N, classes).

    >>> net = Net([{"type": "conv", "kernel_size": 5, "out_channels": 6}, {"type": "flatten"}], (1, 28, 28))
    >>> net(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 3456])
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        layers: Sequence[NodeLike] | Network,
        input_shape: Sequence[int],
        *,
        name: str = "",
        class_names: Sequence[str] = (),
        mean: Sequence[float] = (0.0,),
        std: Sequence[float] = (1.0,),
    ) -> None:
        super().__init__()
        self.name, self.class_names = name, tuple(class_names)
        self.input_shape = tuple(input_shape)
        self.chain: Chain = chain(layers, (1, *self.input_shape)).check()
        self.layers: Network = self.chain.network
        self.parts = nn.ModuleDict(
            {stage.name: module(stage.layer, stage.input_shape) for stage in self.chain if self._own(stage.name)}
        )
        self.register_buffer("mean", _per_channel("mean", mean, self.input_shape[0]))
        self.register_buffer("std", _per_channel("std", std, self.input_shape[0]))

    def _own(self, name: str) -> bool:
        return next(node.shares for node in self.layers if node.name == name) is None

    def forward(self, images: Tensor) -> Tensor:
        """(N, C, H, W) in [0, 1] to logits (N, classes)."""
        return self.run(self.normalised(images))

    def normalised(self, images: Tensor) -> Tensor:
        """What the first layer sees; InvalidSpec where the pictures have another shape."""
        if images.ndim != 4 or tuple(images.shape[1:]) != self.input_shape:
            expected = f"(N, {', '.join(map(str, self.input_shape))})"
            raise InvalidSpec("images_shape", name="images", shape=tuple(images.shape), expected=expected)
        if images.numel() > MAX_BATCH_ELEMENTS:
            raise InvalidSpec("too_large", name="images", elements=images.numel(), limit=MAX_BATCH_ELEMENTS)
        return (images - self.mean) / self.std

    def run(self, x: Tensor, kept: dict[str, Tensor] | None = None, off: Off = NOTHING) -> Tensor:
        """The layers alone, on an input already normalised.

        `kept` receives each layer's output by name. `off` names, by layer, the maps (or units of a vector) that are
        switched off: they are 0 for all that comes after.
        """
        if kept is None and not off and self.layers.sequential:
            for node in self.layers:
                x = self.part(node.name)(x)
            return x
        made = {INPUT: x}
        for node in self.layers:
            x = self.part(node.name)(*(made[name] for name in node.inputs))
            x = made[node.name] = without(x, off[node.name], node.name) if off.get(node.name) else x
        if kept is not None:
            kept |= made
        return x

    def part(self, name: str) -> nn.Module:
        """The module of a layer; one that shares another's weights has that one's."""
        if name in self.parts:
            return self.parts[name]
        shared = next((node.shares for node in self.layers if node.name == name), None)
        if shared is None:
            raise InvalidSpec("unknown_layer", value=name)
        return self.part(shared)

    @cached_property
    def fields(self) -> ReceptiveField:
        """What one unit of each layer sees of the picture; worked out once, for it is asked with every answer."""
        return receptive_field(self.layers, self.input_shape[1:])

    @property
    def parameter_count(self) -> int:
        """Learnable numbers that count: the kernels without a connection of a partial convolution do not."""
        return sum(stage.layer.parameters(stage.input_shape) for stage in self.chain if self._own(stage.name))


def without(x: Tensor, numbers: Collection[int], name: str) -> Tensor:
    """A layer's output (N, C, ...) with some of its maps set to 0.

    >>> without(torch.ones(1, 3), {1}, "fc").tolist()
    [[1.0, 0.0, 1.0]]
    """
    if not all(0 <= number < x.shape[1] for number in numbers):
        raise InvalidSpec("unit_outside", unit=sorted(numbers), name=name, units=x.shape[1])
    factor = torch.ones(x.shape[1], dtype=x.dtype)
    factor[list(numbers)] = 0
    return x * factor.view(-1, *(1 for _ in x.shape[2:]))


def activations(network: Net, images: Tensor, *, off: Off = NOTHING) -> dict[str, Tensor]:
    """Every layer's output by name, in order, "input" (normalised) first: what the page of the network draws.

    `images` is (N, C, H, W) in [0, 1], or (C, H, W) for one. `off` switches maps off: {"conv1": {2, 5}}. No gradients
    are kept and nothing is changed.

    >>> from cnnviz.nets.designs import design
    >>> net = design("lenet-d2l").net()
    >>> {name: tuple(a.shape) for name, a in activations(net, torch.zeros(1, 28, 28)).items()}["pool2"]
    (1, 16, 5, 5)
    """
    kept: dict[str, Tensor] = {}
    batch = images.unsqueeze(0) if images.ndim == 3 else images
    with in_use(network), torch.no_grad():
        network.run(network.normalised(batch), kept, off)
    return kept


@contextmanager
def in_use(net: Net) -> Iterator[None]:
    """The network as in use, not as in training; and as it was afterwards."""
    training = net.training
    if training:  # else nothing is touched: several readers may share the network
        net.eval()
    try:
        yield
    finally:
        if training:
            net.train()


def _per_channel(name: str, values: Sequence[float], channels: int) -> Tensor:
    """(C, 1, 1); one number stands for all channels."""
    given = torch.tensor([float(v) for v in values])
    if len(given) not in (1, channels):
        raise InvalidSpec("per_channel", name=name, value=tuple(values), channels=channels)
    return given.expand(channels).clone().view(channels, 1, 1)
