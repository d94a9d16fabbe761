"""Poolings that a framework has not (median, k-max, ..., adaptive kinds): one window after the other, in any language.

A function `shrink` turns the pixels of a window into one number; loops take the windows as slices, padding left out.
"""

from __future__ import annotations

from enum import Enum
from math import prod

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.codegen.job import Job
from cnnviz.core.codegen.text import number
from cnnviz.core.pool import PoolKind, PoolSpec
from cnnviz.core.pooling import Pooling

Lines = list[str]


class Language(Enum):
    """Where the loops run; channels stand last in Keras."""

    TORCH = "torch"
    NUMPY = "numpy"
    KERAS = "keras"


_PLACES = {1: ("i",), 2: ("r", "c"), 3: ("d", "r", "c")}
_DRAW = """\
def shrink(window, draw):
    # one value, drawn with a probability that grows with it: Zeiler and Fergus, 2013
    chances = [max(v, 0) for v in window] if max(window) > 0 else [1] * len(window)
    passed, taken = 0, None
    for value, chance in zip(window, chances):
        passed += chance
        if chance > 0:
            taken = value
        if passed > draw * sum(chances):
            break
    return taken"""
_EXPECTED = """\
def shrink(window):
    # each value weighed by the probability with which it would be drawn: Zeiler and Fergus, 2013
    chances = [max(v, 0) for v in window] if max(window) > 0 else [1] * len(window)
    return sum(v * chance for v, chance in zip(window, chances)) / sum(chances)"""
_K_MEANS = """\
def shrink(window):
    # two groups that lie as tightly as they can (k-means); the mean of the larger one
    values = sorted(window)
    n = len(values)

    def tightness(cut):
        return sum(values[:cut]) ** 2 / cut + sum(values[cut:]) ** 2 / (n - cut)

    cut = max(range(1, n), key=tightness, default=1)
    group = values[:cut] if cut > n - cut else values[cut:] or values
    return sum(group) / len(group)"""


def by_window(work: Job, layer: Pooling, language: Language) -> Lines:
    """The lines that make `y` of `x`, arrays as the language's program has them."""
    batch, channels = work.input.shape[:2]
    out = work.output_size
    has_batch = language is not Language.NUMPY or work.has_batch
    shape = (*([batch] if has_batch else []), *([] if language is Language.KERAS else [channels]), *out)
    shape = (*shape, channels) if language is Language.KERAS else shape
    draws = _draws(layer, (batch, channels, *out), language, has_batch)
    names = [*(["n"] if has_batch else []), "o", *_PLACES[work.dims]]
    if language is Language.KERAS:
        names = ["n", *_PLACES[work.dims], "o"]
    at = ", ".join(names)
    return [
        *_shrink(layer, work).splitlines(),
        "",
        *draws,
        *_padded(work, layer, language, has_batch),
        f"y = torch.zeros({shape})" if language is Language.TORCH else f"y = np.zeros({shape})",
        f"for {at} in np.ndindex{shape}:",
        f"    window = x[{_window(work, layer, names)}].flatten()",
        f"    y[{at}] = shrink({_pixels(work, layer, language)}{f', draws[{at}]' if draws else ''})",
    ]


def needs_torch(layer: Pooling) -> bool:
    """Whether the program draws with PyTorch's generator, to draw what the screen drew."""
    return layer.kind is PoolKind.STOCHASTIC and layer.seed is not None


def _shrink(layer: Pooling, work: Job) -> str:
    p, k = number(layer.norm_type), layer.k
    head = "def shrink(window):\n    "
    match layer.kind:
        case PoolKind.MAX:
            return head + "return max(window)"
        case PoolKind.AVG:
            return head + "return sum(window) / len(window)"
        case PoolKind.LP:
            scale = f" * {prod(layer.kernel_size)} / len(window)" if isinstance(layer, PoolSpec) else ""
            return head + f"return (sum(abs(v) ** {p} for v in window){scale}) ** (1 / {p})"
        case PoolKind.MEDIAN:
            return (
                head + "values, n = sorted(window), len(window)\n    return (values[(n - 1) // 2] + values[n // 2]) / 2"
            )
        case PoolKind.K_MAX:
            return head + f"largest = sorted(window)[-{k}:]\n    return sum(largest) / len(largest)"
        case PoolKind.K_MEANS:
            return _K_MEANS
        case PoolKind.STOCHASTIC:
            return _EXPECTED if layer.seed is None else _DRAW


def _draws(layer: Pooling, shape: tuple[int, ...], language: Language, has_batch: bool) -> Lines:
    """The numbers that the screen drew, channels first as there."""
    if not needs_torch(layer):
        return []
    generator = f"generator=torch.Generator().manual_seed({layer.seed})"
    line = f"draws = torch.rand({shape}, {generator}, dtype=torch.float64)"
    if language is Language.KERAS:
        line += ".movedim(1, -1)"
    return [line if has_batch else line + "[0]"]


def _padded(work: Job, layer: Pooling, language: Language, has_batch: bool) -> Lines:
    """Padding as "no number", so that it can be left out of every window."""
    if not isinstance(layer, PoolSpec) or not _is_padded(work):
        return []
    pairs = [(before, after + max(0, over)) for (before, after), over in zip(work.pads, work.hanging, strict=True)]
    if language is Language.TORCH:
        return [f'x = F.pad(x, {tuple(side for pair in reversed(pairs) for side in pair)}, value=float("nan"))']
    leading, trailing = [(0, 0)] * (1 + has_batch), []
    if language is Language.KERAS:
        leading, trailing = [(0, 0)], [(0, 0)]
    return [f"x = np.pad(x, {tuple([*leading, *pairs, *trailing])}, constant_values=np.nan)"]


def _is_padded(work: Job) -> bool:
    return any(map(any, work.pads)) or any(over > 0 for over in work.hanging)


def _window(work: Job, layer: Pooling, names: list[str]) -> str:
    """The index of a window: a slice for each spatial axis, names for the others."""
    slices = iter(_slices(work, layer))
    spatial = set(_PLACES[work.dims])
    return ", ".join(next(slices) if name in spatial else name for name in names)


def _slices(work: Job, layer: Pooling) -> Lines:
    places = _PLACES[work.dims]
    if isinstance(layer, AdaptivePoolSpec):
        pairs = zip(places, work.size, work.output_size, strict=True)
        return [f"{o} * {n} // {count} : -(-({o} + 1) * {n} // {count})" for o, n, count in pairs]
    assert isinstance(layer, PoolSpec)
    found = []
    for o, k, s, d in zip(places, layer.kernel_size, layer.stride, layer.dilation, strict=True):
        start = o if s == 1 else f"{o} * {s}"
        found.append(f"{start} : {start} + {d * (k - 1) + 1}" + (f" : {d}" if d > 1 else ""))
    return found


def _pixels(work: Job, layer: Pooling, language: Language) -> str:
    if not isinstance(layer, PoolSpec) or not _is_padded(work):
        return "window.tolist()"
    return (
        "window[~torch.isnan(window)].tolist()" if language is Language.TORCH else "window[~np.isnan(window)].tolist()"
    )
