"""Ways to pad and ways to round, next to each other on one axis: what each makes of the same input.

Feeds the comparison of valid, same, full and TensorFlow's SAME, and of floor, ceil and cover-all, on the shapes page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from cnnviz.core.arithmetic import Derivation, Op, derive
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import PaddingLike, Pair, parse, resolve, whole
from cnnviz.core.windows import Axis, Rounding

T = TypeVar("T")
NAMES = ("valid", "same", "same_upper", "same_lower", "full")
MAX_SIZE = 4096  # pixels and kernel reach, because windows are walked through one by one


@dataclass(frozen=True)
class Scheme:
    """What one way makes of the input: its padding, its output size, and the pixels it drops or invents.

    `dropped` are input pixels that no window reads; `invented` are positions outside the input that some window does
    read (negative before it). `derivation` is None where not one window fits; `refused` then says why.
    """

    name: str
    padding: Pair
    derivation: Derivation | None
    dropped: tuple[int, ...]
    invented: tuple[int, ...]
    torch_refuses: bool = False  # torch's own padding='same' is not defined for a stride above 1
    refused: InvalidSpec | None = None

    @property
    def output(self) -> int | None:
        """Number of outputs; None where not one window fits."""
        return None if self.derivation is None else self.derivation.output

    @property
    def uneven(self) -> bool:
        """Whether the two sides differ."""
        return self.padding[0] != self.padding[1]


def compare(
    size: int, kernel_size: int, stride: int = 1, dilation: int = 1, custom: PaddingLike | None = None
) -> tuple[Scheme, ...]:
    """valid, same (torch's), same_upper (TensorFlow's SAME), same_lower, full and, if given, "custom".

    All numbers are those of one axis; `custom` is a number or (before, after). Raises InvalidSpec for numbers out of
    bounds; a way that cannot work is in the list, with its rule.

    >>> for s in compare(size=8, kernel_size=3, stride=2):
    ...     print(s.name, s.padding, s.output, s.dropped, s.invented, s.torch_refuses)
    valid (0, 0) 3 (7,) () False
    same (1, 1) 4 () (-1,) True
    same_upper (0, 1) 4 () (8,) False
    same_lower (1, 0) 4 () (-1,) False
    full (2, 2) 5 () (-2, -1, 8) False
    """
    lie = _checked(size, kernel_size, stride, dilation)
    schemes = [_scheme(name, _resolved(name, *lie), *lie) for name in NAMES]
    if custom is not None:
        schemes.append(_scheme("custom", _resolved(custom, *lie), *lie))
    return tuple(schemes)


def roundings(
    size: int, kernel_size: int, stride: int = 1, padding: PaddingLike = 0, dilation: int = 1
) -> tuple[Scheme, ...]:
    """A pooling window with the last, incomplete window dropped (floor), kept (ceil), or kept always (cover_all).

    >>> [(s.name, s.output, s.dropped) for s in roundings(size=6, kernel_size=3, stride=2)]
    [('floor', 2, (5,)), ('ceil', 3, ()), ('cover_all', 3, ())]
    """
    lie = _checked(size, kernel_size, stride, dilation)
    pair = _resolved(padding, *lie)
    return tuple(_scheme(str(r), pair, *lie, rounding=r, op=Op.POOL) for r in Rounding)


def _checked(size: int, kernel_size: int, stride: int, dilation: int) -> tuple[int, int, int, int]:
    named = {"size": size, "kernel_size": kernel_size, "stride": stride, "dilation": dilation}
    for name, value in named.items():
        if whole(name, value, 1) > MAX_SIZE:
            raise InvalidSpec("parameter_outside", name=name, value=value, low=1, high=MAX_SIZE)
    return size, kernel_size, stride, dilation


def _resolved(padding: PaddingLike, size: int, kernel_size: int, stride: int, dilation: int) -> Pair:
    one = parse(padding, (kernel_size,), (dilation,))
    return resolve(one, (size,), (kernel_size,), (stride,), (dilation,))[0]


def _scheme(
    name: str,
    padding: Pair,
    size: int,
    kernel_size: int,
    stride: int,
    dilation: int,
    *,
    rounding: Rounding = Rounding.FLOOR,
    op: Op = Op.CONV,
) -> Scheme:
    axis = Axis(kernel_size, stride, dilation, *padding)
    torch_refuses = name == "same" and stride > 1
    derivation = derive(op, axis, size, rounding=rounding)
    try:
        windows = derivation.output
    except InvalidSpec as rule:
        return Scheme(name, padding, None, tuple(range(size)), (), torch_refuses, rule)
    read = {position for window in range(windows) for position in axis.positions(window)}
    dropped = tuple(i for i in range(size) if i not in read)
    invented = tuple(sorted(position for position in read if not 0 <= position < size))
    return Scheme(name, padding, derivation, dropped, invented, torch_refuses)
