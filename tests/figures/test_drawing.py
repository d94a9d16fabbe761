"""Drawings: one declaration, and both writers say the same."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ElementTree
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnnviz.figures import fonts
from cnnviz.figures.canvas import Box, bounds, snap
from cnnviz.figures.drawing import Anchor, Drawing, Group, Hatch, Item, Line, Raster, Rect, Run, Text, centred, line_of
from cnnviz.figures.palette import rgb
from cnnviz.figures.raster import paint, paint_film
from cnnviz.figures.svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"
PIXELS = np.arange(48, dtype=np.uint8).reshape(4, 4, 3) * 5


def everything() -> Drawing:
    """One of each primitive, some in groups."""
    items: tuple[Item, ...] = (
        Rect(10, 10, 40, 40, "#dc97a0", "#16181d"),
        Rect(60, 10, 40, 40, "#f6f7f9", "#5b6270", 1.0, (3, 3)),
        Rect(110, 10, 40, 40, "#ffffff", "#00796b", 2.0, radius=8),
        Group((Rect(0, 0, 20, 20, "#0b57d0"), Group((Rect(0, 0, 10, 10, "#b05a00"),), 30, 5)), 10, 60),
        Hatch(60, 60, 40, 40, "#5b6270"),
        Line(110, 60, 150, 60, "#b2182b", 3),
        Line(110, 70, 150, 100, "#2166ac"),
        Raster(10, 110, 40, 40, PIXELS, "four by four"),
        centred(80, 130, "−3", "#16181d", 16, bold=True),
        Text(110, 130, (Run("2", "#0b57d0"), Run("·", "#16181d"), Run("(−4)", "#b05a00")), 16),
        Text(150, 150, (Run("end <&>", "#16181d"),), 12, Anchor.END),
    )
    return Drawing(170, 170, "#ffffff", items, "All & everything", 'Says "what" it shows < here')


def parsed(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(to_svg(drawing))


def test_svg_is_xml_with_size_title_and_description() -> None:
    root = parsed(everything())
    assert root.tag == SVG + "svg"
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("170", "170", "0 0 170 170")
    assert root.findtext(SVG + "title") == "All & everything"
    assert root.findtext(SVG + "desc") == 'Says "what" it shows < here'
    assert root.get("role") == "img"


def test_svg_text_is_text_in_its_colours() -> None:
    texts = ["".join(element.itertext()) for element in parsed(everything()).iter(SVG + "text")]
    assert texts == ["−3", "2·(−4)", "end <&>"]
    spans = [(span.text, span.get("fill")) for span in parsed(everything()).iter(SVG + "tspan")]
    assert spans == [("2", "#0b57d0"), ("·", "#16181d"), ("(−4)", "#b05a00")]


def test_svg_embeds_the_exact_pixels() -> None:
    (image,) = parsed(everything()).iter(SVG + "image")
    head, data = (image.get("href") or "").split(",")
    assert head == "data:image/png;base64"
    assert (np.asarray(Image.open(BytesIO(base64.b64decode(data)))) == PIXELS).all()
    assert "pixelated" in (image.get("style") or "")


def test_svg_drops_what_xml_cannot_hold() -> None:
    root = parsed(Drawing(9, 9, "#ffffff", (line_of(0, 9, "a\x00b\x1f", "#000000", 9),), title="\x07t"))
    assert root.findtext(SVG + "text") == "ab"
    assert root.findtext(SVG + "title") == "t"


def test_svg_reaches_for_nothing_outside() -> None:
    text = to_svg(everything())
    assert text.count("http") == 1
    assert 'xmlns="http://www.w3.org/2000/svg"' in text


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_both_writers_agree_on_every_filled_rectangle(scale: int) -> None:
    """The colour at the inside corner of each SVG rectangle is what the pixel writer put there."""
    image = paint(everything(), scale)
    found = 0
    for element, dx, dy in _placed(parsed(everything())):
        fill = element.get("fill", "none")
        if element.tag != SVG + "rect" or not fill.startswith("#") or element.get("rx"):
            continue
        x, y = float(element.get("x", 0)) + dx + 3, float(element.get("y", 0)) + dy + 3
        assert image.getpixel((int(x * scale), int(y * scale))) == rgb(fill)
        found += 1
    assert found == 5


def _placed(
    element: ElementTree.Element, dx: float = 0, dy: float = 0
) -> list[tuple[ElementTree.Element, float, float]]:
    if element.tag == SVG + "g":
        moves = (element.get("transform") or "").removeprefix("translate(").removesuffix(")").split()
        dx, dy = dx + float(moves[0]), dy + float(moves[1])
    inner = [place for child in element if child.tag != SVG + "defs" for place in _placed(child, dx, dy)]
    return [(element, dx, dy), *inner]


@pytest.mark.parametrize("scale", [1, 2])
def test_strokes_lie_astride_the_edge_and_are_crisp(scale: int) -> None:
    image = paint(Drawing(20, 20, "#ffffff", (Rect(5, 5, 10, 10, "#ffffff", "#000000", 2),)), scale)
    row = [image.getpixel((x, 10 * scale)) == (0, 0, 0) for x in range(20 * scale)]
    assert [x for x, black in enumerate(row) if black] == [
        *range(4 * scale, 6 * scale),
        *range(14 * scale, 16 * scale),
    ]
    assert np.unique(np.asarray(image)).tolist() == [0, 255]


def test_neighbouring_cells_share_one_line() -> None:
    cells = tuple(Rect(5 + 10 * n, 5, 10, 10, None, "#000000", 1, dash) for n, dash in enumerate([(3, 3), (3, 3)]))
    together = paint(Drawing(40, 20, "#ffffff", cells))
    column = [together.getpixel((15, y)) for y in range(6, 15)]
    alone = paint(Drawing(40, 20, "#ffffff", cells[:1]))
    assert column == [alone.getpixel((15, y)) for y in range(6, 15)], "dashes of neighbours must lie on each other"


def test_pixels_stay_squares_when_enlarged_and_are_averaged_when_shrunk() -> None:
    large = np.asarray(paint(Drawing(40, 40, "#ffffff", (Raster(0, 0, 40, 40, PIXELS),))))
    assert (large == PIXELS.repeat(10, 0).repeat(10, 1)).all()
    small = np.asarray(paint(Drawing(2, 2, "#ffffff", (Raster(0, 0, 2, 2, PIXELS),))))
    expected = PIXELS.reshape(2, 2, 2, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(small, expected, atol=1)


def test_rasters_of_a_wrong_kind_are_refused() -> None:
    with pytest.raises(ValueError, match=r"`pixels` must be \(rows, columns, 3\) of uint8, not \(2, 2\) of float64"):
        Raster(0, 0, 1, 1, np.zeros((2, 2)))  # type: ignore[arg-type]


@pytest.mark.parametrize("item", everything().items, ids=lambda item: type(item).__name__)
@pytest.mark.parametrize("scale", [1, 2])
def test_nothing_is_painted_outside_its_bounds(item: Item, scale: int) -> None:
    drawing = Drawing(200, 200, "#ffffff", (Group((item,), 10, 10),))
    changed = np.argwhere((np.asarray(paint(drawing, scale)) != 255).any(axis=2))
    boxes = [bounds(leaf, scale) for leaf in drawing.leaves()]
    outside = [(x, y) for y, x in changed if not any(box.meets(Box(x, y, x + 1, y + 1)) for box in boxes)]
    assert not outside


@pytest.mark.parametrize("scale", [1, 2])
def test_a_film_shows_exactly_what_single_pictures_show(scale: int) -> None:
    still = everything().items
    drawings = [
        Drawing(170, 170, "#ffffff", (*still, Rect(7 * n, 100 - 9 * n, 31, 23, "#4dd0c0", "#16181d", 2), *still[4:9]))
        for n in range(8)
    ]
    drawings += [Drawing(170, 170, "#0f1014", still), Drawing(170, 170, "#0f1014", still)]
    frames = [(frame.image.copy(), frame.changed) for frame in paint_film(drawings, scale)]
    for drawing, (image, _) in zip(drawings, frames, strict=True):
        assert image.tobytes() == paint(drawing, scale).tobytes()
    assert frames[-1][1] == (), "nothing changed, nothing is repainted"
    whole = 170 * 170 * scale**2
    assert all(sum((b.right - b.left) * (b.bottom - b.top) for b in boxes) < whole / 3 for _, boxes in frames[1:8])


def test_a_film_keeps_one_size() -> None:
    with pytest.raises(ValueError, match=r"the size of the first, \(4, 4\), not \(5, 4\)"):
        list(paint_film([Drawing(4, 4, "#ffffff"), Drawing(5, 4, "#ffffff")]))


def test_digits_are_tabular_and_the_minus_is_real() -> None:
    assert len({fonts.width(digit, 16) for digit in "0123456789"}) == 1
    assert fonts.drawable("−×·⌊⌋⌈⌉∞√²Σ→…°")


def test_without_a_chinese_font_the_english_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run("卷积核", "#000000", english="kernel")
    for cached in (fonts.chinese_font_file, fonts.chinese, fonts._has, fonts._kind, fonts.width):
        cached.cache_clear()
    monkeypatch.setattr(fonts, "font_folders", list)
    try:
        assert fonts.readable(run) == "kernel"
        without = paint(Drawing(80, 20, "#ffffff", (Text(0, 15, (run,)),)))
        assert (
            without.tobytes() == paint(Drawing(80, 20, "#ffffff", (line_of(0, 15, "kernel", "#000000", 14),))).tobytes()
        )
        assert "卷积核" in to_svg(Drawing(80, 20, "#ffffff", (Text(0, 15, (run,)),))), (
            "SVG keeps the words: viewers have fonts"
        )
    finally:
        monkeypatch.undo()
        for cached in (fonts.chinese_font_file, fonts.chinese, fonts._has, fonts._kind, fonts.width):
            cached.cache_clear()


@pytest.mark.skipif(fonts.chinese_font_file() is None, reason="this machine has no Chinese font")
def test_with_a_chinese_font_the_words_are_drawn() -> None:
    run = Run("卷积核", "#000000", english="kernel")
    assert fonts.readable(run) == "卷积核"
    assert fonts.width("卷积核", 20) == pytest.approx(60, abs=1)
    assert (np.asarray(paint(Drawing(80, 20, "#ffffff", (Text(0, 15, (run,)),)))) < 128).any()


def test_text_is_drawn_where_it_stands() -> None:
    image = np.asarray(paint(Drawing(60, 40, "#ffffff", (centred(30, 20, "0", "#000000", 24),))))
    rows, columns = np.nonzero((image < 128).any(axis=2))
    assert abs((rows.min() + rows.max()) / 2 - 20) <= 1.5
    assert abs((columns.min() + columns.max()) / 2 - 30) <= 1.5


def test_lines_of_equal_width_wherever_they_lie() -> None:
    image = np.asarray(
        paint(Drawing(20, 20, "#ffffff", (Line(2, 4.5, 18, 4.5, "#000000"), Line(4.5, 8, 4.5, 18, "#000000"))))
    )
    black = (image == 0).all(axis=2)
    assert black.any(axis=1).sum() == 1 + 10
    assert snap(0.5) == 1
    assert snap(1.5) == 2
