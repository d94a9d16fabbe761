"""Why odd kernels: the padding that keeps a size, derived line by line, and what an even kernel needs instead."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.padding import Pair, parse, whole


@dataclass(frozen=True)
class Line:
    """One line of a derivation, in plain text and in LaTeX."""

    text: str
    latex: str


@dataclass(frozen=True)
class SamePadding:
    """The padding that makes as many outputs as inputs at stride 1: p_before + p_after = d·(k−1).

    >>> SamePadding(kernel_size=3).pair, SamePadding(kernel_size=3, dilation=2).pair, SamePadding(kernel_size=4).pair
    ((1, 1), (2, 2), (1, 2))
    >>> print(SamePadding(kernel_size=5).lines[-1].text)
    p = 1·(5 − 1) / 2 = 2
    """

    kernel_size: int
    dilation: int = 1

    def __post_init__(self) -> None:
        whole("kernel_size", self.kernel_size, 1)
        whole("dilation", self.dilation, 1)

    @property
    def total(self) -> int:
        """Padding of both sides together."""
        return self.dilation * (self.kernel_size - 1)

    @property
    def even(self) -> bool:
        """Whether the two sides can be equal: always for odd kernels, for even ones with an even dilation too."""
        return self.total % 2 == 0

    @property
    def pair(self) -> Pair:
        """(before, after) as torch's padding='same' has it: the odd cell goes after."""
        pairs = parse("same", (self.kernel_size,), (self.dilation,))
        assert not isinstance(pairs, str)
        return pairs[0]

    @property
    def lines(self) -> tuple[Line, ...]:
        """From the output-size formula at stride 1 to the padding, with today's numbers in the last line."""
        k, d = self.kernel_size, self.dilation
        general = (
            Line("o = n + 2p − d·(k − 1)", "o = n + 2p - d(k-1)"),
            Line("n = n + 2p − d·(k − 1)", "n = n + 2p - d(k-1)"),
            Line("2p = d·(k − 1)", "2p = d(k-1)"),
        )
        if self.even:
            last = Line(
                f"p = {d}·({k} − 1) / 2 = {self.total // 2}",
                rf"p = \frac{{{d}\cdot({k}-1)}}{{2}} = {self.total // 2}",
            )
            return (*general, Line("p = d·(k − 1) / 2", r"p = \frac{d(k-1)}{2}"), last)
        before, after = self.pair
        no_whole = Line(
            f"2p = {d}·({k} − 1) = {self.total}", rf"2p = {d}\cdot({k}-1) = {self.total}"
        )  # an odd number: no whole p
        split = Line(
            f"p_before + p_after = {self.total} = {before} + {after}",
            rf"p_{{\text{{before}}}} + p_{{\text{{after}}}} = {self.total} = {before} + {after}",
        )
        return (*general, no_whole, split)
