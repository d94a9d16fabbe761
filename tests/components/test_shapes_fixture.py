"""The browser's arithmetic on the shapes page is torch's and core's: the fixture tests/js reads is what they give."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from cnnviz.core.arithmetic import Derivation, Op
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import PaddingMode
from cnnviz.core.padding_schemes import compare
from cnnviz.core.presets_networks import PRESETS
from cnnviz.core.receptive_field import receptive_field
from cnnviz.core.shapes_lab import costs_of, fields_of, sliding_part
from cnnviz.core.windows import Axis, Rounding
from tests.fixtures import check_fixture

MODES = ("zeros", "reflect", "replicate", "circular")


def axis_cases() -> list[dict[str, Any]]:
    """Settings of every kind with what core derives, the sizes checked against torch."""
    rng, cases = random.Random(3), []
    while len(cases) < 72:
        size, k, s, d = rng.randint(1, 14), rng.randint(1, 6), rng.randint(1, 5), rng.randint(1, 3)
        ceil = len(cases) % 3 == 0
        before, after = (rng.randint(0, k // 2),) * 2 if ceil else (rng.randint(0, 4), rng.randint(0, 4))
        found = Derivation(
            Op.POOL if ceil else Op.CONV,
            *(size, k, s, d, before, after),
            rounding=Rounding.CEIL if ceil else Rounding.FLOOR,
        )
        try:
            output = found.output
        except InvalidSpec:
            output = 0
        assert output == torch_size(size, k, s, d, before, after, ceil)
        cases.append(_axis_case(found, output, ceil))
    return cases


def _axis_case(found: Derivation, output: int, ceil: bool) -> dict[str, Any]:
    mode = MODES[(found.size + found.kernel_size) % 4] if output and not ceil else "zeros"
    widest = {"reflect": found.size - 1, "circular": found.size}.get(mode, 99)
    mode = mode if max(found.before, found.after) <= widest else "zeros"
    return {
        "size": found.size,
        "axis": {
            "kernel": found.kernel_size,
            "stride": found.stride,
            "dilation": found.dilation,
            "before": found.before,
            "after": found.after,
        },
        "rounding": str(found.rounding),
        "mode": mode,
        "output": output,
        "terms": [term.text for term in found.terms] if output else None,
        "names": [term.name for term in found.terms] if output else None,
        "remainder": found.remainder,
        "quotient": [found.quotient.numerator, found.quotient.denominator],
        "clipped": found.clipped if output else None,
        "unvisited": found.unvisited if output else None,
        "usage": torch_usage(found, mode) if output else None,
    }


def torch_size(n: int, k: int, s: int, d: int, before: int, after: int, ceil: bool) -> int:
    """The output size by torch; 0 where it refuses."""
    try:
        if ceil:
            return int(F.max_pool1d(torch.zeros(1, 1, n), k, s, before, d, ceil_mode=True).shape[-1])
        padded = F.pad(torch.zeros(1, 1, n), (before, after))
        return int(F.conv1d(padded, torch.zeros(1, 1, k), stride=s, dilation=d).shape[-1])
    except RuntimeError:
        return 0


def torch_usage(found: Derivation, mode: str) -> list[int]:
    """How often each pixel is used: the gradient of the sum of a convolution with ones."""
    x = torch.zeros(1, 1, found.size, requires_grad=True)
    padded = F.pad(x, (found.before, found.after), mode="constant" if mode == "zeros" else mode)
    reached = (found.output - 1) * found.stride + found.effective
    padded = F.pad(padded, (0, max(0, reached - padded.shape[-1])))
    windows = padded[..., :reached]
    F.conv1d(
        windows, torch.ones(1, 1, found.kernel_size), stride=found.stride, dilation=found.dilation
    ).sum().backward()
    assert x.grad is not None
    return [int(n) for n in x.grad.flatten()]


def scheme_cases() -> list[dict[str, Any]]:
    """The ways to pad, as core compares them."""
    rng = random.Random(5)
    cases = []
    for _ in range(24):
        size, k, s, d = rng.randint(1, 12), rng.randint(1, 6), rng.randint(1, 4), rng.randint(1, 3)
        custom = (rng.randint(0, 4), rng.randint(0, 4))
        schemes = [
            [x.name, list(x.padding), x.output or 0, list(x.dropped), list(x.invented), x.torch_refuses]
            for x in compare(size, k, s, d, custom)
        ]
        axis = {"kernel": k, "stride": s, "dilation": d, "before": custom[0], "after": custom[1]}
        cases.append({"size": size, "axis": axis, "schemes": schemes})
    return cases


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_same_of_the_comparison_is_torchs_own() -> None:
    x = torch.zeros(1, 1, 9)
    for k in (1, 2, 3, 4, 5):
        for d in (1, 2):
            same = next(s for s in compare(9, k, 1, d) if s.name == "same")
            with_words = F.conv1d(x, torch.zeros(1, 1, k), padding="same", dilation=d)
            assert same.output == with_words.shape[-1] == 9


def fill_cases() -> list[dict[str, Any]]:
    """Rows of pixels 1, 2, 3 ... with their edge, by torch; None where torch refuses."""
    cases = []
    for size in (1, 2, 4, 5):
        for edge in ((0, 0), (2, 2), (3, 1), (5, 4)):
            x = torch.arange(1.0, size + 1)[None, None]
            for mode in PaddingMode:
                value = 7.5 if mode is PaddingMode.CONSTANT else 0.0
                kind = "constant" if mode in (PaddingMode.ZEROS, PaddingMode.CONSTANT) else str(mode)
                try:
                    shown = F.pad(x, edge, mode=kind, **({"value": value} if kind == "constant" else {}))
                    row = [float(v) for v in shown.flatten()]
                except RuntimeError:
                    row = None
                cases.append({"mode": str(mode), "size": size, "edge": edge, "fill": 7.5, "row": row})
    return cases


def field_cases() -> list[dict[str, Any]]:
    """Units of the presets' layers and of a dilated chain, with the interval core gives them."""
    dilated = receptive_field([{"kernel_size": 3, "padding": 2, "dilation": 2}, {"kernel_size": 2, "stride": 3}], 40)
    tables = [("dilated", dilated)]
    for name in ("lenet5", "alexnet", "vgg16"):
        preset = PRESETS[name]
        table = fields_of(sliding_part(costs_of(preset.layers, (1, *preset.input_shape))), preset.input_shape[1])
        assert table is not None
        tables.append((name, table))
    cases = []
    for name, table in tables:
        for row in [*list(table)[::3], table[-1]]:
            units = (row.output_size or (1,))[0]
            axis = row.axes[0]
            for unit in sorted({0, units // 3, units - 1}):
                seen = axis.interval(unit)
                cases.append(
                    {
                        "net": name,
                        "row": {"size": axis.size, "jump": axis.jump, "start": axis.start, "units": units},
                        "unit": unit,
                        "interval": [seen.start, seen.stop - 1],
                    }
                )
    return cases


def bar_cases() -> list[dict[str, Any]]:
    """Axes of which every window's taps are listed."""
    cases = []
    for n, axis in ((7, Axis(3, 2, 1, 1, 1)), (9, Axis(2, 4, 3)), (4, Axis(4, 1, 1, 2, 2))):
        taps = [list(axis.positions(o)) for o in range(axis.output_size(n))]
        fields = {"kernel": axis.kernel_size, "stride": axis.stride, "dilation": axis.dilation}
        cases.append({"size": n, "axis": {**fields, "before": axis.before, "after": axis.after}, "taps": taps})
    return cases


def test_the_committed_fixture_is_what_torch_and_core_give() -> None:
    value = {
        "axes": axis_cases(),
        "schemes": scheme_cases(),
        "fill": fill_cases(),
        "fields": field_cases(),
        "strips": bar_cases(),
    }
    check_fixture("shapes", value)
