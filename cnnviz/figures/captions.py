"""The words of a player figure: pages fill them in the reader's language, figures only set the numbers in."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.figures.drawing import Run


@dataclass(frozen=True, slots=True)
class Captions:
    """Templates with named holes; as they stand they are the English ones.

    The raster writer draws these English words wherever no font of the machine has a translation's characters.
    """

    input: str = "Input · {size}"
    padded: str = "Input · {size}, padding {padding}"
    kernel: str = "Kernel · {size}"
    window: str = "Window · {size}"
    output: str = "Feature map · {size}"
    step: str = "Step {step} of {steps} · output {at}"
    bias: str = "bias b = {bias}"
    flipped: str = "flipped: w[i,j] is turned by 180°"
    unvisited: str = "hatched: met by no window"

    def run(self, name: str, ink: str, bold: bool = False, /, **holes: object) -> Run:
        """A caption with its holes filled, the English beside it.

        >>> Captions(kernel="卷积核 (kernel) {size}").run("kernel", "#b05a00", size="3 × 3").english
        'Kernel · 3 × 3'
        """
        own, english = (getattr(words, name).format(**holes) for words in (self, ENGLISH))
        return Run(own, ink, bold, english)


ENGLISH = Captions()
