"""The LaTeX example: balanced, with the numbers of the step, and its formula says what the layer computes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.core.codegen import latex_code
from cnnviz.core.codegen.latex_example import tex_number
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.transposed import TransposedConvSpec
from tests.core.codegen_cases import conv_cases, pool_cases, rare_pool_cases, result, transposed_cases

X = np.array([[[1, -2, 0.5], [3, 0, -1], [2, 4, -3]]])
W = np.array([[[[1, -1], [0.25, 2]]]])


def check_balance(text: str) -> None:
    """Braces, \\left and \\right, and environments close in the order they open."""
    plain = re.sub(r"(?m)^%.*$", "", text)
    stack: list[str] = []
    tokens = re.findall(
        r"\\begin\{(\w+\*?)\}|\\end\{(\w+\*?)\}|(\\\[)|(\\\])|(?<!\\)([{}])|(\\left)\b|(\\right)\b", plain
    )
    for begin, end, opens, closes, brace, left, right in tokens:
        if begin or opens or brace == "{" or left:
            stack.append(begin or opens or brace or left)
        else:
            expected = {"\\]": "\\[", "}": "{", "\\right": "\\left"}.get(closes or brace or right, end)
            assert stack.pop() == expected
    assert not stack
    assert re.sub(r"\s", "", plain)


def element(text: str) -> str:
    """The right side of the worked element, on one line."""
    inner = text.split(r"\begin{align*}")[1].split(r"\end{align*}")[0]
    return re.sub(r" \\\\\n&(\\quad)? ?", " ", inner).strip()


@pytest.mark.parametrize(
    "cases",
    [conv_cases(), transposed_cases(), pool_cases(), rare_pool_cases()],
    ids=["conv", "transposed", "pool", "rare"],
)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_layer_has_a_balanced_example_with_its_result(cases: st.SearchStrategy, data: st.DataObject) -> None:
    layer, x, arrays = case = data.draw(cases)
    expected = result(case)
    at = tuple(data.draw(st.integers(0, n - 1)) for n in expected.shape)
    exact = [array if array is None else array.astype(float) for array in arrays]
    text = latex_code(layer, x.astype(float), *exact, at=at)
    check_balance(text)
    said = element(text).split("= ")[-1]
    number = {r"\infty": "inf", r"-\infty": "-inf", r"\text{NaN}": "nan"}.get(said, said)
    number = re.sub(r"\\cdot 10\^\{(-?\d+)\}", r"e\1", number)
    np.testing.assert_allclose(float(number), expected[at], rtol=1e-4, atol=1e-9)


def test_the_sum_adds_up() -> None:
    text = element(latex_code(ConvSpec(2, padding=1), X, W, [-0.5], at=(0, 1, 1)))
    assert text == r"y_{1,1} &= 1\cdot 1 + (-2)\cdot (-1) + 3\cdot 0.25 + 0\cdot 2 + (-0.5) = 3.25"
    terms = text.split("&= ")[1].split(" = ")[0].replace(r"\cdot", "*")
    assert eval(terms) == 3.25


def test_a_long_sum_breaks_into_lines_and_a_very_long_one_is_shortened() -> None:
    text = latex_code(ConvSpec(3), np.ones((1, 3, 3)), np.ones((1, 1, 3, 3)))
    assert text.count(r"\\" + "\n" + r"&\quad +") == 1
    assert element(text).count(r"1\cdot 1") == 9
    long = latex_code(ConvSpec(9), np.ones((1, 9, 9)), np.ones((1, 1, 9, 9)))
    assert long.count(r"\cdots") == 1
    assert element(long).endswith("= 81")
    check_balance(long)


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        (PoolSpec(2), r"y_{0,0} &= \max\{1,\; -2,\; 3,\; 0\} = 3"),
        (PoolSpec(2, "avg"), r"y_{0,0} &= \tfrac{1}{4}\bigl(1 + (-2) + 3 + 0\bigr) = 0.5"),
        (PoolSpec(2, "lp"), r"y_{0,0} &= \bigl(|1|^{2} + |-2|^{2} + |3|^{2} + |0|^{2}\bigr)^{1/2} = 3.7417"),
        (PoolSpec(2, padding=1), r"y_{0,0} &= \max\{-\infty,\; -\infty,\; -\infty,\; 1\} = 1"),
    ],
)
def test_pooling_is_written_as_it_is_computed(layer: PoolSpec, line: str) -> None:
    assert element(latex_code(layer, X)) == line


@pytest.mark.parametrize(
    ("layer", "formula"),
    [
        (ConvSpec(2), r"y_{r,c} = b + \sum_{m=0}^{1}\sum_{n=0}^{1} x_{r+m,c+n}\, w_{m,n}"),
        (
            ConvSpec((2, 3), stride=(2, 1), dilation=(1, 2), padding=1),
            r"y_{r,c} = b + \sum_{m=0}^{1}\sum_{n=0}^{2} x_{2r+m-1,c+2n-1}\, w_{m,n}",
        ),
        (ConvSpec((3,), flip=True), r"y_{i} = b + \sum_{m=0}^{2} x_{i+m}\, w_{2-m}"),
        (
            ConvSpec((2,), 3, 4),
            r"y_{o,i} = b_{o} + \sum_{k=0}^{2}\sum_{m=0}^{1} x_{k,i+m}\, w_{o,k,m}",
        ),
        (TransposedConvSpec((3,), stride=2, padding=1), r"y_{i} = b + \sum_{2j_{i}+m-1=i} x_{j_{i}}\, w_{m}"),
        (PoolSpec((2,)), r"y_{i} = \max_{0 \le m < 2} x_{2i+m}"),
    ],
)
def test_the_formula_has_todays_numbers(layer: object, formula: str) -> None:
    text = latex_code(layer)  # type: ignore[arg-type]
    assert rf"\[ {formula} \]" in text.splitlines()
    check_balance(text)


def test_size_formula_and_matrices() -> None:
    text = latex_code(ConvSpec(2, stride=2, padding=1), X, W, [0])
    assert r"\[ \left\lfloor\frac{3+1+1-1\cdot(2-1)-1}{2}\right\rfloor+1=2 \]" in text.splitlines()
    assert "1 & -2 & 0.5 \\\\\n3 & 0 & -1 \\\\\n2 & 4 & -3\n" in text
    assert "1 & -1 \\\\\n0.25 & 2\n" in text
    assert "X =" not in latex_code(ConvSpec(2), np.zeros((1, 13, 2)), W)


def test_wrong_places_are_refused() -> None:
    with pytest.raises(InvalidSpec, match="`at`"):
        latex_code(ConvSpec(2), X, W, at=(0, 2, 2))


def test_numbers() -> None:
    assert [tex_number(v) for v in (0.0, -0.0, 12345.678, 1e20)] == ["0", "0", "12346", r"1\cdot 10^{20}"]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX on this machine")
def test_latex_typesets_it(tmp_path: Path) -> None:
    examples = [
        latex_code(ConvSpec(2, padding=1), X, W, [-0.5]),
        latex_code(PoolSpec(3, "lp", padding=1), X),
        latex_code(TransposedConvSpec(2, stride=2), X, W),
    ]
    page = (
        "\\documentclass{article}\\usepackage{amsmath}\\begin{document}\n" + "\n".join(examples) + "\\end{document}\n"
    )
    (tmp_path / "page.tex").write_text(page)
    done = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "page.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
