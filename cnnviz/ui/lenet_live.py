"""What the lenet page is told after every change: a scene in, a header and arrays for the browser out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from cnnviz.core.rules import Whole
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.i18n import Texts
from cnnviz.nets.net import Net, activations
from cnnviz.ui import lenet_layer, lenet_nets, lenet_unit
from cnnviz.ui.lenet_input import Shown, shown
from cnnviz.ui.lenet_nets import Arrays

EDIT = Whole(0, 10**9)


@dataclasses.dataclass(frozen=True)
class Seen:
    """One pass: the scene brought into its network, what the network was shown, and every layer's output."""

    scene: LenetScene
    net: Net
    shown: Shown
    kept: Mapping[str, Tensor]

    @property
    def logits(self) -> Tensor:
        """(classes,)"""
        return next(reversed(self.kept.values()))[0]

    @property
    def target(self) -> int:
        """The class that is asked about: the scene's, or the network's answer."""
        chosen = self.scene.target
        return chosen if 0 <= chosen < len(self.logits) else int(self.logits.argmax())


def see(scene: LenetScene) -> Seen:
    """Show the network what the scene says."""
    fits = lenet_nets.fitting(scene)
    net, made = lenet_nets.operated(fits), shown(fits)
    return Seen(fits, net, made, activations(net, made.image, off=fits.switched_off()))


Part = Callable[[Seen, Texts], tuple[dict[str, Any], Arrays]]


def told(scene: LenetScene, t: Texts, event: Mapping[str, Any]) -> tuple[dict[str, Any], Arrays]:
    """Everything the page draws for this scene; edges are left out when the browser says it has them."""
    seen = see(scene)
    fits = seen.scene
    key = f"{fits.net}/{fits.edited}/{hash(fits.kernel)}"
    arrays: Arrays = {"seen": bytes_of(seen.shown.image)}
    header: dict[str, Any] = {
        "scene": {f.name: getattr(fits, f.name) for f in dataclasses.fields(fits)},
        "net": lenet_nets.structure(fits.net),
        "key": key,
        "edit": edit_of(event) or 0,
        "probabilities": seen.logits.softmax(0).tolist(),
        "logits": seen.logits.tolist(),
        "target": seen.target,
        "label": seen.shown.label,
        "input": _input(seen.shown),
    }
    if event.get("have") != key:
        arrays |= lenet_nets.edges(fits)
    more, added = VIEWS[fits.view](seen, t)
    return {**header, **more}, {**arrays, **added}


def _input(made: Shown) -> dict[str, Any]:
    """What the steps to the network's input measured."""
    stages = made.stages
    if stages is None:
        return {}
    return {"box": stages.box, "shift": stages.shift, "mass": stages.mass, "empty": stages.empty}


def bytes_of(image: Tensor) -> npt.NDArray[np.uint8]:
    """(C, H, W) in [0, 1] as uint8."""
    return np.rint(image.numpy() * 255).astype(np.uint8)


def network_view(seen: Seen, t: Texts) -> tuple[dict[str, Any], Arrays]:
    """The network's maps, or what one layer or one unit is made of."""
    unit, arrays = lenet_unit.told(seen.net, seen.kept, seen.scene, seen.shown)
    header: dict[str, Any] = {"unit": unit}
    if seen.scene.level == "network":
        limits, maps = _maps(seen.kept)
        header["limits"] = limits
        arrays |= maps
    elif seen.scene.level == "layer":
        layer, more = lenet_layer.told(seen.net, seen.kept, seen.scene)
        header["layer"] = layer
        arrays |= more
    return header, arrays


def _maps(kept: Mapping[str, Tensor]) -> tuple[dict[str, float], Arrays]:
    """Every layer's output as palette indices, one scale a layer: 127 is 0, 254 the largest size there is."""
    limits, maps = {}, {}
    for name, values in kept.items():
        limit = float(values[0].abs().max())
        limits[name] = limit
        maps[f"m.{name}"] = (torch.round(values[0] * (127 / limit if limit else 0)) + 127).to(torch.uint8).numpy()
    return limits, maps


VIEWS: dict[str, Part] = {"network": network_view}


def edit_of(event: Mapping[str, Any]) -> int | None:
    """Which change of the reader's an event ends with, if it says so."""
    try:
        return EDIT.accept(event.get("edit"))
    except ValueError:
        return None
