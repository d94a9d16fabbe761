"""How soon the shapes page answers while a slider is dragged, from the input to the painted frame that says it.

Measured like the step player; a change ends when the text that follows it differs and a frame has been painted.
"""

from __future__ import annotations

from functools import partial

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.frames import UNBOUND, rows_of
from tests.benchmarks.table import Row
from tests.browser.harness import chromium_path, context_options, launch, settled
from tests.serving import serving

STRIDE = (".knob.stride", (2, 1))
VIEWS = {
    "8 pixels": ("n=8&k=3&s=2", *STRIDE, ".formula"),
    "128 pixels, 126 windows": ("n=128&k=3&s=1", *STRIDE, ".formula"),
    "two axes of 24": ("two=1&n=24&k=5&p=4&s=1", *STRIDE, ".sums"),
    "six ways to pad": ("view=padding&n=128&k=7&s=1", *STRIDE, ".schemes"),
    "uses of 128 x 128": ("view=usage&n=128&k=7&s=1", *STRIDE, ".facts"),
    "4 from 8": ("view=inverse&n=8", "label.wanted", (4, 5), ".count"),
    "1 from 128": ("view=inverse&n=128&op=pool", "label.wanted", (32, 33), ".count"),
    "a chain of 7": ("view=chain&side=40", "label.side", (40, 41), ".totals"),
    "VGG-16": ("view=chain&net=vgg16&side=224", "label.side", (224, 225), ".totals"),
    "fields of a chain of 7": ("view=field&side=40", "label.side", (40, 48), "table.shown"),
    "fields of VGG-16": ("view=field&net=vgg16&side=224&layer=63", "label.side", (224, 200), "table.shown"),
    "5 x 5 or two 3 x 3": ("view=stack", "label.width", (64, 65), ".compare"),
}
"""Query, the slider's place, the two values it goes between, and what says the change in words."""

TOOLS = """([root, knob, values, says]) => {
  const slider = root.querySelector(`${knob} input[type=range]`);
  const text = () => root.querySelector(says).textContent;
  const frame = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(0);
  }));
  let before = "";
  window.change = (i) => {
    before = text();
    slider.value = String(slider.value === String(values[0]) ? values[1] : values[0]);
    slider.dispatchEvent(new Event("input"));
  };
  window.painted = async () => {
    for (let tries = 0; text() === before && tries < 2000; tries += 1) await new Promise((done) => setTimeout(done, 1));
    return frame();
  };
}"""


def view(browser: Browser, url: str, how: tuple[str, str, tuple[int, int], str]) -> Page:
    """The view at rest, with its tools."""
    query, knob, values, says = how
    page = browser.new_context(**context_options()).new_page()
    page.goto(f"{url}/shapes?{query}&lang=en")
    settled(page)
    page.wait_for_timeout(800)
    page.evaluate(TOOLS, [page.locator("section.view").element_handle(), knob, list(values), says])
    return page


def measure() -> list[Row]:
    """Two rows for each view."""
    rows: list[Row] = []
    path = chromium_path()
    with sync_playwright() as playwright, serving() as app:
        free, bound = launch(playwright, path, *UNBOUND), launch(playwright, path)
        for name, how in VIEWS.items():
            words = "a slider moved, input to painted", "the slider moving in each"
            rows += rows_of(f"shapes, {name}", words, partial(view, url=app.url, how=how), free, bound)
        free.close()
        bound.close()
    return rows
