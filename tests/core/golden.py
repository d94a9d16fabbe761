"""Reads the published reference results kept beside the project (their README says what each file holds)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The cases of one file, at least one."""
    cases: list[dict[str, Any]] = json.loads((folder / "golden" / f"{name}.json").read_text())["cases"]
    assert cases
    return cases


def onnx_cases(folder: Path, *ops: str) -> Iterator[tuple[dict[str, Any], dict[str, Tensor], dict[str, Tensor]]]:
    """(case, inputs by role, expected outputs by role) for the cases of these operators."""
    with np.load(folder / "golden" / "onnx_ops.npz") as arrays:
        for case in rows(folder, "onnx_ops"):
            if case["op"] in ops:
                sides = (
                    [(i["role"], torch.from_numpy(arrays[i["key"]])) for i in case[s]] for s in ("inputs", "outputs")
                )
                given, expected = map(dict, sides)
                yield case, given, expected


def close(case: dict[str, Any], actual: Tensor, expected: Tensor) -> bool:
    """The comparison the reference asks for."""
    return actual.shape == expected.shape and np.allclose(
        actual.numpy(), expected.numpy(), rtol=case["rtol"], atol=max(case["atol"], 1e-5)
    )


def padding(row: dict[str, Any]) -> str | tuple[tuple[int, int], ...]:
    """The padding of a size row in cnnviz's words: the row's own word, or pairs."""
    if row["padding"] != "explicit":
        return str(row["padding"])
    return tuple(zip(row["pad_begin"], row["pad_end"], strict=True))


def array(value: dict[str, Any] | list[Any]) -> Tensor:
    """A textbook array: nested lists, or a constant of a shape."""
    if isinstance(value, dict):
        return torch.full(value["shape"], float(value["fill"]), dtype=torch.float64)
    return torch.tensor(value, dtype=torch.float64)
