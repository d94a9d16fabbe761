"""The door for sizes and padding: loose input (7, (1, 2), "same") becomes strict pairs here, once, or is refused.

Words depend on kernel and dilation only, and become pairs at once; TensorFlow's SAME depends on the input size and
the stride too, so it stays a word (`AutoPadding`) until `resolve` meets a size.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TypeAlias

from cnnviz.core.errors import InvalidSpec

Pair: TypeAlias = tuple[int, int]
Pairs: TypeAlias = tuple[Pair, ...]
Sizes: TypeAlias = int | Sequence[int]
PaddingLike: TypeAlias = int | str | Sequence[int | Sequence[int]]


class PaddingMode(StrEnum):
    """What a position outside the input shows."""

    ZEROS = "zeros"
    CONSTANT = "constant"
    REFLECT = "reflect"
    REPLICATE = "replicate"
    CIRCULAR = "circular"


class AutoPadding(StrEnum):
    """TensorFlow's SAME (ONNX: SAME_UPPER, SAME_LOWER): ceil(size / stride) outputs, odd cell after or before."""

    SAME_UPPER = "same_upper"
    SAME_LOWER = "same_lower"


Padding: TypeAlias = Pairs | AutoPadding
WORDS = ("valid", "same", "same_upper", "same_lower", "full", "causal")
TRANSPOSED_WORDS = WORDS[:-1]


def whole(name: str, value: object, minimum: int) -> int:
    """`value` as an int of at least `minimum` (0 or 1), or InvalidSpec."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise InvalidSpec("not_whole", name=name, value=value) from None
    if number < minimum:
        raise InvalidSpec("below_one" if minimum == 1 else "negative", name=name, value=value)
    return number


def choice(name: str, value: object, allowed: Iterable[str]) -> str:
    """`value` if it is one of the allowed words, or InvalidSpec."""
    words = [str(word) for word in allowed]
    if not isinstance(value, str) or value not in words:
        raise InvalidSpec("unknown_choice", name=name, value=repr(value), allowed=", ".join(map(repr, words)))
    return str(value)


def per_axis(name: str, value: Sizes, axes: int, minimum: int) -> tuple[int, ...]:
    """One whole number per spatial axis; a single number counts for all of them.

    >>> per_axis("stride", 2, axes=3, minimum=1)
    (2, 2, 2)
    """
    numbers = sequence(value)
    if numbers is None:
        return (whole(name, value, minimum),) * axes
    if len(numbers) != axes:
        raise InvalidSpec("wrong_length", name=name, value=value, axes=axes)
    return tuple(whole(name, number, minimum) for number in numbers)


def kernel_axes(value: Sizes) -> tuple[int, ...]:
    """The kernel's size per axis; one number means the two axes of an image.

    >>> kernel_axes(3), kernel_axes((5,))
    ((3, 3), (5,))
    """
    numbers = sequence(value)
    axes = 2 if numbers is None else len(numbers)
    if not 1 <= axes <= 3:
        raise InvalidSpec("kernel_axes", value=value)
    return per_axis("kernel_size", value, axes, 1)


def sequence(value: object) -> tuple[object, ...] | None:
    """The elements of a list-like, or None where the value is a single thing."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return None
    try:
        return tuple(value)
    except TypeError:  # a zero-dimensional array is iterable in name only
        return None


def parse(padding: PaddingLike, kernel_size: Sequence[int], dilation: Sequence[int]) -> Padding:
    """Padding in any of its spellings as (before, after) pairs, or as the word that waits for a size.

    >>> parse("same", (3, 4), (1, 1))  # torch's convention: the odd cell goes after
    ((1, 1), (1, 2))
    >>> parse(((0, 1), (1, 0)), (3, 3), (1, 1))
    ((0, 1), (1, 0))
    """
    if isinstance(padding, str):
        return _from_word(padding, kernel_size, dilation)
    axes = len(kernel_size)
    parts = sequence(padding)
    if parts is None:
        amount = whole("padding", padding, 0)
        return ((amount, amount),) * axes
    if axes == 1 and len(parts) == 2 and all(sequence(part) is None for part in parts):
        parts = (parts,)  # one axis: (before, after)
    if len(parts) != axes:
        raise InvalidSpec("wrong_length", name="padding", value=padding, axes=axes)
    return tuple(_pair(part, padding) for part in parts)


def _pair(part: object, padding: object) -> Pair:
    both = sequence(part)
    if both is None:
        amount = whole("padding", part, 0)
        return amount, amount
    if len(both) != 2:
        raise InvalidSpec("unknown_padding", value=padding, allowed=", ".join(map(repr, WORDS)))
    return whole("padding", both[0], 0), whole("padding", both[1], 0)


def _from_word(word: str, kernel_size: Sequence[int], dilation: Sequence[int]) -> Padding:
    if word not in WORDS:
        raise InvalidSpec("unknown_padding", value=repr(word), allowed=", ".join(map(repr, WORDS)))
    if word in tuple(AutoPadding):
        return AutoPadding(word)
    reach = [d * (k - 1) for k, d in zip(kernel_size, dilation, strict=True)]
    return tuple(_word_pair(word, r) for r in reach)


def _word_pair(word: str, reach: int) -> Pair:
    """(before, after) for a kernel that reaches `reach` positions beyond its first tap."""
    if word == "valid":
        return 0, 0
    if word == "same":  # as many outputs as inputs at stride 1; torch puts the odd cell after
        return reach // 2, reach - reach // 2
    return reach, reach if word == "full" else 0  # "causal" looks back only


def split(total: int, word: AutoPadding) -> Pair:
    """Share a total between the two sides; the odd cell goes after for same_upper, before for same_lower."""
    small, large = total // 2, total - total // 2
    return (small, large) if word is AutoPadding.SAME_UPPER else (large, small)


def resolve(
    padding: Padding,
    size: Sequence[int],
    kernel_size: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
) -> Pairs:
    """The pairs for an input of this size: TensorFlow's SAME pads just enough for ceil(size / stride) windows.

    >>> resolve(AutoPadding.SAME_UPPER, (4,), (3,), (2,), (1,))
    ((0, 1),)
    """
    if not isinstance(padding, AutoPadding):
        return padding
    pairs = []
    for n, k, s, d in zip(size, kernel_size, stride, dilation, strict=True):
        needed = (math.ceil(n / s) - 1) * s + d * (k - 1) + 1 - n
        pairs.append(split(max(needed, 0), padding))
    return tuple(pairs)


def parse_transposed(padding: PaddingLike, kernel_size: Sequence[int], dilation: Sequence[int]) -> Padding:
    """Padding of a transposed convolution, which crops; "same" is `same_upper`, and "causal" has no meaning here."""
    if isinstance(padding, str) and padding not in TRANSPOSED_WORDS:
        raise InvalidSpec("unknown_padding", value=repr(padding), allowed=", ".join(map(repr, TRANSPOSED_WORDS)))
    return AutoPadding.SAME_UPPER if padding == "same" else parse(padding, kernel_size, dilation)


def torch_spells_it(padding: PaddingLike, axes: int) -> bool:
    """Whether padding is written as torch's own argument, a number or one per axis: torch's limits then hold.

    >>> [torch_spells_it(padding, 2) for padding in (1, (1, 2), ((1, 1), (2, 2)), "valid")]
    [True, True, False, False]
    """
    parts = sequence(padding)
    return not isinstance(padding, str) and (parts is None or (len(parts) == axes and not any(map(sequence, parts))))
