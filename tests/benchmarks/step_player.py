"""How soon the step player answers, from the input to the painted frame, and how many frames a second it keeps.

The first with the browser's frame rate unbound, so that waiting for the screen does not count; the second with the
screen's sixty frames. Nothing of it asks the server, which is counted too.
"""

from __future__ import annotations

from functools import partial

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.frames import SECONDS, UNBOUND, rows_of
from tests.benchmarks.table import Row
from tests.browser.harness import chromium_path, context_options, launch, settled
from tests.serving import serving

GRIDS = {
    "8x8": "convolution?in=ramp&size=8&padding=1&kernel=1,0,-1;2,0,-2;1,0,-1",
    "32x32": "convolution?in=random&size=32&padding=1&kernel=1,0,-1;2,0,-2;1,0,-1",
    "56x56 with its padding": "convolution?in=random&size=32&padding=12&kernel=1,0,-1;2,0,-2;1,0,-1",
    "pooling 32x32, overlapping": "pooling?in=random&size=32&kernel=3&tied=0&padding=1",
}

# In the page: `painted` is when the next frame has been painted, for a message comes after the frame's own callbacks.
TOOLS = """([root, knob]) => {
  const slider = knob && root.querySelector(`[data-knob=${knob}] input[type=range]`);
  window.painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(0);
  }));
  window.change = (i) => {
    if (slider) slider.value = i % 2 ? "1" : "2";
    const init = { key: "ArrowRight", bubbles: true, composed: true };
    (slider || document.body).dispatchEvent(slider ? new Event("input", init) : new KeyboardEvent("keydown", init));
  };
}"""


def player(browser: Browser, url: str, query: str) -> tuple[Page, list[str]]:
    """A page at rest, and the list of what it sends to the server from now on."""
    page = browser.new_context(**context_options()).new_page()
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    page.goto(f"{url}/{query}&lang=en")
    settled(page)
    page.wait_for_timeout(800)
    sent.clear()
    return page, sent


def changing(browser: Browser, url: str, query: str, knob: str) -> Page:
    """A player whose knob, or step where there is none, can be changed by the script of the page."""
    page, _ = player(browser, url, query)
    page.evaluate(TOOLS, [page.locator(".player").element_handle(), knob])
    return page


def messages(browser: Browser, url: str, query: str) -> int:
    """What the page sends to the server while it plays."""
    page, sent = player(browser, url, query)
    page.keyboard.press(" ")
    page.wait_for_timeout(int(SECONDS * 1000))
    count = len(sent)
    page.context.close()
    return count


def measure() -> list[Row]:
    """Rows for each size of grid, for a step and for a setting."""
    rows: list[Row] = []
    path = chromium_path()
    with sync_playwright() as playwright, serving() as app:
        free, bound = launch(playwright, path, *UNBOUND), launch(playwright, path)
        for name, query in GRIDS.items():
            for what, knob in (("a step", ""), ("the stride", "stride")):
                words = f"{what} changed, input to painted", f"{what} changing in each"
                rows += rows_of(
                    f"step player, {name}", words, partial(changing, url=app.url, query=query, knob=knob), free, bound
                )
        sent = messages(bound, app.url, GRIDS["32x32"])
        rows.append(Row.at_most("step player: messages to the server while it plays", sent, 0))
        free.close()
        bound.close()
    return rows
