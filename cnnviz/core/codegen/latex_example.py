"""A layer as a worked example in LaTeX: the size formula and one output element, with today's numbers.

The text needs amsmath and nothing else; it can be pasted into an exercise sheet as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnnviz.core.arrays import ArrayLike
from cnnviz.core.codegen.job import Job, Layer, Numbers, job
from cnnviz.core.conv import ConvSpec
from cnnviz.core.pool import PoolKind, PoolSpec
from cnnviz.core.pooling import Pooling
from cnnviz.core.step import Reduction, Step, Tap
from cnnviz.core.transposed import TransposedConvSpec

Lines = list[str]

LARGEST_MATRIX = 12
_MOST_TERMS = 49
_PER_LINE = 5
_TIMES = r" \times "
Sliding = ConvSpec | TransposedConvSpec | PoolSpec
_OUT = {1: ("i",), 2: ("r", "c"), 3: ("q", "r", "c")}
_TAP = {1: ("m",), 2: ("m", "n"), 3: ("l", "m", "n")}


def latex_code(
    layer: Layer,
    input: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    at: Sequence[int] | None = None,
) -> str:
    r"""The worked example: output size, matrices (up to 12 by 12), the formula, and output element `at` written out.

    `at` is an output index as `spec.step` takes it; without it the first element is shown, and without `input` the
    formulas alone. Raises InvalidSpec as the layer does.

    >>> print(latex_code(ConvSpec((2,)), [[1, 2, 3]], [[[4, -1]]], [0.5], at=(0, 1)))
    % needs \usepackage{amsmath}
    % the size of the output
    \[ \left\lfloor\frac{n+p_{\text{before}}+p_{\text{after}}-d\cdot(k-1)-1}{s}\right\rfloor+1=o \]
    \[ \left\lfloor\frac{3+0+0-1\cdot(2-1)-1}{1}\right\rfloor+1=2 \]
    % the numbers
    \[ X = \left[\begin{array}{rrr}
    1 & 2 & 3
    \end{array}\right] \]
    \[ W = \left[\begin{array}{rr}
    4 & -1
    \end{array}\right] \]
    % every output element
    \[ y_{i} = b + \sum_{m=0}^{1} x_{i+m}\, w_{m} \]
    % one output element
    \begin{align*}
    y_{1} &= 2\cdot 4 + 3\cdot (-1) + 0.5 \\
    &= 5.5
    \end{align*}
    <BLANKLINE>
    """
    work = job(layer, input, weight, bias, None, "none")
    lines = [r"% needs \usepackage{amsmath}", "% the size of the output", *_sizes(work)]
    if work.input.values is not None:
        lines += _matrices(work)
    lines += ["% every output element", rf"\[ {_formula(work)} \]"]
    if work.input.values is not None:
        lines += _worked(work, _step(work, at, input, weight, bias))
    return "\n".join(lines) + "\n"


def tex_number(value: float) -> str:
    r"""A number in at most five significant digits, powers of ten as LaTeX writes them.

    >>> [tex_number(v) for v in (-3.0, 0.1 + 0.2, 1e-7, float("-inf"))]
    ['-3', '0.3', '1\\cdot 10^{-7}', '-\\infty']
    """
    if np.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    if np.isnan(value):
        return r"\text{NaN}"
    mantissa, _, exponent = f"{float(value) or 0.0:.5g}".partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _sizes(work: Job) -> Lines:
    """The formula in letters, then in numbers; once where all axes agree."""
    derivations = work.layer.derivation(work.size)
    if not derivations:  # adaptive pooling: the size is what was asked for
        return [rf"\[ {_TIMES.join(map(str, work.output_size))} \]"]
    texts = list(dict.fromkeys(derivation.latex() for derivation in derivations))
    return [rf"\[ {derivations[0].symbols_latex()} \]", *(rf"\[ {text} \]" for text in texts)]


def _matrices(work: Job) -> Lines:
    """Input and kernel, one plane each, where they are small enough to be read."""
    shown = []
    for name, array in (("X", work.input), ("W", work.weight)):
        if array is not None and array.values is not None and array.shape[:2] == (1, 1):
            plane = np.atleast_2d(array.values[0, 0])
            if plane.ndim == 2 and max(plane.shape) <= LARGEST_MATRIX:
                shown.append(rf"\[ {name} = {_matrix(plane)} \]")
    return ["% the numbers", *shown] if shown else []


def _matrix(values: Numbers) -> str:
    rows = " \\\\\n".join(" & ".join(tex_number(float(value)) for value in row) for row in values)
    return rf"\left[\begin{{array}}{{{'r' * values.shape[1]}}}" + f"\n{rows}\n" + r"\end{array}\right]"


def _formula(work: Job) -> str:
    layer, dims = work.layer, work.dims
    out, tap = _OUT[dims], _TAP[dims]
    if isinstance(layer, Pooling):
        return _pool_formula(work, layer)
    if isinstance(layer, TransposedConvSpec):
        return _spread_formula(layer, out, tap, work)
    many = layer.in_channels // layer.groups > 1
    source = _places(work, layer, out, tap)
    taps = [rf"{k - 1}-{t}" if layer.flip and k > 1 else t for t, k in zip(tap, layer.kernel_size, strict=True)]
    sums = _sums(layer, tap)
    o = ["o"] if layer.out_channels > 1 else []
    k = ["k"] if many else []
    x_channel = k if layer.groups == 1 else [r"g(o)+k"] if many else ["o"] if layer.out_channels > 1 else []
    b = "b_{o}" if o else "b"
    return f"y_{{{_index(o, out)}}} = {b} + {sums} x_{{{_index(x_channel, source)}}}\\, w_{{{_index([*o, *k], taps)}}}"


def _sums(layer: ConvSpec, tap: Sequence[str]) -> str:
    sums = "".join(rf"\sum_{{{t}=0}}^{{{k - 1}}}" for t, k in zip(tap, layer.kernel_size, strict=True))
    channels = layer.in_channels // layer.groups
    return (rf"\sum_{{k=0}}^{{{channels - 1}}}" if channels > 1 else "") + sums


def _places(work: Job, layer: Sliding, out: Sequence[str], tap: Sequence[str]) -> list[str]:
    """Which input element a tap meets on each axis: s·out + d·tap − padding, ones and zeros left out."""
    per = zip(out, tap, layer.stride, layer.dilation, work.pads, strict=True)
    return [f"{_times(s, o)}+{_times(d, t)}" + (f"-{before}" if before else "") for o, t, s, d, (before, _) in per]


def _times(factor: int, name: str) -> str:
    return name if factor == 1 else f"{factor}{name}"


def _index(*parts: Sequence[str]) -> str:
    return ",".join(text for part in parts for text in part)


def _spread_formula(layer: TransposedConvSpec, out: Sequence[str], tap: Sequence[str], work: Job) -> str:
    """A sum over the pairs that arrive, because which they are depends on the place."""
    places = [
        f"{source}={o}" for source, o in zip(_places(work, layer, [f"j_{{{o}}}" for o in out], tap), out, strict=True)
    ]
    channels = ["k"] if layer.in_channels // layer.groups > 1 else []
    o = ["o"] if layer.out_channels > 1 else []
    condition = r",\; ".join(places)
    inner = _index(channels, ["j_{" + name + "}" for name in out])
    b = "b_{o}" if o else "b"
    return rf"y_{{{_index(o, out)}}} = {b} + \sum_{{{condition}}} x_{{{inner}}}\, w_{{{_index(channels, o, tap)}}}"


def _pool_formula(work: Job, layer: Pooling) -> str:
    out = _OUT[work.dims]
    element, limits = _pool_window(work, layer)
    left = f"y_{{{_index(out)}}}"
    p = tex_number(layer.norm_type)
    match layer.kind:
        case PoolKind.MAX:
            return rf"{left} = \max_{{{limits}}} {element}"
        case PoolKind.AVG:
            return rf"{left} = \frac{{1}}{{\#}} \sum_{{{limits}}} {element}"
        case PoolKind.LP:
            return rf"{left} = \Bigl( \sum_{{{limits}}} |{element}|^{{{p}}} \Bigr)^{{1/{p}}}"
        case PoolKind.MEDIAN:
            return rf"{left} = \operatorname*{{median}}_{{{limits}}} {element}"
        case _:  # what each pixel contributes is worked out below
            return rf"{left} = \sum_{{{limits}}} s \cdot {element}, \quad \textstyle\sum s = 1"


def _pool_window(work: Job, layer: Pooling) -> tuple[str, str]:
    """An element of the window, and the places it runs over."""
    out, tap = _OUT[work.dims], _TAP[work.dims]
    if isinstance(layer, PoolSpec):
        limits = [rf"0 \le {t} < {k}" for t, k in zip(tap, layer.kernel_size, strict=True)]
        return f"x_{{{_index(_places(work, layer, out, tap))}}}", r",\; ".join(limits)
    sizes = zip(tap, out, work.size, work.output_size, strict=True)
    limits = [
        rf"\lfloor {n}{o}/{count} \rfloor \le {t} < \lceil {n}({o}+1)/{count} \rceil" for t, o, n, count in sizes
    ]  # fmt: skip
    return f"x_{{{_index(tap)}}}", r",\; ".join(limits)


def _step(
    work: Job, at: Sequence[int] | None, input: ArrayLike, weight: ArrayLike | None, bias: ArrayLike | None
) -> Step:
    layer = work.layer
    trace = layer.trace(input) if isinstance(layer, Pooling) else layer.trace(input, weight, bias)
    return trace[0] if at is None else trace.at(tuple(at))


def _worked(work: Job, step: Step) -> Lines:
    before, between, after = _frame(step)
    taps = [tap for tap in step.taps if step.reduction is Reduction.SUM or tap.weight != 0]
    terms = [_term(tap, step, first=number == 0) for number, tap in enumerate(taps)]
    if len(terms) > _MOST_TERMS:
        terms = [*terms[: _MOST_TERMS - 2], r"\cdots", terms[-1]]
    rows = [between.join(terms[start : start + _PER_LINE]) for start in range(0, len(terms), _PER_LINE)] or [""]
    text = f" \\\\\n&\\quad{between.rstrip()} ".join(rows)
    hidden = step.at[-1 - work.dims :][0] if len(step.at) > work.dims else 0
    place = ",".join(map(str, ([hidden] if work.out_channels > 1 else []) + list(step.at[-work.dims :])))
    total = tex_number(step.total)
    return [
        "% one output element",
        r"\begin{align*}",
        rf"y_{{{place}}} &= {before}{text}{after} \\",
        f"&= {total}",
        r"\end{align*}",
    ]


def _frame(step: Step) -> tuple[str, str, str]:
    """What stands before, between and after the terms. Braces stay balanced when a line breaks: no \\left here."""
    match step.reduction:
        case Reduction.MAX:
            return r"\max\{", r",\; ", r"\}"
        case Reduction.MEAN:
            share = next((tap.weight for tap in step.taps if tap.weight), 1.0)
            return rf"\tfrac{{1}}{{{tex_number(round(1 / share, 9))}}}\bigl(", " + ", r"\bigr)"
        case Reduction.LP:
            return r"\bigl(", " + ", rf"\bigr)^{{1/{tex_number(step.norm_type or 1)}}}"
        case Reduction.SUM:
            return "", " + ", (" + " if step.taps else "") + _bracketed(tex_number(step.bias))
        case Reduction.SHARES:
            return "", " + ", ""


def _term(tap: Tap, step: Step, first: bool) -> str:
    value = tex_number(tap.value)
    match step.reduction:
        case Reduction.MAX:
            return value
        case Reduction.LP:
            scale = "" if tap.weight == 1 else rf"{tex_number(tap.weight or 0.0)}\cdot "
            return f"{scale}|{value}|^{{{tex_number(step.norm_type or 1)}}}"
        case Reduction.MEAN:
            return value if first else _bracketed(value)
        case Reduction.SUM | Reduction.SHARES:
            return rf"{value if first else _bracketed(value)}\cdot {_bracketed(tex_number(tap.weight or 0.0))}"


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text
