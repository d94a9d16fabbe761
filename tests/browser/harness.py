"""A real Chromium before the running app, watched: whatever goes wrong unseen makes the test fail."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    WebError,
    expect,
    sync_playwright,
)

from tests.conftest import unavailable
from tests.serving import Server

NewPage = Callable[..., Page]

expect.set_options(timeout=10_000)

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Nothing but this machine can be reached: a request that wants out fails, and is reported.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
LAST = ".st-key-shell-bar .bar[aria-label]"  # what every page ends with, once its script has run
APP = '[data-testid="stApp"]'
KEPT = "cookies,local_storage,indexeddb,service_workers"  # what a browser keeps for a site, besides its files


def chromium_path() -> str | None:
    """The system's Chromium, else Playwright's own, else none."""
    system = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if system is not None:
        return system
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def launch(playwright: Playwright, path: str | None, *more: str) -> Browser:
    """The Chromium at `path`, with `more` arguments; without one the test is skipped, on CI it fails."""
    if path is None:
        message = "no Chromium: install one, or run `playwright install chromium`"
        unavailable(message, required=bool(os.environ.get("CI")))
    return playwright.chromium.launch(executable_path=path, args=[*CHROMIUM_ARGS, *more])


@dataclass
class Watch:
    """Collects what went wrong on the pages of one test. `expected` holds parts of messages the test provokes."""

    server: Server
    expected: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    log_start: int = 0

    def __post_init__(self) -> None:
        self.log_start = len(self.server.log)

    def context(self, context: BrowserContext) -> None:
        """Watch every page this context opens, now and later."""
        for event, listener in self._listeners():
            context.on(event, listener)

    def release(self, context: BrowserContext) -> None:
        """Watch it no longer."""
        for event, listener in self._listeners():
            context.remove_listener(event, listener)

    def _listeners(self) -> list[tuple[Any, Callable[[Any], None]]]:
        return [("request", self._request), ("console", self._console), ("weberror", self._error), ("page", self._page)]

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _error(self, error: WebError) -> None:
        self.fault(f"page error: {error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        """On a deep link Streamlit first looks for a server below the page's own address; that 404 is its way."""
        url = message.location["url"]
        if message.type == "error" and not re.search(r"/\w+/_stcore/(health|host-config)$", url):
            self.fault(f"console: {message.text} {url}")

    def _page(self, page: Page) -> None:
        self.pages.append(page)
        page.on("websocket", lambda socket: self._address(socket.url))

    def _address(self, url: str) -> None:
        here = (self.server.url, self.server.url.replace("http", "ws", 1), "data:", "blob:")
        if not url.startswith(here):
            self.fault(f"a request left the machine: {url[:200]}")

    def fault(self, text: str) -> None:
        """Note a fault unless the test said it would provoke it."""
        if not any(part in text for part in self.expected):
            self.faults.append(text[:600])

    def look(self) -> None:
        """Look for an exception on the pages and a traceback in the log."""
        for page in self.pages:
            if not page.is_closed() and page.locator('[data-testid="stException"]').count():
                self.fault(f"an exception is shown on {page.url}")
        written = self.server.log[self.log_start :]
        if "Traceback" in written or "Error:" in written:
            self.fault(f"the server's log says:\n{written[-3000:]}")

    def check(self) -> None:
        """Fail the test when anything was noted."""
        self.look()
        if self.faults:
            pytest.fail("\n".join(dict.fromkeys(self.faults)), pytrace=False)


def settled(page: Page, quiet_ms: int = 150, last: str = LAST) -> Page:
    """Wait until the page is complete, connected, and no script has run for `quiet_ms`; returns the page."""
    page.locator(last).wait_for(state="attached", timeout=30_000)
    page.locator("#early").wait_for(state="detached")  # the landing page as the server's first answer had it
    idle = page.locator(f'{APP}[data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]')
    for _ in range(100):
        idle.wait_for(state="attached", timeout=30_000)
        page.wait_for_timeout(quiet_ms)
        if idle.count():
            return page
    raise AssertionError(f"{page.url} never came to rest")


class Readers:
    """Browser contexts, kept for the next test that wants one of the same kind.

    A browser that has the app's scripts compiled opens a page for half the work. That is why a context keeps a tab on
    the server (its process lives on); all else that a reader leaves behind is wiped when a test gives it back.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.free: dict[str, list[BrowserContext]] = {}

    def take(self, options: Mapping[str, Any]) -> BrowserContext:
        """A context nobody has, with these options of Playwright's."""
        kept = self.free.setdefault(_kind(options), [])
        if kept:
            return kept.pop()
        context = self.browser.new_context(**options)
        context.new_page().goto(f"{self.url}/healthz")
        return context

    def give_back(self, context: BrowserContext, options: Mapping[str, Any]) -> None:
        """Close its pages and forget what they stored."""
        tab, *others = context.pages
        for page in others:
            page.close()
        wipe = {"origin": self.url, "storageTypes": KEPT}
        context.new_cdp_session(tab).send("Storage.clearDataForOrigin", wipe)
        self.free[_kind(options)].append(context)


def _kind(options: Mapping[str, Any]) -> str:
    return repr(sorted(options.items()))


def context_options(
    viewport: tuple[int, int] = (1280, 720),
    scheme: str = "light",
    locale: str = "en-US",
    motion: str = "reduce",
    **more: Any,
) -> dict[str, Any]:
    """What a reader's browser is like, in Playwright's words."""
    size = {"width": viewport[0], "height": viewport[1]}
    return {"viewport": size, "color_scheme": scheme, "locale": locale, "reduced_motion": motion, **more}
