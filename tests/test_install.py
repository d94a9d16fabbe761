"""The package as `pip install .` leaves it: complete, and started by its command from any folder.

Runs where this environment holds such an install (.ci/run makes one); an editable install has nothing to check here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.conftest import ROOT, unavailable
from tests.serving import Server

COMMAND = Path(sys.executable).with_name("cnnviz")


@pytest.fixture(scope="module")
def home() -> Path:
    """The folder the installed package keeps its files in."""
    direct = json.loads(distribution("cnnviz").read_text("direct_url.json") or "{}")
    if direct.get("dir_info", {}).get("editable"):
        unavailable("this environment holds an editable install", required=bool(os.environ.get("CI")))
    return Path(str(distribution("cnnviz").locate_file("cnnviz")))


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts}


def test_nothing_is_missing_from_the_package(home: Path) -> None:
    ours = files(ROOT / "cnnviz")
    assert ours <= files(home), ours - files(home)
    for folder in ("pages", "assets"):
        assert files(ROOT / folder) == files(home / "_app" / folder)
    assert (home / "_app" / "app.py").read_text("utf-8") == (ROOT / "app.py").read_text("utf-8")
    assert (home / "_app" / ".streamlit" / "config.toml").exists()


@pytest.fixture
def installed(home: Path, tmp_path: Path) -> Iterator[Server]:
    """The app as the installed command starts it, from a folder that has nothing of ours."""
    server = Server(command=[str(COMMAND), "--host", "127.0.0.1", "--no-browser"], folder=tmp_path)
    try:
        yield server.start()
    finally:
        server.close()


def test_the_command_starts_the_app_from_any_folder(installed: Server) -> None:
    with urllib.request.urlopen(installed.url + "/kernels", timeout=10) as page:
        assert page.status == 200
        assert "default-src 'self'" in page.headers["content-security-policy"]


def test_the_public_functions_are_there(home: Path, tmp_path: Path) -> None:
    code = "import cnnviz as cv; print(cv.__file__); print(cv.output_size('conv', 32, 5, stride=2, padding=1))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == [str(home / "__init__.py"), "15"], done.stderr
