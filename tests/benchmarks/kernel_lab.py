"""How soon a change of the kernel is painted as a 512 x 512 map, beside a Streamlit page that changes a line of text.

The browser works the map out itself and gets the server's when the hand rests. Of a kernel above 81 taps the first few
changes are the server's, until the browser has caught up (they are among the rounds that warm up).

Both in one run, taking turns. A change of the lab ends when the new map was put on its canvas and a frame painted; a
change of the floor page when its text differs and a frame painted.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.table import Row, p95, printed
from tests.browser.harness import chromium_path, context_options, launch, settled
from tests.serving import serving, streamlit_run

FLOOR = streamlit_run(Path(__file__).parent / "floors" / "text.py")
ROUNDS = 40
DRAG_SECONDS = 3.0
BAR, BAR_UPDATES = 1.25, 20.0

PICTURE = "kernels?picture=astronaut&lang=en"
LARGE = ";".join([",".join(["0.01"] * 13)] * 13)
SETTINGS = {
    "three channels summed": "channels=sum",
    "each channel, in colour": "channels=each&view=clip",
    "grey": "channels=grey",
    "13x13 kernel, grey": f"channels=grey&kernel=custom&w={LARGE}",
}

# Counts a map when it has been put on its canvas and a frame was painted after it; the padded picture is larger.
WATCH = """(() => {
  const put = CanvasRenderingContext2D.prototype.putImageData;
  window.maps = [];
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {
    put.call(this, image, ...rest);
    if (image.width !== 512 || image.height !== 512) return;
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


def changes(lab: Page, floor: Page) -> tuple[list[float], list[float]]:
    """Milliseconds of single changes, the two pages taking turns."""
    cell, button = lab.locator(".grid .cell").nth(4), floor.locator("button", has_text="change")
    ours, theirs = [], []
    for turn in range(ROUNDS + 5):
        pair = float(cell.evaluate(CHANGE_LAB)), float(button.evaluate(CHANGE_TEXT))
        if turn >= 5:
            ours.append(pair[0])
            theirs.append(pair[1])
        lab.wait_for_timeout(60)
    return ours, theirs


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
    """Rows for each way the three channels become maps."""
    rows = []
    path = chromium_path()
    with sync_playwright() as playwright, serving() as app, serving(FLOOR, ready="/_stcore/health") as text:
        browser = launch(playwright, path)
        for name, query in SETTINGS.items():
            lab = browser.new_context(**context_options()).new_page()
            lab.add_init_script(WATCH)
            lab.goto(f"{app.url}/{PICTURE}&{query}")
            settled(lab)
            floor = browser.new_context(**context_options()).new_page()
            settled_floor(floor, text.url)
            lab.bring_to_front()
            rows += _rows(name, *changes(lab, floor), updates(lab))
            lab.context.close()
            floor.context.close()
        browser.close()
    return rows


def settled_floor(floor: Page, url: str) -> None:
    """The floor page, at rest."""
    floor.goto(url)
    settled(floor, last='[data-testid="stText"]')


def _rows(name: str, ours: list[float], theirs: list[float], rate: float) -> list[Row]:
    lab, text = statistics.median(ours), statistics.median(theirs)
    note = f"{lab:.1f} ms, 95 % within {p95(ours):.0f}; one line of text {text:.1f} ms, {p95(theirs):.0f}"
    what = f"kernel change to 512x512x3 map painted, {name}"
    return [
        Row.at_most(what, lab / text, BAR, "x", note),
        Row.at_least(f"maps a second while a cell is dragged, 512x512x3, {name}", rate, BAR_UPDATES, "/s"),
    ]


def main() -> int:
    """Print the table."""
    print(printed(measure()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
