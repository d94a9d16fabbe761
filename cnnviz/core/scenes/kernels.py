"""The state of the kernel lab: a picture, a kernel, how it is laid on, and how the feature map is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cnnviz.core.conv import ConvSpec
from cnnviz.core.kernels import GENERATORS, PRESETS, Generator, Matrix, Weights, as_weights, generate, preset, rows
from cnnviz.core.rules import Choice, Grid, Real, Several, Switch, Whole, Word
from cnnviz.core.scene import Scene, field
from cnnviz.core.scenes import PICTURE_RULE
from cnnviz.core.scenes.kernel_rules import Listed, Numbers, Own

CUSTOM = "custom"
_PRESETS = tuple(kernel.id for kernel in PRESETS)
_GENERATORS: dict[str, Generator] = {generator.id: generator for generator in GENERATORS}
KERNELS = (*_PRESETS, *_GENERATORS, CUSTOM)
"""Every name a kernel may have: presets, generators, and the reader's own."""

BANK = ("sobel_x", "sobel_y", "laplacian_4", "gaussian_5", "sharpen", "emboss", "gabor_45", "line_vertical", "identity")
FEWEST, MOST = 2, 16
FIRST_MATRIX: Matrix = ((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.0))
NOT_PINNED = (-1, -1)
LEAST_DIVISOR = 1e-6
"""Nothing is divided by 0, nor by so little that float32 could not hold the map."""


@dataclass(frozen=True)
class KernelScene(Scene):
    """What the reader of the kernel lab has set.

    `kernel` names a preset, a generator (its parameters in `params`) or "custom" (the reader's own `weights`);
    `learned` says of own weights which network's they were: network.layer.out.in. `divisor` and `offset` are the
    kernel's own unless set. `at` is the pinned output pixel (row, column). `look` is the middle of the view (x, y in
    input pixels) and its zoom; a zoom of 0 shows the whole picture.

    >>> KernelScene.from_link({"picture": "cat", "kernel": "box_3", "stride": "2"}).link()
    {'kernel': 'box_3', 'stride': '2'}
    >>> KernelScene(kernel="gaussian", params=(0.1, 4.2, 99.0)).settled().params
    (0.3, 4.0, 31.0)
    """

    PAGE = "kernels"
    HIDEABLE = (
        *(
            "picker",
            "presets",
            "gallery",
            "learned",
            "generators",
            "descent",
            "bank",
            "notes",
            "facts",
            "response",
            "pixel",
            "size",
            "padding",
        ),
        *("stride", "dilation", "bias", "flip", "channels", "activation", "view", "scale", "formula", "share"),
    )

    picture: str = field(PICTURE_RULE, "cat")
    kernel: str = field(Choice(KERNELS), "sobel_x")
    weights: tuple[tuple[float, ...], ...] = field(Grid(31, 31), (), "w")
    learned: str = field(Word(r"|[a-z0-9-]{1,40}\.[a-z0-9_]{1,20}\.\d{1,4}\.\d{1,4}", 80), "", "from")
    params: tuple[float, ...] = field(Numbers(6), (), "p")
    divisor: float | None = field(Own(Real(-1e6, 1e6)), None)
    offset: float | None = field(Own(Real(-1e3, 1e3)), None)

    padding: str = field(Choice(("same", "valid", "full", "custom")), "same")
    pads: tuple[int, ...] = field(Several(Whole(0, 64), 4), (1, 1, 1, 1))
    mode: str = field(Choice(("zeros", "constant", "reflect", "replicate", "circular")), "zeros")
    fill: float = field(Real(-10, 10), 0.5)
    stride: tuple[int, ...] = field(Several(Whole(1, 16), 2), (1, 1))
    dilation: tuple[int, ...] = field(Several(Whole(1, 16), 2), (1, 1))
    bias: float = field(Real(-10, 10, 0.05), 0.0)
    flip: bool = field(Switch(), False)

    channels: str = field(Choice(("grey", "each", "sum")), "grey")
    channel: str = field(Choice(("all", "r", "g", "b")), "all")
    activation: str = field(Choice(("none", "relu", "abs", "sigmoid", "tanh", "clip")), "none", "act")
    view: str = field(Choice(("signed", "absolute", "clip", "rescale")), "signed")
    scale: str = field(Choice(("layer", "map", "fixed", "input")), "layer")
    limit: float = field(Real(0.001, 1e4), 1.0)

    at: tuple[int, ...] = field(Several(Whole(-1, 4096), 2), NOT_PINNED)
    look: tuple[float, ...] = field(Several(Real(-1000, 4096), 3), (0.0, 0.0, 0.0))
    many: bool = field(Switch(), False)
    bank: tuple[str, ...] = field(Listed(KERNELS, FEWEST, MOST), BANK)
    tab: str = field(Choice(("pixel", "gallery", "learned", "make", "descent", "bank", "notes")), "pixel")

    def settled(self) -> KernelScene:
        """The nearest scene that says one thing: parameters only with a generator, weights only with "custom"."""
        weights = self.weights if self.kernel == CUSTOM else ()
        if self.kernel == CUSTOM and not weights:
            weights = FIRST_MATRIX
        pinned = self.at if min(self.at) >= 0 else NOT_PINNED
        # a signed map of a bank shows one channel: three of each would be too many to compare
        apart = self.many and self.channels == "each" and self.view in ("signed", "absolute")
        changes: dict[str, Any] = {
            "weights": weights,
            "learned": self.learned if self.kernel == CUSTOM else "",
            "params": settled_params(self.kernel, self.params),
            "divisor": self.divisor if abs(self.divisor or 0.0) >= LEAST_DIVISOR else None,
            "at": pinned,
            "channel": "r" if apart and self.channel == "all" else self.channel,
        }
        return replace(self, **changes)

    @property
    def generator(self) -> Generator | None:
        """The generator behind the kernel, if there is one."""
        return _GENERATORS.get(self.kernel)

    @property
    def matrix(self) -> Matrix:
        """The numbers in the kernel grid, before the divisor: rows of (kh, kw)."""
        return rows(matrix_of(self.kernel, self.params, self.weights))

    @property
    def own(self) -> tuple[float, float]:
        """Divisor and offset the kernel comes with."""
        return own_of(self.kernel)

    @property
    def divided_by(self) -> float:
        """The divisor in force."""
        return self.own[0] if self.divisor is None else self.divisor

    @property
    def shifted_by(self) -> float:
        """The offset in force."""
        return self.own[1] if self.offset is None else self.offset

    def effective(self) -> Weights:
        """(kh, kw) float64: the weights as they meet the picture, the divisor applied, before any flip."""
        return as_weights(matrix_of(self.kernel, self.params, self.weights)) / self.divided_by

    def layer(self) -> ConvSpec:
        """The layer: one channel in, one out. Raises InvalidSpec."""
        return ConvSpec(
            self.effective().shape,
            stride=self.stride,
            padding=self.padding_pairs(),
            dilation=self.dilation,
            padding_mode=self.mode,
            padding_value=self.fill if self.mode == "constant" else 0.0,
            flip=self.flip,
        )

    def padding_pairs(self) -> str | tuple[tuple[int, int], tuple[int, int]]:
        """Padding as `cv.conv` takes it: a word, or ((top, bottom), (left, right))."""
        top, bottom, left, right = self.pads
        return ((top, bottom), (left, right)) if self.padding == "custom" else self.padding


def settled_params(kernel: str, params: tuple[float, ...]) -> tuple[float, ...]:
    """Parameters inside the bounds the generator declares; none where the kernel takes none or they are its own.

    >>> settled_params("motion_blur", (9.0, 0.0)), settled_params("sobel_x", (1.0,))
    ((), ())
    """
    generator = _GENERATORS.get(kernel)
    if generator is None or len(params) != len(generator.parameters):
        return ()
    pairs = list(zip(generator.parameters, params, strict=True))
    kept = tuple(float(min(max(round(v) if p.whole else v, p.low), p.high)) for p, v in pairs)
    return () if kept == tuple(p.default for p, _ in pairs) else kept


def matrix_of(kernel: str, params: tuple[float, ...] = (), weights: Matrix = ()) -> Weights:
    """The numbers of a kernel by its name, before the divisor: float64 (kh, kw).

    >>> matrix_of("box_3").tolist()[0]
    [1.0, 1.0, 1.0]
    """
    if kernel == CUSTOM:
        return as_weights(weights or FIRST_MATRIX)
    generator = _GENERATORS.get(kernel)
    if generator is None:
        return as_weights(preset(kernel).matrix)
    names = [p.name for p in generator.parameters]
    return generate(kernel, dict(zip(names, params, strict=True)) if params else None)


def own_of(kernel: str) -> tuple[float, float]:
    """Divisor and offset a kernel of this name comes with.

    >>> own_of("gaussian_5"), own_of("emboss_relief"), own_of("custom")
    ((256.0, 0.0), (1.0, 0.5), (1.0, 0.0))
    """
    if kernel not in _PRESETS:
        return 1.0, 0.0
    record = preset(kernel)
    return float(record.divisor), float(record.offset)
