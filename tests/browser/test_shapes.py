"""The shapes page in a real browser: sliders, terms, windows, settings taken, chains edited, units clicked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from cnnviz.core.scenes.shapes import VIEWS
from cnnviz.i18n import LANGUAGES, Texts
from tests.browser.harness import settled
from tests.browser.matters import Matters, is_read, unread
from tests.browser.rooms import params
from tests.browser.test_axe import violations

NewPage = Callable[..., Page]
PHONE = {"viewport": (390, 844)}


def shapes(page: Page, url: str, link: str = "lang=en") -> Page:
    """The page at rest, its view drawn."""
    page.goto(f"{url}/shapes?{link}")
    settled(page)
    page.locator("section.view").wait_for()
    page.wait_for_timeout(400)
    return page


def says(page: Page, **wanted: str) -> None:
    """The address comes to say this."""
    for name, value in wanted.items():
        page.wait_for_url(re.compile(rf"[?&]{name}={re.escape(value)}(&|$)"), timeout=8000)


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def test_a_slider_moves_formula_and_strip_at_once_and_the_link_at_rest(page: Page, app_url: str) -> None:
    shapes(page, app_url)
    formula = page.locator(".formula").first
    expect(formula).to_have_text("⌊(8 + 0 + 0 − 1·(3−1) − 1) / 2⌋ + 1 = 3")
    now = slider(page, "kernel_size k").evaluate(
        """el => {
            el.value = '5';
            el.oninput(new Event('input'));  // answered before anything can be sent
            const windows = el.getRootNode().querySelector('.window-span').getAttribute('d').match(/M/g).length;
            return [el.getRootNode().querySelector('.formula').textContent, windows];
        }"""
    )
    assert now == ["⌊(8 + 0 + 0 − 1·(5−1) − 1) / 2⌋ + 1 = 2", 2]
    says(page, k="5")


def turned(page: Page, name: str, value: int) -> None:
    """A slider at another value, with nothing told to the server yet."""
    slider(page, name).evaluate(
        "(el, value) => { el.value = value; el.dispatchEvent(new Event('input')); }", str(value)
    )


@pytest.mark.parametrize(
    ("view", "name", "value"),
    [("axis", "kernel_size k", 5), ("chain", "input H × W", 40), ("inverse", "Wanted output size o", 7)],
)
def test_what_was_set_just_before_another_view_is_kept(
    view: str, name: str, value: int, page: Page, app_url: str
) -> None:
    shapes(page, app_url, f"lang=en&view={view}")
    here = page.locator("button[aria-current=page]").inner_text()
    turned(page, name, value)
    page.get_by_role("button", name="What padding shows", exact=True).click()
    page.locator(".modes").wait_for()
    settled(page)
    page.get_by_role("button", name=here, exact=True).click()
    expect(slider(page, name)).to_have_value(str(value))
    assert str(value) in page.url


@pytest.mark.parametrize(
    ("link", "name", "value", "where", "says_now"),
    [
        ("view=chain&net=lenet5&channels=1&side=28", "input H × W", 32, ".breaks", "in_features"),
        ("view=inverse&n=8", "Wanted output size o", 5, ".count", "make 5 from 8"),
        ("view=field&net=lenet5&channels=1&side=28&layer=2", "input H × W", 32, ".unit", "of 16 × 16"),
        ("view=stack", "channels C, in and out", 65, ".compare", "105 625"),
    ],
)
def test_every_view_answers_in_the_browser(
    link: str, name: str, value: int, where: str, says_now: str, page: Page, app_url: str
) -> None:
    shapes(page, app_url, f"lang=en&{link}")
    text = slider(page, name).evaluate(
        """(el, [value, where]) => {
            el.value = value;
            el.oninput(new Event('input'));  // answered before anything can be sent
            return el.getRootNode().querySelector(where).textContent;
        }""",
        [str(value), where],
    )
    assert says_now in text.replace("\u202f", " ")


def test_the_gradient_comes_behind_the_theory(page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&view=field&net=vgg16&side=224&layer=5")
    says = page.locator(".measured .says")
    expect(says).to_contain_text("standard deviation")
    height = page.locator(".measured").bounding_box()
    now = page.get_by_role("button", name="pool2", exact=True).evaluate(
        """el => {
            el.click();
            const found = el.getRootNode().querySelector('.measured');
            return [found.className, found.querySelector('.says').textContent];
        }"""
    )
    assert now[0].endswith("is-waiting")
    assert now[1].startswith("Theory: 16 × 16")
    expect(says).to_contain_text("standard deviation")
    assert page.locator(".measured").bounding_box() == height


def test_the_link_follows_and_leads_back(page: Page, app_url: str) -> None:
    shapes(page, app_url)
    slider(page, "kernel_size k").press("ArrowRight")
    slider(page, "padding p").press("ArrowRight")
    says(page, k="4", p="1")
    shapes(page, app_url, page.url.split("?")[1])
    expect(page.locator(".formula").first).to_have_text("⌊(8 + 1 + 1 − 1·(4−1) − 1) / 2⌋ + 1 = 4")


def test_a_term_shows_what_it_counts(page: Page, app_url: str) -> None:
    shapes(page, app_url)
    assert page.locator("svg .lit").count() == 0
    page.locator(".term.output").first.hover()
    expect(page.locator("svg .cell-output.lit")).to_have_count(1)
    page.locator(".term.stride").first.focus()
    expect(page.locator("svg .mark-stride")).to_have_count(1)


def test_windows_are_chosen_by_pointer_and_by_keys(page: Page, app_url: str) -> None:
    shapes(page, app_url)
    drawing = page.locator(".drawing svg")
    drawing.hover(position={"x": 120, "y": 60})
    expect(page.locator("svg .mark-output")).to_have_count(1)
    page.mouse.move(5, 5)
    expect(page.locator("svg .mark-output")).to_have_count(0)
    drawing.focus()
    page.keyboard.press("End")
    expect(page.locator(".said")).to_contain_text("Window 2", timeout=3000)
    page.keyboard.press("Escape")
    expect(page.locator("svg .mark-output")).to_have_count(0)


@pytest.mark.parametrize(
    ("label", "size"),
    [("8 · k3 s2", "3"), ("7 · k3 s2", "3"), ("5 · k4 p2", "6"), ("100 · k3 s2", "49"), ("100 · k3 p1 s2", "50")],
)
def test_the_articles_examples(label: str, size: str, page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&n=13")
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".formula").first).to_have_text(re.compile(rf"= {size}$"))
    expect(page.get_by_role("button", name=label, exact=True)).to_have_attribute("aria-pressed", "true")


def test_where_no_window_fits_a_sentence_says_so(page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&n=3&k=9")
    expect(page.locator(".rounding")).to_contain_text("Not even one window fits")
    assert page.locator("svg .window-taps").get_attribute("d") == ""


def test_the_derivation_is_stepped_through(page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&view=padding")
    lines = page.locator(".lines li:not(.unseen)")
    everything = lines.count()
    page.get_by_role("button", name="Step by step").click()
    expect(lines).to_have_count(1)
    for seen in range(2, everything + 1):
        page.get_by_role("button", name="Next line").click()
        expect(lines).to_have_count(seen)
    expect(page.get_by_role("button", name="Step by step")).to_be_visible()
    expect(page.locator(".scheme[data-name=same]")).to_contain_text("PyTorch refuses s > 1")


def test_a_wanted_size_is_taken_to_the_formula(page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&view=inverse&n=8&o=4")
    slider(page, "Wanted output size o").press("ArrowRight")
    says(page, wanted="5")
    page.get_by_role("button", name="have an odd kernel").click()
    page.get_by_role("button", name="pad both sides alike").click()
    rows = page.locator("tbody tr")
    expect(page.locator("h2.count")).to_contain_text("make 5 from 8")
    assert all(int(k) % 2 for k in rows.locator("th").all_inner_texts())
    kernel = rows.first.locator("th").inner_text()  # read before it is taken: then the view goes
    assert kernel != "3", "the default would not be in the link"
    rows.first.get_by_role("button").click()
    says(page, k=kernel)
    expect(page.locator(".formula").first).to_have_text(re.compile("= 5$"))


def test_the_border_is_counted(page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&view=usage&s=1")
    expect(page.locator(".facts")).to_contain_text("a corner 1,")
    expect(page.locator(".facts")).to_contain_text("the centre 9")
    page.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".facts")).to_contain_text("Pixel (0, 1) is used 1 · 2 = 2 times.")


def test_a_chain_is_edited_while_the_focus_stays(page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&view=chain")
    expect(page.locator(".breaks")).to_contain_text("Layer 7 (conv5) does not work")
    padding = page.get_by_label("p 7", exact=True)
    padding.fill("1")
    expect(page.locator(".breaks")).to_contain_text("Every layer fits")
    expect(padding).to_be_focused()
    page.get_by_role("button", name="Remove this layer: 7").click()
    expect(page.locator("tbody tr")).to_have_count(6)
    page.get_by_role("button", name="Add a layer like this one: 1", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(7)
    page.get_by_role("button", name="LeNet-5").click()
    expect(page.locator(".totals")).to_contain_text("61 706")
    says(page, net="lenet5")


def test_a_clicked_unit_shows_its_field(page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&view=field&net=lenet5&channels=1&side=28&layer=2")
    canvas = page.locator("canvas.picture")
    box = canvas.bounding_box()
    assert box is not None
    canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.locator(".unit")).to_contain_text("of 14 × 14 sees rows")
    page.wait_for_url(re.compile("unit="))
    unit = [int(n) for n in params(page.url)["unit"].split(",")]
    assert all(5 <= n <= 8 for n in unit)
    expect(page.locator(".measured .says")).to_contain_text("Theory: 6 × 6")
    page.get_by_role("button", name="pool2").click()
    expect(page.locator(".seen-title")).to_contain_text("16 × 16")
    expect(page.locator(".sums")).to_contain_text("14 + 1·2 = 16")


def test_the_stack_is_cheaper(page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&view=stack")
    expect(page.locator(".verdict")).to_contain_text("18·C² against 25·C²")
    page.get_by_role("button", name="7 × 7 or 3 × (3 × 3)").click()
    expect(page.locator(".verdict")).to_contain_text("27·C² against 49·C²")


@pytest.mark.parametrize("page", [{**PHONE, "has_touch": True}], indirect=True)
def test_what_a_finger_chose_stays_when_it_is_lifted(page: Page, app_url: str) -> None:
    shapes(page, app_url)
    page.locator(".drawing svg").scroll_into_view_if_needed()
    box = page.locator(".drawing svg").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 120, box["y"] + 12)
    expect(page.locator("svg .mark-output")).to_have_count(1)


def test_focus_stays_in_the_table_when_its_last_layer_goes(page: Page, app_url: str) -> None:
    shapes(page, app_url, "lang=en&view=chain")
    page.get_by_role("button", name="Remove this layer: 7").press("Enter")
    expect(page.get_by_role("button", name="Remove this layer: 6")).to_be_focused()


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_nothing_is_wider_than_a_phone(page: Page, app_url: str) -> None:
    for view in VIEWS:
        shapes(page, app_url, f"lang=zh&view={view}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, view


def test_every_view_stands_on_one_screen(page: Page, app_url: str) -> None:
    for view in VIEWS:
        shapes(page, app_url, f"lang=en&view={view}")
        box = page.locator("section.view").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 720, view


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_in_any_view(scheme: str, new_page: NewPage, app_url: str) -> None:
    page = new_page(scheme=scheme)
    for view in VIEWS:
        shapes(page, app_url, f"lang={'zh' if scheme == 'dark' else 'en'}&view={view}")
        assert not violations(page), view + "\n" + "\n".join(violations(page))


MATTERS: Matters = {
    "0.5 3 x 3 is best": ("shapes?view=stack", "shapes.stack.half_true"),
    "0.9 same at stride 2": ("shapes?view=padding&s=2", "shapes.padding.remark_same"),
    "0.9 refused": ("shapes?view=padding&s=2", "shapes.padding.refused"),
    "0.9 2.10 uneven": ("shapes?view=padding&k=4&s=1", "shapes.padding.remark_same_uneven"),
    "0.11 grows": ("shapes?n=5&k=4&p=2&s=1", "shapes.axis.example_grows"),
    "0.12 keeps the size": ("shapes?n=4&k=3&p=1&s=1", "shapes.axis.example_padded"),
    "0.14 every other": ("shapes?n=9&k=3&s=2", "shapes.axis.remark_stride"),
    "1.6 the amount": ("shapes?n=4&k=3&s=1", "shapes.axis.example_no_padding"),
    "1.6 amount and value": ("shapes?view=fill", "shapes.fill.amount_and_value"),
    "1.7 shrinks": ("shapes?view=chain", "shapes.chain.remark_own"),
    "1.8 1.9 divides, OW": ("shapes?n=7&k=3&s=2", "shapes.axis.example_divides"),
    "1.10 2.12 rounds": ("shapes?n=8&k=3&s=2", "shapes.axis.example_rounds"),
    "2.9 4.10 49": ("shapes?n=100&k=3&s=2", "shapes.axis.example_hundred"),
    "2.9 4.10 50": ("shapes?n=100&k=3&s=2&p=1", "shapes.axis.example_half"),
    "2.11 derived": ("shapes?view=padding&k=3&s=1", "shapes.padding.why_odd"),
    "3.1 parameters": ("shapes?view=chain&layer=0", "shapes.chain.conv_letters"),
    "4.11 3 then 5": ("shapes?view=field", "shapes.field.note"),
}


def test_what_articles_get_wrong_is_put_right_where_a_reader_meets_it(page: Page, app_url: str) -> None:
    assert unread(page, app_url, MATTERS) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_valid_is_said_to_be_the_only_name_where_its_row_is_looked_at(lang: str, page: Page, app_url: str) -> None:
    shapes(page, app_url, f"view=padding&lang={lang}")
    page.get_by_text("valid", exact=True).first.hover()
    assert is_read(page, Texts(lang), "shapes.padding.remark_valid")
