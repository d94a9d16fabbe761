"""Pooling for the Keras program: its layers where they serve, else padding, counting and shifted views in sight."""

from __future__ import annotations

from math import prod

from cnnviz.core.codegen.by_window import Language, by_window
from cnnviz.core.codegen.job import Job
from cnnviz.core.codegen.text import arguments, number, per_axis
from cnnviz.core.padding import AutoPadding
from cnnviz.core.pool import PoolKind, PoolSpec
from cnnviz.core.pooling import Pooling

Lines = list[str]


def keras_pool(work: Job, layer: Pooling) -> Lines:
    """The lines that make `y` of `x`."""
    if work.is_window_by_window:
        return ["# no layer of Keras: NumPy, window by window", *by_window(work, layer, Language.KERAS)]
    spec = layer
    assert isinstance(spec, PoolSpec)
    dilated = set(spec.dilation) != {1}
    comment = ["# Keras pools have no dilation: every place of the window as a shifted view"] if dilated else []
    if spec.kind is PoolKind.MAX:
        own_same = spec.padding is AutoPadding.SAME_UPPER and not dilated
        padded = [] if own_same else _padded(work, "x", 'float("-inf")')
        return [*padded, *comment, f"y = {_pooled(work, spec, 'x', own_same)}"]
    p = number(spec.norm_type)
    lines = [f"x = keras.ops.abs(x) ** {p}"] if spec.kind is PoolKind.LP else []
    counts = _counts(work, spec)
    mean = _pooled(work, spec, "x")
    if counts:
        mean = f"{mean} / {_pooled(work, spec, 'counts')}"
    lines += [*counts, *_padded(work, "x", "0"), *comment, f"y = {mean}"]
    if spec.kind is PoolKind.LP:
        lines.append(f"y = (y * {prod(spec.kernel_size)}) ** (1 / {p})")
    return lines


def _pooled(work: Job, spec: PoolSpec, name: str, same: bool = False) -> str:
    """The expression that pools an array, without padding."""
    is_max = spec.kind is PoolKind.MAX
    if set(spec.dilation) == {1}:
        kind = "MaxPooling" if is_max else "AveragePooling"
        strides = None if spec.stride == spec.kernel_size else per_axis(spec.stride)
        settings = arguments(("strides", strides), ("padding", '"same"' if same else None))
        return f"keras.layers.{kind}{work.dims}D({per_axis(spec.kernel_size)}{settings})({name})"
    names = ("l", "m", "n")[-work.dims :]
    slices, loops = [], []
    for tap, k, d, s, count in zip(names, spec.kernel_size, spec.dilation, spec.stride, work.output_size, strict=True):
        slices.append(f"{tap}:{tap} + {(count - 1) * s + 1}:{s}")
        loops.append(f"for {tap} in range(0, {k * d}, {d})")
    views = f"keras.ops.stack([{name}[:, {', '.join(slices)}] {' '.join(loops)}])"
    return f"keras.ops.{'max' if is_max else 'mean'}({views}, axis=0)"


def _padded(work: Job, name: str, value: str) -> Lines:
    """What is padded, what the last window hangs over, and what it leaves: one line each where needed."""
    pairs = [(before, after + over) for (before, after), over in zip(work.pads, work.hanging, strict=True)]
    lines = _cut(work, name, [after for _, after in pairs])
    return lines + _pad(name, [(before, max(0, after)) for before, after in pairs], value)


def _cut(work: Job, name: str, afters: list[int]) -> Lines:
    if min(afters) >= 0:
        return []
    places = ", ".join(f":{n + min(0, after)}" for n, after in zip(work.size, afters, strict=True))
    return [f"{name} = {name}[:, {places}]"]


def _pad(name: str, pairs: list[tuple[int, int]], value: str) -> Lines:
    if not any(map(any, pairs)):
        return []
    text = ", ".join(map(str, [(0, 0), *pairs, (0, 0)]))
    return [
        f"{name} = keras.ops.pad({name}, ({text}){arguments(('constant_values', None if value == '0' else value))})"
    ]


def _counts(work: Job, spec: PoolSpec) -> Lines:
    """An array with 1 where a cell counts in the mean; nothing where every window counts all its cells."""
    includes = spec.count_include_pad or spec.kind is not PoolKind.AVG
    hangs, padded = any(over > 0 for over in work.hanging), any(map(any, work.pads))
    if not hangs and (includes or not padded):
        return []
    size = ", ".join(map(str, (1, *work.size, 1)))
    lines = [f'counts = np.ones(({size}), dtype="float32")  # 1 for each cell that counts']
    if not includes:
        return [*lines, *_padded(work, "counts", "0")]
    kept = [after + min(0, over) for (_, after), over in zip(work.pads, work.hanging, strict=True)]
    counted = [(before, max(0, after)) for (before, _), after in zip(work.pads, kept, strict=True)]
    extra = [(0, max(0, over)) for over in work.hanging]
    return [*lines, *_cut(work, "counts", kept), *_pad("counts", counted, "1.0"), *_pad("counts", extra, "0")]
