"""The shell in a real browser: links, languages, themes, presentation, navigation, restarts; on every page there is."""

from __future__ import annotations

import difflib
import re

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cnnviz.i18n import Texts
from cnnviz.ui.rooms import rooms
from tests.browser.harness import NewPage, Watch, context_options, settled
from tests.browser.rooms import PAGES, ROOMS, params, query_of, title
from tests.serving import Server, serving

# What a browser may say while the server is gone.
GONE = ["ERR_", "WebSocket", "Client Error", "Client error", "not responding", "Connection timed out"]

every_page = pytest.mark.parametrize("name", PAGES, ids=lambda name: name or "home")
every_room = pytest.mark.parametrize("name", ROOMS)
# Where the shell alone answers, whatever the page, two pages of different make stand for all.
two_rooms = pytest.mark.parametrize("name", ["kernels", "pooling"])
two_pages = pytest.mark.parametrize("name", ["", "shapes"], ids=["home", "shapes"])


HIDE_BAR = "hidden => { document.querySelector('.st-key-shell-bar').style.display = hidden ? 'none' : '' }"


def shown(page: Page) -> str:
    """Everything the page says to a reader who cannot see it, values included, at rest; the bar left out."""
    before = ""
    for _ in range(20):
        settled(page).evaluate(HIDE_BAR, True)
        said = page.get_by_test_id("stMain").aria_snapshot()
        page.evaluate(HIDE_BAR, False)
        if said == before:
            return said
        before = said
        page.wait_for_timeout(700)  # sentences and tables are written half a second after the last change
    raise AssertionError(f"{page.url} never says the same twice")


def same(now: str, before: str) -> None:
    """Fail with the lines that differ."""
    lines = difflib.unified_diff(before.splitlines(), now.splitlines(), "before", "now", n=0, lineterm="")
    assert now == before, "\n".join(lines)


def bar(page: Page) -> Locator:
    return page.locator(".st-key-shell-bar .bar")


def is_dark(page: Page) -> bool:
    colour = page.get_by_test_id("stApp").evaluate("el => getComputedStyle(el).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3])) < 200


def go(page: Page, name: str) -> None:
    """To another page by the navigation."""
    if name:
        group = next(room.group for room in rooms() if room.id == name)
        page.get_by_test_id("stTopNavSection").get_by_text(Texts("en")(f"groups.{group}"), exact=True).click()
    kind = "stTopNavDropdownLink" if name else "stTopNavLink"
    page.get_by_test_id(kind).get_by_text(title(name), exact=True).click()
    expect(page).to_have_url(re.compile(rf"/{name}(\?|$)"))
    settled(page)


@two_rooms
def test_the_first_visitor_of_a_fresh_server_comes_by_a_deep_link(name: str, browser: Browser) -> None:
    with serving() as fresh:
        watch = Watch(fresh)
        context = browser.new_context(**context_options())
        watch.context(context)
        page = context.new_page()
        page.goto(f"{fresh.url}/{name}?{query_of(name, 'zh')}")
        settled(page)
        expect(page.locator("h1").first).to_contain_text(title(name, "zh"))
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
        assert params(page.url) == params("?" + query_of(name, "zh"))
        watch.look()
        context.close()
        watch.check()


@every_page
def test_the_address_says_what_the_link_said_and_a_reload_shows_the_same(name: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{name}?{query_of(name)}")
    before = shown(page)
    assert params(page.url) == params("?" + query_of(name))
    page.reload()
    same(shown(page), before)


@every_page
def test_nothing_in_a_link_breaks_a_page(name: str, page: Page, app_url: str) -> None:
    nonsense = "&".join(f"{key}=%3Cscript%3E" for key in ("picture", "kernel", "stride", "size", "view", "w", "lang"))
    page.goto(f"{app_url}/{name}?{nonsense}&present=x&hide=nonsense&kernel_size={'9' * 3000}")
    settled(page)
    expect(page.locator("h1").first).to_be_visible()
    assert params(page.url) == {}


@every_page
def test_a_language_switch_keeps_everything(name: str, new_page: NewPage, app_url: str) -> None:
    page, chinese = new_page(), new_page()
    chinese.goto(f"{app_url}/{name}?{query_of(name, 'zh')}")
    page.goto(f"{app_url}/{name}?{query_of(name)}")
    before = shown(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    bar(page).get_by_text("中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    same(shown(page), shown(chinese))
    assert params(page.url) == params("?" + query_of(name, "zh"))
    bar(page).get_by_text("EN").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    same(shown(page), before)
    assert params(page.url) == params("?" + query_of(name, "en"))


@two_pages
def test_a_theme_switch_keeps_everything(name: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{name}?{query_of(name, 'zh')}")
    before = shown(page)
    assert not is_dark(page)
    with page.expect_navigation():
        bar(page).locator(".theme").click()
    same(shown(page), before)
    assert is_dark(page)
    assert params(page.url) == params("?" + query_of(name, "zh"))
    with page.expect_navigation():
        bar(page).locator(".theme").click()
    settled(page)
    assert not is_dark(page)


def test_the_chosen_theme_holds_on_every_page(page: Page, app_url: str) -> None:
    page.goto(app_url)
    settled(page)
    with page.expect_navigation():
        bar(page).locator(".theme").click()
    for name in PAGES:
        page.goto(f"{app_url}/{name}")
        settled(page)
        assert is_dark(page), name


@pytest.mark.parametrize("page", [{"scheme": "dark", "locale": "zh-CN"}], indirect=True)
def test_the_first_guess_is_the_browsers_language_and_theme(page: Page, app_url: str) -> None:
    page.goto(app_url)
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert is_dark(page)
    assert params(page.url) == {}


@two_pages
def test_presentation_mode_hides_the_chrome_and_comes_back(name: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{name}?{query_of(name)}")
    before = shown(page)
    size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.keyboard.press("p")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    settled(page)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") > 1.2 * size
    assert params(page.url) == {**params("?" + query_of(name)), "present": "1"}
    page.reload()
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    settled(page)
    page.keyboard.press("p")
    expect(page.get_by_test_id("stHeader")).to_be_visible()
    same(shown(page), before)
    assert params(page.url) == params("?" + query_of(name))


@two_pages
def test_keyboard_help_opens_and_closes(name: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{name}")
    settled(page)
    page.keyboard.press("?")
    dialog = page.locator("dialog.keys")
    expect(dialog).to_be_visible()
    expect(dialog.locator("dt").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    bar(page).locator(".help").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(
    ("link", "there", "missing"),
    [
        ("", ["presentation mode"], ["move the window", "play or pause"]),
        ("kernels?lang=en", ["move the window", "change the weight", "closer, farther"], ["play or pause"]),
        ("convolution?lang=en", ["play or pause", "from cell to cell"], ["move the window", "landscape"]),
        ("pooling?lang=zh", ["播放或暂停"], ["移动窗口"]),
    ],
)
def test_the_list_of_keys_says_what_does_something_on_this_page(
    link: str, there: list[str], missing: list[str], page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/{link}")
    settled(page)
    page.keyboard.press("?")
    said = page.locator("dialog.keys dl").inner_text()
    assert [words for words in there if words not in said] == []
    assert [words for words in missing if words in said] == []


def read(code: Locator) -> str:
    """What a phone reads in a QR code once it stands still."""
    said = ""
    for _ in range(10):
        pixels = cv2.imdecode(np.frombuffer(code.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
        said = str(cv2.QRCodeDetector().detectAndDecode(pixels)[0])
        if said:
            break
        code.page.wait_for_timeout(200)  # the dialog is still opening
    return said


@every_room
def test_a_shared_link_shows_the_same_in_another_browser(name: str, new_page: NewPage, app_url: str) -> None:
    mine = new_page()
    mine.goto(f"{app_url}/{name}?{query_of(name, 'zh')}&present=1")
    settled(mine)
    mine.keyboard.press("p")
    expect(mine.get_by_test_id("stHeader")).to_be_visible()
    settled(mine)
    mine.locator(".st-key-share-link button").click()
    link = mine.get_by_test_id("stDialog").locator("code").inner_text().strip()
    assert link.startswith(f"{app_url}/{name}?")
    assert params(link) == params("?" + query_of(name))  # a reader's own language and projector stay theirs
    assert read(mine.get_by_test_id("stDialog").locator(".qr img")) == link
    mine.keyboard.press("Escape")
    expect(mine.get_by_test_id("stDialog")).to_be_hidden()
    theirs = new_page(locale="zh-CN", viewport=(1280, 720))
    theirs.goto(link)
    same(shown(theirs), shown(mine))


@two_rooms
def test_another_page_and_back_keeps_the_state(name: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{name}?{query_of(name)}")
    before = shown(page)
    other = next(room for room in PAGES if room != name)
    go(page, other)
    assert params(page.url) == {}
    go(page, name)
    assert params(page.url) == params("?" + query_of(name))
    same(shown(page), before)


@two_rooms
def test_the_browsers_back_and_forward_work(name: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{name}?{query_of(name)}")
    before = shown(page)
    other = next(room for room in ROOMS if room != name)
    go(page, other)
    page.go_back()
    expect(page.locator("h1").first).to_contain_text(title(name))
    same(shown(page), before)
    assert params(page.url) == params("?" + query_of(name))
    page.go_forward()
    expect(page.locator("h1").first).to_contain_text(title(other))


def test_who_comes_back_at_once_is_heard_at_once(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/lenet?lang=en")
    settled(page)
    go(page, "pooling")
    page.go_back()
    expect(page.locator("h1").first).to_contain_text(title("lenet"))
    settled(page)
    bar(page).get_by_text("中文").click()
    expect(page.locator("h1").first).to_contain_text(title("lenet", "zh"), timeout=900)


@pytest.mark.parametrize("name", ["convolution", "pooling"])
def test_a_page_with_a_player_needs_no_scrolling(name: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{name}?lang=en")
    settled(page)
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 0


def test_the_button_of_the_landing_page_opens_the_lab_and_back_comes_back(page: Page, app_url: str) -> None:
    page.goto(app_url)
    settled(page)
    page.locator(".home .start").click()
    expect(page).to_have_url(re.compile("/kernels"))
    settled(page)
    page.go_back()
    expect(page.locator(".home h1")).to_be_visible()


# Before the first answer's page goes, where everything on it lies and in which colours, beside Streamlit's.
HANDOVER = """addEventListener("DOMContentLoaded", () => {
  const places = (page) => [...document.querySelectorAll(`${page} .home > *, ${page} .card > *`)].map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    const { color, backgroundColor, fontSize, fontWeight } = getComputedStyle(part);
    return [part.tagName, part.src, x, y, width, height, color, backgroundColor, fontSize, fontWeight].join(" ");
  });
  const early = document.getElementById("early");
  early.querySelector(".start").focus();
  early.remove = () => {
    window.places = [places("#early"), places("#root")];
    Element.prototype.remove.call(early);
  };
})"""


@pytest.mark.parametrize(
    ("viewport", "scheme", "locale"), [((1280, 720), "dark", "en-GB"), ((390, 844), "light", "zh-CN")]
)
def test_the_first_answer_has_the_landing_page_and_nothing_moves_when_streamlit_takes_over(
    viewport: tuple[int, int], scheme: str, locale: str, new_page: NewPage, app_url: str
) -> None:
    page = new_page(viewport=viewport, scheme=scheme, locale=locale)
    page.add_init_script(HANDOVER)
    page.goto(app_url)
    settled(page)
    early, late = page.evaluate("window.places")
    assert len(early) > 20
    assert early == late
    assert page.evaluate("document.activeElement === document.querySelector('#root .start')")


def test_the_first_answer_is_in_the_readers_language(page: Page, server: Server) -> None:
    def asked(path: str, language: str) -> str:
        return page.request.get(server.url + path, headers={"accept-language": language}).text()

    assert Texts("zh")("home.headline") in asked("/", "zh-CN,zh;q=0.9,en;q=0.8")
    assert Texts("en")("home.headline") in asked("/", "fr")
    assert Texts("en")("home.headline") in asked("/?lang=en", "zh-CN")
    assert Texts("zh")("home.headline") in asked("/home?lang=zh", "en")
    assert 'id="early"' not in asked("/?present=1", "en")


def test_the_first_answer_stays_while_nothing_else_comes_and_leaves_another_page_free(page: Page, app_url: str) -> None:
    page.route_web_socket(re.compile("_stcore/stream"), lambda _: None)  # the server never says a word
    page.goto(app_url)
    page.get_by_test_id("stApp").wait_for(state="attached")
    expect(page.locator("#early h1")).to_be_visible()
    page.evaluate("history.pushState({}, '', 'shapes'); document.body.append(document.createElement('i'))")
    page.locator("#early").wait_for(state="detached")


@every_room
def test_every_page_is_a_card(name: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?lang=zh")
    settled(page)
    page.locator(f".home .card[href^='{name}?']").click()
    expect(page.locator("h1").first).to_contain_text(title(name, "zh"))


def test_a_restarted_server_shows_what_was_there(browser: Browser) -> None:
    name = "kernels"
    with serving() as server:
        watch = Watch(server, expected=GONE)
        context = browser.new_context(**context_options())
        watch.context(context)
        page = context.new_page()
        page.goto(f"{server.url}/{name}?{query_of(name, 'zh')}")
        before = shown(page)
        server.stop()
        expect(page.locator('[data-test-connection-state="CONNECTED"]')).to_have_count(0)
        server.start()
        expect(page.locator('[data-test-connection-state="CONNECTED"]')).to_have_count(1, timeout=60_000)
        same(shown(page), before)
        page.reload()
        same(shown(page), before)
        assert params(page.url) == params("?" + query_of(name, "zh"))
        context.close()
        watch.check()


@every_page
@pytest.mark.parametrize("page", [{"viewport": (390, 844), "locale": "zh-CN"}], indirect=True)
def test_on_a_phone_nothing_is_wider_than_the_window(name: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{name}?{query_of(name)}")
    settled(page)
    wide = page.evaluate(
        """() => {
            const main = document.querySelector('[data-testid="stMain"]');
            const over = (el) => el.scrollWidth - el.clientWidth;
            return Math.max(over(document.documentElement), over(main));
        }"""
    )
    assert wide <= 1


@pytest.mark.parametrize("page", [{"viewport": (390, 844)}], indirect=True)
def test_on_a_phone_every_page_is_reached(page: Page, app_url: str) -> None:
    page.goto(app_url)
    settled(page)
    for name in ROOMS:
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_role("link", name=title(name), exact=True).first.click()
        expect(page.locator("h1").first).to_contain_text(title(name))
        settled(page)
        if page.get_by_test_id("stSidebarCollapseButton").is_visible():
            page.get_by_test_id("stSidebarCollapseButton").click()


def focused(page: Page) -> str:
    """The label or text of what has the focus, inside shadow roots too."""
    return str(
        page.evaluate(
            """() => {
                let el = document.activeElement;
                while (el?.shadowRoot?.activeElement) el = el.shadowRoot.activeElement;
                return el?.getAttribute("aria-label") || el?.textContent || "";
            }"""
        )
    )


def tab_to(page: Page, label: str, most: int = 80) -> None:
    """Press Tab until the control named `label` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page).strip() == label:
            return
    raise AssertionError(f"{label!r} is not reached by Tab")


def test_with_the_keyboard_alone_from_the_landing_page_to_chinese_and_back(page: Page, app_url: str) -> None:
    page.goto(app_url)
    settled(page)
    tab_to(page, "Open the kernel lab")
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_contain_text(title("kernels"))
    settled(page)
    tab_to(page, "中文", most=150)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    settled(page)
    assert focused(page).strip() == "中文"  # the focus stays where the reader left it
    page.keyboard.press("p")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    page.keyboard.press("p")
    expect(page.get_by_test_id("stHeader")).to_be_visible()


def test_the_way_to_the_content_is_short_for_the_keyboard(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/kernels")
    settled(page)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to main content"


@every_page
def test_no_request_leaves_the_machine(name: str, page: Page, app_url: str) -> None:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(f"{app_url}/{name}?{query_of(name)}")
    settled(page)
    assert len(seen) > 20
    assert [url for url in seen if not url.startswith((app_url, "data:", "blob:"))] == []


def test_an_unknown_address_shows_the_landing_page(page: Page, app_url: str, watch: Watch) -> None:
    watch.expected.append("does not seem to exist")
    page.goto(f"{app_url}/nonsense")
    settled(page)
    expect(page.locator(".home h1")).to_be_visible()


def test_health_and_headers_of_the_running_app(page: Page, server: Server) -> None:
    for path in ("/healthz", "/readyz", "/_stcore/health", "/"):
        answer = page.request.get(server.url + path)
        assert answer.status == 200, path
        assert "object-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


SOME_SLIDER = {
    "convolution": "[data-knob=stride] input",
    "lenet?view=input": "main .sliders label:first-child input",
    "pixels?view=shift": "label.dx input",
    "pooling": "[data-knob=stride] input",
    "shapes": ".knob.kernel input",
}


@pytest.mark.parametrize("link", SOME_SLIDER)
def test_what_was_set_just_before_another_page_is_kept(link: str, page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{link}")
    settled(page)
    knob = page.locator(SOME_SLIDER[link]).first
    before = knob.input_value()
    knob.evaluate(
        """(el, away) => {
            el.value = Number(el.value) + 1;
            el.dispatchEvent(new Event("input", { bubbles: true }));
            away.click();
        }""",
        page.get_by_test_id("stTopNavLink").first.element_handle(),
    )
    expect(page.locator(".home h1")).to_be_visible()
    settled(page)
    page.go_back()
    expect(knob).to_have_value(str(int(before) + 1))
