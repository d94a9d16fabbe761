"""The part with which a reader goes from one view of a page to another; it sends `{scene: {view}}`."""

from __future__ import annotations

from collections.abc import Mapping

from cnnviz.components import mount


def tabs(*, key: str, label: str, names: Mapping[str, str], chosen: str) -> None:
    """Place the tabs: `names` gives each view's words by its id, in order."""
    mount("views", key=key, data={"label": label, "names": list(names.items()), "chosen": chosen})
