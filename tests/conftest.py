"""What every test may use: the reference results kept beside the project, and the marks that depend on the machine.

`@pytest.mark.shared` marks a test that reads them; the fixture `shared` is their folder. Without the folder such a
test is skipped, with CNNVIZ_REQUIRE_SHARED=1 it fails instead, so that a run cannot pass by missing them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cnnviz.core.places import PACKAGE

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CNNVIZ_SHARED", ROOT.parent / "shared"))


# A busy machine is no reason for a property test to fail.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_configure() -> None:
    """The code under test is this checkout's, never a copy that was installed somewhere."""
    assert PACKAGE.parent == ROOT, f"cnnviz is imported from {PACKAGE.parent}, not from {ROOT}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or fail where it is required, what needs the reference results and has none."""
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        required = os.environ.get("CNNVIZ_REQUIRE_SHARED") == "1"
        unavailable(f"the reference results are not at {SHARED}", required=required)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the reference results."""
    return SHARED


def unavailable(reason: str, *, required: bool) -> None:
    """Skip the test that is running because the machine lacks something; fail it where that must not be."""
    if required:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


# Pages for Streamlit to run, not modules to import: the docstring collector would run them.
collect_ignore = ["benchmarks/floors"]
