"""What networks learned, for the kernel lab: their kernels by layer and channel, and a kernel learned from the picture.

The browser asks for either with its event: `filter` (network.layer.out) for the kernels shown together, `learn` for a
recorded run of gradient descent. What it asks is untrusted: a wrong question is not answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.images import Picture, fit
from cnnviz.core.kernel_lab import planes
from cnnviz.core.kernels import Matrix, Resemblance, Weights, resemblances, rows
from cnnviz.core.rules import Choice, Whole
from cnnviz.core.scenes.kernels import CUSTOM, KernelScene
from cnnviz.i18n import Texts
from cnnviz.nets.kernel_descent import LARGEST_SEED, OPTIMISERS, Descent, descend
from cnnviz.nets.learned_presets import LearnedKernel, LearnedLayer, find_kernel, learned_layers, learned_stack
from cnnviz.ui.kernels_maps import name_of
from cnnviz.ui.sentences import refused

Answer = tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]
LEARN_SIDE = 128
"""The longest side of the picture a kernel is learned from: drawn beside the kernel it is smaller still."""
SEED, OPTIMISER = Whole(0, LARGEST_SEED), Choice(OPTIMISERS)


def networks(t: Texts) -> list[dict[str, Any]]:
    """Every trained network with its convolutions, as the browser lists them."""
    layers = learned_layers()
    each = {layer.network: [x for x in layers if x.network == layer.network] for layer in layers}
    return [
        {"id": name, "name": t(f"lenet.net_{name.replace('-', '_')}"), "layers": [_layer(layer) for layer in own]}
        for name, own in each.items()
    ]


def _layer(layer: LearnedLayer) -> dict[str, Any]:
    size = {"rows": layer.size[0], "cols": layer.size[1]}
    return {"id": layer.name, "filters": layer.filters, "channels": layer.channels, **size, "whole": layer.whole}


def asked(scene: KernelScene, picture: Picture, t: Texts, event: Mapping[str, Any]) -> Answer:
    """What the event asks for, if it asks for anything: header entries and arrays."""
    header, arrays = kernels_of(event["filter"]) if "filter" in event else ({}, {})
    more, further = learned(scene, picture, t, event["learn"]) if "learn" in event else ({}, {})
    return {**header, **more}, {**arrays, **further}


def kernels_of(name: Any) -> Answer:
    """The kernels shown together with those of filter `network.layer.out`, and what each resembles."""
    first = find_kernel(f"{name}.0") if isinstance(name, str) else None
    if first is None:
        return {}, {}
    places = first.layer.places(first.out)
    stack = learned_stack(first.layer)
    kernels = np.stack([seven(stack[place]) for place in places])
    alike = [[r.preset, r.correlation] if r else None for r in resemblances(kernels)]
    return {"filter": {"key": name, "places": places, "alike": alike}}, {"filter": kernels}


def seven(weights: npt.ArrayLike) -> Weights:
    """The numbers as a link carries them, to seven digits, so that it gives back the very same kernel.

    >>> seven(np.float32(1 / 9)).tolist()
    0.1111111
    """
    exact = np.asarray(weights, np.float64)
    return np.array([float(f"{v:.7g}") for v in exact.ravel()]).reshape(exact.shape)


def origin(scene: KernelScene, t: Texts) -> dict[str, str] | None:
    """Where the reader's own weights come from, in words; None where no network has them."""
    found = find_kernel(scene.learned) if scene.kernel == CUSTOM else None
    if found is None:
        return None
    said = {"network": found.layer.network, "index": found.index}
    if not _same(scene.matrix, found):
        return {"name": t("kernels.custom"), "line": t("kernels.learned_changed", **said)}
    (alike,) = resemblances(np.array(scene.matrix)[None])
    return {"name": found.index, "line": _resembling(alike, t, **said)}


def _resembling(alike: Resemblance | None, t: Texts, **said: str) -> str:
    if alike is None:
        return t("kernels.learned_zero", **said)
    figure = f"{alike.correlation:.2f}".replace("-", "−")
    return t("kernels.learned_line", **said, preset=name_of(alike.preset, t), correlation=figure)


def _same(matrix: Matrix, kernel: LearnedKernel) -> bool:
    """Whether these are the kernel's weights, to the seven digits a link carries."""
    mine, theirs = np.array(matrix), kernel.weights.astype(np.float64)
    return mine.shape == theirs.shape and bool(np.allclose(mine, theirs, rtol=1e-6, atol=1e-12))


def learned(scene: KernelScene, picture: Picture, t: Texts, how: Any) -> Answer:
    """A run that learns the lab's kernel, as it meets the picture, from the picture in grey and its map."""
    try:
        optimiser, seed = OPTIMISER.accept(how["optimiser"]), SEED.accept(how["seed"])
    except (ValueError, KeyError, TypeError):
        return {}, {}
    met = scene.effective()[::-1, ::-1] if scene.flip else scene.effective()
    small = fit(picture, LEARN_SIDE)
    try:
        run = _run(small, rows(met), optimiser, seed)
    except InvalidSpec as wrong:
        return {"descent": {"key": "", "fault": refused(t, wrong)}}, {}
    header = {
        "key": hashlib.blake2b(repr((picture.digest, rows(met), optimiser, seed)).encode(), digest_size=12).hexdigest(),
        "seed": seed,
        "optimiser": optimiser,
        "verdict": run.verdict,
        "seen": run.seen,
        "count": run.true.size,
        "condition": run.condition,
        "fault": "",
    }
    return {"descent": header}, {
        "steps": run.steps,
        "learned": run.kernels.astype(np.float32),
        "losses": run.losses,
        "distances": run.distances,
        "true": run.true.astype(np.float32),
        "plane": planes(small, "grey")[0],
    }


@lru_cache(maxsize=32)
def _run(picture: Picture, matrix: Matrix, optimiser: str, seed: int) -> Descent:
    return descend(planes(picture, "grey")[0], matrix, optimiser=optimiser, seed=seed)
