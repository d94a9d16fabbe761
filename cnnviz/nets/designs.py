"""Our networks as data: one list of layers gives the module, the shapes, the costs, the receptive fields, the code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.core.cost import Summary, summary
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import (
    Activation,
    BatchNorm,
    Conv,
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
)
from cnnviz.core.presets_networks import article_3, lenet5
from cnnviz.core.receptive_field import ReceptiveField, receptive_field
from cnnviz.nets.glyphs import prototypes
from cnnviz.nets.net import Net

# Which of the 6 maps of S2 each of the 16 filters of C3 reads: Table I of LeCun et al., 1998, column by column.
C3_TABLE: tuple[tuple[int, ...], ...] = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5),
)  # fmt: skip


@dataclass(frozen=True)
class Design:
    """A network without its numbers: `input_shape` is (C, H, W), `classes` how many it tells apart."""

    id: str
    title: str
    input_shape: Shape
    layers: tuple[Layer, ...]
    source: str
    classes: int = 10

    def net(
        self, class_names: Sequence[str] = (), mean: Sequence[float] = (0.0,), std: Sequence[float] = (1.0,)
    ) -> Net:
        """The torch module, with torch's own starting weights from torch's own generator."""
        return Net(self.layers, self.input_shape, name=self.id, class_names=class_names, mean=mean, std=std)

    def summary(self) -> Summary:
        """A row per layer: shapes, parameters, multiply-adds."""
        return summary(self.layers, self.input_shape)

    def receptive_fields(self) -> ReceptiveField:
        """What one unit of each layer sees of the input."""
        return receptive_field(self.layers, self.input_shape[1:])


def lenet_modern() -> tuple[Layer, ...]:
    """LeNet-5 as one would write it today: ReLU and max pooling in place of sigmoid and average pooling."""
    now = {"sigmoid1": "relu1", "sigmoid2": "relu2", "sigmoid3": "relu3", "sigmoid4": "relu4"}
    return tuple(
        Activation(name=now[layer.name])
        if isinstance(layer, Activation)
        else Pool(name=layer.name, kernel_size=2)
        if isinstance(layer, Pool)
        else layer
        for layer in lenet5()
    )


def lenet_1998() -> tuple[Layer, ...]:
    """LeNet-5 as published: 60,000 learned numbers, and ten drawn digits that its last layer compares with.

    Its pictures are 32x32 around the same 28x28; the first layer adds that border, in the colour of the paper.
    """
    return (
        Pad(name="border", padding=2, padding_mode="replicate"),
        Conv(name="c1", in_channels=1, out_channels=6, kernel_size=5),
        Activation(name="tanh1", function="scaled_tanh"),
        Subsample(name="s2", kernel_size=2),
        Activation(name="tanh2", function="scaled_tanh"),
        PartialConv(name="c3", in_channels=6, kernel_size=5, connections=C3_TABLE),
        Activation(name="tanh3", function="scaled_tanh"),
        Subsample(name="s4", kernel_size=2),
        Activation(name="tanh4", function="scaled_tanh"),
        Conv(name="c5", in_channels=16, out_channels=120, kernel_size=5),
        Activation(name="tanh5", function="scaled_tanh"),
        Flatten(name="flatten"),
        Linear(name="f6", in_features=120, out_features=84),
        Activation(name="tanh6", function="scaled_tanh"),
        Radial(name="output", prototypes=prototypes()),
    )


def small() -> tuple[Layer, ...]:
    """A small network for colour photographs: five convolutions with batch normalisation, then one mean a map."""
    layers: list[Layer] = []
    channels = 3
    for number, width in enumerate(SMALL_WIDTHS, start=1):
        conv = Conv(
            name=f"conv{number}", in_channels=channels, out_channels=width, kernel_size=3, padding=1, bias=False
        )
        layers += [conv, BatchNorm(name=f"norm{number}", num_features=width), Activation(name=f"relu{number}")]
        if number in SMALL_POOLED:
            layers.append(Pool(name=f"pool{number}", kernel_size=2))
        channels = width
    head = (GlobalPool(name="gap"), Flatten(name="flatten"), Linear(name="fc", in_features=channels, out_features=10))
    return (*layers, *head)


SMALL_WIDTHS = (32, 48, 64, 96, 128)  # maps of each convolution
SMALL_POOLED = (1, 3)  # the convolutions after which the sides are halved

DESIGNS: dict[str, Design] = {
    made.id: made
    for made in (
        Design("lenet-d2l", "LeNet-5 (d2l)", (1, 28, 28), lenet5(), "d2l.ai, chapter 7.6; article 4"),
        Design("lenet-modern", "LeNet-5, today", (1, 28, 28), lenet_modern(), "after LeCun et al., 1998"),
        Design("lenet-1998", "LeNet-5 (1998)", (1, 28, 28), lenet_1998(), "LeCun et al., 1998, section II.B"),
        Design("article3", "Two convolutions", (1, 28, 28), article_3(), "article 3"),
        Design("small", "Small colour network", (3, 32, 32), small(), "cnnviz"),
    )
}
ALIASES = {"lenet": "lenet-d2l"}


def design(name: str) -> Design:
    """The network of this name; InvalidSpec lists the names there are.

    >>> design("lenet-d2l").summary().parameters
    61706
    >>> design("lenet-1998").summary().parameters
    60000
    """
    known = ALIASES.get(name, name)
    if known not in DESIGNS:
        raise InvalidSpec("unknown_choice", name="network", value=repr(name), allowed=", ".join(DESIGNS))
    return DESIGNS[known]
