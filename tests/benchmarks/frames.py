"""How soon a page that draws in the browser answers, and how many frames a second it keeps: what two benchmarks share.

A page that is measured has `window.change(i)`, which changes something, and `window.painted()`, the moment at which the
frame that shows it has been painted.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

from playwright.sync_api import Browser, CDPSession, Page

from tests.benchmarks.table import Row, p95

UNBOUND = ("--disable-frame-rate-limit", "--disable-gpu-vsync")
ROUNDS, SECONDS = 120, 3.0
FRAME_MS, FRAMES = 1000 / 60, 59.0

SINGLE = """async (rounds) => {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    await new Promise((done) => setTimeout(done, 8 + (i % 7)));
    const start = performance.now();
    window.change(i);
    times.push((await window.painted()) - start);
  }
  return times;
}"""

STREAM = """async (seconds) => {
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < seconds * 1000) {
    window.change(frames);
    await window.painted();
    frames += 1;
  }
  return frames / ((performance.now() - start) / 1000);
}"""


def busy(cdp: CDPSession) -> float:
    """Seconds of a core the page's main thread has used: other programs do not count."""
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))


def single(page: Page) -> tuple[list[float], float]:
    """Milliseconds of single changes until they are painted, and of the main thread for each of them."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = busy(cdp)
    times = [float(ms) for ms in page.evaluate(SINGLE, ROUNDS)]
    each = 1000 * (busy(cdp) - before) / ROUNDS
    page.context.close()
    return times, each


def stream(page: Page) -> float:
    """Frames a second while every frame changes something."""
    rate = float(page.evaluate(STREAM, SECONDS))
    page.context.close()
    return rate


def rows_of(
    name: str, words: tuple[str, str], ready: Callable[[Browser], Page], free: Browser, bound: Browser
) -> list[Row]:
    """Two rows: single changes at an unbound frame rate, and a stream of them at the screen's own."""
    times, each = single(ready(free))
    note = f"median {statistics.median(times):.1f} ms, of the main thread {each:.1f}"
    soon = Row.at_most(f"{name}: {words[0]}, 95th percentile", p95(times), round(FRAME_MS, 1), " ms", note)
    return [soon, Row.at_least(f"{name}: frames a second, {words[1]}", stream(ready(bound)), FRAMES)]
