"""The committed fixture of the pooled and moved planes says what Python and PyTorch say now."""

from __future__ import annotations

import json

import pytest

from tests.components import pool_planes_fixture


def test_the_committed_fixture_is_what_python_says_today() -> None:
    committed, found = json.loads(pool_planes_fixture.PATH.read_text("utf-8")), pool_planes_fixture.fixture()
    for one, other in zip(committed.pop("moves"), found.pop("moves"), strict=True):
        assert one["scene"] == other["scene"]
        for name in ("after", "two"):
            assert one[name] == pytest.approx(other[name], abs=1e-9), "python -m tests.components.pool_planes_fixture"
        for row, again in zip(one["rows"], other["rows"], strict=True):
            assert row == pytest.approx(again, abs=1e-9)
    assert committed == found, "python -m tests.components.pool_planes_fixture writes it again"
