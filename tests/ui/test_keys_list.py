"""Every key a browser part declares has a line in the list of keys, and every line is declared somewhere."""

from __future__ import annotations

import re

import pytest

from cnnviz.components import HERE
from cnnviz.i18n import Texts

CALL = re.compile(r'declareKeys\([^;]*?((?:, (?:\.\.\.[^;]*|"\w+"))+)\);|\bkeys: (?:[^,]*\? )?\[([^\]]*)\]')


def declared() -> set[str]:
    """The names in the parts' scripts."""
    texts = "\n".join(path.read_text("utf-8") for path in HERE.glob("*/*.js"))
    return {name for found in CALL.findall(texts) for name in re.findall(r'"(\w+)"', "".join(found))}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_list_has_a_line_for_every_declared_key_and_no_other(lang: str) -> None:
    lines = Texts(lang).table("shell.keys")
    assert set(lines) == declared()
    assert all(line.count("|") == 1 for line in lines.values())
