"""Three views of the lenet page: how the input came about, what an answer rests on, what excites a map most."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.scenes.surgery import Surgery
from cnnviz.i18n import Texts
from cnnviz.nets import attribution
from cnnviz.nets.datasets import Dataset
from cnnviz.nets.excitation import excite, strongest
from cnnviz.nets.net import Net
from cnnviz.nets.relevance import EPSILON, relevance_propagation
from cnnviz.ui.lenet_input import data_of, gallery
from cnnviz.ui.lenet_nets import INPUT, Arrays, first_convolution, with_surgery
from cnnviz.ui.lenet_seen import Seen

Told = tuple[dict[str, Any], Arrays]
IG_STEPS = 32
CLIMB = (0, 4, 16, 48)
MOST_STEP = 128  # pixels of a step's picture that travel
EXAMPLES = 6
ONE_AT_A_TIME = Lock()  # guided backpropagation hangs hooks on a network that others use


def input_view(seen: Seen, t: Texts) -> Told:
    """Every step from what was drawn to what the network sees."""
    steps, arrays = [], {}
    for name, image in seen.shown.steps:
        arrays[f"s.{name}"] = _bytes(image)
        steps.append({"name": name, "rows": image.shape[1], "cols": image.shape[2]})
    return {"steps": steps}, arrays


def _bytes(image: Tensor) -> Any:
    """(C, H, W) as uint8, no larger than a screen needs."""
    if max(image.shape[1:]) > MOST_STEP:
        factor = MOST_STEP / max(image.shape[1:])
        size = [max(1, round(side * factor)) for side in image.shape[1:]]
        image = F.interpolate(image[None], size, mode="bilinear", antialias=True)[0].clamp(0, 1)
    return np.rint(image.numpy() * 255).astype(np.uint8)


def why_view(seen: Seen, t: Texts) -> Told:
    """A map over the picture after the chosen definition, and what was measured with it."""
    method, target = seen.scene.method, seen.target
    header: dict[str, Any] = {"method": method, "target": target}
    try:
        with ONE_AT_A_TIME:
            heat, facts = METHODS[method](with_surgery(seen.scene.net, seen.scene.surgery()), seen.shown.image, target)
    except InvalidSpec as wrong:
        return {**header, "fault": t(f"errors.{wrong.code}", **wrong.values)}, {}
    return {**header, "facts": facts}, {"heat": heat.detach().numpy().astype(np.float32)}


Explained = tuple[Tensor, dict[str, float]]


def _occlusion(net: Net, image: Tensor, target: int) -> Explained:
    """What covering a patch costs, at every place; each pixel gets the mean over the patches that cover it."""
    size, stride = (6, 4) if net.name == "small" else (4, 2)
    fill = float(image.mean()) if net.name == "small" else 0.0
    found = attribution.occlusion(net, image, target, size=size, stride=stride, fill=fill, of="logit")
    heat, count = torch.zeros(2, *image.shape[1:]), 0
    for i, row in enumerate(found.rows):
        for j, column in enumerate(found.columns):
            heat[0, row : row + size, column : column + size] += found.drop[i, j]
            heat[1, row : row + size, column : column + size] += 1
            count += 1
    mean = heat[0] / heat[1].clamp(min=1)
    facts = {"size": size, "stride": stride, "places": count, "score": found.score, "most": float(found.drop.max())}
    return mean, facts


def _saliency(net: Net, image: Tensor, target: int) -> Explained:
    return attribution.saliency(net, image, target).sum(0), {}


def _gradcam(net: Net, image: Tensor, target: int) -> Explained:
    found = attribution.grad_cam(net, image, target)
    return found.overlay, {"rows": found.cam.shape[0], "cols": found.cam.shape[1]}


def _integrated(net: Net, image: Tensor, target: int) -> Explained:
    found = attribution.integrated_gradients(net, image, target, steps=IG_STEPS)
    total = float(found.attribution.sum())
    facts = {"steps": found.steps, "sum": total, "difference": found.difference, "gap": found.gap}
    return found.attribution.sum(0), facts


def _guided(net: Net, image: Tensor, target: int) -> Explained:
    return attribution.guided_backpropagation(net, image, target).sum(0), {}


def _lrp(net: Net, image: Tensor, target: int) -> Explained:
    found = relevance_propagation(net, image, target)
    total = float(found.relevance.sum())
    facts = {"sum": total, "bias": found.bias, "epsilon": found.epsilon, "logit": found.logit, "share": EPSILON}
    return found.relevance.sum(0), facts


METHODS: dict[str, Callable[[Net, Tensor, int], Explained]] = {
    "occlusion": _occlusion,
    "saliency": _saliency,
    "gradcam": _gradcam,
    "integrated": _integrated,
    "guided": _guided,
    "lrp": _lrp,
}


def excite_view(seen: Seen, t: Texts) -> Told:
    """Pictures made to excite the chosen map of the network as operated on, and test pictures that do.

    A map that is itself switched off answers 0 to everything: shown is what it would answer.
    """
    scene = seen.scene
    layer = scene.layer if scene.layer != INPUT else first_convolution(seen.net)
    channel = scene.channel if scene.layer != INPUT else 0
    done = scene.surgery()
    off, left = (layer, channel) in done.off, done.but(layer, channel)
    images, answers = _climbed(scene.net, left, layer, channel, scene.seed)
    excited = {"layer": layer, "channel": channel, "steps": CLIMB, "answers": answers, "off": off}
    found = _examples(scene.net, left, layer, channel)
    header = {"excited": excited, "examples": found[0] if found else []}
    return header, {"climb": images, **({"examples": found[1]} if found else {})}


@lru_cache(maxsize=64)
def _climbed(name: str, surgery: Surgery, layer: str, channel: int, seed: int) -> tuple[Any, list[float]]:
    """uint8 (steps, C, H, W) and what the map answers to each."""
    net = with_surgery(name, surgery)
    kept = [one for one in excite(net, layer, channel, steps=CLIMB[-1], seed=seed) if one.step in CLIMB]
    return np.stack([_bytes(one.image) for one in kept]), [one.activation for one in kept]


@lru_cache(maxsize=64)
def _examples(name: str, surgery: Surgery, layer: str, channel: int) -> tuple[list[dict[str, Any]], Any] | None:
    """The strongest of the test pictures there are, each with the pixels that its best place sees."""
    held = gallery(data_of(name))
    net = with_surgery(name, surgery)
    if held is None:
        return None
    images = (held.images * 255).round().to(torch.uint8)
    data = Dataset(data_of(name), images, held.labels, tuple(net.class_names))
    found = strongest(net, layer, channel, data, EXAMPLES)
    told = [
        {
            "label": one.label,
            "activation": one.activation,
            "rows": [one.rows.start, one.rows.stop],
            "columns": [one.columns.start, one.columns.stop],
        }
        for one in found
    ]
    return told, images[[one.index for one in found]].numpy()
