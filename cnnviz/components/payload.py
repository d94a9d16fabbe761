"""Packs what a browser part is given into one bytes value: a JSON header, then the raw arrays.

Layout: 4 bytes little-endian length of the header, the header (UTF-8 JSON, padded with spaces to a multiple of 8 so
that every array starts aligned), the arrays one after another, each padded to 8 bytes. shared/payload.js reads it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

DTYPES = ("uint8", "int8", "uint16", "int16", "int32", "float32", "float64")
LARGEST = 64 * 1024 * 1024


def pack(header: Mapping[str, Any], **arrays: npt.NDArray[Any]) -> bytes:
    """Header and named arrays as one value.

    Raises ValueError for a dtype the browser has no array for, for NaN or infinity in the header (they would stop
    the part), and for more than LARGEST bytes.

    >>> len(pack({"title": "a"}, grid=np.zeros((2, 2), np.float32))) % 8
    4
    """
    layout, blocks, offset = {}, [], 0
    for name, array in arrays.items():
        if array.dtype.name not in DTYPES:
            raise ValueError(f"`{name}` has dtype {array.dtype.name}; the browser reads {', '.join(DTYPES)}")
        raw = np.ascontiguousarray(array).tobytes()
        layout[name] = {"dtype": array.dtype.name, "shape": list(array.shape), "offset": offset}
        blocks.append(raw + bytes(-len(raw) % 8))
        offset += len(blocks[-1])
    if offset > LARGEST:
        raise ValueError(f"{offset} bytes of arrays are more than the {LARGEST} a part may be given")
    head = json.dumps({**header, "arrays": layout}, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<I", len(head)) + head + b"".join(blocks)
