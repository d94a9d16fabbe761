"""Generated PyTorch and NumPy programs are run, and must give what the layer gives."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.core.codegen import ACTIVATIONS, INLINE_NUMBERS, Layer, numpy_code, per_channel, torch_code
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.kernel_lab import ACTIVATIONS as LAB_ACTIVATIONS
from cnnviz.core.pool import PoolSpec
from cnnviz.core.transposed import TransposedConvSpec
from tests.core.codegen_cases import Case, conv_cases, pool_cases, rare_pool_cases, result, run, transposed_cases

CASES = {"conv": conv_cases(), "transposed": transposed_cases(), "pool": pool_cases(), "rare pool": rare_pool_cases()}
EVERY = pytest.mark.parametrize("kind", CASES)
MANY = settings(max_examples=60, deadline=None, report_multiple_bugs=False)


def agree(found: np.ndarray, case: Case) -> None:
    expected = result(case)
    found = np.asarray(found)
    assert found.shape == expected.shape
    finite = expected[np.isfinite(expected)]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5 * max(1, np.abs(finite).max(initial=0)))


@EVERY
@MANY
@given(st.data())
def test_torch_program_gives_the_layers_numbers(kind: str, data: st.DataObject) -> None:
    case = data.draw(CASES[kind])
    layer, x, arrays = case
    y = run(torch_code(layer, x, *arrays))["y"]
    agree(y.numpy() if x.ndim == layer.dims + 2 else y[0].numpy(), case)


@EVERY
@MANY
@given(st.data())
def test_numpy_program_gives_the_layers_numbers(kind: str, data: st.DataObject) -> None:
    case = data.draw(CASES[kind])
    layer, x, arrays = case
    y = run(numpy_code(layer, x, *arrays))["y"]
    agree(y[None] if y.ndim == layer.dims else y, case)


@pytest.mark.parametrize("write", [torch_code, numpy_code])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_what_follows_the_layer_is_the_labs(write: object, activation: str) -> None:
    x, w = np.linspace(-1, 1, 16).reshape(1, 4, 4), np.array([[[[1.0, -2], [0.5, 1]]]])
    y = np.asarray(run(write(ConvSpec(2), x, w, [0.25], activation=activation))["y"])  # type: ignore[operator]
    expected = LAB_ACTIVATIONS[activation](ConvSpec(2)(x, w, [0.25]))
    np.testing.assert_allclose(y.reshape(expected.shape), expected.numpy(), atol=1e-6)


def test_activations_are_the_labs_and_others_are_refused() -> None:
    assert set(ACTIVATIONS) == set(LAB_ACTIVATIONS)
    with pytest.raises(InvalidSpec, match=r"`activation` \(='swish'\) must be one of 'none'"):
        torch_code(ConvSpec(1), [[[1]]], [[[[1]]]], activation="swish")


@pytest.mark.parametrize("write", [torch_code, numpy_code])
def test_large_arrays_are_loaded_from_the_files_the_panel_offers(
    write: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    x, w = np.random.default_rng(0).random((3, 20, 20), np.float32), np.ones((2, 3, 3, 3), np.float32)
    np.save("picture.npy", x)
    np.save("filters.npy", w)
    spec = ConvSpec(3, 3, 2, padding=1)
    assert x.size > INLINE_NUMBERS
    code = write(spec, x, w, files={"input": "picture.npy", "weight": "filters.npy"})  # type: ignore[operator]
    assert len(code) < 900
    y = np.asarray(run(code)["y"])
    np.testing.assert_allclose(y.reshape(2, 20, 20), spec(x, w).numpy(), atol=1e-4)
    assert 'np.load("input.npy")' in write(spec, x, w)  # type: ignore[operator]


@pytest.mark.parametrize("write", [torch_code, numpy_code])
def test_a_file_may_hold_the_plane_alone(write: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plane = np.random.default_rng(0).random((5, 5), np.float32)
    np.save("input.npy", plane)
    y = run(write(ConvSpec(2), plane[None], np.ones((1, 1, 2, 2)), files={"input": "input.npy"}))["y"]  # type: ignore[operator]
    np.testing.assert_allclose(
        np.asarray(y).reshape(4, 4), ConvSpec(2)(plane[None], np.ones((1, 1, 2, 2)))[0], atol=1e-5
    )


@pytest.mark.parametrize("write", [torch_code, numpy_code])
def test_one_kernel_for_every_channel_is_written_once(write: object) -> None:
    kernel = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    spec, weight = per_channel(
        ConvSpec(3, stride=2, padding="same_upper", padding_mode="reflect", flip=True), kernel, 3
    )
    x = np.random.default_rng(0).random((3, 7, 7))
    code = write(spec, x, weight, [1, 2, 3])  # type: ignore[operator]
    assert code.count("[2, 4, 2]") == 1
    y = np.asarray(run(code)["y"])
    np.testing.assert_allclose(y.reshape(3, 4, 4), spec(x, weight, [1, 2, 3]).numpy(), atol=1e-4)


@pytest.mark.parametrize("write", [torch_code, numpy_code])
@pytest.mark.parametrize(
    "layer",
    [
        ConvSpec(5, 2, 4, padding=3, padding_mode="reflect", groups=2),
        ConvSpec((11,), dilation=2),
        ConvSpec(3, padding="same_lower", stride=2),
        TransposedConvSpec(3, 2, 3, stride=2, padding="same"),
        PoolSpec(3, "avg", padding=((0, 2), (1, 0)), ceil_mode=True),
        PoolSpec((12, 2, 1), "lp", norm_type=3),
    ],
    ids=str,
)
def test_a_layer_without_numbers_is_written_with_an_example(write: object, layer: Layer) -> None:
    code = write(layer)  # type: ignore[operator]
    names = run(code)
    said = re.findall(r"\d+", code.split("print(y.shape)")[1].splitlines()[0])
    assert list(names["y"].shape) == [int(side) for side in said]
    assert "put your own numbers here" in code


def test_spec_method_writes_the_torch_program() -> None:
    for layer in (ConvSpec(3), TransposedConvSpec(3), PoolSpec(2)):
        assert layer.torch_code() == torch_code(layer)
        run(layer.torch_code())


def test_one_channel_needs_no_loops_over_channels() -> None:
    code = numpy_code(
        ConvSpec(2, stride=2, padding=((0, 1), (0, 0)), flip=True), np.ones((1, 3, 4)), np.ones((1, 1, 2, 2))
    )
    assert "for o in" not in code
    assert "for k in" not in code
    assert "total += x[r * 2 + m, c * 2 + n] * w[m, n]" in code
    assert "for o in range(1)" not in numpy_code(PoolSpec(2), np.ones((1, 4, 4)))


def test_numbers_are_exact_and_without_noise() -> None:
    x = np.array([[[0.1, 1 / 3], [-2.0, 1e-9]]])
    code = torch_code(ConvSpec(1), x, [[[[1]]]])
    literal = ast.literal_eval(code[code.index("(", code.index("x = ")) + 1 : code.index(", dtype")])
    np.testing.assert_array_equal(literal, x[0])
    assert "[0.1, 0.3333333333333333]" in code
    assert "[0.1, 0.33333334]" in torch_code(ConvSpec(1), x.astype(np.float32), [[[[1]]]])
    assert "[1, 2]" in torch_code(ConvSpec(1), torch.tensor([[[1.0, 2.0]]]), [[[[1]]]])


def test_the_textbook_program_reads_as_a_teacher_would_write_it() -> None:
    code = torch_code(ConvSpec(3, stride=2, padding=1), np.arange(9).reshape(1, 3, 3), np.eye(3)[None, None], [0.5])
    assert code == (
        "import torch\n"
        "import torch.nn.functional as F\n\n"
        "# input: (batch, channels, *spatial) = (1, 1, 3, 3)\n"
        "x = torch.tensor([\n    [0, 1, 2],\n    [3, 4, 5],\n    [6, 7, 8],\n], dtype=torch.float32)[None, None]\n"
        "# kernel: (out_channels, in_channels / groups, *kernel_size) = (1, 1, 3, 3)\n"
        "w = torch.tensor([\n    [1, 0, 0],\n    [0, 1, 0],\n    [0, 0, 1],\n], dtype=torch.float32)[None, None]\n"
        "b = torch.tensor([0.5], dtype=torch.float32)\n\n"
        "y = F.conv2d(x, w, b, stride=2, padding=1)\n"
        "print(y.shape)  # torch.Size([1, 1, 2, 2])\n"
        "print(y)\n"
    )


@pytest.mark.parametrize("write", [torch_code, numpy_code])
def test_what_cannot_be_computed_is_not_written(write: object) -> None:
    with pytest.raises(InvalidSpec, match="`kernel_size`"):
        write(ConvSpec(5), np.zeros((1, 3, 3)), np.zeros((1, 1, 5, 5)))  # type: ignore[operator]
    with pytest.raises(InvalidSpec, match="`weight`"):
        write(ConvSpec(3), np.zeros((1, 3, 3)), np.zeros((1, 1, 2, 2)))  # type: ignore[operator]
    with pytest.raises(InvalidSpec, match="`in_channels`"):
        write(ConvSpec(3), np.zeros((2, 3, 3)), np.zeros((1, 1, 3, 3)))  # type: ignore[operator]
