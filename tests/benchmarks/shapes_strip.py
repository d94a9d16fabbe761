"""How soon the shapes page answers while a slider is dragged, from the input to the painted frame; no server between.

Measured like the step player, on the strip of one axis and on the grids of two.
"""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.step_player import FRAME_MS, FRAMES, ROUNDS, SECONDS, SINGLE, STREAM, UNBOUND, busy
from tests.benchmarks.table import Row, p95
from tests.browser.harness import chromium_path, context_options, launch, settled
from tests.serving import serving

STRIPS = {
    "8 pixels": "n=8&k=3&s=2",
    "128 pixels, 126 windows": "n=128&k=3&s=1",
    "two axes of 24": "two=1&n=24&k=5&p=4&s=1",
    "six ways to pad": "view=padding&n=128&k=7&s=1",
    "uses of 128 x 128": "view=usage&n=128&k=7&s=1",
}

TOOLS = """(root) => {
  const slider = [...root.querySelectorAll(".knob.stride input[type=range]")][0];
  window.painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(0);
  }));
  window.change = (i) => {
    slider.value = i % 2 ? "1" : "2";
    slider.dispatchEvent(new Event("input"));
  };
}"""


def view(browser: Browser, url: str, query: str) -> Page:
    """The view at rest, with its tools."""
    page = browser.new_context(**context_options()).new_page()
    page.goto(f"{url}/shapes?{query}&lang=en")
    settled(page)
    page.wait_for_timeout(800)
    page.evaluate(TOOLS, page.locator("section.view").element_handle())
    return page


def single(browser: Browser, url: str, query: str) -> tuple[list[float], float]:
    """Milliseconds of single changes until they are painted, and of the main thread for each of them."""
    page = view(browser, url, query)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = busy(cdp)
    times = [float(ms) for ms in page.evaluate(SINGLE, ROUNDS)]
    each = 1000 * (busy(cdp) - before) / ROUNDS
    page.context.close()
    return times, each


def stream(browser: Browser, url: str, query: str) -> float:
    """Frames a second while every frame changes something."""
    page = view(browser, url, query)
    rate = float(page.evaluate(STREAM, SECONDS))
    page.context.close()
    return rate


def measure() -> list[Row]:
    """Two rows for each size."""
    rows: list[Row] = []
    path = chromium_path()
    with sync_playwright() as playwright, serving() as app:
        free, bound = launch(playwright, path, *UNBOUND), launch(playwright, path)
        for name, query in STRIPS.items():
            times, each = single(free, app.url, query)
            note = f"median {statistics.median(times):.1f} ms, of the main thread {each:.1f}"
            row = f"shapes, {name}: the stride changed, input to painted, 95th percentile"
            rows.append(Row.at_most(row, p95(times), round(FRAME_MS, 1), " ms", note))
            row = f"shapes, {name}: frames a second, the stride changing in each"
            rows.append(Row.at_least(row, stream(bound, app.url, query), FRAMES))
        free.close()
        bound.close()
    return rows
