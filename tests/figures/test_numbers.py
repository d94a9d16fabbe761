"""Numbers on figures: short, with a real minus, and never a lie about zero."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.figures.numbers import number_text


@given(st.floats(-1e300, 1e300), st.integers(2, 6))
def test_the_text_reads_back_as_about_the_number(value: float, digits: int) -> None:
    text = number_text(value, digits)
    assert "-" not in text
    assert float(text.replace("−", "-")) == pytest.approx(
        value, rel=10.0 ** (1 - digits) / 1.9, abs=0.51 * 10.0**-digits
    )


@given(st.floats(1e-300, 1e300), st.sampled_from([1, -1]))
def test_a_number_that_is_not_zero_never_shows_as_zero(size: float, sign: int) -> None:
    assert number_text(sign * size) not in ("0", "−0")


@pytest.mark.parametrize("zero", [0.0, -0.0, 0])
def test_zero_has_no_sign(zero: float) -> None:
    assert number_text(zero) == "0"
