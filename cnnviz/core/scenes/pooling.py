"""The state of the page `pooling`: an input, a pooling, where the step player stands, and what its views are set to.

As on the page `convolution`, whatever a link asks for can be computed: `settled` finds the nearest setting that
works, and `notice` remembers the rule that was broken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.pool_kinds import PoolKind
from cnnviz.core.rules import Choice, Real, Several, Switch, Whole, Word
from cnnviz.core.scene import field
from cnnviz.core.scenes.convolution import SPEEDS
from cnnviz.core.scenes.grid_input import LARGEST_INPUT, SOURCES, GridInput

VIEWS = ("steps", "picture", "switches", "move", "water")
KINDS = tuple(str(kind) for kind in PoolKind)
WINDOWS = ("sliding", "adaptive", "global")
LARGEST = {"size": LARGEST_INPUT, "kernel": 8, "stride": 8, "padding": 4, "dilation": 4, "out": LARGEST_INPUT, "k": 16}
SUBJECTS = ("digit", "picture")
LANDSCAPES = ("hills", "below", "input")
WATERS = ("level", "max", "avg")
MOST_SHIFT, MOST_TURN = 16, 180
PICTURE_SIDE = 192
"""Pixels of the picture that is pooled whole: what a page can answer at once, whatever the window."""


@dataclass(frozen=True)
class PoolingScene(GridInput):
    """Everything the page can be set to. Pairs are (rows, columns); padding is (top, bottom, left, right).

    >>> scene = PoolingScene()
    >>> scene.spec()(scene.input()[None]).tolist()
    [[[6.0, 8.0], [14.0, 16.0]]]
    >>> PoolingScene.from_link({"windows": "adaptive", "out": "3", "size": "5"}).spec().output_size((5, 5))
    (3, 3)
    """

    PAGE: ClassVar[str] = "pooling"
    HIDEABLE: ClassVar[tuple[str, ...]] = (
        *("views", "picker", "controls", "examples", "input", "kind", "windows", "kernel_size", "stride", "padding"),
        *("dilation", "ceil", "formula", "arithmetic", "transport", "share", "try"),
    )

    source: str = field(Choice(SOURCES), "from_one", link="in")  # the articles' 1, 2, ... 16
    view: str = field(Choice(VIEWS), "steps")

    # the layer
    kind: str = field(Choice(KINDS), PoolKind.MAX.value)
    windows: str = field(Choice(WINDOWS), "sliding")
    kernel: tuple[int, ...] = field(Several(Whole(1, LARGEST["kernel"]), 2), (2, 2))
    stride: tuple[int, ...] = field(Several(Whole(1, LARGEST["stride"]), 2), (2, 2))
    tied: bool = field(Switch(), True)
    padding: tuple[int, ...] = field(Several(Whole(0, LARGEST["padding"]), 4), (0, 0, 0, 0))
    dilation: tuple[int, ...] = field(Several(Whole(1, LARGEST["dilation"]), 2), (1, 1))
    ceil: bool = field(Switch(), False)
    counted: bool = field(Switch(), True)
    out: tuple[int, ...] = field(Several(Whole(1, LARGEST["out"]), 2), (3, 3))
    norm: float = field(Real(0.25, 64), 2.0)
    k: int = field(Whole(1, LARGEST["k"]), 2)
    draw: int = field(Whole(0, 9999), 0)
    expected: bool = field(Switch(), False)

    # the player
    step: int = field(Whole(0, 99999), 0)
    pin: str = field(Word(r"([xy]\d{1,2}\.\d{1,2})?", 6), "")
    reveal: bool = field(Switch(), False, link="all")
    symbols: bool = field(Switch(), False, link="letters")
    speed: str = field(Choice(SPEEDS), "1")

    # the input moved, turned and scaled; the landscape under water
    subject: str = field(Choice(SUBJECTS), "digit")
    shift: tuple[int, ...] = field(Several(Whole(-MOST_SHIFT, MOST_SHIFT), 2), (0, 1))
    turn: int = field(Whole(-MOST_TURN, MOST_TURN), 0)
    scale: int = field(Whole(50, 200), 100)
    block: int = field(Whole(0, 16), 2)  # 0: one window for all
    landscape: str = field(Choice(LANDSCAPES), "hills")
    water: str = field(Choice(WATERS), "level")
    level: int = field(Whole(0, 100), 50)

    @property
    def notice(self) -> InvalidSpec | None:
        """The rule that what was asked for broke, until something else is asked for."""
        return getattr(self, "_notice", None)

    @property
    def shows_picture(self) -> bool:
        """Whether the view on the screen is made of the picture, so that it can be chosen there."""
        if self.view == "water":
            return self.landscape == "input" and self.source == "picture"
        return {"picture": True, "move": self.subject == "picture"}.get(self.view, self.source == "picture")

    def settled(self) -> Self:
        """The scene itself where it can be computed, else the nearest that can, with its `notice`."""
        whole = self.with_cells()
        if whole.tied:
            whole = replace(whole, stride=whole.kernel)
        try:
            outputs = math.prod(whole.spec().output_size(whole.shape))
        except InvalidSpec as fault:
            near = whole._nearest()
            object.__setattr__(near, "_notice", fault)  # no field: it is said once, and not part of the state
            return near
        return whole if whole.view == "picture" else replace(whole, step=min(whole.step, outputs - 1))

    def _nearest(self) -> Self:
        """Padding of at most half the kernel; then less dilation; then a smaller kernel."""
        kernel = tuple(min(k, n) for k, n in zip(self.kernel, self.shape, strict=True))
        padding = tuple(min(p, kernel[side // 2] // 2) for side, p in enumerate(self.padding))
        room = [n + padding[2 * a] + padding[2 * a + 1] for a, n in enumerate(self.shape)]
        most = [n if k == 1 else (n - 1) // (k - 1) for k, n in zip(kernel, room, strict=True)]
        dilation = tuple(max(1, min(d, m)) for d, m in zip(self.dilation, most, strict=True))
        return replace(self, kernel=kernel, padding=padding, dilation=dilation).settled()

    @property
    def shape(self) -> tuple[int, ...]:
        """What is pooled in the view on the screen: the picture, or the small input."""
        return (PICTURE_SIDE, PICTURE_SIDE) if self.view == "picture" else self.size

    @property
    def seeded(self) -> int | None:
        """What stochastic pooling draws from; None where each value weighs by its probability instead."""
        return None if self.expected else self.draw

    def spec(self, kind: str | None = None) -> PoolSpec | AdaptivePoolSpec:
        """The layer; `kind` asks for another kind with the same windows."""
        chosen = kind or self.kind
        if self.windows != "sliding" and self.view != "switches":  # the way back is shown of windows that slide
            wanted = self.out if self.windows == "adaptive" else (1, 1)
            return AdaptivePoolSpec(wanted, chosen, self.norm, self.k, self.seeded)
        top, bottom, left, right = self.padding
        pads = ((top, bottom), (left, right))
        return PoolSpec(
            self.kernel, chosen, self.stride, pads, self.dilation, self.ceil, self.counted,
            self.norm, torch_limits=True, k=self.k, seed=self.seeded,
        )  # fmt: skip
