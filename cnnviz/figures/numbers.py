"""Numbers as readers see them in every figure: a value goes in, a short text with a real minus sign comes out."""

from __future__ import annotations

from collections.abc import Iterable

MINUS = "−"


def number_text(value: float, digits: int = 3) -> str:
    """A number in at most `digits` significant digits, more where whole digits need them; never "−0".

    >>> [number_text(v) for v in (-3, 0.0, -0.0, 0.25, 1 / 3, 1234.5, 1e-5, -2.5e9, float("inf"))]
    ['−3', '0', '0', '0.25', '0.333', '1234', '1e−5', '−2.5e9', '∞']
    """
    if value != value or value in (float("inf"), float("-inf")):
        return "?" if value != value else "∞" if value > 0 else MINUS + "∞"
    size = abs(value)
    if size and not 1e-3 <= size < 1e6:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{_trimmed(mantissa)}e{int(exponent)}"
    else:
        whole = len(str(int(size)))
        text = _trimmed(f"{value:.{max(0, digits - whole if size >= 1 else digits)}f}")
    return "0" if text == "-0" else text.replace("-", MINUS)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_brackets(text: str) -> str:
    """A factor as a formula writes it: a negative one in brackets.

    >>> in_brackets("−3"), in_brackets("3")
    ('(−3)', '3')
    """
    return f"({text})" if text.startswith(MINUS) else text


def sizes(numbers: Iterable[int]) -> str:
    """A shape as people write it.

    >>> sizes((7, 7))
    '7 × 7'
    """
    return " × ".join(map(str, numbers))
