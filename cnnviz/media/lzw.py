"""GIF's compression, under the GIF writer: Pillow's encoder where pixels change, one run for the rows between.

In a film of the step player the window moves in one place and the arithmetic in another, with hundreds of unchanged
rows between them. Pillow would look at each of their pixels; here they cost a few hundred codes whatever their size.
Format: GIF89a, appendix F (variable-length-code LZW). All streams here start from 8-bit pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Indices = NDArray[np.uint8]
Rows = tuple[int, int]  # first, and one past the last

_CLEAR, _END, _FIRST_FREE = 256, 257, 258
_SPANS = ((255, 9), (512, 10), (1024, 11), (2048, 12))  # so many codes of so many bits after a clear, then a clear
_CYCLE = sum(codes * bits for codes, bits in _SPANS) + 12
_SHORTEST_RUN = 2000  # pixels; below that a run is not worth its two clear codes


class Bits(NamedTuple):
    """Codes as one number, first code lowest; `length` in bits; `width` of the code that would come next."""

    value: int
    length: int
    width: int


def image_data(indices: Indices, busy: Sequence[Rows]) -> bytes:
    """The data blocks of an image whose rows outside `busy` are all 0, code size first, terminator last.

    `busy` is in order and does not overlap.

    >>> blocks = image_data(np.zeros((2, 2), np.uint8), [(0, 2)])
    >>> blocks[0], blocks[1] == len(blocks) - 3, blocks[-1]
    (8, True, 0)
    """
    together = Bits(0, 0, 9)
    for kind, part in _parts(indices, busy):
        together = _joined(together, _run(part.size) if kind == "run" else _coded(part))
    value = together.value | _END << together.length
    data = value.to_bytes((together.length + together.width + 7) // 8, "little")
    blocks = [bytes([len(part)]) + part for part in (data[at : at + 255] for at in range(0, len(data), 255))]
    return b"\x08" + b"".join(blocks) + b"\0"


def _parts(indices: Indices, busy: Sequence[Rows]) -> list[tuple[str, Indices]]:
    """The rows cut into coded stretches and runs of zeros, short runs left inside the stretches."""
    height, width = indices.shape
    stretches: list[Rows] = []
    for start, end in busy:
        if stretches and (start - stretches[-1][1]) * width < _SHORTEST_RUN:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    cuts, at = [], 0
    for start, end in stretches:
        cuts += [("run", indices[at:start])] if start > at else []
        cuts.append(("coded", indices[start:end]))
        at = end
    return cuts + ([("run", indices[at:height])] if at < height else [])


def _joined(first: Bits, second: Bits) -> Bits:
    """One stream after the other, a clear code between them."""
    value = first.value | _CLEAR << first.length | second.value << first.length + first.width
    return Bits(value, first.length + first.width + second.length, second.width)


def _coded(part: Indices) -> Bits:
    """Pillow's stream, without its first clear code and without its end."""
    block = Image.fromarray(part).tobytes("gif", "L")
    data, at = bytearray(), 0
    while at < len(block):
        data += block[at + 1 : at + 1 + block[at]]
        at += 1 + block[at]
    value = int.from_bytes(data, "little") >> 9
    length = value.bit_length() - _END.bit_length()  # the end code is last, and its highest bit is set
    return Bits(value & (1 << length) - 1, length, _width_after(length))


def _width_after(length: int) -> int:
    """How wide the next code is after `length` bits; Pillow clears the table when it is full, not before."""
    left = length % _CYCLE
    for codes, bits in _SPANS:
        if left < codes * bits:
            return bits
        left -= codes * bits
    return 12


def _run(count: int) -> Bits:
    """`count` zeros: codes for 1, 2, 3, ... of them, then one for the rest."""
    codes = int(((8 * count + 1) ** 0.5 - 1) / 2)
    rest = count - codes * (codes + 1) // 2
    value, lengths = _growing_runs()
    kept = Bits(value & (1 << lengths[codes]) - 1, lengths[codes], _width_after(lengths[codes]))
    if not rest:
        return kept
    length = kept.length + kept.width
    return Bits(kept.value | _zeros(rest) << kept.length, length, _width_after(length))


def _zeros(count: int) -> int:
    """The code that stands for so many zeros, once the codes before it have been seen."""
    return 0 if count == 1 else _FIRST_FREE + count - 2


@cache
def _growing_runs() -> tuple[int, list[int]]:
    """The codes for 1, 2, 3, ... zeros as one number, and how many bits the first n of them take."""
    value, lengths = 0, [0]
    for count in range(1, 3800):  # 7 million zeros: more than any frame has
        value |= _zeros(count) << lengths[-1]
        lengths.append(lengths[-1] + _width_after(lengths[-1]))
    return value, lengths
