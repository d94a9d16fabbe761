"""The door for layers: a loose dict becomes a layer here, once, or is refused with the rule it breaks.

`type` is a word of ours ("conv", "max_pool", "relu", ...) or a class name of torch.nn ("Conv2d", "MaxPool2d"); the
other keys are torch's argument names. A dict without a type that has a `kernel_size` is a convolution.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers.base import Layer
from cnnviz.core.layers.classic import PartialConv, Radial, Subsample
from cnnviz.core.layers.joins import Add, Concat
from cnnviz.core.layers.pointwise import ACTIVATIONS, Activation, BatchNorm, Dropout
from cnnviz.core.layers.resizing import Pad, Upsample
from cnnviz.core.layers.vectors import Flatten, Linear
from cnnviz.core.layers.windowed import AdaptivePool, Conv, ConvTranspose, GlobalPool, Pool
from cnnviz.core.padding import sequence
from cnnviz.core.pool import PoolKind

LayerLike: TypeAlias = Layer | Mapping[str, Any]
Made: TypeAlias = tuple[type[Layer], dict[str, Any]]  # a class, and the fields its word fixes

WORDS: dict[str, Made] = {
    "conv": (Conv, {}),
    "depthwise_conv": (Conv, {"groups": "depthwise"}),
    "conv_transpose": (ConvTranspose, {}),
    **{f"{kind}_pool": (Pool, {"mode": str(kind)}) for kind in PoolKind},
    **{f"global_{mode}_pool": (GlobalPool, {"mode": mode}) for mode in ("max", "avg")},
    **{f"adaptive_{mode}_pool": (AdaptivePool, {"mode": mode}) for mode in ("max", "avg")},
    "partial_conv": (PartialConv, {}),
    "subsample": (Subsample, {}),
    "radial": (Radial, {}),
    "linear": (Linear, {}),
    "flatten": (Flatten, {}),
    "batch_norm": (BatchNorm, {}),
    "dropout": (Dropout, {}),
    "pad": (Pad, {}),
    "upsample": (Upsample, {}),
    "add": (Add, {}),
    "concat": (Concat, {}),
    **{name: (Activation, {"function": name}) for name in ACTIVATIONS},
}
MODES = {"zero": "zeros", "constant": "constant", "reflection": "reflect", "replication": "replicate"}
MODES |= {"circular": "circular"}
IGNORED: dict[type[Layer], set[str]] = {  # torch's arguments that change neither a shape nor a cost
    Activation: {"inplace", "dim", "negative_slope", "alpha", "beta", "threshold", "approximate", "init"},
    BatchNorm: {"eps", "momentum", "track_running_stats"},
    Dropout: {"inplace"},
    Pool: {"return_indices", "divisor_override"},
    AdaptivePool: {"return_indices"},
    Upsample: {"align_corners"},
    Pad: {"value"},
}
SPELLED = {name.replace("_", ""): made for name, made in WORDS.items()}  # torch writes MaxPool2d for our max_pool


def read(layer: LayerLike) -> Layer:
    """The layer itself, or the one a dict describes; InvalidSpec for unknown words and for what the layer refuses.

    >>> read({"type": "Conv2d", "in_channels": 3, "out_channels": 8, "kernel_size": 3}).kind
    'conv'
    >>> read({"kernel_size": (3, 3), "stride": 2}).reach((None, None))[0].stride
    Fraction(2, 1)
    """
    if isinstance(layer, Layer):
        return layer
    if not isinstance(layer, Mapping):
        raise InvalidSpec("not_a_layer", value=_short(layer))
    given = dict(layer)
    word = given.pop("type", "conv" if "kernel_size" in given else None)
    made, fixed = _made(word)
    dims = re.search(r"([123])d$", word) if isinstance(word, str) else None
    if made is Pad and isinstance(word, str) and word != "pad":
        given |= _torch_padding(word, given.pop("padding", 0))
    given = _with_dimension(given, int(dims.group(1)) if dims else None, made)
    ignored = IGNORED.get(made, set())
    return _build(made, {name: value for name, value in given.items() if name not in ignored}, fixed)


def _made(word: object) -> Made:
    if isinstance(word, str):
        name = re.sub(r"[123]d$", "", word).replace("_", "").lower()
        if name in SPELLED:
            return SPELLED[name]
        if name.endswith("pad") and name[:-3] in MODES:
            return Pad, {"padding_mode": MODES[name[:-3]]}
    raise InvalidSpec("unknown_choice", name="type", value=repr(word), allowed=", ".join(map(repr, WORDS)))


def _build(made: type[Layer], given: dict[str, Any], fixed: dict[str, Any]) -> Layer:
    allowed = [field.name for field in fields(made) if field.name not in fixed]
    for name in given:
        if name not in allowed:
            raise InvalidSpec("unknown_field", field=name, kind=made.__name__, allowed=", ".join(allowed))
    needed = {Linear: "out_features", PartialConv: "connections", Radial: "prototypes"}.get(made)
    if needed is not None and needed not in given:
        raise InvalidSpec("missing_field", field=needed, kind=made.__name__)
    return made(**fixed, **given)


def _with_dimension(given: dict[str, Any], dims: int | None, made: type[Layer]) -> dict[str, Any]:
    """One number for the kernel means as many axes as the class name says: Conv1d with 3 is (3,)."""
    if dims and made in (Conv, ConvTranspose, Pool) and "kernel_size" in given:
        kernel = given["kernel_size"]
        return given | {"kernel_size": (kernel,) * dims if sequence(kernel) is None else kernel}
    return given


def _torch_padding(word: str, padding: Any) -> dict[str, Any]:
    """torch.nn's padding layers list their amounts last axis first: (left, right, top, bottom)."""
    amounts = sequence(padding)
    if amounts is None:
        return {"padding": padding}
    pairs = [tuple(amounts[i : i + 2]) for i in range(0, len(amounts), 2)]
    return {"padding": tuple(reversed(pairs))}


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
