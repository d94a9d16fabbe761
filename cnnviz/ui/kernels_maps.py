"""The maps of the kernel lab for the browser: which there are, on which scale, and their palette indices."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core.images import Picture
from cnnviz.core.kernel_lab import Floats, Laid, Scale, beyond, feature_maps, indices, scales, thumbnail
from cnnviz.core.kernels import GENERATORS, Matrix, Weights, rows
from cnnviz.core.scenes.kernels import CUSTOM, KernelScene, matrix_of, own_of
from cnnviz.i18n import Texts

GENERATOR_IDS = frozenset(generator.id for generator in GENERATORS)
CHANNELS = ("r", "g", "b")
TILE_SIDES = {1: 256, 2: 256, 3: 192, 4: 128}
"""Longest side of a tile's map by the number of columns: about twice what it is on the screen."""


@dataclass(frozen=True)
class Part:
    """One map of the lab: its kernel with the divisor, how it is laid on, and what it is called."""

    name: str
    matrix: Matrix
    laid: Laid
    channel: int | None = None


def laid_of(scene: KernelScene, offset: float) -> Laid:
    """How the scene lays a kernel with this offset on the picture."""
    return Laid(
        (scene.stride[0], scene.stride[1]),
        (scene.dilation[0], scene.dilation[1]),
        scene.padding_pairs(),
        scene.mode,
        scene.fill,
        scene.bias + offset,
        scene.flip,
        scene.activation,
    )


@dataclass(frozen=True)
class Maps:
    """Header and indices of what is shown on the right."""

    header: dict[str, Any]
    indices: npt.NDArray[np.uint8]


def maps_of(scene: KernelScene, picture: Picture, weights: Weights, laid: Laid, t: Texts) -> Maps:
    """The map or maps as palette indices: one, three as a colour picture, or tiles."""
    parts = _parts(scene, picture, rows(weights), laid, t)
    key = _key(scene, picture, parts)
    if len(parts) > 1:
        return _tiles(scene, picture, parts, key)
    whole = feature_maps(picture, scene.channels, parts[0].matrix, parts[0].laid)
    channel = parts[0].channel
    shown = whole if channel is None or whole.shape[0] == 1 else whole[channel : channel + 1]
    scale = scales([shown], scene.view, scene.scale, scene.limit)[0]
    header = {"key": key, "kind": "colour" if shown.shape[0] == 3 else "one", **_bar([shown], [scale], scene)}
    return Maps(header, indices(shown, scene.view, scale))


def _parts(scene: KernelScene, picture: Picture, matrix: Matrix, laid: Laid, t: Texts) -> list[Part]:
    """Which maps are shown: the bank's, the three channels', or one."""
    channel = CHANNELS.index(scene.channel) if scene.channel in CHANNELS else None
    apart = scene.channels == "each" and picture.channels == 3
    if scene.many:
        chosen = (channel or 0) if apart else None
        return [_member(scene, name, chosen, t) for name in scene.bank]
    if apart and channel is None and scene.view in ("signed", "absolute"):
        return [Part(t(f"kernels.channel_{c}"), matrix, laid, i) for i, c in enumerate(CHANNELS)]
    return [Part("", matrix, laid, channel if apart else None)]


def _member(scene: KernelScene, name: str, channel: int | None, t: Texts) -> Part:
    kernel = bank_kernel(scene, name)
    return Part(name_of(name, t), kernel.matrix, laid_of(scene, kernel.offset), channel)


@dataclass(frozen=True)
class BankKernel:
    """A kernel of the bank: `matrix` has the divisor applied, `raw` is what stands in a grid."""

    raw: Matrix
    matrix: Matrix
    divisor: float
    offset: float


def bank_kernel(scene: KernelScene, name: str) -> BankKernel:
    """The kernel of this name; the one that is open keeps the reader's settings."""
    if name == scene.kernel:
        return BankKernel(scene.matrix, rows(scene.effective()), scene.divided_by, scene.shifted_by)
    return _library_kernel(name, scene.weights if name == CUSTOM else ())


@lru_cache(maxsize=128)
def _library_kernel(name: str, weights: Matrix) -> BankKernel:
    raw, (divisor, offset) = matrix_of(name, (), weights), own_of(name)
    return BankKernel(rows(raw), rows(raw / divisor), divisor, offset)


def name_key(kernel: str) -> str:
    """Where a named kernel's name stands among the texts."""
    table = "kernel_generators" if kernel in GENERATOR_IDS else "kernel_presets"
    return f"{table}.{kernel}.name"


def name_of(kernel: str, t: Texts) -> str:
    """A kernel's name in the reader's language."""
    return t("kernels.custom") if kernel == CUSTOM else t(name_key(kernel))


def bank_kernels(scene: KernelScene) -> list[dict[str, Any]]:
    """The bank's kernels as the browser computes single pixels with them."""
    members = [bank_kernel(scene, name) for name in scene.bank]
    return [
        {
            "rows": len(k.raw),
            "cols": len(k.raw[0]),
            "cells": [v for row in k.raw for v in row],
            "divisor": k.divisor,
            "offset": k.offset,
        }
        for k in members
    ]


def _tiles(scene: KernelScene, picture: Picture, parts: Sequence[Part], key: str) -> Maps:
    columns = int(np.ceil(np.sqrt(len(parts))))
    small = [_tile(scene, picture, part, TILE_SIDES[columns]) for part in parts]
    each = scales(small, scene.view, scene.scale, scene.limit)
    flat = [indices(a, scene.view, s).reshape(-1) for a, s in zip(small, each, strict=True)]
    starts = np.cumsum([0, *(len(a) for a in flat)])[:-1].tolist()
    size = (picture.height, picture.width)
    header = {
        "key": key,
        "kind": "tiles",
        "labels": [part.name for part in parts],
        "titles": [f"{part.name} {len(part.matrix)} × {len(part.matrix[0])}" for part in parts],
        "sizes": [a.shape[1:] for a in small],
        "outs": [part.laid.spec((len(part.matrix), len(part.matrix[0]))).output_size(size) for part in parts],
        "starts": starts,
        **_bar(small, each, scene),
    }
    return Maps(header, np.concatenate(flat))


def _tile(scene: KernelScene, picture: Picture, part: Part, side: int) -> Floats:
    small = thumbnail(picture, scene.channels, part.matrix, part.laid, side)
    return small if part.channel is None or small.shape[0] == 1 else small[part.channel : part.channel + 1]


def _bar(maps: Sequence[Floats], each: Sequence[Scale], scene: KernelScene) -> dict[str, Any]:
    """The ends of the colour bars, and the largest share of a map that lies beyond them."""
    open_ended = scene.view == "clip" or (scene.view != "rescale" and scene.scale in ("fixed", "input"))
    pairs = zip(maps, each, strict=True)
    share = max(beyond(a, scene.view, s) for a, s in pairs) if open_ended else 0.0
    return {"scales": [[s.low, s.high] for s in each], "beyond": share}


def _key(scene: KernelScene, picture: Picture, parts: Sequence[Part]) -> str:
    """A name for exactly these indices."""
    said = (picture.digest, scene.channels, scene.view, scene.scale, scene.limit, tuple(parts))
    return hashlib.blake2b(repr(said).encode(), digest_size=12).hexdigest()
