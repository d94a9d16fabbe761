"""Weights as files: what was written comes back, and every bad file gets one sentence and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import cnnviz as cv
from cnnviz.core.errors import InvalidSpec
from cnnviz.nets import library, weights
from cnnviz.nets.designs import design
from cnnviz.nets.weights import MAX_HEADER, header, load_into, notes, save_net


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("weights") / "net.safetensors"
    save_net(design("lenet").net(["a", "b"], [0.5], [0.25]), path)
    return path.read_bytes()


def test_what_was_saved_comes_back(whole: bytes) -> None:
    net = load_into(design("lenet").net(), whole)
    assert (net.mean.item(), net.std.item()) == (0.5, 0.25)
    assert json.loads(notes(whole, "it")["class_names"]) == ["a", "b"]
    again = load_into(design("lenet").net(), whole)
    x = torch.rand(1, 1, 28, 28)
    torch.testing.assert_close(net(x), again(x))
    assert not net.training


def headed(table: Any, numbers: bytes = b"") -> bytes:
    text = table if isinstance(table, bytes) else json.dumps(table).encode()
    return len(text).to_bytes(8, "little") + text + numbers


def entry(shape: list[Any], start: int, end: int, dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def changed(whole: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    table = header(whole, "it")
    change(table)
    return headed(table, whole[8 + int.from_bytes(whole[:8], "little") :])


BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda whole: b"", "weights_truncated"),
    "cut in the length": (lambda whole: whole[:5], "weights_truncated"),
    "cut in the header": (lambda whole: whole[:100], "weights_truncated"),
    "cut in the numbers": (lambda whole: whole[:-1], "weights_truncated"),
    "bytes behind the end": (lambda whole: whole + b"x", "weights_malformed"),
    "a header of exabytes": (lambda whole: (1 << 62).to_bytes(8, "little") + whole[8:], "weights_malformed"),
    "a header over the bound": (lambda whole: (MAX_HEADER + 1).to_bytes(8, "little"), "weights_malformed"),
    "a pickle": (lambda whole: b"\x80\x04cos\nsystem\n" + whole, "weights_malformed"),
    "no JSON": (lambda whole: headed(b"{", b""), "weights_malformed"),
    "JSON, but a list": (lambda whole: headed([1, 2]), "weights_malformed"),
    "JSON nested without end": (lambda whole: headed(b"[" * 100_000), "weights_malformed"),
    "an entry that is a word": (lambda whole: headed({"a": "b"}), "weights_malformed"),
    "a dtype of its own": (lambda whole: headed({"a": entry([1], 0, 4, "OBJ")}, b"1234"), "weights_malformed"),
    "a shape that is no size": (lambda whole: headed({"a": entry([-1, -4], 0, 16)}, bytes(16)), "weights_malformed"),
    "a shape with a fraction": (lambda whole: headed({"a": entry([1.0], 0, 4)}, bytes(4)), "weights_malformed"),
    "a shape beyond its bytes": (lambda whole: headed({"a": entry([1 << 40], 0, 4)}, bytes(4)), "weights_malformed"),
    "places that overlap": (
        lambda whole: headed({"a": entry([1], 0, 4), "b": entry([1], 0, 4)}, bytes(4)),
        "weights_malformed",
    ),
    "places with a gap": (
        lambda whole: headed({"a": entry([1], 0, 4), "b": entry([1], 8, 12)}, bytes(12)),
        "weights_malformed",
    ),
    "notes that are no words": (
        lambda whole: headed({"__metadata__": {"a": [1]}, "b": entry([1], 0, 4)}, bytes(4)),
        "weights_malformed",
    ),
    "another name": (
        lambda whole: changed(whole, lambda t: t.update(other=t.pop("parts.conv1.weight"))),
        "weights_extra",
    ),
    "another shape": (
        lambda whole: changed(whole, lambda t: t["parts.conv1.weight"].update(shape=[25, 1, 6, 1])),
        "weights_shape",
    ),
    "another dtype": (
        lambda whole: changed(whole, lambda t: t["parts.conv1.weight"].update(dtype="F16", shape=[12, 1, 5, 5])),
        "weights_shape",
    ),
    "a number that is none": (lambda whole: whole[:-4] + b"\x00\x00\xc0\x7f", "weights_not_finite"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_sentence_and_changes_nothing(case: str, whole: bytes) -> None:
    make, code = BAD[case]
    net = design("lenet").net()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    with pytest.raises(InvalidSpec) as told:
        load_into(net, make(whole))
    assert told.value.code == code
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())


def test_weights_of_another_network_are_refused(whole: bytes) -> None:
    with pytest.raises(InvalidSpec, match="c1"):
        load_into(design("lenet-1998").net(), whole)
    lacking = {n: v for n, v in design("lenet").net().state_dict().items() if n != "parts.fc3.bias"}
    with pytest.raises(InvalidSpec, match=r"must hold `parts.fc3.bias`"):
        load_into(design("lenet").net(), weights._save(lacking))
    halved = design("lenet").net().half().state_dict()
    with pytest.raises(InvalidSpec, match="must be of type F32"):
        load_into(design("lenet").net(), weights._save(halved))


def test_a_missing_file_and_a_huge_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSpec, match=r"`no\.safetensors` must exist"):
        load_into(design("lenet").net(), tmp_path / "no.safetensors")
    monkeypatch.setattr(weights, "MAX_FILE", 100)
    with pytest.raises(InvalidSpec, match="must have at most 100 bytes"):
        load_into(design("lenet").net(), bytes(101))


@pytest.mark.parametrize("name", library.names())
def test_every_committed_network_loads_and_has_a_card(name: str) -> None:
    net, card = cv.load_network(name), library.card(name)
    x = torch.rand(2, *net.input_shape)
    assert net(x).shape == (2, len(net.class_names)) == (2, len(card["class_names"]))
    assert not net.training
    assert card["name"] == name
    assert sum(map(sum, card["confusion"])) == 10_000
    right = sum(card["confusion"][i][i] for i in range(10)) / 10_000
    kept = next(row for row in card["seeds"] if row["seed"] == card["kept_seed"])
    assert kept["test_accuracy"] == pytest.approx(right)
    assert (library.FOLDER / f"{name}.recording.safetensors").stat().st_size < 1_000_000
    assert (library.FOLDER / f"{name}.md").read_text("utf-8").startswith(f"# {name}")


def test_a_loaded_network_is_a_copy_of_its_own() -> None:
    name = library.names()[0]
    first = cv.load_network(name)
    with torch.no_grad():
        next(iter(first.parameters())).zero_()
    assert next(iter(cv.load_network(name).parameters())).abs().sum() > 0
