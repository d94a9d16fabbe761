"""The kernel lab in a real browser: editing, pointing, zooming, keys, links, phones, screen readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import settled
from tests.browser.test_axe import violations

NewPage = Callable[..., Page]

# A fingerprint of what a canvas shows.
PIXELS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i] * 3 + data[i + 1] * 5 + data[i + 2]) % 1000000007;
  return sum;
}"""
COLOURS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return seen.size;
}"""


def lab(page: Page, url: str, link: str = "lang=en") -> Page:
    """The lab, at rest, with its picture and its map drawn."""
    page.goto(f"{url}/kernels?{link}")
    settled(page)
    expect(page.locator(".map h2")).not_to_be_empty()
    page.wait_for_timeout(250)
    return page


def map_of(page: Page) -> Any:
    return page.locator(".map canvas.whole")


def shown(page: Page) -> int:
    return int(map_of(page).evaluate(PIXELS))


def address(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlparse(page.url).query).items()}


def says(page: Page, **wanted: str | None) -> None:
    """The address comes to say this (None: nothing of that name)."""
    for name, value in wanted.items():
        there = rf"[?&]{name}={re.escape(value)}(&|$)" if value is not None else rf"^(?!.*[?&]{name}=).*$"
        page.wait_for_url(re.compile(there.replace("%2C", ",")), timeout=8000)


def cell(page: Page, number: int) -> Any:
    return page.locator(".grid .cell").nth(number)


def test_the_first_visitor_sees_a_picture_already_filtered(page: Page, app_url: str) -> None:
    lab(page, app_url, "picture=cat&kernel=sobel_x&lang=en")
    assert map_of(page).evaluate(COLOURS) > 50
    assert page.locator(".picture canvas").evaluate(COLOURS) > 500
    expect(page.locator(".map h2")).to_contain_text("300 × 300")
    expect(page.locator(".formula")).to_contain_text("⌊(300 + 1 + 1 − 1·(3−1) − 1) / 1⌋ + 1 = 300")
    expect(page.locator(".bar .high")).to_have_text(re.compile(r"^\+\d"))


def test_everything_is_on_one_screen_without_scrolling(page: Page, app_url: str) -> None:
    lab(page, app_url)
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 0
    for name in (".picture canvas", ".grid", ".map canvas.whole", ".strip", ".formula", ".st-key-page-try"):
        box = page.locator(name).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 720, name


def test_typing_a_weight_changes_the_map_and_the_address(page: Page, app_url: str) -> None:
    lab(page, app_url)
    before = shown(page)
    cell(page, 4).click()
    page.keyboard.type("2,5")
    page.keyboard.press("Enter")
    says(page, w="-1,0,1;-2,2.5,2;-1,0,1")
    assert shown(page) != before
    expect(page.locator(".facts .list li").first).to_contain_text("sum 2.5")


def test_a_word_typed_for_a_number_changes_nothing(page: Page, app_url: str) -> None:
    lab(page, app_url)
    cell(page, 0).dblclick()
    page.keyboard.type("abc")
    expect(page.locator(".grid input")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Enter")
    expect(cell(page, 0)).to_have_text("−1")
    says(page, w=None)


def test_wheel_and_arrow_keys_change_the_weight_under_them(page: Page, app_url: str) -> None:
    lab(page, app_url)
    cell(page, 4).hover()
    page.mouse.wheel(0, -100)
    expect(cell(page, 4)).to_have_text("0.1")
    cell(page, 4).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    expect(cell(page, 4)).to_have_text("1.2")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(cell(page, 5)).to_have_text("1.9")
    says(page, w="-1,0,1;-2,1.2,1.9;-1,0,1")


def test_the_map_follows_while_a_cell_is_dragged(page: Page, app_url: str) -> None:
    lab(page, app_url)
    box = cell(page, 4).bounding_box()
    assert box is not None
    seen = {shown(page)}
    x, y = box["x"] + 20, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    for way in range(1, 9):
        page.mouse.move(x + 12 * way, y)
        page.wait_for_timeout(160)
        seen.add(shown(page))
    assert len(seen) >= 5, "the map changed while the button was down"
    page.mouse.up()
    says(page, w="-1,0,1;-2,1.9,2;-1,0,1")


# Keeps every map that is put on a canvas, as the numbers of its pixels.
KEEP_MAPS = """(() => {
  const put = CanvasRenderingContext2D.prototype.putImageData;
  window.maps = [];
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {
    put.call(this, image, ...rest);
    if (image.height > 100) window.maps.push(new Uint32Array(image.data.slice().buffer));
  };
})()"""
PRESS = """(cell) => {
  window.maps = [];
  cell.focus();
  cell.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", shiftKey: true, bubbles: true, composed: true }));
  return window.maps.length;
}"""
SIZED = "window.maps.filter((map) => map.length === window.maps.at(-1).length)"  # the padded picture is larger
FARTHEST = f"""() => {{
  const maps = {SIZED};
  const [near, exact] = [maps[0], maps.at(-1)].map((map) => new Uint8Array(map.buffer));
  return exact.reduce((most, v, i) => Math.max(most, Math.abs(v - near[i])), 0);
}}"""
SET = """(control, value) => {
  window.maps = [];
  control.value = value;
  control.dispatchEvent(new Event(control.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  const says = (part) => control.getRootNode().querySelector(part).textContent;
  return { maps: window.maps.length, heads: [".kernel h2", ".map h2", ".formula", ".remark"].map(says) };
}"""


@pytest.mark.parametrize("setting", ["channels=grey", "channels=sum&stride=2", "channels=each&view=clip&mode=reflect"])
def test_the_map_is_there_at_once_and_the_servers_takes_its_place_unseen(
    setting: str, page: Page, app_url: str
) -> None:
    page.add_init_script(KEEP_MAPS)
    lab(page, app_url, setting)
    assert cell(page, 4).evaluate(PRESS) == 1, "worked out before the key's own handler ended"
    settled(page).wait_for_function("window.maps.length > 1")
    assert page.evaluate(FARTHEST) <= 4, "at most the next shade, where a number lies between two"


@pytest.mark.parametrize(
    ("setting", "control", "value", "heads"),
    [
        ("channels=each&view=clip", "stride", "2", "150 × 150"),
        ("channels=sum&mode=constant", "dilation", "5", "5·(3−1)"),
        ("mode=circular", "kernel_size", "6", "6 × 6"),
        ("mode=reflect", "padding", "full", "302 × 302"),
        ("kernel=gaussian&tab=make", "Width σ", "3", "Gaussian"),
        ("kernel=motion_blur&tab=make", "Length", "15", "15 × 15"),
    ],
)
def test_a_setting_is_answered_at_once_in_map_heading_and_formula(
    setting: str, control: str, value: str, heads: str, page: Page, app_url: str
) -> None:
    page.add_init_script(KEEP_MAPS)
    lab(page, app_url, f"picture=cat&lang=en&{setting}")
    role: Any = "combobox" if control == "padding" else "slider"
    at_once = page.get_by_role(role, name=control, exact=True).evaluate(SET, value)
    assert at_once["maps"] >= 1
    assert heads in " ".join(at_once["heads"])
    settled(page).wait_for_function(f"() => {SIZED}.length > 1")
    assert page.evaluate(FARTHEST) <= 4
    parts = (".kernel h2", ".map h2", ".formula", ".remark")
    assert [page.locator(part).text_content() for part in parts] == at_once["heads"], "the server said no other"


def test_what_cannot_be_laid_gets_the_servers_sentence_and_the_last_good_map(page: Page, app_url: str) -> None:
    lab(page, app_url, "picture=cat&lang=en&kernel=gaussian&p=1,31,31&padding=valid")
    page.get_by_role("slider", name="dilation", exact=True).evaluate("(input) => { input.max = '16' }")
    page.get_by_role("slider", name="dilation", exact=True).fill("9")
    expect(page.locator(".map h2")).to_contain_text("30 × 30")
    kept = shown(page)
    page.get_by_role("slider", name="dilation", exact=True).fill("16")
    expect(page.locator(".remark.fault")).to_contain_text("481")
    assert shown(page) == kept
    page.get_by_role("slider", name="dilation", exact=True).fill("9")
    expect(page.locator(".remark.fault")).to_have_count(0)
    assert shown(page) == kept


def apart(one: Any, other: Any) -> bool:
    """Whether two boxes on the page do not overlap."""
    return bool(
        one["x"] + one["width"] <= other["x"]
        or other["x"] + other["width"] <= one["x"]
        or one["y"] + one["height"] <= other["y"]
        or other["y"] + other["height"] <= one["y"]
    )


@pytest.mark.parametrize("page", [{}, {"viewport": (1920, 1080)}], indirect=True, ids=["laptop", "projector"])
@pytest.mark.parametrize("mode", ["", "&present=1"])
def test_the_sentence_for_a_bad_file_covers_nothing_and_moves_nothing(mode: str, page: Page, app_url: str) -> None:
    lab(page, app_url, f"lang=en{mode}")
    parts = [".pictures .upload", ".pictures .more", ".picture", ".pane.kernel", ".map", ".st-key-page-try"]
    before = [page.locator(part).first.bounding_box() for part in parts]
    file = {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.locator(".pictures input[type=file]").set_input_files(file)
    fault = page.locator(".pictures .fault")
    expect(fault).to_be_visible()
    settled(page)
    assert [page.locator(part).first.bounding_box() for part in parts] == before
    assert [part for part, box in zip(parts, before, strict=True) if not apart(fault.bounding_box(), box)] == []


@pytest.mark.parametrize("present", ["", "&present=1"])
@pytest.mark.parametrize("page", [{}, {"viewport": (1920, 1080)}], indirect=True, ids=["laptop", "projector"])
@pytest.mark.parametrize("tab", ["gallery", "bank"])
def test_kernels_are_in_sight_without_scrolling(tab: str, present: str, page: Page, app_url: str) -> None:
    lab(page, app_url, f"lang=en&tab={tab}{present}")
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollHeight - e.clientHeight") <= 0
    pane = page.locator(".tabpane").bounding_box()
    boxes = [one.bounding_box() for one in page.locator(".tabpane .card, .bank [data-id]").all()]
    assert pane is not None
    seen = [box for box in boxes if box and box["y"] + box["height"] <= pane["y"] + pane["height"]]
    assert len(seen) >= (6 if present else 7)


def go_home(page: Page) -> None:
    page.get_by_test_id("stTopNavLink").first.click()
    expect(page.locator(".home h1")).to_be_visible()


@pytest.mark.parametrize("how", ["typed", "in the same moment"])
def test_a_weight_changed_just_before_leaving_is_there_on_return(how: str, page: Page, app_url: str) -> None:
    lab(page, app_url)
    if how == "typed":
        cell(page, 4).dblclick()
        page.keyboard.type("7")
        go_home(page)
    else:
        cell(page, 4).evaluate(
            """(cell) => {
              cell.focus();
              const how = { key: "ArrowUp", shiftKey: true, bubbles: true, composed: true };
              for (let i = 0; i < 7; i += 1) cell.dispatchEvent(new KeyboardEvent("keydown", how));
              document.querySelector('[data-testid="stTopNavLink"]').click();
            }"""
        )
        expect(page.locator(".home h1")).to_be_visible()
    settled(page)
    page.go_back()
    expect(page.locator(".map h2")).not_to_be_empty()
    says(page, w="-1,0,1;-2,7,2;-1,0,1")
    expect(cell(page, 4)).to_have_text("7")


def test_where_its_own_socket_is_cut_the_lab_asks_the_page(page: Page, app_url: str) -> None:
    page.route_web_socket(re.compile("/answers/kernels"), lambda socket: socket.close())
    lab(page, app_url)
    before = shown(page)
    cell(page, 4).focus()
    page.keyboard.press("Shift+ArrowUp")
    says(page, w="-1,0,1;-2,1,2;-1,0,1")
    assert shown(page) != before


def test_a_weight_of_a_cell_reached_by_focus_is_the_one_that_changes(page: Page, app_url: str) -> None:
    lab(page, app_url)
    cell(page, 8).focus()
    page.keyboard.press("ArrowUp")
    expect(cell(page, 8)).to_have_text("1.1")
    expect(cell(page, 0)).to_have_text("−1")


def paste(page: Page, text: str) -> None:
    page.locator(".grid .cell").first.evaluate(
        """(cell, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const how = { clipboardData: data, bubbles: true, composed: true, cancelable: true };
          cell.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        text,
    )


def test_paste_undo_redo_reset(page: Page, app_url: str) -> None:
    lab(page, app_url)
    paste(page, "1\t2\t1\n0\t0\t0\n-1\t−2\t-0,5")
    says(page, w="1,2,1;0,0,0;-1,-2,-0.5")
    paste(page, "1 2\n3")
    expect(page.locator(".remark.fault")).to_contain_text("row 2")
    page.keyboard.press("Control+z")
    says(page, w=None)
    expect(page.locator(".kernel h2")).to_contain_text("Sobel x")
    page.get_by_role("button", name="Redo").click()
    says(page, w="1,2,1;0,0,0;-1,-2,-0.5")
    page.get_by_role("button", name="Reset").click()
    says(page, w=None)
    expect(cell(page, 3)).to_have_text("−2")


def test_pointing_pinning_and_moving_by_keys_alone(page: Page, app_url: str) -> None:
    lab(page, app_url)
    map_of(page).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".where")).to_have_text("row 149, column 140")
    page.keyboard.press("Enter")
    says(page, at="149,140")
    expect(page.locator(".proof")).to_contain_text("PyTorch")
    difference = re.search(r"difference (\S+)", page.locator(".proof").text_content() or "")
    assert difference
    assert float(difference[1].replace("−", "-")) < 1e-5
    page.keyboard.press("ArrowRight")
    says(page, at="149,141")
    expect(page.locator(".spoken")).to_contain_text("Output row 149, column 141")
    page.keyboard.press("Escape")
    says(page, at=None)


def test_keys_work_while_a_slider_has_the_focus(page: Page, app_url: str) -> None:
    lab(page, app_url, "kernel=gaussian&tab=make&lang=en")
    slider = page.get_by_role("slider", name="Width σ", exact=True)
    slider.focus()
    page.keyboard.press("End")
    says(page, p="10,5,5")
    page.keyboard.press("Control+z")
    says(page, p=None)
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_contain_text("undo, redo")


def test_a_click_holds_the_pixel_and_the_pointer_no_longer_moves_it(page: Page, app_url: str) -> None:
    lab(page, app_url)
    box = map_of(page).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 150, box["y"] + 120)
    expect(page.locator(".where")).to_contain_text("held")
    held = page.locator(".where").text_content()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    expect(page.locator(".where")).to_have_text(held or "")


def test_the_wheel_zooms_both_pictures_down_to_numbers_and_zero_goes_back(page: Page, app_url: str) -> None:
    lab(page, app_url)
    box = map_of(page).bounding_box()
    assert box is not None
    picture = page.locator(".picture canvas")
    before = picture.evaluate(PIXELS)
    page.mouse.move(box["x"] + 150, box["y"] + 120)
    for _ in range(16):
        page.mouse.wheel(0, -240)
    page.wait_for_url(re.compile("look="), timeout=8000)
    assert picture.evaluate(PIXELS) != before, "the picture follows the map"
    assert float(address(page)["look"].split(",")[2]) > 30
    link = page.url.split("?")[1]
    page.reload()
    settled(page)
    page.wait_for_timeout(600)
    assert page.url.split("?")[1] == link, "and the link says where"
    map_of(page).focus()
    page.keyboard.press("0")
    says(page, look=None)


def test_nothing_moves_when_values_change(page: Page, app_url: str) -> None:
    lab(page, app_url)
    places = [".picture canvas", ".grid", ".map canvas.whole", ".strip", ".tabs", ".st-key-page-try"]
    before = [page.locator(place).first.bounding_box() for place in places]
    page.locator(".strip select").first.select_option("valid")
    page.get_by_role("button", name="Laplacian").click()
    page.locator(".strip .pair input").first.fill("12")
    page.locator(".under-map select").first.select_option("absolute")
    page.get_by_role("tab", name="All kernels").click()
    settled(page)
    assert [page.locator(place).first.bounding_box() for place in places] == before


def test_an_even_kernel_says_where_its_padding_goes(page: Page, app_url: str) -> None:
    lab(page, app_url, "kernel=roberts_down&lang=en")
    expect(page.locator(".remark")).to_contain_text("0 above, 1 below, 0 left, 1 right")
    expect(cell(page, 0)).to_have_class(re.compile("anchor"))


def test_a_bank_lies_side_by_side_and_a_click_opens_a_map(page: Page, app_url: str) -> None:
    lab(page, app_url)
    page.get_by_role("tab", name="Several").click()
    page.get_by_role("button", name="Compass").click()
    expect(page.locator(".tile")).to_have_count(9)
    page.locator(".tile", has_text="Kirsch north-east").click()
    expect(page.locator(".kernel h2")).to_contain_text("Kirsch north-east")
    expect(map_of(page)).to_be_visible()
    page.get_by_role("button", name="All maps").click()
    expect(page.locator(".tile")).to_have_count(9)


def test_a_generator_follows_its_sliders(page: Page, app_url: str) -> None:
    lab(page, app_url)
    page.get_by_role("tab", name="Make one").click()
    page.get_by_label("Formula").select_option(label="Gabor")
    expect(page.locator(".kernel h2")).to_contain_text("9 × 9")
    page.get_by_role("slider", name="Size", exact=True).fill("21")
    expect(page.locator(".kernel h2")).to_contain_text("21 × 21")
    says(page, p="0,4,2,0.5,0,21")


def test_language_switch_and_another_browser_keep_everything(new_page: NewPage, app_url: str) -> None:
    first = lab(new_page(), app_url, "kernel=gaussian_5&stride=2,3&at=10,12&view=absolute&lang=en")
    before = shown(first)
    first.get_by_role("button", name="中文").click()
    expect(first.locator(".map h2")).to_contain_text("特征图")
    settled(first)
    first.wait_for_timeout(500)
    assert shown(first) == before
    assert {"kernel": "gaussian_5", "stride": "2,3", "at": "10,12", "view": "absolute"}.items() <= address(
        first
    ).items()
    second = lab(new_page(), app_url, urlparse(first.url).query)
    assert shown(second) == before
    expect(second.locator(".map h2")).to_contain_text("特征图")


def test_the_patch_opens_in_the_step_player(page: Page, app_url: str) -> None:
    lab(page, app_url, "at=132,83&lang=en")
    page.get_by_role("button", name="Step through it").click()
    page.wait_for_url(re.compile("/convolution"))
    settled(page)
    assert address(page)["in"] == "picture"
    assert address(page)["piece"] == "129,80"


def test_controls_a_link_hides_are_gone(page: Page, app_url: str) -> None:
    lab(page, app_url, "hide=bias.bank.facts.channels&lang=en")
    expect(page.get_by_role("slider", name="bias", exact=True)).to_have_count(0)
    expect(page.get_by_role("tab", name="Several")).to_have_count(0)
    expect(page.locator(".facts")).to_be_hidden()
    expect(page.locator(".strip select").first).to_be_visible()


@pytest.mark.parametrize("page", [{"viewport": (390, 844), "has_touch": True}], indirect=True)
def test_on_a_phone_nothing_is_wider_than_the_window(page: Page, app_url: str) -> None:
    lab(page, app_url)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    over = page.locator(".lab").evaluate(
        "lab => [...lab.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 "
        "&& !e.closest('.tabs, .sr-only, .tablebox')).map(e => e.className || e.tagName)"
    )
    assert over == []
    page.touchscreen.tap(*middle(map_of(page)))
    expect(page.locator(".where")).to_contain_text("held")


def test_a_learned_kernel_comes_into_the_grid_and_its_link_shows_it_again(new_page: NewPage, app_url: str) -> None:
    page = lab(new_page(), app_url)
    page.get_by_role("tab", name="All kernels").click()
    page.get_by_role("button", name="Learned", exact=True).click()
    page.get_by_role("combobox", name="network").select_option("lenet-modern-mnist")
    expect(page.locator(".kernel h2")).to_contain_text("conv1.weight[0, 0]")
    page.get_by_role("combobox", name="out").select_option("3")
    expect(page.locator(".kernel h2")).to_contain_text("5 × 5 · conv1.weight[3, 0]")
    expect(page.locator(".like")).to_have_count(6)
    expect(page.locator(".like[aria-pressed=true]")).to_contain_text("[3, 0]")
    expect(page.locator(".kernel > .line")).to_contain_text("Learned: lenet-modern-mnist")
    says(page, **{"from": "lenet-modern-mnist.conv1.3.0"})
    first = shown(page)
    other = lab(new_page(), page.url.split("/kernels")[0], page.url.split("?")[1])
    expect(other.locator(".kernel h2")).to_contain_text("conv1.weight[3, 0]")
    assert shown(other) == first
    cell(other, 0).focus()
    other.keyboard.press("ArrowUp")
    expect(other.locator(".kernel > .line")).to_contain_text("changed since by you")


def test_a_kernel_is_learned_only_when_asked_and_scrubbed_by_keys(page: Page, app_url: str) -> None:
    lab(page, app_url, "lang=en&kernel=sobel_x&tab=descent")
    expect(page.locator(".figures")).to_be_hidden()
    page.get_by_role("button", name="Learn it").click()
    learned, step = page.locator(".figures .learned canvas"), page.get_by_role("slider", name="Step of the run")
    expect(page.locator(".player .count")).to_have_text("0 / 1000")
    page.wait_for_timeout(400)
    expect(page.locator(".player .count")).to_have_text("0 / 1000")
    before = learned.evaluate(PIXELS)
    step.focus()
    page.keyboard.press("End")
    expect(page.locator(".said")).to_contain_text("Found")
    assert learned.evaluate(PIXELS) != before
    numbers = re.compile(r"^learned: −1 \S+ 1 −2 \S+ 2 −1 \S+ 1$")
    expect(learned).to_have_attribute("aria-label", numbers)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".player .count")).to_have_text("1 / 1000")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".player .count")).not_to_have_text("1 / 1000")
    says(page, w=None)
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("button", name="Learn it")).to_be_visible()
    says(page, kernel="custom")


def middle(place: Any) -> tuple[float, float]:
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("tab", ["pixel", "gallery", "learned", "make", "descent", "bank", "notes"])
@pytest.mark.parametrize(
    ("page", "lang"),
    [({"scheme": "light"}, "en"), ({"scheme": "dark"}, "zh")],
    indirect=["page"],
    ids=["light", "dark"],
)
def test_axe_finds_nothing(page: Page, app_url: str, lang: str, tab: str) -> None:
    lab(page, app_url, f"lang={lang}&tab={tab}&kernel=gabor&at=9,9" + ("&many=1" if tab == "bank" else ""))
    assert not violations(page), "\n".join(violations(page))
