"""What the three views of layers are given (a chain, what its units see, a stack against one large kernel).

The browser works the numbers out from the layers as data; PyTorch's gradients and the picture are made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core import shapes_lab as lab
from cnnviz.core.effective_field import EffectiveField
from cnnviz.core.images import Picture
from cnnviz.core.layers import AdaptivePool, Conv, Layer, Linear, Pool
from cnnviz.core.presets_networks import PRESETS
from cnnviz.core.scenes.layer_rows import KINDS, MOST_ROWS, NUMBERS, LayerRows, numbers_of, rows_of
from cnnviz.core.scenes.shapes import NETWORKS, ShapesScene
from cnnviz.core.scenes.shapes_examples import SHRINKING
from cnnviz.i18n import Texts
from cnnviz.ui.sentences import unmarked

Data = tuple[Mapping[str, Any], Mapping[str, npt.NDArray[Any]]]

THUMBNAIL = 72
RULES = ("kernel_exceeds_input", "layer_axes", "in_channels_differ", "in_features_differ")
"""The rules a layer of these chains can break."""


def fields(now: ShapesScene, *names: str) -> dict[str, Any]:
    """The scene's fields of these names."""
    return {name: getattr(now, name) for name in names}


def thumbnail(picture: Picture) -> npt.NDArray[np.uint8]:
    """The picture small enough to be shown five times: uint8 (72, 72, 3)."""
    return lab.square(picture, THUMBNAIL)


def chain(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """The chain, the networks to choose from, and what may be changed; shapes and costs follow in the browser."""
    header = {
        "scene": fields(now, "net", "rows", "channels", "side", "layer"),
        "nets": presets(),
        "shrink": SHRINKING,
        "kinds": KINDS,
        "bounds": {name: [rule.low, rule.high] for name, rule in NUMBERS.items()},
        "most": MOST_ROWS,
        "rules": {code: unmarked(t(f"errors.{code}")) for code in RULES},
    }
    return header, {}


@lru_cache(maxsize=1)
def presets() -> dict[str, Any]:
    """For each network its title, input and layers, and its layers as rows a reader can go on from."""
    found: dict[str, Any] = {}
    for name in NETWORKS[1:]:
        preset = PRESETS[name]
        channels, side, _ = preset.input_shape
        layers = [layer_data(layer) for layer in preset.layers]
        rows = rows_of(preset.layers)
        found[name] = {"title": preset.title, "channels": channels, "side": side, "layers": layers, "rows": rows}
    return found


def layer_data(layer: Layer) -> dict[str, Any]:
    """A layer as components/shapes/layers.js takes it: windows, outputs, and the inputs it was made for.

    >>> layer_data(Conv(name="conv1", in_channels=1, out_channels=6, kernel_size=5, padding=2))
    {'name': 'conv1', 'kind': 'conv', 'k': 5, 's': 1, 'p': 2, 'd': 1, 'out': 6, 'needs': 1}
    """
    data: dict[str, Any] = {"name": layer.name, "kind": layer.kind}
    if isinstance(layer, (Conv, Pool)):
        data |= dict(zip("kspd", numbers_of(layer), strict=True))
    if isinstance(layer, Conv):
        data |= {"out": layer.out_channels, "needs": layer.in_channels}
    if isinstance(layer, Linear):
        data |= {"out": layer.out_features, "needs": layer.in_features}
    if isinstance(layer, AdaptivePool):
        data |= {"size": layer.output_size}
    return data


def field(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """The chain, and under which name the picture comes; the fields follow in the browser."""
    header = {
        "scene": fields(now, "net", "rows", "channels", "side", "layer", "unit", "weights", "seed"),
        "nets": presets(),
        "square": square_name(picture),
        "widest": lab.MOST_FIELD,
    }
    return header, {}


def square_name(picture: Picture) -> str:
    """Under which name the browser holds the picture's middle square."""
    return f"square-{picture.digest}"


def gradient_name(now: ShapesScene, place: int) -> str:
    """Under which name the browser looks for the gradient of the layer at this place: all that it follows from.

    >>> gradient_name(ShapesScene(net="vgg16"), 2)
    'gradient|vgg16||2|uniform|0'
    """
    rows = LayerRows().show(now.rows) if now.net == "own" else ""
    parts = (now.net, rows, place, now.weights, now.seed if now.weights == "random" else 0)
    return "|".join(map(str, ("gradient", *parts)))


def gradient(now: ShapesScene) -> tuple[str, Mapping[str, npt.NDArray[Any]]] | None:
    """Name and arrays of the chosen layer's measured field; None where no layer has windows.

    `gradient` is float32, the largest 1; `numbers` its theoretical and measured sizes, where the theoretical field
    begins, the share that matters and the deviation; empty where the field is too wide to be measured.
    """
    layers = lab.sliding_part(lab.costs_of(now.layers(), now.input_shape()))
    if not layers:
        return None
    place = min(now.layer, len(layers) - 1)
    found = lab.measured_field(layers[: place + 1], now.weights, now.seed)
    if not isinstance(found, EffectiveField):
        return gradient_name(now, place), {"numbers": np.zeros(0)}
    box = [axis.start for axis in found.field.field_of(found.unit, clip=False)]
    numbers = np.array([found.theoretical[0], *found.measured, *box, found.share, found.sigma[0]])
    return gradient_name(now, place), {"gradient": found.gradient.astype(np.float32), "numbers": numbers}


def stack(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """One large kernel and the 3 × 3 convolutions that see as much: the gradients of both, for every size."""
    return {"scene": fields(now, "big", "width", "maps")}, dict(design_gradients())


@lru_cache(maxsize=1)
def design_gradients() -> Mapping[str, npt.NDArray[np.float32]]:
    """Named by design and size: "one5" and "stack5" are (5, 5)."""
    pairs = [lab.designs(big, 1, 1) for big in (3, 5, 7, 9, 11)]
    return {f"{each.name}{len(each.gradient)}": each.gradient for pair in pairs for each in pair}
