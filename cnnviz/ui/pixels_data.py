"""What each view of the pixels page is given: a header of plain values, and the arrays it draws, computed by core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core import pixels_lab as lab
from cnnviz.core.colour_mix import PRESETS
from cnnviz.core.equivariance import ShiftTest
from cnnviz.core.images import Picture
from cnnviz.core.scenes.pixels import INPUTS, LARGEST_TENSOR, MOST_SHIFT, SHIFT_KERNELS, PixelsScene
from cnnviz.core.value_range import Summary
from cnnviz.figures.numbers import number_text
from cnnviz.i18n import Texts

Data = tuple[Mapping[str, Any], Mapping[str, npt.NDArray[Any]]]

NEEDS_PICTURE = ("numbers", "channels")
"""The views that draw the picture's own numbers, which the browser is given once."""


def data_of(now: PixelsScene, picture: Picture, t: Texts) -> Data:
    """Header and arrays of the view the scene shows."""
    return MAKERS[now.view](now, picture, t)


def numbers(now: PixelsScene, picture: Picture, t: Texts) -> Data:
    """The window on the picture, and how its numbers are written."""
    return {"scene": _fields(now, "row", "col", "span", "write", "plane")}, {}


def channels(now: PixelsScene, picture: Picture, t: Texts) -> Data:
    """The mix, and how alike the planes are."""
    header = {"scene": _fields(now, "mix"), "presets": PRESETS, "alike": ""}
    if picture.channels == 3:
        pairs = lab.plane_correlations(picture).items()
        words = {name: "–" if value is None else number_text(value, 2) for name, value in pairs}
        header["alike"] = t("pixels.channels.alike", **words)
    return header, {}


def layout(now: PixelsScene, picture: Picture, t: Texts) -> Data:
    """The tensor's sizes and the index; the tensor is numbered, so it has no data of its own."""
    return {"scene": _fields(now, "tensor", "sizes", "at", "wide", "flat"), "largest": LARGEST_TENSOR}, {}


def values(now: PixelsScene, picture: Picture, t: Texts) -> Data:
    """The stages of normalising, each with its numbers and its histogram."""
    reports = lab.value_reports(picture, now.steps, now.own)
    header = {
        "scene": _fields(now, "steps", "own"),
        "stages": [_stage(report, t) for report in reports],
        "white": picture.largest,
        "published": "imagenet" if picture.channels == 3 else "mnist",
    }
    return header, {f"histogram_{place}": report.counts for place, report in enumerate(reports)}


def _stage(report: lab.StageReport, t: Texts) -> dict[str, Any]:
    stage = report.stage
    used = stage.used
    return {
        "step": stage.step.value if stage.step else None,
        "scale": stage.scale.value,
        "refusal": stage.refusal.value if stage.refusal else None,
        "summary": _summary(stage.summary),
        "would": _summary(stage.would_be) if stage.would_be else None,
        "sample": report.sample,
        "low": report.low,
        "high": report.high,
        "used": None if used is None or stage.refusal else t("pixels.values.used", **_used(used.mean, used.std)),
    }


def _used(mean: tuple[float, ...], std: tuple[float, ...]) -> dict[str, str]:
    return {
        "mean": ", ".join(number_text(v) for v in mean),
        "std": ", ".join(number_text(v) for v in std),
    }


def _summary(found: Summary) -> dict[str, Any]:
    return {
        "dtype": found.dtype,
        "shape": found.shape,
        "bytes": found.bytes,
        "minimum": found.minimum,
        "maximum": found.maximum,
        "mean": found.mean,
        "std": found.std,
    }


def paint(now: PixelsScene, picture: Picture, t: Texts) -> Data:
    """The numbers on the easel."""
    return {"scene": _fields(now, "cells", "brush")}, {}


def cost(now: PixelsScene, picture: Picture, t: Texts) -> Data:
    """The sizes the formulas need, and the shuffled picture with all that is computed on it."""
    found = lab.shuffle_test(picture, now.seed)
    header: dict[str, Any] = {
        "scene": _fields(now, "known", "filters", "ksize", "units", "seed"),
        "inputs": {**INPUTS, "picture": (picture.channels, picture.height, picture.width)},
        "small": found.size,
        "limit": found.limit,
        "distances": list(range(len(found.plain))),
        "plain": found.plain,
        "shuffled": found.shuffled,
        "outputs": lab.DENSE_OUTPUTS,
        "difference": found.dense_difference,
    }
    arrays: dict[str, npt.NDArray[Any]] = {
        "picture": found.picture,
        "picture_map": found.picture_map,
        "shuffled": found.shuffled_picture,
        "shuffled_map": found.shuffled_map,
    }
    return header, arrays


def shift(now: PixelsScene, picture: Picture, t: Texts) -> Data:
    """The maps of both ways round, their difference, and what it says."""
    plane, test = lab.shift_maps(picture, now.kernel, now.dy, now.dx, now.border, now.stride)
    maps = {name: getattr(test, name).numpy() for name in ("shift_first", "convolve_first", "difference")}
    limit = max(float(np.abs(array).max()) for array in maps.values())
    header = {
        "scene": _fields(now, "dx", "dy", "kernel", "border", "stride"),
        "kernels": SHIFT_KERNELS,
        "most": MOST_SHIFT,
        "limit": limit,
        "inner": lab.inner_box(test.border),
        "verdict": verdict(test, t),
        "explain": t(f"pixels.shift.explain_{'stride' if test.output_shift is None else now.border}"),
    }
    return header, {"picture": plane, **{name: array.astype(np.float32) for name, array in maps.items()}}


def verdict(test: ShiftTest, t: Texts) -> str:
    """What the difference of both ways is, in one sentence."""
    inside, edge = (number_text(v) for v in (test.largest_inside, test.largest_at_border))
    if test.output_shift is None:
        largest = number_text(max(test.largest_inside, test.largest_at_border))
        return t("pixels.shift.verdict_between", largest=largest)
    if test.largest_inside == 0 and test.largest_at_border == 0:
        return t("pixels.shift.verdict_equal")
    return t("pixels.shift.verdict_border", inside=inside, border=edge)


def _fields(now: PixelsScene, *names: str) -> dict[str, Any]:
    return {name: getattr(now, name) for name in names}


MAKERS: Mapping[str, Callable[[PixelsScene, Picture, Texts], Data]] = {
    "numbers": numbers,
    "channels": channels,
    "layout": layout,
    "values": values,
    "paint": paint,
    "cost": cost,
    "shift": shift,
}
