"""TransposedConvSpec against torch.nn.functional over random specs, and against the convolution it transposes."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given

import cnnviz as cv
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.transposed import TransposedConvSpec
from tests.core.reference import CONV_TRANSPOSE, arrays, torch_conv_transpose
from tests.core.strategies import conv_cases, examples, numbers, transposed_cases


@given(transposed_cases())
@examples(600)
def test_values_are_torchs(case: dict[str, Any]) -> None:
    x, w, b = arrays(case, transposed=True)
    spec = TransposedConvSpec(**case["spec"])
    expected = torch_conv_transpose(x, w, b, case["spec"])
    assert torch.equal(spec(x, w, b), expected)
    assert spec.output_size(case["size"]) == tuple(expected.shape[2:])


@given(transposed_cases())
@examples(150)
def test_the_public_function_is_the_spec(case: dict[str, Any]) -> None:
    x, w, b = arrays(case, transposed=True)
    names = ("stride", "padding", "output_padding", "dilation", "groups")
    options = {name: case["spec"][name] for name in names}
    expected = torch_conv_transpose(x, w, b, case["spec"])
    assert torch.equal(cv.conv_transpose(x, w, b, **options), expected)
    assert torch.equal(cv.conv_transpose(x[0], w, b, **options), expected[0])


@given(transposed_cases(torch_only=False))
@examples(300)
def test_unequal_crops_are_cut_from_torchs_full_output(case: dict[str, Any]) -> None:
    x, w, b = arrays(case, transposed=True)
    spec = case["spec"]
    full = CONV_TRANSPOSE[w.ndim - 2](x, w, None, spec["stride"], 0, 0, spec["groups"], spec["dilation"])
    for dim, ((before, after), extra) in enumerate(zip(spec["padding"], spec["output_padding"], strict=True), start=2):
        length = full.shape[dim] - before - after + extra
        shape = [*full.shape[:dim], extra, *full.shape[dim + 1 :]]
        full = torch.cat([full, torch.zeros(shape, dtype=full.dtype)], dim).narrow(dim, before, length)
    expected = full if b is None else full + b.reshape(1, -1, *[1] * (w.ndim - 2))
    assert torch.equal(TransposedConvSpec(**spec)(x, w, b), expected)


@given(conv_cases(bias=False))
@examples(300)
def test_it_is_the_gradient_of_the_convolution(case: dict[str, Any]) -> None:
    """<conv(x), y> has the gradient conv_transpose(y) in x: same kernel, stride, padding and dilation."""
    plain = case["spec"] | {"padding_mode": "zeros", "padding_value": 0.0, "flip": False}
    x, w, _ = arrays(case | {"spec": plain})
    spec = ConvSpec(**plain)
    y = spec(x.requires_grad_(), w)
    seed = numbers(tuple(y.shape), 7)
    y.backward(seed)
    swapped = {"in_channels": plain["out_channels"], "out_channels": plain["in_channels"]}
    shared = {key: plain[key] for key in ("kernel_size", "stride", "padding", "dilation", "groups")}
    back = TransposedConvSpec(**shared, **swapped)
    if all(size > 0 for size in _natural(back, tuple(y.shape[2:]))):
        back = back.for_output_size(tuple(y.shape[2:]), case["size"])
        assert x.grad is not None
        assert torch.equal(back(seed, w), x.grad)


def _natural(spec: TransposedConvSpec, size: tuple[int, ...]) -> list[int]:
    axes = zip(spec.axes(size), size, strict=True)
    return [(n - 1) * a.stride + a.effective - a.before - a.after for a, n in axes]


@given(transposed_cases(torch_only=False))
@examples(60)
def test_what_all_inputs_spread_is_the_output(case: dict[str, Any]) -> None:
    x, w, _ = arrays(case, transposed=True)
    spec = TransposedConvSpec(**case["spec"])
    expected = spec(x, w)
    gathered = torch.zeros_like(expected)
    for index in torch.cartesian_prod(*[torch.arange(n) for n in x.shape]).tolist():
        for share in spec.spread(x, w, index=index):
            assert share.product == share.value * share.weight == x[tuple(index)].item() * w[share.weight_index].item()
            if share.output_index is not None:
                gathered[share.output_index] += share.product
    assert torch.equal(gathered, expected)


def test_a_crop_longer_than_the_full_output_reaches_into_what_was_added() -> None:
    """Full output 1, 4 added, 2 cropped before: three elements of bias alone."""
    spec = TransposedConvSpec((1,), stride=2, padding=((2, 0),), output_padding=4)
    assert spec([[9.0]], [[[1.0]]], [5.0]).tolist() == [[5, 5, 5]]


@pytest.mark.parametrize(
    ("options", "outputs"),
    [
        ({"padding": "valid"}, 9),  # (4 − 1)·2 + 3
        ({"padding": "same"}, 8),  # 4·2
        ({"padding": "same_lower"}, 8),
        ({"padding": "full"}, 5),  # 9 − 2·2
        ({"padding": "same", "kernel_size": (1,)}, 8),  # a kernel shorter than the stride: one row of bias at the end
        ({"padding": "same", "output_padding": 1}, 8),  # Keras: 9 − 2·⌊3 / 2⌋ + 1
        ({"padding": ((1, 0),), "output_padding": 4}, 12),
    ],
)
def test_words_and_pairs(options: dict[str, Any], outputs: int) -> None:
    spec = TransposedConvSpec(**{"kernel_size": (3,), "stride": 2} | options)
    assert spec.output_size((4,)) == (outputs,)
    assert spec(torch.ones(1, 4), torch.ones(1, 1, *spec.kernel_size)).shape == (1, outputs)


def test_the_odd_cell_of_same() -> None:
    """ONNX: same_upper crops it at the end, same_lower at the start."""
    assert TransposedConvSpec(3, stride=2, padding="same_upper").padding_for((3, 3)) == ((0, 1), (0, 1))
    assert TransposedConvSpec(3, stride=2, padding="same_lower").padding_for((3, 3)) == ((1, 0), (1, 0))


def test_torchs_limit_holds_where_torch_is_spoken() -> None:
    with pytest.raises(RuntimeError, match="output padding must be smaller"):
        F.conv_transpose1d(torch.ones(1, 1, 4), torch.ones(1, 1, 2), output_padding=2)
    with pytest.raises(InvalidSpec, match="`output_padding` \\(=2\\) must be smaller"):
        cv.conv_transpose(torch.ones(1, 4), torch.ones(1, 1, 2), output_padding=2)
    y = cv.conv_transpose(torch.ones(1, 4), torch.ones(1, 1, 2), [5.0], output_padding=2, padding="valid")
    assert y.tolist() == [[6, 7, 7, 7, 6, 5, 5]]


def test_parameters_and_macs() -> None:
    spec = TransposedConvSpec(3, in_channels=4, out_channels=6, groups=2)
    layer = torch.nn.ConvTranspose2d(4, 6, 3, groups=2)
    assert spec.parameters() == sum(p.numel() for p in layer.parameters())
    assert spec.weight_shape == tuple(layer.weight.shape)
    assert spec.macs((5, 5)) == 25 * 4 * 3 * 9  # each input element meets 3 maps of 3x3 weights
