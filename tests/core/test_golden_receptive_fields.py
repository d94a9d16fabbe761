"""Receptive fields against published tables: TF-Slim networks, Dang Ha The Hien's guide, Araujo et al.'s own tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import AutoPadding, resolve
from cnnviz.core.receptive_field import ReceptiveField, receptive_field
from tests.conftest import SHARED

Case = dict[str, Any]
FILE = SHARED / "golden" / "receptive_fields.json"
PADDING = {"VALID": "valid", "SAME": "same_upper"}

pytestmark = pytest.mark.shared


def cases(kind: str) -> list[Any]:
    found = json.loads(FILE.read_text())["cases"] if FILE.is_file() else []
    return [pytest.param(case, id=case["id"]) for case in found if case["kind"] == kind] or [None]


def chain_layer(layer: Case) -> Case:
    pair = (layer["pad_begin"], layer["pad_end"])
    slide = {"kernel_size": (layer["kernel"],), "stride": (layer["stride"],), "dilation": (layer["dilation"],)}
    return {"type": layer["kind"], "name": layer["name"], "padding": (pair,), **slide}


def chain_field(case: Case) -> ReceptiveField:
    return receptive_field([chain_layer(layer) for layer in case["layers"]], case["input_size"])


def graph_node(node: Case) -> Case:
    known = {"type": node["op"], "name": node["name"], "inputs": node["inputs"]}
    if node["op"] == "conv":
        known |= {"kernel_size": node["kernel"], "stride": node["stride"], "padding": PADDING[node["padding"]]}
    if node["op"] == "pad":
        known |= {"padding": tuple(zip(node["pad_begin"], node["pad_end"], strict=True))}
    return known


@pytest.mark.parametrize("case", cases("chain"))
def test_chains(case: Case) -> None:
    field = chain_field(case)
    assert case["expect"]
    for name, expected in case["expect"].items():
        row = field.row(name)
        names = {"rf": row.size, "stride": row.jump, "padding": row.padding, "start": row.start}
        found = names | {"size": row.output_size[0] if row.output_size else None}
        assert {key: found[key] for key in expected} == expected, name


@pytest.mark.parametrize("case", cases("graph"))
def test_graphs(case: Case) -> None:
    nodes = [graph_node(node) for node in case["nodes"]]
    expected = case["expect"]
    if "error" in expected:
        with pytest.raises(InvalidSpec) as caught:
            receptive_field(nodes, case["input_size"])
        assert caught.value.code == "misaligned_jumps"
        assert caught.value.values["name"] == "add"
        return
    axes = receptive_field(nodes, case["input_size"]).row(case["output"]).axes
    assert [axis.size for axis in axes] == expected["rf"]
    assert [axis.jump for axis in axes] == expected["stride"]
    assert [axis.padding for axis in axes] == (expected["padding"] or [None, None])


@pytest.mark.parametrize("case", cases("same_pads"))
def test_tensorflows_same(case: Case) -> None:
    pads = resolve(AutoPadding.SAME_UPPER, (case["input_size"],), (case["kernel"],), (case["stride"],), (1,))
    assert (pads[0][0], sum(pads[0])) == (case["expect"]["pad_begin"], case["expect"]["total"])


def rows_of_tables() -> Iterator[tuple[str, Case]]:
    for param in cases("table"):
        for row in param.values[0]["rows"] if param else ():
            yield param.values[0]["network"], row


def test_the_published_tables_say_the_same() -> None:
    """Whole-network tables carry no layers; where a chain case has the network's, its rows must agree."""
    chains = {(p.values[0]["family"], p.values[0]["input_size"]): chain_field(p.values[0]) for p in cases("chain")}
    compared = 0
    for network, row in rows_of_tables():
        field = chains.get((network, row["resolution"]))
        name = row["end_point"].split("/")[-1]
        if field is not None and name in field.network.names:
            found = field.row(name)
            assert (found.size, found.jump) == (row["rf"], row["effective_stride"])
            assert found.padding == row["effective_padding"]
            compared += 1
    assert compared >= 80
