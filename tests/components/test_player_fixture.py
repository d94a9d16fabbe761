"""The committed fixture of the player's JavaScript tests says what Python and PyTorch say now."""

from __future__ import annotations

import json

from tests.components import player_fixture


def test_the_committed_fixture_is_what_python_says_today() -> None:
    committed = json.loads(player_fixture.PATH.read_text("utf-8"))
    assert committed == player_fixture.fixture(), "python -m tests.components.player_fixture writes it again"
