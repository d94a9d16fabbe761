"""The pixels page in a real browser: each view answers to mouse and keys, the link follows, nothing is too wide."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cnnviz.core.samples import sample
from cnnviz.core.scenes.pixels import VIEWS
from cnnviz.i18n import Texts
from tests.browser.harness import NewPage, settled
from tests.browser.rooms import params


def opened(page: Page, app_url: str, query: str) -> Page:
    page.goto(f"{app_url}/pixels?{query}")
    settled(page)
    expect(page.locator(".view")).to_be_visible()
    return page


def middle(canvas: Locator) -> tuple[float, float]:
    box = canvas.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def set_slider(slider: Locator, value: int) -> None:
    slider.evaluate("(el, v) => { el.value = v; el.dispatchEvent(new Event('input', { bubbles: true })); }", str(value))


def test_numbers_from_the_whole_picture_down_to_one_pixel(page: Page, app_url: str) -> None:
    opened(page, app_url, "picture=cat")
    cat = sample("cat")
    where, values = page.locator(".where"), page.locator(".readout tbody")
    expect(where).to_have_text("row 150, column 150")
    expect(values).to_contain_text(str(cat.pixels[150, 150, 0]))
    cells = page.locator("canvas.cells")
    cells.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(where).to_have_text("row 151, column 151")
    expect(values).to_contain_text(str(cat.pixels[151, 151, 2]))
    expect(page.locator(".said")).to_contain_text("Row 151, column 151")
    page.locator(".zoom button").nth(2).click()
    expect(page).to_have_url(re.compile(r"span=\d{3}"))
    page.locator(".write button", has_text="0–1").click()
    expect(page).to_have_url(re.compile("write=unit"))
    expect(page.locator(".near tbody tr").first).to_contain_text("0.")


def test_the_window_is_dragged_over_the_whole_picture(page: Page, app_url: str) -> None:
    opened(page, app_url, "picture=cat")
    box = page.locator("canvas.whole").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.25, steps=4)
    page.mouse.up()
    expect(page.locator(".where")).to_have_text(re.compile(r"row 7\d, column [56]\d"))
    expect(page).to_have_url(re.compile(r"row=7\d&col=[56]\d"))


def test_a_piece_becomes_the_input_of_the_step_player(page: Page, app_url: str) -> None:
    opened(page, app_url, "picture=coins&row=100&col=120&span=8")
    page.locator(".zoom .main").click()
    expect(page).to_have_url(re.compile("/convolution"))
    settled(page)
    found = params(page.url)
    assert found["in"] == "picture"
    assert found["picture"] == "coins"
    row, col = map(int, found["piece"].split(","))
    assert 90 <= row <= 100
    assert 110 <= col <= 120


def test_channels_are_mixed_as_the_slider_moves(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=channels&picture=cat")
    cat = sample("cat").pixels[150, 150]
    expect(page.locator(".equations strong").first).to_have_text(str(cat[0]))
    set_slider(page.locator(".ins input[type=range]").first, 0)
    expect(page.locator(".equations strong").first).to_have_text("0")
    expect(page).to_have_url(re.compile("mix=0,0,0;0,1,0;0,0,1"))
    page.locator(".presets button").nth(1).click()
    grey = 0.299 * cat[0] + 0.587 * cat[1] + 0.114 * cat[2]
    expect(page.locator(".equations strong")).to_have_text(re.compile(f"^{grey:.1f}"[:-2]))
    expect(page.locator(".weights")).to_contain_text("(1, 3, 1, 1)")
    box = page.locator(".matrix input").first
    box.fill("−1")
    box.press("Enter")
    expect(page).to_have_url(re.compile("mix=-1,0.587,0.114"))
    expect(page.locator(".clipped")).to_contain_text("below 0")


def test_a_grey_picture_has_two_axes_and_no_sliders(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=channels&picture=coins")
    expect(page.locator(".hint")).to_have_text(Texts("en")("pixels.channels.channels_grey"))
    expect(page.locator(".ins input[type=range]")).to_have_count(0)


def test_an_index_is_found_in_both_layouts(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=layout")
    heads = page.locator(".strip h3 strong")
    expect(heads).to_have_text(["18", "19"])
    page.locator(".tensor").focus()
    page.keyboard.press("ArrowRight")
    expect(heads).to_have_text(["19", "22"])
    page.locator(".run .cell", has_text=re.compile("^20$")).first.click()
    expect(heads).to_have_text(["20", "25"])
    expect(page).to_have_url(re.compile("at=0,1,2,0"))
    page.locator(".tensors button").nth(2).click()
    expect(page.locator(".memory strong")).to_have_text("101")
    expect(page.locator(".note")).to_contain_text("101")


def test_nothing_is_normalised_twice(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=values&steps=u")
    expect(page.locator(".stage")).to_have_count(2)
    page.locator(".steps button").first.click()
    refused = page.locator(".stage.refused")
    expect(refused).to_contain_text("Not done")
    expect(page).to_have_url(re.compile("steps=uu"))
    page.locator(".undo button").first.click()
    expect(refused).to_have_count(0)


def test_paint_type_undo_and_convolve(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=paint")
    easel = page.locator(".easel canvas")
    easel.focus()
    for key in ("ArrowRight", "4", "2"):
        page.keyboard.press(key)
    expect(page.locator("input.value")).to_have_value("42")
    page.keyboard.press("Control+z")
    expect(page.locator("input.value")).to_have_value("4")
    x, y = middle(easel)
    page.mouse.click(x, y)
    expect(page.locator(".cell-title")).to_have_text("row 4, column 4")
    expect(page.locator("input.value")).to_have_value("9")
    page.locator(".brushes button").first.click()
    page.mouse.move(x - 100, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=2)
    page.mouse.up()
    expect(page.locator("input.value")).to_have_value("0")
    settled(page)
    page.locator(".go").click()
    expect(page).to_have_url(re.compile("/convolution"))
    settled(page)
    assert params(page.url)["in"] == "hand"
    assert params(page.url)["x"].startswith("0,4,9,9,9,9,0,0;")


def test_costs_follow_the_sliders_and_the_known_sizes(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=cost")
    numbers = page.locator(".bar .words b")
    expect(numbers.first).to_have_text("224")
    set_slider(page.locator(".ksize input"), 11)
    expect(numbers.first).to_have_text("2\u202f912")
    page.locator(".inputs button", has_text="CIFAR-10").click()
    expect(page.locator(".costs-title")).to_contain_text("3 × 32 × 32 = 3\u202f072")
    expect(page.locator(".note")).to_contain_text("Nair and Hinton")
    expect(page).to_have_url(re.compile("known=cifar10.*ksize=11"))


def test_the_output_shifts_with_the_input(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=shift")
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("Away from the border the largest difference is 0")
    page.locator(".borders button").nth(1).click()
    expect(verdict).to_have_text(Texts("en")("pixels.shift.verdict_equal"))
    page.locator(".strides button").nth(1).click()
    expect(verdict).to_contain_text("half an output pixel")
    canvas = page.locator("figure.in canvas")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(verdict).to_have_text(Texts("en")("pixels.shift.verdict_equal"))
    expect(page).to_have_url(re.compile("dx=6"))
    x, y = middle(canvas)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y, steps=3)
    page.mouse.up()
    expect(page).not_to_have_url(re.compile("dx=6"))


def test_the_tabs_go_by_arrow_keys_and_keep_the_focus(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=cost")
    page.locator(".tabs button[aria-current=page]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".maps figure.in")).to_be_visible()
    settled(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("canvas.cells")).to_be_visible()
    expect(page).not_to_have_url(re.compile("view="))


def test_a_switch_of_language_keeps_everything(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=shift&dx=-4&kernel=emboss&picture=moon")
    page.locator(".bar .lang[data-lang=zh]").click()
    expect(page.locator(".tabs button[aria-current=page]")).to_have_text(Texts("zh")("pixels.views.shift"))
    settled(page)
    found = params(page.url)
    assert (found["dx"], found["kernel"], found["picture"], found["lang"]) == ("-4", "emboss", "moon", "zh")


def test_on_a_laptop_every_view_is_on_one_screen_and_on_a_phone_none_is_too_wide(
    new_page: NewPage, app_url: str
) -> None:
    laptop, phone = new_page(), new_page(viewport=(390, 844), has_touch=True)
    size = """() => { const m = document.querySelector('[data-testid="stMain"]');
        return [m.scrollHeight - m.clientHeight, m.scrollWidth - m.clientWidth]; }"""
    for view in VIEWS:
        assert opened(laptop, app_url, f"view={view}").evaluate(size) == [0, 0], view
        assert opened(phone, app_url, f"view={view}&lang=zh").evaluate(size)[1] == 0, view


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_says_in_words_what_it_shows(view: str, page: Page, app_url: str) -> None:
    opened(page, app_url, f"view={view}")
    expect(page.locator(".view .said")).not_to_be_empty()
    if view != "values":  # whose tables are seen
        expect(page.locator(".view .sr-only caption")).not_to_be_empty()
