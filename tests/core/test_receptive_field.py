"""Receptive fields against autograd: a pixel is in a unit's field exactly where the unit's gradient reaches it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

import cnnviz as cv
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import AdaptivePool, Add, Conv, ConvTranspose, Pool, Upsample
from cnnviz.core.network import Node
from cnnviz.core.receptive_field import receptive_field
from tests.core.strategies import Options, examples


def ones(layer: nn.Module) -> nn.Module:
    """Every weight 1, so that no gradient cancels."""
    for parameter in layer.parameters():
        nn.init.ones_(parameter)
    return layer.double()


def torch_layer(options: Options) -> nn.Module:
    """The same layer as torch.nn has it; average pooling, because its gradient reaches the whole window."""
    rest = {key: value for key, value in options.items() if key != "type"}
    if options["type"] == "conv":
        return ones(nn.Conv1d(1, 1, **rest))
    if options["type"] == "conv_transpose":
        return ones(nn.ConvTranspose1d(1, 1, **rest))
    if options["type"] == "upsample":
        return nn.Upsample(scale_factor=rest["scale_factor"][0], mode=rest["mode"])
    if options["type"] == "adaptive_avg_pool":
        return nn.AdaptiveAvgPool1d(rest["output_size"][0])
    return nn.AvgPool1d(**rest)


UPSAMPLING = ("nearest", "linear")


@st.composite
def layers(draw: st.DrawFn) -> Options:
    kind = draw(st.sampled_from(("conv", "conv", "avg_pool", "conv_transpose", "upsample", "adaptive_avg_pool")))
    if kind == "upsample":
        return {"type": kind, "scale_factor": (draw(st.integers(1, 3)),), "mode": draw(st.sampled_from(UPSAMPLING))}
    if kind == "adaptive_avg_pool":
        return {"type": kind, "output_size": (draw(st.integers(1, 7)),)}
    kernel = draw(st.integers(1, 4))
    known = {"type": kind, "kernel_size": (kernel,), "stride": (draw(st.integers(1, 3)),)}
    if kind == "avg_pool":
        return known | {"padding": draw(st.integers(0, kernel // 2)), "ceil_mode": draw(st.booleans())}
    if kind == "conv_transpose":
        return known | {"dilation": (draw(st.integers(1, 2)),)}
    return known | {"padding": draw(st.integers(0, 3)), "dilation": (draw(st.integers(1, 3)),)}


def reached(net: nn.Module, size: int) -> list[tuple[int, ...]]:
    """For each output unit, the pixels its gradient reaches."""
    x = torch.ones(1, 1, size, dtype=torch.float64, requires_grad=True)
    y: Tensor = net(x)[0, 0]
    found = []
    for unit in range(len(y)):
        (gradient,) = torch.autograd.grad(y[unit], x, retain_graph=True)
        found.append(tuple(torch.nonzero(gradient[0, 0]).flatten().tolist()))
    return found


@given(st.lists(layers(), min_size=1, max_size=4), st.integers(1, 24))
@examples(300)
def test_pixels_are_those_the_gradient_reaches(stack: list[Options], size: int) -> None:
    try:
        field = receptive_field(stack, size)
    except InvalidSpec as refused:
        assert refused.code in ("layer_breaks", "pool_padding_over_half")  # noqa: PT017
        return
    expected = reached(nn.Sequential(*map(torch_layer, stack)), size)
    assert field[-1].output_size == (len(expected),)
    assert [field.pixels_of(unit)[0] for unit in range(len(expected))] == expected
    for unit, pixels in enumerate(expected):
        (theory,) = field.field_of(unit, clip=False)
        assert len(theory) <= field[-1].size
        assert set(pixels) <= set(theory)


@st.composite
def plain_stacks(draw: st.DrawFn) -> list[Options]:
    return draw(st.lists(layers().filter(lambda o: o["type"] in ("conv", "avg_pool")), min_size=1, max_size=4))


@given(plain_stacks())
@examples(200)
def test_size_jump_and_start_describe_every_unit(stack: list[Options]) -> None:
    """In the middle of a large input: as wide as `size`, `jump` apart, centred on `start` + unit * `jump`."""
    size = 600
    try:
        field = receptive_field(stack, size)
    except InvalidSpec as refused:
        assert refused.code == "pool_padding_over_half"  # noqa: PT017
        return
    row, units = field[-1], reached(nn.Sequential(*map(torch_layer, stack)), size)
    inside = [unit for unit in range(len(units)) if field.field_of(unit, clip=False)[0][0] >= 0]
    inside = [unit for unit in inside if field.field_of(unit, clip=False)[0][-1] < size]
    for unit in (inside[0], inside[len(inside) // 2]):
        seen = units[unit]
        assert seen[-1] - seen[0] + 1 == row.size
        assert (seen[0] + seen[-1] + 1) / 2 == row.start + unit * row.jump
        assert field.field_of(unit, clip=False) == (range(seen[0], seen[-1] + 1),)


def test_article_4_three_by_three_twice() -> None:
    rows = cv.receptive_field([{"kernel_size": 3, "stride": 1, "padding": 1, "dilation": 1}] * 2)
    assert [(row.size, row.jump, row.start) for row in rows] == [(3, 1, 0.5), (5, 1, 0.5)]
    assert [row["size"] for row in rows] == [3, 5]


def test_dilation_counts_for_the_centre_too() -> None:
    """k=3, d=2, p=2 keeps the first centre at 0.5; a well-known tool leaves the dilation out of it."""
    (row,) = cv.receptive_field([{"kernel_size": 3, "dilation": 2, "padding": 2}])
    assert (row.size, row.jump, row.start, row.padding) == (5, 1, 0.5, 2)


def test_a_published_unit() -> None:
    """Fangyh09's README: unit (1, 1) after a 7x7 convolution with stride 2, padding 3 sees from 0 to 6.0 (edges)."""
    field = receptive_field([{"kernel_size": 7, "stride": 2, "padding": 3}], 256)
    assert field.field_of((1, 1)) == (range(0, 6), range(0, 6))
    assert field.field_of((1, 1), clip=False) == (range(-1, 6), range(-1, 6))


def test_axes_that_differ_give_a_number_each() -> None:
    rows = receptive_field([Conv(kernel_size=(3, 1)), Conv(kernel_size=3, stride=(1, 2))], (8, 9))
    assert [row.size for row in rows] == [(3, 1), (5, 3)]
    assert [row.jump for row in rows] == [(1, 1), (1, 2)]
    assert rows[-1].output_size == (4, 4)


def test_dilation_leaves_holes_between_the_pixels() -> None:
    field = receptive_field([{"kernel_size": (3,), "dilation": (2,)}] * 2, 9)
    assert field.pixels_of(0) == ((0, 2, 4, 6, 8),)
    assert field.field_of(0) == (range(9),)


RESIDUAL = [
    Conv(name="stem", kernel_size=3, padding=1),
    Conv(name="a", kernel_size=3, padding=1, stride=2),
    Conv(name="b", kernel_size=3, padding=1),
    Node(Conv(name="short", kernel_size=1, stride=2), ("stem",)),
    Node(Add(name="sum"), ("b", "short")),
]


def test_branches_that_join() -> None:
    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem, self.b = (ones(nn.Conv1d(1, 1, 3, padding=1)) for _ in range(2))
            self.a = ones(nn.Conv1d(1, 1, 3, stride=2, padding=1))
            self.short = ones(nn.Conv1d(1, 1, 1, stride=2))

        def forward(self, x: Tensor) -> Tensor:
            stem = self.stem(x)
            out: Tensor = self.b(self.a(stem)) + self.short(stem)
            return out

    field = receptive_field(RESIDUAL, 15)
    expected = reached(Block(), 15)
    assert [field.pixels_of(unit)[0] for unit in range(len(expected))] == expected
    assert (field.row("sum").size, field.row("sum").jump, field.row("sum").start) == (9, 2, 0.5)
    assert field.row("short").size == 3


@pytest.mark.parametrize(
    ("short", "code", "says"),
    [
        (Conv(name="short", kernel_size=1), "misaligned_jumps", "not 2 and 1 pixels"),
        (Conv(name="short", kernel_size=2, stride=2), "misaligned_starts", "not at 0.5 and 1.0 pixels"),
    ],
)
def test_branches_that_do_not_lie_over_each_other(short: Conv, code: str, says: str) -> None:
    nodes = [*RESIDUAL[:3], Node(short, ("stem",)), RESIDUAL[4]]
    with pytest.raises(InvalidSpec) as caught:
        receptive_field(nodes)
    assert caught.value.code == code
    assert says in str(caught.value)


def test_same_needs_the_size_only_where_it_matters() -> None:
    stride_one = {"kernel_size": 3, "padding": "same_upper"}
    assert receptive_field([stride_one])[0].start == 0.5
    (row,) = receptive_field([stride_one | {"stride": 2}])
    assert (row.size, row.jump, row.start, row.padding) == (3, 2, None, None)
    assert [receptive_field([stride_one | {"stride": 2}], n)[0].start for n in (4, 5)] == [1.5, 0.5]


@pytest.mark.parametrize("layer", [AdaptivePool(output_size=2), Upsample(), {"type": "linear", "out_features": 3}])
def test_windows_that_depend_on_the_size_ask_for_it(layer: Any) -> None:
    with pytest.raises(InvalidSpec, match="`input_size` must be given"):
        receptive_field([layer])
    assert receptive_field([layer], 8)[0].size in (1, 4, 8)


def test_units_that_differ_are_marked() -> None:
    even, uneven = (receptive_field([AdaptivePool(output_size=3)], n)[0].exact for n in (6, 7))
    assert (even, uneven) == (True, False)
    assert not receptive_field([ConvTranspose(kernel_size=3, stride=2)], 7)[0].exact
    assert receptive_field([Pool(kernel_size=3, stride=2)], 7)[0].exact


def test_the_whole_input_behind_a_fully_connected_layer() -> None:
    lenet = [{"type": "conv", "kernel_size": 5, "padding": 2}, {"type": "avg_pool"}, {"type": "flatten"}]
    field = receptive_field([*lenet, {"type": "linear", "out_features": 10}], 28)
    assert field.field_of(0, "avg_pool1") == (range(4), range(4))
    assert field.field_of(0, "linear1") == (range(28), range(28))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda field: field.field_of(6), "unit_outside"),
        (lambda field: field.field_of((0, 0, 0)), "wrong_length"),
        (lambda field: field.field_of(-1), "negative"),
        (lambda field: field.row("conv9"), "unknown_layer"),
        (lambda field: field.row(1), "unknown_layer"),
        (lambda field: receptive_field(field.network).field_of(0), "needs_input_size"),
        (lambda field: receptive_field(field.network, 2), "layer_breaks"),
        (lambda field: receptive_field(field.network, 2**20), "parameter_outside"),
        (lambda field: receptive_field([]), "no_layers"),
    ],
)
def test_what_is_refused(call: Any, code: str) -> None:
    field = receptive_field([{"kernel_size": 3}], 8)
    assert field.field_of(5) == (range(5, 8), range(5, 8))
    with pytest.raises(InvalidSpec) as caught:
        call(field)
    assert caught.value.code == code
    with pytest.raises(KeyError):
        field[0]["layers"]
