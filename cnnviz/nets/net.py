"""A network as data made into one torch module that takes pictures in [0, 1] and keeps every activation on request."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from cnnviz.core.chain import Chain, chain
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.network import INPUT, Network, NodeLike
from cnnviz.nets.modules import module

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
        self.register_buffer("mean", _per_channel(mean, self.input_shape[0]))
        self.register_buffer("std", _per_channel(std, self.input_shape[0]))

    def _own(self, name: str) -> bool:
        return next(node.shares for node in self.layers if node.name == name) is None

    def forward(self, images: Tensor) -> Tensor:
        """(N, C, H, W) in [0, 1] to logits (N, classes)."""
        return self.run(self.normalised(images))

    def normalised(self, images: Tensor) -> Tensor:
        """What the first layer sees; InvalidSpec where the pictures have another shape."""
        if images.ndim != 4 or tuple(images.shape[1:]) != self.input_shape:
            expected = f"(N, {', '.join(map(str, self.input_shape))})"
            raise InvalidSpec("images_shape", shape=tuple(images.shape), expected=expected)
        if images.numel() > MAX_BATCH_ELEMENTS:
            raise InvalidSpec("too_large", name="images", elements=images.numel(), limit=MAX_BATCH_ELEMENTS)
        return (images - self.mean) / self.std

    def run(self, x: Tensor, kept: dict[str, Tensor] | None = None) -> Tensor:
        """The layers alone, on an input already normalised; `kept` receives each layer's output by name."""
        if kept is None and self.layers.sequential:
            for node in self.layers:
                x = self.part(node.name)(x)
            return x
        made = {INPUT: x}
        for node in self.layers:
            x = made[node.name] = self.part(node.name)(*(made[name] for name in node.inputs))
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

    @property
    def parameter_count(self) -> int:
        """Learnable numbers that count: the kernels without a connection of a partial convolution do not."""
        return sum(stage.layer.parameters(stage.input_shape) for stage in self.chain if self._own(stage.name))


def activations(network: Net, images: Tensor) -> dict[str, Tensor]:
    """Every layer's output by name, in order, "input" (normalised) first: what the page of the network draws.

    `images` is (N, C, H, W) in [0, 1], or (C, H, W) for one. No gradients are kept and nothing is changed.

    >>> from cnnviz.nets.designs import design
    >>> net = design("lenet-d2l").net()
    >>> {name: tuple(a.shape) for name, a in activations(net, torch.zeros(1, 28, 28)).items()}["pool2"]
    (1, 16, 5, 5)
    """
    kept: dict[str, Tensor] = {}
    batch = images.unsqueeze(0) if images.ndim == 3 else images
    training = network.training
    network.eval()
    try:
        with torch.no_grad():
            network.run(network.normalised(batch), kept)
    finally:
        network.train(training)
    return kept


def _per_channel(values: Sequence[float], channels: int) -> Tensor:
    """(C, 1, 1); one number stands for all channels."""
    given = torch.tensor([float(v) for v in values])
    if len(given) not in (1, channels):
        raise InvalidSpec("wrong_length", name="mean", value=tuple(values), axes=channels)
    return given.expand(channels).clone().view(channels, 1, 1)
