"""The handout as a browser reads it: well-formed, nothing runs or loads, every word escaped, every number in it."""

from __future__ import annotations

from dataclasses import fields, replace
from html.parser import HTMLParser

import numpy as np
import pytest

from cnnviz.figures.drawing import Drawing, Hatch, Raster, Rect, line_of
from cnnviz.figures.svg import to_svg
from cnnviz.media.handout import LARGEST_CODE, MOST_PLANES, NOTE_LINES, Code, Handout, Words, checked, html

VOID = ("meta",)
HOSTILE = """<script>alert(1)</script>"><img src=x onerror='1'>&amp;"""
PIXELS = np.zeros((2, 2, 3), np.uint8)
FIGURE = Drawing(
    60, 40, "#ffffff",
    (Rect(0, 0, 9, 9, "#0b57d0", dash=(2, 2)), Hatch(0, 0, 9, 9, "#d9dde4"), Raster(9, 9, 20, 20, PIXELS, "map"),
     line_of(12, 15, "−3 onload=1", "#16181d", 14)), "题目", "a <b>",
)  # fmt: skip


class Page(HTMLParser):
    """What is in a handout; fails where an element is not closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.tables: list[list[list[str]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open += [] if tag in VOID else [tag]
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))
        if self.open and self.open[-1] in ("td", "th"):
            self.tables[-1][-1][-1] += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)

    def said(self, tag: str) -> str:
        return "".join(text for name, text in self.texts if name == tag)

    def numbers(self, table: int) -> list[list[float]]:
        """A table without its head and its row numbers."""
        return [[float(cell.replace("−", "-")) for cell in row[1:]] for row in self.tables[table][1:]]


def words(text: str = "") -> Words:
    return Words(**{word.name: text or word.name.upper() for word in fields(Words)})


FULL = Handout(
    lang="zh-Hans",
    title="卷积",
    why="why",
    words=words(),
    term="convolution",
    view="view",
    address="https://cnn.example/convolution?stride=2&bias=1",
    code=Code('<svg viewBox="0 0 29 29" class="q"><path stroke="#000" d="M2 2.5h7"/></svg>', 29),
    settings=(("stride", "2"), ("bias", "-1")),
    figure=to_svg(FIGURE),
    arrays=[("kernel", np.eye(3))],
    worked=r"\sum_{i<j} x & y",
    program="import torch\nassert 1 < 2",
    try_this="Try <this>",
)


def test_everything_stands_in_it_once() -> None:
    page = Page(html(FULL))
    assert ("html", {"lang": "zh-Hans"}) in page.tags
    assert page.said("title").startswith("卷积 · view · cnnviz")
    assert page.said("h1") == "卷积 · view "
    assert page.said("a") == FULL.address
    assert page.said("code") == "stride = 2bias = -1"
    assert page.said("pre") == FULL.worked + FULL.program
    assert (page.count("svg"), page.count("figure"), page.count("image")) == (2, 1, 1)
    assert page.said("h2") == "NOTES" + "NUMBERS " + "WORKED" + "PROGRAM"
    assert ("p", "Try <this>") in page.texts
    assert html(FULL).count("<div></div>") == NOTE_LINES


def test_what_is_empty_is_left_out() -> None:
    page = Page(html(Handout(lang="en", title="t", why="w", words=words())))
    assert not {"pre", "figure", "svg", "table", "a", "code"} & {tag for tag, _ in page.tags}
    assert ("p", "START") in page.texts
    assert page.said("h2") == "NOTES"


def test_nothing_runs_and_nothing_is_loaded() -> None:
    text = html(FULL)
    page = Page(text)
    assert page.count("script") == page.count("link") == page.count("iframe") == 0
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    left = text.replace(FULL.address.replace("&", "&amp;"), "")
    assert "http:" not in left
    assert "https:" not in left
    assert "url(" not in left.replace("url(#hatch", "")
    assert "@import" not in left
    assert "default-src 'none'" in text


def test_hostile_words_stay_words() -> None:
    bad = replace(
        FULL, title=HOSTILE, why=HOSTILE, words=words(HOSTILE), term=HOSTILE, view=HOSTILE, address=HOSTILE,
        settings=[(HOSTILE, HOSTILE)], arrays=[(HOSTILE, np.eye(2)), (HOSTILE, np.zeros(99))], worked=HOSTILE,
        program=HOSTILE, try_this=HOSTILE, lang=HOSTILE,
    )  # fmt: skip
    good, page = Page(html(replace(FULL, arrays=[("a", np.eye(2)), ("b", np.zeros(99))], address="x"))), Page(html(bad))
    assert page.count("script") == page.count("img") == 0
    assert [tag for tag, _ in page.tags if tag != "code"] == [tag for tag, _ in good.tags if tag != "code"]
    assert page.said("pre") == HOSTILE * 2
    assert page.said("code") == f"{HOSTILE} = {HOSTILE}"


def test_an_address_that_is_none_is_no_link() -> None:
    assert Page(html(replace(FULL, address="javascript:alert(1)"))).count("a") == 0


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        "<rect onload='1'/>",
        "<foreignObject/>",
        "<image href='https://a.org/x.png'/>",
        "<image xlink:href='//a.org/x.png'/>",
        "<rect fill='url(https://a.org/x)'/>",
        "<a href='javascript:1'/>",
        "<style>*{}</style>",
        "</svg></figure>",
    ],
)
def test_a_figure_that_is_more_than_shapes_is_refused(inside: str) -> None:
    for field, svg in (("figure", f"<svg>{inside}</svg>"), ("code", Code(f"<svg>{inside}</svg>", 29))):
        with pytest.raises(ValueError, match="`svg` must"):
            html(replace(FULL, **{field: svg}))
    assert checked(to_svg(FIGURE)).startswith("<svg width")


@pytest.mark.parametrize(
    "array",
    [
        np.array([[1.5, -2.0], [0.1, 1e-9]], np.float32),
        np.random.default_rng(0).normal(0, 100, (16, 16)),
        np.arange(-8, 8, dtype=np.int64).reshape(1, 4, 4) * 123_456_789,
        np.array([0.25, 0.75]),
        np.eye(3, dtype=bool),
        np.arange(6, dtype=np.uint8).reshape(2, 3, 1, 1),
    ],
)
def test_a_small_array_is_printed_number_by_number(array: np.ndarray) -> None:
    page = Page(html(replace(FULL, arrays=[("a", array)])))
    assert len(page.tables) == 1
    np.testing.assert_allclose(np.reshape(page.numbers(0), array.shape), array.astype(float), rtol=5e-4, atol=5e-5)
    size = " × ".join(map(str, array.shape))
    assert page.said("caption") == f" {size} {array.dtype}"
    assert ("b", "a") in page.texts


def test_a_few_planes_are_a_table_each() -> None:
    array = np.arange(MOST_PLANES * 20.0).reshape(1, MOST_PLANES, 4, 5)
    page = Page(html(replace(FULL, arrays=[("a", array)])))
    assert np.array_equal([page.numbers(n) for n in range(MOST_PLANES)], array[0])
    assert [text for tag, text in page.texts if tag == "b"] == [f"a [{n}]" for n in range(MOST_PLANES)]


@pytest.mark.parametrize("shape", [(17, 1, 2), (16, 17), (MOST_PLANES + 1, 2, 2), (300,), (0, 3)])
def test_a_large_array_is_summed_up(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    page = Page(html(replace(FULL, arrays=[("a", array), ("b", np.eye(2))])))
    name, size, dtype, *found = page.tables[1][1]
    assert (name, size, dtype) == ("a", " × ".join(map(str, shape)), "float32")
    wanted = [array.min(), array.max(), array.mean()] if array.size else []
    read = [float(cell.replace("−", "-")) for cell in found if cell != "–"]
    np.testing.assert_allclose(read, wanted, rtol=5e-4, atol=5e-5)
    assert len(found) == 3


def test_a_wide_table_gets_small_type_and_a_narrow_one_does_not() -> None:
    wide = np.full((2, 16), -0.1234)
    for array, look in ((wide, {"class": "small"}), (np.ones((16, 16)), {})):
        assert ("table", look) in Page(html(replace(FULL, arrays=[("a", array)]))).tags


def test_a_setting_of_a_thousand_characters_is_cut() -> None:
    assert len(Page(html(replace(FULL, settings=[("ink", "1" * 5000)]))).said("code")) < 200


def test_a_code_no_phone_can_read_from_paper_is_left_out() -> None:
    assert Page(html(replace(FULL, code=Code("<svg/>", LARGEST_CODE + 1)))).count("svg") == 1
    assert "width:50.8" in html(replace(FULL, code=Code("<svg/>", LARGEST_CODE)))


def test_it_is_made_for_paper() -> None:
    style = Page(html(FULL)).said("style")
    for rule in ("size: A4", "max-width: 100%", "break-inside: avoid", "white-space: pre-wrap", "color: #000"):
        assert rule in style
