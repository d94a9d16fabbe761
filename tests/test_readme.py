"""README is true: its Python runs, its commands are understood, its pictures and files are there."""

from __future__ import annotations

import re
import shlex
import tomllib

import numpy as np
import pytest

from cnnviz import cli, export
from cnnviz.core.kernels import preset
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [line.rstrip(" &") for line in re.findall(r"^cnnviz .*$", README, re.MULTILINE)]


def test_it_leads_with_two_commands_and_is_short() -> None:
    first = re.findall(r"```\n(.*?)```", README, re.DOTALL)[0].splitlines()
    assert len(first) == 2
    assert all(line.startswith("python3 -m venv .venv && .venv/bin/pip install -e ") for line in first)
    assert README.count("\n") < 150


def test_its_python_runs_and_says_what_it_says() -> None:
    lines = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    names = {"image": np.arange(81, dtype=np.float32).reshape(1, 9, 9), "weight": np.ones((1, 1, 3, 3), np.float32)}
    exec(lines, names)
    promised = re.findall(r"^(cv\.\w+\(.*\)\S*) +# ([\d.]+)$", lines, re.MULTILINE)
    assert promised
    assert all(str(eval(call, names)) == result for call, result in promised), promised


@pytest.mark.parametrize("line", COMMANDS)
def test_its_commands_are_understood(line: str) -> None:
    asked = cli.parser().parse_args(shlex.split(line)[1:])
    if hasattr(asked, "link"):
        assert export.scene_of(asked.link).link()
    elif asked.run is cli.film:
        assert preset(asked.kernel)
        assert export.scene_of(cli.player_link(asked)).link()


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_torch_is_the_version_it_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "torch==2.13.0" in README
    assert "torch==2.13.0" in project["dependencies"]
