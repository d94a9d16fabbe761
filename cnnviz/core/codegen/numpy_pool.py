"""Pooling for the NumPy program: a list of each window, and what it becomes."""

from __future__ import annotations

from cnnviz.core.codegen.by_window import Language, by_window
from cnnviz.core.codegen.job import Job
from cnnviz.core.codegen.loops import OUT, TAP, at, heads, nest, spot_of
from cnnviz.core.codegen.text import number
from cnnviz.core.pool import PoolKind, PoolSpec
from cnnviz.core.pooling import Pooling

Lines = list[str]


def numpy_pool(work: Job, layer: Pooling) -> Lines:
    """The lines that make `y` of `x`."""
    if work.is_window_by_window:
        return by_window(work, layer, Language.NUMPY)
    spec, dims, channels = layer, work.dims, work.input.shape[1]
    assert isinstance(spec, PoolSpec)
    out, tap = OUT[dims], TAP[dims]
    spot, o = spot_of(out, tap, spec.stride, spec.dilation), "" if work.is_plane else "o"
    every = " ".join(f"for {name} in range({count})" for name, count in zip(tap, spec.kernel_size, strict=True))
    prepared, counts = _prepared(work, spec)
    body = [
        f"window = [x[{at(o, spot)}] {every}]",
        *([f"count = sum(counts[{spot}] {every})"] if counts == "count" else []),
        f"y[{at(o, *out)}] = {_result(spec, counts)}",
    ]
    over = [] if work.is_plane else [("o", channels, "every channel")]
    return [
        *prepared,
        f"y = np.zeros({work.output_size if work.is_plane else (channels, *work.output_size)})",
        *nest([*over, *heads(out, work.output_size, "every place of the window")], body),
    ]


def _prepared(work: Job, spec: PoolSpec) -> tuple[Lines, str]:
    """Lines before the loops, and what a mean divides by: a number, or `count` where windows differ."""
    pads, hanging, whole = work.pads, _over(work), _whole(work)
    padded = any(map(any, pads)) or any(hanging)
    fill = ", constant_values=-np.inf" if spec.kind is PoolKind.MAX else ""
    lines = [f"x = np.pad(x, ({at('' if work.is_plane else '(0, 0)', whole)},){fill})"] if padded else []
    total = 1
    for side in spec.kernel_size:
        total *= side
    includes = spec.count_include_pad or spec.kind is not PoolKind.AVG
    if spec.kind is PoolKind.MAX or not padded or (includes and not any(hanging)):
        return lines, str(total)
    return [*_counts(work, includes), *lines], "count"


def _over(work: Job) -> list[int]:
    """Cells beyond the padding; loops that stop in time need no padding cut."""
    return [max(0, more) for more in work.hanging]


def _whole(work: Job) -> str:
    pairs = zip(work.pads, _over(work), strict=True)
    return ", ".join(str((before, after + more)) for (before, after), more in pairs)


def _counts(work: Job, includes: bool) -> Lines:
    pads = ", ".join(map(str, work.pads))
    hanging = ", ".join(str((0, more)) for more in _over(work))
    ones = f"counts = np.ones({work.size})  # 1 for each cell that counts"
    if not includes:
        return [ones, f"counts = np.pad(counts, ({_whole(work)},))"]
    return [ones, f"counts = np.pad(counts, ({pads},), constant_values=1)", f"counts = np.pad(counts, ({hanging},))"]


def _result(spec: PoolSpec, count: str) -> str:
    if spec.kind is PoolKind.MAX:
        return "max(window)"
    if spec.kind is PoolKind.AVG:
        return f"sum(window) / {count}"
    p, total = number(spec.norm_type), 1
    for side in spec.kernel_size:
        total *= side
    scale = "" if count != "count" else f" * {total} / count"
    return f"(sum(abs(v) ** {p} for v in window){scale}) ** (1 / {p})"
