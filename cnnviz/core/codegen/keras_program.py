"""A layer as a Keras program: channels last, weights as (*kernel_size, in, out), and what Keras lacks done in sight."""

from __future__ import annotations

from collections.abc import Mapping

from cnnviz.core.arrays import ArrayLike
from cnnviz.core.codegen.job import Array, Job, Layer, job
from cnnviz.core.codegen.keras_pool import keras_pool
from cnnviz.core.codegen.text import arguments, nested, number, per_axis, program, unless
from cnnviz.core.conv import ConvSpec
from cnnviz.core.padding import AutoPadding, PaddingMode
from cnnviz.core.pooling import Pooling
from cnnviz.core.transposed import TransposedConvSpec

Lines = list[str]

_AFTER = {
    "relu": "y = keras.ops.relu(y)",
    "abs": "y = keras.ops.abs(y)",
    "sigmoid": "y = keras.ops.sigmoid(y)",
    "tanh": "y = keras.ops.tanh(y)",
    "clip": "y = keras.ops.clip(y, 0, 1)",
}
_NUMPY_MODES = {PaddingMode.REPLICATE: "edge", PaddingMode.CIRCULAR: "wrap"}


def keras_code(
    layer: Layer,
    input: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    files: Mapping[str, str] | None = None,
    activation: str = "none",
) -> str:
    """The Keras 3 program whose `y` is the layer's result, shape (batch, *spatial, channels).

    Arguments and errors are those of `torch_code`.

    >>> print(keras_code(ConvSpec((2,), padding=((1, 0),)), [[1, 2, 3, 4]], [[[1, -1]]], [0.5]))
    import keras
    import numpy as np
    <BLANKLINE>
    # input: (batch, *spatial, channels) = (1, 4, 1)
    x = np.array([1, 2, 3, 4], dtype="float32")[None, ..., None]
    # kernel: (*kernel_size, in_channels / groups, out_channels) = (2, 1, 1)
    w = np.array([1, -1], dtype="float32")[..., None, None]
    b = np.array([0.5], dtype="float32")
    <BLANKLINE>
    x = keras.layers.ZeroPadding1D((1, 0))(x)
    layer = keras.layers.Conv1D(1, 2)
    layer.build(x.shape)
    layer.set_weights([w, b])
    y = layer(x)
    print(y.shape)  # (1, 4, 1)
    print(keras.ops.convert_to_numpy(y))
    <BLANKLINE>
    """
    work = job(layer, input, weight, bias, files, activation)
    if isinstance(layer, ConvSpec):
        body = _conv(work)
    else:
        body = _transposed(work) if isinstance(layer, TransposedConvSpec) else keras_pool(work, layer)
    return program(
        [
            "import keras",
            "import numpy as np",
            "import torch  # its generator draws what the screen drew" if "torch." in "".join(body) else None,
            "",
            *_arrays(work),
            "",
            *body,
            _AFTER.get(activation),
            f"print(y.shape)  # {(work.input.shape[0], *work.output_size, work.out_channels)}",
            "print(keras.ops.convert_to_numpy(y))",
        ]
    )


def _arrays(work: Job) -> Lines:
    random = work.input.values is None
    batch, channels, *size = work.input.shape
    lines = ["rng = np.random.default_rng(0)  # an example: put your own numbers here"] if random else []
    lines.append(f"# input: (batch, *spatial, channels) = {(batch, *size, channels)}")
    lines.append(f"x = {_input(work.input)}")
    layer = work.layer
    if work.weight is None or isinstance(layer, Pooling):
        return lines
    first, second, *kernel = work.weight.shape
    names = "in_channels / groups, out_channels"
    if isinstance(layer, TransposedConvSpec):
        names = "out_channels / groups, in_channels"
    lines.append(f"# kernel: (*kernel_size, {names}) = {(*kernel, second, first)}")
    lines.append(f"w = {_weight(work.weight)}")
    if isinstance(layer, ConvSpec) and layer.flip:
        lines.append(f"w = w[{', '.join(['::-1'] * work.dims)}]  # true convolution turns the kernel by 180°")
    if work.bias is not None:
        lines.append(f'b = np.array({nested(work.bias)}, dtype="float32")')
    elif random:
        lines.append(f'b = rng.normal(size={layer.out_channels}).astype("float32")')
    return lines


def _input(array: Array) -> str:
    batch, channels, *size = array.shape
    if array.values is None:
        return f'rng.normal(size={(batch, *size, channels)}).astype("float32")'
    if array.file:
        loaded = f'np.load("{array.file}").astype("float32").reshape{array.shape}'
        return f"np.moveaxis({loaded}, 1, -1)"
    if batch == channels == 1:
        return f'np.array({nested(array.values[0, 0])}, dtype="float32")[None, ..., None]'
    return f'np.moveaxis(np.array({nested(array.values)}, dtype="float32"), 1, -1)'


def _weight(array: Array) -> str:
    """From torch's order, in which the other programs write it, to Keras': the first two axes go last, swapped."""
    first, second, *kernel = array.shape
    order = (*range(2, 2 + len(kernel)), 1, 0)
    if array.values is None:
        return f'rng.normal(size={(*kernel, second, first)}).astype("float32")'
    if array.file:
        return f'np.load("{array.file}").astype("float32").reshape{array.shape}.transpose{order}'
    if first == second == 1:
        return f'np.array({nested(array.values[0, 0])}, dtype="float32")[..., None, None]'
    if array.repeated:
        kernel_text = f'np.array({nested(array.values[0, 0])}, dtype="float32")[..., None, None]'
        return f"np.tile({kernel_text}, {(second, first)})  # the same kernel for every channel"
    return f'np.array({nested(array.values)}, dtype="float32").transpose{order}'


def _has_bias(work: Job) -> bool:
    return work.bias is not None or work.input.values is None


def _conv(work: Job) -> Lines:
    spec = work.layer
    assert isinstance(spec, ConvSpec)
    own_same = spec.padding is AutoPadding.SAME_UPPER and spec.padding_mode is PaddingMode.ZEROS
    both = max(spec.stride) > 1 and max(spec.dilation) > 1
    own_same = own_same and not both
    lines = [] if own_same else _padding(work, spec)
    if both:
        lines.append("# Keras refuses strides together with dilation_rate: take every place, keep every stride-th")
    settings = arguments(
        ("strides", None if both else unless(spec.stride, 1)),
        ("padding", '"same"' if own_same else None),
        ("dilation_rate", unless(spec.dilation, 1)),
        ("groups", str(spec.groups) if spec.groups > 1 else None),
        ("use_bias", None if _has_bias(work) else "False"),
    )
    kernel = per_axis(spec.kernel_size)
    lines += [
        f"layer = keras.layers.Conv{work.dims}D({spec.out_channels}, {kernel}{settings})",
        "layer.build(x.shape)",
        f"layer.set_weights([w{', b' if _has_bias(work) else ''}])",
        "y = layer(x)",
    ]
    return [*lines, f"y = y[:, {', '.join(f'::{stride}' for stride in spec.stride)}]"] if both else lines


def _padding(work: Job, spec: ConvSpec) -> Lines:
    if not any(map(any, work.pads)):
        return []
    pairs = ", ".join(map(str, ((0, 0), *work.pads, (0, 0))))
    match spec.padding_mode:
        case PaddingMode.ZEROS:
            inner = str(work.pads[0] if work.dims == 1 else work.pads)
            return [f"x = keras.layers.ZeroPadding{work.dims}D({inner})(x)"]
        case PaddingMode.CONSTANT:
            return [f"x = keras.ops.pad(x, ({pairs}), constant_values={number(spec.padding_value)})"]
        case PaddingMode.REFLECT:
            return [f'x = keras.ops.pad(x, ({pairs}), mode="reflect")']
        case mode:
            comment = f"# Keras has no {mode} padding: NumPy pads first"
            return [comment, f'x = np.pad(x, ({pairs}), mode="{_NUMPY_MODES[mode]}")']


def _transposed(work: Job) -> Lines:
    spec = work.layer
    assert isinstance(spec, TransposedConvSpec)
    axes, lines = spec.axes(work.size), _holes(spec)
    span = tuple(axis.effective for axis in axes)
    strides = arguments(("strides", unless(spec.stride, 1)))
    if spec.groups == 1:
        lines += [
            f"layer = keras.layers.Conv{work.dims}DTranspose({spec.out_channels}, {per_axis(span)}{strides}, "
            "use_bias=False)",
            "layer.build(x.shape)",
            "layer.set_weights([w])",
            "y = layer(x)",
        ]
    else:
        lines += [
            "# Keras has no groups here: each group by itself, then side by side",
            f"groups = zip(np.split(x, {spec.groups}, -1), np.split(w, {spec.groups}, -1))",
            f'parts = [keras.ops.conv_transpose(part, kernel{strides or ", strides=1"}, padding="valid") '
            "for part, kernel in groups]",
            "y = keras.ops.concatenate(parts, -1)",
        ]
    lines += _cropped(work, spec)
    return [*lines, "y = keras.ops.add(y, b)"] if _has_bias(work) else lines


def _holes(spec: TransposedConvSpec) -> Lines:
    """A dilated kernel written out, because Keras' transposed layers take no dilation together with strides."""
    if set(spec.dilation) == {1}:
        return []
    spans = [d * (k - 1) + 1 for k, d in zip(spec.kernel_size, spec.dilation, strict=True)]
    shape = ", ".join(map(str, spans))
    return [
        "# the kernel with its holes written out: Keras takes no dilation together with strides",
        f'holes = np.zeros(({shape}, *w.shape[-2:]), dtype="float32")',
        f"holes[{', '.join(f'::{d}' for d in spec.dilation)}] = w",
        "w = holes",
    ]


def _cropped(work: Job, spec: TransposedConvSpec) -> Lines:
    """Keras' full result to ours: zeros where it is too short, then cropped."""
    axes = spec.axes(work.size)
    made = [(n - 1) * a.stride + max(a.effective, a.stride) for n, a in zip(work.size, axes, strict=True)]
    ends = [a.before + count for a, count in zip(axes, work.output_size, strict=True)]
    missing = tuple((0, max(0, end - length)) for end, length in zip(ends, made, strict=True))
    lines = []
    if any(more for _, more in missing):
        lines.append(f"y = keras.layers.ZeroPadding{work.dims}D({missing[0] if work.dims == 1 else missing})(y)")
    if any(a.before for a in axes) or any(end < length for end, length in zip(ends, made, strict=True)):
        places = ", ".join(f"{a.before}:{end}" for a, end in zip(axes, ends, strict=True))
        lines.append(f"y = y[:, {places}]  # padding crops")
    return lines
