"""The handout: what a page shows goes in as plain data, one HTML file for A4 paper comes out.

The file loads nothing and runs nothing: pictures are inside, every word is escaped, and an SVG is taken in only when
it holds nothing but shapes (`checked`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.figures.numbers import MINUS, number_text, sizes

Numbers = NDArray[Any]

LARGEST_TABLE = 16
"""Rows and columns of an array that is printed number by number; of a larger one, what sums it up."""
MOST_PLANES = 3
LONGEST_VALUE = 160
"""Characters of a setting that are printed: a drawn digit is one of thousands."""
WIDEST_ROW = 72
"""Characters of a table's row that fit the paper in the type of the text; a longer one gets small type."""
LARGEST_CODE = 121
"""Modules of a side of the QR code: more could not be read from paper."""
MODULE_MM = 0.42
NOTE_LINES = 8
DIGITS = 4
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = Path(__file__).with_name("handout.css").read_text("utf-8")


@dataclass(frozen=True)
class Words:
    """The handout's own words, in the reader's language."""

    name: str
    group: str
    date: str
    link: str
    qr: str
    figure: str
    settings: str
    start: str
    numbers: str
    rounded: str
    tensor: str
    shape: str
    dtype: str
    lowest: str
    highest: str
    mean: str
    worked: str
    program: str
    notes: str


@dataclass(frozen=True)
class Code:
    """A QR code as an SVG without a size of its own, and how many modules its side has."""

    svg: str
    side: int


@dataclass(frozen=True, eq=False)
class Handout:
    """Everything one handout holds; what is empty is left out. `lang` is an HTML language tag, `figure` an SVG."""

    lang: str
    title: str
    why: str
    words: Words
    term: str = ""
    view: str = ""
    address: str = ""
    code: Code | None = None
    settings: Sequence[tuple[str, str]] = ()
    figure: str = ""
    arrays: Sequence[tuple[str, Numbers]] = ()
    worked: str = ""
    program: str = ""
    try_this: str = ""


def html(handout: Handout) -> str:
    """The handout as one HTML document. Raises ValueError where an SVG holds more than shapes."""
    words = handout.words
    title = " · ".join(filter(None, (handout.title, handout.view)))
    parts = (
        _head(handout, title),
        _settings(handout.settings, words),
        _figure(handout),
        f'<p class="try">{escape(handout.try_this)}</p>' if handout.try_this else "",
        _notes(words),
        _numbers(handout.arrays, words),
        _listing(words.worked, handout.worked),
        _listing(words.program, handout.program),
    )
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{escape(handout.lang)}"><head><meta charset="utf-8"><title>{escape(title)} · cnnviz</title>',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>\n{STYLE}</style></head>",
            "<body>",
            *filter(None, parts),
            "</body></html>\n",
        )
    )


def _head(handout: Handout, title: str) -> str:
    words, term = handout.words, f" <small>{escape(handout.term)}</small>" if handout.term else ""
    who = "".join(f"<span>{escape(word)}</span>" for word in (words.name, words.group, words.date))
    return (
        f'<header><div><p class="who">{who}</p><h1>{escape(title)}{term}</h1><p>{escape(handout.why)}</p>'
        f"{_address(handout)}</div>{_qr(handout)}</header>"
    )


def _address(handout: Handout) -> str:
    address = escape(handout.address)
    if not address:
        return ""
    known = handout.address.startswith(("http://", "https://"))
    said = f'<a href="{address}">{address}</a>' if known else address
    return f'<p class="link">{escape(handout.words.link)} {said}</p>'


def _qr(handout: Handout) -> str:
    if handout.code is None or handout.code.side > LARGEST_CODE:
        return ""
    width = max(24.0, MODULE_MM * handout.code.side)
    look = f'class="qr" role="img" aria-label="{escape(handout.words.qr)}" style="width:{width:g}mm"'
    return f"<div {look}>{checked(handout.code.svg)}</div>"


def _figure(handout: Handout) -> str:
    if not handout.figure:
        return ""
    return f'<figure aria-label="{escape(handout.words.figure)}">{checked(handout.figure)}</figure>'


def _settings(settings: Sequence[tuple[str, str]], words: Words) -> str:
    pairs = "".join(f"<code>{escape(name)} = {escape(_short(value))}</code> " for name, value in settings)
    said = f"{escape(words.settings)} {pairs}" if settings else escape(words.start)
    return f'<p class="settings">{said}</p>'


def _short(value: str) -> str:
    """
    >>> _short("2"), len(_short("1," * 500))
    ('2', 161)
    """
    return value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"


def _listing(title: str, text: str) -> str:
    return f'<section><h2>{escape(title)}</h2><pre lang="en">{escape(text)}</pre></section>' if text else ""


def _notes(words: Words) -> str:
    return f'<section class="notes"><h2>{escape(words.notes)}</h2>{"<div></div>" * NOTE_LINES}</section>'


# the arrays


def _numbers(arrays: Sequence[tuple[str, Numbers]], words: Words) -> str:
    if not arrays:
        return ""
    small = [_table(name, array, index, plane) for name, array in arrays for index, plane in planes(array)]
    large = [(name, array) for name, array in arrays if not planes(array)]
    rounded = any(array.dtype.kind == "f" for name, array in arrays)
    note = f" <small>{escape(words.rounded)}</small>" if rounded else ""
    return (
        f'<section><h2>{escape(words.numbers)}{note}</h2><div class="arrays">{"".join(small)}</div>'
        f"{_summary(large, words) if large else ''}</section>"
    )


def planes(array: Numbers) -> list[tuple[tuple[int, ...], Numbers]]:
    """The array as the small tables it is printed as, each with its place on the leading axes; none if it is large.

    Axes of length 1 say nothing and are dropped.

    >>> [(at, plane.shape) for at, plane in planes(np.zeros((1, 2, 5, 5)))]
    [((0,), (5, 5)), ((1,), (5, 5))]
    >>> [(at, plane.shape) for at, plane in planes(np.zeros((10,)))], planes(np.zeros((3, 17)))
    ([((), (1, 10))], [])
    """
    while array.ndim > 2 and 1 in (array.shape[0], array.shape[-1]):
        array = array[0] if array.shape[0] == 1 else array[..., 0]
    array = np.atleast_2d(array)
    leading, plane = array.shape[:-2], array.shape[-2:]
    if not array.size or max(plane) > LARGEST_TABLE or np.prod(leading, dtype=int) > MOST_PLANES:
        return []
    return [(index, array[index]) for index in product(*map(range, leading))]


def _table(name: str, whole: Numbers, index: tuple[int, ...], plane: Numbers) -> str:
    rows = [[_cell(value) for value in row] for row in plane]
    width = sum(max(map(len, column)) + 1 for column in zip(*rows, strict=True))
    place = f" [{', '.join(map(str, index))}]" if index else ""
    caption = f"<b>{escape(name)}{place}</b> {sizes(whole.shape)} {whole.dtype}"
    head = "".join(f'<th scope="col">{column}</th>' for column in range(plane.shape[1]))
    body = "".join(
        f'<tr><th scope="row">{number}</th>{"".join(f"<td>{text}</td>" for text in row)}</tr>'
        for number, row in enumerate(rows)
    )
    look = ' class="small"' if width > WIDEST_ROW else ""
    top = f"<caption>{caption}</caption><thead><tr><td></td>{head}</tr></thead>"
    return f"<table{look}>{top}<tbody>{body}</tbody></table>"


def _cell(value: np.generic) -> str:
    """Whole numbers as they are, others rounded, with a real minus sign.

    >>> [_cell(v) for v in np.array([1234567, -2])], _cell(np.float32(-0.123456)), _cell(np.bool_(True))
    (['1234567', '−2'], '−0.1235', '1')
    """
    if isinstance(value, np.integer | np.bool_):
        return str(int(value)).replace("-", MINUS)
    return number_text(float(value), DIGITS)


def _summary(arrays: Sequence[tuple[str, Numbers]], words: Words) -> str:
    names = (words.tensor, words.shape, words.dtype, words.lowest, words.highest, words.mean)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(f"<tr>{''.join(_summed(name, array))}</tr>" for name, array in arrays)
    return f'<table class="summary"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _summed(name: str, array: Numbers) -> Iterator[str]:
    yield f'<th scope="row">{escape(name)}</th><td>{sizes(array.shape)}</td><td>{array.dtype}</td>'
    found = (array.min(), array.max(), array.mean(dtype=np.float64)) if array.size else ()
    yield "".join(f"<td>{_cell(value)}</td>" for value in found) or "<td>–</td>" * 3


# pictures from elsewhere

_SHAPES = {"svg", "title", "desc", "defs", "pattern", "g", "rect", "line", "path", "text", "tspan", "image"}
_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'


def checked(svg: str) -> str:
    """An SVG fit to stand in the handout: without the namespace, which HTML does not need.

    >>> checked('<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>')
    '<svg><rect/></svg>'
    >>> checked("<svg><script>1</script></svg>")
    Traceback (most recent call last):
    ValueError: `svg` must hold shapes only, not <script>
    """
    _OnlyShapes().feed(svg)
    return svg.replace(_NAMESPACE, "", 1)


class _OnlyShapes(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SHAPES:
            raise ValueError(f"`svg` must hold shapes only, not <{tag}>")
        for name, value in attrs:
            text = value or ""
            loads = name.endswith(("href", "src")) and not text.startswith("data:image/png;base64,")
            if name.startswith("on") or loads or "url(" in text.replace("url(#", ""):
                raise ValueError(f"`svg` must load and run nothing: {name}={text[:40]!r} in <{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _SHAPES:
            raise ValueError(f"`svg` must hold shapes only, not </{tag}>")
