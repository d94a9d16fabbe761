"""How long a reader waits for the landing page, beside an empty Streamlit page, in one run, taking turns.

Two moments: the page is painted, links and all, from the server's first answer; and it is Streamlit's own, which has
taken its place.
"""

from __future__ import annotations

import statistics
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.benchmarks.table import Row
from tests.browser.harness import chromium_path, context_options, launch
from tests.serving import Server, serving, streamlit_run

FLOOR = streamlit_run(Path(__file__).parent / "floors" / "empty.py")
HEALTH = "/_stcore/health"
APP, OWN, EMPTY = ".home .offline", "#root .home .offline", '[data-testid="stText"]'
ROUNDS, FRESH_ROUNDS = 15, 5

# The moment, since the page was asked for, when its last word (`seen`) is there and a frame was painted.
PAINTED = """(seen) => new Promise((done) => {
  const look = () => {
    if (document.querySelector(seen)) setTimeout(() => done(performance.now()));
    else requestAnimationFrame(look);
  };
  look();
})"""


def load(context: BrowserContext, url: str, seen: str) -> float:
    """Milliseconds from asking for the page until it is painted."""
    page = context.new_page()
    page.goto(url, wait_until="commit")
    elapsed = float(page.evaluate(PAINTED, seen))
    page.close()
    return elapsed


def visit(browser: Browser, url: str, seen: str, *, warm: bool) -> float:
    """One visit by a browser that was never there, or was there just before."""
    context = browser.new_context(**context_options())
    if warm:
        load(context, url, seen)
    elapsed = load(context, url, seen)
    context.close()
    return elapsed


def fresh(browser: Browser, command: list[str] | None, ready: str, seen: str) -> float:
    """The first visit to a server that has just come up."""
    with serving(command, ready=ready) as server:
        return visit(browser, server.url, seen, warm=False)


def compare(browser: Browser, app: Server, floor: Server, *, warm: bool) -> list[float]:
    """Medians of the landing page painted, of Streamlit's own in its place, and of the empty page."""
    visits = ((app, APP), (app, OWN), (floor, EMPTY))
    rounds = [[visit(browser, server.url, seen, warm=warm) for server, seen in visits] for _ in range(ROUNDS)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def measure() -> list[Row]:
    """Cold and warm browser, and the first visitor of a fresh server."""
    rows = []
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        with serving() as app, serving(FLOOR, ready=HEALTH) as floor:
            visit(browser, app.url, APP, warm=False), visit(browser, floor.url, EMPTY, warm=False)
            for name, warm in (("cold", False), ("warm", True)):
                ours, own, theirs = compare(browser, app, floor, warm=warm)
                rows.append(_row(f"landing page, {name} browser", ours, theirs))
                note = f"{own:.0f} ms"
                rows.append(Row(f"the same, Streamlit's own in its place, {name}", f"{own / theirs:.3g}x ({note})"))
        pairs = [
            (fresh(browser, None, "/readyz", APP), fresh(browser, FLOOR, HEALTH, EMPTY)) for _ in range(FRESH_ROUNDS)
        ]
        medians = [statistics.median(values) for values in zip(*pairs, strict=True)]
        rows.append(_row("landing page, first reader of a fresh server", *medians))
        browser.close()
    return rows


def _row(what: str, ours: float, theirs: float) -> Row:
    return Row.at_most(what, ours / theirs, 1.15, "x", f"{ours:.0f} ms, an empty Streamlit page {theirs:.0f} ms")
