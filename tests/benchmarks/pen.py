"""How soon a movement of the pen is painted as all maps of a LeNet, and how many such pictures a second there are.

A movement ends when the maps of the first convolution were put on their sheet (all layers come in one answer and are
painted in one go) and a frame was painted after it.
"""

from __future__ import annotations

import statistics

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.table import Row, p95, printed
from tests.browser.harness import chromium_path, context_options, launch, settled
from tests.serving import serving

MOVES = 40
DRAW_SECONDS = 3.0
BAR_MS, BAR_UPDATES = 60.0, 20.0
SHEET = (28, 6 * 28)

WATCH = f"""(() => {{
  const put = CanvasRenderingContext2D.prototype.putImageData;
  window.maps = [];
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {{
    put.call(this, image, ...rest);
    if (image.width !== {SHEET[0]} || image.height !== {SHEET[1]}) return;
    const painted = () => {{ window.maps.push(performance.now()); window.told?.(performance.now()); }};
    requestAnimationFrame(() => setTimeout(painted));
  }};
}})()"""

MOVE = """(pad, share) => new Promise((done) => {
  const box = pad.getBoundingClientRect();
  const down = 0.3 + 0.4 * Math.abs(Math.sin(share * 9));
  const at = { clientX: box.left + box.width * share, clientY: box.top + box.height * down };
  const start = performance.now();
  window.told = (t) => { window.told = null; done(t - start); };
  pad.dispatchEvent(new PointerEvent("pointermove", { ...at, pointerId: 1, bubbles: true, composed: true }));
})"""


def measure() -> list[Row]:
    """Pen to maps, and maps a second."""
    with sync_playwright() as playwright, serving() as app:
        browser = launch(playwright, chromium_path())
        page = browser.new_context(**context_options()).new_page()
        page.add_init_script(WATCH)
        page.goto(f"{app.url}/lenet?lang=en&ink=-")
        settled(page)
        rows = [_latency(page), _rate(page)]
        browser.close()
    return rows


def _down(page: Page) -> tuple[float, float, float]:
    """The pen put down on the sheet: the sheet's left, top and side."""
    box = page.locator(".pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.wait_for_timeout(400)
    return box["x"], box["y"], box["width"]


def _latency(page: Page) -> Row:
    _down(page)
    pad = page.locator(".pad")
    took = []
    for turn in range(MOVES + 5):
        took.append(float(pad.evaluate(MOVE, 0.1 + 0.8 * turn / (MOVES + 5))))
        page.wait_for_timeout(30)
    page.mouse.up()
    page.wait_for_timeout(800)
    kept = took[5:]
    note = f"median {statistics.median(kept):.1f} ms, longest {max(kept):.0f}"
    return Row.at_most("pen to all maps of a LeNet painted, 95th percentile", p95(kept), BAR_MS, " ms", note)


def _rate(page: Page) -> Row:
    left, top, side = _down(page)
    before, start = int(page.evaluate("window.maps.length")), float(page.evaluate("performance.now()"))
    step, now = 0, start
    while now - start < DRAW_SECONDS * 1000:
        step += 1
        turn = step % 60
        page.mouse.move(
            left + side * (0.15 + 0.7 * abs(30 - turn) / 30), top + side * (0.2 + 0.6 * ((step * 7) % 50) / 50)
        )
        page.wait_for_timeout(8)
        now = float(page.evaluate("performance.now()"))
        if step % 100 == 0:  # a fresh sheet, so that it never is full
            page.mouse.up()
            page.get_by_role("button", name="Clear", exact=True).click()
            page.mouse.move(left + side * 0.5, top + side * 0.5)
            page.mouse.down()
    count = int(page.evaluate("window.maps.length")) - before
    page.mouse.up()
    return Row.at_least("all maps painted a second while drawing", count / ((now - start) / 1000), BAR_UPDATES, "/s")


if __name__ == "__main__":
    print(printed(measure()))
