"""A page opened from its link without a browser, and the scene it then holds."""

from __future__ import annotations

from typing import TypeVar

from streamlit.testing.v1 import AppTest

from cnnviz.core.places import root
from cnnviz.core.scene import Scene

S = TypeVar("S", bound=Scene)


def opened_page(page: str, params: dict[str, str]) -> AppTest:
    """The page after its first run."""
    app = AppTest.from_file(str(root() / "pages" / f"{page}.py"), default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def scene_in(app: AppTest, kind: type[S]) -> S:
    """The scene of this kind that the session holds."""
    assert not app.exception
    found = app.session_state[f"scene.{kind.__name__}"]
    assert isinstance(found, kind)
    return found
