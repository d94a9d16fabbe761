"""A layer as plain NumPy loops: every index in sight, nothing faster than it must be."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent

from cnnviz.core.arrays import ArrayLike
from cnnviz.core.codegen.job import Array, Job, Layer, job
from cnnviz.core.codegen.text import nested, number, program
from cnnviz.core.conv import ConvSpec
from cnnviz.core.padding import PaddingMode
from cnnviz.core.pool import PoolKind, PoolSpec
from cnnviz.core.transposed import TransposedConvSpec

Lines = list[str]

_AFTER = {
    "relu": "y = np.maximum(y, 0)",
    "abs": "y = np.abs(y)",
    "sigmoid": "y = 1 / (1 + np.exp(-y))",
    "tanh": "y = np.tanh(y)",
    "clip": "y = np.clip(y, 0, 1)",
}
_MODES = {PaddingMode.REFLECT: "reflect", PaddingMode.REPLICATE: "edge", PaddingMode.CIRCULAR: "wrap"}
_OUT = {1: ("i",), 2: ("r", "c"), 3: ("d", "r", "c")}
_TAP = {1: ("m",), 2: ("m", "n"), 3: ("l", "m", "n")}


def numpy_code(
    layer: Layer,
    input: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    files: Mapping[str, str] | None = None,
    activation: str = "none",
) -> str:
    """The program of loops whose `y` is the layer's result, shape (channels, *spatial), or with its batch first.

    Arguments and errors are those of `torch_code`.

    >>> print(numpy_code(ConvSpec((2,), stride=2), [[1, 2, 3, 4]], [[[1, -1]]], [0.5]))
    import numpy as np
    <BLANKLINE>
    # input: (channels, *spatial) = (1, 4)
    x = np.array([1, 2, 3, 4], dtype=float)[None]
    # kernel: (out_channels, in_channels / groups, *kernel_size) = (1, 1, 2)
    w = np.array([1, -1], dtype=float)[None, None]
    b = [0.5]
    <BLANKLINE>
    y = np.zeros((1, 2))
    for o in range(1):  # every output channel
        for i in range(2):  # every place of the window
            total = b[o]
            for k in range(1):  # every input channel
                for m in range(2):  # every weight
                    total += x[k, i * 2 + m] * w[o, k, m]
            y[o, i] = total
    <BLANKLINE>
    print(y.shape)  # (1, 2)
    print(y)
    <BLANKLINE>
    """
    work = job(layer, input, weight, bias, files, activation)
    body = {ConvSpec: _conv, TransposedConvSpec: _transposed, PoolSpec: _pool}[type(layer)](work)
    channels = work.input.shape[1] if isinstance(layer, PoolSpec) else layer.out_channels
    shape: tuple[int, ...] = (channels, *work.output_size)
    if work.has_batch:
        shape = (work.input.shape[0], *shape)
        inside = indent("\n".join(body), "    ")
        body = [
            "def layer(x):",
            *inside.splitlines(),
            "    return y",
            "",
            "y = np.stack([layer(image) for image in x])",
        ]
    after = _AFTER.get(activation)
    end = [after, "", f"print(y.shape)  # {shape}", "print(y)"]
    return program(["import numpy as np", "", *_arrays(work), "", *body, "", *end])


def _arrays(work: Job) -> Lines:
    shape = work.input.shape if work.has_batch else work.input.shape[1:]
    axes = "(batch, channels, *spatial)" if work.has_batch else "(channels, *spatial)"
    random = work.input.values is None
    lines = ["rng = np.random.default_rng(0)  # an example: put your own numbers here"] if random else []
    lines += [f"# input: {axes} = {shape}", _array("x", work.input, shape)]
    layer = work.layer
    if work.weight is None or isinstance(layer, PoolSpec):
        return lines
    first, second = ("out_channels", "in_channels")
    if isinstance(layer, TransposedConvSpec):
        first, second = second, first
    lines.append(f"# kernel: ({first}, {second} / groups, *kernel_size) = {work.weight.shape}")
    lines.append(_array("w", work.weight, work.weight.shape))
    if isinstance(layer, ConvSpec) and layer.flip:
        lines.append(f"w = w[:, :, {', '.join(['::-1'] * work.dims)}]  # true convolution turns the kernel by 180°")
    if work.bias is not None:
        return [*lines, f"b = {nested(work.bias)}"]
    return [*lines, f"b = rng.normal(size={layer.out_channels})" if random else f"b = [0] * {layer.out_channels}"]


def _array(name: str, array: Array, shape: tuple[int, ...]) -> str:
    if array.values is None:
        return f"{name} = rng.normal(size={shape})"
    if array.file:
        return f'{name} = np.load("{array.file}").astype(float).reshape{shape}'
    if array.repeated and array.name == "weight":
        kernel = f"np.array({nested(array.values[0, 0])}, dtype=float)"
        return f"{name} = np.broadcast_to({kernel}, {shape})  # the same kernel for every channel"
    values = array.values.reshape(shape)
    lead = 0
    while lead < 2 and values.ndim > 1 and values.shape[0] == 1:
        values, lead = values[0], lead + 1
    axes = f"[{', '.join(['None'] * lead)}]" if lead else ""
    return f"{name} = np.array({nested(values)}, dtype=float){axes}"


def _loop(depth: int, head: str, comment: str = "") -> str:
    return "    " * depth + f"for {head}:" + (f"  # {comment}" if comment else "")


def _places(names: tuple[str, ...], counts: tuple[int, ...], depth: int, comment: str) -> Lines:
    """Nested loops over every axis; the first carries the comment."""
    return [
        _loop(depth + number, f"{name} in range({count})", comment if number == 0 else "")
        for number, (name, count) in enumerate(zip(names, counts, strict=True))
    ]


def _spot(outs: tuple[str, ...], taps: tuple[str, ...], stride: tuple[int, ...], dilation: tuple[int, ...]) -> str:
    """Where a tap of a window lies: out · stride + tap · dilation, ones left out."""
    parts = zip(outs, taps, stride, dilation, strict=True)
    return ", ".join(f"{_times(o, s)} + {_times(t, d)}" for o, t, s, d in parts)


def _times(name: str, factor: int) -> str:
    return name if factor == 1 else f"{name} * {factor}"


def _conv(work: Job) -> Lines:
    spec, dims = work.layer, work.dims
    assert isinstance(spec, ConvSpec)
    out, tap = _OUT[dims], _TAP[dims]
    pads = [str(pair) for pair in work.pads]
    lines = [f"x = np.pad(x, ((0, 0), {', '.join(pads)}){_how(spec)})"] if any(map(any, work.pads)) else []
    channels = spec.in_channels // spec.groups
    source = "k"
    if spec.groups > 1:
        per_group = spec.out_channels // spec.groups
        source = "o" if channels == per_group == 1 else f"o // {per_group} * {channels} + k"
    depth = 1 + dims
    inner = depth + 1 + dims
    return [
        *lines,
        f"y = np.zeros({(spec.out_channels, *work.output_size)})",
        _loop(0, f"o in range({spec.out_channels})", "every output channel"),
        *_places(out, work.output_size, 1, "every place of the window"),
        "    " * depth + "total = b[o]",
        _loop(depth, f"k in range({channels})", "every input channel" + (" of its group" if spec.groups > 1 else "")),
        *_places(tap, spec.kernel_size, depth + 1, "every weight"),
        "    " * inner
        + f"total += x[{source}, {_spot(out, tap, spec.stride, spec.dilation)}] * w[o, k, {', '.join(tap)}]",
        "    " * depth + f"y[o, {', '.join(out)}] = total",
    ]


def _how(spec: ConvSpec) -> str:
    if spec.padding_mode is PaddingMode.CONSTANT:
        return f", constant_values={number(spec.padding_value)}"
    return "" if spec.padding_mode is PaddingMode.ZEROS else f', mode="{_MODES[spec.padding_mode]}"'


def _transposed(work: Job) -> Lines:
    """Scatter: every input element stamps the kernel, the frame is cropped, then the bias comes."""
    spec, dims = work.layer, work.dims
    assert isinstance(spec, TransposedConvSpec)
    out, tap = _OUT[dims], _TAP[dims]
    axes = spec.axes(work.size)
    full = tuple((n - 1) * a.stride + a.effective + a.extra for n, a in zip(work.size, axes, strict=True))
    ends = [a.before + count for a, count in zip(axes, work.output_size, strict=True)]
    # cropping less than nothing lengthens: room for it is made at once
    full = tuple(max(length, end) for length, end in zip(full, ends, strict=True))
    per_group, sources = spec.out_channels // spec.groups, spec.in_channels // spec.groups
    target = "o" if spec.groups == 1 else f"k // {sources} * {per_group} + o"
    spot = _spot(out, tap, spec.stride, spec.dilation)
    crop = ", ".join(f"{a.before}:{end}" for a, end in zip(axes, ends, strict=True))
    lines = [
        f"y = np.zeros({(spec.out_channels, *full)})",
        _loop(0, f"k in range({spec.in_channels})", "every input channel"),
        *_places(out, work.size, 1, "every input element"),
        _loop(
            1 + dims, f"o in range({per_group})", "every output channel" + (" of its group" if spec.groups > 1 else "")
        ),
        *_places(tap, spec.kernel_size, 2 + dims, "every weight"),
        "    " * (2 + 2 * dims) + f"y[{target}, {spot}] += x[k, {', '.join(out)}] * w[k, o, {', '.join(tap)}]",
    ]
    whole = all(a.before == 0 and end == length for a, end, length in zip(axes, ends, full, strict=True))
    lines += [] if whole else [f"y = y[:, {crop}]  # padding crops"]
    return [*lines, f"y = y + np.array(b)[:, {', '.join(['None'] * dims)}]"]


def _pool(work: Job) -> Lines:
    spec, dims, channels = work.layer, work.dims, work.input.shape[1]
    assert isinstance(spec, PoolSpec)
    out, tap = _OUT[dims], _TAP[dims]
    spot = _spot(out, tap, spec.stride, spec.dilation)
    every = " ".join(f"for {name} in range({count})" for name, count in zip(tap, spec.kernel_size, strict=True))
    prepared, counts = _prepared(work, spec)
    depth = 1 + dims
    inside = "    " * depth
    place = f"y[o, {', '.join(out)}]"
    return [
        *prepared,
        f"y = np.zeros({(channels, *work.output_size)})",
        _loop(0, f"o in range({channels})", "every channel"),
        *_places(out, work.output_size, 1, "every place of the window"),
        f"{inside}window = [x[o, {spot}] {every}]",
        *([f"{inside}count = sum(counts[{spot}] {every})"] if counts == "count" else []),
        f"{inside}{place} = {_result(spec, counts)}",
    ]


def _prepared(work: Job, spec: PoolSpec) -> tuple[Lines, str]:
    """Lines before the loops, and what a mean divides by: a number, or `count` where windows differ."""
    pads, hanging, whole = work.pads, _over(work), _whole(work)
    padded = any(map(any, pads)) or any(hanging)
    fill = ", constant_values=-np.inf" if spec.kind is PoolKind.MAX else ""
    lines = [f"x = np.pad(x, ((0, 0), {whole}){fill})"] if padded else []
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
    ones = "counts = np.ones(x.shape[1:])  # 1 for each cell that counts"
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
