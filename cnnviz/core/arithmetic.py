"""The output-size formula as data: every term with its name, symbol and number, ready to be coloured or read out.

Formulas: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", and the shape notes of torch.nn.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from cnnviz.core.padding import PaddingMode
from cnnviz.core.windows import Axis, Rounding, TransposedAxis


class Op(StrEnum):
    """The operations whose output size is computed."""

    CONV = "conv"
    CONV_TRANSPOSE = "conv_transpose"
    POOL = "pool"


@dataclass(frozen=True)
class Term:
    """A piece of the formula: a named number, or (name None) the signs between.

    `text` and `latex` carry today's number; `symbol` and `symbol_latex` the letter.
    """

    name: str | None
    value: int | None
    text: str
    latex: str
    symbol: str
    symbol_latex: str


SYMBOLS = {  # name: (plain, LaTeX)
    "size": ("n", "n"),
    "before": ("p_before", r"p_{\text{before}}"),
    "after": ("p_after", r"p_{\text{after}}"),
    "dilation": ("d", "d"),
    "kernel_size": ("k", "k"),
    "stride": ("s", "s"),
    "output_padding": ("p_out", r"p_{\text{out}}"),
    "output": ("o", "o"),
}


def _sign(text: str, latex: str) -> Term:
    return Term(None, None, text, latex, text, latex)


def _number(name: str, value: int) -> Term:
    plain, latex = SYMBOLS[name]
    return Term(name, value, str(value), str(value), plain, latex)


@dataclass(frozen=True)
class Derivation:
    """How one axis of the output got its size, as immutable data; `terms` is the formula in reading order.

    For "conv" and "pool": o = ⌊(n + p_before + p_after − d·(k−1) − 1) / s⌋ + 1, with ⌈⌉ where the last window is
    kept. For "conv_transpose": o = (n−1)·s − p_before − p_after + d·(k−1) + p_out + 1, which divides nothing.

    >>> d = Derivation(Op.CONV, size=7, kernel_size=3, stride=2, before=1, after=1)
    >>> d.text()
    '⌊(7 + 1 + 1 − 1·(3−1) − 1) / 2⌋ + 1 = 4'
    >>> d.quotient, d.remainder, d.unvisited
    (Fraction(3, 1), 0, 0)
    """

    op: Op
    size: int
    kernel_size: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0
    output_padding: int = 0
    rounding: Rounding = Rounding.FLOOR
    mode: PaddingMode = PaddingMode.ZEROS
    axis: int = 0

    @property
    def effective(self) -> int:
        """Pixels the kernel spans with its dilation: d·(k−1) + 1."""
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def window(self) -> Axis:
        """The axis the windows slide along ("conv" and "pool")."""
        return Axis(self.kernel_size, self.stride, self.dilation, self.before, self.after)

    @property
    def numerator(self) -> int:
        """What the stride divides; for "conv_transpose", the way from the first to the last output."""
        return self.output - 1 if self.op is Op.CONV_TRANSPOSE else self.window.room(self.size)

    @property
    def quotient(self) -> Fraction:
        """The division before it is rounded, exact."""
        return Fraction(self.numerator, 1 if self.op is Op.CONV_TRANSPOSE else self.stride)

    @property
    def remainder(self) -> int:
        """Padded positions left over after the last whole stride; 0 where the stride fits exactly."""
        return 0 if self.op is Op.CONV_TRANSPOSE else self.numerator % self.stride

    @property
    def exact(self) -> bool:
        """Whether nothing has to be rounded."""
        return self.remainder == 0

    @property
    def floor(self) -> int:
        """The quotient rounded down."""
        return self.quotient.__floor__()

    @property
    def ceil(self) -> int:
        """The quotient rounded up."""
        return self.quotient.__ceil__()

    @cached_property
    def output(self) -> int:
        """The size of the output on this axis; InvalidSpec where there is none."""
        if self.op is Op.CONV_TRANSPOSE:
            spread = (self.kernel_size, self.stride, self.dilation, self.before, self.after, self.output_padding)
            return TransposedAxis(*spread).output_size(self.size, self.axis)
        return self.window.output_size(self.size, self.rounding, self.axis)

    @property
    def clipped(self) -> bool:
        """Whether rounding up made a last window that was dropped, because it starts past the input."""
        return self.op is not Op.CONV_TRANSPOSE and self.output < self.window.unclipped(self.size, self.rounding)

    @property
    def unvisited(self) -> int:
        """Input pixels that no window ever meets: left over at the end, or stepped over by a long stride."""
        if self.op is Op.CONV_TRANSPOSE:
            return 0
        return int((self.window.usage(self.size, self.rounding, self.mode) == 0).sum())

    @property
    def terms(self) -> tuple[Term, ...]:
        """The formula in reading order; joined `text`s read as `text()`."""
        return _spread_terms(self) if self.op is Op.CONV_TRANSPOSE else _window_terms(self)

    def text(self) -> str:
        """The formula with today's numbers."""
        return "".join(term.text for term in self.terms)

    def latex(self) -> str:
        r"""The formula with today's numbers, in LaTeX.

        >>> print(Derivation(Op.CONV, size=7, kernel_size=3, stride=2).latex())
        \left\lfloor\frac{7+0+0-1\cdot(3-1)-1}{2}\right\rfloor+1=3
        """
        return "".join(term.latex for term in self.terms)

    def symbols(self) -> str:
        """The formula in letters."""
        return "".join(term.symbol for term in self.terms)

    def symbols_latex(self) -> str:
        """The formula in letters, in LaTeX."""
        return "".join(term.symbol_latex for term in self.terms)


def derive(
    op: Op,
    axis: Axis | TransposedAxis,
    size: int,
    number: int = 0,
    rounding: Rounding = Rounding.FLOOR,
    mode: PaddingMode = PaddingMode.ZEROS,
) -> Derivation:
    """The derivation of one axis whose windows are known; `number` says which axis it is."""
    extra = axis.extra if isinstance(axis, TransposedAxis) else 0
    lie = (axis.kernel_size, axis.stride, axis.dilation, axis.before, axis.after)
    return Derivation(op, size, *lie, extra, rounding, mode, number)


def _window_terms(d: Derivation) -> tuple[Term, ...]:
    left, right, name = ("⌊", "⌋", "floor") if d.rounding is Rounding.FLOOR else ("⌈", "⌉", "ceil")
    back = ("1 − 1", "1-1") if d.clipped else ("1", "1")
    return (
        _sign(f"{left}(", rf"\left\l{name}\frac{{"),
        _number("size", d.size),
        _sign(" + ", "+"),
        _number("before", d.before),
        _sign(" + ", "+"),
        _number("after", d.after),
        _sign(" − ", "-"),
        _number("dilation", d.dilation),
        _sign("·(", r"\cdot("),
        _number("kernel_size", d.kernel_size),
        _sign("−1) − 1) / ", "-1)-1}{"),
        _number("stride", d.stride),
        _sign(f"{right} + {back[0]} = ", rf"}}\right\r{name}+{back[1]}="),
        _number("output", d.output),
    )


def _spread_terms(d: Derivation) -> tuple[Term, ...]:
    return (
        _sign("(", "("),
        _number("size", d.size),
        _sign("−1)·", r"-1)\cdot "),
        _number("stride", d.stride),
        _sign(" − ", "-"),
        _number("before", d.before),
        _sign(" − ", "-"),
        _number("after", d.after),
        _sign(" + ", "+"),
        _number("dilation", d.dilation),
        _sign("·(", r"\cdot("),
        _number("kernel_size", d.kernel_size),
        _sign("−1) + ", "-1)+"),
        _number("output_padding", d.output_padding),
        _sign(" + 1 = ", "+1="),
        _number("output", d.output),
    )
