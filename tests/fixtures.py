"""Fixtures of the JavaScript tests: what Python says, committed as JSON, so that node can hold the browser to it.

`python -m pytest` fails where a committed file is not what Python gives now; CNNVIZ_WRITE_FIXTURES=1 writes it anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "js" / "fixtures"


def check_fixture(name: str, value: Any) -> None:
    """The committed fixture `name` is `value`."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    path = FOLDER / f"{name}.json"
    if os.environ.get("CNNVIZ_WRITE_FIXTURES") == "1":
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, f"{path.name} is not what Python gives now: CNNVIZ_WRITE_FIXTURES=1"
