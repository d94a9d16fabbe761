"""Costs against what torchinfo, torchvision, pytorch-summary, cs231n and TF-Slim print: three rules, never mixed."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from cnnviz.core.cost import Counting, Summary, count, summary
from cnnviz.core.layers import Flatten, Layer, read
from tests.conftest import SHARED

Case = dict[str, Any]
FILE = SHARED / "golden" / "layer_summaries.json"
UNITS = {"k": 1e3, "M": 1e6, "G": 1e9, "kB": 1e3, "MB": 1e6, "GB": 1e9}
COMPUTED = ("input_shape", "output_shape", "params", "macs", "mult_adds_torchinfo", "shared_with_earlier")
RULES = {"macs": Counting.MACS, "mult_adds_torchinfo": Counting.TORCHINFO}

pytestmark = pytest.mark.shared


def cases(*, sequential: bool | None = None, expects: str | None = None) -> list[Any]:
    found = json.loads(FILE.read_text())["cases"] if FILE.is_file() else []
    found = [case for case in found if sequential is None or case["sequential"] == sequential]
    found = [case for case in found if expects is None or expects in case["expect"]]
    return [pytest.param(case, id=case["id"]) for case in found] or [None]


def options(layer: Case) -> Case:
    return {key: value for key, value in layer.items() if key not in COMPUTED}


def layers_of(case: Case) -> list[tuple[Layer, Case]]:
    return [(read(options(layer)), layer) for layer in case["layers"]]


def table(case: Case) -> Summary:
    return summary([layer for layer, _ in with_flattening(case)], case["input_shape"])


def with_flattening(case: Case) -> list[tuple[Layer, Case | None]]:
    """torchvision flattens in its forward pass, which the lists leave out: a layer of ours says it."""
    layers: list[tuple[Layer, Case | None]] = []
    shape = case["input_shape"]
    for layer, given in layers_of(case):
        if len(given["input_shape"]) < len(shape):
            layers.append((Flatten(), None))
        layers.append((layer, given))
        shape = given["output_shape"]
    return layers


def rounds_to(value: float, printed: str) -> bool:
    """Whether a value is what was printed, to half a unit of the last digit."""
    digits, _, unit = printed.partition(" ")
    decimals = len(digits.partition(".")[2])
    return abs(value / UNITS.get(unit, 1) - float(digits)) <= 0.5 * 10**-decimals + 1e-9


def total(case: Case, rule: Counting) -> int:
    return sum(count(layer, tuple(given["input_shape"]), rule) for layer, given in layers_of(case))


@pytest.mark.parametrize("case", cases())
def test_every_layer(case: Case) -> None:
    for layer, given in layers_of(case):
        shape = tuple(given["input_shape"])
        assert layer.output_shape(shape) == tuple(given["output_shape"])
        assert layer.parameters(shape) == given.get("params", 0)
        for name, rule in RULES.items():
            assert count(layer, shape, rule) == given.get(name, 0), (name, given)


@pytest.mark.parametrize("case", cases(sequential=True))
def test_chains_shape_by_shape(case: Case) -> None:
    rows = table(case)
    given = [layer for _, layer in with_flattening(case)]
    pairs = [(row, layer) for row, layer in zip(rows, given, strict=True) if layer is not None]
    assert [row.output_shape for row, _ in pairs] == [tuple(layer["output_shape"]) for _, layer in pairs]
    assert rows.parameters == sum(layer.get("params", 0) for layer in case["layers"])


@pytest.mark.parametrize("case", cases(expects="total_params"))
def test_parameters(case: Case) -> None:
    found = sum(layer.parameters(tuple(given["input_shape"])) for layer, given in layers_of(case))
    assert found + case.get("unused_params", 0) == case["expect"]["total_params"]


@pytest.mark.parametrize("case", cases(expects="gmacs"))
def test_multiply_adds_without_biases(case: Case) -> None:
    assert abs(total(case, Counting.MACS) / 1e9 - case["expect"]["gmacs"]) <= 0.0005 + 1e-9


@pytest.mark.parametrize("case", cases(expects="total_mult_adds_digits"))
def test_torchinfos_rule(case: Case) -> None:
    assert rounds_to(total(case, Counting.TORCHINFO), case["expect"]["total_mult_adds_digits"])


@pytest.mark.parametrize("case", cases(expects="printed_rows"))
def test_torchinfos_rows(case: Case) -> None:
    """The printed rows in their order; the shortcuts of the residual blocks lie deeper and are not printed."""
    found = []
    for layer, given in layers_of(case):
        shape = tuple(given["input_shape"])
        row = {"output_shape": list(layer.output_shape(shape)), "params": layer.parameters(shape)}
        found.append({"type": given["type"], **row, "mult_adds": count(layer, shape, Counting.TORCHINFO)})
    remaining = iter(found)
    assert all(row in remaining for row in case["expect"]["printed_rows"])


@pytest.mark.parametrize("case", cases(expects="forward_backward_bytes_digits"))
def test_torchinfos_memory(case: Case) -> None:
    outputs = [
        math.prod(g["output_shape"]) for layer, g in layers_of(case) if layer.parameters(tuple(g["input_shape"]))
    ]
    assert rounds_to(2 * 4 * sum(outputs), case["expect"]["forward_backward_bytes_digits"])
    if case["sequential"]:
        assert table(case).forward_backward_bytes == 2 * 4 * sum(outputs)
        assert rounds_to(table(case).parameter_bytes, case["expect"]["param_bytes_digits"])


@pytest.mark.parametrize("case", cases(expects="layer_params"))
def test_parameters_layer_by_layer(case: Case) -> None:
    rows = table(case)
    assert [row.parameters for row in rows] == case["expect"]["layer_params"]
    for row, weights in zip(rows, case["expect"].get("layer_weights_without_bias", ()), strict=False):
        assert row.macs == weights * math.prod(row.output_shape[2:])


@pytest.mark.parametrize("case", cases(expects="weights_per_neuron"))
def test_cs231n(case: Case) -> None:
    (row,) = table(case)
    neurons = math.prod(row.output_shape)
    assert row.macs == case["expect"]["weights_per_neuron"] * neurons
    if "output_neurons" in case["expect"]:
        assert neurons == case["expect"]["output_neurons"]
        assert row.torchinfo == case["expect"]["params_if_not_shared"]


@pytest.mark.parametrize("case", cases(expects="cumulative_gflops_after_layer"))
def test_tensorflows_flops(case: Case) -> None:
    rows = table(case)
    for name, published in case["expect"]["cumulative_gflops_after_layer"].items():
        after = next(row.number for row in rows if row.name == name)
        flops = sum(row.flops for row in rows[:after]) / 1e9
        assert flops == pytest.approx(published, rel=case["expect"]["relative_tolerance"])


@pytest.mark.parametrize(
    ("network", "percent"), [("torchvision/alexnet", 96.0), ("torchvision/vgg16", 89.4), ("torchvision/resnet50", 8.0)]
)
def test_article_2_the_share_of_fully_connected_layers(network: str, percent: float) -> None:
    """2.17 says about 80 %: it depends."""
    (case,) = [p.values[0] for p in cases() if p and p.values[0]["id"] == network]
    per_layer = [(layer.kind, layer.parameters(tuple(given["input_shape"]))) for layer, given in layers_of(case)]
    share = sum(n for kind, n in per_layer if kind == "linear") / sum(n for _, n in per_layer)
    assert round(100 * share, 1) == percent
