"""Every kind of value a link may carry: what it reads, what it refuses, and that it reads back what it wrote."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.rules import Choice, Grid, Names, Real, Rule, Several, Switch, Whole, Word, number_text

READS: list[tuple[Rule, str, Any]] = [
    (Whole(1, 8), "8", 8),
    (Whole(-5, 5), "-5", -5),
    (Real(-1, 1), "1e-3", 0.001),
    (Real(0, 10), "2", 2.0),
    (Switch(), "1", True),
    (Switch(), "0", False),
    (Choice(("zeros", "reflect")), "reflect", "reflect"),
    (Names(("bank", "share", "padding")), "padding.nonsense.bank", ("bank", "padding")),
    (Word(r"[a-z0-9_-]+"), "cat", "cat"),
    (Several(Whole(0, 9), 4), "3", (3, 3, 3, 3)),
    (Several(Whole(0, 9), 4), "0,1,2,3", (0, 1, 2, 3)),
    (Grid(3, 3), "1,2;3,4", ((1.0, 2.0), (3.0, 4.0))),
    (Grid(3, 3), "", ()),
]

REFUSES: list[tuple[Rule, str]] = [
    (Whole(1, 8), "9"),
    (Whole(1, 8), "0"),
    (Whole(1, 8), "1.0"),
    (Whole(1, 8), ""),
    (Whole(1, 8), "1_0"),
    (Whole(1, 8), "+1"),
    (Whole(1, 8), "9" * 5000),
    (Real(-1, 1), "nan"),
    (Real(-1, 1), "inf"),
    (Real(-1, 1), "-1.0001"),
    (Real(-1, 1), "one"),
    (Real(-1, 1), "0." + "0" * 5000),
    (Switch(), "true"),
    (Switch(), ""),
    (Choice(("zeros",)), "Zeros"),
    (Word(r"[a-z]+"), "../../etc/passwd"),
    (Word(r"[a-z]+"), "a\n"),
    (Word(r"[a-z]+"), "a" * 65),
    (Several(Whole(0, 9), 4), "1,2"),
    (Several(Whole(0, 9), 4), "1,2,3,4,5"),
    (Several(Whole(0, 9), 4), ",".join("1" * 5000)),
    (Grid(3, 3), "1,2;3"),
    (Grid(3, 3), "1,2,3,4"),
    (Grid(3, 3), "1;2;3;4"),
    (Grid(3, 3), "1,nan"),
    (Grid(3, 3), "1,2000000"),
    (Grid(3, 3), "1," * 5000),
    (Grid(3, 3), "z"),
    (Grid(3, 3), "z!!!!"),
    (Grid(3, 3), "zAAAA"),
]


@pytest.mark.parametrize(("rule", "text", "value"), READS)
def test_reads(rule: Rule, text: str, value: Any) -> None:
    assert rule.parse(text) == value
    assert rule.parse(rule.show(value)) == value


@pytest.mark.parametrize(("rule", "text"), REFUSES)
def test_refuses_a_bad_text(rule: Rule, text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        rule.parse(text)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (Whole(0, 8), True),
        (Whole(0, 8), 1.5),
        (Whole(0, 8), "1"),
        (Whole(0, 8), None),
        (Real(0, 8), True),
        (Real(0, 8), math.nan),
        (Real(0, 8), math.inf),
        (Real(0, 8), [1]),
        (Switch(), 1),
        (Choice(("a",)), "b"),
        (Names(("a",)), "a"),
        (Names(("a",)), ["a", "b"]),
        (Word("[a-z]+"), 7),
        (Several(Whole(0, 8), 2), "12"),
        (Several(Whole(0, 8), 2), [1, 2, 3]),
        (Several(Whole(0, 8), 2), {"0": 1, "1": 2}),
        (Grid(2, 2), "1,2"),
        (Grid(2, 2), [[1, 2], 3]),
        (Grid(2, 2), [[], []]),
        (Grid(2, 2), [[1, "2"]]),
    ],
)
def test_refuses_a_bad_value_from_the_browser(rule: Rule, value: Any) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        rule.accept(value)


def test_a_browser_sends_whole_numbers_as_floats() -> None:
    assert Whole(0, 8).accept(3.0) == 3
    assert type(Whole(0, 8).accept(3.0)) is int


@given(st.floats(-1e6, 1e6, width=32))
def test_a_number_reads_back_to_seven_digits(value: float) -> None:
    assert float(number_text(value)) == pytest.approx(value, rel=5e-7)


def test_zero_has_no_sign_in_a_link() -> None:
    assert number_text(-0.0) == "0"


rows = st.integers(1, 31).flatmap(
    lambda width: st.lists(
        st.lists(st.floats(-1e6, 1e6, width=32), min_size=width, max_size=width), min_size=1, max_size=31
    )
)


@given(rows)
def test_a_matrix_of_any_size_reads_back(matrix: list[list[float]]) -> None:
    rule = Grid(31, 31)
    back = rule.parse(rule.show(rule.accept(matrix)))
    assert [len(row) for row in back] == [len(row) for row in matrix]
    pairs = zip((v for row in back for v in row), (v for row in matrix for v in row), strict=True)
    assert all(math.isclose(a, b, rel_tol=5e-7, abs_tol=1e-37) for a, b in pairs)


@given(rows)
def test_a_link_written_again_is_the_same_link(matrix: list[list[float]]) -> None:
    rule = Grid(31, 31)
    once = rule.show(rule.parse(rule.show(rule.accept(matrix))))
    assert rule.show(rule.parse(once)) == once


def test_a_small_matrix_reads_like_a_table_and_a_large_one_is_packed() -> None:
    assert Grid(31, 31).show(((1.0, 0.0, -1.0),) * 3) == "1,0,-1;1,0,-1;1,0,-1"
    packed = Grid(31, 31).show(tuple(tuple(1 / (r + c + 1) for c in range(31)) for r in range(31)))
    assert packed.startswith("z")
    assert len(packed) < 2000


def _packed(raw: bytes) -> str:
    return "z" + base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip("=")


def test_a_packed_bomb_is_not_unpacked() -> None:
    with pytest.raises(ValueError, match="wrong length"):
        Grid(31, 31).parse(_packed(bytes([255, 255]) + bytes(50_000_000))[:4000])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x01",
        b"\x02\x02" + bytes(15),
        b"\x20\x20" + bytes(4 * 32 * 32),
        struct.pack("<BBf", 1, 1, math.nan),
        struct.pack("<BBf", 1, 1, math.inf),
        struct.pack("<BBf", 1, 1, 2e6),
    ],
)
def test_a_packed_matrix_is_checked_like_any_other(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        Grid(31, 31).parse(_packed(raw))


RULES: list[Rule] = [
    Whole(1, 8),
    Real(-1, 1),
    Switch(),
    Choice(("a", "b")),
    Names(("a", "b")),
    Word("[a-z]+"),
    Several(Whole(0, 9), 4),
    Several(Real(0, 9), 2),
    Grid(31, 31),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
@given(text=st.text(max_size=200) | st.text("0123456789.,;-+eEzA=_", max_size=200))
def test_no_text_breaks_a_rule(rule: Rule, text: str) -> None:
    try:
        value = rule.parse(text)
    except (ValueError, OverflowError):
        return
    assert rule.accept(value) == value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
@given(value=json_values)
def test_no_value_breaks_a_rule(rule: Rule, value: Any) -> None:
    try:
        kept = rule.accept(value)
    except (ValueError, TypeError, OverflowError):
        return
    assert rule.accept(rule.parse(rule.show(kept))) == kept or isinstance(rule, (Real, Several, Grid))


@pytest.mark.parametrize("rule", [Real(-1, 1), Grid(3, 3), Several(Real(-1, 1), 2)])
def test_a_word_for_a_number_is_refused_in_our_own_words(rule: Rule) -> None:
    with pytest.raises(ValueError, match=r"^'sobel_x' is not a number$"):
        rule.parse("sobel_x")
