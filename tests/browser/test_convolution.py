"""The step player in a real browser: by mouse, by keys, by a remote; alone and against the server's own numbers."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.harness import NewPage, settled
from tests.browser.rooms import params

LAPLACIAN = "in=random&seed=7&size=7&padding=1&stride=2&kernel=0,1,0;1,-4,1;0,1,0"
TEXTBOOK = ["15", "16", "6", "15"]


def opened(page: Page, app_url: str, query: str = "") -> Page:
    """The page, at rest, its player shown."""
    page.goto(f"{app_url}/convolution?{query}")
    settled(page)
    page.locator(".player:not([hidden])").wait_for()
    return page


def where(page: Page) -> Locator:
    return page.locator(".where")


def line(page: Page) -> str:
    return str(page.locator(".strip-words").inner_text()).replace("\n", "")


def weight(page: Page, at: int) -> Locator:
    return page.locator(".kernel-box .cell").nth(at)


def cell_point(page: Page, grid: str, rows: int, columns: int, row: int, column: int) -> tuple[float, float]:
    """The middle of a cell of the input or the output, on the page."""
    box = page.locator(f".{grid}-box .clip").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * (column + 0.5) / columns, box["y"] + box["height"] * (row + 0.5) / rows


def torch_agrees(page: Page, value: str) -> None:
    """PyTorch's number for the element on show came, and is this one."""
    expect(page.locator(".torch")).to_have_text(f"PyTorch: {value}, difference 0")


def address_says(page: Page, **wanted: str | None) -> None:
    """What the address bar says, once the page is at rest."""
    for _ in range(60):
        said = params(page.url)
        if all(said.get(name) == value for name, value in wanted.items()):
            return
        page.wait_for_timeout(100)
    assert {name: params(page.url).get(name) for name in wanted} == wanted


def test_a_first_visitor_sees_the_textbooks_first_element(page: Page, app_url: str) -> None:
    opened(page, app_url)
    expect(where(page)).to_have_text("Step 1 of 4 · output [0, 0]")
    assert line(page) == "1·2 + 2·0 + 3·1 + 0·0 + 1·1 + 2·2 + 3·1 + 0·0 + 1·2 + 0 = 15"
    torch_agrees(page, "15")
    page.wait_for_timeout(1500)
    expect(where(page)).to_have_text("Step 1 of 4 · output [0, 0]")  # nothing starts by itself


def test_step_back_first_last_by_keys_and_by_buttons(page: Page, app_url: str) -> None:
    opened(page, app_url, LAPLACIAN)
    for key, step in [("ArrowRight", 2), ("PageDown", 3), ("PageUp", 2), ("ArrowLeft", 1), ("End", 16), ("Home", 1)]:
        page.keyboard.press(key)
        expect(where(page)).to_contain_text(f"Step {step} of 16")
    page.keyboard.press("ArrowDown")
    expect(where(page)).to_contain_text("output [1, 0]")
    for button, step in [("step", 6), ("back", 5), ("last", 16), ("first", 1)]:
        page.locator(f"[data-go={button}]").click()
        expect(where(page)).to_contain_text(f"Step {step} of 16")
    page.locator(".scrub").fill("6")
    expect(where(page)).to_have_text("Step 7 of 16 · output [1, 2]")
    address_says(page, step="6")


def test_a_remote_steps_wherever_the_focus_is(page: Page, app_url: str) -> None:
    opened(page, app_url, LAPLACIAN)
    for focus in ("[data-knob=stride] input", ".speed select", ".source", "[data-go=back]"):
        before = page.locator(focus).evaluate("e => e.value")
        page.locator(focus).focus()
        page.keyboard.press("PageDown")
        assert page.locator(focus).evaluate("e => e.value") == before
    weight(page, 4).focus()
    page.keyboard.press("PageDown")
    expect(where(page)).to_contain_text("Step 6 of 16")


def test_play_steps_to_the_end_without_a_word_to_the_server(page: Page, app_url: str) -> None:
    sent: list[Any] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    opened(page, app_url, LAPLACIAN + "&speed=4")
    page.wait_for_timeout(600)
    sent.clear()
    page.keyboard.press(" ")
    page.wait_for_timeout(1000)
    assert page.locator(".transport.is-playing").count() == 1
    assert not sent
    expect(where(page)).to_contain_text("Step 16 of 16", timeout=20_000)
    address_says(page, step="15")
    assert page.locator(".transport.is-playing").count() == 0


def test_speed_by_keys_and_pause(page: Page, app_url: str) -> None:
    opened(page, app_url, "in=random&size=20")
    page.keyboard.press("-")
    expect(page.locator(".speed select")).to_have_value("0.5")
    for _ in range(9):
        page.keyboard.press("+")
    expect(page.locator(".speed select")).to_have_value("16")
    page.locator("[data-go=play]").click()
    page.wait_for_timeout(500)
    page.locator("[data-go=play]").click()
    page.wait_for_timeout(300)
    shown = where(page).inner_text()
    page.wait_for_timeout(500)
    assert where(page).inner_text() == shown
    assert "Step 1 of" not in shown


def test_hover_an_output_an_input_and_a_weight(page: Page, app_url: str) -> None:
    opened(page, app_url, "all=1")
    page.mouse.move(*cell_point(page, "output", 2, 2, 1, 1))
    expect(where(page)).to_have_text("Step 4 of 4 · output [1, 1]")
    page.mouse.move(*cell_point(page, "input", 4, 4, 1, 1))
    expect(where(page)).to_have_text("input [1, 1] = 1 is read 4 times")
    assert line(page) == "[0, 0]: 1·1   [0, 1]: 1·0   [1, 0]: 1·0   [1, 1]: 1·2"
    assert page.locator(".kernel-box .cell.used").count() == 4
    weight(page, 0).hover()
    expect(where(page)).to_have_text("Weight [0, 0] = 2: the same in all 4 windows, so 4 products")
    assert line(page) == "[0, 0]: 1·2   [0, 1]: 2·2   [1, 0]: 0·2   [1, 1]: 1·2"
    page.mouse.move(5, 5)
    expect(where(page)).to_have_text("Step 1 of 4 · output [0, 0]")


def test_point_at_a_term_and_its_weight_lights_up(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.locator(".strip-words [data-tap='4']").first.hover()
    expect(weight(page, 4)).to_have_class("cell tap")


def test_a_click_holds_escape_frees_and_the_link_keeps_it(page: Page, app_url: str, new_page: NewPage) -> None:
    opened(page, app_url, "all=1")
    page.mouse.click(*cell_point(page, "input", 4, 4, 2, 1))
    page.mouse.move(5, 5)
    expect(where(page)).to_contain_text("input [2, 1] = 0 is read")
    address_says(page, pin="x2.1")
    other = new_page()
    other.goto(page.url)
    settled(other)
    expect(where(other)).to_contain_text("input [2, 1] = 0 is read")
    page.keyboard.press("Escape")
    expect(where(page)).to_contain_text("Step 1 of 4")
    address_says(page, pin=None)
    weight(page, 2).click()
    page.mouse.move(5, 5)
    expect(where(page)).to_contain_text("Weight [0, 2] = 1")
    page.locator(".unpin").click()
    expect(where(page)).to_contain_text("Step 1 of 4")
    page.mouse.click(*cell_point(page, "output", 2, 2, 1, 0))
    page.mouse.move(5, 5)
    expect(where(page)).to_contain_text("output [1, 0]")
    address_says(page, step="2", pin="y1.0")


def test_a_slider_answers_at_once_and_the_server_at_rest(page: Page, app_url: str) -> None:
    opened(page, app_url, LAPLACIAN)
    expect(page.locator(".formula")).to_have_text("⌊(7 + 1 + 1 − 1·(3−1) − 1) / 2⌋ + 1 = 4")
    told = page.evaluate(
        """() => {
            const hosts = [...document.querySelectorAll("*")].map((e) => e.shadowRoot);
            const host = hosts.find((root) => root?.querySelector(".player"));
            const slider = host.querySelector("[data-knob=stride] input");
            slider.value = "3";
            slider.dispatchEvent(new Event("input"));
            return new Promise((done) => requestAnimationFrame(() => done(host.querySelector(".formula").textContent)));
        }"""
    )
    assert told == "⌊(7 + 1 + 1 − 1·(3−1) − 1) / 3⌋ + 1 = 3"
    expect(page.locator(".at-output h2")).to_have_text("Output (feature map) 3 × 3")
    address_says(page, stride="3")
    expect(page.locator(".torch")).to_contain_text("difference 0")


def test_rows_and_columns_apart_sides_apart_and_together_again(page: Page, app_url: str) -> None:
    opened(page, app_url, "in=count&size=8")
    page.locator("[data-knob=stride] .chain").click()
    page.get_by_label("stride, columns").fill("3")
    address_says(page, stride="1,3")
    assert page.locator(".formula").inner_text().splitlines() == [
        "H ⌊(8 + 0 + 0 − 1·(3−1) − 1) / 1⌋ + 1 = 6",
        "W ⌊(8 + 0 + 0 − 1·(3−1) − 1) / 3⌋ + 1 = 2",
    ]
    page.locator("[data-knob=padding] .chain").click()
    page.get_by_label("padding, left").fill("2")
    address_says(page, padding="0,0,2,0")
    expect(page.locator(".at-input h2")).to_have_text("Input 8 × 8, padding (0, 0) × (2, 0)")
    page.locator("[data-knob=stride] .chain").click()
    address_says(page, stride=None)


def test_what_is_impossible_cannot_be_reached(page: Page, app_url: str) -> None:
    opened(page, app_url)
    kernel = page.locator("[data-knob=kernel] input")
    kernel.focus()
    page.keyboard.press("End")
    expect(page.locator(".at-kernel h2")).to_have_text("Kernel 4 × 4")
    assert kernel.get_attribute("max") == "4"
    dilation = page.locator("[data-knob=dilation] input")
    dilation.focus()
    page.keyboard.press("End")
    expect(dilation).to_have_value("1")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_impossible_link_is_explained_until_something_is_changed(page: Page, app_url: str, lang: str) -> None:
    opened(page, app_url, f"size=3&dilation=4&lang={lang}")
    notice = page.locator(".notice")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("kernel_size")
    expect(page.locator("[data-knob=dilation] input")).to_have_value("1")
    page.locator("[data-knob=bias] input").first.fill("2")
    expect(notice).to_be_hidden()


def test_weights_by_typing_arrow_keys_wheel_and_drag(page: Page, app_url: str) -> None:
    opened(page, app_url)
    weight(page, 0).click()
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator("h1").hover()
    torch_agrees(page, "10")
    weight(page, 0).click()
    page.keyboard.press("ArrowUp")
    address_says(page, kernel="-2,0,1;0,1,2;1,0,2")
    weight(page, 4).hover()
    page.mouse.wheel(0, -100)
    address_says(page, kernel="-2,0,1;0,2,2;1,0,2")
    box = weight(page, 8).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 41, box["y"] + 10, steps=4)
    page.mouse.up()
    address_says(page, kernel="-2,0,1;0,2,2;1,0,8")


def test_input_cells_by_keyboard_alone(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.locator(".brush").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".input-box canvas")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(where(page)).to_contain_text("input [1, 1] = 1 is read 4 times")
    page.keyboard.type("9")
    page.keyboard.press("Tab")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    address_says(page, **{"in": "hand", "x": "1,2,3,0;0,9,8,3;3,0,1,2;2,3,0,1"})
    page.keyboard.press("Enter")
    address_says(page, pin="x1.2")
    expect(page.locator(".live")).to_contain_text("input [1, 2] = 8 is read 4 times")


def test_paint_with_the_brush(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.locator(".brush").click()
    page.locator(".brush-value input").fill("5")
    page.mouse.move(*cell_point(page, "input", 4, 4, 0, 0))
    page.mouse.down()
    page.mouse.move(*cell_point(page, "input", 4, 4, 0, 3), steps=12)
    page.mouse.up()
    address_says(page, **{"in": "hand", "x": "5,5,5,5;0,1,2,3;3,0,1,2;2,3,0,1"})


def test_a_piece_of_a_picture_is_cut_as_the_server_cuts_it(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.locator(".source").select_option("picture")
    thumb = page.locator(".thumb canvas")
    expect(page.locator(".torch")).to_contain_text("difference 0")
    box = thumb.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3, steps=5)
    page.mouse.up()
    expect(page.locator(".torch")).to_contain_text("difference 0")
    page.locator(".every input").fill("7")
    address_says(page, every="7", picture=None)
    expect(page.locator(".torch")).to_contain_text("difference 0")
    page.keyboard.press("Escape")
    expect(page.locator(".picker")).to_be_hidden()


def test_flip_says_when_both_agree(page: Page, app_url: str) -> None:
    opened(page, app_url, "in=impulse&size=5&padding=1&kernel=1,2,3;4,5,6;7,8,9&all=1&step=12")
    expect(page.locator(".agree")).to_be_hidden()
    page.get_by_label("true convolution").check()
    expect(page.locator(".at-kernel h2")).to_contain_text("turned by 180°")
    assert [weight(page, i).inner_text() for i in range(9)] == list("987654321")
    address_says(page, flip="1")
    page.locator(".preset select").select_option("mean")
    expect(page.locator(".agree")).to_be_visible()


def test_letters_and_the_whole_output(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.locator(".letters").click()
    expect(page.locator(".strip-words")).to_contain_text("x11·w11 + x12·w12")
    page.locator(".reveal").click()
    address_says(page, letters="1", all="1")
    tables = page.locator(".tables table")
    expect(tables.nth(2).locator("tr").nth(2).locator("td").nth(1)).to_have_text("15")
    shown = tables.nth(2).locator("tr td:not(:empty)")
    assert [cell for cell in shown.all_inner_texts() if cell] == TEXTBOOK


def test_long_lines_fold_and_open(page: Page, app_url: str) -> None:
    ones = ";".join([",".join(["1.5"] * 9)] * 9)
    opened(page, app_url, f"in=random&size=16&kernel={ones}")
    assert "= " not in line(page).split("…")[0]
    page.locator(".fold").click()
    expect(page.locator(".strip.is-open")).to_be_visible()
    assert line(page).count("·") == 81
    page.keyboard.press("Escape")
    expect(page.locator(".strip.is-open")).to_have_count(0)
    expect(page.locator(".fold")).to_be_visible()
    assert line(page).count("·") < 81


def test_language_and_page_switch_keep_everything(page: Page, app_url: str) -> None:
    opened(page, app_url, LAPLACIAN)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.locator("[data-knob=bias] .exact").fill("2,5")
    page.keyboard.press("Tab")
    address_says(page, bias="2.5", step="6")
    page.get_by_role("button", name="中文").click()
    expect(where(page)).to_have_text("第 7 步，共 16 步 · 输出 [1, 2]")
    address_says(page, bias="2.5", step="6", lang="zh", stride="2")
    expect(page.locator(".formula")).to_have_text("⌊(7 + 1 + 1 − 1·(3−1) − 1) / 2⌋ + 1 = 4")


def test_a_late_answer_makes_nothing_jump(page: Page, app_url: str) -> None:
    opened(page, app_url, "in=count&size=20")
    slider = page.locator("[data-knob=stride] input")
    for value in "2345678765432345":
        slider.fill(value)
        page.wait_for_timeout(90)  # answers to earlier values come in between
        assert slider.input_value() == value
    page.wait_for_timeout(1500)
    assert slider.input_value() == "5"
    address_says(page, stride="5")


@pytest.mark.parametrize("page", [{"viewport": (390, 844), "has_touch": True}], indirect=True)
def test_on_a_phone_nothing_is_wider_than_the_window(page: Page, app_url: str) -> None:
    opened(page, app_url, LAPLACIAN)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.touchscreen.tap(*cell_point(page, "input", 9, 9, 2, 2))
    expect(where(page)).to_contain_text("is read")
    page.locator("[data-go=step]").tap()
    expect(where(page)).to_contain_text("Step 2 of 16")


@pytest.mark.parametrize("page", [{"viewport": (1280, 720)}], indirect=True)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_control_and_effect_are_on_one_screen(page: Page, app_url: str, lang: str) -> None:
    opened(page, app_url, f"{LAPLACIAN}&lang={lang}")
    for part in (".input-box .clip", ".output-box .clip", ".knobs", ".formula", ".strip", ".transport"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720, part


def test_controls_a_link_hides_are_gone(page: Page, app_url: str) -> None:
    opened(page, app_url, "hide=bias.examples.share")
    expect(page.locator("[data-knob=bias]")).to_be_hidden()
    expect(page.locator(".examples")).to_be_hidden()
    expect(page.locator("[data-knob=stride]")).to_be_visible()


@pytest.mark.parametrize("page", [{"motion": "no-preference"}, {"motion": "reduce"}], indirect=True)
def test_the_window_glides_only_for_who_wants_motion(page: Page, app_url: str) -> None:
    opened(page, app_url, LAPLACIAN)
    still = page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    frames = page.evaluate(
        """() => {
            const hosts = [...document.querySelectorAll("*")].map((e) => e.shadowRoot);
            const host = hosts.find((root) => root?.querySelector(".player"));
            const canvas = host.querySelector(".input-box canvas");
            let painted = 0;
            const pen = canvas.getContext("2d");
            const draw = pen.drawImage.bind(pen);
            pen.drawImage = (...rest) => { painted += 1; draw(...rest); };
            host.querySelector("[data-go=step]").click();
            return new Promise((done) => setTimeout(() => done(painted), 130)); // before Python is told
        }"""
    )
    assert frames == 1 if still else frames > 1
