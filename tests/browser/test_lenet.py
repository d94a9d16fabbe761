"""The lenet page in a real browser: drawing, going down to a unit by keys, surgery, languages, phones."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cnnviz.core.scenes.lenet import METHODS, VIEWS
from cnnviz.i18n import Texts
from tests.browser.harness import NewPage, settled
from tests.browser.matters import Matters, unread
from tests.browser.rooms import params
from tests.browser.test_axe import violations

PIXELS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i] * 3 + data[i + 1] * 5 + data[i + 2]) % 1000000007;
  return sum;
}"""


def opened(page: Page, app_url: str, query: str = "lang=en") -> Page:
    page.goto(f"{app_url}/lenet?{query}")
    settled(page)
    expect(page.locator(".bars li")).to_have_count(10)
    return page


def draw(page: Page, *strokes: list[tuple[float, float]]) -> None:
    """Lead the mouse through points given as shares of the sheet."""
    box = page.locator(".pad").bounding_box()
    assert box is not None
    for stroke in strokes:
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=8)
        page.mouse.up()


def answer(page: Page) -> str:
    return page.locator(".bars li.first .name").inner_text()


@pytest.mark.parametrize(
    ("digit", "strokes"),
    [("1", [[(0.5, 0.12), (0.5, 0.88)]]), ("7", [[(0.28, 0.18), (0.72, 0.18), (0.45, 0.85)]])],
)
def test_a_drawn_digit_is_followed(
    digit: str, strokes: list[list[tuple[float, float]]], page: Page, app_url: str
) -> None:
    opened(page, app_url)
    expect(page.locator(".bars li.first .name")).to_have_text("5")
    before = page.locator("canvas.net").evaluate(PIXELS)
    page.get_by_role("button", name="Clear", exact=True).click()
    draw(page, *strokes)
    expect(page.locator(".bars li.first .name")).to_have_text(digit)
    assert page.locator("canvas.net").evaluate(PIXELS) != before
    expect(page).to_have_url(re.compile("ink="))
    expect(page.locator(".said")).to_contain_text(digit)


def test_the_maps_follow_while_the_pen_is_down(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.get_by_role("button", name="Clear", exact=True).click()
    page.wait_for_timeout(300)
    box = page.locator(".pad").bounding_box()
    assert box is not None
    seen = set()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    for i in range(6):
        page.mouse.move(box["x"] + box["width"] * (0.35 + 0.07 * i), box["y"] + box["height"] * 0.2)
        page.wait_for_timeout(80)
        seen.add(page.locator("canvas.net").evaluate(PIXELS))
    page.mouse.up()
    assert len(seen) >= 5


def test_undo_and_samples_and_the_link_bring_a_drawing_back(page: Page, new_page: NewPage, app_url: str) -> None:
    opened(page, app_url)
    page.get_by_role("button", name="The digit 3").click()
    expect(page.locator(".bars li.first .name")).to_have_text("3")
    draw(page, [(0.1, 0.5), (0.9, 0.5)])
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".bars li.first .name")).to_have_text("3")
    expect(page).to_have_url(re.compile("ink="))
    settled(page)
    other = opened(new_page(), app_url, page.url.split("?")[1])
    assert answer(other) == "3"


def test_down_to_a_unit_and_to_a_pixel_by_keys(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.locator("canvas.net").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(".panel.unit h3")).to_have_text("conv2, map 3, unit [4, 5]")
    page.keyboard.press("Enter")
    expect(page.locator("canvas.flow")).to_be_visible()
    page.locator("canvas.flow").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".unitleft h3")).to_have_text("conv2, map 3, unit [4, 5]")
    for expected in ("pool1", "relu1", "conv1", "input"):
        button = page.locator(".grids button:not([disabled])").first
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".unitleft h3")).to_have_text(re.compile(rf"^{expected}, "))
        expect(page.locator(".unitleft .big")).not_to_be_empty()
    expect(page.locator(".grids")).to_contain_text("here the way down ends")
    expect(page).to_have_url(re.compile("level=unit"))


def test_maps_are_switched_off_and_taken_back_one_by_one(page: Page, app_url: str) -> None:
    opened(page, app_url, "lang=en&layer=conv1&ch=2&off=pool1.0")
    page.get_by_role("button", name="Switch off", exact=True).click()
    expect(page.get_by_role("button", name="Switch on", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"off=pool1\.0_conv1\.2"))
    summary = page.locator(".surgery summary")
    expect(summary).to_have_text("Surgery: 2 maps off")
    summary.click()
    page.get_by_role("button", name="Take back: pool1: map 0 off").click()
    expect(page).to_have_url(re.compile(r"off=conv1\.2(&|$)"))
    page.get_by_role("button", name="Undo all surgery").click()
    expect(summary).to_have_text("Surgery: none")
    expect(page).not_to_have_url(re.compile("off="))


def write(page: Page, cell: int, text: str) -> None:
    """Type a number into a cell of the kernel."""
    page.locator(".grid .cell").nth(cell).focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_several_kernels_are_edited_by_keys_and_each_is_learned_again(
    page: Page, new_page: NewPage, app_url: str
) -> None:
    opened(page, app_url, "lang=en&level=layer&layer=conv2&ch=3")
    out, name = page.locator("canvas.out"), page.locator(".editor h3")
    learned = out.evaluate(PIXELS)
    write(page, 12, "9")
    expect(name).to_have_text("Kernel: map 0 → map 3, edited")
    page.locator("canvas.flow").focus()
    page.keyboard.press("ArrowRight")
    expect(name).to_have_text("Kernel: map 1 → map 3")
    write(page, 0, "-4")
    expect(page).to_have_url(re.compile(r"ed=conv2\.3\.0_conv2\.3\.1&k="))
    expect(page.locator(".surgery summary")).to_have_text("Surgery: 2 kernels edited")
    settled(page)
    both = page.locator(".bars .value").all_inner_texts()
    other = opened(new_page(), app_url, page.url.split("?")[1])
    expect(other.locator(".surgery summary")).to_have_text("Surgery: 2 kernels edited")
    assert other.locator(".bars .value").all_inner_texts() == both
    page.get_by_role("button", name="As learned", exact=True).click()
    expect(page).to_have_url(re.compile(r"ed=conv2\.3\.0&k="))
    page.locator(".surgery summary").click()
    page.get_by_role("button", name="Take back: conv2: kernel 0 → 3 edited").click()
    expect(page).not_to_have_url(re.compile("ed="))
    settled(page)
    assert out.evaluate(PIXELS) == learned


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_whether_it_shows_the_surgery(view: str, page: Page, app_url: str) -> None:
    opened(page, app_url, f"lang=en&view={view}&off=conv1.2_fc1.3")
    words = "As trained here, without: 2 maps off" if view in ("tested", "compare") else "Surgery: 2 maps off"
    expect(page.locator(".surgery summary")).to_have_text(words)
    page.locator(".surgery summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".surgery .panel p")).to_contain_text(Texts("en")(f"lenet.surgery_in_{view}"))
    page.keyboard.press("Escape")
    expect(page.locator(".surgery .panel p")).to_be_hidden()


def test_walking_through_the_test_pictures_that_travel(page: Page, app_url: str) -> None:
    opened(page, app_url, "lang=en&net=lenet-modern-fashion-mnist")
    page.get_by_role("button", name="Test set", exact=True).click()
    truth = page.locator(".testset p").first
    expect(truth).to_have_text(re.compile(r"^No\. \d+ of the test set: .*(right|wrong)\.$"))
    first = truth.inner_text()
    page.get_by_role("button", name="The next one").click()
    expect(truth).not_to_have_text(first)
    page.get_by_role("button", name="The one before").click()
    expect(truth).to_have_text(first)
    page.get_by_role("combobox", name="Which class").select_option("8")
    expect(truth).to_contain_text("bag. Answer")
    page.get_by_role("combobox", name="Which class").select_option("-1")
    page.get_by_role("button", name="Next error").click()
    expect(truth).to_contain_text("wrong.")
    expect(page).to_have_url(re.compile("source=example"))
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.locator(".bars li.first .name")).to_have_text(re.compile("."))
    expect(page.locator(".pad")).to_be_visible()


def test_the_row_of_pictures_marks_one_only_where_it_is_looked_at(page: Page, app_url: str) -> None:
    opened(page, app_url)
    cat = page.get_by_role("button", name="Cat", exact=True)
    expect(cat).to_have_attribute("aria-pressed", "false")
    cat.click()
    expect(page).to_have_url(re.compile("source=picture"))
    expect(cat).to_have_attribute("aria-pressed", "true")
    cat.click()
    settled(page)
    expect(cat).to_have_attribute("aria-pressed", "true")


def test_another_language_keeps_drawing_view_and_surgery(page: Page, app_url: str) -> None:
    opened(page, app_url, "lang=en&view=why&method=saliency&off=conv1.2")
    page.get_by_role("button", name="The digit 8").click()
    expect(page).to_have_url(re.compile("ink="))
    settled(page)
    before = params(page.url)
    page.get_by_role("button", name="中文").click()
    settled(page)
    expect(page.locator(".tabs button").first).to_have_text("网络")
    expect(page.get_by_role("button", name="显著性")).to_have_attribute("aria-pressed", "true")
    after = params(page.url)
    assert {**after, "lang": ""} == {**before, "lang": ""}


def test_every_method_is_drawn_and_says_what_it_measured(page: Page, app_url: str) -> None:
    opened(page, app_url, "lang=en&view=why&net=lenet-1998-mnist")
    heat, seen = page.locator(".two canvas").nth(1), set()
    for method in METHODS:
        page.get_by_role("button", name=Texts("en")(f"lenet.method_{method}"), exact=True).click()
        if method == "guided":
            expect(page.get_by_text("must have ReLU for every activation")).to_be_visible()
            continue
        expect(heat).to_have_attribute("aria-label", re.compile(Texts("en")(f"lenet.method_{method}")))
        seen.add(heat.evaluate(PIXELS))
    assert len(seen) == len(METHODS) - 1
    expect(page.get_by_text(re.compile(r"Picture −[\d.]+ .* = logit −"))).to_contain_text("minus a squared distance")
    expect(page).to_have_url(re.compile("method=lrp"))


@pytest.mark.parametrize(("view", "scheme"), list(zip(VIEWS, ["dark", "light"] * len(VIEWS), strict=False)))
def test_no_view_breaks_axe(view: str, scheme: str, new_page: NewPage, app_url: str) -> None:
    page = opened(new_page(scheme=scheme), app_url, f"lang=zh&view={view}&net=lenet-modern-fashion-mnist")
    assert not violations(page), "\n".join(violations(page))


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_shows_every_view_without_sideways_scrolling(view: str, new_page: NewPage, app_url: str) -> None:
    page = opened(new_page(viewport=(390, 844), scheme="dark"), app_url, f"lang=zh&view={view}")
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390
    assert page.locator(".tabs button[aria-pressed=true]").inner_text() == Texts("zh")(f"lenet.view_{view}")


def test_a_finger_draws_on_a_phone(new_page: NewPage, app_url: str) -> None:
    page = opened(new_page(viewport=(390, 844), has_touch=True), app_url)
    page.get_by_role("button", name="Clear", exact=True).click()
    pad = page.locator(".pad")
    box = pad.bounding_box()
    assert box is not None
    for kind, y in (("pointerdown", 0.1), *[("pointermove", 0.1 + 0.1 * i) for i in range(1, 9)], ("pointerup", 0.9)):
        at = {"clientX": box["x"] + box["width"] / 2, "clientY": box["y"] + box["height"] * y, "pointerType": "touch"}
        pad.dispatch_event(kind, {**at, "pointerId": 7, "bubbles": True, "isPrimary": True})
    expect(page.locator(".bars li.first .name")).to_have_text("1")


MATTERS: Matters = {
    "0.23 an input layer computes nothing": ("lenet?level=layer&layer=input", "lenet.note_input"),
    "0.23 flatten": ("lenet?level=layer&layer=flatten", "lenet.note_flatten"),
    "2.16 3.4 fully connected is a convolution": ("lenet?level=layer&layer=fc1", "lenet.note_vector"),
    "2.16 with its error": ("lenet?view=compare", "lenet.fc_conv"),
    "2.17 2.18 pooling instead": ("lenet?view=compare", "lenet.gap_instead"),
    "3.12 DNA": ("lenet?view=vector", "lenet.near_note"),
    "3.14 from edges to parts": ("lenet?view=excite&layer=conv2&net=lenet-modern-fashion-mnist", "lenet.examples_head"),
    "4.2 activations without parameters": ("lenet?level=layer&layer=relu1", "lenet.note_activation"),
    "4.20 which LeNet": ("lenet?view=compare", "lenet.lenet_truth"),
}


def test_what_articles_get_wrong_is_put_right_where_a_reader_meets_it(page: Page, app_url: str) -> None:
    assert unread(page, app_url, MATTERS) == []
