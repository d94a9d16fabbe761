"""Pooling for the PyTorch program: torch's own call where it has one, else padding and counting in sight."""

from __future__ import annotations

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.codegen.by_window import Language, by_window
from cnnviz.core.codegen.job import Job
from cnnviz.core.codegen.text import SIDES, amounts, arguments, number, per_axis, unless
from cnnviz.core.pool import PoolKind, PoolSpec
from cnnviz.core.pooling import Pooling

Lines = list[str]

_ADAPTIVE = (PoolKind.MAX, PoolKind.AVG)


def torch_pool(work: Job, layer: Pooling) -> Lines:
    """The lines that make `y` of `x`."""
    if isinstance(layer, AdaptivePoolSpec) and layer.kind in _ADAPTIVE:
        return [f"y = F.adaptive_{layer.kind}_pool{work.dims}d(x, {work.output_size})"]
    if work.is_window_by_window:
        return ["# no layer of torch: window by window", *by_window(work, layer, Language.TORCH)]
    spec = layer
    assert isinstance(spec, PoolSpec)
    own = _own_pool(work, spec)
    if own:
        return own
    if spec.kind is PoolKind.MAX:
        return _padded_max(work, spec)
    return _counted_mean(work, spec)


def _own_pool(work: Job, spec: PoolSpec) -> Lines:
    """The one call where torch has this pooling, else nothing."""
    befores = [before for before, _ in work.pads]
    even = all(before == after for before, after in work.pads) and not spec.cover_all
    fits = all(before <= kernel // 2 for before, kernel in zip(befores, spec.kernel_size, strict=True))
    plain = set(spec.dilation) == {1}
    stride = None if spec.stride == spec.kernel_size else per_axis(spec.stride)
    shared = (("stride", stride), ("padding", unless(befores, 0)), ("dilation", unless(spec.dilation, 1)))
    ceil = ("ceil_mode", "True" if spec.ceil_mode else None)
    if not even or not fits:
        return []
    if spec.kind is PoolKind.MAX:
        return [f"y = F.max_pool{work.dims}d(x, {per_axis(spec.kernel_size)}{arguments(*shared, ceil)})"]
    if spec.kind is PoolKind.AVG and plain:
        counted = ("count_include_pad", None if spec.count_include_pad else "False")
        return [f"y = F.avg_pool{work.dims}d(x, {per_axis(spec.kernel_size)}{arguments(*shared, ceil, counted)})"]
    if spec.kind is PoolKind.LP and plain and not any(befores) and spec.norm_type % 2 == 0:  # torch keeps signs
        p = number(spec.norm_type)
        return [f"y = F.lp_pool{work.dims}d(x, {p}, {per_axis(spec.kernel_size)}{arguments(*shared[:1], ceil)})"]
    return []


def _with_hanging(work: Job) -> str:
    pairs = [(before, after + more) for (before, after), more in zip(work.pads, work.hanging, strict=True)]
    return amounts(pairs)


def _padded_max(work: Job, spec: PoolSpec) -> Lines:
    settings = arguments(
        ("stride", None if spec.stride == spec.kernel_size else per_axis(spec.stride)),
        ("dilation", unless(spec.dilation, 1)),
    )
    return [
        f'x = F.pad(x, {_with_hanging(work)}, value=float("-inf"))  # {SIDES[work.dims]}: nothing that could win',
        f"y = F.max_pool{work.dims}d(x, {per_axis(spec.kernel_size)}{settings})",
    ]


def _counted_mean(work: Job, spec: PoolSpec) -> Lines:
    """Means that torch has not: sum each window by a kernel of ones, divide by how many cells count."""
    channels, p = work.input.shape[1], number(spec.norm_type)
    slide = arguments(("stride", unless(spec.stride, 1)), ("dilation", unless(spec.dilation, 1)))
    includes = spec.kind is not PoolKind.AVG or spec.count_include_pad
    first, second = (amounts(work.pads), _hanging_alone(work)) if includes else (None, _with_hanging(work))
    kernel = ", ".join(map(str, (1, 1, *spec.kernel_size)))
    conv = f"F.conv{work.dims}d"
    lines = [
        f"x = x.abs() ** {p}" if spec.kind is PoolKind.LP else None,
        f"counts = torch.ones_like(x[:1, :1])  # 1 for each cell that counts in the {_word(spec)}",
        f"counts = F.pad(counts, {first}, value=1.0)  # padding counts; {SIDES[work.dims]}" if first else None,
        f"counts = F.pad(counts, {second})",
        f"x = F.pad(x, {_with_hanging(work)})",
        f"ones = torch.ones({kernel})",
        f"y = {conv}(x, ones.expand({channels}, {', '.join(['-1'] * (work.dims + 1))}){slide}, groups={channels})"
        f" / {conv}(counts, ones{slide})",
        f"y = (y * ones.numel()) ** (1 / {p})" if spec.kind is PoolKind.LP else None,
    ]
    return [line for line in lines if line]


def _hanging_alone(work: Job) -> str:
    return amounts([(0, more) for more in work.hanging])


def _word(spec: PoolSpec) -> str:
    return "mean" if spec.kind is PoolKind.AVG else "norm"
