"""Networks that every course shows, as layer data: LeNet-5, AlexNet, VGG-16, and the small net of article 3."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.layers import (
    Activation,
    AdaptivePool,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    Pool,
    Shape,
)

VGG_16 = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # (channels, convolutions) of each block


@dataclass(frozen=True)
class NetworkPreset:
    """A network with the input it was made for: `input_shape` is (C, H, W)."""

    id: str
    title: str
    input_shape: Shape
    layers: tuple[Layer, ...]
    source: str


def lenet5() -> tuple[Layer, ...]:
    """LeNet-5 as "Dive into Deep Learning" has it (article 4): sigmoid, average pooling, 10 classes."""
    return (
        Conv(name="conv1", in_channels=1, out_channels=6, kernel_size=5, padding=2),
        Activation(name="sigmoid1", function="sigmoid"),
        Pool(name="pool1", mode="avg", kernel_size=2),
        Conv(name="conv2", in_channels=6, out_channels=16, kernel_size=5),
        Activation(name="sigmoid2", function="sigmoid"),
        Pool(name="pool2", mode="avg", kernel_size=2),
        Flatten(name="flatten"),
        Linear(name="fc1", in_features=400, out_features=120),
        Activation(name="sigmoid3", function="sigmoid"),
        Linear(name="fc2", in_features=120, out_features=84),
        Activation(name="sigmoid4", function="sigmoid"),
        Linear(name="fc3", in_features=84, out_features=10),
    )


def alexnet() -> tuple[Layer, ...]:
    """AlexNet as torchvision has it ("One weird trick", 2014): one branch, no local response normalisation."""
    return (
        Conv(name="conv1", in_channels=3, out_channels=64, kernel_size=11, stride=4, padding=2),
        Activation(name="relu1"),
        Pool(name="pool1", kernel_size=3, stride=2),
        Conv(name="conv2", in_channels=64, out_channels=192, kernel_size=5, padding=2),
        Activation(name="relu2"),
        Pool(name="pool2", kernel_size=3, stride=2),
        Conv(name="conv3", in_channels=192, out_channels=384, kernel_size=3, padding=1),
        Activation(name="relu3"),
        Conv(name="conv4", in_channels=384, out_channels=256, kernel_size=3, padding=1),
        Activation(name="relu4"),
        Conv(name="conv5", in_channels=256, out_channels=256, kernel_size=3, padding=1),
        Activation(name="relu5"),
        Pool(name="pool5", kernel_size=3, stride=2),
        AdaptivePool(name="avgpool", output_size=6),
        Flatten(name="flatten"),
        Dropout(name="dropout5"),
        *_hidden(256 * 6 * 6),
        Linear(name="fc8", in_features=4096, out_features=1000),
    )


def vgg16() -> tuple[Layer, ...]:
    """VGG-16 (configuration D of Simonyan & Zisserman, 2014), 1000 classes."""
    layers: list[Layer] = []
    channels = 3
    for block, (width, depth) in enumerate(VGG_16, start=1):
        for number in range(1, depth + 1):
            name = f"{block}_{number}"
            layers.append(Conv(name=f"conv{name}", in_channels=channels, out_channels=width, kernel_size=3, padding=1))
            layers.append(Activation(name=f"relu{name}"))
            channels = width
        layers.append(Pool(name=f"pool{block}", kernel_size=2))
    layers += [AdaptivePool(name="avgpool", output_size=7), Flatten(name="flatten"), *_hidden(512 * 7 * 7)]
    return (*layers, Dropout(name="dropout7"), Linear(name="fc8", in_features=4096, out_features=1000))


def article_3() -> tuple[Layer, ...]:
    """The two convolutions of article 3's TensorFlow listing; SAME padding keeps 28, 14 and 7."""
    return (
        Conv(name="conv1", in_channels=1, out_channels=64, kernel_size=3, padding="same_upper"),
        Activation(name="relu1"),
        Pool(name="pool1", kernel_size=2, padding="same_upper"),
        Conv(name="conv2", in_channels=64, out_channels=128, kernel_size=3, padding="same_upper"),
        Activation(name="relu2"),
        Pool(name="pool2", kernel_size=2, padding="same_upper"),
        Flatten(name="flatten"),
        Linear(name="fc1", in_features=7 * 7 * 128, out_features=1024),
        Activation(name="relu3"),
        Dropout(name="dropout"),
        Linear(name="fc2", in_features=1024, out_features=10),
    )


def _hidden(features: int) -> tuple[Layer, ...]:
    """The two fully connected layers of 4096 that AlexNet and VGG-16 share."""
    return (
        Linear(name="fc6", in_features=features, out_features=4096),
        Activation(name="relu6"),
        Dropout(name="dropout6"),
        Linear(name="fc7", in_features=4096, out_features=4096),
        Activation(name="relu7"),
    )


PRESETS: dict[str, NetworkPreset] = {
    preset.id: preset
    for preset in (
        NetworkPreset("lenet5", "LeNet-5", (1, 28, 28), lenet5(), "d2l.ai, chapter 7.6 (after LeCun et al., 1998)"),
        NetworkPreset("alexnet", "AlexNet", (3, 224, 224), alexnet(), "torchvision (after Krizhevsky et al., 2012)"),
        NetworkPreset("vgg16", "VGG-16", (3, 224, 224), vgg16(), "Simonyan & Zisserman, 2014"),
        NetworkPreset("article3", "Two convolutions", (1, 28, 28), article_3(), "article 3"),
    )
}
