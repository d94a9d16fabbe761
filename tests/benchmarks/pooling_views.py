"""How soon the views of the pooling page follow a dragged slider, beside a Streamlit page that changes a line of text.

Both in one run, taking turns. A change ends when new pixels were put on a canvas of the view and a frame painted; a
change of the floor page when its text differs and a frame painted. An update of a drag is a frame with new pixels.
"""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.kernel_lab import BAR, BAR_UPDATES, CHANGE_TEXT, FLOOR, settled_floor
from tests.benchmarks.table import Row, p95
from tests.browser.harness import chromium_path, context_options, launch, settled
from tests.serving import serving

ROUNDS = 20
DRAG_SECONDS = 3.0
REST_MS = 400  # between single changes: what the server says at rest has come, and is not taken for the next change

VIEWS = {
    "on a picture, max, kernel_size": ("view=picture&picture=astronaut", "kernel-size", (3, 4)),
    "on a picture, max 8 x 8 overlapping, dilation": (
        "view=picture&picture=astronaut&kernel=8&tied=0&stride=1&padding=4",
        "dilation",
        (2, 1),
    ),
    "on a picture, median 7 x 7 overlapping, stride": (
        "view=picture&picture=astronaut&kind=median&kernel=7&tied=0",
        "stride",
        (1, 2),
    ),
    "on a picture, k-means 7 x 7 overlapping, stride": (
        "view=picture&picture=astronaut&kind=k_means&kernel=7&tied=0",
        "stride",
        (1, 2),
    ),
    "what stays the same, to the right": ("view=move", "dx", (2, 3)),
    "what stays the same, a picture turned, average": ("view=move&subject=picture&kind=avg", "turn", (10, 11)),
}
"""Query, the slider's class, and the two values it goes between."""

# Notes every frame in which pixels were put, and tells who waits for one.
WATCH = """(() => {
  const put = CanvasRenderingContext2D.prototype.putImageData;
  window.frames_put = [];
  let asked = false;
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {
    put.call(this, image, ...rest);
    if (asked || image.height < 2) return;
    asked = true;
    const painted = () => { window.frames_put.push(performance.now()); window.told?.(performance.now()); };
    requestAnimationFrame(() => { asked = false; setTimeout(painted); });
  };
})()"""

TURN = """([slider, value]) => {
  slider.value = String(value);
  slider.dispatchEvent(new Event("input"));
}"""

CHANGE = f"""([slider, value]) => new Promise((done) => {{
  const start = performance.now();
  window.told = (t) => {{ window.told = null; done(t - start); }};
  ({TURN})([slider, value]);
}})"""

DRAG = f"""async ([slider, values, seconds]) => {{
  const before = window.frames_put.length;
  const start = performance.now();
  for (let i = 0; performance.now() - start < seconds * 1000; i += 1) {{
    ({TURN})([slider, values[i % 2]]);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }}
  return (window.frames_put.length - before) / ((performance.now() - start) / 1000);
}}"""


def view(browser: Browser, url: str, query: str) -> Page:
    """The view at rest."""
    page = browser.new_context(**context_options()).new_page()
    page.add_init_script(WATCH)
    page.goto(f"{url}/pooling?{query}&lang=en")
    settled(page)
    page.locator("section.view canvas").first.wait_for()
    page.wait_for_timeout(800)
    return page


def changes(page: Page, floor: Page, knob: str, values: tuple[int, int]) -> tuple[list[float], list[float]]:
    """Milliseconds of single changes, the two pages taking turns."""
    slider = page.locator(f"section.view label.{knob} input").element_handle()
    button = floor.locator("button", has_text="change")
    ours, theirs = [], []
    for turn in range(ROUNDS + 3):
        pair = float(page.evaluate(CHANGE, [slider, values[turn % 2]])), float(button.evaluate(CHANGE_TEXT))
        if turn >= 3:
            ours.append(pair[0])
            theirs.append(pair[1])
        page.wait_for_timeout(REST_MS)
    return ours, theirs


def updates(page: Page, knob: str, values: tuple[int, int]) -> float:
    """Frames with new pixels in a second, the slider moving at every frame."""
    slider = page.locator(f"section.view label.{knob} input").element_handle()
    return float(page.evaluate(DRAG, [slider, list(values), DRAG_SECONDS]))


def measure() -> list[Row]:
    """Two rows for each view and slider."""
    rows: list[Row] = []
    path = chromium_path()
    with sync_playwright() as playwright, serving() as app, serving(FLOOR, ready="/_stcore/health") as text:
        browser = launch(playwright, path)
        floor = browser.new_context(**context_options()).new_page()
        settled_floor(floor, text.url)
        for name, (query, knob, values) in VIEWS.items():
            page = view(browser, app.url, query)
            rows += _rows(name, *changes(page, floor, knob, values), updates(page, knob, values))
            page.context.close()
        browser.close()
    return rows


def _rows(name: str, ours: list[float], theirs: list[float], rate: float) -> list[Row]:
    mine, floor = statistics.median(ours), statistics.median(theirs)
    note = f"{mine:.1f} ms, 95 % within {p95(ours):.0f}; one line of text {floor:.1f} ms, {p95(theirs):.0f}"
    return [
        Row.at_most(f"pooling, {name}: input to painted", mine / floor, BAR, "x", note),
        Row.at_least(f"pooling, {name}: updates a second while dragged", rate, BAR_UPDATES, "/s"),
    ]
