"""What the lenet page is told after every change: a scene in, a header and arrays for the browser out."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from cnnviz.core.rules import Whole
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.i18n import Texts
from cnnviz.ui import lenet_layer, lenet_nets, lenet_tested, lenet_unit, lenet_why
from cnnviz.ui.lenet_input import Shown
from cnnviz.ui.lenet_nets import Arrays
from cnnviz.ui.lenet_seen import Seen, see

EDIT = Whole(0, 10**9)


Part = Callable[[Seen, Texts], tuple[dict[str, Any], Arrays]]


def told(scene: LenetScene, t: Texts, event: Mapping[str, Any]) -> tuple[dict[str, Any], Arrays]:
    """Everything the page draws for this scene; the network and its edges only where the browser lacks them."""
    seen = see(scene)
    fits = seen.scene
    key = edges_key(fits)
    arrays: Arrays = {"seen": bytes_of(seen.shown.image)}
    header: dict[str, Any] = {
        "scene": {f.name: getattr(fits, f.name) for f in dataclasses.fields(fits)},
        "key": key,
        "edit": edit_of(event) or 0,
        "probabilities": seen.logits.softmax(0).tolist(),
        "logits": seen.logits.tolist(),
        "target": seen.target,
        "test": lenet_tested.walk(seen),
        "input": _input(seen.shown),
    }
    if event.get("have") != key:
        header["net"] = lenet_nets.structure(fits.net)
        arrays |= lenet_nets.edges(fits)
    unit, taps = lenet_unit.told(seen.net, seen.kept, fits, seen.shown)
    more, added = VIEWS[fits.view](seen, t)
    return {**header, "unit": unit, **more}, {**arrays, **taps, **added}


def edges_key(fits: LenetScene) -> str:
    """What the edges follow from, in a few letters.

    >>> one, other = ((((w,),),) for w in (-1.0, -2.0))  # of one hash() in Python
    >>> edges_key(LenetScene(edited="conv1.0.0", kernel=one)) == edges_key(LenetScene(edited="conv1.0.0", kernel=other))
    False
    """
    return hashlib.blake2b(repr((fits.net, fits.edited, fits.kernel)).encode(), digest_size=12).hexdigest()


def _input(made: Shown) -> dict[str, Any]:
    """What the steps to the network's input measured."""
    stages = made.stages
    if stages is None:
        return {}
    return {"box": stages.box, "shift": stages.shift, "mass": stages.mass, "empty": stages.empty}


def bytes_of(image: Tensor) -> npt.NDArray[np.uint8]:
    """(C, H, W) in [0, 1] as uint8."""
    shown: npt.NDArray[np.uint8] = np.rint(image.numpy() * 255).astype(np.uint8)
    return shown


def network_view(seen: Seen, t: Texts) -> tuple[dict[str, Any], Arrays]:
    """The network's maps, or what one layer or one unit is made of."""
    if seen.scene.level == "network":
        limits, maps = _maps(seen.kept)
        return {"limits": limits}, maps
    if seen.scene.level == "layer":
        layer, arrays = lenet_layer.told(seen.net, seen.kept, seen.scene)
        return {"layer": layer}, arrays
    return {}, {}


def _maps(kept: Mapping[str, Tensor]) -> tuple[dict[str, float], Arrays]:
    """Every layer's output as palette indices, one scale a layer: 127 is 0, 254 the largest size there is.

    All layers are worked on as one row: a pen waits for each call, whatever its size.
    """
    values = {name: batch[0].numpy() for name, batch in kept.items()}
    row = np.concatenate([one.ravel() for one in values.values()])
    sizes = [one.size for one in values.values()]
    starts = [0, *accumulate(sizes[:-1])]
    limits = np.maximum.reduceat(np.abs(row), starts).astype(np.float64)
    scales = np.divide(127, limits, out=np.zeros_like(limits), where=limits > 0).astype(np.float32)
    indices = (np.rint(row * np.repeat(scales, sizes)) + 127).astype(np.uint8)
    parts = zip(values, np.split(indices, starts[1:]), strict=True)
    maps = {f"m.{name}": part.reshape(values[name].shape) for name, part in parts}
    return dict(zip(values, limits.tolist(), strict=True)), maps


VIEWS: dict[str, Part] = {
    "network": network_view,
    "input": lenet_why.input_view,
    "why": lenet_why.why_view,
    "excite": lenet_why.excite_view,
    "vector": lenet_tested.vector_view,
    "tested": lenet_tested.tested_view,
    "compare": lenet_tested.compare_view,
}


def edit_of(event: Mapping[str, Any]) -> int | None:
    """Which change of the reader's an event ends with, if it says so."""
    try:
        return EDIT.accept(event.get("edit"))
    except ValueError:
        return None
