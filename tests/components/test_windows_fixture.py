"""The committed fixtures of the JavaScript tests say what PyTorch says now."""

from __future__ import annotations

import json

from tests.components import windows_fixture


def test_the_committed_fixture_is_what_torch_says_today() -> None:
    committed = json.loads(windows_fixture.PATH.read_text("utf-8"))
    assert committed == windows_fixture.fixture(), "python -m tests.components.windows_fixture writes it again"
