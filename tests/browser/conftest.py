"""Fixtures of the browser tests: a server for the session, a Chromium, and pages that are watched.

    def test_something(page, app_url):                     # 1280x720, light, English, watched
        settled(page.goto(f"{app_url}/kernels") and page)
    @pytest.mark.parametrize("page", [{"viewport": (390, 844), "scheme": "dark", "locale": "zh-CN"}], indirect=True)
    def test_two_readers(new_page): a, b = new_page(), new_page(locale="zh-CN")   # each in a browser context of its own

A test fails on a page error, a console error, a traceback in the server's log, an exception on the page, or a request
that leaves the machine; `watch.expected.append("...")` names what a test provokes.
`from tests.browser.harness import settled`: settled(page) waits until the app is at rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.harness import NewPage, Readers, Watch, chromium_path, context_options, launch
from tests.serving import Server, serving

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    path = chromium_path()
    with sync_playwright() as playwright:
        chromium = launch(playwright, path, "--process-per-site")  # tabs of a reader share what is compiled
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(browser: Browser) -> Iterator[Server]:
    """The app, started once for the session (after the browser, so that a machine without one starts nothing)."""
    with serving() as running:
        yield running


@pytest.fixture
def app_url(server: Server) -> str:
    """The address of the running app, without a slash at the end."""
    return server.url


@pytest.fixture
def watch(server: Server) -> Iterator[Watch]:
    """What went wrong during this test; checked when the test is over."""
    watching = Watch(server)
    yield watching
    watching.check()


@pytest.fixture(scope="session")
def readers(browser: Browser, server: Server) -> Readers:
    """Browser contexts to be used again."""
    return Readers(browser, server.url)


@pytest.fixture
def new_page(readers: Readers, watch: Watch) -> Iterator[NewPage]:
    """Opens watched pages, each in a browser context of its own; takes the options of `context_options`."""
    taken = []

    def open_page(**options: Any) -> Page:
        wanted = context_options(**options)
        context = readers.take(wanted)
        taken.append((context, wanted))
        watch.context(context)
        return context.new_page()

    yield open_page
    watch.look()
    for context, wanted in taken:
        readers.give_back(context, wanted)
        watch.release(context)


@pytest.fixture
def page(request: pytest.FixtureRequest, new_page: NewPage) -> Page:
    """One watched page; parametrise it indirectly with the options of `context_options`."""
    return new_page(**getattr(request, "param", {}))
