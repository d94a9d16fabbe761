"""Each rule broken once, with the exact sentence a Python user gets; and the tables of sentences agree."""

from __future__ import annotations

import ast
import pickle
import string
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

import cnnviz as cv
from cnnviz.core.arithmetic import Derivation, Op
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import MESSAGES, InvalidSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.transposed import TransposedConvSpec
from cnnviz.i18n import Texts

PACKAGE = Path(cv.__file__).parent
OURS = ("arithmetic", "arrays", "conv", "functional", "padding", "pool", "sliding", "transposed", "windows")
X, W = torch.zeros(1, 4, 5, 5), torch.zeros(6, 4, 3, 3)
WORDS = "'valid', 'same', 'same_upper', 'same_lower', 'full', 'causal'"

ILLEGAL: list[tuple[str, Callable[[], object], str]] = [
    ("not_whole", lambda: ConvSpec(3, stride=1.5), "`stride` (=1.5) must be made of whole numbers"),
    ("not_whole", lambda: ConvSpec(3, padding=(1, "x")), "`padding` (=x) must be made of whole numbers"),
    ("not_whole", lambda: cv.conv(X, W, groups="2"), "`groups` (=2) must be made of whole numbers"),
    ("not_a_number", lambda: ConvSpec(3, padding_value="x"), "`padding_value` (='x') must be a number"),
    ("not_a_number", lambda: PoolSpec(2, norm_type="x"), "`norm_type` (='x') must be a number"),
    ("below_one", lambda: ConvSpec(0), "`kernel_size` (=0) must be at least 1"),
    ("below_one", lambda: ConvSpec(3, stride=(1, 0)), "`stride` (=0) must be at least 1"),
    ("below_one", lambda: PoolSpec(3, dilation=0), "`dilation` (=0) must be at least 1"),
    ("below_one", lambda: ConvSpec(3, groups=0), "`groups` (=0) must be at least 1"),
    ("below_one", lambda: ConvSpec(3, in_channels=-1), "`in_channels` (=-1) must be at least 1"),
    ("below_one", lambda: cv.output_size("conv", 0, 3), "`size` (=0) must be at least 1"),
    ("negative", lambda: ConvSpec(3, padding=-1), "`padding` (=-1) must not be negative"),
    ("negative", lambda: ConvSpec(3, padding=((0, -2), (0, 0))), "`padding` (=-2) must not be negative"),
    ("negative", lambda: TransposedConvSpec(3, output_padding=-1), "`output_padding` (=-1) must not be negative"),
    (
        "wrong_length",
        lambda: ConvSpec(3, stride=(1, 2, 3)),
        "`stride` (=(1, 2, 3)) must be one number or one for each of the 2 spatial axes",
    ),
    (
        "wrong_length",
        lambda: PoolSpec(2, padding=(1, 1, 1)),
        "`padding` (=(1, 1, 1)) must be one number or one for each of the 2 spatial axes",
    ),
    ("kernel_axes", lambda: ConvSpec((1, 1, 1, 1)), "`kernel_size` (=(1, 1, 1, 1)) must have 1, 2 or 3 axes"),
    ("kernel_axes", lambda: PoolSpec(()), "`kernel_size` (=()) must have 1, 2 or 3 axes"),
    (
        "unknown_padding",
        lambda: ConvSpec(3, padding="SAME"),
        f"`padding` (='SAME') must be a number, one per axis, (before, after) pairs, or one of {WORDS}",
    ),
    (
        "unknown_padding",
        lambda: ConvSpec(3, padding=((1, 1, 1), 0)),
        f"`padding` (=((1, 1, 1), 0)) must be a number, one per axis, (before, after) pairs, or one of {WORDS}",
    ),
    (
        "unknown_padding",
        lambda: TransposedConvSpec(3, padding="causal"),
        "`padding` (='causal') must be a number, one per axis, (before, after) pairs, or one of "
        "'valid', 'same', 'same_upper', 'same_lower', 'full'",
    ),
    (
        "unknown_choice",
        lambda: ConvSpec(3, padding_mode="mirror"),
        "`padding_mode` (='mirror') must be one of 'zeros', 'constant', 'reflect', 'replicate', 'circular'",
    ),
    (
        "unknown_choice",
        lambda: PoolSpec(3, "sum"),
        "`kind` (='sum') must be one of 'max', 'avg', 'lp', 'median', 'k_max', 'stochastic', 'k_means'",
    ),
    (
        "unknown_choice",
        lambda: cv.output_size("dense", 3, 3),
        "`op` (='dense') must be one of 'conv', 'conv_transpose', 'pool', 'max_pool', 'avg_pool', 'lp_pool'",
    ),
    (
        "groups_divide_in_channels",
        lambda: ConvSpec(3, in_channels=3, out_channels=4, groups=2),
        "`in_channels` (=3) must be divisible by `groups` (=2)",
    ),
    (
        "groups_divide_out_channels",
        lambda: TransposedConvSpec(3, in_channels=4, out_channels=3, groups=2),
        "`out_channels` (=3) must be divisible by `groups` (=2)",
    ),
    (
        "kernel_exceeds_input",
        lambda: ConvSpec((1, 3), dilation=(1, 3), padding=(0, 1)).output_size((4, 4)),
        "`kernel_size` (=3, spanning 7 with dilation 3) must fit into the padded input (=6) of axis 1",
    ),
    (
        "kernel_exceeds_input",
        lambda: cv.max_pool(X, 20),
        "`kernel_size` (=20, spanning 20 with dilation 1) must fit into the padded input (=5) of axis 0",
    ),
    (
        "kernel_exceeds_input",
        lambda: Derivation(Op.CONV, size=2, kernel_size=3).output,
        "`kernel_size` (=3, spanning 3 with dilation 1) must fit into the padded input (=2) of axis 0",
    ),
    (
        "reflect_too_wide",
        lambda: ConvSpec(3, padding=((1, 1), (0, 4)), padding_mode="reflect").output_size((4, 4)),
        "`padding` (=(0, 4)) must be smaller than the input (=4) of axis 1 when `padding_mode` is 'reflect'",
    ),
    (
        "circular_too_wide",
        lambda: ConvSpec(3, padding=5, padding_mode="circular").pad(torch.zeros(1, 4, 9)),
        "`padding` (=(5, 5)) must not exceed the input (=4) of axis 0 when `padding_mode` is 'circular'",
    ),
    (
        "pool_padding_over_half",
        lambda: cv.avg_pool(X, 3, padding=(1, 2)),
        "`padding` (=2) must be at most half of `kernel_size` (=3) on axis 1",
    ),
    (
        "output_padding_too_wide",
        lambda: TransposedConvSpec(3, stride=(3, 2), output_padding=2),
        "`output_padding` (=2) must be smaller than `stride` (=2) or `dilation` (=1) on axis 1",
    ),
    (
        "output_below_one",
        lambda: TransposedConvSpec(3, padding=2).output_size((2, 2)),
        "`padding` (=(2, 2)) must leave at least 1 output element on axis 0, where it would leave 0",
    ),
    ("norm_type", lambda: PoolSpec(2, "lp", norm_type=0), "`norm_type` (=0) must be a finite number above 0"),
    (
        "norm_type",
        lambda: PoolSpec(2, "lp", norm_type=float("nan")),
        "`norm_type` (=nan) must be a finite number above 0",
    ),
    (
        "not_an_array",
        lambda: cv.conv([[1, 2], [3]], W),
        "`input` must be a tensor, an array or nested lists of real numbers, with rows of one length",
    ),
    (
        "not_an_array",
        lambda: cv.conv(X, "kernel"),
        "`weight` must be a tensor, an array or nested lists of real numbers, with rows of one length",
    ),
    (
        "not_an_array",
        lambda: cv.global_pool(torch.zeros(1, 1, 2, dtype=torch.complex64)),
        "`input` must be a tensor, an array or nested lists of real numbers, with rows of one length",
    ),
    (
        "input_axes",
        lambda: cv.conv(torch.zeros(5, 5), W),
        "`input` (shape (5, 5)) must have 3 axes (channels first) or 4 (batch first)",
    ),
    (
        "size_axes",
        lambda: ConvSpec(3).output_size((5,)),
        "`size` (=(5,)) must have one number for each of the 2 spatial axes",
    ),
    (
        "size_axes",
        lambda: TransposedConvSpec(3).output_size((5,)),
        "`size` (=(5,)) must have one number for each of the 2 spatial axes",
    ),
    (
        "empty_axis",
        lambda: cv.conv(torch.zeros(0, 4, 5, 5), W),
        "`input` (shape (0, 4, 5, 5)) must have at least 1 element on every axis",
    ),
    (
        "empty_axis",
        lambda: cv.global_pool(torch.zeros(1, 1, 0)),
        "`input` (shape (1, 1, 0)) must have at least 1 element on every axis",
    ),
    (
        "in_channels_differ",
        lambda: cv.conv(X[:, :3], W),
        "`input` (with 3 channels) must have `in_channels` (=4) channels",
    ),
    (
        "weight_axes",
        lambda: cv.conv(X, W[0, 0]),
        "`weight` (shape (3, 3)) must have 3, 4 or 5 axes: two for channels and one for each spatial axis",
    ),
    ("weight_missing", lambda: cv.explain(X, at=(0, 0, 0)), "`weight` (=None) must be given for `op` 'conv'"),
    (
        "pool_axes",
        lambda: cv.max_pool(torch.zeros(4, 4), 2),
        "`input` (shape (4, 4)) must have 3, 4 or 5 axes (batch, channel, spatial) when `kernel_size` is one number",
    ),
    (
        "weight_shape",
        lambda: ConvSpec(3, in_channels=4)(X, W),
        "`weight` (shape (6, 4, 3, 3)) must have shape (1, 4, 3, 3)",
    ),
    ("bias_shape", lambda: cv.conv(X, W, [1, 2]), "`bias` (shape (2,)) must have shape (6,)"),
    (
        "at_axes",
        lambda: cv.explain(X, W, at=(0, 0)),
        "`at` (=(0, 0)) must have 3 numbers (channel first) or 4 (batch first)",
    ),
    (
        "at_needs_batch",
        lambda: cv.explain(X.expand(2, -1, -1, -1), W, at=(0, 0, 0)),
        "`at` (=(0, 0, 0)) must name the batch element first, because `input` has 2 of them",
    ),
    ("at_outside", lambda: cv.explain(X, W, at=(0, 0, 3)), "`at` (=(0, 0, 3)) must lie inside the shape (6, 3, 3)"),
    ("at_outside", lambda: cv.explain(X, W, at=(0, -1, 0)), "`at` (=(0, -1, 0)) must lie inside the shape (6, 3, 3)"),
    (
        "at_outside",
        lambda: TransposedConvSpec(3).spread([[[1]]], torch.zeros(1, 1, 3, 3), index=(0, 0, 1)),
        "`input_index` (=(0, 0, 1)) must lie inside the shape (1, 1, 1)",
    ),
    (
        "indices_need_max",
        lambda: PoolSpec(2, "avg").with_indices(X),
        "`return_indices` (=True) must go with `kind` 'max', not 'avg'",
    ),
    (
        "too_large",
        lambda: cv.conv([[1]], [[[1]]], padding=2**28, padding_value=1),
        "`output` (=536870913 elements) must have at most 268435456 elements",
    ),
    (
        "too_large",
        lambda: ConvSpec((2**28 + 1,), padding="full").pad([[1]]),
        "`input` (=536870913 elements) must have at most 268435456 elements",
    ),
    (
        "too_large",
        lambda: ConvSpec((1,)).usage((2**28 + 1,)),
        "`usage` (=268435457 elements) must have at most 268435456 elements",
    ),
    (
        "too_large",
        lambda: cv.conv_transpose([[1, 1]], [[[1]]], stride=2**28, padding=2**27),
        "`output` (=268435457 elements) must have at most 268435456 elements",
    ),
    (
        "too_large",
        lambda: cv.max_pool([[[1]]], 2**29, stride=1, padding=((2**28, 2**29 - 1),)),
        "`output` (=268435457 elements) must have at most 268435456 elements",
    ),
]


@pytest.mark.parametrize(("code", "call", "sentence"), ILLEGAL)
def test_each_rule_has_its_sentence(code: str, call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        call()
    assert (caught.value.code, str(caught.value)) == (code, sentence)


def raised() -> list[tuple[str, str, set[str] | None]]:
    """(module, code, names of the values) of every InvalidSpec in the package; names None where they are spread."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InvalidSpec" and node.args:
                codes = [
                    n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant) and isinstance(n.value, str)
                ]
                names = {keyword.arg for keyword in node.keywords}
                spread = None in names
                found += [(path.stem, code, None if spread else {n for n in names if n}) for code in codes]
    return found


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_table_is_closed() -> None:
    calls = raised()
    assert len(calls) > 40
    assert {code for _, code, _ in calls} == set(MESSAGES)
    assert [call for call in calls if call[2] is not None and not holes(MESSAGES[call[1]]) <= call[2]] == []


def test_every_rule_of_these_modules_is_broken_above() -> None:
    assert {code for module, code, _ in raised() if module in OURS} <= {code for code, _, _ in ILLEGAL}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_readers_have_every_sentence(lang: str) -> None:
    table = Texts(lang).table("errors")
    assert {code: holes(text) for code, text in table.items()} == {code: holes(text) for code, text in MESSAGES.items()}


def test_an_error_survives_the_way_between_processes() -> None:
    error = InvalidSpec("norm_type", value=0)
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.values, str(again)) == (error.code, error.values, str(error))
    assert isinstance(error, ValueError)
