"""The shell in a real browser: what holds on every page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.harness import settled


def test_the_landing_page_opens(page: Page, app_url: str) -> None:
    page.goto(app_url)
    settled(page)
    expect(page.locator(".home h1")).to_have_text("Every number inside a convolution")
