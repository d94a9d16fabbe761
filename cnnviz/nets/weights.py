"""Weights as files: safetensors only, which hold numbers and words but no code, and are checked before they are read.

A file is 8 bytes with the length of the header, the header as JSON (for each tensor its dtype, shape and place), then
the numbers. Everything is held against the network before a single number is allocated.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as _load
from safetensors.torch import save as _save
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.net import Net

MAX_HEADER = 1 << 20
MAX_FILE = 256 << 20
SIZES = {"F32": 4, "F16": 2, "I64": 8, "U8": 1}
DTYPES = {torch.float32: "F32", torch.float16: "F16", torch.int64: "I64", torch.uint8: "U8"}
METADATA = "__metadata__"

Wanted = Mapping[str, Tensor]


def save(tensors: Mapping[str, Tensor], path: Path, notes: Mapping[str, str] | None = None) -> None:
    """Write tensors, and words beside them, into a file that appears whole or not at all."""
    held = {name: tensor.detach().contiguous(memory_format=torch.contiguous_format) for name, tensor in tensors.items()}
    part = path.with_name(path.name + ".part")
    part.write_bytes(_save(held, dict(notes or {})))
    part.replace(path)


def save_net(net: Net, path: Path, notes: Mapping[str, str] | None = None) -> None:
    """Write a network's learned numbers, what it normalises by, and the names of its classes."""
    words = {"network": net.name, "class_names": json.dumps(net.class_names, ensure_ascii=False)}
    save(net.state_dict(), path, words | dict(notes or {}))


def load_into(net: Net, source: Path | bytes) -> Net:
    """Fill a network with the numbers of a file, or of its bytes; returns the network, ready to use.

    Raises InvalidSpec with one sentence for a file that is cut short, no safetensors file, too large, or made for
    another network; the network is then as it was.
    """
    content, file = contents(source)
    tensors = read(content, file, wanted=net.state_dict())
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise InvalidSpec("weights_not_finite", file=file, name=name)
    net.load_state_dict(tensors)
    return net.eval()


def contents(source: Path | bytes) -> tuple[bytes, str]:
    """The bytes and the name to call them by, of a file or of an upload; refused by size before they are read."""
    if isinstance(source, bytes):
        size, name = len(source), "the file"
    else:
        if not source.is_file():
            raise InvalidSpec("weights_missing", file=source.name)
        size, name = source.stat().st_size, source.name
    if size > MAX_FILE:
        raise InvalidSpec("weights_too_large", file=name, size=size, limit=MAX_FILE)
    return (source if isinstance(source, bytes) else source.read_bytes()), name


def read(content: bytes, file: str, wanted: Wanted | None = None) -> dict[str, Tensor]:
    """The tensors of a file's bytes; where `wanted` is given, exactly those, in their dtypes and shapes."""
    table = header(content, file)
    table.pop(METADATA, None)
    if wanted is not None:
        _same(table, wanted, file)
    try:
        return dict(_load(content))
    except (SafetensorError, ValueError, KeyError) as fault:
        raise InvalidSpec("weights_malformed", file=file) from fault


def notes(content: bytes, file: str) -> dict[str, str]:
    """The words that stand beside the tensors."""
    held = header(content, file).get(METADATA, {})
    return {str(name): str(word) for name, word in held.items()}


def header(content: bytes, file: str) -> dict[str, Any]:
    """The header, checked: bounded, JSON, every tensor of a known dtype, and all of them filling the file exactly."""
    if len(content) < 8:
        raise InvalidSpec("weights_truncated", file=file)
    length = int.from_bytes(content[:8], "little")
    if length > MAX_HEADER:
        raise InvalidSpec("weights_malformed", file=file)
    if len(content) < 8 + length:
        raise InvalidSpec("weights_truncated", file=file)
    try:
        table = json.loads(content[8 : 8 + length])
        ends = _ends(table)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise InvalidSpec("weights_malformed", file=file) from fault
    if ends > len(content) - 8 - length:
        raise InvalidSpec("weights_truncated", file=file)
    if ends < len(content) - 8 - length:
        raise InvalidSpec("weights_malformed", file=file)
    return dict(table)


def _ends(table: Any) -> int:
    """Where the last number ends; ValueError where places overlap, leave gaps, or do not fit their shapes."""
    places = []
    for name, entry in table.items():
        if name == METADATA:
            if not all(isinstance(word, str) for word in entry.values()):
                raise ValueError(name)
            continue
        shape, (start, end) = entry["shape"], entry["data_offsets"]
        whole = all(type(n) is int and n >= 0 for n in (*shape, start, end))
        if not whole or math.prod(shape) * SIZES[entry["dtype"]] != end - start:
            raise ValueError(name)
        places.append((start, end))
    at = 0
    for start, end in sorted(places):
        if start != at:
            raise ValueError("places")
        at = end
    return at


def _same(table: Mapping[str, Any], wanted: Wanted, file: str) -> None:
    """Names, shapes and dtypes are those of the network."""
    for name in sorted(table.keys() ^ wanted.keys()):
        raise InvalidSpec("weights_lack" if name in wanted else "weights_extra", file=file, name=_short(name))
    for name, tensor in wanted.items():
        found = tuple(table[name]["shape"])
        if found != tuple(tensor.shape):
            raise InvalidSpec("weights_shape", file=file, name=name, shape=found, expected=tuple(tensor.shape))
        if table[name]["dtype"] != DTYPES[tensor.dtype]:
            expected = DTYPES[tensor.dtype]
            raise InvalidSpec("weights_dtype", file=file, name=name, dtype=table[name]["dtype"], expected=expected)


def _short(name: str) -> str:
    return name if len(name) <= 40 else name[:39] + "…"
