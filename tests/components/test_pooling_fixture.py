"""The committed fixture of the pooling page's JavaScript tests says what Python and PyTorch say now."""

from __future__ import annotations

import json

from tests.components import pooling_fixture


def test_the_committed_fixture_is_what_python_says_today() -> None:
    committed = json.loads(pooling_fixture.PATH.read_text("utf-8"))
    assert committed == pooling_fixture.fixture(), "python -m tests.components.pooling_fixture writes it again"
