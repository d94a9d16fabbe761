"""ConvSpec against torch.nn.functional over random specs, and its self-knowledge against autograd and torch.nn."""

from __future__ import annotations

import dataclasses
import functools
import warnings
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import cnnviz as cv
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import PaddingMode
from tests.core.reference import CONV, arrays, torch_conv, torch_pad
from tests.core.strategies import conv_cases, examples, numbers, per_axis


@given(conv_cases())
@examples(1200)
def test_values_are_torchs(case: dict[str, Any]) -> None:
    x, w, b = arrays(case)
    spec = ConvSpec(**case["spec"])
    expected = torch_conv(x, w, b, case["spec"])
    assert torch.equal(spec(x, w, b), expected)
    assert spec.output_size(case["size"]) == tuple(expected.shape[2:])
    assert torch.equal(spec.pad(x), torch_pad(x, case["spec"]))


@given(conv_cases())
@examples(200)
def test_the_public_function_is_the_spec(case: dict[str, Any]) -> None:
    x, w, b = arrays(case)
    options = {
        key: value for key, value in case["spec"].items() if key not in ("kernel_size", "in_channels", "out_channels")
    }
    assert torch.equal(cv.conv(x, w, b, **options), torch_conv(x, w, b, case["spec"]))
    assert torch.equal(cv.conv(x[0], w, b, **options), torch_conv(x[:1], w, b, case["spec"])[0])


@given(
    st.integers(1, 3).flatmap(lambda n: st.tuples(*(per_axis(n, low, high) for low, high in ((1, 5), (1, 3), (7, 9)))))
)
@examples(150)
def test_same_is_torchs_same(drawn: tuple[tuple[int, ...], ...]) -> None:
    kernel, dilation, size = drawn
    x, w = numbers((1, 1, *size), 0), numbers((1, 1, *kernel), 1)
    y = cv.conv(x, w, dilation=dilation, padding="same")
    assert y.shape == x.shape
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns that an even window needs one copy
        expected = CONV[len(size)](x, w, padding="same", dilation=dilation)
    assert torch.equal(y, expected)


@given(conv_cases(bias=False))
@examples(250)
def test_usage_is_the_gradient_of_a_kernel_of_ones(case: dict[str, Any]) -> None:
    spec = ConvSpec(**case["spec"] | {"in_channels": 1, "out_channels": 1, "groups": 1})
    x = torch.zeros((1, 1, *case["size"]), dtype=torch.float64, requires_grad=True)
    torch_conv(
        x, torch.ones(spec.weight_shape, dtype=torch.float64), None, case["spec"] | {"groups": 1}
    ).sum().backward()
    assert x.grad is not None
    usage = spec.usage(case["size"])
    assert usage.tolist() == x.grad[0, 0].tolist()
    met = [~alone for alone in spec.unvisited(case["size"])]
    assert np.array_equal(usage > 0, functools.reduce(np.logical_and.outer, met))


@given(conv_cases())
@examples(100)
def test_parameters_are_torch_nns(case: dict[str, Any]) -> None:
    spec = ConvSpec(**case["spec"])
    make = {1: torch.nn.Conv1d, 2: torch.nn.Conv2d, 3: torch.nn.Conv3d}[spec.dims]
    for bias in (True, False):
        layer = make(spec.in_channels, spec.out_channels, spec.kernel_size, groups=spec.groups, bias=bias)
        assert spec.parameters(bias) == sum(p.numel() for p in layer.parameters())
        assert spec.weight_shape == tuple(layer.weight.shape)


def test_macs_are_counted_like_the_published_alexnet_layers() -> None:
    """AlexNet (one tower, Krizhevsky 2014): 64 kernels of 11x11x3 at 55x55, then 192 of 5x5x64 at 27x27."""
    first = ConvSpec(11, in_channels=3, out_channels=64, stride=4, padding=2)
    assert (first.output_size((224, 224)), first.macs((224, 224))) == ((55, 55), 70_276_800)
    second = ConvSpec(5, in_channels=64, out_channels=192, padding=2)
    assert (second.parameters(), second.macs((27, 27))) == (307_392, 223_948_800)


def test_flip_is_numpys_convolve() -> None:
    x, w = [3.0, -1.0, 4.0, 1.0, -5.0], [2.0, 7.0, 1.0]
    y = cv.conv([x], [[w]], padding="full", flip=True)
    assert y[0].tolist() == np.convolve(x, w).tolist()


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("reflect", [3, 2, 1, 2, 3, 4, 3, 2]),
        ("replicate", [1, 1, 1, 2, 3, 4, 4, 4]),
        ("circular", [3, 4, 1, 2, 3, 4, 1, 2]),
        ("zeros", [0, 0, 1, 2, 3, 4, 0, 0]),
    ],
)
def test_what_the_padding_shows(mode: str, shown: list[int]) -> None:
    assert ConvSpec((1,), padding=2, padding_mode=mode).pad([[1, 2, 3, 4]]).tolist() == [shown]


@pytest.mark.parametrize(
    ("padding", "pairs"),
    [
        (0, ((0, 0), (0, 0))),
        (2, ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        ([1, (0, 2)], ((1, 1), (0, 2))),
        (np.array([[0, 1], [2, 3]]), ((0, 1), (2, 3))),
        (torch.tensor([1, 2]), ((1, 1), (2, 2))),
        ("valid", ((0, 0), (0, 0))),
        ("same", ((1, 1), (3, 3))),
        ("full", ((2, 2), (6, 6))),
        ("causal", ((2, 0), (6, 0))),
    ],
)
def test_every_spelling_of_padding(padding: Any, pairs: tuple[tuple[int, int], ...]) -> None:
    assert ConvSpec((3, 4), padding=padding, dilation=(1, 2)).padding == pairs


def test_one_axis_takes_before_and_after() -> None:
    assert ConvSpec((3,), padding=(2, 0)).padding == ((2, 0),)


def test_same_upper_waits_for_the_size() -> None:
    spec = ConvSpec(3, stride=2, padding="same_upper")
    assert spec.padding_for((5, 6)) == ((1, 1), (0, 1))
    assert ConvSpec(3, stride=2, padding="same_lower").padding_for((5, 6)) == ((1, 1), (1, 0))
    assert spec.output_size((5, 6)) == (3, 3)


def test_causal_never_looks_ahead() -> None:
    x = torch.zeros(1, 8)
    x[0, 5] = 1.0
    y = cv.conv(x, torch.ones(1, 1, 3), padding="causal", dilation=2)
    assert y.shape == x.shape
    assert y[0, :5].tolist() == [0.0] * 5


def test_a_value_other_than_zero_means_constant() -> None:
    spec = ConvSpec(3, padding=1, padding_value=2)
    assert (spec.padding_mode, spec.padding_value) == (PaddingMode.CONSTANT, 2.0)
    assert ConvSpec(3, padding=1, padding_mode="reflect", padding_value=2).padding_value == 0.0


def test_a_spec_is_a_value() -> None:
    spec = ConvSpec(3, stride=2, padding="same_upper", flip=True)
    assert spec == ConvSpec((3, 3), stride=[2, 2], padding="same_upper", flip=True)
    assert dataclasses.replace(spec, stride=1).stride == (1, 1)
    assert len({spec, dataclasses.replace(spec)}) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.stride = (1, 1)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        (torch.ones(1, 4, dtype=torch.float32), torch.float32),
        (torch.ones(1, 4, dtype=torch.uint8), torch.float32),
        (torch.ones(1, 4, dtype=torch.float64), torch.float64),
        (torch.ones(1, 4, dtype=torch.bool), torch.float32),
        (np.ones((1, 4)), torch.float64),
        ([[1, 2, 3, 4]], torch.float32),
        ([[1.5, 2, 3, 4]], torch.float32),
    ],
)
def test_whole_numbers_become_floats_and_floats_stay(given: Any, dtype: torch.dtype) -> None:
    assert cv.conv(given, torch.ones(1, 1, 2, dtype=torch.int32)).dtype == dtype


def test_gradients_pass_through_every_mode() -> None:
    for mode in PaddingMode:
        x = numbers((1, 1, 4, 5), 3).requires_grad_()
        w = numbers((1, 1, 2, 3), 4)
        cv.conv(x, w, padding=1, padding_mode=mode).sum().backward()
        assert x.grad is not None
        (expected,) = torch.autograd.grad(
            F.conv2d(F.pad(x, (1, 1, 1, 1), mode="constant" if mode in ("zeros", "constant") else str(mode)), w).sum(),
            x,
        )
        assert torch.equal(x.grad, expected)


@given(conv_cases())
@examples(150)
def test_windows_that_do_not_fit_are_refused_as_torch_refuses_them(case: dict[str, Any]) -> None:
    spec = case["spec"] | {"padding": ((0, 0),) * len(case["size"]), "padding_mode": "zeros", "padding_value": 0.0}
    x, w, b = arrays(case | {"spec": spec})
    try:
        expected = torch_conv(x, w, b, spec)
    except RuntimeError:
        with pytest.raises(InvalidSpec, match="must fit into the padded input"):
            ConvSpec(**spec)(x, w, b)
    else:
        assert torch.equal(ConvSpec(**spec)(x, w, b), expected)
