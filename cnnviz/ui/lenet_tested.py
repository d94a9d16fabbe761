"""What the lenet page tells of the measured test: its pictures to walk through, the picture as a vector with its
neighbours, confusions and errors, and networks compared."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from cnnviz.core.ink_samples import samples
from cnnviz.core.layers import Linear
from cnnviz.core.samples import SAMPLES, Kind
from cnnviz.core.scenes.lenet import COLOUR, LenetScene
from cnnviz.core.scenes.surgery import Surgery
from cnnviz.i18n import Texts
from cnnviz.nets import pictures as held_pictures
from cnnviz.nets.designs import DESIGNS
from cnnviz.nets.library import card
from cnnviz.nets.neighbours import nearest, penultimate, vectors
from cnnviz.nets.net import Net, activations
from cnnviz.nets.units import as_convolution
from cnnviz.nets.walk import ANY, next_error, pool
from cnnviz.ui import lenet_nets
from cnnviz.ui.lenet_input import data_of, gallery, shown
from cnnviz.ui.lenet_nets import Arrays
from cnnviz.ui.lenet_seen import Seen

Told = tuple[dict[str, Any], Arrays]
NEIGHBOURS = 6


def vector_view(seen: Seen, t: Texts) -> Told:
    """What the last layer but one makes of the picture, and the pictures whose vectors point the same way."""
    layer = penultimate(seen.net)
    vector = seen.kept[layer].flatten()
    images, labels = _others(seen.scene.net)
    others = _other_vectors(seen.scene.net, seen.scene.surgery())
    found = nearest(vector, others, NEIGHBOURS)
    neighbours = [{"label": labels[one.index], "similarity": one.similarity} for one in found]
    shown_ = images[[one.index for one in found]]
    header = {"vector_layer": layer, "neighbours": neighbours, "compared": len(labels)}
    return header, {"vector": vector.numpy(), "near": np.rint(shown_.numpy() * 255).astype(np.uint8)}


@lru_cache(maxsize=8)
def _others(name: str) -> tuple[Tensor, list[str]]:
    """The pictures to compare with: (N, C, H, W), and what they are."""
    net = lenet_nets.network(name)
    held = gallery(data_of(name))
    if name == COLOUR:
        chosen = [LenetScene(net=name, picture=r.id) for r in SAMPLES if r.kind is Kind.PHOTO]
        images, labels = torch.stack([shown(s).image for s in chosen]), [f"sample:{s.picture}" for s in chosen]
    elif held is not None:
        images, labels = held.images, [net.class_names[int(label)] for label in held.labels]
    else:
        images = torch.stack([shown(LenetScene(net=name, ink=ink)).image for ink in samples()])
        labels = [str(digit) for digit in range(len(images))]
    return images, labels


@lru_cache(maxsize=16)
def _other_vectors(name: str, surgery: Surgery) -> Tensor:
    """The vectors of the pictures to compare with, by the network as operated on: else one would compare two."""
    return vectors(lenet_nets.with_surgery(name, surgery), _others(name)[0])


def walk(seen: Seen) -> dict[str, Any] | None:
    """Which picture of the test set is shown, and the ways on from it; None where it is none."""
    one = seen.shown.test
    if one is None:
        return None
    scene = seen.scene
    held = pool(data_of(scene.net))
    whole = held is not None and held.whole
    error = _next_error(scene.net, scene.surgery(), scene.of, one.example, whole)
    ways = {"before": one.before, "after": one.after, "error": error}
    said = {name: getattr(one, name) for name in ("number", "label", "example", "count", "here")}
    few = held is not None and not whole and scene.of == ANY
    return {**said, **ways, "numbers": held.index.tolist() if held is not None and few else None}


@lru_cache(maxsize=256)
def _next_error(name: str, surgery: Surgery, label: int, example: int, whole: bool) -> int | None:
    """Of `whole` test sets and of the few pictures that travel apart: the data may come while the app runs."""
    held = pool(data_of(name))
    return None if held is None else next_error(lenet_nets.with_surgery(name, surgery), held, label, example)


def tested_view(seen: Seen, t: Texts) -> Told:
    """The confusion matrix and the surest errors on the test set, as measured when the weights were made."""
    told = card(seen.scene.net)
    keys = ("data", "lossy", "date", "command", "test_accuracy", "confusion", "kept_seed", "parameters", "macs")
    header = {key: told[key] for key in keys}
    header["seeds"] = [
        {"seed": row["seed"], "accuracy": row["test_accuracy"], "stuck": row["stuck"]} for row in told["seeds"]
    ]
    errors = [
        {"label": e["label"], "predicted": e["predicted"], "index": e["index"], "sure": max(e["probabilities"])}
        for e in told["errors"]
    ]
    images = _errors(seen.scene.net)
    arrays: Arrays = {} if images is None else {"errors": images}
    return {"card": header, "errors": errors}, arrays


@lru_cache(maxsize=8)
def _errors(name: str) -> npt.NDArray[np.uint8] | None:
    found = held_pictures.errors(name)
    return None if found is None else np.rint(found.images.numpy() * 255).astype(np.uint8)


PAIRS = {"mnist": ("lenet-d2l-mnist", "lenet-modern-mnist")}
PAIRS["fashion-mnist"] = ("lenet-d2l-fashion-mnist", "lenet-modern-fashion-mnist")


def compare_view(seen: Seen, t: Texts) -> Told:
    """Sigmoid and average pooling beside ReLU and max pooling on the same picture; what could replace `fc1`.

    Everything here is as trained, whatever was done to the network.
    """
    head = _head(lenet_nets.network(seen.scene.net), seen.shown.image)
    header: dict[str, Any] = {"designs": _designs(), "head": head}
    arrays: Arrays = {}
    pair = PAIRS.get(data_of(seen.scene.net))
    rows = []
    for place, name in enumerate(pair or ()):
        net = lenet_nets.network(name)
        kept = activations(net, seen.shown.image)
        logits = kept[net.layers.names[-1]][0]
        names = list(kept)
        stages = []
        for layer in names[1:7]:
            values = kept[layer][0]
            limit = float(values.abs().max())
            arrays[f"c{place}.{layer}"] = (
                (torch.round(values * (127 / limit if limit else 0)) + 127).to(torch.uint8).numpy()
            )
            dead = float((values == 0).float().mean())
            stages.append({"name": layer, "low": float(values.min()), "high": float(values.max()), "zero": dead})
        accuracy = card(name)["test_accuracy"]
        rows.append({"net": name, "probabilities": logits.softmax(0).tolist(), "stages": stages, "accuracy": accuracy})
    return {**header, "pair": rows}, arrays


def _head(net: Net, image: Tensor) -> dict[str, Any] | None:
    """The first fully connected layer as a convolution, with the error; and what a global mean would leave instead."""
    name = next((s.name for s in net.chain if isinstance(s.layer, Linear)), None)
    flat = next((s for s in net.chain if s.layer.kind == "flatten"), None)
    if name is None or flat is None or len(flat.input_shape) != 4 or flat.input_shape[2] == 1:
        return None
    conv = as_convolution(net, name)
    before = activations(net, image)[net.layers[net.layers.names.index(flat.name)].inputs[0]]
    with torch.no_grad():
        made = conv(before)[0].flatten()
        own = net.part(name)(before.flatten(1))[0]
    channels, rows, cols = flat.input_shape[1:]
    classes = len(net.class_names)
    return {
        "layer": name,
        "kernel": list(conv.weight.shape),
        "error": float((made - own).abs().max()),
        "largest": float(own.abs().max()),
        "parameters": sum(p.numel() for p in conv.parameters()),
        "all": net.parameter_count,
        "convolutions": sum(s.layer.parameters(s.input_shape) for s in net.chain if s.layer.kind == "conv"),
        "maps": [channels, rows, cols],
        "means": before[0].mean((1, 2)).tolist(),
        "pooled": channels * classes + classes,
    }


def _designs() -> list[dict[str, Any]]:
    """LeNet as published, as the book teaches it, and as of today: what is the same and what is not."""
    told = []
    for name in ("lenet-1998", "lenet-d2l", "lenet-modern"):
        made = DESIGNS[name]
        summary = made.summary()
        told.append({"id": name, "parameters": summary.parameters, "macs": summary.macs})
    return told
