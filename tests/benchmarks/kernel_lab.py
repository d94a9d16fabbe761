"""How soon a change of the kernel is painted as a 512 x 512 map, beside a Streamlit page that changes a line of text.

The browser works the map out itself and gets the server's when the hand rests. Of a kernel above 81 taps the first few
changes are the server's, until the browser has caught up (they are among the rounds that warm up). Settings that change
where windows lie, or the whole kernel, have rows of their own: all of the map's products are then made anew.

Both in one run, taking turns. A change of the lab ends when the new map was put on its canvas and a frame painted; a
change of the floor page when its text differs and a frame painted.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.table import Row, p95, printed
from tests.browser.harness import chromium_path, context_options, launch, settled
from tests.serving import serving, streamlit_run

FLOOR = streamlit_run(Path(__file__).parent / "floors" / "text.py")
ROUNDS = 40
DRAG_SECONDS = 3.0
BAR, BAR_UPDATES = 1.25, 20.0
Change = Callable[[Page], float]

PICTURE = "kernels?picture=astronaut&lang=en"
LARGE = ";".join([",".join(["0.01"] * 13)] * 13)
SETTINGS = {
    "three channels summed": "channels=sum",
    "each channel, in colour": "channels=each&view=clip",
    "grey": "channels=grey",
    "13x13 kernel, grey": f"channels=grey&kernel=custom&w={LARGE}",
}

# A slider by its name, the two values it goes to and fro between, and the lab it stands in.
SLIDERS = {
    "stride": ("stride", ("1", "2"), "channels=each&view=clip"),
    "dilation": ("dilation", ("1", "2"), "channels=each&view=clip"),
    "width of a Gaussian, 5x5, grey": ("Width σ", ("1", "1.4"), "kernel=gaussian&tab=make"),
    "wavelength of a Gabor, 9x9, grey": ("Wavelength λ", ("4", "6"), "kernel=gabor&tab=make"),
}

# Counts a map when it has been put on its canvas and a frame was painted after it; the padded picture is larger.
WATCH = """(() => {
  const put = CanvasRenderingContext2D.prototype.putImageData;
  window.maps = [];
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {
    put.call(this, image, ...rest);
    if (![256, 512].includes(image.width) || image.height !== image.width) return; // 256 at stride 2
    const painted = () => { window.maps.push(performance.now()); window.told?.(performance.now()); };
    requestAnimationFrame(() => setTimeout(painted));
  };
})()"""

CHANGE_LAB = """(cell) => new Promise((done) => {
  const start = performance.now();
  window.told = (t) => { window.told = null; done(t - start); };
  cell.focus();
  cell.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true, composed: true }));
})"""

CHANGE_SLIDER = """(slider, [one, other]) => new Promise((done) => {
  const start = performance.now();
  window.told = (t) => { window.told = null; done(t - start); };
  slider.value = slider.value === one ? other : one;
  slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
})"""

CHANGE_TEXT = """(button) => new Promise((done) => {
  const text = () => document.querySelector('[data-testid="stText"]')?.textContent;
  const before = text();
  const start = performance.now();
  const seen = new MutationObserver(() => {
    if (text() === before) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  });
  seen.observe(document.body, { subtree: true, childList: true, characterData: true });
  button.click();
})"""


def changes(lab: Page, floor: Page, change: Change) -> tuple[list[float], list[float]]:
    """Milliseconds of single changes, the two pages taking turns."""
    button = floor.locator("button", has_text="change")
    ours, theirs = [], []
    for turn in range(ROUNDS + 5):
        pair = change(lab), float(button.evaluate(CHANGE_TEXT))
        if turn >= 5:
            ours.append(pair[0])
            theirs.append(pair[1])
        lab.wait_for_timeout(60)
    return ours, theirs


def weight(lab: Page) -> float:
    """Milliseconds of one weight's change."""
    return float(lab.locator(".grid .cell").nth(4).evaluate(CHANGE_LAB))


def slide(lab: Page, name: str, values: tuple[str, str]) -> float:
    """Milliseconds of the change of a slider."""
    return float(lab.locator(f"input[type=range][aria-label='{name}']").evaluate(CHANGE_SLIDER, list(values)))


def updates(lab: Page) -> float:
    """Maps painted in a second while a cell is dragged, the pointer moving at every frame."""
    box = lab.locator(".grid .cell").nth(4).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.mouse.move(x, y)
    lab.mouse.down()
    lab.mouse.move(x + 20, y)
    lab.wait_for_timeout(300)
    before = int(lab.evaluate("window.maps.length"))
    start = float(lab.evaluate("performance.now()"))
    step, now = 0, start
    while now - start < DRAG_SECONDS * 1000:
        step += 1
        lab.mouse.move(x + 20 + 5 * (step % 40), y)
        lab.wait_for_timeout(8)
        now = float(lab.evaluate("performance.now()"))
    count = int(lab.evaluate("window.maps.length")) - before
    lab.mouse.up()
    return count / ((now - start) / 1000)


def measure() -> list[Row]:
    """Rows for each way the three channels become maps, and for sliders."""
    rows = []
    path = chromium_path()
    with sync_playwright() as playwright, serving() as app, serving(FLOOR, ready="/_stcore/health") as text:
        browser = launch(playwright, path)
        for name, query in SETTINGS.items():
            with beside(browser, f"{app.url}/{PICTURE}&{query}", text.url) as (lab, floor):
                rows += [_row(f"kernel change, {name}", *changes(lab, floor, weight)), _rate(name, updates(lab))]
        for name, (label, values, query) in SLIDERS.items():
            with beside(browser, f"{app.url}/{PICTURE}&{query}", text.url) as (lab, floor):
                rows.append(_row(name, *changes(lab, floor, partial(slide, name=label, values=values))))
        browser.close()
    return rows


@contextmanager
def beside(browser: Browser, url: str, text_url: str) -> Iterator[tuple[Page, Page]]:
    """The lab under this address and the floor page, both at rest."""
    lab = browser.new_context(**context_options()).new_page()
    lab.add_init_script(WATCH)
    lab.goto(url)
    settled(lab)
    floor = browser.new_context(**context_options()).new_page()
    settled_floor(floor, text_url)
    lab.bring_to_front()
    yield lab, floor
    lab.context.close()
    floor.context.close()


def settled_floor(floor: Page, url: str) -> None:
    """The floor page, at rest."""
    floor.goto(url)
    settled(floor, last='[data-testid="stText"]')


def _row(name: str, ours: list[float], theirs: list[float]) -> Row:
    lab, text = statistics.median(ours), statistics.median(theirs)
    note = f"{lab:.1f} ms, 95 % within {p95(ours):.0f}; one line of text {text:.1f} ms, {p95(theirs):.0f}"
    return Row.at_most(f"{name}: to 512x512x3 map painted", lab / text, BAR, "x", note)


def _rate(name: str, rate: float) -> Row:
    return Row.at_least(f"maps a second while a cell is dragged, 512x512x3, {name}", rate, BAR_UPDATES, "/s")


def main() -> int:
    """Print the table."""
    print(printed(measure()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
