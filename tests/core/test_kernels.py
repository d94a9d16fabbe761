"""The kernel library against the numbers printed in the books, OpenCV's own where it has them, and plain algebra."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz.core import kernels
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.filtering import filter_image
from cnnviz.core.kernels import PRESETS, Family, kernel_facts, parse_matrix, preset

PRINTED = {
    "identity": ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], 1),
    "box_3": ([[1, 1, 1]] * 3, 9),
    "box_5": ([[1, 1, 1, 1, 1]] * 5, 25),
    "gaussian_3": ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16),
    "gaussian_5": (
        [[1, 4, 6, 4, 1], [4, 16, 24, 16, 4], [6, 24, 36, 24, 6], [4, 16, 24, 16, 4], [1, 4, 6, 4, 1]],
        256,
    ),
    "motion_diagonal": ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], 3),
    "motion_horizontal": ([[1] * 9], 9),
    "sharpen": ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 1),
    "sharpen_8": ([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]], 1),
    "unsharp_5": (
        [
            [-1, -4, -6, -4, -1],
            [-4, -16, -24, -16, -4],
            [-6, -24, 476, -24, -6],
            [-4, -16, -24, -16, -4],
            [-1, -4, -6, -4, -1],
        ],
        256,
    ),
    "sobel_x": ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], 1),
    "sobel_y": ([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], 1),
    "prewitt_x": ([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], 1),
    "prewitt_y": ([[-1, -1, -1], [0, 0, 0], [1, 1, 1]], 1),
    "scharr_x": ([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]], 1),
    "scharr_y": ([[-3, -10, -3], [0, 0, 0], [3, 10, 3]], 1),
    "roberts_down": ([[1, 0], [0, -1]], 1),
    "roberts_up": ([[0, 1], [-1, 0]], 1),
    "laplacian_4": ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], 1),
    "laplacian_8": ([[1, 1, 1], [1, -8, 1], [1, 1, 1]], 1),
    "log_5": (
        [[0, 0, -1, 0, 0], [0, -1, -2, -1, 0], [-1, -2, 16, -2, -1], [0, -1, -2, -1, 0], [0, 0, -1, 0, 0]],
        1,
    ),
    "dog_5": (
        [[-1, -4, -6, -4, -1], [-4, 0, 8, 0, -4], [-6, 8, 28, 8, -6], [-4, 0, 8, 0, -4], [-1, -4, -6, -4, -1]],
        256,
    ),
    "kirsch_n": ([[5, 5, 5], [-3, 0, -3], [-3, -3, -3]], 1),
    "kirsch_ne": ([[-3, 5, 5], [-3, 0, 5], [-3, -3, -3]], 1),
    "kirsch_e": ([[-3, -3, 5], [-3, 0, 5], [-3, -3, 5]], 1),
    "kirsch_se": ([[-3, -3, -3], [-3, 0, 5], [-3, 5, 5]], 1),
    "kirsch_s": ([[-3, -3, -3], [-3, 0, -3], [5, 5, 5]], 1),
    "kirsch_sw": ([[-3, -3, -3], [5, 0, -3], [5, 5, -3]], 1),
    "kirsch_w": ([[5, -3, -3], [5, 0, -3], [5, -3, -3]], 1),
    "kirsch_nw": ([[5, 5, -3], [5, 0, -3], [-3, -3, -3]], 1),
    "line_horizontal": ([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]], 1),
    "line_vertical": ([[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]], 1),
    "line_down": ([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]], 1),
    "line_up": ([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]], 1),
    "laws_spot": (
        [[1, 0, -2, 0, 1], [0, 0, 0, 0, 0], [-2, 0, 4, 0, -2], [0, 0, 0, 0, 0], [1, 0, -2, 0, 1]],
        1,
    ),
    "laws_ripple": (
        [[1, -4, 6, -4, 1], [-4, 16, -24, 16, -4], [6, -24, 36, -24, 6], [-4, 16, -24, 16, -4], [1, -4, 6, -4, 1]],
        1,
    ),
    "emboss": ([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], 1),
    "emboss_relief": ([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]], 1),
}


@pytest.mark.parametrize("id", PRINTED)
def test_presets_as_printed(id):
    matrix, divisor = PRINTED[id]
    assert preset(id).matrix == tuple(map(tuple, matrix))
    assert preset(id).divisor == divisor
    assert np.array_equal(preset(id).weights, np.array(matrix) / divisor)


def test_nothing_in_the_gallery_is_unprinted():
    assert {k.id for k in PRESETS} - set(PRINTED) == {"gabor_0", "gabor_45", "gabor_90", "gabor_135"}
    assert len({k.id for k in PRESETS}) == len(PRESETS)
    assert all(k.source for k in PRESETS)
    assert {k.family for k in PRESETS} == set(Family)
    assert [k for group in kernels.by_family().values() for k in group] == sorted(
        PRESETS, key=lambda k: list(Family).index(k.family)
    )


def test_unknown_preset():
    with pytest.raises(KeyError, match="sobel_x"):
        preset("sobel")


# --- SOURCES 4.19: only rank 1 is separable -------------------------------------------------------------------------

RANKS = {
    1: ["box_3", "box_5", "gaussian_3", "gaussian_5", "motion_horizontal", "laws_spot", "laws_ripple", "identity"]
    + [f"{name}_{axis}" for name in ("sobel", "prewitt", "scharr") for axis in "xy"]
    + ["line_horizontal", "line_vertical"],
    2: ["sharpen", "sharpen_8", "laplacian_4", "laplacian_8", "kirsch_n", "kirsch_e", "kirsch_s", "kirsch_w"],
    3: ["emboss", "motion_diagonal", "kirsch_ne", "kirsch_se", "kirsch_sw", "kirsch_nw"],
}


@pytest.mark.parametrize(("expected", "id"), [(rank, id) for rank, ids in RANKS.items() for id in ids])
def test_rank(expected, id):
    weights = preset(id).weights
    assert kernels.rank(weights) == expected == np.linalg.matrix_rank(weights)
    assert kernel_facts(weights).separable == (expected == 1)
    parts = kernels.separate(weights)
    if expected == 1:
        assert np.allclose(np.outer(*parts), weights, rtol=1e-15)
    else:
        assert parts is None


def test_costs():
    """9 multiplications against 3 + 3; general 2 r k, cheaper only while r < k / 2."""
    sobel, sharpen = kernel_facts(preset("sobel_x").weights), kernel_facts(preset("sharpen").weights)
    assert (sobel.cost, sobel.separable_cost) == (9, 6)
    assert (sharpen.cost, sharpen.separable_cost) == (9, 12)


# --- facts ----------------------------------------------------------------------------------------------------------

MATRICES = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-9, 9, width=16)
)


@settings(deadline=None)
@given(MATRICES)
def test_range_is_met_and_never_left(matrix):
    """low and high are the responses to the picture that is white exactly under the negative, or positive, weights."""
    facts = kernel_facts(matrix)
    for low_or_high, sign in ((facts.low, -1), (facts.high, 1)):
        worst = (np.sign(matrix) == sign).astype(np.float32)[None]
        assert filter_image(worst, matrix)[0, 0, 0] == pytest.approx(low_or_high, abs=1e-4)
    assert facts.low + facts.high == pytest.approx(facts.total, abs=1e-9)
    assert facts.high - facts.low == pytest.approx(facts.absolute, abs=1e-9)


@settings(deadline=None)
@given(MATRICES)
def test_point_symmetric_means_flipping_changes_nothing(matrix):
    image = np.random.default_rng(0).random((1, 12, 12), dtype=np.float32)
    same = np.array_equal(filter_image(image, matrix), filter_image(image, matrix, flip=True))
    assert kernel_facts(matrix).point_symmetric <= same
    assert kernel_facts(matrix).point_symmetric == np.array_equal(matrix, matrix[::-1, ::-1])


def test_facts_of_known_kernels():
    facts = kernel_facts(preset("emboss").weights)
    assert (facts.total, facts.absolute, facts.low, facts.high) == (1, 9, -4, 5)
    assert (facts.size, facts.anchor, facts.rank, facts.point_symmetric) == ((3, 3), (1, 1), 3, False)
    assert kernel_facts(preset("box_3").weights).noise_gain == pytest.approx(1 / 3)
    assert kernel_facts([[0.0]]).rank == 0
    zero_sum = [k for k in PRESETS if k.family in (Family.EDGE, Family.COMPASS, Family.LINE)]
    assert all(abs(kernel_facts(k.weights).total) < 1e-12 for k in zero_sum)
    one_sum = [k for k in PRESETS if k.family in (Family.SMOOTH, Family.SHARPEN, Family.IDENTITY)]
    assert all(kernel_facts(k.weights).total == pytest.approx(1) for k in one_sum)


@settings(deadline=None)
@given(MATRICES)
def test_normalise(matrix):
    if not matrix.any():
        with pytest.raises(InvalidSpec) as refusal:
            kernels.normalise(matrix)
        assert refusal.value.code == "kernel_all_zero"
        return
    result = kernels.normalise(matrix)
    if abs(matrix.sum()) > 1e-6 * abs(matrix).sum():
        assert result.sum() == pytest.approx(1, rel=1e-6)
    elif matrix.sum() == 0:
        assert result[result > 0].sum() == pytest.approx(1)
        assert np.allclose(np.sign(result), np.sign(matrix))


@pytest.mark.parametrize("fx", range(-4, 4))
@pytest.mark.parametrize("fy", [-4, -1, 0, 3])
def test_frequency_response_is_the_gain_of_a_wave(fx, fy):
    """A complex wave put through the filter comes out as the same wave, so many times as large."""
    weights = np.random.default_rng(1).normal(size=(3, 4))
    y, x = np.mgrid[0:16, 0:16]
    wave = 2 * np.pi * (fx * x + fy * y) / 8
    out = [filter_image(f(wave)[None].astype(np.float32), weights) for f in (np.cos, np.sin)]
    gain = np.abs(out[0] + 1j * out[1])
    assert np.allclose(gain, kernels.frequency_response(weights, 8)[fy + 4, fx + 4], atol=1e-4)


def test_frequency_response_bounds():
    assert kernels.frequency_response(np.ones((31, 31)) / 961).shape == (64, 64)
    for n in (30, 1025):
        with pytest.raises(InvalidSpec) as refusal:
            kernels.frequency_response(np.ones((31, 31)), n)
        assert refusal.value.code == "parameter_outside"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8, (2, 3), (1, 6)])
def test_anchor_is_where_the_impulse_answers(size):
    """Under torch's "same", a kernel with 1 at its anchor and 0 elsewhere leaves the picture as it is."""
    shape = (size, size) if isinstance(size, int) else size
    kernel = np.zeros(shape)
    kernel[kernels.anchor(size)] = 1
    image = np.random.default_rng(0).random((1, 9, 9), dtype=np.float32)
    assert np.array_equal(filter_image(image, kernel, padding="same"), image)


@pytest.mark.parametrize(
    ("matrix", "code"),
    [
        ([], "kernel_not_a_matrix"),
        ([1, 2], "kernel_not_a_matrix"),
        ([[]], "kernel_not_a_matrix"),
        ([[1, 2], [3]], "not_an_array"),
        ("abc", "not_an_array"),
        ([[float("nan")]], "kernel_not_finite"),
        ([[float("inf")]], "kernel_not_finite"),
    ],
)
def test_what_a_kernel_may_be(matrix, code):
    with pytest.raises(InvalidSpec) as refusal:
        kernel_facts(matrix)
    assert refusal.value.code == code


# --- pasted text ----------------------------------------------------------------------------------------------------

SOBEL = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))


@pytest.mark.parametrize(
    "text",
    [
        "-1\t0\t1\n-2\t0\t2\n-1\t0\t1",
        "-1\t0\t1\r\n-2\t0\t2\r\n-1\t0\t1\r\n",
        "-1,0,1\n-2,0,2\n-1,0,1\n",
        "-1 ,0 ,1\n-2 ,0 ,2\n-1 ,0 ,1",
        "-1, 0, 1\n-2, 0, 2\n-1, 0, 1,",
        "-1 0 1\n  -2   0 2\n\n-1 0 1  \n",
        "-1;0;1\n-2;0;2\n-1;0;1",
        "-1,0;0,0;1,0\n-2,0;0,0;2,0\n-1,0;0,0;1,0",
        "-1,0\t0,0\t1,0\n-2\t0\t2\n-1\t0\t1",
        "-1,0 0,0 1,0\n-2,0 0,0 2,0\n-1,0 0,0 1,0",
        "[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]",
        "[[-1.  0.  1.]\n [-2.  0.  2.]\n [-1.  0.  1.]]",
        "[-1 0 1; -2 0 2; -1 0 1]",
        "[-1, 0, 1; -2, 0, 2; -1, 0, 1]",
        "[-1,0,1;-2,0,2;-1,0,1]",
        "-1 0 1; -2 0 2; -1 0 1",
        "{{-1,0,1},{-2,0,2},{-1,0,1}}",
        "((-1, 0, 1),\n (-2, 0, 2),\n (-1, 0, 1))",
        "−1 0 1\n−2 0 2\n–1 0 1",
        "－１，０，１\n－２，０，２\n－１，０，１",
        "-1、0、1\n-2、0、2\n-1、0、1",
        "-1e0 0.0 +1\n-2. .0 20e-1\n-3/3 0/5 1/1",
    ],
)
def test_spellings_of_sobel(text):
    assert parse_matrix(text) == SOBEL


def test_other_shapes():
    assert parse_matrix("7") == ((7,),)
    assert parse_matrix("1;2;3") == ((1, 2, 3),)
    assert parse_matrix("1\n2\n3") == ((1,), (2,), (3,))
    assert parse_matrix("1/9\t-1/9") == ((1 / 9, -1 / 9),)
    assert parse_matrix("0,5 1,5") == ((0.5, 1.5),)
    assert parse_matrix("\n".join(["\t".join("1" * 31)] * 31)) == ((1,) * 31,) * 31
    assert str(parse_matrix("-0")) == "((0.0,),)"


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "kernel_text_empty", {}),
        (" \n\t\n", "kernel_text_empty", {}),
        ("[[]]", "kernel_text_empty", {}),
        ("1 2\n3", "kernel_text_ragged", {"row": 2, "count": 1, "expected": 2}),
        ("1 2\n3 x", "kernel_text_word", {"word": "'x'", "row": 2, "column": 2}),
        ("1\t\t2", "kernel_text_word", {"word": "''", "row": 1, "column": 2}),
        ("1,,2", "kernel_text_word", {"word": "''", "row": 1, "column": 2}),
        ("nan", "kernel_text_word", {}),
        ("inf", "kernel_text_word", {}),
        ("1_000", "kernel_text_word", {}),
        ("0x10", "kernel_text_word", {}),
        ("1/2/3", "kernel_text_word", {}),
        ("1/", "kernel_text_word", {}),
        ("1.000,5\t2", "kernel_text_word", {}),
        ("=A1", "kernel_text_word", {}),
        ("½", "kernel_text_word", {}),
        ("__import__('os')", "kernel_text_word", {}),
        ("1,2;3,4", "kernel_text_comma", {}),
        ("1,2,1 2,4,2", "kernel_text_comma", {}),
        ("1/0", "kernel_weight_too_large", {"row": 1, "column": 1}),
        ("1000001", "kernel_weight_too_large", {}),
        ("1e999", "kernel_weight_too_large", {}),
        ("1e-5/1e-300", "kernel_weight_too_large", {}),
        (" ".join("1" * 32), "kernel_too_large", {"rows": 1, "columns": 32, "limit": 31}),
        ("\n".join("1" * 32), "kernel_too_large", {"rows": 32, "columns": 1}),
        ("1 " * 10_001, "kernel_text_long", {"limit": 20_000}),
    ],
)
def test_faults_in_text(text, code, values):
    with pytest.raises(InvalidSpec) as refusal:
        parse_matrix(text)
    assert refusal.value.code == code
    assert refusal.value.values.items() >= values.items()
    assert "`" in str(refusal.value)


@settings(deadline=None)
@given(MATRICES, st.sampled_from("\t; "))
def test_what_is_printed_is_read_back(matrix, between):
    text = "\n".join(between.join(repr(float(v)) for v in row) for row in matrix)
    if between == ";" and len(matrix) == 1:
        text += "\n"
    assert parse_matrix(text) == tuple(tuple(map(float, row)) for row in matrix)


@settings(deadline=None, max_examples=400)
@given(st.text(alphabet="0123456789.,;/-+eE[]() \t\nx−，", max_size=60))
def test_any_text_is_a_matrix_or_our_error(text):
    try:
        matrix = parse_matrix(text)
    except InvalidSpec:
        return
    assert kernel_facts(matrix).size == (len(matrix), len(matrix[0]))
