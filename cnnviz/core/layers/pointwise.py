"""Layers that change each number by itself: activations, batch normalisation, dropout."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers.base import Layer, Shape
from cnnviz.core.padding import choice, whole

ACTIVATIONS = (
    "relu", "leaky_relu", "prelu", "relu6", "elu", "celu", "selu", "gelu", "silu", "mish", "sigmoid", "log_sigmoid",
    "hardsigmoid", "hardswish", "hardtanh", "tanh", "tanhshrink", "softplus", "softsign", "softmax", "log_softmax",
    "identity", "scaled_tanh",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Activation(Layer):
    """A non-linearity. Only "prelu" learns: `num_parameters` slopes. "scaled_tanh" is LeNet's 1.7159 tanh(2x/3).

    >>> Activation(function="relu").output_shape((1, 6, 28, 28))
    (1, 6, 28, 28)
    """

    function: str = "relu"
    num_parameters: int = 1

    def __post_init__(self) -> None:
        choice("function", self.function, ACTIVATIONS)
        whole("num_parameters", self.num_parameters, 1)

    @property
    def kind(self) -> str:
        return self.function

    def weights(self, shape: Shape) -> int:
        return self.num_parameters if self.function == "prelu" else 0


@dataclass(frozen=True, kw_only=True)
class BatchNorm(Layer):
    """Batch normalisation; with `affine` it learns a scale and a shift for each channel.

    >>> BatchNorm().parameters((1, 64, 32, 32))
    128
    """

    num_features: int | None = None
    affine: bool = True

    def __post_init__(self) -> None:
        if self.num_features is not None:
            whole("num_features", self.num_features, 1)

    @property
    def kind(self) -> str:
        return "batch_norm"

    def output_shape(self, *inputs: Shape) -> Shape:
        shape = inputs[0]
        if len(shape) < 2:
            raise InvalidSpec("layer_axes", kind=self.kind, shape=shape, axes=0)
        if self.num_features is not None and shape[1] != self.num_features:
            raise InvalidSpec("num_features_differ", channels=shape[1], num_features=self.num_features)
        return shape

    def weights(self, shape: Shape) -> int:
        return shape[1] if self.affine else 0

    def biases(self, shape: Shape) -> int:
        return shape[1] if self.affine else 0


@dataclass(frozen=True, kw_only=True)
class Dropout(Layer):
    """Sets a share `p` of the numbers to 0 while training; it learns nothing and changes no shape."""

    p: float = 0.5

    def __post_init__(self) -> None:
        if not isinstance(self.p, (int, float)) or not 0 <= self.p <= 1:
            raise InvalidSpec("parameter_outside", name="p", value=self.p, low=0, high=1)

    @property
    def kind(self) -> str:
        return "dropout"
