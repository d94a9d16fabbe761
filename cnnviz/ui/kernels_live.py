"""What the kernel lab is told after every change: a scene and a picture in, a header and arrays for the browser out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.images import Picture
from cnnviz.core.kernel_lab import Laid, proof
from cnnviz.core.kernels import Weights, frequency_response, kernel_facts
from cnnviz.core.rules import Whole
from cnnviz.core.scenes.kernels import KernelScene
from cnnviz.i18n import Texts
from cnnviz.ui.kernels_learned import origin
from cnnviz.ui.kernels_maps import bank_kernels, laid_of, maps_of
from cnnviz.ui.sentences import refused

Arrays = dict[str, npt.NDArray[Any]]
EDIT = Whole(0, 10**9)


def live(
    scene: KernelScene, picture: Picture, t: Texts, have: str = "", *, maps: bool = True
) -> tuple[dict[str, Any], Arrays]:
    """Header and arrays; the map's indices are left out when the browser says it has them. Raises InvalidSpec.

    Without `maps` nothing is said of the map: the browser works it out while a weight is dragged.
    """
    weights = scene.effective()
    laid = laid_of(scene, scene.shifted_by)
    spec = laid.spec((weights.shape[0], weights.shape[1]))
    layer, unmet = layer_facts(spec, (picture.height, picture.width))
    raw = np.array(scene.matrix, np.float64)
    facts, response = kernel_side(weights)
    arrays: Arrays = {"weights": raw, "response": response, **unmet}
    shown = {}
    if maps:
        found = maps_of(scene, picture, weights, laid, t)
        shown = {"maps": found.header}
        if found.header["key"] != have:
            arrays["map"] = found.indices
    header = {
        **layer,
        "scene": _plain(scene),
        "divisor": scene.divided_by,
        "offset": scene.shifted_by,
        "facts": {**facts, "sum": float(raw.sum())},
        "laid": {**layer["laid"], "mode": scene.mode, "fill": laid.fill if scene.mode == "constant" else 0.0},
        **shown,
        "bank": bank_kernels(scene) if scene.many else [],
        "proof": _proof(scene, picture, weights, laid, layer["laid"]["out"]),
    }
    return header, arrays


def picture_header(picture: Picture) -> dict[str, Any]:
    """What the browser must know of a picture besides its pixels."""
    return {
        "digest": picture.digest,
        "width": picture.width,
        "height": picture.height,
        "channels": picture.channels,
        "largest": picture.largest,
    }


def _plain(scene: KernelScene) -> dict[str, Any]:
    """The scene's fields for JSON; the weights travel as an array of their own."""
    fields = {f.name: getattr(scene, f.name) for f in dataclasses.fields(scene)}
    return {**fields, "weights": []}


@lru_cache(maxsize=64)
def layer_facts(spec: ConvSpec, size: tuple[int, int]) -> tuple[dict[str, Any], Arrays]:
    """What follows from layer and picture size alone: output size, padding, formula, pixels no window meets."""
    derivation = spec.derivation(size)
    met_by_none = spec.unvisited(size)
    names = ("unmet_rows", "unmet_cols")
    arrays: Arrays = {
        name: line.astype(np.uint8) for name, line in zip(names, met_by_none, strict=True) if bool(line.any())
    }
    laid = {
        "rows": spec.kernel_size[0],
        "cols": spec.kernel_size[1],
        "stride": spec.stride,
        "dilation": spec.dilation,
        "pads": spec.padding_for(size),
        "flip": spec.flip,
        "out": spec.output_size(size),
    }
    header = {
        "laid": laid,
        "formula": [[[term.name, term.text] for term in axis.terms] for axis in derivation],
        "unmet": {"rows": int(met_by_none[0].sum()), "cols": int(met_by_none[1].sum())},
    }
    return header, arrays


def kernel_side(weights: Weights) -> tuple[dict[str, Any], npt.NDArray[np.uint8]]:
    """The facts beside the grid, and the frequency response as uint8 (64, 64) of its largest value."""
    facts = kernel_facts(weights)
    response = frequency_response(weights)
    top = float(response.max())
    shown = {
        "total": facts.total,
        "low": facts.low,
        "high": facts.high,
        "rank": facts.rank,
        "symmetric": facts.point_symmetric,
        "cost": facts.cost,
        "separable_cost": facts.separable_cost,
        "response": top,
    }
    return shown, np.rint(response * (255 / top if top else 0)).astype(np.uint8)


def _proof(
    scene: KernelScene, picture: Picture, weights: Weights, laid: Laid, out: Sequence[int]
) -> dict[str, Any] | None:
    """PyTorch's own float32 value of the pinned pixel, one a channel where channels stay apart."""
    if scene.at[0] < 0:
        return None
    row, col = (min(place, size - 1) for place, size in zip(scene.at, out, strict=True))
    count = picture.channels if scene.channels == "each" else 1
    values = [proof(picture, scene.channels, c, weights, laid, (row, col)) for c in range(count)]
    return {"row": row, "col": col, "values": values}


def nearest(scene: KernelScene) -> KernelScene:
    """A scene like this one that can be laid on any picture: what a link shows that asks for the impossible."""
    return dataclasses.replace(scene, padding="same", mode="zeros" if scene.mode != "constant" else scene.mode)


def answered(
    scene: KernelScene, picture: Picture, t: Texts, event: Mapping[str, Any], fault: str
) -> tuple[dict[str, Any], Arrays, InvalidSpec | None]:
    """`live`, or, where the scene cannot be laid on the picture, the rule it breaks with the last good map kept.

    A page that has shown nothing yet gets the nearest scene's map.
    """
    have = event.get("have")
    try:
        wanted = event.get("maps") is not False
        header, arrays = live(scene, picture, t, have if isinstance(have, str) else "", maps=wanted)
        return {**header, "fault": fault}, arrays, None
    except InvalidSpec as broken:
        if have:
            raw = np.array(scene.matrix, np.float64)
            kept = {"scene": _plain(scene), "divisor": scene.divided_by, "offset": scene.shifted_by}
            facts, response = kernel_side(scene.effective())
            facts["sum"] = float(raw.sum())
            return {**kept, "facts": facts}, {"weights": raw, "response": response}, broken
        header, arrays = live(nearest(scene), picture, t)
        return {**header, "scene": _plain(scene)}, arrays, broken


def told(
    scene: KernelScene, picture: Picture, t: Texts, event: Mapping[str, Any], fault: str
) -> tuple[dict[str, Any], Arrays]:
    """Everything the lab is told after a change: the answer, what it answers to, the picture, and what was wrong."""
    header, arrays, broken = answered(scene, picture, t, event, fault)
    said = refused(t, broken) if broken else fault
    whose = {"learned": origin(scene, t), "picture": picture_header(picture)}
    return {**header, **whose, "edit": edit_of(event) or 0, "fault": said}, arrays


def edit_of(event: Mapping[str, Any]) -> int | None:
    """Which change of the reader's an event ends with, if it says so."""
    try:
        return EDIT.accept(event.get("edit"))
    except ValueError:
        return None
