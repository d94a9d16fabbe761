"""The pooling page in a real browser: the step player with another operation, its views, and its language."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cnnviz.core.scenes.pooling import VIEWS
from cnnviz.i18n import Texts
from tests.browser.harness import NewPage, settled
from tests.browser.matters import Matters, unread
from tests.browser.rooms import params


def opened(page: Page, app_url: str, query: str = "") -> Page:
    """The page at rest, its view shown."""
    page.goto(f"{app_url}/pooling?{query}")
    settled(page)
    page.locator(".player:not([hidden]), section.view").first.wait_for()
    return page


def where(page: Page) -> Locator:
    return page.locator(".where")


def line(page: Page) -> str:
    return str(page.locator(".strip-words").inner_text()).replace("\n", "")


def torch_agrees(page: Page, value: str) -> None:
    expect(page.locator(".torch")).to_have_text(f"PyTorch: {value}, difference 0")


def says(page: Page, **wanted: str) -> None:
    """The address bar says this, once the page is at rest."""
    for name, value in wanted.items():
        page.wait_for_url(re.compile(rf"[?&]{name}={re.escape(value)}(&|$)"), timeout=8000)


def cell_point(page: Page, grid: str, rows: int, columns: int, row: int, column: int) -> tuple[float, float]:
    """The middle of a cell of the input or the output, on the page."""
    box = page.locator(f".{grid}-box .clip").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * (column + 0.5) / columns, box["y"] + box["height"] * (row + 0.5) / rows


def test_a_first_visitor_sees_the_articles_pooling_and_steps_by_key(page: Page, app_url: str) -> None:
    opened(page, app_url)
    assert line(page) == "max(1, 2, 5, 6) = 6"
    torch_agrees(page, "6")
    for key, step, value in [("ArrowRight", 2, "8"), ("PageDown", 3, "14"), ("End", 4, "16"), ("Home", 1, "6")]:
        page.keyboard.press(key)
        expect(where(page)).to_contain_text(f"Step {step} of 4")
        torch_agrees(page, value)


def test_every_kind_agrees_with_pytorch(page: Page, app_url: str) -> None:
    opened(page, app_url)
    kinds = {"avg": "3.5", "median": "3.5", "k_max": "5.5", "k_means": "5.5", "max": "6"}
    for kind, value in kinds.items():
        page.locator(".kind select").select_option(kind)
        torch_agrees(page, value)
    page.locator(".kind select").select_option("stochastic")
    expect(page.locator(".torch")).to_contain_text("difference 0")
    expect(page.locator("[data-number=draw] input")).to_be_visible()


def test_a_pinned_pixel_shows_the_windows_it_feeds(page: Page, app_url: str) -> None:
    opened(page, app_url, "kernel=3&tied=0&stride=1")
    page.mouse.click(*cell_point(page, "input", 4, 4, 2, 2))
    expect(where(page)).to_have_text("input [2, 2] = 11 is read 4 times")
    assert line(page) == "[0, 0]: 11·1   [0, 1]: 11·0   [1, 0]: 11·0   [1, 1]: 11·0"
    says(page, pin="x2.2")
    page.mouse.move(5, 5)  # away, or the pixel is looked at still
    page.keyboard.press("Escape")
    expect(where(page)).to_contain_text("Step 1 of 4")


def test_adaptive_windows_are_drawn_and_sliders_that_say_nothing_are_gone(page: Page, app_url: str) -> None:
    opened(page, app_url, "size=5,7&windows=adaptive")
    expect(page.locator(".formula")).to_contain_text("0–1 · 1–3 · 3–4")
    expect(page.locator(".shared-out path")).to_have_count(6)
    expect(page.locator("[data-knob=stride]")).to_be_hidden()
    page.locator("[data-way=global]").click()
    expect(page.locator(".at-output h2")).to_have_text("Output (pooled) 1 × 1")
    page.locator("[data-way=sliding]").click()
    expect(page.locator("[data-knob=stride]")).to_be_visible()
    page.wait_for_url(lambda url: "windows" not in params(url))
    says(page, size="5,7")


def test_a_slider_answers_within_the_frame_and_a_tied_stride_follows(page: Page, app_url: str) -> None:
    opened(page, app_url, "size=8")
    found = page.locator("[data-knob=kernel] input[type=range]").first.evaluate(
        """el => new Promise((done) => {
            el.value = "4";
            el.oninput(new Event("input"));
            const formula = () => done(el.getRootNode().querySelector(".formula").textContent);
            requestAnimationFrame(() => requestAnimationFrame(formula));
        })"""
    )
    assert found == "⌊(8 + 0 + 0 − 1·(4−1) − 1) / 4⌋ + 1 = 2"
    says(page, kernel="4")


def test_the_language_changes_and_everything_set_stays(page: Page, app_url: str) -> None:
    opened(page, app_url, "size=6&kind=avg&kernel=3&padding=1&lang=en")
    page.keyboard.press("ArrowRight")
    expect(where(page)).to_contain_text("Step 2")
    before = line(page)
    page.get_by_role("button", name="中文").click()
    expect(page.locator(".at-kernel h2")).to_have_text("窗口 (window) 3 × 3")
    settled(page)
    assert line(page) == before
    expect(where(page)).to_contain_text("第 2 步")
    says(page, kind="avg", kernel="3", lang="zh")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_reached_by_its_tab_and_its_link(view: str, page: Page, app_url: str) -> None:
    opened(page, app_url, "view=water" if view != "water" else "")
    page.get_by_role("button", name=Texts("en")(f"pooling.views.{view}"), exact=True).click()
    if view != "steps":
        says(page, view=view)
        expect(page.locator("section.view")).to_be_visible()
    else:
        expect(page.locator(".player")).to_be_visible()
    settled(page)


def test_a_whole_picture_follows_its_controls(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=picture")
    expect(page.locator("figcaption.output")).to_contain_text("Pooled 96 × 96")
    page.get_by_role("button", name="average", exact=True).click()
    expect(page.locator(".claim")).to_contain_text("92\u202f160 weights")
    page.locator("label.kernel-size input").press("ArrowRight")
    expect(page.locator("figcaption.output")).to_contain_text("Pooled 64 × 64")
    says(page, kind="avg", kernel="3")


DRAGGED = """([slider, value, shown]) => new Promise((done) => {
    slider.value = value;
    slider.dispatchEvent(new Event("input"));
    const found = () => done(slider.getRootNode().querySelector(shown).textContent);
    requestAnimationFrame(() => requestAnimationFrame(found));
})"""


@pytest.mark.parametrize(
    ("query", "knob", "value", "shown"),
    [
        ("view=picture&kind=avg", "kernel-size", "3", ".measured"),
        ("view=picture&kind=k_means&kernel=5&tied=0&padding=1", "stride", "3", ".measured"),
        ("view=move&subject=picture", "dx", "5", ".verdict"),
        ("view=move", "turn", "30", ".verdict"),
    ],
)
def test_a_dragged_slider_is_answered_at_once_and_the_server_agrees(
    query: str, knob: str, value: str, shown: str, page: Page, app_url: str
) -> None:
    opened(page, app_url, query)
    before = page.locator(shown).inner_text()
    slider = page.locator(f"label.{knob} input").element_handle()
    found = page.evaluate(DRAGGED, [slider, value, shown])
    assert found != before
    page.wait_for_url(re.compile(rf"[?&][^?]*\b(kernel|stride|shift|turn)=[^&]*{value}"), timeout=8000)
    settled(page)
    assert page.locator(shown).inner_text() == found


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("query", ["view=picture", "view=move&subject=picture", "view=water", "view=switches"])
def test_a_projector_shows_the_view_and_what_to_try_without_scrolling(
    query: str, lang: str, page: Page, app_url: str
) -> None:
    opened(page, app_url, f"{query}&present=1&lang={lang}")
    more = page.locator("[data-testid=stMain]").evaluate("main => main.scrollHeight - main.clientHeight")
    assert more <= 0


def test_a_shift_by_keys_changes_the_measure(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=move&shift=0,0")
    expect(page.locator(".verdict")).to_contain_text("Nothing changed")
    page.locator("figure canvas").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".verdict")).to_contain_text("changed by")
    expect(page.locator(".measured tbody tr")).to_have_count(6)
    page.locator("label.turn input").press("ArrowRight")
    says(page, turn="1")


def test_the_switch_of_an_output_is_told(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=switches")
    page.locator(".g-pooled canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".here")).to_contain_text("Output [0, 1] = 8 came from pixel [1, 3]")
    expect(page.locator(".facts")).to_contain_text("4 of 16")


def test_the_water_rises_under_the_hand(page: Page, app_url: str) -> None:
    opened(page, app_url, "view=water")
    page.locator("label.level input").press("End")
    expect(page.locator(".facts")).to_contain_text("0 of 144")
    says(page, level="100")
    page.get_by_role("button", name="windows’ mean").click()
    expect(page.locator(".land figcaption")).to_have_text("In each window, water up to its mean")
    says(page, water="avg")


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_is_wider_than_a_phone(view: str, new_page: NewPage, app_url: str) -> None:
    page = opened(new_page(viewport=(390, 844)), app_url, f"view={view}&lang=zh")
    wide = page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth - main.clientWidth")
    assert wide <= 0


@pytest.mark.parametrize("view", VIEWS)
def test_control_and_picture_are_on_one_screen(view: str, page: Page, app_url: str) -> None:
    opened(page, app_url, f"view={view}")
    stage = page.locator(".st-key-pooling-stage").bounding_box()
    assert stage is not None
    assert stage["y"] + stage["height"] <= 720


MATTERS: Matters = {
    "0.16 downsampling": ("pooling?view=picture", "pooling.picture.facts"),
    "0.16 3.2 overfitting": ("pooling?view=picture", "pooling.picture.claim"),
    "0.17 2.3 mean": ("pooling?kind=avg", "pooling.player.note_kind_avg"),
    "2.1 rising water": ("pooling?view=water", "pooling.water.note_level"),
    "2.1 rising water, the mean": ("pooling?view=water&water=avg", "pooling.water.note_avg"),
    "2.2 edges": ("pooling?view=picture", "pooling.picture.note_max"),
    "2.2 edges, the mean": ("pooling?view=picture&kind=avg", "pooling.picture.note_avg"),
    "2.4 4.5 shift": ("pooling?view=move", "pooling.move.note_shift"),
    "2.4 rotation": ("pooling?view=move&turn=20", "pooling.move.note_turn"),
    "2.4 scale": ("pooling?view=move&scale=80", "pooling.move.note_scale"),
    "2.5 the size formula": ("shapes?op=pool&k=2", "shapes.axis.remark_pool"),
    "2.18 global pooling": ("pooling?windows=global&kind=avg", "pooling.player.note_global"),
    "4.3 k-means": ("pooling?kind=k_means", "pooling.player.standard_k_means"),
    "4.3 k-max": ("pooling?kind=k_max", "pooling.player.note_kind_k_max"),
    "4.4 one scale": ("pooling?all=1", "pooling.player.note_article"),
}


def test_what_articles_get_wrong_is_put_right_where_a_reader_meets_it(page: Page, app_url: str) -> None:
    assert unread(page, app_url, MATTERS) == []
