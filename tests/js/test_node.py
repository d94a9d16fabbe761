"""Runs the JavaScript tests with node, and checks every browser part as it reaches the browser: as one module."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cnnviz.components import HERE, texts_of
from tests.conftest import ROOT, unavailable

PARTS = sorted(path.parent.name for path in HERE.glob("*/__init__.py"))
FILES = sorted(path.name for path in (ROOT / "tests" / "js").glob("*.test.js"))


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        unavailable("no node on this machine", required=bool(os.environ.get("CI")))
    return str(found)


@pytest.mark.parametrize("file", FILES)
def test_the_javascript_tests_pass(file: str, node: str) -> None:
    command = [node, "--test", "--test-reporter=spec", f"tests/js/{file}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_one_valid_module_with_one_default(part: str, node: str, tmp_path: Path) -> None:
    script = texts_of(part)[2]
    module = tmp_path / "part.mjs"
    module.write_text(script, "utf-8")
    done = subprocess.run([node, "--check", str(module)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert script.count("export default") == 1
    assert not [line for line in script.splitlines() if line.startswith("import")]
